"""People: matched by this source's id, then by an official id; named, tied to organisations, departed, suspended."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from preau.directory.rosters.plan import Change, Clash, Exodus, NewAffiliation, NewId, NewPerson, Proposal, WeakMatch
from preau.directory.rosters.planning.context import Planning, is_current, is_open
from preau.directory.rosters.roster import AffiliationKind, AffiliationRow, PersonRow, RowKind
from preau.directory.rosters.state import KnownPerson, KnownTie
from preau.wire.text import fold

# Identifiers that name a person beyond one system, strongest first (DIRECTORY.md, Match).
OFFICIAL_KINDS = ("ELEVE_ID", "INE_RNIE", "INE_BEA", "ID_NATIONAL", "INE", "userMasterIdentifier")
EXODUS_SHARE = 0.10
USERNAME_LENGTH = 40
_NOT_USERNAME = re.compile(r"[^a-z0-9]+")


def resolve(work: Planning) -> None:
    """Fills `work.people`; plans new people, changed names, confirmed and weak matches."""
    pupils = {row.person_id for row in work.roster.affiliations if row.kind is AffiliationKind.PUPIL}
    placed = {row.person_id for row in work.roster.affiliations if row.organisation_id in work.organisations}
    tied = {row.person_id for row in work.roster.affiliations}
    own = _known_here(work)
    seen = _Seen(set(work.state.usernames), {}, set())
    for row in work.roster.people:
        if row.source_id in placed:
            pass
        elif work.choices.limited and work.state.person_ids.get(row.source_id) not in own:
            work.reject(
                row.origin,
                "other_school" if row.source_id in tied else "school_not_said",
                fields=_shown(row),
                kind=RowKind.PERSON,
                ids=(row.source_id,),
                name=_name(row),
            )
            continue
        elif row.source_id not in work.state.person_ids:
            work.count("person_without_school", _name(row))
        # Birth dates are kept only where age rules or matching need them.
        birth_date = row.birth_date if row.source_id in pupils else None
        key = _match(work, row, seen)
        work.people[row.source_id] = key
        if key is None:
            _plan_new(work, row, birth_date, seen)
        else:
            seen.matched[key] = row.source_id
            work.plan.person_of[row.source_id] = key
            _plan_changed(work, row, birth_date, key, seen)


class _Seen(NamedTuple):
    """Usernames in use; who in the file was found to be whom; official ids given out by this plan."""

    usernames: set[str]
    matched: dict[int, str]
    identifiers: set[tuple[str, str]]


def _known_here(work: Planning) -> set[int]:
    """People who are or were in the organisations this import may touch: a limited one may speak of nobody else."""
    touched = work.touched_organisations()
    return {person for person, organisation, _kind in work.state.ties if organisation in touched}


def _shown(row: PersonRow) -> dict[str, str]:
    return {
        "sourcedId": row.source_id,
        "username": row.username,
        "familyName": row.family_name,
        "givenName": row.given_name,
        "birthDate": row.birth_date.isoformat() if row.birth_date else "",
        "email": row.email,
    }


def _name(row: PersonRow) -> str:
    return f"{row.preferred_given_name or row.given_name} {row.family_name}".strip() or row.username


def _match(work: Planning, row: PersonRow, seen: _Seen) -> int | None:
    """Who that is: by this source's id, by what somebody confirmed, by an official id nobody else of the file has."""
    key = work.state.person_ids.get(row.source_id)
    if key is not None:
        return key
    key = work.choices.matches.get(row.source_id)
    if key is None:
        identifiers = dict(row.identifiers)
        key = next(
            (
                work.state.official_ids[kind, identifiers[kind]]
                for kind in OFFICIAL_KINDS
                if (kind, identifiers.get(kind, "")) in work.state.official_ids
            ),
            None,
        )
    if key is None or key in seen.matched or key not in work.state.people:
        return None
    work.plan.new_ids.append(NewId(row.source_id, "person", row.source_id))
    work.changed_people.add(key)
    return key


def _identify(work: Planning, row: PersonRow, key: int | None, seen: _Seen) -> None:
    """Official ids the person did not have. One that somebody else has, here or in the file, is said and left."""
    for identifier in row.identifiers:
        kind, value = identifier
        holder = work.state.official_ids.get(identifier)
        if (holder is not None and holder != key) or identifier in seen.identifiers:
            work.notice("identifier_of_another", name=_name(row), kind=kind)
        elif holder is None:
            work.plan.new_ids.append(NewId(row.source_id, kind, value))
            if key is not None:
                work.changed_people.add(key)
        seen.identifiers.add(identifier)


def _plan_new(work: Planning, row: PersonRow, birth_date: date | None, seen: _Seen) -> None:
    wanted = username_for(row)
    username = free_username(wanted, seen.usernames)
    seen.usernames.add(username)
    if username != wanted:
        work.plan.clashes.append(Clash(row.source_id, wanted, username))
    if not (row.family_name or row.given_name):
        work.count("person_without_name", username)
    elif "?" in f"{row.family_name}{row.given_name}":
        work.count("new_name_with_question_mark", _name(row))
    work.plan.new_people.append(
        NewPerson(
            row.source_id,
            username,
            row.username,
            row.family_name,
            row.given_name,
            row.preferred_given_name,
            birth_date,
            row.email,
            row.phone,
            row.enabled,
        )
    )
    work.plan.new_ids.append(NewId(row.source_id, "person", row.source_id))
    _identify(work, row, None, seen)
    if birth_date:
        same = work.state.homonyms.get(birthday_key(row.family_name, row.given_name, birth_date))
        if same:
            work.plan.weak_matches.append(WeakMatch(row.source_id, tuple(same)))
    work.plan.people.created += 1


