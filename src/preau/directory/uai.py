"""The UAI, which names a French school: seven digits and a letter that checks them."""

from __future__ import annotations

import re

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"(\d{7})([A-Z])")


def normal(text: str) -> str:
    """As it is stored: without spaces, in capitals."""
    return "".join(text.split()).upper()


def corrected(text: str) -> str:
    """The UAI that was meant where only its letter is wrong; "" where it is right or no UAI at all."""
    found = _SHAPE.fullmatch(normal(text))
    if not found:
        return ""
    right = _LETTERS[int(found[1]) % len(_LETTERS)]
    return "" if right == found[2] else found[1] + right
