"""Guardians: a file says who is responsible for whom; which rights that gives, a person decides."""

from __future__ import annotations

from dataclasses import replace

from preau.directory.rosters.plan import Change, NewGuardianship
from preau.directory.rosters.planning.context import Planning, is_open
from preau.directory.rosters.roster import GuardianshipRow, RowKind
from preau.directory.rosters.state import KnownGuardianship


def tie(work: Planning) -> None:
    """Plans new guardianships without rights; ends undecided ones a complete file dropped. Decisions survive."""
    kept: set[tuple[int, int]] = set()
    planned: set[tuple[str, str]] = set()
    for said in work.roster.guardianships:
        row = replace(
            said,
            guardian_id=work.same_person.get(said.guardian_id, said.guardian_id),
            pupil_id=work.same_person.get(said.pupil_id, said.pupil_id),
        )
        if not _is_known(work, row) or (row.guardian_id, row.pupil_id) in planned:
            continue
        planned.add((row.guardian_id, row.pupil_id))
        guardian, pupil = work.people[row.guardian_id], work.people[row.pupil_id]
        known = work.state.guardianships.get((guardian, pupil)) if guardian and pupil else None
        if guardian and pupil and known is not None:
            kept.add((guardian, pupil))
            _compare(work, guardian, row, known)
        else:
            work.plan.new_guardianships.append(NewGuardianship(row.guardian_id, row.pupil_id, row.link))
            if guardian is not None:
                work.changed_people.add(guardian)
    if work.is_complete(RowKind.PERSON) and work.roster.guardianships:
        _end_absent(work, kept)


def _is_known(work: Planning, row: GuardianshipRow) -> bool:
    """Resolves people a delta names but does not carry; rejects a tie to somebody nobody knows."""
    for person in (row.guardian_id, row.pupil_id):
        if person not in work.people and (key := work.known_person(person)) is not None:
            work.people[person] = work.plan.person_of[person] = key
    if row.guardian_id in work.people and row.pupil_id in work.people:
        return True
    if not work.choices.limited:
        work.reject(row.origin, "unknown_guardian", guardian=row.guardian_id, pupil=row.pupil_id)
    elif row.guardian_id in work.people or row.pupil_id in work.people:
        stranger = row.pupil_id if row.guardian_id in work.people else row.guardian_id
        if work.is_of_another_school(stranger) and not work.is_faulty(RowKind.PERSON, stranger):
            fields = {"guardian": row.guardian_id, "pupil": row.pupil_id}
            work.reject(row.origin, "other_school", fields=fields, name=stranger)
    return False


def _compare(work: Planning, guardian: int, row: GuardianshipRow, known: KnownGuardianship) -> None:
    after: dict[str, object] = {}
    if row.link and row.link != known.link:
        after["link"] = row.link
    if not known.decided and not is_open(known.ends, work.choices.today):
        after["ends"] = None
    if after:
        before = {field: getattr(known, field) for field in after}
        work.plan.updates.append(Change("guardianship", known.pk, before, after))
        work.changed_people.add(guardian)


def _end_absent(work: Planning, said: set[tuple[int, int]]) -> None:
    today = work.choices.today
    faulty = {
        work.state.person_ids[ids[0]] for ids in work.faulty.get(RowKind.PERSON, ()) if ids[0] in work.state.person_ids
    }
    concerned = {key for key in work.people.values() if key is not None}
    for (guardian, pupil), known in work.state.guardianships.items():
        undecided = known.own and not known.decided and is_open(known.ends, today)
        absent = (guardian, pupil) not in said and guardian not in faulty and pupil not in faulty
        if undecided and absent and pupil in concerned:
            change = Change("guardianship", known.pk, {"ends": known.ends}, {"ends": today})
            work.plan.departures.append(change)
