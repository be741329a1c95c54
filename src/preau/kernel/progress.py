"""How far long work is, readable while its transaction is open: rows of the volatile database."""

from __future__ import annotations

from preau.kernel import clock
from preau.kernel.models import Progress


def report(key: str, step: str, done: int = 0, total: int = 0) -> None:
    """Writes where the work `key` stands. `step` is a code the page translates; `total` 0 means unknown."""
    Progress.objects.update_or_create(
        key=key, defaults={"step": step, "done": done, "total": total, "updated_at": clock.now()}
    )


def read(key: str) -> Progress | None:
    """The last report, or None."""
    return Progress.objects.filter(key=key).first()


def forget(key: str) -> None:
    """Removes it."""
    Progress.objects.filter(key=key).delete()
