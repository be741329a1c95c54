"""Every page that a person of the demo can reach by following links, one of each shape.

It answers; nothing in it comes from outside the house; axe finds nothing in light or dark; at 360 px nothing is wider
than the screen; in English no French sentence of ours is left.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.a11y.axe import axe
from tests.people import USERS, sign_in

IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
# Addresses that leave the page or are no page: files, and what ends a session.
NO_PAGE = re.compile(r"\.(csv|zip|pdf|svg)$|/deconnexion")
LIMIT = 60
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def shape(url: str) -> str:
    """The address with its identifiers taken out: pages of one shape are one page."""
    parts = urlsplit(url)
    query = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair}))
    return IDENTIFIER.sub("*", parts.path) + (f"?{query}" if query else "")


def addresses(page: Page) -> list[str]:
    """Every address that an element of the page names, in full."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[href],[src],[action],[formaction],[hx-get],[hx-post]')].flatMap(
            element => ['href', 'src', 'action', 'formaction', 'hx-get', 'hx-post']
                .filter(name => element.hasAttribute(name))
                .map(name => new URL(element.getAttribute(name), document.baseURI).href))"""
    )
    return found


def walk(page: Page) -> dict[str, str]:
    """One address for each shape of page that links lead to from home; fails on an answer that is an error."""
    home = page.url
    inside = urlsplit(home).netloc
    seen: dict[str, str] = {}
    waiting = [home]
    while waiting and len(seen) < LIMIT:
        url = waiting.pop(0)
        if shape(url) in seen or NO_PAGE.search(urlsplit(url).path):
            continue
        seen[shape(url)] = url
        answer = page.goto(url)
        assert answer is not None
        assert answer.status < 400, url
        outside = [found for found in addresses(page) if urlsplit(found).scheme.startswith("http")
                   and urlsplit(found).netloc != inside]  # fmt: skip
        assert outside == [], url
        links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href.split('#')[0])")
        waiting += [link for link in links if urlsplit(link).netloc == inside]
    return seen


@pytest.mark.e2e
@pytest.mark.a11y
@pytest.mark.parametrize("username", USERS)
def test_every_page_stands(page: Page, username: str) -> None:
    sign_in(page, username)
    for url in walk(page).values():
        page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a TypedDict's literal
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(url)
            assert axe(page) == [], (url, scheme)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict's literal
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], url
        assert axe(page) == [], (url, "phone")


@pytest.mark.e2e
@pytest.mark.tls
@pytest.mark.parametrize("username", USERS)
def test_everybody_signs_in_and_finds_home(page: Page, username: str) -> None:
    sign_in(page, username)
    assert page.locator("h1").count() == 1
    assert page.locator("nav.rail").is_visible()
