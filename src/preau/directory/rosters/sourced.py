"""What OneRoster and School Data Sync V2 have in common: rows with a `sourcedId` that speak of organisations, sessions,
courses, classes and birth dates. Their readers give each column its own headers; here it has our name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preau.directory.rosters import words
from preau.directory.rosters.building import Builder, Span
from preau.directory.rosters.detecting import BoundTable
from preau.directory.rosters.fields import is_deleted, is_inactive, split_list, word
from preau.directory.rosters.roster import (
    EnrolmentRole,
    EnrolmentRow,
    GroupKind,
    GroupRow,
    OrganisationKind,
    OrganisationRow,
    Origin,
    RowKind,
)
from preau.wire.tables import Row


@dataclass(frozen=True, slots=True)
class Course:
    """What a class may take from its course."""

    title: str
    code: str
    subject_code: str
    subject_name: str
    level: str


def read_organisations(build: Builder, tables: Sequence[BoundTable]) -> None:
    """Read organisations; whether their parents exist is said once all were read."""
    for bound, row, origin in build.rows(tables):
        source_id = row["id"]
        if gone(build, RowKind.ORGANISATION, row, origin):
            continue
        if not build.takes(bound, row, RowKind.ORGANISATION, source_id):
            continue
        kind = words.organisation(row["type"])
        if kind is OrganisationKind.OTHER and word(row["type"]) not in ("", "other"):
            build.note("organisation_type_unknown", origin.file, origin.line, word=row["type"])
        build.add_organisation(
            OrganisationRow(
                source_id=source_id,
                name=row["name"] or row["identifier"] or source_id,
                kind=kind,
                origin=origin,
                identifier=row["identifier"],
                parent_id=row["parent"],
            )
        )


def gone(build: Builder, kind: RowKind, row: Row, origin: Origin) -> bool:
    """Whether the row takes itself away; it is then noted as deleted."""
    if not row["id"] or not is_deleted(row["status"]):
        return False
    build.delete(kind, (row["id"],), origin)
    return True


def read_sessions(build: Builder, tables: Sequence[BoundTable], *, declares_end_year: bool) -> None:
    """Read academic sessions; `declares_end_year` when `schoolYear` is the civil year in which the year ends."""
    for bound, row, origin in build.rows(tables):
        if not row["id"]:
            build.reject(bound, row, "missing_id", column=bound.header("id"))
            continue
        span = Span()
        if row["school_year"].isdecimal() and len(row["school_year"]) == 4:
            span.declared_year = int(row["school_year"]) - declares_end_year
        build.dates.put(span, "starts", row["starts"], origin, bound.header("starts"))
        build.dates.put(span, "ends", row["ends"], origin, bound.header("ends"))
        build.sessions.setdefault(row["id"], span)


def read_courses(build: Builder, tables: Sequence[BoundTable]) -> dict[str, Course]:
    """The courses by id; nobody but classes needs them."""
    courses: dict[str, Course] = {}
    for bound, row, _origin in build.rows(tables):
        if not row["id"]:
            build.reject(bound, row, "missing_id", column=bound.header("id"))
            continue
        courses.setdefault(
            row["id"],
            Course(
                title=row["title"],
                code=row["code"],
                subject_code=first_of(row["subject_codes"]),
                subject_name=_subject(row),
                level=row["level"],
            ),
        )
    return courses


def read_groups(build: Builder, tables: Sequence[BoundTable], courses: dict[str, Course]) -> None:
    """Read classes; what a class leaves out its course may say."""
    for bound, row, origin in build.rows(tables):
        source_id = row["id"]
        if gone(build, RowKind.GROUP, row, origin) or not build.takes(bound, row, RowKind.GROUP, source_id):
            continue
        organisation_id = build.organisation_or_only(row["organisation"], origin)
        if not organisation_of(build, bound, row, organisation_id, (source_id,)):
            continue
        kind = GroupKind.DIVISION if word(row["type"]) == "homeroom" else GroupKind.GROUP
        group = GroupRow(
            source_id=source_id,
            organisation_id=organisation_id,
            kind=kind,
            name=row["title"] or row["code"] or source_id,
            origin=origin,
            code=row["code"],
            level=row["level"],
            subject_code=first_of(row["subject_codes"]),
            subject_name=_subject(row),
            ended=is_inactive(row["status"]),
        )
        if row["course"] in courses:
            _take_from_course(group, courses[row["course"]])
        sessions = [build.sessions[name] for name in split_list(row["sessions"]) if name in build.sessions]
        build.add_group(group, sessions)


def organisation_of(
    build: Builder, bound: BoundTable, row: Row, organisation_id: str, group: tuple[str, ...] = ()
) -> bool:
    """Whether a row's organisation is there; the row is rejected or passed over otherwise."""
    if not organisation_id:
        return True
    if build.is_deleted(RowKind.ORGANISATION, organisation_id, Origin(bound.name, row.line)):
        return False
    if build.knows(RowKind.ORGANISATION, organisation_id):
        return True
    kind = RowKind.GROUP if group else None
    build.reject(bound, row, "unknown_organisation", kind, group, organisation=organisation_id)
    return False


