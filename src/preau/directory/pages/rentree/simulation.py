"""What an import would do, before it does it: figures, what is taken for what, and every row by what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.imports import listing, saying
from preau.directory.imports.deposits import Deposit
from preau.directory.imports.listing import Listing
from preau.directory.imports.running import progress_key
from preau.directory.models import Import, Person, RejectedRow
from preau.directory.models.importing import ImportState
from preau.directory.pages.parts import school_of
from preau.directory.pages.rentree import figures
from preau.directory.pages.rentree.case import Case, find
from preau.directory.pages.rentree.figures import Figure, Slice, cut, field_word, kinds_word, read_words, sliced
from preau.kernel import progress
from preau.kernel.policy import require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import number

# The refusal that an answer can lift: the files have schools, and none of them is known to be ours.
NOT_OURS = "no_school_to_write"


def simulation(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """The simulation, the wait for it, or why there is none. An import that was begun is elsewhere."""
    case = find(request, uuid)
    require(request.actor, "import_roster", school_of(request.actor))
    if case.is_applying:
        return HttpResponseRedirect(reverse("directory.applying", args=[uuid]))
    if case.state in (ImportState.APPLIED, ImportState.UNDONE, ImportState.FAILED) and not case.busy:
        return HttpResponseRedirect(reverse("directory.result", args=[uuid]))
    return shown(request, case)


def shown(request: HouseRequest, case: Case, conflict: str = "") -> HttpResponse:
    """The page of an import that waits; `conflict` is what just stood in the way of applying it."""
    status = 409 if conflict else 200
    if case.busy:
        context = {"case": case, "said": _step(case)}
        name = "reading.html#reading" if request.htmx else "reading.html"  # type: ignore[attr-defined]  # django-htmx
        return render(request, f"directory/rentree/{name}", context)
    if request.htmx and request.htmx.target == "reading":  # type: ignore[attr-defined]  # django-htmx
        return HttpResponse(headers={"HX-Redirect": reverse("directory.simulation", args=[case.uuid])})
    deposit, seen = case.deposit, listing.load(case.uuid)
    if deposit is not None and deposit.refusal is not None:
        if deposit.refusal.reason == NOT_OURS and seen is not None and len(seen.schools) > 1 and case.has_files:
            context = {"case": case, "deposit": deposit, "schools": seen.schools, "school": school_of(request.actor)}
            return render(request, "directory/rentree/whose.html", context)
        said = saying.refusal(deposit.refusal.reason, deposit.refusal.details)
        return render(request, "directory/rentree/refused.html", {"case": case, "said": said}, status=422)
    if case.of is None or deposit is None or seen is None or not case.has_files or deposit.failed:
        return render(request, "directory/rentree/gone.html", {"case": case})
    context = _context(request, case, case.of, deposit, seen)
    context["conflict"] = conflict
    return render(request, "directory/rentree/simulation.html", context, status=status)


def _step(case: Case) -> str:
    last = progress.read(progress_key(case.uuid))
    step = last.step if last else "waiting"
    return {
        "reading": _("Lecture des fichiers"),
        "planning": _("Comparaison avec l’annuaire"),
    }.get(step, _("Bientôt lus"))


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the simulation."""

    key: str
    label: str
    count: int
    calls: bool


def _tabs(of: Import, seen: Listing) -> list[Tab]:
    rejected = int(of.counts.get("rejected", 0))
    changes = len(seen.moved) + len(seen.changed)
    said = len(of.warnings) + len(seen.alike) + sum(1 for new in seen.created if new.wanted)
    tabs = [
        Tab("refusees", _("Refusées"), rejected, calls=True),
        Tab("changements", _("Changements"), changes, calls=False),
        Tab("departs", ngettext("Départ", "Départs", len(seen.departed)), len(seen.departed), calls=False),
        Tab("creations", _("Créations"), len(seen.created), calls=False),
        Tab("classes", _("Classes et groupes"), len(seen.formed), calls=False),
        Tab("avertissements", _("À savoir"), said, calls=bool(seen.alike)),
    ]
    return [tab for tab in tabs if tab.count]


def _context(request: HouseRequest, case: Case, of: Import, deposit: Deposit, seen: Listing) -> dict[str, Any]:
    tabs = _tabs(of, seen)
    asked = request.GET.get("voir", "")
    current = next((tab for tab in tabs if tab.key == asked), tabs[0] if tabs else None)
    school = school_of(request.actor)
    rejected = int(of.counts.get("rejected", 0))
    changes = int(of.counts.get("writes", 0))
    context: dict[str, Any] = {
        "case": case,
        "of": of,
        "deposit": deposit,
        "school": school,
        "format": saying.format_name(of.format),
        "figures": _figures(of, seen, rejected),
        "follows": _follows(of),
        "files": [
            (file, read_words(file), saying.notice(file.sentence_code, file.details) if file.sentence_code else "")
            for file in seen.files
        ],
        "schools": seen.schools if len(seen.schools) > 1 else [],
        "source": of.source,
        "tabs": tabs,
        "current": current,
        "exodus": [_leaving(row) for row in seen.exodus],
        "changes": changes,
        "people": sum(int(of.counts["people"][name]) for name in ("created", "updated", "departed")),
    }  # fmt: skip
    if current is not None:
        at = sliced(current.count, request.GET.get("page", ""))
        context |= {
            "slice": at,
            "base": f"?voir={current.key}&page=",
            "rows": _rows(request, current.key, of, seen, at),
        }
        if current.key == "avertissements":
            context |= _alike(request, case, seen)
    return context


