"""Readiness: what makes it true, and that asking often costs nothing."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from starlette.requests import Request

from preau.platform.probes import Readiness


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    # A readiness thread has no transaction open; a test's has, and closing its connection would end it.
    for alias in connections:
        monkeypatch.setattr(connections[alias], "close_if_unusable_or_obsolete", lambda: None)


@pytest.mark.usefixtures("kept")
@pytest.mark.django_db(databases="__all__")
def test_a_migrated_database_is_ready() -> None:
    assert Readiness().problems() == {}


@pytest.mark.usefixtures("kept")
@pytest.mark.django_db(databases="__all__")
def test_a_missing_migration_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness = Readiness()
    with monkeypatch.context() as patch:
        patch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
        assert set(readiness.problems().values()) == {"migrations are missing: run preau migrate"}
    assert readiness.problems() == {}
    # Once applied they are not looked for again.
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: pytest.fail("asked again"))
    assert readiness.problems() == {}


@pytest.mark.usefixtures("kept")
@pytest.mark.django_db(databases="__all__")
def test_a_database_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("password authentication failed for user preau")

    monkeypatch.setattr(connections["default"], "cursor", fail)
    assert Readiness().problems()["default"] == "unreachable: OperationalError"


def test_the_answer_is_good_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness, asked = Readiness(), []

    def problems() -> dict[str, str]:
        asked.append(1)
        return {"default": "unreachable: OperationalError"}

    monkeypatch.setattr(readiness, "problems", problems)

    async def ask_twice() -> list[int]:
        request = Request({"type": "http", "method": "GET", "path": "/readyz", "headers": []})
        responses = [await readiness.answer(request) for _ in range(2)]
        assert json.loads(bytes(responses[0].body))["problems"] == {"default": "unreachable: OperationalError"}
        return [response.status_code for response in responses]

    assert asyncio.run(ask_twice()) == [503, 503]
    assert asked == [1]
