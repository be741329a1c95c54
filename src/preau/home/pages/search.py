"""`/recherche`: one question to every room, each over what its visitor may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from preau.home.search import PAGE
from preau.kernel.actor import Actor
from preau.kernel.room import SearchHit, loaded
from preau.kernel.routes import HouseRequest

# The headings of the lower rooms' kinds; an upper room's kind is its heading itself, a French msgid.
KINDS = {"person": _("Personnes"), "group": _("Classes et groupes"), PAGE: _("Pages et réglages")}
# Lines a room may give; beyond, the words are too few.
LIMIT = 20
LONGEST = 100


def search(request: HouseRequest) -> HttpResponse:
    """The page; for htmx, its answer alone."""
    q = " ".join(request.GET.get("q", "")[:LONGEST].split())
    kinds = found(request.actor, q)
    request.disclosing.add(hit.person_id for _kind, hits in kinds for hit in hits if hit.person_id is not None)
    context = {"q": q, "kinds": kinds}
    part = "#found" if request.headers.get("HX-Request-Type") == "partial" else ""
    return render(request, f"home/search.html{part}", context)


def found(actor: Actor, q: str) -> list[tuple[str, Sequence[SearchHit]]]:
    """The hits of every room by kind: people and groups first, then what upper rooms found, pages last."""
    kinds: dict[str, list[SearchHit]] = {}
    if q:
        for _room, source in reversed(loaded(lambda room: room.search)):
            for hit in source(actor, q, LIMIT):
                kinds.setdefault(hit.kind, []).append(hit)
    return [(gettext(KINDS.get(kind, kind)), kinds[kind]) for kind in sorted(kinds, key=_place)]


def _place(kind: str) -> int:
    return {"person": 0, "group": 1, PAGE: 3}.get(kind, 2)
