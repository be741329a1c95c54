"""What the planning of one roster carries from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from preau.directory.rosters.plan import Plan
from preau.directory.rosters.roster import Notice, Origin, Rejected, Roster, RowKind
from preau.directory.rosters.state import State

_NAMED = 5
# Nobody can tell of whom such a row spoke, so nobody is taken for absent.
_OF_ANYBODY = frozenset({"ragged_row", "field_too_long", "missing_id"})
TURNS = (8, 1)  # the month and day on which a school year begins (kernel.clock.school_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What people decided before planning.

    `today` in the school's time zone; `complete`: absence means departure whatever the file says; `school_id`: the
    organisation the file's only school is (`--school`, or a référent's own); `limited`: rows of other schools are
    rejected; `matches`: weak matches that somebody confirmed, file's id → person; `untouchable`: people whose names,
    contacts and access whoever imports may not change.
    """

    today: date
    school_year: int
    complete: bool = False
    school_id: int | None = None
    limited: bool = False
    matches: dict[str, int] = field(default_factory=dict)
    untouchable: frozenset[int] = frozenset()


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
    # Two ids of the file that are one person, or one group, as earlier imports found: the second → the first.
    same_person: dict[str, str] = field(default_factory=dict)
    same_group: dict[str, str] = field(default_factory=dict)
    # People whose access the file closes.
    without_access: set[int] = field(default_factory=set)
    changed_people: set[int] = field(default_factory=set)
    # What the file calls the untouchable, and those of them whom it would have made leave.
    said_as: dict[int, str] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    departed_people: set[int] = field(default_factory=set)
    # A file of a coming year moves nobody today.
    is_next_year: bool = False
    # Rows the file has but that were not taken: whom they speak of is not absent.
    faulty: dict[RowKind, set[tuple[str, ...]]] = field(default_factory=dict)
    has_unreadable_rows: bool = False
    _counted: dict[str, list[str]] = field(default_factory=dict)
    _spared: set[int] = field(default_factory=set)
    _here: frozenset[int] | None = None

    def note_faults(self) -> None:
        """Remembers what rejected rows spoke of."""
        for row in self.roster.rejected:
            if row.kind is not None and row.ids:
                self.faulty.setdefault(row.kind, set()).add(row.ids)
            elif row.reason in _OF_ANYBODY:
                self.has_unreadable_rows = True
        if self.has_unreadable_rows and (self.choices.complete or self.roster.complete):
            self.notice("absent_kept")

    def is_faulty(self, kind: RowKind, *ids: str) -> bool:
        """Whether the file has a row of that, which was rejected."""
        return ids in self.faulty.get(kind, ())

    def reject(
        self,
        origin: Origin,
        reason: str,
        *,
        fields: dict[str, str] | None = None,
        kind: RowKind | None = None,
        ids: tuple[str, ...] = (),
        **details: str,
    ) -> None:
        """Notes a row that is not taken."""
        self.plan.rejected.append(Rejected(origin, reason, details, fields or {}, kind, ids))
        if kind is not None:
            self.faulty.setdefault(kind, set()).add(ids)

    def notice(self, reason: str, **details: str) -> None:
        """Notes something to know."""
        self.plan.notices.append(Notice(reason, details))

    def count(self, reason: str, name: str) -> None:
        """Notes something to know about somebody; said once for all of them, with the first names."""
        self._counted.setdefault(reason, []).append(name)

    def say_counted(self) -> None:
        """Puts what was counted among the notices."""
        for reason, names in self._counted.items():
            shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
            self.notice(reason, count=str(len(names)), names=shown)

    def is_complete(self, kind: RowKind) -> bool:
        """Whether absence of this kind of row means departure."""
        if self.is_next_year or self.has_unreadable_rows:
            return False
        return self.choices.complete or kind in self.roster.complete

    def starts(self, said: date | None) -> date | None:
        """When a new row begins to hold: as the file says, but for a coming year not before that year."""
        if not self.is_next_year:
            return said
        turn = date(self.plan.school_year, *TURNS)
        return max(said, turn) if said else turn

    def touched_organisations(self) -> set[int]:
        """Keys of the existing organisations this file speaks about."""
        return {key for key in self.organisations.values() if key is not None}

    def known_person(self, source_id: str) -> int | None:
        """Whom the source calls so. A source may speak of several schools: a limited import finds its own's people."""
        key = self.state.person_ids.get(source_id)
        return key if key is not None and self.may_match(key) else None

    def is_of_another_school(self, source_id: str) -> bool:
        """Whether the source calls somebody so, whom this import may not speak of."""
        key = self.state.person_ids.get(source_id)
        return key is not None and not self.may_match(key)

    def may_match(self, person: int) -> bool:
        """Whether a row may be taken to speak of that person: a limited import speaks of people of its school alone.

        They are those who are or will be tied to it, or hold a power there; those who were, and are nowhere else;
        those it once made who are tied to nothing; and guardians of its pupils whom no file tied.
        """
        if not self.choices.limited:
            return True
        if self._here is None:
            self._here = self._people_here()
        return person in self._here

    def _people_here(self) -> frozenset[int]:
        here = self.touched_organisations() | {self.choices.school_id}
        people, today = self.state.people, self.choices.today
        found = {key for key, known in people.items() if known.places & here}
        pupils = {
            person for (person, organisation, kind) in self.state.ties if organisation in here and kind == "pupil"
        } & found
        placed = {key for key, known in people.items() if known.places}
        found |= {person for person, organisation, _kind in self.state.ties if organisation in here} - placed
        found |= {person for person, organisation in self.state.untied.items() if organisation in here} - placed
        found |= {
            guardian
            for (guardian, pupil), known in self.state.guardianships.items()
            if pupil in pupils and is_open(known.ends, today)
        } - placed
        return frozenset(found)

    def spare(self, person: int) -> None:
        """Lists an untouchable person whom the file would have changed, once."""
        if person not in self._spared:
            self._spared.add(person)
            # Whoever imports may not see them: they are called as the file calls them.
            ids = (source_id for source_id, key in self.state.person_ids.items() if key == person)
            self.count("person_left_alone", self.said_as.get(person) or next(ids, ""))

    def holds(self, person: int) -> bool:
        """Whether that person stays although the file ends their ties; it is then listed."""
        if person not in self.choices.untouchable:
            return False
        self.held.add(person)
        self.spare(person)
        return True

    def may_touch(self, organisation: int) -> bool:
        """Whether this import may change the groups and ties of that organisation."""
        return not self.choices.limited or organisation in self.touched_organisations()

    def known_group(self, source_id: str, group: dict[tuple[str, int], int]) -> int | None:
        """The group of this id in the file's year, else in the latest year that has one: `group` is one of the state's
        two tables of ids."""
        key = group.get((source_id, self.plan.school_year))
        if key is None and (year := self.state.latest_year.get(source_id)) is not None:
            key = group.get((source_id, year))
        return key


def is_open(ends: date | None, today: date) -> bool:
    """Dates are half-open: a row that ends today is over."""
    return ends is None or ends > today


def is_current(starts: date | None, ends: date | None, today: date) -> bool:
    """Whether a row holds today."""
    return is_open(ends, today) and (starts is None or starts <= today)
