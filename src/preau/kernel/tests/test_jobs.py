"""Jobs run at least once, are given back after a kill, wait longer each time, and fail for good in the end."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from preau.directory.events import PersonSuspended
from preau.kernel import clock, dispatch, events, jobs, schedules, worker
from preau.kernel.actions import machinery
from preau.kernel.models import JobRun, OutboxEvent, ScheduleMark
from preau.kernel.room import Room, Schedule, Subscription, load

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])
ran: list[int] = []


@jobs.job(attempts=3, first_pause=10.0)
def note(number: int) -> int:
    if number < 0:
        raise ValueError("negative")
    ran.append(number)
    return number


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ran.clear()


def row(task_id: UUID) -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.get(pk=task_id)


def test_a_job_runs_once_and_its_lease_is_gone() -> None:
    task_id = jobs.enqueue(note, number=4)
    assert jobs.run_one()
    assert not jobs.run_one()
    assert ran == [4]
    assert (row(task_id).status, row(task_id).return_value) == (TaskResultStatus.SUCCESSFUL, 4)
    assert not JobRun.objects.exists()


def test_a_failing_job_waits_twice_as_long_each_time_and_then_fails_for_good() -> None:
    start = clock.now()
    task_id = jobs.enqueue(note, number=-1)
    for seconds in (0, 11, 32):
        with clock.moved(start + dt.timedelta(seconds=seconds)):
            assert jobs.run_one(), seconds
            assert not jobs.run_one()
    assert row(task_id).status == TaskResultStatus.FAILED
    assert any("failed for good after 3 attempts" in problem for problem in dispatch.problems())


def test_a_killed_workers_job_is_given_back_and_run_again() -> None:
    task_id = jobs.enqueue(note, number=5)
    start = clock.now()
    assert jobs.claim("gone:1") is not None  # and then killed
    assert not jobs.run_one()
    assert jobs.reap() == 0
    with clock.moved(start + jobs.LEASE + dt.timedelta(seconds=1)):
        assert jobs.reap() == 1
    with clock.moved(start + jobs.LEASE + dt.timedelta(seconds=15)):
        assert jobs.run_one()
    assert ran == [5]
    assert len(row(task_id).worker_ids) == 2


def test_a_lost_volatile_database_gives_running_jobs_back() -> None:
    jobs.enqueue(note, number=6)
    assert jobs.claim("gone:1") is not None
    JobRun.objects.all().delete()
    assert jobs.reap() == 1


def test_a_job_for_later_waits() -> None:
    jobs.enqueue(note, after=clock.now() + dt.timedelta(hours=1), number=7)
    assert not jobs.run_one()
    with clock.moved(clock.now() + dt.timedelta(hours=2)):
        assert jobs.run_one()


def test_every_subscriber_is_told_and_a_failing_one_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def fail(_event: object) -> None:
        raise ValueError("never")

    of = "preau.directory.events:PersonSuspended"
    fake = Room(
        name="x", subscriptions=(Subscription(event=of, handler="a:bad"), Subscription(event=of, handler="a:good"))
    )
    monkeypatch.setattr(dispatch, "declared", lambda pick: list(pick(fake)))
    real = load
    handlers = {"a:bad": fail, "a:good": told.append}
    monkeypatch.setattr(dispatch, "load", lambda ref: handlers.get(ref) or real(ref))
    with machinery("testing"):
        events.write([PersonSuspended(person_id=3)])
    worker.drain()
    assert told == [PersonSuspended(person_id=3)]
    assert not OutboxEvent.objects.filter(dispatched_at__isnull=True).exists()
    assert dispatch.dispatch() == 0


def test_a_schedule_is_due_once_a_day_even_with_two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = Schedule(name="test.nightly", job="x:y", at="02:30")
    monkeypatch.setattr(schedules, "declared", lambda pick: [nightly])
    monkeypatch.setattr(schedules, "load", lambda ref: note.using(priority=0))
    monkeypatch.setattr(jobs, "enqueue", lambda what, **k: None)
    morning = dt.datetime(2026, 9, 8, 6, 0, tzinfo=clock.PARIS)
    with clock.moved(morning):
        assert schedules.enqueue_due() == 1
        assert schedules.enqueue_due() == 0
    with clock.moved(morning + dt.timedelta(days=1)):
        assert schedules.enqueue_due() == 1
    assert ScheduleMark.objects.filter(name="test.nightly").count() == 2


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (Schedule(name="a", job="", at="02:30"), "2026-09-08T02:29", "2026-09-07T02:30"),
        (Schedule(name="a", job="", at="02:30"), "2026-09-08T02:30", "2026-09-08T02:30"),
        (Schedule(name="a", job="", every_minutes=60), "2026-09-08T14:59", "2026-09-08T14:00"),
        (Schedule(name="a", job="", every_minutes=15), "2026-09-08T14:59", "2026-09-08T14:45"),
    ],
)
def test_last_due_in_the_schools_time(schedule: Schedule, now: str, due: str) -> None:
    def paris(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=clock.PARIS)

    assert schedules.last_due(schedule, paris(now)) == paris(due)
