"""What people are to organisations: ties made, changed and ended, powers proposed, people suspended and let back in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from preau.directory.rosters.plan import Change, Exodus, NewAffiliation, Proposal
from preau.directory.rosters.planning.context import TURNS, Planning, is_current, is_open
from preau.directory.rosters.roster import AffiliationRow, RowKind
from preau.directory.rosters.state import KnownTie

EXODUS_SHARE = 0.10


def affiliate(work: Planning) -> None:
    """Ties people to organisations, ends those the file ends or leaves out, proposes the powers its words suggest."""
    merged = _merge(work)
    today = work.choices.today
    for (person, organisation, kind), row in merged.items():
        known = _known_tie(work, person, organisation, kind)
        if known is None or not (known.own or is_open(known.ends, today)):
            over = not is_open(row.ends, today)
            work.plan.ended_in_file += over
            work.plan.new_affiliations.append(
                NewAffiliation(person, organisation, kind, row.word, row.level, work.starts(row.starts), row.ends)
            )
            _touch(work, person)
        else:
            _compare_tie(work, person, row, known)
        if row.proposes and is_open(row.ends, today):
            _propose(work, person, organisation, row.proposes.value)
    _end_absent(work, merged)


def _merge(work: Planning) -> dict[tuple[str, str, str], AffiliationRow]:
    """One row a (person, organisation, kind): the words joined, the longest stay kept."""
    merged: dict[tuple[str, str, str], AffiliationRow] = {}
    for row in work.roster.affiliations:
        said_of = work.same_person.get(row.person_id, row.person_id)
        if said_of not in work.people:
            key = work.known_person(said_of)
            if key is None:
                _refuse_stranger(work, row)
                continue  # else the person's own row was rejected, with its reason
            work.people[said_of] = work.plan.person_of[said_of] = key
        if row.organisation_id not in work.organisations:
            known = work.state.organisation_ids.get(row.organisation_id)
            if known is None or work.choices.limited:
                continue
            work.organisations[row.organisation_id] = work.plan.organisation_of[row.organisation_id] = known
        place = (said_of, row.organisation_id, row.kind.value)
        before = merged.get(place)
        merged[place] = row if before is None else _merged(before, row)
    return merged


def _refuse_stranger(work: Planning, row: AffiliationRow) -> None:
    said = row.organisation_id in work.organisations and not work.is_faulty(RowKind.PERSON, row.person_id)
    if said and work.is_of_another_school(row.person_id):
        fields = {"userSourcedId": row.person_id, "orgSourcedId": row.organisation_id, "role": row.kind.value}
        ids = (row.person_id,)
        work.reject(row.origin, "other_school", fields=fields, kind=RowKind.PERSON, ids=ids, name=row.person_id)


def _merged(first: AffiliationRow, second: AffiliationRow) -> AffiliationRow:
    known = second.word in first.word.split(", ")
    return replace(
        first,
        word=first.word if known else f"{first.word}, {second.word}".strip(", ")[:80],
        proposes=first.proposes or second.proposes,
        level=first.level or second.level,
        starts=None if first.starts is None or second.starts is None else min(first.starts, second.starts),
        ends=None if first.ends is None or second.ends is None else max(first.ends, second.ends),
    )


def _known_tie(work: Planning, person: str, organisation: str, kind: str) -> KnownTie | None:
    person_key, organisation_key = work.people[person], work.organisations[organisation]
    if person_key is None or organisation_key is None:
        return None
    return work.state.ties.get((person_key, organisation_key, kind))


def _touch(work: Planning, person: str) -> None:
    key = work.people[person]
    if key is not None:
        work.changed_people.add(key)


def _compare_tie(work: Planning, person: str, row: AffiliationRow, known: KnownTie) -> None:
    today = work.choices.today
    after: dict[str, Any] = {}
    if work.is_next_year or not known.own:
        return  # what holds today is not for a coming year's file, nor for another source's, to change
    if row.word and row.word != known.label:
        after["label"] = row.word
    if row.level and row.level != known.level:
        after["level"] = row.level
    if row.starts and row.starts != known.starts:
        after["starts"] = row.starts
    if row.ends != known.ends and (is_open(known.ends, today) or is_open(row.ends, today)):
        after["ends"] = row.ends
    key = work.people[person]
    if "ends" in after and not is_open(row.ends, today) and key is not None and work.holds(key):
        del after["ends"]
    if not after:
        return
    change = Change("affiliation", known.pk, {field: getattr(known, field) for field in after}, after)
    if "ends" in after and not is_open(row.ends, today):
        work.plan.departures.append(change)
        if key is not None:
            work.departed_people.add(key)
    else:
        work.plan.updates.append(change)
        _touch(work, person)


def _propose(work: Planning, person: str, organisation: str, role: str) -> None:
    person_key, organisation_key = work.people[person], work.organisations[organisation]
    known = person_key is not None and organisation_key is not None
    if not known or (person_key, role, organisation_key) not in work.state.grants:
        proposal = Proposal(person, organisation, role)
        if proposal not in work.plan.proposals[-8:]:
            work.plan.proposals.append(proposal)


def _end_absent(work: Planning, merged: dict[tuple[str, str, str], AffiliationRow]) -> None:
    """Absence from a file that is complete for a school and kind is a departure; a tenth of them asks twice."""
    today = work.choices.today
    touched = work.touched_organisations()
    said = {(work.people[person], work.organisations[organisation], kind) for person, organisation, kind in merged}
    spoken = {(organisation, kind) for _person, organisation, kind in said}
    complete = work.is_complete(RowKind.PERSON)
    faulty = {key for source_id, key in work.state.person_ids.items() if work.is_faulty(RowKind.PERSON, source_id)}
    ended_by_file = {change.pk for change in work.plan.departures if change.table == "affiliation"}
    present: Counter[tuple[int, str]] = Counter()
    departing: Counter[tuple[int, str]] = Counter()
    for (person, organisation, kind), known in work.state.ties.items():
        if organisation not in touched or not known.own or not is_open(known.ends, today):
            continue
        present[organisation, kind] += 1
        absent = (
            complete
            and not _is_of_a_later_year(work, known)
            and (person, organisation, kind) not in said
            and (organisation, kind) in spoken
            and person not in faulty
            and not work.holds(person)
        )
        if absent:
            work.plan.departures.append(Change("affiliation", known.pk, {"ends": known.ends}, {"ends": today}))
            work.departed_people.add(person)
        if known.pk in ended_by_file or absent:
            departing[organisation, kind] += 1
    for (organisation, kind), count in sorted(departing.items()):
        if count > EXODUS_SHARE * present[organisation, kind]:
            work.plan.exodus.append(Exodus(organisation, kind, count, present[organisation, kind]))


def _is_of_a_later_year(work: Planning, known: KnownTie) -> bool:
    """Whether it begins in a school year that the file does not speak of yet."""
    return known.starts is not None and known.starts >= date(work.plan.school_year + 1, *TURNS)


def conclude(work: Planning) -> None:
    """Suspends those left without anything that holds today, lifts it for those who came back, counts.

    Whoever's tie begins later is suspended until that day; the night's job then lets them in (jobs.settle_people).
    """
    concerned, stays = _holding(work)
    for person in sorted(concerned | work.departed_people | work.without_access):
        who = work.state.people[person]
        if person in stays or who.elsewhere:
            _let_in(work, person, who.suspension)
        elif who.powers:
            work.count("power_remains", f"{who.given_name} {who.family_name}".strip() or who.username)
        elif not who.suspension and not work.holds(person):
            work.plan.suspend.append(person)
    _count(work, work.departed_people - stays)


def _holding(work: Planning) -> tuple[set[int], set[int]]:
    """People whose ties this plan touches, and people with a tie of this source that holds today after it."""
    today = work.choices.today
    changes = [*work.plan.updates, *work.plan.departures]
    after = {change.pk: change.after for change in changes if change.table == "affiliation"}
    concerned: set[int] = set()
    stays: set[int] = set()
    for (person, _organisation, _kind), known in work.state.ties.items():
        now = after.get(known.pk, {})
        if now:
            concerned.add(person)
        if known.own and is_current(now.get("starts", known.starts), now.get("ends", known.ends), today):
            stays.add(person)
    for new in work.plan.new_affiliations:
        key = work.people[new.person]
        if key is not None:
            concerned.add(key)
            if is_current(new.starts, new.ends, today):
                stays.add(key)
    return concerned, stays


def _let_in(work: Planning, person: int, suspension: str) -> None:
    """Somebody who is here: access as the file says, but never again after a person, or a file, closed it."""
    if person in work.choices.untouchable:
        if suspension == "departure":
            work.spare(person)
    elif person in work.without_access and suspension != "decision":
        work.plan.close_access.append(person)
        work.changed_people.add(person)
    elif person not in work.without_access and suspension == "departure":
        work.plan.resume.append(person)
        work.changed_people.add(person)


def _count(work: Planning, gone: set[int]) -> None:
    concerned = {key for key in work.people.values() if key is not None}
    counts = work.plan.people
    counts.departed = len(gone)
    counts.updated = len((work.changed_people | work.departed_people) - gone)
    counts.unchanged = len(concerned - work.changed_people - work.departed_people)
