"""Groups: found by this source's id, then by their code in the year; lessons of a whole division set apart."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from preau.directory.rosters.plan import Change, NewGroup, NewGroupId
from preau.directory.rosters.planning.context import Planning, is_open
from preau.directory.rosters.roster import EnrolmentRole, GroupKind, GroupRow, RowKind
from preau.wire.text import fold

CODE_LENGTH = 80
SENSITIVE_WORDS = frozenset({"ulis", "upe2a", "segpa", "catechisme", "aumonerie", "pai", "rased"})


def resolve(work: Planning) -> None:
    """Fills `work.groups` and `work.lessons`; plans new groups and changed names."""
    _set_lessons_apart(work)
    codes = {
        (known.organisation_id, known.school_year, known.kind, known.code): key
        for key, known in work.state.groups.items()
    }
    used: set[tuple[str, int, str, str]] = set()
    first: dict[int, str] = {}
    for row in work.roster.groups:
        if row.source_id in work.lessons:
            _remember_lesson(work, row)
            continue
        if row.organisation_id not in work.organisations:
            _refuse(work, row, "other_school" if work.choices.limited else "group_without_school")
            continue
        year = row.school_year or work.plan.school_year
        organisation = work.organisations[row.organisation_id]
        code = _free_code(row, year, used)
        key = work.state.group_ids.get((row.source_id, year))
        if key is not None and not work.may_touch(work.state.groups[key].organisation_id):
            _refuse(work, row, "other_school")
            continue
        if key is None and organisation is not None:
            key = codes.get((organisation, year, row.kind.value, code))
            if key is not None and work.state.groups[key].own:
                key = None  # this source calls it by another id: two groups, one code
                code = _free_code(row, year, used | {(row.organisation_id, year, row.kind.value, code)})
            elif key is not None:
                work.plan.new_group_ids.append(_id_of(work, row, year))
        used.add((row.organisation_id, year, row.kind.value, code))
        if key is not None and key in first:
            work.same_group[row.source_id] = first[key]
            continue
        work.groups[row.source_id] = key
        if key is None:
            work.plan.groups.created += 1
            work.plan.ended_in_file += row.ended
            work.plan.new_group_ids.append(_id_of(work, row, year))
            work.plan.new_groups.append(
                NewGroup(
                    row.source_id,
                    row.organisation_id,
                    year,
                    row.kind.value,
                    code,
                    row.name or code,
                    row.level,
                    row.ended,
                    _is_sensitive(row),
                )
            )
        else:
            first[key] = row.source_id
            work.plan.group_of[row.source_id] = key
            _compare(work, row, key)


def _remember_lesson(work: Planning, row: GroupRow) -> None:
    """So that a later file which only names the class finds its division."""
    year = row.school_year or work.plan.school_year
    if (row.source_id, year) not in work.state.lesson_ids:
        work.plan.new_group_ids.append(NewGroupId(work.lessons[row.source_id], f"lesson:{year}", row.source_id))


def _id_of(work: Planning, row: GroupRow, year: int) -> NewGroupId:
    """A class of another year may have had the same id: the year then tells them apart."""
    kind = "group" if row.source_id not in work.state.latest_year else f"group:{year}"
    return NewGroupId(row.source_id, kind, row.source_id)


def _shown(row: GroupRow) -> dict[str, str]:
    return {"sourcedId": row.source_id, "title": row.name, "classCode": row.code, "org": row.organisation_id}


def _refuse(work: Planning, row: GroupRow, reason: str) -> None:
    work.reject(row.origin, reason, fields=_shown(row), kind=RowKind.GROUP, ids=(row.source_id,), name=row.name)


def _is_sensitive(row: GroupRow) -> bool:
    """Whether the name or code of a group says something about its pupils' health, language or support."""
    words = set(fold(f"{row.code} {row.name}").split())
    return row.kind is GroupKind.GROUP and bool(words & SENSITIVE_WORDS)


def _free_code(row: GroupRow, year: int, used: set[tuple[str, int, str, str]]) -> str:
    """The file's code, else its name; made different by the file's id where another group of the file has it."""
    code = (row.code or row.name or row.source_id)[:CODE_LENGTH]
    if (row.organisation_id, year, row.kind.value, code) in used:
        code = f"{code[: CODE_LENGTH - 1 - len(row.source_id)]} {row.source_id}"[:CODE_LENGTH]
    return code


def _compare(work: Planning, row: GroupRow, key: int) -> None:
    known = work.state.groups[key]
    after: dict[str, Any] = {}
    if row.name and row.name != known.name:
        after["name"] = row.name
    if row.level and row.level != known.level:
        after["level"] = row.level
    if known.closed_on is not None and not row.ended and known.own:
        after["closed_on"] = None
    closes = known.closed_on is None and row.ended and known.own
    if closes:
        after["closed_on"] = work.choices.today
    before = {field: getattr(known, field) for field in after}
    if closes:
        work.plan.departures.append(Change("group", key, before, after))
        work.plan.groups.departed += 1
    elif after:
        work.plan.updates.append(Change("group", key, before, after))
        work.plan.groups.updated += 1
    else:
        work.plan.groups.unchanged += 1


def _set_lessons_apart(work: Planning) -> None:
    """A scheduled class with exactly a division's pupils is that division's lesson: a teaching, not a group."""
    learners: dict[str, set[str]] = defaultdict(set)
    for enrolment in work.roster.enrolments:
        if enrolment.role is EnrolmentRole.LEARNER and is_open(enrolment.ends, work.choices.today):
            learners[enrolment.group_id].add(enrolment.person_id)
    divisions = {
        (row.organisation_id, frozenset(learners[row.source_id])): row.source_id
        for row in work.roster.groups
        if row.kind is GroupKind.DIVISION and learners.get(row.source_id) and not row.ended
    }
    for row in work.roster.groups:
        pupils = learners.get(row.source_id)
        year = row.school_year or work.plan.school_year
        # What is a group already stays one: people may have used it.
        if row.kind is not GroupKind.GROUP or row.ended or (row.source_id, year) in work.state.group_ids:
            continue
        division = divisions.get((row.organisation_id, frozenset(pupils))) if pupils else None
        if division:
            work.lessons[row.source_id] = division


def close_absent(work: Planning) -> None:
    """Groups of the year that this source no longer has are closed; their memberships end."""
    if not work.is_complete(RowKind.GROUP):
        return
    today = work.choices.today
    said = {key for key in work.groups.values() if key is not None}
    said |= {
        key for (source_id, _year), key in work.state.group_ids.items() if work.is_faulty(RowKind.GROUP, source_id)
    }
    # A school of which the file has no group at all is not one whose groups are all gone.
    spoken = {work.organisations.get(row.organisation_id) for row in work.roster.groups}
    for key, known in work.state.groups.items():
        absent = known.own and known.closed_on is None and known.organisation_id in spoken and key not in said
        if absent and known.school_year == work.plan.school_year:
            work.plan.departures.append(Change("group", key, {"closed_on": None}, {"closed_on": today}))
            work.plan.groups.departed += 1
