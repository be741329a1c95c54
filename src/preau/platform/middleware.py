"""What every Django request starts with: nobody acts until the route's authenticator says who does."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase

from preau.kernel.actor import ANONYMOUS
from preau.kernel.disclosures import Disclosing
from preau.kernel.routes import HouseRequest
from preau.platform.logs import request_id


def house(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Makes the request a `HouseRequest`, and keeps pages about people out of shared machines' caches."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        housed = cast(HouseRequest, request)
        housed.actor = ANONYMOUS
        housed.disclosing = Disclosing()
        # A page about a breakdown quotes it, so that a person can name what the log holds.
        request.request_id = request_id.get()  # type: ignore[attr-defined]  # read by preau.ui.errors
        response = get_response(request)
        if request.resolver_match is not None and (scope := request.META.get("asgi.scope")) is not None:
            # For the access log: the pattern, since the path may carry a one-use token.
            scope["preau.route"] = request.resolver_match.route
        # A school's machines are shared: after signing out, the back button shows nothing of the person before.
        response.headers.setdefault("Cache-Control", "no-cache" if housed.actor is ANONYMOUS else "no-store")
        return response

    return middleware
