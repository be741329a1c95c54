"""The refusal matrix: every address of the house × anonymous, every role, and the same role of another school.

It is generated from the rooms' route tables, so an address that nobody thought of testing is tested. Sign-in itself is
replaced by a door that lets one actor in: what is tried here is what stands behind it.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import Settings as SettingsWrapper

from preau.directory.testing import World, make_world
from preau.kernel.actor import Actor, Role
from preau.kernel.models import AuditEntry
from preau.kernel.room import load
from preau.kernel.routes import Example, Route
from preau.platform.house import routes
from preau.platform.testing import visitor

pytestmark = [pytest.mark.contract, pytest.mark.django_db(databases=["default", "volatile"])]

TURNED_AWAY = 302  # to the sign-in form
# Roles whose hat reaches below their own organisation by their nature.
ABOVE_SCHOOLS = frozenset({Role.ACADEMIE, Role.MINISTERE, Role.DPO})
# An address with arguments and no example fails in test_rooms.py, once.
GUARDED = [route for route in routes() if route.auth == "session" and (route.example or "<" not in route.path)]
PUBLIC = [route for route in routes() if route.auth == "public"]


@pytest.fixture(autouse=True)
def _house_without_sign_in(settings: SettingsWrapper) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture
def world() -> World:
    return make_world()


def example(route: Route, world: World) -> Example:
    return load(route.example)(world) if route.example else Example()


def call(route: Route, world: World, actor: Actor | None, method: str) -> int:
    """The status that `actor` gets."""
    sent = example(route, world)
    url = reverse(route.name, kwargs=dict(sent.kwargs or {}))
    client = visitor(actor)
    answer = client.post(url, dict(sent.data or {})) if method == "POST" else client.generic(method, url)
    return answer.status_code


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_nobody_comes_in_without_signing_in(route: Route, world: World) -> None:
    for method in route.methods:
        assert call(route, world, None, method) == TURNED_AWAY
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_roles_that_a_route_does_not_allow_are_refused(route: Route, world: World) -> None:
    for role in set(Role) - route.allow:
        for method in route.methods:
            assert call(route, world, world.here.actor(role), method) == 403, (role, method)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", [r for r in GUARDED if "<" in r.path], ids=lambda route: route.name)
def test_another_school_finds_nothing(route: Route, world: World) -> None:
    for role in route.allow - ABOVE_SCHOOLS:
        for method in route.methods:
            answer = call(route, world, world.there.actor(role), method)
            assert answer in {403, 404}, (role, method, answer)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_roles_that_a_route_allows_get_an_answer(route: Route, world: World) -> None:
    """Nobody meets a fault; and at least one role of its own school comes through."""
    for method in route.methods:
        met = {call(route, world, world.here.actor(role), method) for role in route.allow}
        assert max(met) < 500, method
        # 422: the example fills no form, and the page says so.
        assert met & {200, 204, 302, 303, 422}, (method, met)


@pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.name)
def test_public_routes_answer_anybody_without_a_fault(route: Route, world: World) -> None:
    for actor in (None, world.here.actor(Role.PUPIL)):
        for method in route.methods:
            assert call(route, world, actor, method) < 500
