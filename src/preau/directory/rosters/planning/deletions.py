"""What a file takes away by name (OneRoster `tobedeleted`, deltas): only what this source itself said goes."""

from __future__ import annotations

from preau.directory.rosters.plan import Change
from preau.directory.rosters.planning.context import Planning, is_open
from preau.directory.rosters.roster import Deleted, RowKind


def leave(work: Planning) -> None:
    """Ends the ties of deleted people, before their memberships are looked at."""
    today = work.choices.today
    # Somebody may have two ids here; a row under one of them outweighs the deletion of the other.
    present = set(work.people.values())
    gone: set[int] = set()
    for row in _deleted(work, RowKind.PERSON):
        key = work.known_person(row.ids[0])
        if key is None:
            work.count("deleted_unknown", row.ids[0])
        elif key not in present:
            gone.add(key)
    ended = {change.pk for change in work.plan.departures if change.table == "affiliation"}
    for (person, organisation, _kind), known in work.state.ties.items():
        if person in gone and known.own and is_open(known.ends, today) and known.pk not in ended:
            if not work.may_touch(organisation) or work.holds(person):
                continue
            work.plan.departures.append(Change("affiliation", known.pk, {"ends": known.ends}, {"ends": today}))
            work.departed_people.add(person)
    for row in _deleted(work, RowKind.ORGANISATION):
        work.notice("organisation_not_deleted", id=row.ids[0])


def deleted_groups(work: Planning) -> set[str]:
    """Ids of groups the file deletes and does not describe all the same."""
    return {row.ids[0] for row in _deleted(work, RowKind.GROUP)} - {row.source_id for row in work.roster.groups}


def drop(work: Planning) -> None:
    """Ends deleted enrolments, closes deleted groups with everything in them."""
    today = work.choices.today
    closed: set[int] = set()
    gone = deleted_groups(work)
    said = {
        (work.people.get(work.same_person.get(row.person_id, row.person_id)), work.groups.get(row.group_id))
        for row in work.roster.enrolments
    }
    done = {(change.table, change.pk) for change in work.plan.departures}
    for row in _deleted(work, RowKind.GROUP):
        if row.ids[0] not in gone:
            continue
        key = work.known_group(row.ids[0], work.state.group_ids)
        if key is None or not work.may_touch(work.state.groups[key].organisation_id):
            work.count("deleted_unknown", row.ids[0])
        elif work.state.groups[key].closed_on is None and ("group", key) not in done and key not in closed:
            closed.add(key)
            work.plan.departures.append(Change("group", key, {"closed_on": None}, {"closed_on": today}))
            work.plan.groups.departed += 1
    pairs: set[tuple[int, int]] = set()
    for row in _deleted(work, RowKind.ENROLMENT):
        person = work.known_person(row.ids[0])
        group = work.known_group(row.ids[1], work.state.group_ids) if len(row.ids) > 1 else None
        if person is None or group is None or not work.may_touch(work.state.groups[group].organisation_id):
            work.count("deleted_unknown", " / ".join(row.ids))
        elif (person, group) not in said:
            pairs.add((person, group))
    for (person, group, _role), stay in work.state.memberships.items():
        ours = stay.own and is_open(stay.ends, today) and ("membership", stay.pk) not in done
        if ours and (group in closed or (person, group) in pairs):
            work.plan.departures.append(Change("membership", stay.pk, {"ends": stay.ends}, {"ends": today}))
            work.plan.memberships.departed += 1
    for (_subject, group, _teacher), lesson in work.state.teachings.items():
        ours = lesson.own and is_open(lesson.ends, today) and ("teaching", lesson.pk) not in done
        if ours and group in closed:
            work.plan.departures.append(Change("teaching", lesson.pk, {"ends": lesson.ends}, {"ends": today}))


def _deleted(work: Planning, kind: RowKind) -> list[Deleted]:
    if work.is_next_year:
        return []
    return [row for row in work.roster.deleted if row.kind is kind]