def _figures(of: Import, seen: Listing, rejected: int) -> list[Figure]:
    moved, gone = len(seen.moved), len(seen.departed)
    found = figures.creations(seen.created, seen.formed)
    if moved:
        found.append(Figure(ngettext("changement de classe", "changements de classe", moved), moved))
    updated = int(of.counts["people"]["updated"])
    if updated and not moved:
        found.append(Figure(ngettext("personne changée", "personnes changées", updated), updated))
    if gone:
        found.append(Figure(ngettext("départ", "départs", gone), gone, "warn" if seen.exodus else ""))
    found.append(Figure(ngettext("ligne refusée", "lignes refusées", rejected), rejected, "bad" if rejected else ""))
    return found


def _follows(of: Import) -> str:
    """What comes along: enrolments, and who does not change."""
    stays, same = of.counts["memberships"], int(of.counts["people"]["unchanged"])
    parts = []
    if created := int(stays["created"]):
        parts.append(ngettext("{n} inscription", "{n} inscriptions", created).format(n=number(created)))
    if ended := int(stays["departed"]):
        parts.append(ngettext("{n} inscription finie", "{n} inscriptions finies", ended).format(n=number(ended)))
    if same:
        parts.append(ngettext("{n} personne inchangée", "{n} personnes inchangées", same).format(n=number(same)))
    if over := int(of.counts.get("ended_in_file", 0)):
        parts.append(ngettext("{n} déjà finie dans le fichier", "{n} déjà finies dans le fichier", over)
                     .format(n=number(over)))  # fmt: skip
    return ", ".join(parts)


def _leaving(row: listing.Leaving) -> str:
    return _("{n} sur {total} ({kind}, {place})").format(
        n=number(row.departing), total=number(row.present), kind=kinds_word([row.kind]).lower(), place=row.place
    )


def _shown_people(request: HouseRequest, keys: set[int]) -> dict[int, str]:
    """Addresses of those whom the actor may see; a protected person's name shows to direction alone."""
    people = visible(request.actor, Person.objects.filter(pk__in=keys - {0}))
    found = {pk: reverse("directory.person", args=[uuid]) for pk, uuid in people.values_list("pk", "uuid")}
    request.disclosing.add(found)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list. `before` and `after` where a value changes; `badge` a word at its end."""

    name: str
    url: str
    sub: str
    before: str = ""
    after: str = ""
    badge: str = ""


def _rows(request: HouseRequest, key: str, of: Import, seen: Listing, at: Slice) -> list[Any]:
    if key == "refusees":
        rows = RejectedRow.objects.filter(of=of).order_by("pk")[at.start : at.start + figures.PAGE]
        return [figures.refused(row, seen.headers.get(row.file, ())) for row in rows]
    if key == "changements":
        return _changes(request, seen, at)
    if key == "departs":
        gone = cut(seen.departed, at)
        urls = _shown_people(request, {row.person for row in gone})
        return [
            Line(row.name if row.person in urls else _("Personne protégée"), urls.get(row.person, ""),
                 f"{kinds_word(row.kinds)} · {row.place}", badge=_("compte désactivé") if row.closes else "")
            for row in gone
        ]  # fmt: skip
    if key == "creations":
        return [
            Line(new.name, "", " · ".join(filter(None, [kinds_word([new.kind]), new.group])), after=new.username)
            for new in cut(seen.created, at)
        ]
    if key == "classes":
        return [
            Line(group.name, "", " · ".join(filter(None, [
                _("Classe") if group.kind == "division" else _("Groupe"), group.level,
                ngettext("{n} élève", "{n} élèves", group.people).format(n=number(group.people)),
            ])))
            for group in cut(seen.formed, at)
        ]  # fmt: skip
    return list(cut(_said(of, seen), at))


def _changes(request: HouseRequest, seen: Listing, at: Slice) -> list[Line]:
    every: list[listing.Moved | listing.Changed] = [*seen.moved, *seen.changed]
    rows = cut(every, at)
    urls = _shown_people(request, {row.person for row in rows})

    return [_change(row, urls) for row in rows]


def _change(row: listing.Moved | listing.Changed, urls: dict[int, str]) -> Line:
    if row.person and row.person not in urls:
        return Line(_("Personne protégée"), "", field_word(row.field) if isinstance(row, listing.Changed) else "")
    if isinstance(row, listing.Moved):
        return Line(row.name, urls.get(row.person, ""), "", row.leaves, row.joins)
    before, after = row.before, row.after
    if row.field == listing.ACCESS:
        before, after = _("ouvert"), _("fermé")
    return Line(row.name, urls.get(row.person, ""), field_word(row.field), before, after)


def _said(of: Import, seen: Listing) -> list[str]:
    clashes = [
        _("L’identifiant {wanted} est déjà pris : {person} reçoit {given}.").format(
            wanted=new.wanted, person=new.name, given=new.username
        )
        for new in seen.created
        if new.wanted
    ]
    return [*figures.warnings(of), *clashes]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is here already, for somebody new of the same name and birth date."""

    uuid: UUID
    name: str
    url: str


def _alike(request: HouseRequest, case: Case, seen: Listing) -> dict[str, Any]:
    """Pairs that may be one person, and those that somebody said are."""
    matches = case.deposit.matches if case.deposit else {}
    keys = {key for row in seen.alike for key in row.candidates} | set(matches.values())
    people = {person.pk: person for person in visible(request.actor, Person.objects.filter(pk__in=keys))}
    request.disclosing.add(people)

    def candidate(key: int) -> Candidate:
        person = people[key]
        return Candidate(person.uuid, person.display_name, reverse("directory.person", args=[person.uuid]))

    return {
        "alike": [(row, [candidate(key) for key in row.candidates if key in people]) for row in seen.alike],
        "matched": [(source_id, candidate(key)) for source_id, key in matches.items() if key in people],
    }
