"""What people decide about an import that waits: corrections, who is whom, which school; and that it be applied."""

from __future__ import annotations

import io
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from preau.directory.actions.importing import ImportConflict
from preau.directory.imports import deposits, listing, saying, uploaded
from preau.directory.imports.deposits import Deposit
from preau.directory.models import Import, Person, RejectedRow
from preau.directory.pages.parts import school_of
from preau.directory.pages.rentree.case import Case, find, key_of
from preau.directory.pages.rentree.simulation import shown
from preau.directory.rosters.fields import reason_header
from preau.kernel.errors import Conflict
from preau.kernel.policy import get_visible, require
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast
from preau.wire.tables import MAX_CELL_CHARACTERS, write_table


def _waiting(request: HouseRequest, uuid: UUID) -> tuple[Case, Deposit]:
    """The import and its files. Raises `Conflict` where there is nothing left to choose, or a job is at work on it."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.deposit is None or not case.has_files or not case.waits:
        raise Conflict(_("Les fichiers de cet import ne sont plus là. Déposez-les de nouveau."))
    if case.busy:
        raise Conflict(_("Cet import est en train d’être lu. Attendez qu’il le soit, puis recommencez."))
    return case, case.deposit


def _again(request: HouseRequest, deposit: Deposit, tab: str = "") -> HttpResponse:
    uploaded.start(request.actor, deposit)
    return HttpResponseRedirect(reverse("directory.simulation", args=[deposit.uuid]) + (f"?voir={tab}" if tab else ""))


def correct(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Cells of one rejected row: `row` its key, `c<n>` the value of the file's n-th column. Simulates again."""
    case, deposit = _waiting(request, uuid)
    seen = listing.load(uuid)
    given = request.POST.get("row", "")
    row = get_visible(request.actor, RejectedRow.objects.filter(of=case.of), pk=key_of(given))
    headers = seen.headers.get(row.file, []) if seen else []
    cells = {
        header: request.POST[f"c{at}"].strip()[:MAX_CELL_CHARACTERS]
        for at, header in enumerate(headers)
        if f"c{at}" in request.POST
    }
    changed = {header: value for header, value in cells.items() if value != row.fields.get(header, "")}
    if not changed:
        toast(request, _("Rien n’a été changé à cette ligne."))
        return HttpResponseRedirect(reverse("directory.simulation", args=[uuid]) + "?voir=refusees")
    deposit.corrections.setdefault(row.file, {}).setdefault(row.line, {}).update(changed)
    toast(request, _("Ligne {n} corrigée").format(n=row.line))
    return _again(request, deposit, "refusees")


def recognise(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """`who` (the file's id) is `person` (ours), or is not after all where `person` is empty. Simulates again."""
    _case, deposit = _waiting(request, uuid)
    seen = listing.load(uuid)
    who = request.POST.get("who", "")
    given = request.POST.get("person", "")
    if not given:
        deposit.matches.pop(who, None)
        toast(request, _("Ce sont deux personnes."))
        return _again(request, deposit, "avertissements")
    proposed = {row.source_id: row for row in seen.alike} if seen else {}
    try:
        person = get_visible(request.actor, Person.objects.all(), uuid=UUID(given))
    except ValueError:
        raise Conflict(_("Cette ressemblance n’est plus proposée.")) from None
    if who not in proposed or person.pk not in proposed[who].candidates:
        raise Conflict(_("Cette ressemblance n’est plus proposée."))
    deposit.matches[who] = person.pk
    toast(request, _("{name} : c’est la même personne, rien ne sera créé en double.").format(name=person.display_name))
    return _again(request, deposit, "avertissements")


def choose(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Which of the file's schools is ours, and whether absence from the file means departure. Simulates again."""
    _case, deposit = _waiting(request, uuid)
    seen = listing.load(uuid)
    known = {source_id for source_id, _name in seen.schools} if seen else set()
    asked = request.POST.get("school", "")
    if asked in known:
        deposit.file_school = asked
    deposit.complete = request.POST.get("complete") == "1"
    return _again(request, deposit)


def simulate_again(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Against the directory as it is now."""
    _case, deposit = _waiting(request, uuid)
    return _again(request, deposit)


def forget(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Removes the files of an import that nobody will apply."""
    _case, deposit = _waiting(request, uuid)
    deposits.forget(deposit.uuid)
    toast(request, _("Fichiers retirés ; rien n’avait été écrit."))
    return HttpResponseRedirect(reverse("directory.upload"))


def apply(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Begins it; the worker goes on. What stands in the way is said on the simulation's page."""
    case, deposit = _waiting_or_said(request, uuid)
    if deposit is None:
        return shown_conflict(request, case, "import_already_applied" if not case.waits else "import_files_gone")
    if case.of is None:
        raise Conflict(_("Cet import n’a pas encore été répété."))
    try:
        uploaded.begin(request.actor, case.of, deposit, accept_exodus=request.POST.get("accept_exodus") == "1")
    except ImportConflict as conflict:
        return shown(request, find(request, uuid), str(conflict))
    return HttpResponseRedirect(reverse("directory.applying", args=[uuid]))


def _waiting_or_said(request: HouseRequest, uuid: UUID) -> tuple[Case, Deposit | None]:
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.deposit is None or not case.has_files or not case.waits or case.busy:
        return case, None
    return case, case.deposit


def shown_conflict(request: HouseRequest, case: Case, code: str) -> HttpResponse:
    """A page of its own: there is no simulation any more to say it on."""
    return render(request, "directory/rentree/conflict.html", {"case": case, "said": saying.failure(code)}, status=409)


def refused_csv(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """The rejected rows with their reasons, as a table that a spreadsheet opens and this importer takes back."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    stream = io.StringIO(newline="")
    of = case.of
    if of is not None:
        _write_refused(stream, of)
    return HttpResponse(
        stream.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="lignes-refusees.csv"'},
    )


def _write_refused(stream: io.StringIO, of: Import) -> None:
    rows = list(RejectedRow.objects.filter(of=of).order_by("pk"))
    headers = list(dict.fromkeys(header for row in rows for header in row.fields))
    family = of.format.partition("-")[0]
    write_table(
        stream,
        [_("Fichier"), _("Ligne"), reason_header(family), *headers],
        (
            [row.file, str(row.line), saying.rejection(row.reason, row.details),
             *(str(row.fields.get(header, "")) for header in headers)]
            for row in rows
        ),
        for_people=True,
    )  # fmt: skip
