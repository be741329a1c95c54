"""Looking people and groups up: one pass over the names that an actor sees, then what a screen of them needs.

A search never counts beyond `SEARCH_CAP` matches: the sixth of a second that an exact count of thousands costs helps
nobody, a second letter does. Browsing without a word reads names only, up to `BROWSE_CAP`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.models import Affiliation, Grant, Group, Guardianship, Membership, Organisation, Person
from preau.directory.models.base import current
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.person import AffiliationKind, GrantState, PersonState
from preau.directory.policies import reads_records
from preau.directory.words import kind_word, listed, role_word
from preau.kernel.actor import Actor, Role
from preau.kernel.policy import visible
from preau.kernel.search import matching
from preau.wire.text import fold

SEARCH_CAP = 200
BROWSE_CAP = 5000
SCREEN = 50
_NAMES = ("pk", "uuid", "preferred_given_name", "given_name", "family_name", "username")


class Shelf(StrEnum):
    """Where a line stands in the list."""

    PUPILS = "eleves"
    GUARDIANS = "responsables"
    STAFF = "personnels"
    GROUPS = "groupes"


_SHELF_OF = {
    AffiliationKind.PUPIL: Shelf.PUPILS,
    AffiliationKind.GUARDIAN: Shelf.GUARDIANS,
    AffiliationKind.TEACHER: Shelf.STAFF,
    AffiliationKind.STAFF: Shelf.STAFF,
    AffiliationKind.TRAINER: Shelf.STAFF,
}


@dataclass(slots=True)
class Line:
    """One person or group of a list. `twin`: how near another one's name is ("", "same", "near")."""

    pk: int
    uuid: UUID
    name: str
    sort: tuple[str, str]
    sub: str = ""
    twin: str = ""
    state: str = ""


@dataclass(slots=True)
class Found:
    """What a look-up gives. `shelves`: the lines to show; `counts`: of every shelf; `capped`: there are more."""

    shelves: dict[Shelf, list[Line]] = field(default_factory=dict)
    counts: dict[Shelf, int] = field(default_factory=dict)
    total: int = 0
    capped: bool = False
    page: int = 1
    pages: int = 1

    def people(self) -> list[int]:
        """Keys of everybody shown, for the disclosures."""
        return [line.pk for shelf, lines in self.shelves.items() if shelf is not Shelf.GROUPS for line in lines]


def name_of(preferred: str, given: str, family: str, username: str) -> str:
    """`Person.display_name`, of a row of values."""
    return f"{preferred or given} {family}".strip() or username


def sort_key(family: str, given: str) -> tuple[str, str]:
    """By family name, without accents: the same on both engines."""
    return fold(family), fold(given)


def look_up(actor: Actor, q: str, only: Shelf | None = None, page: int = 1) -> Found:
    """A screen of the people and groups that `actor` sees and `q` finds; all of them when `q` is empty."""
    cap = SEARCH_CAP if q else BROWSE_CAP
    people = _people(actor, q, cap + 1)
    capped = len(people) > cap
    del people[cap:]
    groups = _groups(actor, q)
    stood = _stand(actor, people, everything=not q)
    stood[Shelf.GROUPS] = groups
    found = Found(counts={shelf: len(lines) for shelf, lines in stood.items() if lines}, capped=capped)
    found.total = len(people) + len(groups)
    _show(found, stood, only, page)
    for shelf, lines in found.shelves.items():
        if shelf is not Shelf.GROUPS and q:
            mark_twins(lines)
    describe(actor, found.shelves)
    return found


def _people(actor: Actor, q: str, limit: int) -> list[Line]:
    seen = visible(actor, Person.objects.all())
    if q:
        # Searched by everybody, the given name of the record would say which one a preferred one stands for.
        of_record = ["folded_legal"] if actor.hats and all(map(reads_records, actor.hats)) else []
        seen = seen.filter(matching("folded", q, *of_record)).order_by("folded", "pk")
    rows = seen.values_list(*_NAMES, "state")[:limit]
    return [
        Line(pk, uuid, name_of(preferred, given, family, username), sort_key(family, preferred or given), state=state)
        for pk, uuid, preferred, given, family, username, state in rows
    ]


def _groups(actor: Actor, q: str) -> list[Line]:
    seen = visible(actor, Group.objects.filter(closed_on=None).exclude(kind=GroupKind.GUARDIANS))
    if q:
        seen = seen.filter(matching("folded", q))
    rows = seen.values_list("pk", "uuid", "kind", "name")[:BROWSE_CAP]
    return [Line(pk, uuid, name, (str(int(kind != GroupKind.DIVISION)), fold(name))) for pk, uuid, kind, name in rows]


def places(actor: Actor) -> QuerySet[Organisation, int]:
    """Keys of the organisations whose people the actor reads about."""
    return visible(actor, Organisation.objects.all()).values_list("pk", flat=True)


def _stand(actor: Actor, people: Sequence[Line], *, everything: bool) -> dict[Shelf, list[Line]]:
    ties = Affiliation.objects.filter(current(), organisation__in=places(actor))
    if not everything:
        ties = ties.filter(person__in=[line.pk for line in people])
    kinds: dict[int, set[Shelf]] = defaultdict(set)
    for person, kind in ties.values_list("person", "kind"):
        kinds[person].add(_SHELF_OF[AffiliationKind(kind)])
    # Seen without a tie to these schools: a guardian known by a child alone, somebody who holds a power.
    untied = [line.pk for line in people if line.pk not in kinds]
    guardians = _guardians_among(untied) if untied else frozenset()
    stood: dict[Shelf, list[Line]] = {shelf: [] for shelf in Shelf}
    for line in people:
        alone = {Shelf.GUARDIANS if line.pk in guardians else Shelf.STAFF}
        for shelf in kinds.get(line.pk, alone):
            stood[shelf].append(line)
    return stood


