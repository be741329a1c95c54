"""The cards that join people and sign-in, by the hat worn. Orders go by hundreds, so that rooms above find room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from preau.home.cards import administration, guardian, others, pupil, teacher
from preau.kernel.actor import Hat, Role
from preau.kernel.routes import HouseRequest
from preau.ui.api import Card

_BY_ROLE: dict[Role, Callable[[HouseRequest, Hat], Sequence[Card]]] = {
    Role.DIRECTION: administration.cards,
    Role.REFERENT: administration.cards,
    Role.TEACHER: teacher.cards,
    Role.PUPIL: pupil.cards,
    Role.GUARDIAN: guardian.cards,
}


def people(request: HouseRequest) -> Sequence[Card]:
    """See `ui.HomeCard`."""
    hat = request.actor.hat
    return _BY_ROLE.get(hat.role, others.cards)(request, hat) if hat else ()
