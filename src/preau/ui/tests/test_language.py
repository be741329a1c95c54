"""The language of a page: the person's choice, never the machine's; and no way out through the form."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from preau.ui.language import LanguageMiddleware, set_language


def spoken(request: HttpRequest) -> str | None:
    heard: list[str | None] = []

    def view(_request: HttpRequest) -> HttpResponse:
        heard.append(translation.get_language())
        return HttpResponse()

    response = LanguageMiddleware(view)(request)
    assert response.headers["Content-Language"] == heard[0]
    return heard[0]


def test_the_browsers_list_is_not_asked() -> None:
    assert spoken(RequestFactory().get("/", headers={"Accept-Language": "en"})) == "fr"


@pytest.mark.parametrize(("cookie", "language"), [("en", "en"), ("fr", "fr"), ("de", "fr"), ("", "fr")])
def test_the_cookies_language(cookie: str, language: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    assert spoken(request) == language


def test_the_language_of_one_request_is_not_the_next_ones() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("fr"):
        spoken(request)
        assert translation.get_language() == "fr"


@pytest.mark.parametrize(
    ("language", "after", "kept", "goes_to"),
    [
        ("en", "/connexion?a=1", "en", "/connexion?a=1"),
        ("en", "//elsewhere.example/", "en", "/"),
        ("en", "https://elsewhere.example/", "en", "/"),
        ("de", "/connexion", None, "/connexion"),
    ],
)
def test_choosing(language: str, after: str, kept: str | None, goes_to: str) -> None:
    response = set_language(RequestFactory().post("/langue", {"language": language, "next": after}))
    assert response.headers["Location"] == goes_to
    cookie = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    assert (cookie.value if cookie else None) == kept
