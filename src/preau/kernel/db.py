"""What differs between engines, and nothing else does: the only place (with `kernel.search`) that asks the vendor.

PostgreSQL is the reference. On SQLite every page is right, not equally fast.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from os import urandom
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, models

from preau.kernel import clock

VOLATILE = "volatile"
_VOLATILE_MODELS = frozenset({"jobrun", "progress", "throttlemark"})
T = TypeVar("T", bound=models.Model)


class Router:
    """Sends volatile tables to their own connection.

    On SQLite that is a second file with its own migrations; on PostgreSQL the same database over a second connection
    in autocommit, so progress is seen while an import's transaction is open, and the default alias owns the schema.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """The alias for reading."""
        return VOLATILE if _is_volatile(model._meta.app_label, model._meta.model_name) else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        """The alias for writing."""
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        """Which alias owns which table."""
        if not has_own_volatile_file():
            return db != VOLATILE
        if model_name is None:
            return None if db != VOLATILE else False
        return (db == VOLATILE) == _is_volatile(app_label, model_name)


def _is_volatile(app_label: str, model_name: str | None) -> bool:
    return app_label == "kernel" and model_name in _VOLATILE_MODELS


def has_own_volatile_file() -> bool:
    """Whether volatile tables live in a database of their own (SQLite)."""
    return bool(settings.DATABASES[VOLATILE]["ENGINE"].endswith("sqlite3"))


def is_sqlite() -> bool:
    """For the few places outside that must say so to people (a check's sentence), never to choose a query."""
    return connections["default"].vendor == "sqlite"


def skip_locked(queryset: models.QuerySet[T]) -> models.QuerySet[T]:
    """Rows nobody else holds, locked for this transaction. SQLite's IMMEDIATE transaction already holds them all."""
    if connections[queryset.db].vendor == "postgresql":
        return queryset.select_for_update(skip_locked=True)
    return queryset


def below(field: str, path: str) -> models.Q:
    """Rows whose fixed-width path in `field` is `path` or under it: a range, which both engines index."""
    return models.Q(**{f"{field}__gte": path, f"{field}__lt": path + "~"})


def uuid7() -> uuid.UUID:
    """A time-ordered identifier for the outside (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def batches(items: Sequence[Any], size: int = 2000) -> Iterator[Sequence[Any]]:
    """Slices of at most `size`, for bulk writes and for `IN` lists (SQLite stops at 250,000 variables)."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
