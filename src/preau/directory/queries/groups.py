"""Divisions and groups: all of them on one page, and one of them with its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from preau.directory.models import Grant, Group, Guardianship, Membership, Person, Teaching
from preau.directory.models.base import current
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.person import GrantState
from preau.directory.queries.finding import Line, learners_in, mark_twins, name_of, sort_key
from preau.directory.words import role_word
from preau.kernel.actor import Actor, Role, Scope
from preau.kernel.policy import visible
from preau.wire.text import fold


@dataclass(slots=True)
class Card:
    """A group on the page of all groups. `waiting`: guardians whom the direction has not decided about."""

    group: Group
    learners: int
    leads: list[str] = field(default_factory=list)
    waiting: int = 0


@dataclass(slots=True)
class Shelves:
    """Every open group: divisions by level in the file's order of levels, then the others."""

    divisions: list[tuple[str, list[Card]]]
    others: list[Card]
    teams: list[Card]
    disclosed: list[int]


def all_groups(actor: Actor) -> Shelves:
    """Every open group that the actor sees, with its main teachers' names."""
    groups = list(visible(actor, Group.objects.filter(closed_on=None).exclude(kind=GroupKind.GUARDIANS)))
    counts = learners_in(actor, [group.pk for group in groups])
    cards = {group.pk: Card(group, counts.get(group.pk, 0)) for group in groups}
    leads = (
        visible(actor, Membership.objects.filter(current(), role=MembershipRole.LEAD, group__in=list(cards)))
        .order_by("person__family_name", "pk")
        .values_list(
            "group", "person", "person__preferred_given_name", "person__given_name", "person__family_name",
            "person__username",
        )
    )  # fmt: skip
    disclosed = []
    for group, person, *names in leads:
        cards[group].leads.append(name_of(*names))
        disclosed.append(person)
    ordered = sorted(cards.values(), key=lambda card: _natural(card.group.name))
    by_level: dict[str, list[Card]] = defaultdict(list)
    for card in ordered:
        if card.group.kind == GroupKind.DIVISION:
            by_level[card.group.level].append(card)
    teams = [card for card in ordered if card.group.kind in (GroupKind.TEAM, GroupKind.SCHOOL)]
    others = [card for card in ordered if card.group.kind in (GroupKind.GROUP, GroupKind.OPEN)]
    levels = sorted(by_level.items(), key=lambda item: _natural(item[1][0].group.name))
    return Shelves(divisions=levels, others=others, teams=teams, disclosed=disclosed)


def _natural(name: str) -> tuple[int, str]:
    """6e before 5e before 4e, as a French school counts; then by name."""
    folded = fold(name)
    digits = folded[:1]
    return (-int(digits) if digits.isdigit() else 0, folded)


@dataclass(slots=True)
class Teacher:
    """A teacher of a group, with what they teach it."""

    line: Line
    subjects: list[str]
    leads: bool


@dataclass(slots=True)
class GroupView:
    """One group with the people that the actor sees in it."""

    group: Group
    learners: list[Line]
    teachers: list[Teacher]
    beside: list[Card]
    disclosed: list[int]

    @property
    def leads(self) -> list[str]:
        """The names of its main teachers."""
        return [teacher.line.name for teacher in self.teachers if teacher.leads]


def group_view(actor: Actor, group: Group) -> GroupView:
    """A group's page (the caller asked `visible`)."""
    rows = (
        Membership.objects.filter(current(), group=group, person__in=visible(actor, Person.objects.all()))
        .order_by("pk")
        .values_list(
            "role", "person", "person__uuid", "person__preferred_given_name", "person__given_name",
            "person__family_name", "person__username", "person__state",
        )
    )  # fmt: skip
    learners: dict[int, Line] = {}
    teachers: dict[int, Teacher] = {}
    for role, pk, uuid, preferred, given, family, username, state in rows:
        line = Line(pk, uuid, name_of(preferred, given, family, username), sort_key(family, preferred or given))
        line.state = state
        if role == MembershipRole.LEARNER:
            learners[pk] = line
        else:
            teacher = teachers.setdefault(pk, Teacher(line, [], leads=False))
            teacher.leads |= role == MembershipRole.LEAD
    _add_subjects(group, teachers)
    shown = sorted(learners.values(), key=lambda line: line.sort)
    mark_twins(shown)
    beside, names = _beside(actor, group, list(learners))
    for line in shown:
        line.sub = ", ".join(names.get(line.pk, ()))
    return GroupView(
        group=group,
        learners=shown,
        teachers=sorted(teachers.values(), key=lambda teacher: (not teacher.leads, teacher.line.sort)),
        beside=beside,
        disclosed=[*learners, *teachers],
    )


