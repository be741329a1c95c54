"""`make pictures`: every page of the demo collège, each beside its reference from `docs/look`.

    python -m tools.pictures [NAME…]    takes the named pages, or all, into pictures/

At 1280 × 800 and 360 × 740, light and dark. The reference is rendered here too, so that both come from the same
browser and the same fonts.
"""

from __future__ import annotations

import base64
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, Page, StorageState, sync_playwright

from tools import engines
from tools.instance import Instance, chromium_arguments, served
from tools.setup import ROOT

LOOK = ROOT / "docs" / "look"
FOLDER = ROOT / "pictures"
SIZES = {"": (1280, 800), "-mobile": (360, 740)}
THEMES = ("", "-dark")
ERRORS = {"erreur-403": 403, "erreur-404": 404}
PASSWORD = "preau-demo-2026"  # everybody's in the demo
Steps = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """A page of ours: which reference it stands beside, who looks, from which address and after which steps."""

    reference: str
    who: str | None
    path: str
    steps: Steps | None = None
    language: str = "fr-FR"


def follow(*targets: str) -> Steps:
    """Opens the first link that leads below each of the addresses in turn."""

    def steps(page: Page) -> None:
        for target in targets:
            page.locator(f"main a[href^='{target}']").first.click()
            page.wait_for_load_state()

    return steps


def fail_to_sign_in(page: Page) -> None:
    """Gives a password that is not the person's."""
    page.fill("[name=username]", "eleve")
    page.fill("[name=password]", "un autre mot")
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()


PICTURES = (
    Picture("connexion", None, "/connexion"),
    Picture("connexion-erreur", None, "/connexion", fail_to_sign_in),
    Picture("erreur-404", "prof", "/nulle-part"),
    Picture("accueil-jour1-referent-apres", "referent", "/"),
    Picture("accueil-jour1-prof", "prof", "/"),
    Picture("accueil-jour1-eleve", "eleve", "/"),
    Picture("accueil-en", "prof", "/", language="en-GB"),
    Picture("annuaire", "referent", "/annuaire/"),
    Picture("personne", "referent", "/annuaire/", follow("/annuaire/personnes/")),
    Picture("division", "referent", "/annuaire/", follow("/annuaire/groupes/")),
    Picture("import-fichier", "referent", "/rentree/"),
    Picture("qui-a-acces", "referent", "/reglages/", follow("/reglages/acces")),
    Picture("profil", "eleve", "/moi/"),
    Picture("mes-connexions", "eleve", "/moi/", follow("/moi/connexions")),
    Picture("composants", None, "/composants"),
)


def main(names: list[str]) -> int:
    """Takes the pictures; 1 when Chromium is missing or a page could not be taken, and says which."""
    chromium = engines.chromium()
    if chromium is None:
        print(f"preau: Chromium is missing. As root: {engines.apt_line(['chromium'])}", file=sys.stderr)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    wanted = [picture for picture in PICTURES if not names or picture.reference in names]
    failed = []
    with served("--demo") as demo, look() as reference, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=chromium_arguments())
        camera = Camera(browser, demo, reference)
        for picture in wanted:
            try:
                for name in camera.take(picture):
                    print(FOLDER.name, name, sep="/", flush=True)
            except PictureError as error:
                failed.append(picture.reference)
                print(f"{picture.reference}: {error}", file=sys.stderr)
        browser.close()
    return 1 if failed else 0


class PictureError(Exception):
    """A page that could not be taken, and why."""


class Camera:
    """Takes pages of the demo and their references with one browser; each of the demo's people signs in once."""

    def __init__(self, browser: Browser, demo: Instance, reference: str) -> None:
        self._browser = browser
        self._demo = demo
        self._reference = reference
        self._sessions: dict[str, StorageState] = {}

    def take(self, picture: Picture) -> Iterator[str]:
        """Takes one page in both sizes and both lights; yields the names of the files, as they are written."""
        for size, (width, height) in SIZES.items():
            for theme in THEMES:
                context = self._browser.new_context(
                    base_url=self._demo.url,
                    color_scheme="dark" if theme else "light",
                    locale=picture.language,
                    viewport={"width": width, "height": height},
                    storage_state=self._session(picture.who) if picture.who else None,
                )
                ours = self._ours(context.new_page(), picture)
                theirs = self._theirs(context.new_page(), picture)
                context.close()
                name = f"{picture.reference}{size}{theme}.png"
                (FOLDER / name).write_bytes(beside(self._browser, [ours, theirs], width, height))
                yield name

    def _ours(self, page: Page, picture: Picture) -> bytes:
        answer = page.goto(picture.path)
        expected = ERRORS.get(picture.reference, 200)
        if answer is None or answer.status != expected:
            raise PictureError(f"{picture.path} answered {answer and answer.status}, not {expected}")
        try:
            if picture.steps:
                picture.steps(page)
            return page.screenshot()
        except Error as error:
            raise PictureError(error.message.partition("\n")[0]) from error

    def _theirs(self, page: Page, picture: Picture) -> bytes:
        page.goto(f"{self._reference}/{picture.reference}.html")
        return page.screenshot()

    def _session(self, username: str) -> StorageState:
        """What the browser keeps of somebody who has signed in."""
        if username not in self._sessions:
            context = self._browser.new_context(base_url=self._demo.url, locale="fr-FR")
            page = context.new_page()
            page.goto("/connexion")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "/connexion" not in url)
            self._sessions[username] = context.storage_state()
            context.close()
        return self._sessions[username]


def beside(browser: Browser, shots: list[bytes], width: int, height: int) -> bytes:
    """One picture of all, side by side: ours on the left."""
    page = browser.new_page(viewport={"width": len(shots) * width + 8, "height": height})
    images = (base64.b64encode(shot).decode() for shot in shots)
    page.set_content(
        "<body style='margin:0;display:flex;gap:8px;background:#888'>"
        + "".join(f"<img src='data:image/png;base64,{image}'>" for image in images)
    )
    together = page.screenshot()
    page.close()
    return together


@contextmanager
def look() -> Iterator[str]:
    """Serves the references, whose sprite needs HTTP, and yields their address."""
    handler = functools.partial(Quiet, directory=str(LOOK))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
