"""A pupil's day one: my teachers, my class and my groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext, pgettext

from preau.directory.api import Group, Person, Teaching, current, own_groups
from preau.home.cards.reading import drawn, leads
from preau.kernel.actor import Actor, Hat
from preau.kernel.policy import visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import Card
from preau.ui.context import House

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """Who teaches what. `group` is named where not the whole class has it."""

    subject: str
    teacher: str
    group: str = ""
    is_main: bool = False


def cards(request: HouseRequest, hat: Hat) -> Sequence[Card]:
    """The classes and groups of this pupil and who teaches there; sensitive groups show to staff only."""
    own = own_groups(request.actor.id, hat.organisation_id, "learner")
    groups = list(
        own.filter(is_sensitive=False)
        .annotate(
            size=Count(
                "memberships",
                filter=current(prefix="memberships__")
                & Q(
                    memberships__role="learner",
                    memberships__person__state="active",
                    memberships__person__is_protected=False,
                ),
            )
        )
        .order_by("pk")
    )
    groups.sort(key=lambda group: (group.kind != "division", group.name))
    if not groups:
        return [Card(order=100, html=drawn(request, "pupil_nothing"))]
    lines = _lines(request.actor, groups)
    division = next((group for group in groups if group.kind == "division"), None)
    teachers = drawn(request, "pupil_teachers", lines=lines[:SHOWN], others=len(lines) - SHOWN, division=division)
    return [
        *([Card(order=200, html=teachers)] if lines else ()),
        Card(order=100, place="aside", html=drawn(request, "groups", groups=groups, own=True), lead=_lead(request)),
    ]


def _lead(request: HouseRequest) -> str:
    if House(request).tu:
        return pgettext("tu", "Ton mot de passe, tu es la seule personne à le connaître.")
    return gettext("Votre mot de passe, vous êtes la seule personne à le connaître.")


def _lines(actor: Actor, groups: Sequence[Group]) -> list[Line]:
    """One line a subject and teacher, the main teacher's first."""
    divisions = {group.pk for group in groups if group.kind == "division"}
    main = {teacher.pk: teacher for found in leads(actor, divisions).values() for teacher in found}
    rows = Teaching.objects.filter(
        current(), group__in=[group.pk for group in groups], teacher__in=visible(actor, Person.objects.all())
    ).select_related("subject", "group", "teacher")
    found: dict[tuple[str, int], Line] = {}
    # A half-group's lesson says more than the whole class's, so it comes last and is kept.
    for row in sorted(rows, key=lambda row: (row.group_id not in divisions, row.group.name)):
        if row.teacher is not None:
            found[row.subject.name, row.teacher.pk] = Line(
                subject=row.subject.name,
                teacher=row.teacher.display_name,
                group="" if row.group_id in divisions or row.group.name == row.subject.name else row.group.name,
                is_main=row.teacher.pk in main and row.group_id in divisions,
            )
    teaching = {teacher for _subject, teacher in found}
    alone = [Line("", teacher.display_name, "", True) for pk, teacher in main.items() if pk not in teaching]
    return alone + sorted(found.values(), key=lambda line: (not line.is_main, bool(line.group), line.subject))
