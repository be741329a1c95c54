"""Addresses for the root app's tests: two limits, and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from preau.kernel.routes import Route
from preau.platform.house import wrap


def show(request: HttpRequest, token: str = "") -> HttpResponse:
    return HttpResponse("shown")


urlpatterns = [
    path(route.path, wrap(route, {}), name=route.name)
    for route in (
        Route(path="small/<slug:token>", view=show, name="tests.small", auth="public"),
        Route(path="large", view=show, name="tests.large", auth="public", methods=("POST",), body_limit=4 << 20),
    )
]
handler404 = "preau.ui.errors.page_not_found"
