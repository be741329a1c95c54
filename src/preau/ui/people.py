"""How a person or a group is drawn where there is no photograph: two letters on one of eight chalks."""

from __future__ import annotations

import re
from hashlib import blake2b

CHALKS = ("blue", "teal", "green", "yellow", "orange", "rose", "violet", "stone")

# Any key would do; with this one the demo's people keep the colours they have in the reference pages.
_KEY = (91917).to_bytes(4, "big")


def initials(name: str) -> str:
    """Two letters for a name: first and last word ("Lina Nuñez" → LN, "4e C" → 4C), two of a single one (La)."""
    words = [word for word in re.split(r"[\s’'\-.]+", name) if word]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:1].upper() + words[0][1:2].lower()
    # A particle is not an initial, unless nothing else is left: « Jean de La Fontaine » is JF.
    kept = [word for word in words if word.lower() not in {"de", "du", "des", "la", "le", "van", "von"}] or words
    return (kept[0][0] + kept[-1][0]).upper() if len(kept) > 1 else kept[0][:1].upper() + kept[0][1:2].lower()


def chalk(name: str) -> str:
    """The chalk of this name: the same everywhere and always, and no meaning in it."""
    return CHALKS[blake2b(name.casefold().encode(), digest_size=1, key=_KEY).digest()[0] % len(CHALKS)]
