"""What a simulation showed, kept beside the deposit so that its pages need no second reading of the files.

Codes, names and keys only: sentences are made when a page is shown, in its reader's language. A key of a person is 0
for somebody who does not exist yet.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

import msgspec

from preau.directory.imports.deposits import SeenFile, folder_of, write_whole
from preau.directory.models import Affiliation, Group, Organisation, Person
from preau.directory.rosters.plan import Change, Plan
from preau.directory.rosters.roster import OrganisationRow, Roster
from preau.kernel.db import batches

_PEOPLE_FIELDS = frozenset({"family_name", "given_name", "preferred_given_name", "birth_date", "email", "phone"})
ACCESS = "access"  # the field of a change that closes somebody's account: "open" before, "closed" after
_TIE_FIELDS = frozenset({"label", "level"})


class Moved(msgspec.Struct):
    """A pupil who changes division."""

    person: int
    name: str
    leaves: str
    joins: str


class Changed(msgspec.Struct):
    """One value that changes; `what` names the table, `field` the column; `person` 0 where it is nobody's."""

    what: str
    person: int
    name: str
    field: str
    before: str
    after: str


class Departed(msgspec.Struct):
    """Somebody whose ties the file ends; `closes`: nothing is left, so their account closes."""

    person: int
    name: str
    kinds: list[str]
    place: str
    closes: bool


class Created(msgspec.Struct):
    """Somebody new. `wanted`: the username that was taken, where theirs is another for it."""

    source_id: str
    name: str
    username: str
    kind: str
    group: str
    wanted: str = ""


class Formed(msgspec.Struct):
    """A group that comes into being, with how many people the file puts in it."""

    name: str
    kind: str
    level: str
    people: int


class Alike(msgspec.Struct):
    """Somebody new with the name and birth date of people who are here."""

    source_id: str
    name: str
    born: dt.date | None
    candidates: list[int]


class Leaving(msgspec.Struct):
    """More than a tenth of a school's people of one kind."""

    place: str
    kind: str
    departing: int
    present: int


class Listing(msgspec.Struct, kw_only=True):
    """See the module. `schools`: (id, name) of the file's; `headers`: columns that may be corrected, by file."""

    files: list[SeenFile]
    schools: list[tuple[str, str]]
    headers: dict[str, list[str]]
    moved: list[Moved]
    changed: list[Changed]
    departed: list[Departed]
    created: list[Created]
    formed: list[Formed]
    alike: list[Alike]
    exodus: list[Leaving]
    proposals: int
    guardianships: int


def save(uuid: UUID, listing: Listing) -> None:
    """Keeps it beside the deposit."""
    write_whole(folder_of(uuid) / "listing.msgpack", msgspec.msgpack.encode(listing))


def load(uuid: UUID) -> Listing | None:
    """The listing of that import; None when it is gone."""
    try:
        return msgspec.msgpack.decode((folder_of(uuid) / "listing.msgpack").read_bytes(), type=Listing)
    except FileNotFoundError:
        return None


def make(
    roster: Roster,
    plan: Plan,
    schools: list[OrganisationRow],
    uploaded: list[SeenFile],
    headers: dict[str, list[str]],
) -> Listing:
    """The listing of a plan, with what the names of existing people and groups ask of the database."""
    new_names = {new.source_id: _name(new.given_name, new.family_name, new.preferred_given_name) or new.username
                 for new in plan.new_people}  # fmt: skip
    ties = _ties(plan)
    wanted = {change.pk for change in plan.updates if change.table == "person"}
    wanted |= {plan.person_of[move.person] for move in plan.moves if move.person in plan.person_of}
    wanted |= set(plan.close_access)
    wanted |= {tie.person_id for tie in ties.values()}
    names = _names(wanted)
    return Listing(
        files=_files(roster, plan, uploaded),
        schools=_schools(schools),
        headers=headers,
        moved=[_moved(plan, names, new_names, *move) for move in plan.moves],
        changed=_changed(plan, names, ties),
        departed=_departed(plan, names, ties),
        created=_created(plan, new_names),
        formed=_formed(plan),
        alike=_alike(plan, new_names),
        exodus=_exodus(plan),
        proposals=len(plan.proposals),
        guardianships=len(plan.new_guardianships),
    )  # fmt: skip


def only_schools(schools: list[OrganisationRow]) -> Listing:
    """What is kept of files that were refused: the schools they speak of, one of which may be said to be ours."""
    return Listing(
        files=[], schools=_schools(schools), headers={}, moved=[], changed=[], departed=[], created=[], formed=[],
        alike=[], exodus=[], proposals=0, guardianships=0,
    )  # fmt: skip


def _schools(rows: list[OrganisationRow]) -> list[tuple[str, str]]:
    return [(row.source_id, row.name or row.source_id) for row in rows]


def _name(given: str, family: str, preferred: str = "") -> str:
    return f"{preferred or given} {family}".strip()


def _names(people: set[int]) -> dict[int, str]:
    return {
        person.pk: person.display_name
        for batch in batches(sorted(people))
        for person in Person.objects.filter(pk__in=batch)
    }


def _ties(plan: Plan) -> dict[int, Affiliation]:
    """The affiliations that change or end."""
    keys = sorted({change.pk for change in (*plan.updates, *plan.departures) if change.table == "affiliation"})
    return {
        tie.pk: tie
        for batch in batches(keys)
        for tie in Affiliation.objects.filter(pk__in=batch).select_related("organisation")
    }


