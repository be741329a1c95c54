"""The present state of the directory as planning sees it: plain values, loaded by `loading`, compared by `planning`.

Only what the source and the schools of the file concern is here. Keys are database keys; a file's identifiers are
resolved through `organisation_ids`, `person_ids` and `group_ids`, which hold this source's only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class KnownOrganisation(NamedTuple):
    """An organisation that exists."""

    name: str
    kind: str
    uai: str
    path: str


@dataclass(slots=True)
class KnownPerson:
    """A person that exists. `elsewhere` counts open affiliations that this source does not speak for,
    `powers` roles that a person gave and that still hold; `places` are the organisations of both, and of ties that
    begin later, whoever said them."""

    username: str
    source_username: str
    family_name: str
    given_name: str
    preferred_given_name: str
    birth_date: date | None
    email: str
    phone: str
    edited: bool
    suspension: str
    elsewhere: int = 0
    powers: int = 0
    places: frozenset[int] = frozenset()


class KnownTie(NamedTuple):
    """An affiliation: key (person, organisation, kind). `own`: said by this source."""

    pk: int
    label: str
    level: str
    starts: date | None
    ends: date | None
    own: bool


class KnownGroup(NamedTuple):
    """A group that exists."""

    organisation_id: int
    school_year: int
    kind: str
    code: str
    name: str
    level: str
    closed_on: date | None
    own: bool


class KnownMembership(NamedTuple):
    """A membership: key (person, group, role)."""

    pk: int
    starts: date | None
    ends: date | None
    own: bool


class KnownGuardianship(NamedTuple):
    """A guardianship: key (guardian, pupil)."""

    pk: int
    link: str
    ends: date | None
    decided: bool
    own: bool


class KnownTeaching(NamedTuple):
    """A teaching: key (subject, group, teacher)."""

    pk: int
    ends: date | None
    own: bool


@dataclass(slots=True)
class State:
    """See the module. `homonyms`: (folded family, folded given, birth date) → people of another origin; `untied`:
    people without any affiliation, whom an import of one of these organisations once made → that organisation."""

    root_id: int
    source_id: int | None = None
    place_id: int | None = None
    organisations: dict[int, KnownOrganisation] = field(default_factory=dict)
    organisation_ids: dict[str, int] = field(default_factory=dict)
    people: dict[int, KnownPerson] = field(default_factory=dict)
    person_ids: dict[str, int] = field(default_factory=dict)
    untied: dict[int, int] = field(default_factory=dict)
    official_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    usernames: set[str] = field(default_factory=set)
    homonyms: dict[tuple[str, str, date], list[int]] = field(default_factory=dict)
    ties: dict[tuple[int, int, str], KnownTie] = field(default_factory=dict)
    groups: dict[int, KnownGroup] = field(default_factory=dict)
    # (file's id, school year) → group; a lesson's class → its division.
    group_ids: dict[tuple[str, int], int] = field(default_factory=dict)
    lesson_ids: dict[tuple[str, int], int] = field(default_factory=dict)
    latest_year: dict[str, int] = field(default_factory=dict)
    memberships: dict[tuple[int, int, str], KnownMembership] = field(default_factory=dict)
    subjects: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    teachings: dict[tuple[int, int, int | None], KnownTeaching] = field(default_factory=dict)
    guardianships: dict[tuple[int, int], KnownGuardianship] = field(default_factory=dict)
    grants: set[tuple[int, str, int]] = field(default_factory=set)
