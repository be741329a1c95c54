"""Text matching that both engines do alike: folded in Python into one column, matched by word beginnings.

A searchable table has `folded`, made by `fold_words(...)`: " word word ". Each room declares its own
`search(actor, q, limit)` over its visible rows; there is no central index.
"""

from __future__ import annotations

from django.db import models

from preau.kernel.room import SearchHit
from preau.wire.text import fold

MAX_TERMS = 6


def fold_words(*texts: str) -> str:
    """The value of a `folded` column, with a space at both ends so that every word has one before it."""
    return f" {' '.join(filter(None, (fold(text) for text in texts)))} "


def matching(field: str, q: str, *more: str) -> models.Q:
    """Rows in which every word of `q` begins some word of `field`, or of one of `more`. An empty `q` matches none."""
    terms = fold(q).split()[:MAX_TERMS]
    if not terms:
        return models.Q(pk__in=[])
    condition = models.Q()
    for term in terms:
        found = models.Q()
        for each in (field, *more):
            found |= models.Q(**{f"{each}__contains": f" {term}"})
        condition &= found
    return condition


__all__ = ["SearchHit", "fold", "fold_words", "matching"]
