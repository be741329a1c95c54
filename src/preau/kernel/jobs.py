"""Background jobs: django-tasks-db's rows, with what it lacks: a lease, retry with backoff, a reaper.

A job is a function decorated with `@job()`, called with JSON keyword arguments. It runs at least once: after a kill -9
its lease runs out and the reaper gives it back, so it is idempotent or resumable. Enqueueing inside an action's
transaction is part of it. Attempts are counted by the library's list of worker ids.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Q
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from preau.kernel import clock
from preau.kernel.db import VOLATILE
from preau.kernel.models import JobRun

logger = logging.getLogger("preau.jobs")
F = TypeVar("F", bound=Callable[..., Any])

LEASE = dt.timedelta(seconds=60)
RENEW_SECONDS = 15.0
KEEP_FINISHED = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a job is tried, and the first pause in seconds; the pause doubles, up to an hour."""

    attempts: int
    first_pause: float

    def pause(self, attempt: int) -> dt.timedelta:
        """The wait after attempt number `attempt` (1 is the first)."""
        return dt.timedelta(seconds=min(self.first_pause * 2 ** (attempt - 1), 3600.0))


_retries: dict[str, Retry] = {}
_DEFAULT = Retry(attempts=6, first_pause=10.0)


def job(*, attempts: int = 6, first_pause: float = 10.0) -> Callable[[F], Task[Any, Any]]:
    """Declares a job. It is then enqueued by `enqueue(the_job, …)`."""

    def decorate(function: F) -> Task[Any, Any]:
        made: Task[Any, Any] = task()(function)
        _retries[made.module_path] = Retry(attempts, first_pause)
        return made

    return decorate


def enqueue(what: Task[Any, Any], *, after: dt.datetime | None = None, **arguments: Any) -> UUID:
    """Adds a job to the queue, in the current transaction; returns its id. `after`: not before that moment."""
    result = (what.using(run_after=after) if after else what).enqueue(**arguments)
    return UUID(result.id)


def worker_name() -> str:
    """This process, as claims and leases name it."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def claim(worker: str) -> DBTaskResult[Any, Any] | None:
    """Takes one ready job for `worker`, or None. The lease is there before the claim is seen."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY).filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=clock.now())
    )
    for candidate in ready[:5]:
        JobRun.objects.update_or_create(
            task_id=candidate.pk, defaults={"worker": worker, "lease_until": clock.now() + LEASE}
        )
        won = DBTaskResult.objects.filter(pk=candidate.pk, status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING, started_at=clock.now(), worker_ids=[*candidate.worker_ids, worker]
        )
        if won:
            return DBTaskResult.objects.get(pk=candidate.pk)
    return None


@contextmanager
def _lease(run: DBTaskResult[Any, Any], worker: str) -> Iterator[None]:
    """Renews the lease from a thread of its own while the job runs, and ends it."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(RENEW_SECONDS):
                JobRun.objects.filter(task_id=run.pk, worker=worker).update(lease_until=clock.now() + LEASE)
        finally:
            connections[VOLATILE].close()

    thread = threading.Thread(target=renew, name=f"lease-{run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        JobRun.objects.filter(task_id=run.pk, worker=worker).delete()


def _give_back(run: DBTaskResult[Any, Any], error: str, traceback: str) -> None:
    """After a failed or lost attempt: back in the queue after a pause, or failed for good."""
    retry = _retries.get(run.task_path, _DEFAULT)
    attempts = len(run.worker_ids)
    running = DBTaskResult.objects.filter(pk=run.pk, status=TaskResultStatus.RUNNING)
    if attempts >= retry.attempts:
        running.update(
            status=TaskResultStatus.FAILED, finished_at=clock.now(), exception_class_path=error, traceback=traceback
        )
        logger.error("job failed for good", extra={"job": run.task_path, "attempts": attempts, "error": error})
    else:
        running.update(
            status=TaskResultStatus.READY,
            run_after=clock.now() + retry.pause(attempts),
            exception_class_path=error,
            traceback=traceback,
        )
        logger.warning("job will be tried again", extra={"job": run.task_path, "attempts": attempts, "error": error})


def run_one(worker: str = "") -> bool:
    """Claims and runs one job; False when none was ready. A failing job never raises here."""
    worker = worker or worker_name()
    run = claim(worker)
    if run is None:
        return False
    with _lease(run, worker):
        try:
            value = run.task.call(*run.args_kwargs["args"], **run.args_kwargs["kwargs"])
        except Exception as error:  # a job may raise anything; the queue keeps it and goes on
            logger.exception("job failed", extra={"job": run.task_path})
            run.refresh_from_db()
            _give_back(run, f"{type(error).__module__}.{type(error).__qualname__}", _traceback(error))
        else:
            DBTaskResult.objects.filter(pk=run.pk, status=TaskResultStatus.RUNNING).update(
                status=TaskResultStatus.SUCCESSFUL,
                finished_at=clock.now(),
                return_value=value,
                exception_class_path="",
                traceback="",
            )
    return True


def _traceback(error: BaseException) -> str:
    from traceback import format_exception

    return "".join(format_exception(error))


def reap() -> int:
    """Gives back running jobs whose lease ran out (killed workers); returns how many."""
    reaped = 0
    for run in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        lease = JobRun.objects.filter(task_id=run.pk).first()
        if lease is None or lease.lease_until < clock.now():
            _give_back(run, "preau.kernel.jobs.LeaseLost", "")
            reaped += 1
    return reaped


@job()
def tidy() -> None:
    """Removes finished jobs and told events older than a week."""
    from preau.kernel.actions import machinery
    from preau.kernel.models import OutboxEvent

    limit = clock.now() - KEEP_FINISHED
    DBTaskResult.objects.filter(finished_at__lt=limit, status=TaskResultStatus.SUCCESSFUL).delete()
    with transaction.atomic(), machinery("jobs"):
        OutboxEvent.objects.filter(dispatched_at__lt=limit).delete()


def problems() -> list[str]:
    """Jobs that failed for good, one sentence each."""
    return [
        f"{run.task_path} failed for good after {len(run.worker_ids)} attempts: {run.exception_class_path}"
        for run in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("enqueued_at")
    ]
