"""What a module keeps about people, why, for how long, how it is taken out and how it is erased.

Every key to Person, every `PersonRef` and every JSON field of a module is covered by one of its holdings; a contract
test fails otherwise. The Article 30 register and *Mes données* are generated from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Export = Callable[[int], list[dict[str, Any]]]
Erase = Callable[[int], int]
Retain = Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One line of the register.

    `covers`: "app.Model.field" of every reference it answers for. `title`, `purpose`, `keep` are French msgids.
    `basis`: article of the GDPR. `export(person_id)` → rows as JSON values; `erase(person_id)` → rows removed or
    emptied, None where the law or another person's rights keep them (`kept_because` then says so); `retain()` removes
    what is past its time, run every night.
    """

    name: str
    title: str
    purpose: str
    basis: str
    keep: str
    covers: frozenset[str]
    export: Export | None
    erase: Erase | None = None
    retain: Retain | None = None
    kept_because: str = ""

    def __post_init__(self) -> None:
        if self.erase is None and not self.kept_because:
            raise ValueError(f"holding {self.name}: say how it is erased, or why it is kept")
        if self.export is None and not self.kept_because:
            raise ValueError(f"holding {self.name}: say how it is exported, or why not")
