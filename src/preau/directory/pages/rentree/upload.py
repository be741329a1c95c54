"""The first page of la rentrée: files go in, and what came in before is there with its undo."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.actions.importing import undo_problem
from preau.directory.imports import deposits, saying, uploaded
from preau.directory.models import Import, Person
from preau.directory.models.importing import ImportState
from preau.directory.pages.parts import page, school_of
from preau.directory.pages.rentree.case import is_of_school
from preau.directory.rosters.sentences import FORMATS
from preau.kernel import clock
from preau.kernel.policy import require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import number, when

SHOWN = 10
FILE_FIELDS = ("files", "folder")


def upload(request: HouseRequest) -> HttpResponse:
    """The drop zone; a POST keeps the files, simulates them (small sets at once) and goes to what that shows."""
    school = school_of(request.actor)
    require(request.actor, "import_roster", school)
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = [file for name in FILE_FIELDS for file in request.FILES.getlist(name) if file.name]
        if given:
            return _keep(request, given)
        errors["files"] = _("Choisissez au moins un fichier.")
    context = {
        "waiting": [deposit for deposit in deposits.deposits() if _waits(request, deposit)][::-1],
        "past": _past(request),
        "formats": FORMATS.values(),
        "today": clock.today(),
    }
    return page(request, "directory/rentree/upload.html", context, errors)


def _keep(request: HouseRequest, given: list[UploadedFile[bytes]]) -> HttpResponse:
    hat = request.actor.hat
    if hat is None or request.actor.id is None:
        return HttpResponse(status=403)
    deposit = deposits.keep(given, organisation_id=hat.organisation_id, person_id=request.actor.id, role=hat.role.value)
    uploaded.start(request.actor, deposit)
    return HttpResponseRedirect(reverse("directory.simulation", args=[deposit.uuid]))


def _waits(request: HouseRequest, deposit: deposits.Deposit) -> bool:
    return is_of_school(request.actor, deposit) and deposits.has_files(deposit.uuid)


@dataclass(frozen=True, slots=True)
class Past:
    """An import in the list of those that were begun. `why_not`: why it cannot be undone, "" when it can."""

    of: Import
    summary: str
    undoable: bool
    why_not: str


def _past(request: HouseRequest) -> list[Past]:
    rows = visible(request.actor, Import.objects.exclude(state=ImportState.SIMULATED))
    imports = list(rows.select_related("organisation").order_by("-pk")[:SHOWN])
    authors = {
        person.pk: person.display_name
        for person in Person.objects.filter(pk__in=[of.by for of in imports if of.by is not None])
    }
    return [_line(of, authors.get(of.by, "") if of.by else "") for of in imports]


def _line(of: Import, author: str) -> Past:
    problem = undo_problem(of) if of.state == ImportState.APPLIED else ""
    parts = [saying.format_name(of.format), counted(of)]
    if of.applied_at:
        parts.append(when(of.applied_at))
    if author:
        parts.append(_("par {name}").format(name=author))
    return Past(
        of,
        " · ".join(part for part in parts if part),
        of.state == ImportState.APPLIED and not problem,
        saying.failure(problem) if problem else "",
    )


def counted(of: Import) -> str:
    """ "612 créations, 4 changements, 1 départ"; what is nought is left out."""
    created, updated, departed = (int(of.counts["people"][name]) for name in ("created", "updated", "departed"))
    parts = [
        ngettext("{n} création", "{n} créations", created).format(n=number(created)) if created else "",
        ngettext("{n} changement", "{n} changements", updated).format(n=number(updated)) if updated else "",
        ngettext("{n} départ", "{n} départs", departed).format(n=number(departed)) if departed else "",
    ]
    return ", ".join(part for part in parts if part) or _("rien n’a changé")
