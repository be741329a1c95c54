"""Microsoft School Data Sync V2 and V2.1 CSV (learn.microsoft.com, "SDS V2.1 CSV file format").

V2 carries organisations and one role on each user; V2.1 has them in `roles.csv`, with sessions and relationships. A set
with the files that the format demands is complete for what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from preau.directory.rosters import sourced, words
from preau.directory.rosters.building import Builder
from preau.directory.rosters.detecting import BoundTable, Sorted, TableKind, known_headers, sort_tables
from preau.directory.rosters.fields import bare, split_list
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    GuardianshipRow,
    Origin,
    PersonRow,
    Roster,
    RowKind,
)
from preau.wire.tables import Row, Table

_TECHNICAL = frozenset({"isprimary", "schoolyearsourcedid", "sourcedid", "parentsourcedid", "orgsourcedid"})
_ID = {"id": ("sourcedid",)}

ORGS = TableKind(
    "orgs",
    {
        **_ID,
        "name": ("name",),
        "type": ("type",),
        "identifier": ("identifier",),
        "parent": ("parentsourcedid",),
    },
    needs=("id", "name"),
    lacks=frozenset({"givenname", "familyname", "username", "title"}),
    hints=("orgs", "org"),
)
USERS = TableKind(
    "users",
    {
        **_ID,
        "organisations": ("orgsourcedids", "orgsourcedid"),
        "role": ("role", "roles"),
        "level": ("grade", "grades"),
        "username": ("username",),
        "given": ("givenname",),
        "family": ("familyname",),
        "directory_match": ("activedirectorymatchid",),
        "email": ("email",),
        "phone": ("phone",),
        "sms": ("sms",),
    },
    needs=("id",),
    needs_one_of=("username", "given", "family"),
    lacks=frozenset({"usersourcedid", "classsourcedid"}),
    technical=_TECHNICAL,
    hints=("users", "user"),
)
ROLES = TableKind(
    "roles",
    {
        "person": ("usersourcedid",),
        "organisation": ("orgsourcedid",),
        "role": ("role",),
        "session": ("sessionsourcedid",),
        "level": ("grade", "grades"),
        "starts": ("rolestartdate",),
        "ends": ("roleenddate",),
    },
    needs=("person", "organisation", "role"),
    technical=_TECHNICAL,
    hints=("roles",),
)
CLASSES = TableKind(
    "classes",
    {
        **_ID,
        "organisation": ("orgsourcedid", "orgsourcedids"),
        "title": ("title",),
        "sessions": ("sessionsourcedids", "sessionsourcedid"),
        "course": ("coursesourcedid",),
        "code": ("code",),
    },
    needs=("id", "organisation", "title"),
    lacks=frozenset({"classsourcedid", "usersourcedid", "schoolyearsourcedid", "subject", "grade", "startdate"}),
    technical=_TECHNICAL,
    hints=("classes",),
)
COURSES = TableKind(
    "courses",
    {
        **_ID,
        "title": ("title",),
        "code": ("code",),
        "subjects": ("subject",),
        "school_year": ("schoolyearsourcedid",),
    },
    needs=("id", "title"),
    needs_one_of=("subjects", "school_year"),
    lacks=frozenset({"coursesourcedid", "sessionsourcedids"}),
    technical=_TECHNICAL | {"grade"},
    hints=("courses",),
)
ENROLLMENTS = TableKind(
    "enrollments",
    {"group": ("classsourcedid",), "person": ("usersourcedid",), "role": ("role",)},
    needs=("group", "person"),
    technical=_TECHNICAL,
    hints=("enrollments", "enrolments"),
)
SESSIONS = TableKind(
    "academicSessions",
    {
        **_ID,
        "title": ("title",),
        "type": ("type",),
        "school_year": ("schoolyear",),
        "starts": ("startdate",),
        "ends": ("enddate",),
    },
    needs=("id", "starts", "ends"),
    technical=_TECHNICAL,
    hints=("academicsessions", "sessions"),
)
DEMOGRAPHICS = TableKind(
    "demographics",
    {"person": ("usersourcedid", "sourcedid"), "birth": ("birthdate",)},
    needs=("person", "birth"),
    lacks=frozenset({"username"}),
    hints=("demographics",),
)
FLAGS = TableKind(
    "userFlags",
    {"person": ("usersourcedid",)},
    needs=("person",),
    lacks=frozenset({"role", "classsourcedid", "orgsourcedid", "birthdate", "relationshipusersourcedid"}),
    hints=("userflags",),
)
RELATIONSHIPS = TableKind(
    "relationships",
    {
        "person": ("usersourcedid",),
        "guardian": ("relationshipusersourcedid",),
        "link": ("relationshiprole",),
    },
    needs=("person", "guardian"),
    hints=("relationships",),
)
KINDS = (
    ORGS, USERS, ROLES, CLASSES, COURSES, ENROLLMENTS, SESSIONS, DEMOGRAPHICS, FLAGS, RELATIONSHIPS,
)  # fmt: skip

# Headers that only SDS has.
_MARKS = frozenset(
    {"activedirectorymatchid", "sessionsourcedid", "sessionsourcedids", "isprimary", "rolestartdate", "roleenddate"}
    | {"relationshipusersourcedid", "relationshiprole", "flag"}
)
_STATUS = frozenset({"status", "datelastmodified", "enableduser"})


class SdsReader:
    """Reads School Data Sync V2 and V2.1 sets."""

    family = "sds"
    known = known_headers(KINDS)

    def recognises(self, tables: Sequence[Table]) -> int:
        """Twice the tables that fit, the headers that only SDS has, and what OneRoster would not leave out.

        One list of users alone may be either; it is not taken for SDS, whose sets are complete.
        """
        files = self.sort(tables)
        placed = sum(1 for _bound in files.bound())
        if not placed:
            return 0
        marks = len({header for table in tables for header in table.columns} & _MARKS)
        marks += any("schoolsourcedid" not in bound.table.columns for bound in files["classes"])
        marks += any("sourcedid" not in bound.table.columns for bound in files["enrollments"])
        if files["users"] and files["orgs"]:
            marks += not any(_STATUS & set(table.columns) for table in tables)
        if any("role" in bound.headers and "grade" in bound.table.columns for bound in files["users"]):
            marks += 1
        return 2 * placed + marks

    def sort(self, tables: Sequence[Table]) -> Sorted:
        return sort_tables(tables, KINDS)

    def read(self, tables: Sequence[Table], today: date) -> Roster:
        files = self.sort(tables)
        build = Builder(self.family, today, month_first_by_default=True)
        build.begin(files, _complete_kinds(build, files))
        build.roster.format = f"sds-{_version(files)}"
        sourced.read_organisations(build, files["orgs"])
        sourced.read_sessions(build, files["academicSessions"], declares_end_year=False)
        _read_users(build, files["users"])
        _read_roles(build, files["roles"])
        sourced.read_birth_dates(build, files["demographics"])
        sourced.read_groups(build, files["classes"], sourced.read_courses(build, files["courses"]))
        for bound, row, origin in build.rows(files["enrollments"]):
            sourced.add_enrolment(build, bound, row, origin, primary=False)
        _read_relationships(build, files["relationships"])
        return build.finish(files)


def _version(files: Sorted) -> str:
    newer = ("roles", "academicSessions", "courses", "demographics", "relationships", "userFlags")
    matched = any("directory_match" in bound.headers for bound in files["users"])
    return "v2.1" if matched or any(files[name] for name in newer) else "v2"


def _complete_kinds(build: Builder, files: Sorted) -> set[RowKind]:
    """A set is complete when it has the files that the format demands; without roles nobody's school is known."""
    with_role = any("role" in bound.headers for bound in files["users"])
    missing = [name for name in ("orgs", "users") if not files[name]]
    if files["users"] and not files["roles"] and not with_role:
        missing.append("roles")
    if missing:
        build.note("set_partial", names=", ".join(missing))
        return set()
    complete = {RowKind.ORGANISATION, RowKind.PERSON}
    if files["classes"]:
        complete.add(RowKind.GROUP)
        if files["enrollments"]:
            complete.add(RowKind.ENROLMENT)
    return complete


