"""While an import is written: where it stands, from outside its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from preau.directory.imports.running import is_silent, progress_key, settle_interrupted
from preau.directory.models import Import
from preau.directory.models.importing import ImportState
from preau.directory.pages.parts import school_of
from preau.directory.pages.rentree.case import find
from preau.kernel import progress
from preau.kernel.policy import require
from preau.kernel.routes import HouseRequest

# Codes of the writer's reports, in the order in which they come; several make one step for people.
_STEPS = (
    ("waiting",),
    ("reading",),
    ("planning",),
    ("people",),
    ("affiliations",),
    ("groups",),
    ("memberships",),
    ("subjects", "teachings"),
    ("guardianships",),
    ("proposals", "rejected"),
)


def applying(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """The steps with what is done; htmx asks every second, a browser without script every three."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.of is not None and case.is_applying and is_silent(case.of) and not case.busy:
        settle_interrupted()
        case = find(request, uuid)
    if case.of is None or not case.is_applying:
        name = "directory.simulation" if case.state in ("", ImportState.SIMULATED) else "directory.result"
        url = reverse(name, args=[uuid])
        if request.htmx:  # type: ignore[attr-defined]  # django-htmx
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)
    template = "directory/rentree/applying.html"
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        template += "#steps"
    return render(request, template, _context(case.of))


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, now or next."""

    label: str
    state: str


def _context(of: Import) -> dict[str, Any]:
    last = progress.read(progress_key(of.uuid))
    code = last.step if last else "waiting"
    done, total = (last.done, last.total) if last else (0, 0)
    at = _place(of, code, total)
    labels = _labels()
    steps = [
        Step(label, "next" if place > at else "now" if place == at else "done") for place, label in enumerate(labels)
    ]
    return {
        "of": of,
        "steps": steps,
        "label": labels[at],
        "done": done,
        "total": total,
    }


def _place(of: Import, code: str, total: int) -> int:
    """Which step a report belongs to. Identifiers are written after what they name, under one code: groups have fewer
    than people."""
    if code == "ids":
        people, groups = int(of.counts["people"]["created"]), int(of.counts["groups"]["created"])
        code = "groups" if groups and groups <= total and not 0 < people <= total else "people"
    return next((at for at, codes in enumerate(_STEPS) if code in codes), len(_STEPS) - 1)


def _labels() -> list[str]:
    return [
        _("En attente de son tour"),
        _("Lecture des fichiers"),
        _("Comparaison avec l’annuaire"),
        _("Personnes"),
        _("Rattachements à l’établissement"),
        _("Classes et groupes"),
        _("Inscriptions"),
        _("Enseignements"),
        _("Responsables des élèves"),
        _("Derniers changements"),
    ]
