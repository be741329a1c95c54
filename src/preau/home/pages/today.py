"""`/`: what is on today, from the cards of every room."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from preau.directory.api import Person
from preau.kernel import clock
from preau.kernel.actor import Role
from preau.kernel.room import providers
from preau.kernel.routes import HouseRequest
from preau.ui.api import Card, HomeCard
from preau.ui.words import weekday


def today(request: HouseRequest) -> HttpResponse:
    """The home page of whoever is signed in, as they act now."""
    cards = sorted((card for offer in providers(HomeCard) for card in offer(request)), key=lambda card: card.order)
    title, lead = _head(request, cards)
    context = {
        "title": title,
        "lead": lead,
        "actions": next((card.actions for card in cards if card.actions), ""),
        "wide": _in(cards, "wide"),
        "main": _in(cards, "main"),
        "aside": _in(cards, "aside"),
    }
    return render(request, "home/today.html", context)


def _head(request: HouseRequest, cards: Sequence[Card]) -> tuple[str, str]:
    """What the page is called, and what it says first: the day stands in one of the two."""
    day = weekday(clock.today())
    day = day[:1].upper() + day[1:]
    said = " ".join(card.lead for card in cards if card.lead)
    if named := next((card.title for card in cards if card.title), ""):
        return named, f"{day}. {said}".strip()
    me = get_object_or_404(Person, pk=request.actor.id)
    if request.actor.wears(Role.PUPIL):
        return _("Bonjour {name}").format(name=me.shown_given_name or me.display_name), f"{day}. {said}".strip()
    return day, _("Bonjour {name}. {said}").format(name=me.display_name, said=said).strip()


def _in(cards: Sequence[Card], place: str) -> list[SafeString]:
    return [card.html for card in cards if card.place == place and card.html]
