"""Memberships and teachings: who is in which group, who teaches what to whom; moves between divisions."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from preau.directory.rosters.plan import Change, Move, NewMembership, NewSubject, NewTeaching
from preau.directory.rosters.planning import deletions
from preau.directory.rosters.planning.context import Planning, is_open
from preau.directory.rosters.roster import EnrolmentRole, EnrolmentRow, GroupKind, GroupRow, RowKind


class _Stay(NamedTuple):
    starts: date | None
    ends: date | None


def enrol(work: Planning) -> None:
    """Plans memberships, then teachings, then what the file no longer says."""
    rows = {row.source_id: row for row in work.roster.groups}
    wanted = _wanted(work, rows)
    for (person, group, role), stay in wanted.items():
        _place(work, rows.get(group), person, group, role, stay)
    _end_absent(work, wanted)
    _note_moves(work)
    _teach(work, rows)


def _wanted(work: Planning, rows: dict[str, GroupRow]) -> dict[tuple[str, str, str], _Stay]:
    """One stay a (person, group, role). A lesson's teachers are teachers of its division."""
    wanted: dict[tuple[str, str, str], _Stay] = {}
    gone = deletions.deleted_groups(work)
    for row in work.roster.enrolments:
        if row.group_id in gone:
            continue
        group = work.same_group.get(row.group_id, row.group_id)
        group = work.lessons.get(group, group)
        if (group != row.group_id or _is_lesson(work, group)) and row.role is EnrolmentRole.LEARNER:
            continue
        if not _is_known(work, row, group):
            continue
        stay = _Stay(row.starts, row.ends)
        if group in rows and rows[group].ended and is_open(row.ends, work.choices.today):
            stay = _Stay(row.starts, work.choices.today)
        place = (work.same_person.get(row.person_id, row.person_id), group, row.role.value)
        before = wanted.get(place)
        if before is not None:
            starts = None if before.starts is None or stay.starts is None else min(before.starts, stay.starts)
            ends = None if before.ends is None or stay.ends is None else max(before.ends, stay.ends)
            stay = _Stay(starts, ends)
        wanted[place] = stay
    return wanted


def _is_known(work: Planning, row: EnrolmentRow, group: str) -> bool:
    """Resolves people and groups a delta names but does not carry; rejects what nobody knows."""
    if group not in work.groups:
        key = work.known_group(group, work.state.group_ids)
        if key is None:
            key = work.known_group(group, work.state.lesson_ids)
        if key is None or not work.may_touch(work.state.groups[key].organisation_id):
            if not work.choices.limited and not work.is_faulty(RowKind.GROUP, group):
                work.reject(row.origin, "unknown_group", fields=_shown(row), group=row.group_id)
            return False
        work.groups[group] = work.plan.group_of[group] = key
    person = work.same_person.get(row.person_id, row.person_id)
    if person not in work.people:
        key = work.known_person(person)
        if key is None:
            if work.is_faulty(RowKind.PERSON, row.person_id):
                return False
            if work.is_of_another_school(person):
                ids = (row.person_id, row.group_id)
                work.reject(
                    row.origin, "other_school", fields=_shown(row), kind=RowKind.ENROLMENT, ids=ids, name=person
                )
            elif not work.choices.limited:
                work.reject(row.origin, "unknown_person", fields=_shown(row), person=row.person_id)
            return False
        work.people[person] = work.plan.person_of[person] = key
    return True


def _is_lesson(work: Planning, group: str) -> bool:
    """Whether a class the file names without describing it is a division's lesson."""
    return (
        group not in work.groups
        and work.known_group(group, work.state.group_ids) is None
        and work.known_group(group, work.state.lesson_ids) is not None
    )


def _shown(row: EnrolmentRow) -> dict[str, str]:
    return {"classSourcedId": row.group_id, "userSourcedId": row.person_id, "role": row.role.value}


def _place(work: Planning, group_row: GroupRow | None, person: str, group: str, role: str, stay: _Stay) -> None:
    today = work.choices.today
    person_key, group_key = work.people[person], work.groups[group]
    known = (
        work.state.memberships.get((person_key, group_key, role))
        if person_key is not None and group_key is not None
        else None
    )
    if known is None or not (known.own or is_open(known.ends, today)):
        starts = work.starts(stay.starts)
        work.plan.new_memberships.append(NewMembership(person, group, role, starts, stay.ends))
        work.plan.memberships.created += 1
        work.plan.ended_in_file += not is_open(stay.ends, today) and not (group_row and group_row.ended)
        return
    if not known.own:
        work.plan.memberships.unchanged += 1
        return
    was_open, is_now_open = is_open(known.ends, today), is_open(stay.ends, today)
    after: dict[str, Any] = {}
    starts = work.starts(stay.starts)
    if starts and starts != known.starts:
        after["starts"] = starts
    if stay.ends != known.ends and (was_open or is_now_open):
        after["ends"] = stay.ends
    if not after:
        work.plan.memberships.unchanged += 1
        return
    change = Change("membership", known.pk, {field: getattr(known, field) for field in after}, after)
    if was_open and not is_now_open:
        work.plan.departures.append(change)
        work.plan.memberships.departed += 1
    else:
        work.plan.updates.append(change)
        work.plan.memberships.updated += 1


