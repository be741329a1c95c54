"""Who holds which role, where, until when, why and by whom; and what files propose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from preau.directory.models import Grant
from preau.directory.models.person import GrantState
from preau.directory.queries.finding import Line, Shelf, look_up
from preau.directory.words import role_word
from preau.kernel import clock
from preau.kernel.actor import Actor, Role
from preau.kernel.policy import visible
from preau.kernel.search import matching
from preau.wire.text import fold

SOON = dt.timedelta(days=30)


class Slice(StrEnum):
    """Which roles a list shows."""

    ALL = ""
    SOON = "bientot"
    PAST = "finis"


@dataclass(slots=True)
class Powers:
    """The roles of the actor's schools. `waiting`: what files propose; `counts`: how many each slice holds."""

    given: list[Grant]
    waiting: list[Grant]
    counts: dict[Slice, int]
    disclosed: list[int]


def powers(actor: Actor, q: str = "", part: Slice = Slice.ALL) -> Powers:
    """Every role of the actor's schools, newest decisions of the past last."""
    rows = list(_of_schools(actor, q))
    today = clock.today()
    given = [grant for grant in rows if grant.state == GrantState.GIVEN and (grant.ends is None or grant.ends > today)]
    soon = [grant for grant in given if grant.ends is not None and grant.ends <= today + SOON]
    past = [grant for grant in rows if grant.state in (GrantState.ENDED, GrantState.DECLINED) or _is_over(grant, today)]
    shown = {Slice.ALL: given, Slice.SOON: soon, Slice.PAST: past}
    waiting = [grant for grant in rows if grant.state == GrantState.PROPOSED]
    return Powers(
        given=shown[part],
        waiting=waiting,
        counts={name: len(grants) for name, grants in shown.items()},
        disclosed=[grant.person_id for grant in (*shown[part], *waiting)],
    )


def _is_over(grant: Grant, today: dt.date) -> bool:
    return grant.state == GrantState.GIVEN and grant.ends is not None and grant.ends <= today


def _of_schools(actor: Actor, q: str) -> list[Grant]:
    schools = [hat.organisation_id for hat in actor.hats]
    rows: QuerySet[Grant] = visible(actor, Grant.objects.filter(organisation__in=schools)).select_related(
        "person", "organisation", "group", "given_by", "source", "created_by_import"
    )
    found = sorted(rows, key=lambda grant: (_RANK.get(grant.role, 99), fold(grant.person.family_name), grant.pk))
    if not q:
        return found
    named = set(rows.filter(matching("person__folded", q)).values_list("pk", flat=True))
    words = fold(q)
    return [grant for grant in found if grant.pk in named or words in fold(role_word(grant.role, grant.scope))]


def giver_of(actor: Actor, grant: Grant) -> str:
    """The name of who gave a role, as far as this actor may read it: "" for a protected person, and for nobody."""
    giver = grant.given_by
    if giver is None or (giver.is_protected and giver.pk != actor.id and not actor.wears(Role.DIRECTION)):
        return ""
    return giver.display_name


_RANK = {
    role.value: rank
    for rank, role in enumerate(
        (Role.DIRECTION, Role.REFERENT, Role.VIE_SCOLAIRE, Role.STAFF, Role.DPO, Role.ACADEMIE, Role.MINISTERE)
    )
}


def staff_to_empower(actor: Actor, q: str, limit: int = 10) -> list[Line]:
    """People of the actor's schools who work there and whose name `q` finds."""
    return look_up(actor, q, only=Shelf.STAFF).shelves.get(Shelf.STAFF, [])[:limit]
