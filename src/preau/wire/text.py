"""Folding text to what people type: no accents, no case, Latin letters."""

from __future__ import annotations

import re
from functools import lru_cache

_SPLIT = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Latin, lower-case, words separated by one space: "Łukasz d'Artagnan" → "lukasz d artagnan"."""
    from anyascii import anyascii

    return " ".join(word for word in _SPLIT.split(anyascii(text).casefold()) if word)
