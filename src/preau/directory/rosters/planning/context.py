"""What the planning of one roster carries from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from preau.directory.rosters.plan import Plan
from preau.directory.rosters.roster import Notice, Origin, Rejected, Roster
from preau.directory.rosters.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What people decided before planning.

    `today` in the school's time zone; `complete`: absence means departure whatever the file says; `school_id`: the
    organisation the file's only school is (`--school`, or a référent's own); `limited`: rows of other schools are
    rejected; `matches`: weak matches that somebody confirmed, file's id → person.
    """

    today: date
    school_year: int
    complete: bool = False
    school_id: int | None = None
    limited: bool = False
    matches: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Planning:
    """The work in hand."""

    roster: Roster
    state: State
    choices: Choices
    plan: Plan
    # Organisations of the file that this import may touch, file's id → key (None: to be created).
    organisations: dict[str, int | None] = field(default_factory=dict)
    # The same for people and groups.
    people: dict[str, int | None] = field(default_factory=dict)
    groups: dict[str, int | None] = field(default_factory=dict)
    # Scheduled classes that are a division's lesson: class → division (file's ids).
    lessons: dict[str, str] = field(default_factory=dict)
    changed_people: set[int] = field(default_factory=set)
    departed_people: set[int] = field(default_factory=set)
    # A file of a coming year moves nobody today.
    is_next_year: bool = False

    def reject(self, origin: Origin, reason: str, *, fields: dict[str, str] | None = None, **details: str) -> None:
        """Notes a row that is not taken."""
        self.plan.rejected.append(Rejected(origin, reason, details, fields or {}))

    def notice(self, reason: str, **details: str) -> None:
        """Notes something to know."""
        self.plan.notices.append(Notice(reason, details))

    def is_complete(self, kind: str) -> bool:
        """Whether absence of this kind of row means departure."""
        return not self.is_next_year and (self.choices.complete or kind in self.roster.complete)

    def touched_organisations(self) -> set[int]:
        """Keys of the existing organisations this file speaks about."""
        return {key for key in self.organisations.values() if key is not None}


def is_open(ends: date | None, today: date) -> bool:
    """Dates are half-open: a row that ends today is over."""
    return ends is None or ends > today
