"""Tells events: claims outbox rows and enqueues one job per subscriber in the same transaction.

There is no cursor on ids: on PostgreSQL a later id may commit first and the earlier would never be seen.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from preau.kernel import clock, jobs
from preau.kernel.actions import machinery
from preau.kernel.db import skip_locked
from preau.kernel.events import restore
from preau.kernel.models import OutboxEvent
from preau.kernel.room import declared, load

DISPATCH_BATCH = 200


@jobs.job()
def deliver(*, handler: str, name: str, payload: dict[str, Any]) -> None:
    """The job of one subscriber and one event."""
    load(handler)(restore(name, payload))


def dispatch() -> int:
    """Enqueues one job per subscriber of each waiting event; returns the number of events told."""
    told = 0
    handlers: dict[str, list[str]] = {}
    for subscription in declared(lambda room: room.subscriptions):
        handlers.setdefault(load(subscription.event).wire_name, []).append(subscription.handler)
    while True:
        with transaction.atomic(), machinery("events"):
            waiting = OutboxEvent.objects.filter(dispatched_at__isnull=True).order_by("pk")
            rows = list(skip_locked(waiting)[:DISPATCH_BATCH])
            if not rows:
                return told
            for row in rows:
                for handler in handlers.get(row.name, ()):
                    jobs.enqueue(deliver, handler=handler, name=row.name, payload=row.payload)
            OutboxEvent.objects.filter(pk__in=[row.pk for row in rows], dispatched_at__isnull=True).update(
                dispatched_at=clock.now()
            )
        told += len(rows)


def problems() -> list[str]:
    """`preau check events`: events nobody was told of for an hour, and jobs that failed for good."""
    late = OutboxEvent.objects.filter(dispatched_at__isnull=True, at__lt=clock.now() - dt.timedelta(hours=1)).count()
    waiting = [f"{late} events wait since more than an hour: is the worker running?"] if late else []
    return waiting + jobs.problems()
