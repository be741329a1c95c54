"""Texts that people type into a row: what its columns hold, and nothing that hides."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _

from preau.kernel.errors import Invalid

# Control characters (NUL among them, which PostgreSQL refuses), line and paragraph separators, half characters.
_UNSEEN = frozenset({"Cc", "Zl", "Zp", "Cs"})
# Embeddings, overrides and isolates (Unicode Standard Annex 9): they show a name otherwise than it is written.
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def tidied(model: type[models.Model], texts: Mapping[str, str]) -> dict[str, str]:
    """`texts` without blanks around them. Raises `Invalid` by field where one is longer than its column of `model`, or
    holds what nobody sees."""
    values = {name: text.strip() for name, text in texts.items()}
    wrong = {name: said for name, value in values.items() if (said := _fault(model, name, value))}
    if wrong:
        raise Invalid(wrong)
    return values


def _fault(model: type[models.Model], name: str, value: str) -> str:
    field = model._meta.get_field(name)
    longest = field.max_length if isinstance(field, models.CharField) else None
    if longest is not None and len(value) > longest:
        return _("C’est trop long : {longest} signes au plus.").format(longest=longest)
    if any(c in _TURNING or unicodedata.category(c) in _UNSEEN for c in value):
        return _("Un signe invisible s’est glissé ici : effacez tout, puis écrivez de nouveau.")
    return ""
