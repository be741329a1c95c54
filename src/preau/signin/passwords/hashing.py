"""Argon2id, through argon2-cffi (RFC 9106): 19 MiB, two passes, one lane — about 24 ms, so that a school which signs
in all at once at 8 a.m. gets in (PBKDF2 as Django sets it takes ten times as long)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
# Longer ones are refused before they are hashed: hashing a megabyte would be a way to keep the machine busy.
LONGEST = 200

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


def hash_password(password: str) -> str:
    """The PHC string of a password."""
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether `password` gave `stored`. An empty `stored` costs the same time and never matches.

    Raises `argon2.exceptions.InvalidHashError` when what is stored is no hash: a fault, not a wrong password.
    """
    if len(password) > LONGEST:
        password = ""
    try:
        _hasher.verify(stored or _nobody(), password)
    except VerifyMismatchError:
        return False
    return bool(stored)


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    """A hash that nobody's password gives: checked where there is none, so that no time tells who exists."""
    import secrets

    return _hasher.hash(secrets.token_urlsafe(32))


def warm() -> None:
    """Makes the hash of nobody, which would otherwise make the very first refusal twice as long."""
    _nobody()
