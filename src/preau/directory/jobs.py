"""What the directory does at an hour: people whose last tie ended yesterday leave, those who start today come in."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from preau.directory.models import Affiliation, Grant, Import, ImportChange, Person, RejectedRow
from preau.directory.models.base import current
from preau.directory.models.importing import ImportState
from preau.directory.models.person import GrantState, PersonState, Suspension
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.actor import system
from preau.kernel.jobs import job

IMPORT_KEEP = dt.timedelta(days=30)


def _with_open_tie() -> Exists:
    return Exists(Affiliation.objects.filter(current(), person=OuterRef("pk")))


def _leaving() -> QuerySet[Person]:
    had_one = Exists(Affiliation.objects.filter(person=OuterRef("pk"), ends__lte=clock.today()))
    power = Exists(Grant.objects.filter(current(), person=OuterRef("pk"), state=GrantState.GIVEN))
    return Person.objects.filter(~_with_open_tie(), ~power, had_one, state=PersonState.ACTIVE)


@action("directory.settle_people")
def settle_people(act: Act) -> tuple[int, int]:
    """Suspends those left without any tie or power, resumes those whose tie has begun; (left, came back)."""
    act.authorised_by("the calendar")
    moment = clock.now()
    left = list(_leaving().values_list("pk", flat=True))
    Person.objects.filter(pk__in=left).update(
        state=PersonState.SUSPENDED, suspension=Suspension.DEPARTURE, suspended_at=moment
    )
    back = list(Person.objects.filter(_with_open_tie(), suspension=Suspension.DEPARTURE).values_list("pk", flat=True))
    Person.objects.filter(pk__in=back).update(state=PersonState.ACTIVE, suspension="", suspended_at=None)
    act.record(left=len(left), came_back=len(back))
    return len(left), len(back)


@job()
def settle() -> None:
    """Every night, a little after midnight."""
    settle_people(system("directory.settle"))


@action("directory.forget_imports")
def forget_imports(act: Act) -> int:
    """Undo rows, refusals and simulations older than 30 days go."""
    act.authorised_by("retention")
    limit = clock.now() - IMPORT_KEEP
    old = list(Import.objects.filter(created_at__lt=limit).values_list("pk", flat=True))
    gone = ImportChange.objects.filter(of__in=old).delete()[0] + RejectedRow.objects.filter(of__in=old).delete()[0]
    Import.objects.filter(pk__in=old, state=ImportState.SIMULATED).delete()
    act.record(rows=gone, imports=len(old))
    return gone
