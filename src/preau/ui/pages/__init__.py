"""The furniture's own pages."""
