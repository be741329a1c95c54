"""The furniture in a browser: axe finds nothing, nothing is wider than a phone, the islands do what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from tests.a11y.axe import axe
from tools.instance import Instance, served

PAGES = ("/composants", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/souverainete", "/rien/ici")
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def house() -> Iterator[Instance]:
    """An empty instance on a developer's machine: its showroom is open."""
    with served(settings={"PREAU_DEV": "1"}) as instance:
        yield instance


@pytest.fixture
def shown(browser: Browser, house: Instance) -> Iterator[Page]:
    """A page of the empty instance; a fault of a script, or a refusal of the content policy, fails the test."""
    context = browser.new_context(base_url=house.url, viewport=DESK)  # type: ignore[arg-type]  # a TypedDict's literal
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert faults == []


@pytest.mark.a11y
def test_axe_sees_what_is_wrong(shown: Page) -> None:
    shown.goto("/accessibilite")
    shown.evaluate("document.querySelector('h1').innerHTML += '<img src=/favicon.ico>'")
    assert any(line.startswith("image-alt: ") for line in axe(shown))


@pytest.mark.a11y
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(shown: Page, path: str, size: dict[str, int], scheme: str) -> None:
    shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two literals above
    shown.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict's literal
    shown.goto(path)
    assert axe(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.e2e
def test_a_first_visit_is_light(shown: Page) -> None:
    """docs/experience.md, Budgets: 130 kB with fonts, 60 kB without, and no italic face; 15 kB on the next page."""
    seen: list[Response] = []

    def note(response: Response) -> None:
        seen.append(response)

    shown.on("response", note)

    def weigh() -> dict[str, int]:
        sizes: dict[str, int] = {}
        for response in seen:
            # A file the browser had already costs nothing; its size is then said below zero.
            sizes[response.url] = max(0, response.request.sizes()["responseBodySize"])
        seen.clear()
        return sizes

    shown.goto("/accessibilite", wait_until="networkidle")
    first = weigh()
    fonts = {url: size for url, size in first.items() if url.endswith(".woff2")}
    assert len(fonts) == 1
    assert "italic" not in "".join(fonts)
    assert sum(first.values()) <= 130_000
    assert sum(first.values()) - sum(fonts.values()) <= 60_000
    shown.goto("/souverainete", wait_until="networkidle")
    assert sum(weigh().values()) <= 15_000


@pytest.mark.e2e
def test_slash_and_control_k_go_to_the_search(shown: Page) -> None:
    shown.goto("/composants")
    # Nobody is signed in, so there is no search in the bar: the test hangs the bar's own form there.
    shown.evaluate(
        """() => document.querySelector('.find') ?? document.querySelector('.bar').insertAdjacentHTML('beforeend',
            '<form class="find" role="search"><input type="search" name="q" aria-label="Partout"></form>')"""
    )
    field = shown.locator(".find input")
    shown.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    shown.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    shown.keyboard.press("Control+k")
    expect(field).to_be_focused()
    title = shown.get_by_label("Titre du travail")
    title.fill("a")
    title.press("/")
    expect(title).to_have_value("a/")


@pytest.mark.e2e
def test_the_eye_shows_a_password_and_hides_it_before_it_leaves(shown: Page) -> None:
    shown.goto("/composants")
    field = shown.get_by_label("Mot de passe", exact=True)
    field.fill("sable-vélo-27")
    eye = shown.get_by_role("button", name="Montrer le mot de passe")
    eye.click()
    expect(field).to_have_attribute("type", "text")
    expect(eye).to_have_attribute("aria-pressed", "true")
    eye.click()
    expect(field).to_have_attribute("type", "password")
    eye.click()
    shown.evaluate(
        """() => {
            const form = document.querySelector('form[data-comfort]');
            form.addEventListener('submit', event => event.preventDefault());
            form.requestSubmit();
        }"""
    )
    expect(field).to_have_attribute("type", "password")


@pytest.mark.e2e
def test_a_dropped_file_is_named(shown: Page) -> None:
    shown.goto("/composants")
    shown.evaluate(
        """() => {
            const held = new DataTransfer();
            held.items.add(new File(['a'], 'ElevesSansAdresses.xml'));
            const zone = document.querySelector('[data-drop]');
            for (const type of ['dragover', 'drop']) {
                zone.dispatchEvent(new DragEvent(type, {dataTransfer: held, bubbles: true, cancelable: true}));
            }
        }"""
    )
    expect(shown.locator("[data-drop-name]")).to_have_text("ElevesSansAdresses.xml")
    assert shown.evaluate("document.querySelector('[data-drop] input').files.length") == 1


@pytest.mark.e2e
def test_light_and_size_are_seen_at_once(shown: Page) -> None:
    shown.goto("/composants")
    page = shown.locator("html")
    shown.get_by_label("Sombre").check()
    expect(page).to_have_attribute("data-theme", "dark")
    shown.get_by_label("Comme l’appareil").check()
    expect(page).not_to_have_attribute("data-theme", re.compile(".*"))
    shown.get_by_label("Grande", exact=True).check()
    expect(page).to_have_attribute("data-density", "roomy")


@pytest.mark.e2e
def test_what_was_done_is_said_once_with_its_undo(shown: Page) -> None:
    shown.goto("/composants")
    shown.get_by_role("button", name="Dire une fois au pied de la page").click()
    toast = shown.locator("#toasts > .toast")
    expect(toast).to_contain_text("Travail donné à la 4e C, 26 copies")
    expect(toast.get_by_role("button", name="Annuler")).to_be_visible()
    shown.goto("/composants")
    expect(toast).to_have_count(0)


@pytest.mark.e2e
def test_htmx_swaps_an_answer_a_refusal_and_a_toast(shown: Page) -> None:
    shown.goto("/composants")
    ask = shown.get_by_role("button", name="Demander un fragment")
    ask.click()
    field = shown.get_by_label("À dire")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(ask).not_to_have_attribute("aria-busy", re.compile(".*"))
    field.fill("Bonjour")
    held: list[Route] = []
    shown.route("**/composants", lambda route: held.append(route) if route.request.method == "POST" else None)
    ask.click()
    expect(ask).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(shown.locator("#toasts > .toast")).to_contain_text("Bonjour")
    expect(field).not_to_have_attribute("aria-invalid", re.compile(".*"))
    expect(ask).not_to_have_attribute("aria-busy", re.compile(".*"))


@pytest.mark.e2e
def test_menus_and_dialogs_need_no_script(browser: Browser, house: Instance) -> None:
    context = browser.new_context(base_url=house.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/composants")
    page.get_by_role("button", name="Ouvrir le menu").click()
    expect(page.get_by_role("button", name="Copier le lien")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Copier le lien")).to_be_hidden()
    page.get_by_role("button", name="Ouvrir le dialogue").click()
    expect(page.get_by_role("dialog", name="Mot de passe de Lina")).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog", name="Mot de passe de Lina")).to_be_hidden()
    # What only a script could do is not offered.
    expect(page.get_by_role("button", name="Montrer le mot de passe")).to_be_hidden()
    context.close()


@pytest.mark.e2e
def test_the_showroom_is_closed_elsewhere(browser: Browser, demo: Instance) -> None:
    context = browser.new_context(base_url=demo.url)
    answer = context.request.get("/composants")
    assert answer.status == 404
    context.close()
