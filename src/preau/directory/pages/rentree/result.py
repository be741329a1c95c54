"""What an import has done, what waits of it, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.actions.importing import (
    UNDO_DAYS,
    ImportConflict,
    drop_rejected_row,
    undo_import,
    undo_problem,
)
from preau.directory.imports import saying
from preau.directory.models import Affiliation, Grant, Group, Guardianship, Import, ImportChange, Person, RejectedRow
from preau.directory.models.importing import ImportState, RejectedState
from preau.directory.models.person import GrantState
from preau.directory.pages.parts import school_of
from preau.directory.pages.rentree import figures
from preau.directory.pages.rentree.case import Case, find, key_of
from preau.directory.pages.rentree.figures import Figure, sliced
from preau.directory.pages.rentree.upload import counted
from preau.kernel.policy import can, get_visible, require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast

DIVISIONS = 40


def result(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Counts, what waits, the undo; or that nothing was written, and what to do."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.is_applying:
        return HttpResponseRedirect(reverse("directory.applying", args=[uuid]))
    if case.of is None or case.state == ImportState.SIMULATED or (case.state == ImportState.FAILED and case.busy):
        return HttpResponseRedirect(reverse("directory.simulation", args=[uuid]))
    return _shown(request, case, case.of)


def _shown(request: HouseRequest, case: Case, of: Import, conflict: str = "") -> HttpResponse:
    context: dict[str, Any] = {"case": case, "of": of, "conflict": conflict}
    if of.state == ImportState.FAILED:
        context["said"] = saying.failure(of.failure)
        return render(request, "directory/rentree/failed.html", context, status=409 if conflict else 200)
    if of.state == ImportState.UNDONE:
        context |= {"kept": _kept(request, of), "summary": counted(of)}
        return render(request, "directory/rentree/undone.html", context, status=409 if conflict else 200)
    context |= _applied(request, of)
    return render(request, "directory/rentree/result.html", context, status=409 if conflict else 200)


def _applied(request: HouseRequest, of: Import) -> dict[str, Any]:
    refused = RejectedRow.objects.filter(of=of, state=RejectedState.WAITING).order_by("pk")
    waiting = refused.count()
    at = sliced(waiting, request.GET.get("page", ""))
    problem = undo_problem(of)
    divisions = Group.objects.filter(created_by_import=of, kind="division").order_by("name")
    school = school_of(request.actor)
    return {
        "figures": _figures(of, waiting),
        "summary": counted(of),
        "took": _took(of),
        "refused": [figures.refused(row, ()) for row in refused[at.start : at.start + figures.PAGE]],
        "waiting": waiting,
        "slice": at,
        "warnings": figures.warnings(of),
        "proposals": Grant.objects.filter(organisation=school, state=GrantState.PROPOSED).count(),
        "undecided": Guardianship.objects.filter(created_by_import=of, decided_at=None).count(),
        "may_decide": can(request.actor, "decide_authority", school),
        "divisions": divisions.annotate(
            pupils=Count("memberships", filter=Q(memberships__role="learner"))
        ).values("uuid", "name", "pupils")[:DIVISIONS],
        "undo_problem": saying.failure(problem) if problem else "",
        "undo_days": UNDO_DAYS,
    }  # fmt: skip


def _took(of: Import) -> str:
    changes = int(of.counts.get("writes", 0))
    return ngettext("{n} écriture", "{n} écritures", changes).format(n=changes) if changes else ""


def _figures(of: Import, waiting: int) -> list[Figure]:
    ties = Affiliation.objects.filter(created_by_import=of, person__created_by_import=of).values("kind")
    kinds = dict(ties.annotate(n=Count("person", distinct=True)).values_list("kind", "n"))
    groups = Group.objects.filter(created_by_import=of).values("kind").annotate(n=Count("pk"))
    made = dict(groups.values_list("kind", "n"))
    pupils, guardians = kinds.pop("pupil", 0), kinds.pop("guardian", 0)
    adults = sum(kinds.values())
    updated, departed = int(of.counts["people"]["updated"]), int(of.counts["people"]["departed"])
    rows = [
        (ngettext("élève créé", "élèves créés", pupils), pupils),
        (ngettext("responsable créé", "responsables créés", guardians), guardians),
        (ngettext("adulte créé", "adultes créés", adults), adults),
        (ngettext("classe", "classes", made.get("division", 0)), made.get("division", 0)),
        (ngettext("groupe", "groupes", made.get("group", 0)), made.get("group", 0)),
        (ngettext("personne changée", "personnes changées", updated), updated),
        (ngettext("départ", "départs", departed), departed),
    ]
    found = [Figure(label, value) for label, value in rows if value]
    if waiting:
        found.append(Figure(ngettext("ligne en attente", "lignes en attente", waiting), waiting, "warn"))
    return found or [Figure(_("changement"), 0)]


def _kept(request: HouseRequest, of: Import) -> list[tuple[str, str, str]]:
    """What the undo left alone: word, name, address ("" where there is none)."""
    rows = figures.kept_rows(of)
    changed = ImportChange.objects.filter(of=of, table="person").values("row_id")
    people = visible(request.actor, Person.objects.filter(Q(created_by_import=of) | Q(pk__in=changed)))
    by_name = {person.display_name: person for person in people} if rows else {}
    groups = dict(visible(request.actor, Group.objects.filter(created_by_import=of)).values_list("name", "uuid"))
    request.disclosing.add([person.pk for person in by_name.values()])
    return [(_kept_word(what), name, _address(what, name, by_name, groups)) for what, name in rows]


def _address(what: str, name: str, people: dict[str, Person], groups: dict[str, UUID]) -> str:
    if what == "person" and name in people:
        return reverse("directory.person", args=[people[name].uuid])
    if what == "group" and name in groups:
        return reverse("directory.group", args=[groups[name]])
    return ""


def _kept_word(what: str) -> str:
    return {
        "person": _("Personne"),
        "group": _("Classe ou groupe"),
        "organisation": _("Établissement"),
        "guardianship": _("Lien d’un responsable"),
        "affiliation": _("Rattachement"),
        "membership": _("Inscription"),
    }.get(what, _("Autre"))


def undo(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Takes it back; what stands in the way is said on the result's page."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.of is None:
        return HttpResponseRedirect(reverse("directory.simulation", args=[uuid]))
    try:
        kept = undo_import(request.actor, case.of)
    except ImportConflict as conflict:
        case = find(request, uuid)
        if case.of is None or case.state in (ImportState.SIMULATED, ImportState.APPLYING):
            raise
        return _shown(request, case, case.of, str(conflict))
    said = _("Import annulé : l’annuaire est comme avant lui.")
    if kept.rows:
        said = _("Import annulé, sauf ce qui a servi depuis : regardez ce qui est gardé.")
    toast(request, said)
    return HttpResponseRedirect(reverse("directory.result", args=[uuid]))


def leave(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """A rejected row that nobody will correct no longer waits."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    given = request.POST.get("row", "")
    row = get_visible(
        request.actor,
        RejectedRow.objects.filter(of=case.of).select_related("of__organisation"),
        pk=key_of(given),
    )
    drop_rejected_row(request.actor, row)
    toast(request, _("Ligne {n} laissée").format(n=row.line))
    return HttpResponseRedirect(reverse("directory.result", args=[uuid]))
