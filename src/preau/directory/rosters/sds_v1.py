"""Microsoft School Data Sync V1 CSV, with the headers of the US and of the UK, down to the least set that it allows.

Pupils and teachers have a file each, and so have their enrolments; the least sets give both the same headers, and only
then do file names tell them apart. What a person does in a section follows from what the person is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from preau.directory.rosters import words
from preau.directory.rosters.building import Builder, Span
from preau.directory.rosters.detecting import BoundTable, Sorted, TableKind, known_headers, sort_tables
from preau.directory.rosters.fields import is_deleted, is_inactive
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    EnrolmentRole,
    EnrolmentRow,
    GroupKind,
    GroupRow,
    GuardianshipRow,
    OrganisationKind,
    OrganisationRow,
    Origin,
    PersonRow,
    Roster,
    RowKind,
)
from preau.wire.tables import Row, Table

_ID = ("sisid", "id")
_SCHOOL = ("schoolsisid", "schooldfenumber", "dfenumber")
_PERSON = {
    "id": _ID,
    "organisation": _SCHOOL,
    "given": ("firstname",),
    "family": ("lastname",),
    "username": ("username",),
    "status": ("status",),
}
_NOT_A_PERSON = frozenset({"sectionsisid", "sectionid", "sectionname", "name"})

SCHOOL = TableKind(
    "School",
    {
        "id": ("sisid", "dfenumber", "id"),
        "name": ("name", "schoolname"),
        "number": ("schoolnumber",),
        "principal": ("principalsisid", "principalid"),
    },
    needs=("id", "name"),
    lacks=frozenset({"schoolsisid", "schooldfenumber", "username", "sectionname", "sourcedid"}),
    hints=("school", "schools"),
)
SECTION = TableKind(
    "Section",
    {
        "id": _ID,
        "organisation": _SCHOOL,
        "name": ("sectionname",),
        "code": ("sectionnumber",),
        "starts": ("termstartdate",),
        "ends": ("termenddate",),
        "course_name": ("coursename",),
        "course_number": ("coursenumber",),
        "subject": ("coursesubject",),
        "status": ("status",),
    },
    needs=("id", "name"),
    technical=frozenset({"termsisid", "termid", "termname", "coursesisid", "courseid", "periods", "coursedescription"}),
    hints=("section", "sections"),
)
STUDENT = TableKind(
    "Student",
    {
        **_PERSON,
        "level": ("grade",),
        "birth": ("birthdate", "dateofbirth"),
        "number": ("studentnumber",),
        "graduation": ("graduationyear",),
    },
    needs=("id",),
    needs_one_of=("username", "given", "family"),
    lacks=_NOT_A_PERSON,
    hints=("student", "students", "pupil", "eleve"),
)
TEACHER = TableKind(
    "Teacher",
    {**_PERSON, "number": ("teachernumber",), "title": ("title",), "qualification": ("qualification",)},
    needs=("id",),
    needs_one_of=("username", "given", "family"),
    lacks=_NOT_A_PERSON,
    hints=("teacher", "teachers", "enseignant"),
)
_ENROLMENT = {"group": ("sectionsisid", "sectionid"), "person": _ID}
STUDENT_ENROLLMENT = TableKind(
    "StudentEnrollment",
    _ENROLMENT,
    needs=("group", "person"),
    hints=("studentenrollment", "studentenrolment", "studentroster", "enrollment", "enrolment", "student"),
)
TEACHER_ROSTER = TableKind(
    "TeacherRoster",
    _ENROLMENT,
    needs=("group", "person"),
    hints=("teacherroster", "teacherenrollment", "roster", "teacher"),
)
GUARDIAN = TableKind(
    "User",
    {
        "email": ("email",),
        "given": ("firstname",),
        "family": ("lastname",),
        "phone": ("phone",),
        "id": _ID,
    },
    needs=("email", "id"),
    needs_one_of=("given", "family"),
    lacks=_NOT_A_PERSON | {"username", *_SCHOOL},
    hints=("user", "guardian", "parent"),
)
RELATIONSHIP = TableKind(
    "GuardianRelationship",
    {"person": _ID, "email": ("email",), "link": ("role",)},
    needs=("person", "email", "link"),
    lacks=frozenset({"firstname", "lastname", "username", "sourcedid"}),
    hints=("guardianrelationship", "relationship"),
)
KINDS = (
    SCHOOL, SECTION, STUDENT, TEACHER, STUDENT_ENROLLMENT, TEACHER_ROSTER, GUARDIAN, RELATIONSHIP,
)  # fmt: skip
_MARKS = frozenset({"sisid", "schoolsisid", "sectionsisid", "dfenumber", "schooldfenumber", "sectionid", "sectionname"})


class SdsV1Reader:
    """Reads School Data Sync V1 sets."""

    family = "sds"
    known = known_headers(KINDS)

    def recognises(self, tables: Sequence[Table]) -> int:
        """Twice the tables that fit, and the headers that only SDS V1 has; 0 without one of these."""
        marks = len({header for table in tables for header in table.columns} & _MARKS)
        files = self.sort(tables)
        placed = sum(1 for _bound in files.bound()) + len(files.ambiguous)
        return 2 * placed + marks if marks and placed else 0

    def sort(self, tables: Sequence[Table]) -> Sorted:
        return sort_tables(tables, KINDS)

    def read(self, tables: Sequence[Table], today: date) -> Roster:
        files = self.sort(tables)
        build = Builder(self.family, today, month_first_by_default=not _is_british(tables))
        build.begin(files, _complete_kinds(build, files))
        build.roster.format = "sds-v1"
        principals = _read_schools(build, files["School"])
        _read_people(build, files["Student"], AffiliationKind.PUPIL, "student")
        _read_people(build, files["Teacher"], AffiliationKind.TEACHER, "teacher")
        _propose_direction(build, principals)
        _read_sections(build, files["Section"])
        _read_enrolments(build, files["StudentEnrollment"], EnrolmentRole.LEARNER)
        _read_enrolments(build, files["TeacherRoster"], EnrolmentRole.TEACHER)
        _read_guardians(build, files["User"], files["GuardianRelationship"])
        return build.finish(files)


def _is_british(tables: Sequence[Table]) -> bool:
    return any({"dfenumber", "schooldfenumber"} & set(table.columns) for table in tables)


def _complete_kinds(build: Builder, files: Sorted) -> set[RowKind]:
    """A set is complete when it has the files that the format demands: pupils alone say nothing about teachers."""
    missing = [name for name in ("School", "Student", "Teacher") if not files[name]]
    if missing:
        build.note("set_partial", names=", ".join(missing))
        return set()
    complete = {RowKind.ORGANISATION, RowKind.PERSON}
    if files["Section"]:
        complete.add(RowKind.GROUP)
        if files["StudentEnrollment"] and files["TeacherRoster"]:
            complete.add(RowKind.ENROLMENT)
    return complete


def _read_schools(build: Builder, tables: Sequence[BoundTable]) -> list[tuple[str, str, Origin]]:
    """Read schools; give back (principal's id, school's id, origin) for those that name a principal."""
    principals = []
    for bound, row, origin in build.rows(tables):
        if not build.takes(bound, row, RowKind.ORGANISATION, row["id"]):
            continue
        build.add_organisation(
            OrganisationRow(
                source_id=row["id"],
                name=row["name"] or row["id"],
                kind=OrganisationKind.SCHOOL,
                origin=origin,
                identifier=row["number"],
            )
        )
        if row["principal"]:
            principals.append((row["principal"], row["id"], origin))
    return principals


def _propose_direction(build: Builder, principals: list[tuple[str, str, Origin]]) -> None:
    for person_id, organisation_id, origin in principals:
        if person_id in build.people:
            row = AffiliationRow(person_id, organisation_id, AffiliationKind.STAFF, origin, word="Principal")
            build.add_affiliation(row, row.word)


def _read_people(build: Builder, tables: Sequence[BoundTable], kind: AffiliationKind, role: str) -> None:
    for bound, row, origin in build.rows(tables):
        source_id = row["id"]
        if source_id and is_deleted(row["status"]):
            build.delete(RowKind.PERSON, (source_id,), origin)
            continue
        organisation_id = build.organisation_or_only(row["organisation"], origin)
        if not _goes_on(build, row, organisation_id, kind):
            if not build.takes(bound, row, RowKind.PERSON, source_id):
                continue
            if not build.add_person(bound, row, _person(build, bound, row, origin, kind)):
                continue
        if organisation_id and not build.knows(RowKind.ORGANISATION, organisation_id):
            build.note("affiliation_nowhere", origin.file, origin.line, organisation=organisation_id)
            continue
        affiliation = AffiliationRow(source_id, organisation_id, kind, origin, word=role, level=row["level"])
        build.add_affiliation(affiliation, role)


def _person(build: Builder, bound: BoundTable, row: Row, origin: Origin, kind: AffiliationKind) -> PersonRow:
    number = (("studentNumber" if kind is AffiliationKind.PUPIL else "teacherNumber", row["number"]),)
    person = PersonRow(
        source_id=row["id"],
        origin=origin,
        family_name=row["family"],
        given_name=row["given"],
        username=row["username"],
        identifiers=number if row["number"] else (),
        enabled=not is_inactive(row["status"]),
    )
    build.dates.put(person, "birth_date", row["birth"], origin, bound.header("birth"))
    return person


def _goes_on(build: Builder, row: Row, organisation_id: str, kind: AffiliationKind) -> bool:
    """Whether the row ties somebody known to one more school or kind: V1 repeats a person's row for each."""
    known = build.people.get(row["id"])
    if known is None or build.has_affiliation(known.source_id, organisation_id, kind):
        return False
    return (known.family_name, known.given_name, known.username) == (row["family"], row["given"], row["username"])


