"""Reads of sign-in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Q, QuerySet

from preau.directory.api import Affiliation, AffiliationKind, Grant, GrantState, Person, current
from preau.kernel import clock
from preau.kernel.db import batches
from preau.signin.models import Credential, CredentialKind, OneUseCode, SignInLog
from preau.signin.models.log import CAME_IN
from preau.signin.statements import Statement, written

SHOWN = dt.timedelta(days=30)


def ever_signed_in(person_ids: Sequence[int]) -> set[int]:
    """Those of these people who have signed in at least once: « déjà connecté : oui / non »."""
    found: set[int] = set()
    for some in batches(person_ids):
        found.update(
            Credential.objects.filter(person__in=some, first_used_at__isnull=False).values_list("person", flat=True)
        )
    return found


def without_password(person_ids: Sequence[int]) -> set[int]:
    """Those of these people who never came in and have no password: whom a first code is for."""
    held = Credential.objects.filter(person__in=person_ids).exclude(hash="", first_used_at=None)
    return set(person_ids) - set(held.values_list("person", flat=True))


def traces(person_ids: Sequence[int]) -> set[int]:
    """Those of these people who left something here: whoever has signed in."""
    return ever_signed_in(person_ids)


@dataclass(frozen=True, slots=True)
class Account:
    """Who was named at the door, and what the door needs to know of them."""

    person: Person | None
    hash: str = ""
    came_in: bool = False
    knows_device: bool = False


def account(username: str, device: str) -> Account:
    """The account of a username, whether there is one or not, in one query either way."""
    statement = _statement(connection.alias)
    places = {_SOMEBODY: username, _SOME_DEVICE: device}
    found = list(Person.objects.raw(statement.sql, statement.filled(places)))
    if not found:
        return Account(None)
    facts = vars(found[0])
    return Account(
        person=found[0],
        hash=facts["hash"] or "",
        came_in=facts["first_used_at"] is not None,
        knows_device=bool(device and facts["knows_device"]),
    )


_SOMEBODY, _SOME_DEVICE = "\x00somebody", "\x00some device"


@cache
def _statement(alias: str) -> Statement:
    came_in = SignInLog.objects.filter(person=OuterRef("pk"), device=_SOME_DEVICE, outcome__in=CAME_IN)
    held = FilteredRelation("credentials", condition=Q(credentials__kind=CredentialKind.PASSWORD))
    return written(
        Person.objects.filter(username=_SOMEBODY)
        .annotate(held=held)
        .annotate(hash=F("held__hash"), first_used_at=F("held__first_used_at"), knows_device=Exists(came_in))
    )


def normal_username(typed: str) -> str:
    """A username as it is stored, from what somebody typed; what cannot be printed is in nobody's."""
    return "".join(sign for sign in typed[:200] if sign.isprintable()).strip().casefold()[:60]


def lasting() -> Q:
    """Rows that hold today or will: a code lasts a week, and the password that it opens longer."""
    return Q(ends=None) | Q(ends__gt=clock.today())


def powers_held_or_near() -> QuerySet[Grant]:
    """Powers of the outer person: given, from today or later, and those that a file proposes."""
    return Grant.objects.filter(lasting(), person=OuterRef("pk"), state__in=[GrantState.GIVEN, GrantState.PROPOSED])


def pupils_only() -> Q:
    """People who are pupils today and nothing else: codes are then words, and eight characters do."""
    ties = Affiliation.objects.filter(current(), person=OuterRef("pk"))
    is_one = Exists(ties.filter(kind=AffiliationKind.PUPIL))
    return Q(is_one) & ~Q(Exists(ties.exclude(kind=AffiliationKind.PUPIL))) & ~Q(Exists(powers_held_or_near()))


def pupils_among(person_ids: Sequence[int]) -> set[int]:
    """Those of these people who are pupils and nothing else."""
    return set(Person.objects.filter(pupils_only(), pk__in=person_ids).values_list("pk", flat=True))


def is_pupil(person_id: int) -> bool:
    """Whether somebody is a pupil and nothing else."""
    return bool(pupils_among([person_id]))


def live_code(person_id: int) -> OneUseCode | None:
    """The unused code of a person, expired or not."""
    return OneUseCode.objects.filter(person=person_id, used_at=None).select_related("person", "made_by").first()


@dataclass(frozen=True, slots=True)
class Refusals:
    """Attempts on somebody's account that failed: how many since when, and the last one."""

    count: int
    last: dt.datetime


def recent_refusals(person_id: int) -> Refusals | None:
    """Attempts that failed in the last 30 days; None when there was none."""
    rows = SignInLog.objects.filter(person=person_id, at__gte=clock.now() - SHOWN).exclude(outcome__in=CAME_IN)
    found = rows.aggregate(count=Count("pk"), last=Max("at"))
    return Refusals(found["count"], found["last"]) if found["count"] else None
