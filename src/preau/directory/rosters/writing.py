"""Writing a roster as OneRoster 1.2 CSV (1EdTech, "CSV Binding 1.2.1"), as our own reader and others' read it.

What the standard has no column for goes into `metadata.preau.…` columns, which it allows: the word of a role, the power
it suggests, the links between a pupil and those responsible.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from preau.directory.rosters import words
from preau.directory.rosters.fields import bare, join_list
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    Deleted,
    EnrolmentRole,
    GroupKind,
    GroupRow,
    OrganisationKind,
    ProposedRole,
    Roster,
    RowKind,
)
from preau.wire.tables import write_table

_NAMESPACE = uuid.UUID("5f0f7b3c-7a55-4f5e-9d1e-2c1a86f2d1b4")
_IDENTIFIER_COLUMNS = ("identifier", "userMasterIdentifier")
# In the order of the standard's manifest; those that are not listed below are absent.
_MANIFEST_FILES = (
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics"),
    *("enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources"),
    *("resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles"),
    *("userResources", "users"),
)
_FILE_KINDS = {
    "orgs": RowKind.ORGANISATION,
    "academicSessions": RowKind.GROUP,
    "classes": RowKind.GROUP,
    "courses": RowKind.GROUP,
    "users": RowKind.PERSON,
    "roles": RowKind.PERSON,
    "demographics": RowKind.PERSON,
    "enrollments": RowKind.ENROLMENT,
}
_ORGANISATION_TYPES = {
    OrganisationKind.MINISTRY: "national",
    OrganisationKind.ACADEMIE: "district",
    OrganisationKind.SCHOOL: "school",
    OrganisationKind.DEPARTMENT: "department",
    OrganisationKind.ASSOCIATION: "ext:association",
    OrganisationKind.OTHER: "ext:other",
}
_ROLES = {
    AffiliationKind.PUPIL: "student",
    AffiliationKind.TEACHER: "teacher",
    AffiliationKind.GUARDIAN: "guardian",
    AffiliationKind.TRAINER: "ext:trainer",
    AffiliationKind.STAFF: "ext:staff",
}
_PROPOSING_ROLES = {
    ProposedRole.DIRECTION: "principal",
    ProposedRole.REFERENT: "siteAdministrator",
    ProposedRole.VIE_SCOLAIRE: "ext:cpe",
}
_STANDARD_ROLES = frozenset(
    {"aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative"}
    | {"siteAdministrator", "student", "systemAdministrator", "teacher"}
)
_HEADERS = {
    "academicSessions": "sourcedId status dateLastModified title type startDate endDate parentSourcedId schoolYear",
    "orgs": "sourcedId status dateLastModified name type identifier parentSourcedId",
    "users": (
        "sourcedId status dateLastModified enabledUser username userIds givenName familyName middleName identifier"
        " email sms phone agentSourcedIds grades password userMasterIdentifier preferredGivenName preferredMiddleName"
        " preferredFamilyName primaryOrgSourcedId pronouns metadata.preau.agentLinks"
    ),
    "roles": (
        "sourcedId status dateLastModified userSourcedId roleType role beginDate endDate orgSourcedId"
        " userProfileSourcedId metadata.preau.word metadata.preau.proposes"
    ),
    "courses": (
        "sourcedId status dateLastModified schoolYearSourcedId title courseCode grades orgSourcedId subjects"
        " subjectCodes"
    ),
    "classes": (
        "sourcedId status dateLastModified title grades courseSourcedId classCode classType location schoolSourcedId"
        " termSourcedIds subjects subjectCodes periods"
    ),
    "enrollments": (
        "sourcedId status dateLastModified classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"
    ),
    "demographics": (
        "sourcedId status dateLastModified birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican"
        " nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity"
        " countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus"
    ),
}


def write_oneroster(roster: Roster, folder: Path, *, when: datetime) -> None:
    """Write `roster` into an existing `folder`, one CSV a table and the manifest.

    Kinds of row that are complete are written `bulk`, the others `delta`, with `when` (aware) as their last change.
    Enrolments of groups that the roster does not hold are written without their school.
    """
    writer = _Writer(roster, when)
    tables = {
        "orgs": writer.orgs(),
        "academicSessions": writer.sessions(),
        "users": writer.users(),
        "roles": writer.roles(),
        "demographics": writer.demographics(),
        "courses": writer.courses(),
        "classes": writer.classes(),
        "enrollments": writer.enrollments(),
    }
    for name, rows in tables.items():
        headers = _HEADERS[name].split()
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            write_table(stream, headers, ([row.get(header, "") for header in headers] for row in rows))
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        write_table(stream, ["propertyName", "value"], writer.manifest())


@dataclass(frozen=True, slots=True)
class _Session:
    """A session that groups refer to: a school year, or for groups that have ended the part of it that is over."""

    year: int | None
    ended: bool

    @property
    def source_id(self) -> str:
        return f"schoolYear-{self.year or 'none'}{'-ended' if self.ended else ''}"

    def span(self, today: date) -> tuple[date, date]:
        year = today.year - 1 if self.year is None else self.year
        starts, ends = date(year, 9, 1), date(year + 1, 8, 31)
        if self.ended:
            return starts, min(ends, today - timedelta(days=1))
        return starts, max(ends, today)


class _Writer:
    """The rows of each table of one roster, by header."""

    def __init__(self, roster: Roster, when: datetime) -> None:
        self._roster = roster
        self._today = when.date()
        self._changed = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def manifest(self) -> Iterator[tuple[str, str]]:
        yield "manifest.version", "1.0"
        yield "oneroster.version", "1.2"
        for name in _MANIFEST_FILES:
            kind = _FILE_KINDS.get(name)
            yield f"file.{name}", "absent" if kind is None else self._mode(kind)
        yield "source.systemName", "Préau"
        yield "source.systemCode", "preau"

    def _mode(self, kind: RowKind) -> str:
        return "bulk" if kind in self._roster.complete else "delta"

    def _row(self, kind: RowKind, source_id: str, **values: str) -> dict[str, str]:
        row = {"sourcedId": source_id} | values
        if kind not in self._roster.complete:
            row |= {"status": "active", "dateLastModified": self._changed}
        return row

    def _deleted(self, kind: RowKind) -> Iterator[dict[str, str]]:
        """Rows taken away by name; in a bulk file their absence says it."""
        if kind in self._roster.complete:
            return
        for row in self._roster.deleted:
            if row.kind is kind:
                yield {"status": "tobedeleted", "dateLastModified": self._changed} | _named(row)

    def orgs(self) -> Iterator[dict[str, str]]:
        for row in self._roster.organisations:
            yield self._row(
                RowKind.ORGANISATION,
                row.source_id,
                name=row.name,
                type=_ORGANISATION_TYPES[row.kind],
                identifier=row.identifier,
                parentSourcedId=row.parent_id,
            )
        yield from self._deleted(RowKind.ORGANISATION)

    def sessions(self) -> Iterator[dict[str, str]]:
        sessions = dict.fromkeys(filter(None, map(_session, self._roster.groups)))
        for session in sessions:
            starts, ends = session.span(self._today)
            yield self._row(
                RowKind.GROUP,
                session.source_id,
                title=f"{starts.year}-{starts.year + 1}",
                type="schoolYear",
                startDate=starts.isoformat(),
                endDate=ends.isoformat(),
                schoolYear=str(starts.year + 1),
            )

    def users(self) -> Iterator[dict[str, str]]:
        links: dict[str, list[tuple[str, str]]] = {}
        for link in self._roster.guardianships:
            links.setdefault(link.pupil_id, []).append((link.guardian_id, link.link))
        levels = {row.person_id: row.level for row in reversed(self._roster.affiliations) if row.level}
        organisations = {row.person_id: row.organisation_id for row in reversed(self._roster.affiliations)}
        for row in self._roster.people:
            identifiers = dict(row.identifiers)
            others = [f"{{{kind}:{value}}}" for kind, value in row.identifiers if kind not in _IDENTIFIER_COLUMNS]
            agents = links.get(row.source_id, [])
            yield self._row(
                RowKind.PERSON,
                row.source_id,
                enabledUser="true" if row.enabled else "false",
                username=row.username,
                userIds=",".join(others),
                givenName=row.given_name,
                familyName=row.family_name,
                identifier=identifiers.get("identifier", ""),
                email=row.email,
                phone=row.phone,
                agentSourcedIds=join_list([guardian for guardian, _link in agents]),
                grades=levels.get(row.source_id, ""),
                userMasterIdentifier=identifiers.get("userMasterIdentifier", ""),
                preferredGivenName=row.preferred_given_name,
                primaryOrgSourcedId=organisations.get(row.source_id, ""),
                **{"metadata.preau.agentLinks": join_list([link for _guardian, link in agents])},
            )
        yield from self._deleted(RowKind.PERSON)

    def roles(self) -> Iterator[dict[str, str]]:
        with_primary: set[str] = set()
        for row in self._roster.affiliations:
            role = _role(row)
            primary = row.person_id not in with_primary
            with_primary.add(row.person_id)
            meant = words.affiliation(role)
            yield self._row(
                RowKind.PERSON,
                _id("role", row.person_id, row.organisation_id, row.kind),
                userSourcedId=row.person_id,
                roleType="primary" if primary else "secondary",
                role=role,
                beginDate=_iso(row.starts),
                endDate=_iso(row.ends),
                orgSourcedId=row.organisation_id,
                **{
                    "metadata.preau.word": "" if bare(role) == row.word else row.word,
                    "metadata.preau.proposes": row.proposes
                    if row.proposes and (row.kind, row.proposes) != meant
                    else "",
                },
            )

    def demographics(self) -> Iterator[dict[str, str]]:
        for row in self._roster.people:
            if row.birth_date is not None:
                yield self._row(RowKind.PERSON, row.source_id, birthDate=row.birth_date.isoformat())

    def courses(self) -> Iterator[dict[str, str]]:
        """The standard wants a course for each class: one a school and subject, else one of the class's name."""
        written: set[str] = set()
        for group in self._roster.groups:
            source_id = _course_id(group)
            if source_id in written:
                continue
            written.add(source_id)
            yield self._row(
                RowKind.GROUP,
                source_id,
                title=group.subject_name or group.name,
                courseCode=group.subject_code,
                orgSourcedId=group.organisation_id,
                subjects=join_list([group.subject_name] if group.subject_name else []),
                subjectCodes=join_list([group.subject_code] if group.subject_code else []),
            )

    def classes(self) -> Iterator[dict[str, str]]:
        for group in self._roster.groups:
            session = _session(group)
            yield self._row(
                RowKind.GROUP,
                group.source_id,
                title=group.name,
                grades=group.level,
                courseSourcedId=_course_id(group),
                classCode=group.code,
                classType="homeroom" if group.kind is GroupKind.DIVISION else "scheduled",
                schoolSourcedId=group.organisation_id,
                termSourcedIds=session.source_id if session else "",
                subjects=join_list([group.subject_name] if group.subject_name else []),
                subjectCodes=join_list([group.subject_code] if group.subject_code else []),
            )
        yield from self._deleted(RowKind.GROUP)

    def enrollments(self) -> Iterator[dict[str, str]]:
        schools = {group.source_id: group.organisation_id for group in self._roster.groups}
        for row in self._roster.enrolments:
            teaches = row.role is not EnrolmentRole.LEARNER
            yield self._row(
                RowKind.ENROLMENT,
                _id("enrollment", row.person_id, row.group_id),
                classSourcedId=row.group_id,
                schoolSourcedId=schools.get(row.group_id, ""),
                userSourcedId=row.person_id,
                role="teacher" if teaches else "student",
                primary="" if not teaches else "true" if row.role is EnrolmentRole.LEAD else "false",
                beginDate=_iso(row.starts),
                endDate=_iso(row.ends),
            )
        yield from self._deleted(RowKind.ENROLMENT)


