"""Everybody else: who they are here, and what they can do. Académie and ministry see counts, small ones hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from preau.directory.api import Affiliation, Group, Organisation, current
from preau.home.cards.reading import classes, drawn
from preau.kernel.actor import Hat, Role, Scope
from preau.kernel.db import below
from preau.kernel.routes import HouseRequest
from preau.ui.api import Card

# Fewer people than this could be recognised in a count.
SMALLEST = 10


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the person can do here."""

    title: str
    sub: str
    icon: str
    url: str


def cards(request: HouseRequest, hat: Hat) -> Sequence[Card]:
    """Name, school and roles; what can be done; for some, classes or counts."""
    made = [
        Card(order=300, place="aside", html=drawn(request, "roles")),
        Card(order=100, html=drawn(request, "deeds", deeds=_deeds(hat))),
    ]
    if hat.role is Role.VIE_SCOLAIRE or hat.scope is Scope.HEALTH:
        divisions = Group.objects.filter(organisation=hat.organisation_id, kind="division", closed_on=None)
        made.append(Card(order=200, html=drawn(request, "divisions", divisions=classes(divisions))))
    if hat.role in {Role.ACADEMIE, Role.MINISTERE}:
        made.append(Card(order=100, place="wide", html=drawn(request, "counts", counts=_counts(hat))))
    return made


def _deeds(hat: Hat) -> list[Deed]:
    directory, register = "/annuaire/", "/donnees-personnelles"
    if hat.role is Role.VIE_SCOLAIRE:
        seen = (
            _("Son nom et sa classe.")
            if hat.scope is Scope.NAMES
            else _("Sa classe, ses responsables, leurs coordonnées.")
        )
        return [Deed(_("Trouver un élève"), seen, "search", directory)]
    if hat.role is Role.STAFF and hat.scope is Scope.HEALTH:
        return [Deed(_("Trouver un élève"), _("Sa classe et ses responsables."), "search", directory)]
    if hat.role is Role.STAFF:
        return [
            Deed(
                _("Trouver un élève ou un collègue"),
                _("Les élèves que vous accompagnez : nom et classe."),
                "search",
                directory,
            )
        ]
    if hat.role is Role.ACADEMIE:
        return [
            Deed(
                _("Trouver un personnel"),
                _("Ceux des établissements de l’académie. Les élèves n’y sont pas."),
                "search",
                directory,
            )
        ]
    if hat.role is Role.DPO:
        return [
            Deed(
                _("Lire le registre"),
                _("Ce que chaque rubrique garde, pourquoi et combien de temps."),
                "shield-check",
                register,
            ),
            Deed(
                _("Voir où sont les données"),
                _("Qui héberge, dans quel lieu, avec quels sous-traitants."),
                "house",
                "/souverainete",
            ),
        ]
    return [Deed(_("Régler mon compte"), _("Langue, taille et lumière des pages."), "user", "/moi/profil")]


def _counts(hat: Hat) -> list[tuple[str, int | None]]:
    """Figures below the hat's organisation; None where there are so few that somebody could be recognised."""
    schools = Organisation.objects.filter(below("path", hat.path), kind="school", closed_on=None).count()
    rows = (
        Affiliation.objects.filter(current(), below("organisation__path", hat.path), person__state="active")
        .values_list("kind")
        .annotate(people=Count("person", distinct=True))
    )
    people = dict(rows)
    figures = [
        (_("élèves"), people.get("pupil", 0)),
        (_("professeurs"), people.get("teacher", 0)),
        (_("autres personnels"), people.get("staff", 0)),
        (_("responsables"), people.get("guardian", 0)),
    ]
    return [(_("établissements"), schools), *((said, n if n >= SMALLEST or not n else None) for said, n in figures)]
