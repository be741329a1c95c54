"""One person's record, as one actor may read it. What it does not hold was not asked of the database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from preau.directory.models import (
    Affiliation,
    ExternalId,
    Grant,
    Group,
    Guardianship,
    Membership,
    Person,
    Teaching,
)
from preau.directory.models.base import current
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.person import AffiliationKind, GrantState
from preau.directory.queries.finding import divisions_of, places
from preau.directory.words import authority_word, kind_word, role_word
from preau.kernel.actor import Actor, Role, Scope
from preau.kernel.policy import can, visible


@dataclass(slots=True)
class Stay:
    """A group somebody is in."""

    uuid: UUID
    name: str
    kind: str
    role: str
    starts: dt.date | None


@dataclass(slots=True)
class Relative:
    """Somebody of the family: a guardian (with what they may, where the actor reads it), a child, a sibling."""

    uuid: UUID | None
    name: str
    link: str = ""
    authority: str = ""
    note: str = ""


@dataclass(slots=True)
class Power:
    """A role that somebody gave, with its last day (None: open)."""

    word: str
    reason: str
    last_day: dt.date | None


@dataclass(slots=True)
class Record:
    """What a person's page shows. `may`: the abilities that make its buttons."""

    person: Person
    title: str
    may: frozenset[str]
    divisions: list[Stay] = field(default_factory=list)
    groups: list[Stay] = field(default_factory=list)
    teaches: list[tuple[str, list[tuple[UUID, str]]]] = field(default_factory=list)
    guardians: list[Relative] = field(default_factory=list)
    children: list[Relative] = field(default_factory=list)
    siblings: list[Relative] = field(default_factory=list)
    powers: list[Power] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    is_pupil: bool = False
    disclosed: list[int] = field(default_factory=list)

    @property
    def contacts(self) -> bool:
        """Whether e-mail and telephone are shown."""
        return "see_contacts" in self.may and bool(self.person.email or self.person.phone)


# Names of system families are proper names, the same in every language.
FAMILIES = {"oneroster": "OneRoster", "sds": "School Data Sync"}
_SHOWN = ("edit", "suspend", "resume", "protect", "see_contacts", "see_authority", "see_account", "see_record")


def record_of(actor: Actor, person: Person) -> Record:
    """The record of somebody the actor sees (the caller asked `visible`)."""
    ties = list(Affiliation.objects.filter(current(), person=person, organisation__in=places(actor)).order_by("pk"))
    grants = list(
        Grant.objects.filter(current(), person=person, organisation__in=places(actor), state=GrantState.GIVEN).order_by(
            "pk"
        )
    )
    record = Record(
        person=person,
        title="",
        may=frozenset(verb for verb in _SHOWN if can(actor, verb, person)),
        is_pupil=any(tie.kind == AffiliationKind.PUPIL for tie in ties),
        disclosed=[person.pk],
    )
    if actor.wears(Role.PUPIL) and person.pk != actor.id:
        # A name and a role: what a pupil reads of anybody else.
        record.title = _title(record, ties, grants)
        return record
    _read_groups(actor, record)
    record.title = _title(record, ties, grants)
    if actor.wears(Role.DIRECTION, Role.REFERENT):
        record.powers = [_power(grant) for grant in grants]
    if record.is_pupil:
        _read_guardians(actor, record)
    else:
        _read_teachings(actor, record)
        _read_children(actor, record)
    if "see_record" in record.may:
        record.sources = _sources(person)
    return record


def _power(grant: Grant) -> Power:
    last = grant.ends - dt.timedelta(days=1) if grant.ends else None
    return Power(role_word(grant.role, grant.scope), grant.reason, last)


def _title(record: Record, ties: list[Affiliation], grants: list[Grant]) -> str:
    words = [role_word(grant.role, grant.scope) for grant in grants]
    for tie in ties:
        if tie.kind != AffiliationKind.STAFF or tie.label or not words:
            words.append(kind_word(tie.kind, tie.label))
    said = " · ".join(dict.fromkeys(words))
    return ", ".join([said, *(stay.name for stay in record.divisions)] if said else [])


def _read_groups(actor: Actor, record: Record) -> None:
    rows = (
        Membership.objects.filter(
            current(), person=record.person, group__in=visible(actor, Group.objects.filter(closed_on=None))
        )
        .order_by("group__name")
        .values_list("group__uuid", "group__name", "group__kind", "role", "starts")
    )
    names_only = any(hat.scope is Scope.NAMES for hat in actor.hats)
    for row in rows:
        stay = Stay(*row)
        if stay.kind == GroupKind.DIVISION and stay.role == MembershipRole.LEARNER:
            record.divisions.append(stay)
        elif not (names_only and record.is_pupil):
            record.groups.append(stay)


def _read_teachings(actor: Actor, record: Record) -> None:
    rows = (
        visible(actor, Teaching.objects.filter(current(), teacher=record.person, group__closed_on=None))
        .order_by("subject__name", "group__name")
        .values_list("subject__name", "group__uuid", "group__name")
    )
    by_subject: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for subject, uuid, name in rows:
        by_subject[subject].append((uuid, name))
    record.teaches = list(by_subject.items())
    taught = {uuid for groups in by_subject.values() for uuid, _name in groups}
    record.groups = [stay for stay in record.groups if stay.uuid not in taught or stay.role == MembershipRole.LEAD]


def _read_guardians(actor: Actor, record: Record) -> None:
    """Guardians, then the other children of the same adults: what the actor sees of both."""
    ties = list(
        visible(actor, Guardianship.objects.filter(current(), pupil=record.person))
        .select_related("guardian")
        .order_by("pk")
    )
    shows_authority = "see_authority" in record.may
    for tie in ties:
        is_me = tie.guardian_id == actor.id
        said = ""
        if shows_authority or is_me:
            said = authority_word(tie.state, decided=tie.decided_at is not None, everyday=tie.everyday_rights)
        record.guardians.append(Relative(tie.guardian.uuid, tie.guardian.display_name, tie.link, said))
        record.disclosed.append(tie.guardian_id)
    others = (
        visible(actor, Guardianship.objects.filter(current(), guardian__in=[tie.guardian_id for tie in ties]))
        .exclude(pupil=record.person)
        .select_related("pupil")
        .order_by("pupil__birth_date", "pk")
    )
    siblings = {tie.pupil_id: tie.pupil for tie in others}
    divisions = divisions_of(actor, siblings)
    for key, sibling in siblings.items():
        note = ", ".join(divisions.get(key, ()))
        record.siblings.append(Relative(sibling.uuid, sibling.shown_given_name, note=note))
        record.disclosed.append(key)


def _read_children(actor: Actor, record: Record) -> None:
    ties = list(
        visible(actor, Guardianship.objects.filter(current(), guardian=record.person))
        .select_related("pupil")
        .order_by("pupil__birth_date", "pk")
    )
    divisions = divisions_of(actor, [tie.pupil_id for tie in ties])
    shows_authority = "see_authority" in record.may or record.person.pk == actor.id
    for tie in ties:
        said = ""
        if shows_authority:
            said = authority_word(tie.state, decided=tie.decided_at is not None, everyday=tie.everyday_rights)
        note = ", ".join(divisions.get(tie.pupil_id, ()))
        record.children.append(Relative(tie.pupil.uuid, tie.pupil.display_name, tie.link, said, note))
        record.disclosed.append(tie.pupil_id)


def _sources(person: Person) -> list[str]:
    rows = ExternalId.objects.filter(person=person).values_list("source__family", "source__place__name")
    return [f"{FAMILIES.get(family, family)}, {place}" for family, place in rows.distinct().order_by("source__family")]
