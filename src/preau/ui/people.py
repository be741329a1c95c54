"""How a person or a group is drawn where there is no photograph: two letters on one of eight chalks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from preau.wire.text import fold

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


def found(name: str, q: str) -> Iterator[tuple[str, bool]]:
    """`name` in pieces, each with whether a word of `q` found it: "nun" finds « Nuñ » in « Lina Nuñez ».

    A search matches beginnings of words whatever their accents and case, so that is what is marked.
    """
    terms = sorted(fold(q).split(), key=len, reverse=True)
    for word in re.findall(r"[^\s’'\-.]+|[\s’'\-.]+", name):
        end = next((end for term in terms if (end := _end_of(word, term))), 0)
        if end:
            yield word[:end], True
        if word[end:]:
            yield word[end:], False


def _end_of(word: str, term: str) -> int:
    # How many letters of the word fold to the whole term; one letter may fold to two (æ → ae).
    if not fold(word).startswith(term):
        return 0
    return next(end for end in range(1, len(word) + 1) if len(fold(word[:end])) >= len(term))
