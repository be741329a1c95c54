"""The cookies of signing in. All are HttpOnly, SameSite=Lax, and Secure wherever the instance speaks https."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

SESSION_COOKIE = "preau_session"
DEVICE_COOKIE = "preau_device"
CHOOSING_COOKIE = "preau_choosing"
# Until the browser is closed: schools' machines are shared. The database ends a session at its own hour.
_UNTIL_CLOSED = None
YEAR_S = 365 * 24 * 3600


def session_token(request: HttpRequest) -> str:
    """The session's token, or ""."""
    return request.COOKIES.get(SESSION_COOKIE, "")


def device_token(request: HttpRequest) -> str:
    """The token of this browser, or "" when it never signed anybody in."""
    return request.COOKIES.get(DEVICE_COOKIE, "")


def set_session(request: HttpRequest, response: HttpResponseBase, token: str) -> None:
    """Gives the browser its session."""
    _set(request, response, SESSION_COOKIE, token, _UNTIL_CLOSED)


def set_device(request: HttpRequest, response: HttpResponseBase, token: str) -> None:
    """Gives the browser a name of its own, for a year."""
    _set(request, response, DEVICE_COOKIE, token, YEAR_S)


def _set(request: HttpRequest, response: HttpResponseBase, name: str, value: str, age: int | None) -> None:
    secure = settings.SESSION_COOKIE_SECURE or request.is_secure()
    response.set_cookie(name, value, max_age=age, secure=secure, httponly=True, samesite="Lax")


def drop_session(response: HttpResponseBase) -> None:
    """Takes the session's cookie back."""
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")


def choosing_ticket(request: HttpRequest) -> str:
    """What a right one-use code gave this browser, or ""."""
    return request.COOKIES.get(CHOOSING_COOKIE, "")


def set_choosing(request: HttpRequest, response: HttpResponseBase, ticket: str) -> None:
    """Lets the browser choose a password; the ticket itself says until when."""
    _set(request, response, CHOOSING_COOKIE, ticket, _UNTIL_CLOSED)


def drop_choosing(response: HttpResponseBase) -> None:
    """The password is chosen, or whoever was here left."""
    response.delete_cookie(CHOOSING_COOKIE, samesite="Lax")
