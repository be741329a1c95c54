"""The Starlette root app: what every request passes through, what is answered here, and Django for the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from csp.utils import build_policy
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from preau.kernel import clock
from preau.kernel.room import loaded
from preau.platform import errors, house
from preau.platform.bodies import Bodies
from preau.platform.logs import new_request_id, request_id
from preau.platform.origin import Headers, Proxies, cleaned, host_allowed
from preau.platform.pool import WSGI, Pages
from preau.platform.probes import DURATION, METHODS, REQUESTS, Metrics, probes
from preau.platform.senders import admitted, view_at
from preau.platform.start import make_private
from preau.platform.static import Assets

access = logging.getLogger("preau.access")

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
REFUSALS = (400, 401, 403, 408, 413, 500, 503)
LEAST_BODY = 1 << 20

_SECURITY: Mapping[bytes, bytes] = {
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
    b"geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), browsing-topics=()",
}
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class Gate:
    """Around everything: cleaned headers, host, request id, security headers, access log and figures."""

    def __init__(self, app: ASGIApp, *, proxies: Proxies, hosts: Sequence[str], refuse: Refusal) -> None:
        self._app = app
        self._proxies = proxies
        self._hosts = hosts
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._open_line(scope, receive, send)
            return
        begun = clock.monotonic()
        origin = self._proxies.origin(scope)
        scope["preau.origin"] = origin
        scope["scheme"] = origin.scheme
        scope["client"] = (origin.client, 0) if origin.client else None
        scope["headers"] = cleaned(scope["headers"])
        current = new_request_id(origin.request_id)
        token = request_id.set(current)
        status = 0

        async def finish(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {
                    **message,
                    "headers": _complete(message["headers"], current, secure=origin.scheme == "https"),
                }
            await send(message)

        try:
            if scope["path"] in PROBES or host_allowed(scope["headers"], self._hosts):
                await self._app(scope, receive, finish)
            else:
                # Whoever set the instance up needs to know which name people use for it.
                unknown = [value.decode("latin-1")[:100] for name, value in scope["headers"] if name == b"host"]
                access.warning("PREAU_BASE_URL and PREAU_ALLOWED_HOSTS do not name this host", extra={"host": unknown})
                await self._refuse(scope, finish, 400)
        finally:
            _record(scope, status, clock.monotonic() - begun)
            request_id.reset(token)

    async def _open_line(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket (its first message is awaited before it may be refused), or the server's own start and end."""
        if scope["type"] == "websocket":
            scope["preau.origin"] = self._proxies.origin(scope)
            scope["headers"] = cleaned(scope["headers"])
            if not host_allowed(scope["headers"], self._hosts):
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
        await self._app(scope, receive, send)


def _complete(headers: Sequence[tuple[bytes, bytes]], current: str, *, secure: bool) -> Headers:
    present = {name for name, _value in headers}
    added = [(name, value) for name, value in _SECURITY.items() if name not in present]
    if b"content-security-policy" not in present:
        added.append((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
    if secure and _HSTS[0] not in present:
        added.append(_HSTS)
    return [*headers, *added, (b"x-request-id", current.encode())]


def _record(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("preau.route") or getattr(scope.get("route"), "path", "")
    # 499, nginx's word for it: the client left before there was an answer.
    status = status or 499
    # A stranger may invent methods, and each would be a series of its own for as long as the process lives.
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.labels(method, route, status).inc()
    DURATION.labels(route).observe(seconds)
    level = logging.DEBUG if route in {"/static/{path:path}", *PROBES} and status < 400 else logging.INFO
    access.log(
        level,
        "request",
        extra={"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)},
    )


class Refusal:
    """Answers that need no thread: pages drawn once at the start, in both languages."""

    def __init__(self) -> None:
        self._pages = {
            (code, language, fragment): errors.drawn(code, language, fragment=fragment)
            for code in REFUSALS
            for language, _name in settings.LANGUAGES
            for fragment in (False, True)
        }
        self._policy = build_policy()

    def response(self, scope: Scope, code: int) -> Response:
        """The page in the language of the browser's cookie."""
        request = Request(scope)
        wanted = request.cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if (code, wanted, False) in self._pages else settings.LANGUAGE_CODE
        page = self._pages[code, language, request.headers.get("hx-request") == "true"]
        headers = {"cache-control": "no-store", "content-security-policy": self._policy}
        if code == 503:
            headers["retry-after"] = "3"
        return Response(page, code, headers, media_type="text/html")

    async def __call__(self, scope: Scope, send: Send, code: int) -> None:
        await self.response(scope, code)(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def body_limit(path: str) -> int:
    """The limit in bytes of the route at `path`; the least one where there is no route."""
    view = view_at(path)
    return view.route.body_limit if view else LEAST_BODY


def build(application: WSGI | None = None) -> ASGIApp:
    """The application that uvicorn serves. `application`: the WSGI one, Django's unless a test brings its own."""
    application = application or cast(WSGI, get_wsgi_application())
    folder = settings.PREAU_DATA / "tmp"
    make_private(folder)
    for left in folder.glob("*.upload*"):
        # Django's own spool of an uploaded file: a kill -9 leaves it behind, and it may be a school's roster.
        left.unlink(missing_ok=True)
    refusal = Refusal()
    least = min([LEAST_BODY, *(route.body_limit for route in house.routes())])
    bodies = Bodies(folder, body_limit, least=least)
    pages = Pages(application, bodies, refusal, admitted, threads=settings.PREAU_THREADS)
    routes: list[BaseRoute] = [
        *probes(Metrics(settings.PREAU_METRICS_TOKEN, lambda: pages.inside)),
        Route("/static/{path:path}", Assets(settings.PREAU_STATIC).answer),
    ]
    for _room, native in loaded(lambda room: room.native):
        routes += cast(Callable[[], list[BaseRoute]], native)()

    def broken(request: Request, error: Exception) -> Response:
        return refusal.response(request.scope, 500)

    app = Starlette(routes=routes, exception_handlers={Exception: broken})
    # Django answers whatever is not native, 404 and missing slashes included.
    app.router.redirect_slashes = False
    app.router.default = pages
    return Gate(app, proxies=Proxies(settings.PREAU_TRUSTED_PROXIES), hosts=settings.ALLOWED_HOSTS, refuse=refusal)
