"""Builds Django's addresses from the rooms' route tables, and wraps each view.

In this order: authenticate → method → allow → secure context → view → disclosures → headers. An authenticator may
activate the person's language: the view runs after it, inside the request's language block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any, Protocol, cast

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from preau.kernel import disclosures
from preau.kernel.actor import ANONYMOUS, Actor
from preau.kernel.errors import Conflict, Invalid, Refused
from preau.kernel.room import loaded, providers
from preau.kernel.routes import Authenticator, HouseRequest, Route
from preau.platform import errors
from preau.platform.bodies import LARGE_BYTES
from preau.platform.origin import LOCAL_HOSTS
from preau.ui.errors import error_page

# These carry the browser's cookies, so a foreign page could make the browser send them: they need Django's token.
COOKIE_AUTHS = frozenset({"public", "session"})
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class HouseView(Protocol):
    """A wrapped view: Django calls it; the root app and the contract tests read its route and door."""

    route: Route
    door: Authenticator | None

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase: ...


@cache
def routes() -> tuple[Route, ...]:
    """Every room's routes, in the order of the rooms."""
    return tuple(route for _room, table in loaded(lambda room: room.routes) for route in table)


def urlpatterns(table: Iterable[Route], authenticators: Iterable[Authenticator]) -> list[URLPattern]:
    """Django's patterns for `table`. Raises ImproperlyConfigured on what may not start: see `_refuse`."""
    table, doors = tuple(table), {each.auth: each for each in authenticators}
    _refuse(table, doors)
    return [path(route.path, wrap(route, doors), name=route.name) for route in table]


def house_urlpatterns() -> list[URLPattern]:
    """The patterns of this house."""
    return urlpatterns(routes(), providers(Authenticator))


def _refuse(table: tuple[Route, ...], doors: Mapping[str, Authenticator]) -> None:
    names: set[str] = set()
    shapes: dict[str, str] = {}
    for route in table:
        if route.name in names:
            raise ImproperlyConfigured(f"two routes are called {route.name}")
        names.add(route.name)
        # Two paths that differ only in the names of their arguments are the same path.
        shape = re.sub(r"<(?:(\w+):)?\w+>", r"<\1>", route.path)
        if shape in shapes:
            raise ImproperlyConfigured(f"routes {shapes[shape]} and {route.name} have the same path: {route.path!r}")
        shapes[shape] = route.name
        if route.auth != "public" and _door(route, doors) is None:
            raise ImproperlyConfigured(f"route {route.name}: no room offers an authenticator for {route.auth!r}")
        if route.auth == "public" and route.body_limit > LARGE_BYTES:
            raise ImproperlyConfigured(
                f"route {route.name}: a large body is taken from somebody known, never from anybody"
            )


def _door(route: Route, doors: Mapping[str, Authenticator]) -> Authenticator | None:
    # A public page still knows a signed-in person; "bearer:<scope>" is answered by the authenticator of "bearer".
    return doors.get("session" if route.auth == "public" else route.auth) or doors.get(route.auth.partition(":")[0])


def wrap(route: Route, doors: Mapping[str, Authenticator]) -> HouseView:
    """The view of `route` as Django calls it."""
    door = _door(route, doors)

    @wraps(route.view)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        housed = cast(HouseRequest, request)
        try:
            response = _enter(housed, route, door, kwargs)
        except (Refused, Invalid, Conflict) as error:
            return errors.told(request, error)
        _disclose(housed, route, response)
        if route.isolated:
            response["Cross-Origin-Embedder-Policy"] = "require-corp"
        return response

    made: Callable[..., HttpResponseBase] = _with_csp(route, view)
    if route.auth not in COOKIE_AUTHS:
        made = csrf_exempt(made)
    housed_view = cast(HouseView, made)
    housed_view.route, housed_view.door = route, door
    return housed_view


def _enter(
    request: HouseRequest, route: Route, door: Authenticator | None, kwargs: Mapping[str, Any]
) -> HttpResponseBase:
    actor: Actor | None = door.authenticate(request) if door else None
    request.actor = actor or ANONYMOUS
    if actor is None and route.auth != "public" and door:
        return door.challenge(request)
    method = "GET" if request.method == "HEAD" else request.method
    if method not in route.methods:
        return errors.method_not_allowed(request, ["HEAD", *route.methods] if "GET" in route.methods else route.methods)
    if route.allow and not request.actor.wears(*route.allow):
        return error_page(request, 403)
    if route.secure_context and not _is_secure_context(request):
        return errors.insecure(request)
    if _has_nul(request):
        return error_page(request, 400)
    return route.view(request, **kwargs)


def _has_nul(request: HttpRequest) -> bool:
    # No text column of PostgreSQL holds NUL, so one in a field would end in a breakdown; no keyboard writes it.
    sent = [request.GET]
    if request.content_type in FORMS:
        sent.append(request.POST)
    return any("\0" in text for fields in sent for name, values in fields.lists() for text in (name, *values))


def _is_secure_context(request: HttpRequest) -> bool:
    # W3C Secure Contexts, 3.1: TLS, or the machine itself.
    domain, _port = split_domain_port(request.get_host())
    return request.is_secure() or domain in LOCAL_HOSTS


def _disclose(request: HouseRequest, route: Route, response: HttpResponseBase) -> None:
    # A form that comes back with its errors shows the record as well; a refusal or a breakdown shows nobody.
    unseen = response.status_code in {401, 403, 404} or response.status_code >= 500
    if unseen or not request.disclosing.people:
        return
    if not route.discloses:
        raise ImproperlyConfigured(f"route {route.name} showed people's records without declaring `discloses`")
    disclosures.save(request.actor, request.disclosing.people, purpose=route.discloses, route=route.name)


def _with_csp(route: Route, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    if not route.csp:
        return view
    base: Mapping[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    closed = {name for name in route.csp if tuple(base.get(name, ())) == ("'none'",)}
    if added := {name: list(values) for name, values in route.csp.items() if name not in closed}:
        view = csp_update(added)(cast(Callable[[HttpRequest], HttpResponse], view))
    if opened := {name: list(values) for name, values in route.csp.items() if name in closed}:
        # 'none' means nothing beside another source, so such a directive is replaced rather than added to.
        view = csp_replace(opened)(cast(Callable[[HttpRequest], HttpResponse], view))
    return view
