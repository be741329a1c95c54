"""The directory's first page: a search that answers as one types, and the chosen person beside the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.models import Person
from preau.directory.pages.parts import marked, person_slots, school_of
from preau.directory.queries.finding import Found, Line, Shelf, look_up
from preau.directory.queries.records import Record, record_of
from preau.directory.words import hat_word
from preau.kernel.policy import can, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import number


@dataclass(slots=True)
class Row:
    """A line with its address and its marked name."""

    line: Line
    url: str
    name: SafeString
    chosen: bool


def index(request: HouseRequest) -> HttpResponse:
    """`q` the words searched, `only` a shelf, `page`, `p` the person shown beside. htmx gets the list alone."""
    q = " ".join(request.GET.get("q", "").split())[:100]
    asked = request.GET.get("only", "")
    only = Shelf(asked) if asked in set(Shelf) else None
    found = look_up(request.actor, q, only, _page(request))
    request.disclosing.add(found.people())
    record = _chosen(request)
    context: dict[str, Any] = {
        "q": q,
        "only": only,
        "found": found,
        "shelves": _rows(found, q, only, record),
        "tags": _tags(found, q, only),
        "base": f"?{_query(q, only)}&page=",
        "record": record,
    }
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "directory/index.html#found", context)
    if record is not None:
        request.disclosing.add(record.disclosed)
        context |= {"slots": person_slots(request.actor, record.person), "hat": hat_word(request.actor.hat)}
    if not q and only is None:
        context["lead"] = _lead(found)
    school = school_of(request.actor)
    context |= {
        "may_add": can(request.actor, "add_person", school),
        "may_import": can(request.actor, "import_roster", school),
        "may_see_roles": can(request.actor, "see_accounts", school),
    }
    return render(request, "directory/index.html", context)


def _page(request: HouseRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _lead(found: Found) -> str:
    groups = found.counts.get(Shelf.GROUPS, 0)
    people = found.total - groups
    return " ".join(
        [
            ngettext("{n} personne,", "{n} personnes,", people).format(n=number(people)),
            ngettext("{n} classe ou groupe.", "{n} classes et groupes.", groups).format(n=number(groups)),
        ]
    )


def _chosen(request: HouseRequest) -> Record | None:
    try:
        uuid = UUID(request.GET.get("p", ""))
    except ValueError:
        return None
    person = visible(request.actor, Person.objects.filter(uuid=uuid)).first()
    return record_of(request.actor, person) if person else None


def _query(q: str, only: Shelf | None) -> str:
    return urlencode({"q": q, **({"only": only.value} if only else {})})


def _rows(found: Found, q: str, only: Shelf | None, record: Record | None) -> list[tuple[str, Shelf, list[Row]]]:
    base = _query(q, only)
    chosen = record.person.pk if record else None
    shelves = []
    for shelf in Shelf:
        rows = [
            Row(
                line=line,
                url=reverse("directory.group", args=[line.uuid])
                if shelf is Shelf.GROUPS
                else f"?{base}&page={found.page}&p={line.uuid}",
                name=marked(line.name, q),
                chosen=shelf is not Shelf.GROUPS and line.pk == chosen,
            )
            for line in found.shelves.get(shelf, ())
        ]
        if rows:
            shelves.append((shelf_word(shelf), shelf, rows))
    return shelves


def _tags(found: Found, q: str, only: Shelf | None) -> list[tuple[str, str, int, bool]]:
    """Label, address, count and whether it is the one shown."""
    shelves = [(shelf_word(shelf), shelf, found.counts[shelf]) for shelf in Shelf if found.counts.get(shelf)]
    tags = [(_("Tous"), f"?{_query(q, None)}", found.total, only is None)]
    return [*tags, *((word, f"?{_query(q, shelf)}", count, only is shelf) for word, shelf, count in shelves)]


def shelf_word(shelf: Shelf) -> str:
    """Its heading."""
    return {
        Shelf.PUPILS: _("Élèves"),
        Shelf.GUARDIANS: _("Responsables"),
        Shelf.STAFF: _("Personnels"),
        Shelf.GROUPS: _("Classes et groupes"),
    }[shelf]
