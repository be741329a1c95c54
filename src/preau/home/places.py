"""Addresses that cards of several roles lead to."""

from __future__ import annotations

from uuid import UUID

# A fixed name of the house (docs/architecture.md): people and guides rely on it.
RENTREE = "/rentree/"


def import_result(of: UUID) -> str:
    """What an import did, its refused rows and its undo."""
    return f"{RENTREE}{of}/resultat"
