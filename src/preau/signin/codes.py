"""One-use codes: words for pupils, letters and digits for adults.

A pupil's code is three words of `words.txt` (`entropy` says how many bits: about 31), an adult's eight signs of 27
(38 bits). Online, about 150 tries a day are looked at (see `throttle`), so in the seven days of a code about a
thousand: one chance in two and a half million to hit one pupil's. Vowels, and signs that are read for one another, are
left out of adults' codes: no word comes out, and nothing is typed wrong.

Stored is a keyed hash (HMAC-SHA256 under a key derived from the instance's): the database alone, even copied, gives no
code back, and printing a school's codes takes no time. A password needs more: it is chosen by people and lasts.
"""

from __future__ import annotations

import hmac
import math
import re
import secrets
from functools import cache
from importlib.resources import files

from anyascii import anyascii

from preau.kernel.keys import derive

WORDS = 3
SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"
LENGTH = 8
# What people type between words or signs.
_BETWEEN = re.compile(r"[\s\-_.,–—]+")


@cache
def words() -> tuple[str, ...]:
    """The words of pupils' codes: simple, decent, without accents."""
    return tuple(files("preau.signin").joinpath("words.txt").read_text(encoding="ascii").split())


def entropy(*, for_pupil: bool) -> float:
    """Bits of chance in a code."""
    return WORDS * math.log2(len(words())) if for_pupil else LENGTH * math.log2(len(SIGNS))


def new_code(*, for_pupil: bool) -> str:
    """« tigre-velo-pomme », or "7K4P-93QD"."""
    if for_pupil:
        return "-".join(secrets.choice(words()) for _ in range(WORDS))
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def code_hash(person_id: int, code: str) -> str:
    """The keyed hash of a code as its owner may type it: any case, with accents, spaces for dashes."""
    typed = _BETWEEN.sub("", anyascii(code.strip()[:100]).casefold())
    return hmac.new(derive("signin.codes"), f"{person_id}:{typed}".encode(), "sha256").hexdigest()


def is_code(person_id: int, code: str, stored: str) -> bool:
    """Whether `code` is the one whose hash is `stored`, in constant time."""
    return hmac.compare_digest(code_hash(person_id, code), stored)


def looks_like_code(typed: str) -> bool:
    """Whether somebody typed a code where a password was asked: the paper does not say which field is which."""
    parts = [part for part in _BETWEEN.split(anyascii(typed.strip()[:100]).casefold()) if part]
    if len(parts) == WORDS and all(part in words() for part in parts):
        return True
    signs = "".join(parts).upper()
    return len(signs) == LENGTH and all(sign in SIGNS for sign in signs)
