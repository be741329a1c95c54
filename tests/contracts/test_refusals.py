"""The refusal matrix: every address of the house × anonymous, every role, and the same role of another school.

It is generated from the rooms' route tables, so an address that nobody thought of testing is tested. Sign-in itself is
replaced by a door that lets one actor in: what is tried here is what stands behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, reverse

from preau.directory.testing import World, make_world
from preau.kernel.actor import Actor, Role
from preau.kernel.models import AuditEntry
from preau.kernel.room import load
from preau.kernel.routes import Example, Route
from preau.platform.house import routes, urlpatterns

pytestmark = [pytest.mark.contract, pytest.mark.django_db(databases=["default", "volatile"])]

TURNED_AWAY = 401
# Roles whose hat reaches below their own organisation by their nature.
ABOVE_SCHOOLS = frozenset({Role.ACADEMIE, Role.MINISTERE, Role.DPO})
GUARDED = [route for route in routes() if route.auth == "session"]
PUBLIC = [route for route in routes() if route.auth == "public"]
URLCONF = "tests.contracts.refusal_urls"


class Door:
    """Lets `Door.actor` in."""

    auth = "session"
    actor: Actor | None = None

    def authenticate(self, request: HttpRequest) -> Actor | None:
        """Whoever the test says."""
        return Door.actor

    def challenge(self, request: HttpRequest) -> HttpResponse:
        """What nobody gets."""
        return HttpResponse(status=TURNED_AWAY)


@pytest.fixture(autouse=True)
def _door(settings: Any) -> Iterator[None]:
    module = ModuleType(URLCONF)
    module.urlpatterns = urlpatterns(routes(), [Door()])  # type: ignore[attr-defined]  # made here
    sys.modules[URLCONF] = module
    settings.ROOT_URLCONF = URLCONF
    clear_url_caches()
    yield
    del sys.modules[URLCONF]
    clear_url_caches()


@pytest.fixture
def world() -> World:
    return make_world()


def example(route: Route, world: World) -> Example:
    return load(route.example)(world) if route.example else Example()


def call(route: Route, world: World, actor: Actor | None, method: str) -> HttpResponse:
    Door.actor = actor
    sent = example(route, world)
    url = reverse(route.name, kwargs=dict(sent.kwargs or {}))
    client = Client(raise_request_exception=True)
    made: HttpResponse = (
        client.get(url)
        if method == "GET"
        else client.generic(method, url)
        if method != "POST"
        else client.post(url, dict(sent.data or {}))
    )  # type: ignore[assignment]  # the client's response is one
    return made


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_nobody_comes_in_without_signing_in(route: Route, world: World) -> None:
    for method in route.methods:
        assert call(route, world, None, method).status_code == TURNED_AWAY
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_roles_that_a_route_does_not_allow_are_refused(route: Route, world: World) -> None:
    for role in set(Role) - route.allow:
        for method in route.methods:
            assert call(route, world, world.here.actor(role), method).status_code == 403, (role, method)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", [r for r in GUARDED if "<" in r.path], ids=lambda route: route.name)
def test_another_school_finds_nothing(route: Route, world: World) -> None:
    for role in route.allow - ABOVE_SCHOOLS:
        for method in route.methods:
            answer = call(route, world, world.there.actor(role), method)
            assert answer.status_code in {403, 404}, (role, method, answer.status_code)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_roles_that_a_route_allows_get_an_answer(route: Route, world: World) -> None:
    """Nobody meets a fault; and at least one role of its own school comes through."""
    met = set()
    for role in sorted(route.allow):
        met.add(call(route, world, world.here.actor(role), route.methods[0]).status_code)
    assert max(met) < 500
    assert met & {200, 204, 302, 303}, met


@pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.name)
def test_public_routes_answer_anybody_without_a_fault(route: Route, world: World) -> None:
    for actor in (None, world.here.actor(Role.PUPIL)):
        for method in route.methods:
            assert call(route, world, actor, method).status_code < 500
