"""The hats of a person: each (school, role) that they may act in today, read from affiliations and grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, Q, QuerySet, Value

from preau.directory.api import Affiliation, AffiliationKind, Grant, GrantState, children, current
from preau.kernel import clock
from preau.kernel.actor import Hat, Role, Scope
from preau.signin.statements import Statement, written

# Which hat a session starts in. A référent who also directs starts with the smaller power and switches.
ORDER = (
    Role.REFERENT,
    Role.DIRECTION,
    Role.VIE_SCOLAIRE,
    Role.ACADEMIE,
    Role.MINISTERE,
    Role.DPO,
    Role.TEACHER,
    Role.STAFF,
    Role.TRAINER,
    Role.GUARDIAN,
    Role.PUPIL,
)
_RANK = {role: rank for rank, role in enumerate(ORDER)}
# Of two scopes of one role, the one that reaches further is worn.
_REACH = {Scope.NAMES: 0, Scope.WHOLE: 1, Scope.HEALTH: 2}
# A granted role of a school already holds what being staff there shows.
_MORE_THAN_STAFF = frozenset({Role.REFERENT, Role.DIRECTION, Role.VIE_SCOLAIRE})
# Guardians' affiliations open nothing: only a decided right over a child does.
_FROM_FILES = (AffiliationKind.PUPIL, AffiliationKind.TEACHER, AffiliationKind.STAFF, AffiliationKind.TRAINER)
_NOTHING = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One hat, with what the switch shows of it. `label`: the file's own word for it ("CPE"), where there is one."""

    hat: Hat
    organisation_uuid: UUID
    organisation: str
    stage: str
    label: str = ""

    @property
    def key(self) -> str:
        """What the switch form posts."""
        return f"{self.hat.role.value}:{self.organisation_uuid}"


def hats_of(person_id: int) -> list[Choice]:
    """Every hat of a person today, in the order in which a session would take one. One query."""
    statement, day = _statement(connection.alias)
    written_day, today = (connection.ops.adapt_datefield_value(each) for each in (day, clock.today()))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled({_SOMEBODY: person_id, written_day: today}))
        rows = cursor.fetchall()
    return _worn(
        Choice(
            hat=Hat(Role(role), pk, path, Scope(scope)),
            organisation_uuid=uuid if isinstance(uuid, UUID) else UUID(uuid),
            organisation=name,
            stage=stage,
            label=label,
        )
        for role, label, scope, pk, uuid, path, name, stage in rows
    )


# Stands in for the person while the statement is written.
_SOMEBODY = -1


@cache
def _statement(alias: str) -> tuple[Statement, dt.date]:
    """The query, and the day that stands for today in it."""
    while True:
        day = clock.today()
        statement = written(_query(_SOMEBODY))
        # Begun before midnight and ended after it, it would hold two days.
        if clock.today() == day:
            return statement, day


def _query(person_id: int) -> QuerySet[Any, Any]:
    ties = _rows(Affiliation.objects.filter(current(), person=person_id, kind__in=_FROM_FILES), F("kind"), F("label"))
    pupils = children(person_id).values("pupil")
    families = _rows(
        Affiliation.objects.filter(current(), kind=AffiliationKind.PUPIL, person__in=pupils),
        Value(Role.GUARDIAN.value, output_field=CharField()),
        _NOTHING,
    )
    powers = Grant.objects.filter(current(), person=person_id, state=GrantState.GIVEN)
    return ties.union(families, _rows(powers, F("role"), _NOTHING, F("scope")))


def _rows(
    rows: QuerySet[Any, Any], role: F | Value, label: F | Value, scope: F | Value = _NOTHING
) -> QuerySet[Any, Any]:
    open_today = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=clock.today())
    return rows.filter(open_today).values_list(
        role,
        label,
        scope,
        "organisation",
        "organisation__uuid",
        "organisation__path",
        "organisation__name",
        "organisation__stage",
    )


def _worn(found: Iterable[Choice]) -> list[Choice]:
    best: dict[tuple[Role, int], Choice] = {}
    for choice in found:
        place = (choice.hat.role, choice.hat.organisation_id)
        known = best.get(place)
        if known is None or _better(choice, known):
            best[place] = choice
    granted = {organisation for role, organisation in best if role in _MORE_THAN_STAFF}
    worn = [
        choice
        for choice in best.values()
        if choice.hat.role is not Role.STAFF
        or choice.hat.organisation_id not in granted
        or choice.hat.scope is Scope.HEALTH
    ]
    return sorted(worn, key=lambda choice: (_RANK[choice.hat.role], choice.hat.path))


def _better(choice: Choice, known: Choice) -> bool:
    reach, known_reach = _REACH[choice.hat.scope], _REACH[known.hat.scope]
    return reach > known_reach or (reach == known_reach and choice.label > known.label)


def actor_hat(choices: list[Choice], role: str, organisation_id: int) -> Choice | None:
    """The choice that a session wears; None when it is no longer its person's: a session never slips into another."""
    worn = (choice for choice in choices if choice.hat.role == role and choice.hat.organisation_id == organisation_id)
    return next(worn, None)