def _subject(row: Row) -> str:
    """The first subject; columns that slipped leave a grade or a number where it should stand."""
    subject = first_of(row["subjects"])
    return "" if subject.isdecimal() else subject


def _take_from_course(group: GroupRow, course: Course) -> None:
    group.level = group.level or course.level
    if group.kind is GroupKind.DIVISION:
        # A division's course is a formality of the format: it teaches no subject.
        return
    group.subject_code = group.subject_code or course.subject_code
    group.subject_name = group.subject_name or course.subject_name
    if not group.subject_name and course.title != group.name:
        group.subject_name = course.title
    if group.subject_name:
        group.subject_code = group.subject_code or course.code


def add_enrolment(build: Builder, bound: BoundTable, row: Row, origin: Origin, *, primary: bool) -> None:
    """Put a person in a group under the row's role word; `primary` makes a division's teacher its main one."""
    ids = (row["person"], row["group"])
    person_id = build.refers(bound, row, RowKind.PERSON, "person", ids)
    if person_id is None:
        return
    group_id = build.refers(bound, row, RowKind.GROUP, "group", ids)
    if group_id is None:
        return
    kinds = build.kinds_of.get(person_id, ())
    role = words.enrolment(row["role"], kinds)
    if role is None:
        build.reject(bound, row, "enrolment_role_unknown", RowKind.ENROLMENT, (person_id, group_id), word=row["role"])
        return
    if role is EnrolmentRole.LEARNER and words.is_adult_in_class(row["role"]):
        build.note("pupil_not_teacher", origin.file, origin.line)
    group = build.groups.get(group_id)
    if primary and role is EnrolmentRole.TEACHER and group is not None and group.kind is GroupKind.DIVISION:
        role = EnrolmentRole.LEAD
    enrolment = EnrolmentRow(person_id, group_id, role, origin)
    if bound.headers.get("starts"):
        build.dates.put(enrolment, "starts", row["starts"], origin, bound.header("starts"))
    if bound.headers.get("ends"):
        build.dates.put(enrolment, "ends", row["ends"], origin, bound.header("ends"))
    build.add_enrolment(enrolment)


def read_birth_dates(build: Builder, tables: Sequence[BoundTable]) -> None:
    """Read birth dates, and nothing else that demographics hold."""
    for bound, row, origin in build.rows(tables):
        person = build.people.get(row["person"])
        if person is not None:
            build.dates.put(person, "birth_date", row["birth"], origin, bound.header("birth"))
        elif row["person"] and not build.knows(RowKind.PERSON, row["person"]):
            build.note("birth_date_of_nobody", origin.file, origin.line)


def first_of(value: str) -> str:
    """The first item of a list in one cell, or ""."""
    return next(iter(split_list(value)), "")