def _end_absent(work: Planning, wanted: dict[tuple[str, str, str], _Stay]) -> None:
    """Ends what a complete file no longer says, and everything somebody who left a school had in its groups."""
    today = work.choices.today
    said = {(work.people[person], work.groups[group], role) for person, group, role in wanted}
    touched = work.touched_organisations()
    complete = work.is_complete(RowKind.ENROLMENT) and bool(work.roster.enrolments)
    left = _left(work)
    moved = _moved(work, wanted)
    faulty = _faulty(work)
    closing = {change.pk for change in work.plan.departures if change.table == "membership"}
    for (person, group, role), known in work.state.memberships.items():
        if not is_open(known.ends, today) or known.pk in closing or (person, group, role) in said:
            continue
        of = work.state.groups.get(group)
        if of is None or of.organisation_id not in touched:
            continue
        absent = complete and known.own and of.own and of.school_year == work.plan.school_year
        elsewhere = known.own and role == "learner" and of.kind == "division" and (person, of.organisation_id) in moved
        if (person, group) in faulty or person in work.held:
            continue
        if (person, of.organisation_id) in left or absent or (elsewhere and of.school_year == work.plan.school_year):
            work.plan.departures.append(Change("membership", known.pk, {"ends": known.ends}, {"ends": today}))
            work.plan.memberships.departed += 1


def _moved(work: Planning, wanted: dict[tuple[str, str, str], _Stay]) -> set[tuple[int, int]]:
    """(pupil, organisation) whom the file puts in a division: a pupil is in no other than those the file says."""
    if work.is_next_year:
        return set()
    divisions = {row.source_id: row for row in work.roster.groups if row.kind is GroupKind.DIVISION and not row.ended}
    moved: set[tuple[int, int]] = set()
    for (person, group, role), stay in wanted.items():
        key = work.people[person]
        if role != "learner" or key is None or not is_open(stay.ends, work.choices.today):
            continue
        if group in divisions:
            organisation = work.organisations[divisions[group].organisation_id]
        else:
            known = work.state.groups.get(work.plan.group_of.get(group, 0))
            organisation = known.organisation_id if known is not None and known.kind == "division" else None
        if organisation is not None:
            moved.add((key, organisation))
    return moved


def _faulty(work: Planning) -> set[tuple[int, int]]:
    """(person, group) of which the file has a row that was not taken."""
    found: set[tuple[int, int]] = set()
    people = {ids[0] for ids in work.faulty.get(RowKind.PERSON, ())}
    for person, group in [ids for ids in work.faulty.get(RowKind.ENROLMENT, ()) if len(ids) == 2]:
        person_key, group_key = work.state.person_ids.get(person), work.known_group(group, work.state.group_ids)
        if person_key is not None and group_key is not None:
            found.add((person_key, group_key))
    if people:
        # The rows that speak of somebody whose own row is faulty fell with it.
        keys = {work.state.person_ids[person] for person in people if person in work.state.person_ids}
        found |= {(person, group) for person, group, _role in work.state.memberships if person in keys}
    return found


def _left(work: Planning) -> set[tuple[int, int]]:
    """(person, organisation) whose last tie ends in this plan."""
    today = work.choices.today
    ended = {change.pk for change in work.plan.departures if change.table == "affiliation"}
    reopened = {change.pk for change in work.plan.updates if change.table == "affiliation" and "ends" in change.after}
    left: set[tuple[int, int]] = set()
    stays: set[tuple[int, int]] = set()
    for (person, organisation, _kind), known in work.state.ties.items():
        if known.pk in ended:
            left.add((person, organisation))
        elif is_open(known.ends, today) or known.pk in reopened:
            stays.add((person, organisation))
    for new in work.plan.new_affiliations:
        person_key, organisation_key = work.people[new.person], work.organisations[new.organisation]
        if person_key is not None and organisation_key is not None and is_open(new.ends, today):
            stays.add((person_key, organisation_key))
    return left - stays