def _add_subjects(group: Group, teachers: dict[int, Teacher]) -> None:
    rows = Teaching.objects.filter(current(), group=group, teacher__in=list(teachers)).order_by("subject__name")
    for key, subject in rows.values_list("teacher", "subject__name"):
        if subject not in teachers[key].subjects:
            teachers[key].subjects.append(subject)


def _beside(actor: Actor, group: Group, learners: Sequence[int]) -> tuple[list[Card], dict[int, list[str]]]:
    """The other groups of these learners with how many of them each holds, and their names by learner.

    Who reads names and classes alone reads no more here.
    """
    others = visible(actor, Group.objects.filter(closed_on=None, organisation=group.organisation).exclude(pk=group.pk))
    if any(hat.scope is Scope.NAMES for hat in actor.hats):
        others = others.filter(kind=GroupKind.DIVISION)
    rows = Membership.objects.filter(
        current(), role=MembershipRole.LEARNER, person__in=learners, group__in=others
    ).values_list("group", "person")
    members: dict[int, set[int]] = defaultdict(set)
    for key, person in rows:
        members[key].add(person)
    found = sorted(Group.objects.filter(pk__in=list(members)), key=lambda other: _natural(other.name))
    names: dict[int, list[str]] = defaultdict(list)
    for other in found:
        for person in members[other.pk]:
            names[person].append(other.name)
    return [Card(other, len(members[other.pk])) for other in found], names


@dataclass(slots=True)
class Reach:
    """Who reads a group: a role, who holds it, and what it shows."""

    role: str
    names: list[str]


def who_reads(actor: Actor, group: Group, view: GroupView) -> list[Reach]:
    """Who has access to a group's list: by role, with the people's names; for those who see the powers given."""
    held = (
        visible(
            actor,
            Grant.objects.filter(
                current(),
                organisation=group.organisation,
                state=GrantState.GIVEN,
                role__in=[Role.DIRECTION, Role.REFERENT, Role.VIE_SCOLAIRE, Role.STAFF],
            ),
        )
        .select_related("person")
        .order_by("pk")
    )
    by_role: dict[str, list[str]] = defaultdict(list)
    for grant in held:
        by_role[role_word(grant.role, grant.scope)].append(grant.person.display_name)
    if view.teachers:
        by_role[role_word(Role.TEACHER)] = [teacher.line.name for teacher in view.teachers]
    return [Reach(role, sorted(set(names))) for role, names in by_role.items()]


def ties_of(actor: Actor, group: Group) -> list[tuple[Line, list[Guardianship]]]:
    """Each learner of a class with the adults a file named for them, for the direction's decision."""
    learners = Membership.objects.filter(current(), group=group, role=MembershipRole.LEARNER).values("person")
    ties = (
        visible(actor, Guardianship.objects.filter(current(), pupil__in=learners))
        .select_related("pupil", "guardian", "decided_by")
        .order_by("pk")
    )
    people = {
        person.pk: (person, list[Guardianship]()) for person in visible(actor, Person.objects.filter(pk__in=learners))
    }
    for tie in ties:
        if tie.pupil_id in people:
            people[tie.pupil_id][1].append(tie)
    lines = [
        (Line(person.pk, person.uuid, person.display_name, sort_key(person.family_name, person.shown_given_name)), held)
        for person, held in people.values()
    ]
    return sorted(lines, key=lambda item: item[0].sort)


def undecided_by_division(actor: Actor) -> dict[int, int]:
    """How many guardianships of each division wait for the direction's decision."""
    waiting = visible(actor, Guardianship.objects.filter(current(), decided_at=None))
    rows = Membership.objects.filter(
        current(), role=MembershipRole.LEARNER, group__kind=GroupKind.DIVISION, person__in=waiting.values("pupil")
    ).values_list("group", "person")
    by_pupil: dict[int, int] = defaultdict(int)
    for pupil in waiting.values_list("pupil", flat=True):
        by_pupil[pupil] += 1
    counts: dict[int, int] = defaultdict(int)
    for group, pupil in rows:
        counts[group] += by_pupil[pupil]
    return counts
