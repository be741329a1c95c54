"""Who may send a large body: somebody known, in a role that the route lets in. Asked before the body is read."""

from __future__ import annotations

import io
from collections.abc import Hashable
from typing import cast

from a2wsgi.wsgi import build_environ
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.urls import Resolver404, get_resolver
from django.utils.translation import get_language, override
from starlette.types import Scope

from preau.platform.bodies import BodyRefused
from preau.platform.house import HouseView


def view_at(path: str) -> HouseView | None:
    """The house's view at a path; None where there is none."""
    try:
        found = get_resolver().resolve(path).func
    except Resolver404:
        return None
    return cast(HouseView, found) if hasattr(found, "route") else None


def admitted(scope: Scope) -> Hashable:
    """Who sends, so that their bodies may be counted. Blocks. Raises `BodyRefused`: 401 for nobody known, 403 for a
    role that the route does not let in, 413 where no route takes a large body."""
    view = view_at(scope["path"])
    if view is None:
        raise BodyRefused(413)
    # Only the head is there: an authenticator reads headers and cookies.
    request = WSGIRequest(build_environ(scope, io.BytesIO()))  # type: ignore[arg-type]  # a2wsgi has its own names
    # As Django's own signals do around a request, which this is not.
    close_old_connections()
    try:
        # The authenticator speaks the person's language, and the thread serves somebody else next.
        with override(get_language()):
            actor = view.door.authenticate(request) if view.door else None
    finally:
        close_old_connections()
    if actor is None:
        raise BodyRefused(401)
    if view.route.allow and not actor.wears(*view.route.allow):
        raise BodyRefused(403)
    return actor.kind, actor.id, actor.label