def _read_users(build: Builder, tables: Sequence[BoundTable]) -> None:
    for bound, row, origin in build.rows(tables):
        if not build.takes(bound, row, RowKind.PERSON, row["id"]):
            continue
        person = PersonRow(
            source_id=row["id"],
            origin=origin,
            family_name=row["family"],
            given_name=row["given"],
            username=row["username"],
            email=row["email"],
            phone=row["phone"] or row["sms"],
            identifiers=(("activeDirectoryMatchId", row["directory_match"]),) if row["directory_match"] else (),
        )
        if build.add_person(bound, row, person):
            for role in split_list(row["role"]):
                for organisation_id in split_list(row["organisations"]) or [build.organisation_or_only("", origin)]:
                    if not organisation_id or build.knows(RowKind.ORGANISATION, organisation_id):
                        _affiliate(build, row, origin, person.source_id, organisation_id, role)
                    else:
                        build.note("affiliation_nowhere", origin.file, origin.line, organisation=organisation_id)


def _affiliate(
    build: Builder, row: Row, origin: Origin, person_id: str, organisation_id: str, role: str
) -> AffiliationRow | None:
    return build.add_affiliation(
        AffiliationRow(
            person_id=person_id,
            organisation_id=organisation_id,
            kind=AffiliationKind.STAFF,
            origin=origin,
            word=bare(role),
            level=row["level"],
        ),
        role,
    )


def _read_roles(build: Builder, tables: Sequence[BoundTable]) -> None:
    for bound, row, origin in build.rows(tables):
        person_id = build.refers(bound, row, RowKind.PERSON, "person")
        if person_id is None:
            continue
        organisation_id = build.organisation_or_only(row["organisation"], origin)
        if not sourced.organisation_of(build, bound, row, organisation_id):
            continue
        affiliation = _affiliate(build, row, origin, person_id, organisation_id, row["role"])
        if affiliation is None:
            continue
        build.dates.put(affiliation, "starts", row["starts"], origin, bound.header("starts"))
        build.dates.put(affiliation, "ends", row["ends"], origin, bound.header("ends"))
        if row["session"] in build.sessions:
            build.affiliation_spans.append((affiliation, build.sessions[row["session"]]))


def _read_relationships(build: Builder, tables: Sequence[BoundTable]) -> None:
    for bound, row, origin in build.rows(tables):
        pupil_id = build.refers(bound, row, RowKind.PERSON, "person")
        if pupil_id is None:
            continue
        guardian_id = build.refers(bound, row, RowKind.PERSON, "guardian")
        if guardian_id is None:
            continue
        if not build.may_answer_for(guardian_id, pupil_id):
            build.note("link_left_out", origin.file, origin.line)
        elif not words.is_guardian_link(row["link"]):
            build.note("contact_left_out", origin.file, origin.line, word=row["link"])
        else:
            build.add_guardianship(GuardianshipRow(guardian_id, pupil_id, origin, row["link"]))
