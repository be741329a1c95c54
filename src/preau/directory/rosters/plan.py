"""A plan: everything an import would do, before anything is done. Made by `planning`, written by `applying`.

Rows that do not exist yet are named by the file's identifiers; existing ones by their key. Two plans with the same
`digest` do the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from preau.directory.rosters.roster import Notice, Rejected

Table = Literal["organisation", "person", "affiliation", "group", "membership", "subject", "teaching", "guardianship"]


class NewOrganisation(NamedTuple):
    """`parent`: a file's id of this plan or of the state; "" hangs it under the place the source speaks for."""

    source_id: str
    name: str
    kind: str
    uai: str
    parent: str


class NewPerson(NamedTuple):
    """A person to create, already with the username they will have."""

    source_id: str
    username: str
    source_username: str
    family_name: str
    given_name: str
    preferred_given_name: str
    birth_date: date | None
    email: str
    phone: str
    access: bool


class NewAffiliation(NamedTuple):
    """By the file's ids."""

    person: str
    organisation: str
    kind: str
    label: str
    level: str
    starts: date | None
    ends: date | None


class NewGroup(NamedTuple):
    """A group to create; `closed` when the file itself says it is over; `sensitive` ones show to staff only."""

    source_id: str
    organisation: str
    school_year: int
    kind: str
    code: str
    name: str
    level: str
    closed: bool
    sensitive: bool


class NewMembership(NamedTuple):
    """By the file's ids."""

    person: str
    group: str
    role: str
    starts: date | None
    ends: date | None


class NewSubject(NamedTuple):
    """A subject of an organisation (file's id)."""

    organisation: str
    code: str
    name: str


class NewTeaching(NamedTuple):
    """`teacher` "" when the file names none."""

    organisation: str
    subject: str
    group: str
    teacher: str


class NewGuardianship(NamedTuple):
    """By the file's ids. It is created without any right: a person decides."""

    guardian: str
    pupil: str
    link: str


class Proposal(NamedTuple):
    """A power the file suggests."""

    person: str
    organisation: str
    role: str


class NewGroupId(NamedTuple):
    """A source's id for a group: `kind` is "group", or with its year where the same id was another year's; or
    "lesson:<year>" for a class that is a division's lesson."""

    group: str
    kind: str
    value: str


class NewId(NamedTuple):
    """A further official identifier of a person; or the first of this source for someone who exists."""

    person: str
    kind: str
    value: str


class Change(NamedTuple):
    """A change to an existing row: only the fields that differ."""

    table: Table
    pk: int
    before: dict[str, Any]
    after: dict[str, Any]


class Move(NamedTuple):
    """A learner who changes division, for people to read."""

    person: str
    leaves: str
    joins: str


class Clash(NamedTuple):
    """Somebody new whose name asks for a username already taken: what they get instead."""

    person: str
    wanted: str
    given: str


class WeakMatch(NamedTuple):
    """Somebody new who has the name and birth date of someone of another origin. Proposed, never taken by itself."""

    person: str
    candidates: tuple[int, ...]


class Exodus(NamedTuple):
    """More than a tenth of a school's people of one kind would depart: a second yes is needed."""

    organisation: int
    kind: str
    departing: int
    present: int


@dataclass(slots=True)
class Count:
    """One line of the result."""

    created: int = 0
    updated: int = 0
    departed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """See the module."""

    family: str
    format: str
    school_year: int
    place: str = ""  # the file's id of the place the source speaks for, "" when it is known (State.place_id) or root
    organisation_of: dict[str, int] = field(default_factory=dict)
    person_of: dict[str, int] = field(default_factory=dict)
    group_of: dict[str, int] = field(default_factory=dict)
    new_organisations: list[NewOrganisation] = field(default_factory=list)
    new_people: list[NewPerson] = field(default_factory=list)
    new_ids: list[NewId] = field(default_factory=list)
    new_organisation_ids: list[str] = field(default_factory=list)
    new_group_ids: list[NewGroupId] = field(default_factory=list)
    new_affiliations: list[NewAffiliation] = field(default_factory=list)
    new_groups: list[NewGroup] = field(default_factory=list)
    new_memberships: list[NewMembership] = field(default_factory=list)
    new_subjects: list[NewSubject] = field(default_factory=list)
    new_teachings: list[NewTeaching] = field(default_factory=list)
    new_guardianships: list[NewGuardianship] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    updates: list[Change] = field(default_factory=list)
    departures: list[Change] = field(default_factory=list)
    suspend: list[int] = field(default_factory=list)
    resume: list[int] = field(default_factory=list)
    close_access: list[int] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    weak_matches: list[WeakMatch] = field(default_factory=list)
    exodus: list[Exodus] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    people: Count = field(default_factory=Count)
    groups: Count = field(default_factory=Count)
    memberships: Count = field(default_factory=Count)
    ended_in_file: int = 0

    @property
    def writes(self) -> int:
        """How many rows it would create or change; 0 means that nothing would happen."""
        return (
            sum(len(getattr(self, f.name)) for f in fields(self) if f.name.startswith("new_"))
            + len(self.proposals)
            + len(self.updates)
            + len(self.departures)
            + len(self.suspend)
            + len(self.resume)
            + len(self.close_access)
        )

    def digest(self) -> str:
        """SHA-256 over everything that would be written, and every refusal."""
        total = hashlib.sha256()
        for f in fields(self):
            value = getattr(self, f.name)
            total.update(f.name.encode())
            if isinstance(value, list):
                for item in value:
                    total.update(repr(asdict(item) if is_dataclass(item) else item).encode())  # type: ignore[arg-type]  # never a class
            elif isinstance(value, dict):
                total.update(repr(sorted(value.items())).encode())
            else:
                total.update(repr(value).encode())
        return total.hexdigest()
