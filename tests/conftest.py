"""For tests that need a browser or a served instance. Whole-house tests live here; a room's own are in the room."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools import authority, engines
from tools.instance import Instance, chromium_arguments, served
from tools.setup import find_node


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The demo collège, served once for the whole run on SQLite: tests that change it say so by using people of
    their own, or ask for `served` themselves. With TEST_TLS it is served over TLS, under a CA of our own.
    """
    if not os.environ.get("TEST_TLS"):
        with served("--demo") as instance:
            yield instance
        return
    signed = authority.make(tmp_path_factory.mktemp("tls"))
    tls = {"PREAU_TLS_CERT": str(signed.certificate), "PREAU_TLS_KEY": str(signed.key)}
    with served("--demo", settings=tls, trusted=signed.authority) as instance:
        yield instance


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the test is skipped where it is missing."""
    chromium = engines.chromium()
    if chromium is None:
        pytest.skip("NOT RUN: chromium is missing")
    # The node that set-up found: the one Playwright carries needs a library that a small Debian 12 lacks.
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(find_node()[0])
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=chromium_arguments())
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, demo: Instance) -> Iterator[Page]:
    """A page of its own on the demo collège, with nobody signed in. A fault of a script or a refusal of the content
    policy fails the test.
    """
    # Chromium keeps its own list of authorities; ours is tried for real by the instance's readiness check.
    over_tls = demo.url.startswith("https:")
    context = browser.new_context(
        ignore_https_errors=over_tls, base_url=demo.url, locale="fr-FR", viewport={"width": 1280, "height": 800}
    )
    faults: list[str] = []
    shown = context.new_page()
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield shown
    context.close()
    assert faults == []
