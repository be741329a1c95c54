"""A guardian's home: each child with class and teachers, as far as the right over that child goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.api import Authority, Group, Guardianship, Membership, Person, children, current
from preau.home.cards.reading import drawn, leads
from preau.kernel.actor import Hat
from preau.kernel.routes import HouseRequest
from preau.signin.api import ever_signed_in
from preau.ui.api import Card


@dataclass(slots=True)
class Child:
    """A child, and what this guardian may see of their school."""

    person: Person
    tie: Guardianship
    has_entered: bool
    divisions: list[Group] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    main: list[Person] = field(default_factory=list)

    @property
    def right(self) -> str:
        """What the guardian may, in words."""
        if self.tie.state == Authority.EXERCISES:
            return _("Vous exercez l’autorité parentale.")
        if self.tie.everyday_rights:
            return _("Vous vous occupez de son quotidien ; les décisions restent à ses représentants légaux.")
        return _("On vous informe de sa scolarité ; les décisions ne passent pas par vous.")


def cards(request: HouseRequest, hat: Hat) -> Sequence[Card]:
    """The children of the hat's school over whom a right was decided."""
    found = _children(request, hat)
    if not found:
        return [Card(order=100, place="wide", html=drawn(request, "guardian_nothing"))]
    request.disclosing.add(child.person.pk for child in found)
    names = [child.person.shown_given_name or child.person.display_name for child in found]
    said = ngettext(
        "Tout ce qui concerne votre enfant, dans un seul compte.",
        "Un seul compte pour vos {n} enfants.",
        len(found),
    ).format(n=len(found))
    title = names[0] if len(names) == 1 else _("{some} et {last}").format(some=", ".join(names[:-1]), last=names[-1])
    return [
        Card(order=100, place="wide", title=title, lead=said, html=drawn(request, "guardian_children", children=found)),
        Card(order=900, place="wide", html=drawn(request, "guardian_next")),
    ]


def _children(request: HouseRequest, hat: Hat) -> list[Child]:
    ties = children(request.actor.id).filter(
        current(prefix="pupil__affiliations__"),
        pupil__affiliations__organisation=hat.organisation_id,
        pupil__affiliations__kind="pupil",
        pupil__state="active",
    )
    rows = list(ties.select_related("pupil").order_by("-pupil__birth_date", "pk").distinct())
    came = ever_signed_in([tie.pupil_id for tie in rows])
    found = [Child(tie.pupil, tie, tie.pupil_id in came) for tie in rows]
    memberships: dict[int, list[Group]] = defaultdict(list)
    for row in (
        Membership.objects.filter(
            current(),
            person__in=[tie.pupil_id for tie in rows],
            role="learner",
            group__organisation=hat.organisation_id,
            group__closed_on=None,
            group__is_sensitive=False,
        )
        .select_related("group")
        .order_by("group__name", "pk")
    ):
        memberships[row.person_id].append(row.group)
    divisions = {group.pk for groups in memberships.values() for group in groups if group.kind == "division"}
    main = leads(request.actor, divisions)
    for child in found:
        groups = memberships[child.person.pk]
        child.divisions = [group for group in groups if group.kind == "division"]
        child.groups = [group for group in groups if group.kind != "division"]
        child.main = [teacher for group in child.divisions for teacher in main[group.pk]]
    return found
