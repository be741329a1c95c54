"""For tests of every room: the house's addresses behind a door that lets in whoever the test says.

Sign-in itself is not what is tried then. Use: `settings.ROOT_URLCONF = "preau.platform.testing"`.
"""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.test import Client

from preau.kernel.actor import Actor
from preau.platform.house import routes
from preau.platform.house import urlpatterns as build

KEY = "preau.actor"


class Door:
    """Lets in the actor that the test's client carries."""

    def __init__(self, auth: str) -> None:
        self.auth = auth

    def authenticate(self, request: HttpRequest) -> Actor | None:
        """Whoever the client says."""
        actor: Actor | None = request.META.get(KEY)
        return actor

    def challenge(self, request: HttpRequest) -> HttpResponseBase:
        """To the sign-in form."""
        return HttpResponseRedirect("/connexion")


def visitor(actor: Actor | None, language: str = "fr") -> Client:
    """A browser in which `actor` is signed in."""
    client = Client(**{KEY: actor})  # type: ignore[arg-type]  # it goes into the request's META as it is
    client.cookies["preau_language"] = language
    return client


def text_of(response: Any) -> str:
    """The page's HTML (the client's response, which wears no class of its own)."""
    return cast(bytes, response.content).decode()


urlpatterns = build(routes(), [Door(auth) for auth in {route.auth for route in routes()} - {"public"} | {"session"}])
