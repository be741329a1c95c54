"""Things due at an hour become jobs: late is possible, never or twice is not.

Rooms declare `Schedule`s. A mark (name, due moment) is inserted in the transaction that enqueues the job, and is
unique, so that two workers cannot both do it.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from preau.kernel import clock, jobs
from preau.kernel.models import ScheduleMark
from preau.kernel.room import Schedule, declared, load


def last_due(schedule: Schedule, moment: dt.datetime) -> dt.datetime:
    """The latest moment at or before `moment` at which the schedule was due (UTC)."""
    local = moment.astimezone(clock.zone())
    if schedule.every_minutes:
        minutes = local.hour * 60 + local.minute
        minutes -= minutes % schedule.every_minutes
        due = local.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
    else:
        hour, minute = (int(part) for part in schedule.at.split(":"))
        due = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if due > local:
            due = (due - dt.timedelta(days=1)).replace(hour=hour, minute=minute)
    return due.astimezone(dt.UTC)


def enqueue_due() -> int:
    """Enqueues every schedule that is due and was not yet; returns how many."""
    from preau.kernel.actions import machinery

    moment = clock.now()
    count = 0
    for schedule in declared(lambda room: room.schedules):
        due = last_due(schedule, moment)
        if ScheduleMark.objects.filter(name=schedule.name, due_at=due).exists():
            continue
        try:
            with transaction.atomic(), machinery("schedules"):
                ScheduleMark.objects.create(name=schedule.name, due_at=due)
                jobs.enqueue(load(schedule.job))
        except IntegrityError:
            continue  # another worker marked it first
        count += 1
    with transaction.atomic(), machinery("schedules"):
        ScheduleMark.objects.filter(due_at__lt=moment - dt.timedelta(days=8)).delete()
    return count