def _note_moves(work: Planning) -> None:
    """A learner who leaves a division and joins another, for people to read."""
    divisions = {row.source_id: row for row in work.roster.groups if row.kind is GroupKind.DIVISION}
    id_of = {key: source_id for source_id, key in work.plan.person_of.items()}
    keys = {known.pk: (person, group) for (person, group, _role), known in work.state.memberships.items()}
    leaves: dict[str, str] = {}
    for change in work.plan.departures:
        if change.table == "membership":
            person, group = keys[change.pk]
            if person in id_of and work.state.groups[group].kind == "division":
                leaves[id_of[person]] = work.state.groups[group].name
    for new in work.plan.new_memberships:
        if new.role == "learner" and new.group in divisions and new.person in leaves:
            work.plan.moves.append(Move(new.person, leaves[new.person], divisions[new.group].name))
            key = work.people[new.person]
            if key is not None:
                work.changed_people.add(key)


def _teach(work: Planning, rows: dict[str, GroupRow]) -> None:
    """A row for each (subject, group, teacher) that scheduled classes say; ends those a complete file dropped."""
    wanted: set[tuple[str, str, str, str]] = set()
    taught: set[str] = set()
    teachers: dict[str, list[str]] = {}
    for row in work.roster.enrolments:
        teaches = row.role is not EnrolmentRole.LEARNER and is_open(row.ends, work.choices.today)
        person = work.same_person.get(row.person_id, row.person_id)
        if teaches and person in work.people:
            teachers.setdefault(row.group_id, []).append(person)
    subjects: set[tuple[str, str]] = set()
    for class_id, taught_class in rows.items():
        group = work.lessons.get(class_id, class_id)
        if taught_class.kind is GroupKind.DIVISION or group not in work.groups or taught_class.ended:
            continue
        code = (
            taught_class.subject_code
            or taught_class.subject_name
            or (taught_class.name if class_id in work.lessons else "")
        )
        if not code:
            continue
        _name_subject(work, subjects, taught_class, code)
        taught.add(class_id)
        for teacher in teachers.get(class_id, [""]):
            wanted.add((taught_class.organisation_id, code, group, teacher))
    said: set[tuple[int, int, int | None]] = set()
    for organisation, code, group, teacher in sorted(wanted):
        key = _teaching_key(work, organisation, code, group, teacher)
        if key is not None and key in work.state.teachings:
            said.add(key)
            known = work.state.teachings[key]
            if not is_open(known.ends, work.choices.today):
                work.plan.updates.append(Change("teaching", known.pk, {"ends": known.ends}, {"ends": None}))
        else:
            work.plan.new_teachings.append(NewTeaching(organisation, code, group, teacher))
    _end_teachings(work, said, complete=work.is_complete(RowKind.ENROLMENT) and bool(taught))


def _name_subject(work: Planning, seen: set[tuple[str, str]], row: GroupRow, code: str) -> None:
    if (row.organisation_id, code) in seen:
        return
    seen.add((row.organisation_id, code))
    organisation = work.organisations[row.organisation_id]
    known = work.state.subjects.get((organisation, code)) if organisation is not None else None
    name = row.subject_name or code
    if known is None:
        work.plan.new_subjects.append(NewSubject(row.organisation_id, code, name))
    elif row.subject_name and known[1] != name:
        work.plan.updates.append(Change("subject", known[0], {"name": known[1]}, {"name": name}))


def _teaching_key(
    work: Planning, organisation: str, code: str, group: str, teacher: str
) -> tuple[int, int, int | None] | None:
    organisation_key, group_key = work.organisations[organisation], work.groups[group]
    teacher_key = work.people[teacher] if teacher else None
    if organisation_key is None or group_key is None or (teacher and teacher_key is None):
        return None
    subject = work.state.subjects.get((organisation_key, code))
    return (subject[0], group_key, teacher_key) if subject else None


def _end_teachings(work: Planning, said: set[tuple[int, int, int | None]], *, complete: bool) -> None:
    """Ends those of the year that a complete file dropped, and those of a teacher who left."""
    today = work.choices.today
    touched = work.touched_organisations()
    left = _left(work)
    for key, known in work.state.teachings.items():
        group = work.state.groups.get(key[1])
        if key[2] in work.held:
            continue
        if group is None or group.organisation_id not in touched or not is_open(known.ends, today):
            continue
        dropped = complete and known.own and key not in said and group.school_year == work.plan.school_year
        if dropped or (key[2] is not None and (key[2], group.organisation_id) in left):
            work.plan.departures.append(Change("teaching", known.pk, {"ends": known.ends}, {"ends": today}))