def username_for(row: PersonRow) -> str:
    """Our rule: given.family, folded; from the file's username where there is no name."""
    given = _NOT_USERNAME.sub("-", fold(row.preferred_given_name or row.given_name)).strip("-")
    family = _NOT_USERNAME.sub("-", fold(row.family_name)).strip("-")
    name = ".".join(part for part in (given, family) if part)
    if not name:
        name = _NOT_USERNAME.sub(".", fold(row.username.split("@")[0])).strip(".")
    return (name or f"p.{fold(row.source_id).replace(' ', '')}")[:USERNAME_LENGTH].strip(".-")


def free_username(wanted: str, taken: set[str]) -> str:
    """`wanted`, or the first of wanted2, wanted3… that nobody has."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}{number}" in taken:
        number += 1
    return f"{wanted}{number}"


def _plan_changed(work: Planning, row: PersonRow, birth_date: date | None, key: int, seen: _Seen) -> None:
    known = work.state.people[key]
    after: dict[str, Any] = {}
    for field in ("family_name", "given_name"):
        value = getattr(row, field)
        if "?" in value and "?" not in getattr(known, field):
            # SIECLE writes "?" for what its encoding lacks: never over a better name.
            work.count("name_with_question_mark", f"{known.given_name} {known.family_name}".strip())
        elif value:
            after[field] = value
    if row.preferred_given_name and not known.preferred_given_name:
        after["preferred_given_name"] = row.preferred_given_name
    if birth_date:
        after["birth_date"] = birth_date
    if row.username:
        after["source_username"] = row.username
    for field in ("email", "phone"):
        value = getattr(row, field)
        if value and not (known.edited and getattr(known, field)):
            after[field] = value
    _note_change(work, key, known, after)
    _identify(work, row, key, seen)
    if not row.enabled and not known.suspension:
        work.plan.close_access.append(key)
        work.changed_people.add(key)
    elif row.enabled and known.suspension == "decision":
        # Who closed it is not known here; a file opens nothing that a person may have closed.
        work.count("access_stays_closed", _name(row))


def _note_change(work: Planning, key: int, known: KnownPerson, after: dict[str, Any]) -> None:
    after = {field: value for field, value in after.items() if getattr(known, field) != value}
    if after:
        before = {field: getattr(known, field) for field in after}
        work.plan.updates.append(Change("person", key, before, after))
        work.changed_people.add(key)


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
        if row.person_id not in work.people:
            if row.person_id not in work.state.person_ids:
                continue  # the person's own row was rejected, with its reason
            key = work.state.person_ids[row.person_id]
            work.people[row.person_id] = work.plan.person_of[row.person_id] = key
        if row.organisation_id not in work.organisations:
            known = work.state.organisation_ids.get(row.organisation_id)
            if known is None or work.choices.limited:
                continue
            work.organisations[row.organisation_id] = work.plan.organisation_of[row.organisation_id] = known
        place = (row.person_id, row.organisation_id, row.kind.value)
        before = merged.get(place)
        merged[place] = row if before is None else _merged(before, row)
    return merged


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
    if not after:
        return
    change = Change("affiliation", known.pk, {field: getattr(known, field) for field in after}, after)
    key = work.people[person]
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
            and (person, organisation, kind) not in said
            and (organisation, kind) in spoken
            and person not in faulty
        )
        if absent:
            work.plan.departures.append(Change("affiliation", known.pk, {"ends": known.ends}, {"ends": today}))
            work.departed_people.add(person)
        if known.pk in ended_by_file or absent:
            departing[organisation, kind] += 1
    for (organisation, kind), count in sorted(departing.items()):
        if count > EXODUS_SHARE * present[organisation, kind]:
            work.plan.exodus.append(Exodus(organisation, kind, count, present[organisation, kind]))


def conclude(work: Planning) -> None:
    """Suspends those left without anything that holds today, lifts it for those who came back, counts.

    Whoever's tie begins later is suspended until that day; the night's job then lets them in (jobs.settle_people).
    """
    today = work.choices.today
    changes = [*work.plan.updates, *work.plan.departures]
    after = {change.pk: change.after for change in changes if change.table == "affiliation"}
    stays: set[int] = set()
    concerned = set(work.departed_people)
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
    for person in sorted(concerned):
        who = work.state.people[person]
        if person in stays or who.elsewhere:
            if who.suspension == "departure":
                work.plan.resume.append(person)
                work.changed_people.add(person)
        elif who.powers:
            work.count("power_remains", f"{who.given_name} {who.family_name}".strip() or who.username)
        elif not who.suspension:
            work.plan.suspend.append(person)
    _count(work, work.departed_people - stays)


def _count(work: Planning, gone: set[int]) -> None:
    concerned = {key for key in work.people.values() if key is not None}
    counts = work.plan.people
    counts.departed = len(gone)
    counts.updated = len((work.changed_people | work.departed_people) - gone)
    counts.unchanged = len(concerned - work.changed_people - work.departed_people)


def birthday_key(family: str, given: str, birth: date) -> tuple[str, str, date]:
    """The key of `State.homonyms`."""
    return fold(family), fold(given), birth