def _guardians_among(people: Sequence[int]) -> frozenset[int]:
    rows = Guardianship.objects.filter(current(), guardian__in=people[:SEARCH_CAP])
    return frozenset(rows.values_list("guardian", flat=True))


def _show(found: Found, stood: dict[Shelf, list[Line]], only: Shelf | None, page: int) -> None:
    ordered = [
        (shelf, line)
        for shelf, lines in stood.items()
        if only in (None, shelf)
        for line in sorted(lines, key=lambda line: line.sort)
    ]
    found.pages = max(1, -(-len(ordered) // SCREEN))
    found.page = min(max(1, page), found.pages)
    for shelf, line in ordered[(found.page - 1) * SCREEN : found.page * SCREEN]:
        found.shelves.setdefault(shelf, []).append(line)


def mark_twins(lines: Sequence[Line]) -> None:
    """Marks people whose names are the same, or begin alike ("Lina Nuñez", "Lina Nunez-Caro"): they get mixed up."""
    by_name: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        family, given = line.sort
        if family and given:
            by_name[family.split()[0], given.split()[0]].append(line)
    for alike in by_name.values():
        if len(alike) > 1:
            whole = [line.sort for line in alike]
            for line in alike:
                line.twin = "same" if whole.count(line.sort) > 1 else "near"


def describe(actor: Actor, shelves: dict[Shelf, list[Line]]) -> None:
    """Fills `sub`: what this actor may read of each beside the name, one query a kind of thing."""
    if pupils := shelves.get(Shelf.PUPILS):
        _describe_pupils(actor, pupils)
    if guardians := shelves.get(Shelf.GUARDIANS):
        _describe_guardians(actor, guardians)
    if staff := shelves.get(Shelf.STAFF):
        _describe_staff(actor, staff)
    if groups := shelves.get(Shelf.GROUPS):
        _describe_groups(actor, groups)


def divisions_of(actor: Actor, people: Iterable[int]) -> dict[int, list[str]]:
    """The names of the divisions that each of these learns in, where the actor sees the division."""
    rows = Membership.objects.filter(
        current(),
        person__in=list(people),
        role=MembershipRole.LEARNER,
        group__in=visible(actor, Group.objects.filter(kind=GroupKind.DIVISION, closed_on=None)),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person, name in rows.order_by("group__name").values_list("person", "group__name"):
        found[person].append(name)
    return found


def _describe_pupils(actor: Actor, lines: Sequence[Line]) -> None:
    if actor.wears(Role.PUPIL):
        for line in lines:
            line.sub = role_word(Role.PUPIL)
        return
    keys = [line.pk for line in lines]
    divisions = divisions_of(actor, keys)
    born: dict[int, int] = {}
    if any(reads_records(hat) for hat in actor.hats):
        rows = Person.objects.filter(pk__in=keys, birth_date__isnull=False).values_list("pk", "birth_date__year")
        born = dict(rows)
    for line in lines:
        said = divisions.get(line.pk, [])
        if line.pk in born:
            said = [*said, _("naissance : {year}").format(year=born[line.pk])]
        line.sub = " · ".join(said) or role_word(Role.PUPIL)


def _describe_guardians(actor: Actor, lines: Sequence[Line]) -> None:
    ties = visible(actor, Guardianship.objects.filter(current(), guardian__in=[line.pk for line in lines]))
    children: dict[int, list[str]] = defaultdict(list)
    rows = ties.order_by("pupil__family_name", "pupil__given_name").values_list(
        "guardian", "pupil__preferred_given_name", "pupil__given_name"
    )
    for guardian, preferred, given in rows:
        children[guardian].append(preferred or given)
    for line in lines:
        names = children.get(line.pk)
        line.sub = _("responsable de {children}").format(children=listed(names)) if names else role_word(Role.GUARDIAN)


def _describe_staff(actor: Actor, lines: Sequence[Line]) -> None:
    keys = [line.pk for line in lines]
    words: dict[int, list[str]] = defaultdict(list)
    powers = Grant.objects.filter(
        current(), person__in=keys, state=GrantState.GIVEN, organisation__in=places(actor)
    ).order_by("pk")
    for person, role, scope in powers.values_list("person", "role", "scope"):
        words[person].append(role_word(role, scope))
    ties = Affiliation.objects.filter(current(), person__in=keys, organisation__in=places(actor)).exclude(
        kind__in=[AffiliationKind.PUPIL, AffiliationKind.GUARDIAN]
    )
    for person, kind, label in ties.order_by("pk").values_list("person", "kind", "label"):
        if label or kind != AffiliationKind.STAFF or person not in words:
            words[person].append(kind_word(kind, label))
    for line in lines:
        line.sub = " · ".join(dict.fromkeys(words[line.pk]))


def _describe_groups(actor: Actor, lines: Sequence[Line]) -> None:
    counts = learners_in(actor, [line.pk for line in lines])
    for line in lines:
        line.sub = pupils_word(counts.get(line.pk, 0))


def learners_in(actor: Actor, groups: Sequence[int]) -> dict[int, int]:
    """How many learners each group has, as this actor could count them in its list."""
    shown = Q(person__is_protected=False, person__state=PersonState.ACTIVE)
    if actor.wears(Role.DIRECTION):
        shown = Q()
    elif actor.wears(Role.REFERENT):
        shown = Q(person__is_protected=False)
    rows = Membership.objects.filter(current(), shown, group__in=groups, role=MembershipRole.LEARNER)
    return dict(rows.values_list("group").annotate(n=Count("person", distinct=True)))


def pupils_word(count: int) -> str:
    """ "26 élèves"."""
    return ngettext("{n} élève", "{n} élèves", count).format(n=count)
