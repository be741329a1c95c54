"""`/reglages/`: what this instance says of itself, where the rest is set, and whether it is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from preau import __version__
from preau.home import facts
from preau.home.actions import change_instance_facts
from preau.home.shell import settings_sections
from preau.kernel.errors import Invalid
from preau.kernel.policy import can
from preau.kernel.room import declared, load
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast


@dataclass(frozen=True, slots=True)
class Field:
    """A fact as the form asks for it."""

    name: str
    label: str
    hint: str
    value: str
    error: str

    @property
    def is_long(self) -> bool:
        """Whether several lines are asked for."""
        return self.name == facts.SEVERAL


def settings(request: HouseRequest) -> HttpResponse:
    """The facts, and what changes them."""
    school = facts.first_school()
    may_change = school is not None and can(request.actor, "change_instance_facts", school)
    if request.method != "POST" or school is None:
        return _page(request, facts.written(), {}, may_change=may_change)
    said = {name: request.POST[name] for name in facts.NAMES if name in request.POST}
    try:
        change_instance_facts(request.actor, school, said=said)
    except Invalid as error:
        return _page(request, {**facts.written(), **said}, error.fields, may_change=may_change)
    toast(request, _("C’est gardé."))
    return HttpResponseRedirect(reverse("home.settings"))


def checks(request: HouseRequest) -> HttpResponse:
    """Every check that rooms declare, run now, and the version of the program."""
    results = [(check, list(load(check.run)())) for check in declared(lambda room: room.checks)]
    context = {
        "sections": settings_sections(),
        "checks": results,
        "problems": sum(len(problems) for _check, problems in results),
        "version": __version__,
    }
    return render(request, "home/checks.html", context)


def _page(
    request: HouseRequest, values: Mapping[str, str], errors: Mapping[str, str], *, may_change: bool
) -> HttpResponse:
    school = facts.first_school()
    context = {
        "sections": settings_sections(),
        "parts": [
            (
                title,
                [Field(name, label, hint, values.get(name, ""), errors.get(name, "")) for name, label, hint in part],
            )
            for title, part in _parts(school.name if school else "")
        ],
        "may_change": may_change,
    }
    return render(request, "home/settings.html", context, status=422 if errors else 200)


def _parts(school: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (
            _("Éditeur"),
            [
                ("organisation", _("Organisme"), _("Laissé vide : {school}.").format(school=school)),
                ("address", _("Adresse"), ""),
                ("contact", _("Joindre"), _("Une adresse électronique ou un téléphone.")),
                ("director", _("Direction de la publication"), _("Le plus souvent, la direction de l’établissement.")),
            ],
        ),
        (
            _("Données personnelles"),
            [
                ("controller", _("Responsable de traitement"), _("Qui décide de l’usage des données.")),
                ("dpo", _("Délégué à la protection des données"), _("Son nom et comment le joindre.")),
            ],
        ),
        (
            _("Hébergement"),
            [
                ("host", _("Qui fait tourner la machine"), ""),
                ("host_place", _("Où elle se trouve"), ""),
                ("processors", _("Sous-traitants"), _("Un par ligne. Laissé vide : aucun.")),
            ],
        ),
        (
            _("Accessibilité"),
            [("accessibility_contact", _("À qui signaler un défaut"), _("Une adresse lue par quelqu’un."))],
        ),
    ]
