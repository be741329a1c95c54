"""Aujourd'hui, global search, profile and settings: shows what the rooms declare, owns no data."""
