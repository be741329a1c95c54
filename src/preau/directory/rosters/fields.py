"""Values of a roster's cells: words compared, truth, lists, and the one header that corrections carry."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from preau.wire.tables import clean, normalise

_FALSE = frozenset({"false", "0", "no", "n", "non", "faux"})
_TRUE = frozenset({"true", "1", "yes", "y", "oui", "vrai"})
_DELETED = frozenset({"tobedeleted", "deleted", "tbd"})
_USER_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^{}]*?)\s*\}")


def reason_header(family: str) -> str:
    """The column that a list of rejected rows adds to the file's own.

    A file with it is a correction: it says nothing about who is absent, and is read as what its `family` writes.
    """
    return f"Motif du rejet ({family})"


@lru_cache(maxsize=4096)
def word(value: str) -> str:
    """A word of a controlled list as it is compared: "ext:Primary Teacher" → "primaryteacher"."""
    return normalise(bare(value))


def bare(value: str) -> str:
    """A word of a controlled list without the mark of a OneRoster 1.2 extension ("ext:AESH" → "AESH")."""
    return value[4:].strip() if value[:4].casefold() == "ext:" else value


def is_false(value: str) -> bool:
    """Whether a cell says no; an empty one does not."""
    return value.casefold() in _FALSE


def is_true(value: str) -> bool:
    """Whether a cell says yes; an empty one does not."""
    return value.casefold() in _TRUE


def is_deleted(status: str) -> bool:
    """Whether a status column takes the row away (OneRoster `tobedeleted`)."""
    return normalise(status) in _DELETED


def is_inactive(status: str) -> bool:
    """Whether a status column keeps the row but closes it (OneRoster 1.0 and SDS V1 `inactive`)."""
    return normalise(status) == "inactive"


def split_list(value: str, *, keep_empty: bool = False) -> list[str]:
    """The items of a list in one cell: separated by commas, an item with a comma being quoted (OneRoster CSV, 3.1)."""
    if "," not in value and '"' not in value:
        return [value] if value else []
    items = next(csv.reader([value], skipinitialspace=True), [])
    return [item for item in map(clean, items) if item or keep_empty]


def join_list(items: list[str]) -> str:
    """The cell that `split_list` reads back."""
    return ",".join('"' + item.replace('"', '""') + '"' if "," in item or '"' in item else item for item in items)


def user_ids(value: str) -> list[tuple[str, str]]:
    """(type, identifier) of each `{type:identifier}` in OneRoster's `userIds`."""
    return [(kind, identifier) for kind, identifier in _USER_ID.findall(value) if identifier]
