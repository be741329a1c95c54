"""Random tokens that people or browsers hold, of which the database has the hash only."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, in the letters of an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """SHA-256 in hexadecimal: the token is random, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