def _read_sections(build: Builder, tables: Sequence[BoundTable]) -> None:
    for bound, row, origin in build.rows(tables):
        source_id = row["id"]
        if source_id and is_deleted(row["status"]):
            build.delete(RowKind.GROUP, (source_id,), origin)
            continue
        if not build.takes(bound, row, RowKind.GROUP, source_id):
            continue
        organisation_id = build.organisation_or_only(row["organisation"], origin)
        if organisation_id and not build.knows(RowKind.ORGANISATION, organisation_id):
            build.reject(bound, row, "unknown_organisation", RowKind.GROUP, (source_id,), organisation=organisation_id)
            continue
        subject = row["subject"] or row["course_name"]
        group = GroupRow(
            source_id=source_id,
            organisation_id=organisation_id,
            kind=GroupKind.GROUP,
            name=row["name"] or row["code"] or source_id,
            origin=origin,
            code=row["code"],
            subject_code=row["course_number"] if subject else "",
            subject_name=subject,
            ended=is_inactive(row["status"]),
        )
        spans = []
        if row["starts"] or row["ends"]:
            span = Span()
            build.dates.put(span, "starts", row["starts"], origin, bound.header("starts"))
            build.dates.put(span, "ends", row["ends"], origin, bound.header("ends"))
            spans.append(span)
        build.add_group(group, spans)


