"""Which language a page speaks: the person's choice, kept in a cookie, else the instance's.

The browser's own list is not asked: a borrowed or badly set machine would change the language of a whole class.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

YEAR_S = 365 * 24 * 3600


class LanguageMiddleware:
    """Activates the language for the request, and says it in `Content-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(chosen(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def chosen(request: HttpRequest) -> str:
    """The cookie's language when we speak it, else `LANGUAGE_CODE`."""
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remember(response: HttpResponseBase, language: str) -> None:
    """Keeps a person's language for a year in this browser."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_S, samesite="Lax", secure=secure)


def set_language(request: HttpRequest) -> HttpResponse:
    """Answers the form of the door's foot: `language`, and `next`, an address of this house."""
    language, after = request.POST.get("language", ""), request.POST.get("next", "/")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(after, allowed_hosts=hosts, require_https=request.is_secure()):
        after = "/"
    response = HttpResponseRedirect(after)
    if language in dict(settings.LANGUAGES):
        remember(response, language)
    return response
