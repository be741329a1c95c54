"""What several cards read: classes with their pupils, and who of them has come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from preau.directory.api import Group, Membership, Person, current
from preau.kernel.actor import Actor, Role
from preau.kernel.policy import visible
from preau.kernel.routes import HouseRequest
from preau.signin.api import ever_signed_in


@dataclass(slots=True, kw_only=True)
class Class:
    """A group with its pupils, as its teachers and the school's administrators count them."""

    pk: int
    uuid: UUID
    name: str
    kind: str
    level: str
    pupils: set[int] = field(default_factory=set)
    entered: set[int] = field(default_factory=set)
    leads: list[Person] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many pupils."""
        return len(self.pupils)

    @property
    def here(self) -> int:
        """How many of them have come in at least once."""
        return len(self.entered)

    @property
    def missing(self) -> int:
        """How many of them never came in."""
        return self.size - self.here


def classes(groups: QuerySet[Group]) -> list[Class]:
    """`groups`, the youngest of a collège first, without their pupils."""
    rows = groups.order_by("-level", "name", "pk").values_list("pk", "uuid", "name", "kind", "level")
    return [Class(pk=pk, uuid=uuid, name=name, kind=kind, level=level) for pk, uuid, name, kind, level in rows]


def fill(actor: Actor, found: Collection[Class]) -> None:
    """Gives each class its active pupils and those of them who have come in.

    A protected pupil is counted for direction only, as in every list.
    """
    rows = Membership.objects.filter(
        current(), group__in=[each.pk for each in found], role="learner", person__state="active"
    )
    if not actor.wears(Role.DIRECTION):
        rows = rows.filter(person__is_protected=False)
    members: dict[int, set[int]] = defaultdict(set)
    for group, person in rows.values_list("group", "person"):
        members[group].add(person)
    came = ever_signed_in(sorted(set[int]().union(*members.values())))
    for each in found:
        each.pupils = members[each.pk]
        each.entered = each.pupils & came


def leads(actor: Actor, groups: Iterable[int]) -> dict[int, list[Person]]:
    """The main teachers of each group whom the actor sees, by its key."""
    seen = visible(actor, Person.objects.filter(state="active"))
    rows = Membership.objects.filter(current(), group__in=list(groups), role="lead", person__in=seen)
    found: dict[int, list[Person]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__family_name", "pk"):
        found[row.group_id].append(row.person)
    return found


def drawn(request: HouseRequest, template: str, **context: object) -> SafeString:
    """A card's HTML, with the words and the forms of this request."""
    return render_to_string(f"home/cards/{template}.html", context, request)