def _moved(plan: Plan, names: dict[int, str], new_names: dict[str, str], person: str, leaves: str, joins: str) -> Moved:
    key = plan.person_of.get(person, 0)
    return Moved(key, names.get(key) or new_names.get(person, ""), leaves, joins)


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _changed(plan: Plan, names: dict[int, str], ties: dict[int, Affiliation]) -> list[Changed]:
    found: list[Changed] = []
    groups = Group.objects.in_bulk([change.pk for change in plan.updates if change.table == "group"])
    for change in plan.updates:
        if change.table == "person":
            found += _fields(change, change.pk, names[change.pk], _PEOPLE_FIELDS)
        elif change.table == "affiliation":
            person = ties[change.pk].person_id
            found += _fields(change, person, names[person], _TIE_FIELDS)
        elif change.table == "group":
            found += _fields(change, 0, groups[change.pk].name, frozenset({"name", "level"}))
        elif change.table == "organisation":
            found += _fields(change, 0, str(change.before.get("name", "")), frozenset({"name"}))
    found += [Changed("person", key, names[key], ACCESS, "open", "closed") for key in plan.close_access]
    return found


def _fields(change: Change, person: int, name: str, shown: frozenset[str]) -> list[Changed]:
    return [
        Changed(change.table, person, name, field, _said(change.before.get(field)), _said(after))
        for field, after in change.after.items()
        if field in shown
    ]


def _departed(plan: Plan, names: dict[int, str], ties: dict[int, Affiliation]) -> list[Departed]:
    closes = set(plan.suspend)
    found: dict[int, Departed] = {}
    for change in plan.departures:
        if change.table != "affiliation":
            continue
        tie = ties[change.pk]
        key = tie.person_id
        line = found.setdefault(key, Departed(key, names[key], [], tie.organisation.name, key in closes))
        if tie.kind not in line.kinds:
            line.kinds.append(tie.kind)
    return list(found.values())


def _created(plan: Plan, new_names: dict[str, str]) -> list[Created]:
    kinds: dict[str, str] = {}
    for tie in plan.new_affiliations:
        kinds.setdefault(tie.person, tie.kind)
    divisions = {group.source_id: group.name for group in plan.new_groups if group.kind == "division"}
    known = Group.objects.filter(pk__in=set(plan.group_of.values()), kind="division")
    by_key = dict(known.values_list("pk", "name"))
    divisions |= {source_id: by_key[key] for source_id, key in plan.group_of.items() if key in by_key}
    groups: dict[str, str] = {}
    for stay in plan.new_memberships:
        if stay.role == "learner" and stay.group in divisions:
            groups.setdefault(stay.person, divisions[stay.group])
    taken = {clash.person: clash.wanted for clash in plan.clashes}
    return [
        Created(
            new.source_id,
            new_names[new.source_id],
            new.username,
            kinds.get(new.source_id, ""),
            groups.get(new.source_id, ""),
            taken.get(new.source_id, ""),
        )
        for new in plan.new_people
    ]


def _formed(plan: Plan) -> list[Formed]:
    people = Counter(stay.group for stay in plan.new_memberships if stay.role == "learner")
    made = [Formed(new.name or new.code, new.kind, new.level, people[new.source_id]) for new in plan.new_groups]
    return sorted(made, key=lambda group: (group.kind != "division", group.name))


def _alike(plan: Plan, new_names: dict[str, str]) -> list[Alike]:
    born = {new.source_id: new.birth_date for new in plan.new_people}
    return [
        Alike(match.person, new_names.get(match.person, match.person), born.get(match.person), list(match.candidates))
        for match in plan.weak_matches
    ]


def _exodus(plan: Plan) -> list[Leaving]:
    names = dict(
        Organisation.objects.filter(pk__in=[row.organisation for row in plan.exodus]).values_list("pk", "name")
    )
    return [Leaving(names[row.organisation], row.kind, row.departing, row.present) for row in plan.exodus]


def _files(roster: Roster, plan: Plan, uploaded: list[SeenFile]) -> list[SeenFile]:
    """What was read of each file: people by kind, groups, enrolments, schools; or why nothing was."""
    rows: dict[str, Counter[str]] = {}
    seen: set[tuple[str, str, str]] = set()

    def count(file: str, kind: str, who: str) -> None:
        if file and (file, kind, who) not in seen:
            seen.add((file, kind, who))
            rows.setdefault(file, Counter())[kind] += 1

    for organisation in roster.organisations:
        count(organisation.origin.file, "organisation", organisation.source_id)
    for affiliation in roster.affiliations:
        count(affiliation.origin.file, affiliation.kind.value, affiliation.person_id)
    for group in roster.groups:
        count(group.origin.file, group.kind.value, group.source_id)
    for enrolment in roster.enrolments:
        rows.setdefault(enrolment.origin.file, Counter())["enrolment"] += 1
    for guardianship in roster.guardianships:
        rows.setdefault(guardianship.origin.file, Counter())["guardianship"] += 1
    for person in roster.people:
        if person.origin.file not in rows:
            rows[person.origin.file] = Counter()
        rows[person.origin.file]["row"] += 1
    for refused in roster.rejected:
        rows.setdefault(refused.origin.file, Counter())
    left = {notice.file: notice for notice in roster.notices if notice.reason.startswith("file_") and notice.file}
    sizes = {file.name: file.size for file in uploaded}
    names = [name for name in dict.fromkeys([*sorted(rows), *sorted(left), *sizes]) if name]
    inside_archive = len(uploaded) == 1 and uploaded[0].name not in rows and bool(rows)
    return [
        SeenFile(
            name,
            sizes.get(name, 0),
            dict(rows.get(name, {})),
            left[name].reason if name in left and name not in rows else "",
            dict(left[name].details) if name in left and name not in rows else {},
        )
        for name in names
        if not (inside_archive and name == uploaded[0].name)
    ]
