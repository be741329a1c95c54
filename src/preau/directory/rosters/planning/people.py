"""People: matched by this source's id, by a confirmed match, by an official id; named and identified."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

from preau.directory.rosters.plan import Change, Clash, NewId, NewPerson, WeakMatch
from preau.directory.rosters.planning.context import Planning
from preau.directory.rosters.roster import AffiliationKind, PersonRow, RowKind
from preau.directory.rosters.state import KnownPerson
from preau.wire.text import fold

# Identifiers that name a person beyond one system, strongest first (docs/directory.md, Match).
OFFICIAL_KINDS = ("ELEVE_ID", "INE_RNIE", "INE_BEA", "ID_NATIONAL", "INE", "userMasterIdentifier")
USERNAME_LENGTH = 40
_NOT_USERNAME = re.compile(r"[^a-z0-9]+")


def resolve(work: Planning) -> None:
    """Fills `work.people`; plans new people, changed names, confirmed and weak matches."""
    pupils = {row.person_id for row in work.roster.affiliations if row.kind is AffiliationKind.PUPIL}
    placed = {row.person_id for row in work.roster.affiliations if row.organisation_id in work.organisations}
    tied = {row.person_id for row in work.roster.affiliations}
    seen = _Seen(set(work.state.usernames), {}, set())
    for row in work.roster.people:
        elsewhere = work.is_of_another_school(row.source_id)
        unplaced = row.source_id not in placed
        if elsewhere or (unplaced and work.choices.limited and work.known_person(row.source_id) is None):
            _refuse(work, row, "other_school" if elsewhere or row.source_id in tied else "school_not_said")
            continue
        if unplaced and row.source_id not in work.state.person_ids:
            work.count("person_without_school", _name(row))
        # Birth dates are kept only where age rules or matching need them.
        birth_date = row.birth_date if row.source_id in pupils else None
        key = _match(work, row)
        if key is not None and not work.may_match(key):
            _refuse(work, row, "other_school")
            continue
        if key is not None and row.source_id not in work.state.person_ids:
            if key in seen.matched:
                key = None
            else:
                work.plan.new_ids.append(NewId(row.source_id, "person", row.source_id))
                work.changed_people.add(key)
        if key is not None and key in seen.matched:
            work.same_person[row.source_id] = seen.matched[key]
            work.count("two_rows_one_person", _name(row))
            continue
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


def _refuse(work: Planning, row: PersonRow, reason: str) -> None:
    ids = (row.source_id,)
    work.reject(row.origin, reason, fields=_shown(row), kind=RowKind.PERSON, ids=ids, name=_name(row))


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


def _match(work: Planning, row: PersonRow) -> int | None:
    """Who that is: by this source's id, by what somebody confirmed, by an official id."""
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
    return key if key in work.state.people else None


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
        alike = work.state.homonyms.get(birthday_key(row.family_name, row.given_name, birth_date), ())
        same = [key for key in alike if work.may_match(key)]
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
    after = _differences(work, row, birth_date, known)
    if key in work.choices.untouchable:
        work.said_as[key] = _name(row)
        if after or not row.enabled:
            work.spare(key)
        return
    _note_change(work, key, known, after)
    _identify(work, row, key, seen)
    if not row.enabled:
        work.without_access.add(key)
    elif known.suspension == "decision":
        # Who closed it is not known here; a file opens nothing that a person may have closed.
        work.count("access_stays_closed", _name(row))


def _differences(work: Planning, row: PersonRow, birth_date: date | None, known: KnownPerson) -> dict[str, Any]:
    """What the row would change of somebody's names, contacts and birth date."""
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
    return {field: value for field, value in after.items() if getattr(known, field) != value}


def _note_change(work: Planning, key: int, known: KnownPerson, after: dict[str, Any]) -> None:
    if after:
        before = {field: getattr(known, field) for field in after}
        work.plan.updates.append(Change("person", key, before, after))
        work.changed_people.add(key)


def birthday_key(family: str, given: str, birth: date) -> tuple[str, str, date]:
    """The key of `State.homonyms`."""
    return fold(family), fold(given), birth
