"""Addresses for the root app's tests: two limits, a door that knows whom a cookie names, and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path

from preau.kernel.actor import Actor, ActorKind, Hat, Role
from preau.kernel.routes import Route
from preau.platform.house import wrap


class CookieDoor:
    """`who=<number>` is that person, a teacher below 100 and a pupil from there on."""

    auth = "session"

    def authenticate(self, request: HttpRequest) -> Actor | None:
        number = int(request.COOKIES.get("who", "0"))
        role = Role.TEACHER if number < 100 else Role.PUPIL
        return Actor(kind=ActorKind.PERSON, id=number, hats=(Hat(role, 1, "0001"),)) if number else None

    def challenge(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponse(status=401)


def show(request: HttpRequest, token: str = "") -> HttpResponse:
    return HttpResponse("shown")


urlpatterns = [
    path(route.path, wrap(route, {"session": CookieDoor()}), name=route.name)
    for route in (
        Route(path="small/<slug:token>", view=show, name="tests.small", auth="public"),
        Route(
            path="large",
            view=show,
            name="tests.large",
            auth="session",
            allow=frozenset({Role.TEACHER}),
            methods=("POST",),
            body_limit=4 << 20,
        ),
    )
]
handler404 = "preau.ui.errors.page_not_found"
