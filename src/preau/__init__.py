"""Préau, the free, self-hosted digital school: one directory, one sign-on, open protocols on every edge."""

__version__ = "0.1.0"
