"""My account: what rooms put under the avatar, where a pupil looks for it."""

from __future__ import annotations

from collections.abc import Sequence

from preau.home.cards.reading import drawn
from preau.kernel.actor import Role
from preau.kernel.room import providers
from preau.kernel.routes import HouseRequest
from preau.ui.api import AccountMenu, Card

_WITHOUT = (Role.GUARDIAN, Role.DIRECTION, Role.REFERENT)


def account(request: HouseRequest) -> Sequence[Card]:
    """See `ui.HomeCard`. Pages about the children or the whole school stay without it: the avatar has the same."""
    if request.actor.wears(*_WITHOUT):
        return ()
    links = [link for lines in providers(AccountMenu) for link in lines(request.actor) if not link.post]
    links.sort(key=lambda link: link.order)
    return [Card(order=800, place="aside", html=drawn(request, "account", links=links))] if links else ()