def _session(group: GroupRow) -> _Session | None:
    if group.school_year is None and not group.ended:
        return None
    return _Session(group.school_year, group.ended)


def _course_id(group: GroupRow) -> str:
    if group.subject_name or group.subject_code:
        return _id("course", group.organisation_id, group.subject_code, group.subject_name)
    return _id("course", group.source_id)


def _role(row: AffiliationRow) -> str:
    """The word itself where the standard has it and it means the same; else the standard's nearest."""
    if row.word in _STANDARD_ROLES and words.affiliation(row.word) == (row.kind, row.proposes):
        return row.word
    if row.kind is AffiliationKind.STAFF and row.proposes is not None:
        return _PROPOSING_ROLES[row.proposes]
    return _ROLES[row.kind]


def _named(row: Deleted) -> dict[str, str]:
    if row.kind is RowKind.ENROLMENT:
        person_id, group_id = row.ids
        return {
            "sourcedId": _id("enrollment", person_id, group_id),
            "userSourcedId": person_id,
            "classSourcedId": group_id,
        }
    return {"sourcedId": row.ids[0]}


def _id(*parts: str) -> str:
    """An identifier that is the same for the same row each time: the standard recommends UUIDs."""
    return str(uuid.uuid5(_NAMESPACE, "\N{INFORMATION SEPARATOR ONE}".join(parts)))


def _iso(value: date | None) -> str:
    return "" if value is None else value.isoformat()
