"""What this room lets itself be found by: its own pages, the rooms of the rail, the lines under the avatar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from preau.home.shell import SETTINGS_ROLES, settings_sections
from preau.kernel.actor import Actor
from preau.kernel.room import SearchHit, declared, providers
from preau.ui.api import AccountMenu
from preau.wire.text import fold

PAGE = "page"


def search(actor: Actor, q: str, limit: int) -> Sequence[SearchHit]:
    """See `kernel.room.SearchSource`: pages whose name has every word of `q` at the beginning of one of its own."""
    terms = fold(q).split()
    hits = (hit for hit in _pages(actor) if terms and _answers(hit, terms))
    return [hit for hit, _number in zip(hits, range(limit), strict=False)]


def _answers(hit: SearchHit, terms: Sequence[str]) -> bool:
    words = fold(f"{hit.title} {hit.sub}").split()
    return all(any(word.startswith(term) for word in words) for term in terms)


def _pages(actor: Actor) -> Iterator[SearchHit]:
    for entry in declared(lambda room: room.rail):
        if actor.wears(*entry.roles):
            yield SearchHit(title=_(entry.label), sub="", url=entry.url, kind=PAGE)
    for lines in providers(AccountMenu):
        for link in lines(actor):
            if not link.post:
                yield SearchHit(title=link.label, sub=_("Mon compte"), url=link.url, kind=PAGE)
    if actor.wears(*SETTINGS_ROLES):
        for section in settings_sections():
            yield SearchHit(title=section.title, sub=_("Réglages"), url=section.url, kind=PAGE)
