"""La rentrée in a browser, by whoever opened an empty instance: each public sample set goes in, again, and out.

`preau setup` prints the link; its page makes the school and its administrator; the rest is done with the mouse.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.a11y.axe import axe
from tools import authority
from tools.instance import Instance, served
from tools.setup import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.tls]

SAMPLES = ROOT / "src" / "preau" / "directory" / "tests" / "samples"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PASSWORD = "onze-parapluies-dans-la-cour"
PATIENCE = 60_000  # milliseconds the worker may take to apply a sample

# The set, how it is given, which of its schools is ours ("" where it has one), somebody in it, the screen.
SETS = (
    ("moodle-oneroster/oneroster-1.1", "folder", "", "Mary Jones", DESK),
    ("microsoft-sds/sds-v1-25-users", "files", "Contoso High School", "Ora Klein", PHONE),
    ("microsoft-sds/sds-v2", "zip", "Contoso Middle School", "Ora Klein", DESK),
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An empty instance of this module's own: its imports are undone one after the other."""
    if not os.environ.get("TEST_TLS"):
        with served() as instance:
            yield instance
        return
    signed = authority.make(tmp_path_factory.mktemp("tls"))
    tls = {"PREAU_TLS_CERT": str(signed.certificate), "PREAU_TLS_KEY": str(signed.key)}
    with served(settings=tls, trusted=signed.authority) as instance:
        yield instance


@pytest.fixture(scope="module")
def administrator(browser: Browser, opened: Instance) -> Iterator[Page]:
    """The page of the person who opened the school. A fault of a script or of the content policy fails the tests."""
    # Chromium keeps its own list of authorities; ours is tried for real by the instance's readiness check.
    context = browser.new_context(
        base_url=opened.url, locale="fr-FR", viewport=DESK, ignore_https_errors=True  # type: ignore[arg-type]  # a TypedDict's literal
    )  # fmt: skip
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    link = json.loads(opened.preau("setup", "--json").stdout)["url"]
    page.goto(urlsplit(link).path)
    page.fill("[name=uai]", "0999999F")
    page.fill("[name=school]", "Collège Marie-Curie")
    page.locator("label", has=page.locator("[name=zone][value=C]")).click()
    page.fill("[name=given_name]", "Hervé")
    page.fill("[name=family_name]", "Besson")
    page.fill("[name=username]", "herve.besson")
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/$"))
    yield page
    context.close()
    assert faults == []


def give(page: Page, name: str, how: str, folder: Path) -> None:
    """Chooses the set in the form and asks for its simulation."""
    source = SAMPLES / name
    page.goto("/rentree/")
    if how == "folder":
        page.set_input_files("#folder", source)
    elif how == "files":
        page.set_input_files("#files", sorted(source.glob("*.csv")))
    else:
        packed = folder / "export.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(source.glob("*.csv")):
                archive.write(file, file.name)
        page.set_input_files("#files", packed)
    expect(page.locator("[data-drop-name]")).to_be_visible()
    page.get_by_role("button", name="Voir la répétition").click()
    expect(page.locator("h1")).to_have_text(re.compile("Répétition de la rentrée|Lequel est le vôtre"))


def fits(page: Page, width: int) -> None:
    """Nothing is wider than the screen, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert axe(page) == [], page.url


@pytest.mark.parametrize(
    ("name", "how", "school", "somebody", "size"), SETS, ids=[row[0].rpartition("/")[2] for row in SETS]
)
def test_a_set_comes_in_comes_again_and_goes_out(
    administrator: Page, tmp_path: Path, name: str, how: str, school: str, somebody: str, size: dict[str, int]
) -> None:
    page = administrator
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict's literal
    give(page, name, how, tmp_path)
    if school:
        fits(page, size["width"])
        page.select_option("#school", label=school)
        page.get_by_role("button", name="Voir la répétition").click()
        expect(page.locator("h1")).to_have_text("Répétition de la rentrée")
    fits(page, size["width"])
    page.get_by_role("button", name=re.compile("^Appliquer ")).click()
    page.wait_for_url("**/resultat", timeout=PATIENCE)
    expect(page.get_by_role("heading", name="La rentrée est faite")).to_be_visible()
    fits(page, size["width"])
    result = page.url
    page.goto(f"/annuaire/?q={somebody}")
    expect(page.locator(".results").get_by_role("link", name=somebody)).to_be_visible()

    give(page, name, how, tmp_path)
    expect(page.get_by_text("Rien à appliquer")).to_be_visible()
    expect(page.locator(".dock button.primary")).to_be_disabled()

    page.goto(result)
    page.get_by_role("button", name="Annuler cet import").click()
    expect(page.get_by_role("heading", name="Import annulé")).to_be_visible()
    expect(page.get_by_role("heading", name="L’annuaire est comme avant")).to_be_visible()
    fits(page, size["width"])
    page.goto(f"/annuaire/?q={somebody}")
    expect(page.get_by_text("Personne à ce nom")).to_be_visible()


def test_what_cannot_be_read_is_told_and_put_away(administrator: Page) -> None:
    page = administrator
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict's literal
    page.goto("/rentree/")
    page.set_input_files("#files", {"name": "eleves.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n"})
    page.get_by_role("button", name="Voir la répétition").click()
    expect(page.get_by_text("n’est pas un fichier CSV")).to_be_visible()
    fits(page, PHONE["width"])
    page.get_by_role("button", name="Retirer ces fichiers").click()
    expect(page.get_by_text("Fichiers retirés")).to_be_visible()
    expect(page.get_by_text("eleves.csv")).to_have_count(0)
