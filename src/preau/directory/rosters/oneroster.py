"""OneRoster CSV 1.1 and 1.2 (1EdTech, "OneRoster CSV Tables" and "CSV Binding 1.2.1"), and what 1.0 left behind.

A file is complete only where a manifest calls it `bulk`. Without a manifest nobody departs: an extract that says
nothing about itself is taken for what it is, a list of some rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from preau.directory.rosters import sourced
from preau.directory.rosters.building import Builder
from preau.directory.rosters.detecting import BoundTable, Sorted, TableKind, known_headers, sort_tables
from preau.directory.rosters.fields import bare, is_deleted, is_false, is_inactive, is_true, split_list, user_ids
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    GuardianshipRow,
    Origin,
    PersonRow,
    ProposedRole,
    Roster,
    RowKind,
)
from preau.wire.tables import Row, Table, normalise

_TECHNICAL = frozenset(
    {"sourcedid", "status", "datelastmodified", "datalastmodified", "orgsourcedid", "schoolsourcedid", "roletype"}
    | {"userprofilesourcedid", "coursesourcedid", "schoolyearsourcedid", "parentsourcedid", "resourcesourcedids"}
    | {"primaryorgsourcedid"}
)
_ID = {"id": ("sourcedid",), "status": ("status",), "modified": ("datelastmodified", "datalastmodified")}

MANIFEST = TableKind(
    "manifest",
    {"property": ("propertyname",), "value": ("value",)},
    needs=("property", "value"),
    hints=("manifest",),
)
ORGS = TableKind(
    "orgs",
    {
        **_ID,
        "name": ("name",),
        "type": ("type",),
        "identifier": ("identifier",),
        "parent": ("parentsourcedid", "parentorgsourcedid"),
    },
    needs=("id", "name"),
    lacks=frozenset({"givenname", "familyname", "username", "title"}),
    technical=_TECHNICAL,
    hints=("orgs", "org"),
)
SESSIONS = TableKind(
    "academicSessions",
    {
        **_ID,
        "title": ("title",),
        "type": ("type",),
        "starts": ("startdate",),
        "ends": ("enddate",),
        "school_year": ("schoolyear",),
    },
    needs=("id", "starts", "ends"),
    lacks=frozenset({"usersourcedid"}),
    technical=_TECHNICAL,
    hints=("academicsessions", "sessions"),
)
USERS = TableKind(
    "users",
    {
        **_ID,
        "enabled": ("enableduser",),
        "organisations": ("orgsourcedids", "orgsourcedid", "orgs"),
        "role": ("role", "roles"),
        "username": ("username",),
        "user_ids": ("userids", "userid"),
        "given": ("givenname",),
        "family": ("familyname",),
        "identifier": ("identifier",),
        "email": ("email",),
        "sms": ("sms",),
        "phone": ("phone",),
        "agents": ("agentsourcedids", "agents"),
        "agent_links": ("metadatapreauagentlinks",),
        "level": ("grades", "grade"),
        "master": ("usermasteridentifier",),
        "preferred_given": ("preferredgivenname",),
        "preferred_family": ("preferredfamilyname",),
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
        **_ID,
        "person": ("usersourcedid",),
        "organisation": ("orgsourcedid",),
        "role": ("role",),
        "word": ("metadatapreauword",),
        "proposes": ("metadatapreauproposes",),
        "starts": ("begindate",),
        "ends": ("enddate",),
    },
    needs=("person", "organisation", "role"),
    technical=_TECHNICAL,
    hints=("roles",),
)
PROFILES = TableKind(
    "userProfiles",
    {**_ID, "person": ("usersourcedid",), "profile": ("profiletype",), "application": ("applicationid",)},
    needs=("person", "profile"),
    technical=_TECHNICAL,
    hints=("userprofiles",),
)
CLASSES = TableKind(
    "classes",
    {
        **_ID,
        "title": ("title",),
        "level": ("grades", "grade"),
        "course": ("coursesourcedid", "courseid"),
        "code": ("classcode",),
        "type": ("classtype",),
        "organisation": ("schoolsourcedid", "orgsourcedid", "schoolid"),
        "sessions": ("termsourcedids", "termsourcedid", "termid"),
        "subjects": ("subjects", "subject"),
        "subject_codes": ("subjectcodes",),
    },
    needs=("id", "title"),
    needs_one_of=("organisation", "course", "sessions", "type"),
    lacks=frozenset({"classsourcedid", "usersourcedid", "coursecode", "schoolyearsourcedid", "startdate"}),
    technical=_TECHNICAL,
    hints=("classes",),
)
COURSES = TableKind(
    "courses",
    {
        **_ID,
        "title": ("title",),
        "code": ("coursecode",),
        "level": ("grades", "grade"),
        "subjects": ("subjects", "subject"),
        "subject_codes": ("subjectcodes",),
    },
    needs=("id", "title"),
    needs_one_of=("code", "subjects"),
    lacks=frozenset({"classsourcedid", "classtype", "termsourcedids", "startdate"}),
    technical=_TECHNICAL,
    hints=("courses",),
)
ENROLLMENTS = TableKind(
    "enrollments",
    {
        **_ID,
        "group": ("classsourcedid", "classid"),
        "person": ("usersourcedid", "userid"),
        "role": ("role",),
        "primary": ("primary",),
        "starts": ("begindate",),
        "ends": ("enddate",),
    },
    needs=("group", "person"),
    technical=_TECHNICAL,
    hints=("enrollments", "enrolments"),
)
DEMOGRAPHICS = TableKind(
    "demographics",
    {"person": ("sourcedid", "usersourcedid"), "birth": ("birthdate",)},
    needs=("person", "birth"),
    lacks=frozenset({"username"}),
    technical=_TECHNICAL,
    hints=("demographics",),
)
KINDS = (
    MANIFEST, ORGS, SESSIONS, USERS, ROLES, PROFILES, CLASSES, COURSES, ENROLLMENTS, DEMOGRAPHICS,
)  # fmt: skip

# Headers that only OneRoster has.
_MARKS = frozenset(
    {"propertyname", "status", "datelastmodified", "enableduser", "schoolsourcedid", "agentsourcedids", "userids"}
    | {"termsourcedids", "classtype", "roletype", "usermasteridentifier", "userprofilesourcedid"}
)
_FILE_KINDS = {
    "orgs": RowKind.ORGANISATION,
    "users": RowKind.PERSON,
    "classes": RowKind.GROUP,
    "enrollments": RowKind.ENROLMENT,
}


class OneRosterReader:
    """Reads OneRoster sets."""

    family = "oneroster"
    known = known_headers(KINDS)

    def recognises(self, tables: Sequence[Table]) -> int:
        """Twice the tables that fit, and the headers of the set that only OneRoster has."""
        sorted_tables = sort_tables(tables, KINDS)
        placed = sum(1 for _bound in sorted_tables.bound())
        marks = {header for table in tables for header in table.columns} & _MARKS
        return 2 * placed + len(marks) if placed else 0

    def sort(self, tables: Sequence[Table]) -> Sorted:
        return sort_tables(tables, KINDS)

    def read(self, tables: Sequence[Table], today: date) -> Roster:
        files = self.sort(tables)
        build = Builder(self.family, today)
        manifest = _read_manifest(build, files["manifest"])
        build.begin(files, _complete_kinds(build, files, manifest))
        build.roster.format = f"oneroster-{_version(files, manifest)}"
        sourced.read_organisations(build, files["orgs"])
        sourced.read_sessions(build, files["academicSessions"], declares_end_year=True)
        agents = _read_users(build, files["users"])
        _read_roles(build, files["roles"])
        sourced.read_birth_dates(build, files["demographics"])
        sourced.read_groups(build, files["classes"], sourced.read_courses(build, files["courses"]))
        _read_enrollments(build, files["enrollments"])
        _link_agents(build, agents)
        return build.finish(files)


def _read_manifest(build: Builder, tables: Sequence[BoundTable]) -> dict[str, str]:
    return {normalise(row["property"]): normalise(row["value"]) for _b, row, _o in build.rows(tables)}


def _version(files: Sorted, manifest: dict[str, str]) -> str:
    declared = manifest.get("onerosterversion", "")
    if declared.startswith("12") or files["roles"]:
        return "1.2"
    return "1.1"


def _complete_kinds(build: Builder, files: Sorted, manifest: dict[str, str]) -> set[RowKind]:
    if not manifest:
        build.note("manifest_missing")
        return set()
    complete = set()
    for name, kind in _FILE_KINDS.items():
        mode = manifest.get(f"file{name.casefold()}", "")
        if mode == "bulk" and not files[name]:
            build.note("manifest_file_missing", name=name)
        elif mode != "bulk" and files[name]:
            build.note("file_partial", files[name][0].name)
        elif mode == "bulk":
            complete.add(kind)
    # Without roles nobody can tell whose school a person left.
    if files["roles"] and manifest.get("fileroles") != "bulk":
        complete.discard(RowKind.PERSON)
    return complete


def _read_users(build: Builder, tables: Sequence[BoundTable]) -> list[tuple[BoundTable, Row]]:
    """Read people and, in 1.1, their affiliations; give back the rows that name agents."""
    with_agents = []
    for bound, row, origin in build.rows(tables):
        if sourced.gone(build, RowKind.PERSON, row, origin):
            continue
        source_id = row["id"]
        if not build.takes(bound, row, RowKind.PERSON, source_id) or not build.add_person(
            bound, row, _person(row, origin)
        ):
            continue
        person = build.people[source_id]
        if not person.enabled:
            build.note("access_closed", origin.file, origin.line)
        if row["level"]:
            build.levels[source_id] = row["level"]
        if row["agents"]:
            with_agents.append((bound, row))
        if row["role"]:
            _affiliate(build, bound, row, origin)
    return with_agents


def _person(row: Row, origin: Origin) -> PersonRow:
    identifiers = [
        ("identifier", row["identifier"]),
        ("userMasterIdentifier", row["master"]),
        *user_ids(row["user_ids"]),
    ]
    return PersonRow(
        source_id=row["id"],
        origin=origin,
        # The name in use outranks the civil one, as NOM_USAGE does in French files.
        family_name=row["preferred_family"] or row["family"],
        given_name=row["given"],
        preferred_given_name=row["preferred_given"],
        username=row["username"],
        email=row["email"],
        phone=row["phone"] or row["sms"],
        identifiers=tuple((kind, value) for kind, value in identifiers if value),
        enabled=not (is_false(row["enabled"]) or is_inactive(row["status"])),
    )


def _affiliate(build: Builder, bound: BoundTable, row: Row, origin: Origin) -> None:
    """1.1 gives each person one role in each organisation of a list; some files list roles too."""
    organisations = split_list(row["organisations"]) or [build.organisation_or_only("", origin)]
    for organisation_id in organisations:
        if organisation_id and build.is_deleted(RowKind.ORGANISATION, organisation_id, origin):
            continue
        if organisation_id and not build.knows(RowKind.ORGANISATION, organisation_id):
            build.note("affiliation_nowhere", origin.file, origin.line, organisation=organisation_id)
            continue
        for role in split_list(row["role"]):
            build.add_affiliation(
                AffiliationRow(
                    person_id=row["id"],
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
        affiliation = build.add_affiliation(
            AffiliationRow(
                person_id=person_id,
                organisation_id=organisation_id,
                kind=AffiliationKind.STAFF,
                origin=origin,
                word=row["word"] or bare(row["role"]),
                level=build.levels.get(person_id, ""),
            ),
            row["role"],
        )
        if affiliation is None:
            continue
        if row["proposes"] in set(ProposedRole):
            affiliation.proposes = ProposedRole(row["proposes"])
        build.dates.put(affiliation, "starts", row["starts"], origin, bound.header("starts"))
        if is_deleted(row["status"]):
            affiliation.ends = build.today - timedelta(days=1)
            build.dates.put(affiliation, "ends", row["modified"], origin, bound.header("modified"))
        else:
            build.dates.put(affiliation, "ends", row["ends"], origin, bound.header("ends"))


def _read_enrollments(build: Builder, tables: Sequence[BoundTable]) -> None:
    ids: dict[str, int] = {}
    for bound, row, origin in build.rows(tables):
        if is_deleted(row["status"]) or is_inactive(row["status"]):
            if row["person"] and row["group"]:
                build.delete(RowKind.ENROLMENT, (row["person"], row["group"]), origin)
            else:
                build.reject(bound, row, "missing_reference", column=bound.header("person"))
            continue
        first = ids.setdefault(row["id"] or f"line {origin.line} of {origin.file}", origin.line)
        if first != origin.line:
            build.reject(
                bound,
                row,
                "duplicate_id",
                RowKind.ENROLMENT,
                (row["person"], row["group"]),
                id=row["id"],
                first_file=origin.file,
                first_line=str(first),
            )
            continue
        sourced.add_enrolment(build, bound, row, origin, primary=is_true(row["primary"]))


def _link_agents(build: Builder, with_agents: list[tuple[BoundTable, Row]]) -> None:
    """`agentSourcedIds` says who answers for a pupil, and in some files the other way round as well."""
    for bound, row in with_agents:
        origin = Origin(bound.name, row.line)
        source_id = build.people[row["id"]].source_id
        kinds = build.kinds_of.get(source_id, set())
        of_guardian = AffiliationKind.GUARDIAN in kinds and AffiliationKind.PUPIL not in kinds
        links = split_list(row["agent_links"], keep_empty=True)
        for position, agent_id in enumerate(split_list(row["agents"])):
            if build.is_deleted(RowKind.PERSON, agent_id, origin):
                continue
            guardian_id, pupil_id = (source_id, agent_id) if of_guardian else (agent_id, source_id)
            if not build.knows(RowKind.PERSON, agent_id):
                build.reject(bound, row, "unknown_guardian", guardian=guardian_id, pupil=pupil_id)
                continue
            if not build.may_answer_for(guardian_id, pupil_id):
                build.note("link_left_out", origin.file, origin.line)
                continue
            link = links[position] if position < len(links) else build.guardian_words.get(guardian_id, "")
            build.add_guardianship(GuardianshipRow(guardian_id, pupil_id, origin, link))
