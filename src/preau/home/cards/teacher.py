"""A teacher's day one: who forgot a password, my classes, my groups."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.api import own_groups
from preau.home.cards.reading import Class, classes, drawn, fill
from preau.kernel.actor import Hat
from preau.kernel.routes import HouseRequest
from preau.ui.api import Card


def cards(request: HouseRequest, hat: Hat) -> Sequence[Card]:
    """The classes and groups that this teacher teaches, in the school of the hat."""
    actor = request.actor
    found = classes(own_groups(actor.id, hat.organisation_id, "teacher", "lead"))
    if not found:
        return [Card(order=100, html=drawn(request, "teacher_nothing"))]
    fill(actor, found)
    divisions = [each for each in found if each.kind == "division"]
    groups = [each for each in found if each.kind != "division"]
    shown = divisions or groups
    made = [
        Card(order=100, html=drawn(request, "teacher_reset"), lead=_lead(shown)),
        Card(order=200, html=drawn(request, "teacher_classes", classes=shown, are_groups=not divisions)),
    ]
    if divisions and groups:
        made.append(Card(order=200, place="aside", html=drawn(request, "groups", groups=groups)))
    return made


def _lead(shown: Sequence[Class]) -> str:
    pupils = set[int]().union(*(each.pupils for each in shown))
    missing = len(pupils) - len(set[int]().union(*(each.entered for each in shown)))
    said = {
        "classes": ngettext("{n} classe", "{n} classes", len(shown)).format(n=len(shown)),
        "pupils": ngettext("{n} élève", "{n} élèves", len(pupils)).format(n=len(pupils)),
        "missing": missing,
    }
    if not missing:
        return _("{classes}, {pupils} ; tous sont entrés.").format(**said)
    return ngettext(
        "{classes}, {pupils} ; {missing} n’est pas encore entré.",
        "{classes}, {pupils} ; {missing} ne sont pas encore entrés.",
        missing,
    ).format(**said)
