"""Error pages: every status, both tongues, htmx, and none that asks the house when the house is the cause."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from preau.kernel.actor import ANONYMOUS
from preau.ui import context, errors

STATUSES = (400, 403, 404, 409, 413, 422, 500, 503)


def request_to(path: str, **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.actor = ANONYMOUS  # type: ignore[attr-defined]  # what the house's middleware sets
    return request


@pytest.fixture(autouse=True)
def _no_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "providers", lambda protocol: ())
    monkeypatch.setattr(context, "declared", lambda pick: [])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("status", STATUSES)
def test_each_says_what_happened_what_is_kept_what_to_do(status: int, language: str) -> None:
    with translation.override(language):
        response = errors.error_page(request_to("/annuaire/division/4g"), status)
    html = response.content.decode()
    assert response.status_code == status
    assert html.count("<h1>") == 1
    assert [text.strip() == "" for text in re.findall(r'class="out">(.*?)</div>', html, re.DOTALL)] == [False] * 3
    assert f"· {status}" in html
    assert f'lang="{language}"' in html


@pytest.mark.parametrize("status", STATUSES)
def test_htmx_gets_a_fragment(status: int) -> None:
    response = errors.error_page(request_to("/x", **{"HX-Request": "true"}), status, said="4e C est close.")
    assert response.status_code == status
    assert response.content.decode().startswith('<div class="notice" data-tone="bad" role="alert">')
    assert "4e C est close." in response.content.decode()


def test_the_address_is_escaped() -> None:
    assert b"<script>" not in errors.page_not_found(request_to("/<script>")).content


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_house_is_not_asked(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_protocol: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(context, "providers", fails)
    html = errors.error_page(request_to("/"), status, incident="K7-2041").content.decode()
    assert ("K7-2041" in html) is (status == 500)
