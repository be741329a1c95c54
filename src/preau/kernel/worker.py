"""The worker's loop: schedules, events, reaping, jobs."""

from __future__ import annotations

import threading

from django.db import close_old_connections

from preau.kernel import clock, dispatch, jobs, schedules

IDLE_SECONDS = 0.5
ROUNDS_SECONDS = 10.0


def work(stop: threading.Event) -> None:
    """Runs until `stop`; waits without spinning; a running job is finished first."""
    worker = jobs.worker_name()
    next_rounds = 0.0
    while not stop.is_set():
        close_old_connections()
        if clock.monotonic() >= next_rounds:
            schedules.enqueue_due()
            jobs.reap()
            next_rounds = clock.monotonic() + ROUNDS_SECONDS
        dispatch.dispatch()
        if not jobs.run_one(worker):
            stop.wait(IDLE_SECONDS)


def drain(limit: int = 10_000) -> int:
    """Tells events and runs ready jobs until nothing is left: for tests, the demo and short commands."""
    ran = 0
    while ran < limit and (dispatch.dispatch() or jobs.run_one()):
        ran += 1
    return ran
