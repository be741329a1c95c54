"""Addresses that cards of several roles lead to."""

from __future__ import annotations

# A fixed name of the house (docs/architecture.md): people and guides rely on it.
RENTREE = "/rentree/"
