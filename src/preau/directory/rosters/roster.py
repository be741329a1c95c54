"""The neutral roster: what any school file says, before anybody decides what to do with it.

Words are OneRoster's where it has one. Nothing here knows Django or a database. Rows keep the file's own identifiers
(`source_id`) and where they were read (`Origin`), so that a refusal can name its line. Lists may be long (200,000
enrolments): rows are slotted and hold no reference to one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Origin(NamedTuple):
    """Where a row stands: the file's name inside the set, and its line (1 is the header of a table)."""

    file: str
    line: int


class AffiliationKind(StrEnum):
    """What a person is to an organisation, as a file may say it. A file never gives powers (see `ProposedRole`)."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    STAFF = "staff"
    GUARDIAN = "guardian"
    TRAINER = "trainer"


class ProposedRole(StrEnum):
    """A power a file's word suggests. A person gives it or does not."""

    DIRECTION = "direction"
    VIE_SCOLAIRE = "vie_scolaire"
    REFERENT = "referent"


class GroupKind(StrEnum):
    """Kinds of group a file can carry. People open the other kinds."""

    DIVISION = "division"
    GROUP = "group"


class EnrolmentRole(StrEnum):
    """What a person does in a group. `lead` is the main teacher (professeur principal)."""

    LEARNER = "learner"
    TEACHER = "teacher"
    LEAD = "lead"


class OrganisationKind(StrEnum):
    """Kinds of organisation; any of them can hold people."""

    MINISTRY = "ministry"
    ACADEMIE = "academie"
    SCHOOL = "school"
    DEPARTMENT = "department"
    ASSOCIATION = "association"
    OTHER = "other"


@dataclass(slots=True)
class OrganisationRow:
    """One organisation. `identifier` is the public one (a UAI in France); `parent_id` a `source_id`, maybe dangling."""

    source_id: str
    name: str
    kind: OrganisationKind
    origin: Origin
    identifier: str = ""
    parent_id: str = ""


@dataclass(slots=True)
class PersonRow:
    """One person. Either a name or a username is present; readers reject rows with neither.

    `identifiers` holds further official ids as (kind, value), e.g. ("userMasterIdentifier", "…").
    `email` and `phone` are contacts. Passwords in files are never read into a row. `birth_date` is read for pupils
    only. `enabled` is false where the file keeps the person but closes their access (OneRoster `enabledUser`).
    """

    source_id: str
    origin: Origin
    family_name: str = ""
    given_name: str = ""
    preferred_given_name: str = ""
    username: str = ""
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    enabled: bool = True


@dataclass(slots=True)
class AffiliationRow:
    """A person's tie to an organisation.

    `word` is the file's own role word; `level` its grade as written; `proposes` a power the word suggests.
    `ends` in the past says that the file itself closes it (an exit date, an ended role or session). `organisation_id`
    is empty where the file names no organisation: the importer's own school is then meant.
    """

    person_id: str
    organisation_id: str
    kind: AffiliationKind
    origin: Origin
    word: str = ""
    level: str = ""
    proposes: ProposedRole | None = None
    starts: date | None = None
    ends: date | None = None


@dataclass(slots=True)
class GroupRow:
    """One class or group. `code` is what the school calls it; `school_year` the civil year in which it starts."""

    source_id: str
    organisation_id: str
    kind: GroupKind
    name: str
    origin: Origin
    code: str = ""
    level: str = ""
    school_year: int | None = None
    subject_code: str = ""
    subject_name: str = ""
    ended: bool = False


@dataclass(slots=True)
class EnrolmentRow:
    """A person in a group."""

    person_id: str
    group_id: str
    role: EnrolmentRole
    origin: Origin
    starts: date | None = None
    ends: date | None = None


@dataclass(slots=True)
class GuardianshipRow:
    """An adult said to be responsible for a pupil. `link` is the file's word; a file never carries authority here."""

    guardian_id: str
    pupil_id: str
    origin: Origin
    link: str = ""


class RowKind(StrEnum):
    """Kinds of row whose absence from a complete file, or whose deletion by a partial one, means departure."""

    ORGANISATION = "organisation"
    PERSON = "person"
    GROUP = "group"
    ENROLMENT = "enrolment"


class Deleted(NamedTuple):
    """A row the file takes away by name (OneRoster `tobedeleted`). `ids` is one source id; for an enrolment, the
    person's then the group's."""

    kind: RowKind
    ids: tuple[str, ...]
    origin: Origin


@dataclass(slots=True)
class Rejected:
    """A row that was not taken. `reason` is a code of `sentences.REASONS`; `fields` what was read, under the file's own
    headers, never a password.

    `kind` and `ids` name what the row spoke of where that is known: somebody whose row is faulty is not absent, and
    does not depart.
    """

    origin: Origin
    reason: str
    details: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    kind: RowKind | None = None
    ids: tuple[str, ...] = ()


@dataclass(slots=True)
class Notice:
    """Something the person should know; nothing was refused. `reason` is a code of `sentences.NOTICES`."""

    reason: str
    details: dict[str, str] = field(default_factory=dict)
    file: str = ""


class RosterRefused(Exception):
    """The input as a whole cannot be used. `reason` is a code of `sentences.REFUSALS`; nothing was written."""

    def __init__(self, reason: str, **details: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


@dataclass(slots=True)
class Roster:
    """Everything a set of files says.

    `family` is the system the identifiers belong to ("oneroster", "sds"); `format` says version and variant
    ("oneroster-1.2", "sds-v1"). `complete` holds the kinds of row whose absence means departure; references from a
    kind that is not complete may point at rows of earlier imports, so the reader leaves them unchecked. `school_year`
    is the civil year in which the year most groups belong to starts.
    """

    family: str
    format: str
    complete: frozenset[RowKind] = frozenset()
    school_year: int | None = None
    organisations: list[OrganisationRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    affiliations: list[AffiliationRow] = field(default_factory=list)
    groups: list[GroupRow] = field(default_factory=list)
    enrolments: list[EnrolmentRow] = field(default_factory=list)
    guardianships: list[GuardianshipRow] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    rows_read: int = 0