def _read_enrolments(build: Builder, tables: Sequence[BoundTable], role: EnrolmentRole) -> None:
    for bound, row, origin in build.rows(tables):
        ids = (row["person"], row["group"])
        person_id = build.refers(bound, row, RowKind.PERSON, "person", ids)
        if person_id is None:
            continue
        group_id = build.refers(bound, row, RowKind.GROUP, "group", ids)
        if group_id is None:
            continue
        kinds = build.kinds_of.get(person_id, set()) & {AffiliationKind.PUPIL, AffiliationKind.TEACHER}
        actual = role
        if kinds == {AffiliationKind.PUPIL}:
            actual = EnrolmentRole.LEARNER
        elif kinds == {AffiliationKind.TEACHER}:
            actual = EnrolmentRole.TEACHER
        build.add_enrolment(EnrolmentRow(person_id, group_id, actual, origin))


def _read_guardians(build: Builder, people: Sequence[BoundTable], links: Sequence[BoundTable]) -> None:
    """Guardians are known by their address; their own id is optional."""
    by_email: dict[str, str] = {}
    for bound, row, origin in build.rows(people):
        email = row["email"].casefold()
        source_id = row["id"] or (f"mailto:{email}" if email else "")
        if not build.takes(bound, row, RowKind.PERSON, source_id):
            continue
        person = PersonRow(
            source_id=source_id,
            origin=origin,
            family_name=row["family"],
            given_name=row["given"],
            email=row["email"],
            phone=row["phone"],
        )
        if build.add_person(bound, row, person):
            by_email.setdefault(email, source_id)
    for bound, row, origin in build.rows(links):
        pupil_id = build.refers(bound, row, RowKind.PERSON, "person")
        if pupil_id is None:
            continue
        guardian_id = by_email.get(row["email"].casefold())
        if guardian_id is None:
            build.reject(bound, row, "unknown_guardian", guardian=row["email"], pupil=pupil_id)
        elif not build.may_answer_for(guardian_id, pupil_id):
            build.note("link_left_out", origin.file, origin.line)
        elif not words.is_guardian_link(row["link"]):
            build.note("contact_left_out", origin.file, origin.line, word=row["link"])
        else:
            build.add_guardianship(GuardianshipRow(guardian_id, pupil_id, origin, row["link"]))
