"""`make pictures`: every page of `tools/pictures.txt` beside its reference, at desk and phone width, light and dark.

    python -m tools.pictures [NAME…]      takes the named pages, or all; look at pictures/index.html

The pages are the demo collège's, on 8 September (the references' day), seen by people who sign in through the form.
The references are docs/look, rendered by the same browser.
"""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from playwright.sync_api import Error as BrowserError

from tools import engines
from tools.instance import InstanceError, chromium_arguments, served
from tools.setup import ROOT, find_node

TABLE = ROOT / "tools" / "pictures.txt"
LOOK = ROOT / "docs" / "look"
PICTURES = ROOT / "pictures"
PASSWORD = "preau-demo-2026"  # of everybody in the demo collège
MORNING = "2026-09-08T10:20:00+02:00"
NOBODY = "-"
PATIENCE_MS = 10_000  # for an address, or for a link that a step names


@dataclass(frozen=True)
class Entry:
    """A line of the table.

    `steps` are taken in turn once the address is open: "/annuaire/" follows the page's first link below that address,
    "username=lina" fills a field ("folder=docs/look" a field of files, with a path from the root), any other text is
    the name of a link or button to press.
    """

    name: str
    address: str
    steps: tuple[str, ...]
    who: str
    language: str
    reference: str


@dataclass(frozen=True)
class Kind:
    """A width, in CSS pixels, and a light."""

    name: str
    width: int
    height: int
    light: Literal["light", "dark"]


KINDS = (
    Kind("desk", 1280, 800, "light"),
    Kind("phone", 360, 740, "light"),
    Kind("desk-dark", 1280, 800, "dark"),
    Kind("phone-dark", 360, 740, "dark"),
)


class NotShown(Exception):
    """A page that could not be reached; the message says how far it went."""


def main(names: Sequence[str]) -> int:
    """Takes the pictures; 0 when every page was reached, 1 otherwise, 2 for a name that the table does not hold."""
    entries = read_table(TABLE)
    unknown = set(names) - {entry.name for entry in entries}
    if unknown:
        print(f"pictures: not in {TABLE.name}: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chromium = engines.chromium()
    if chromium is None:
        print(f"pictures: chromium is missing. As root: {engines.apt_line(['chromium'])}", file=sys.stderr)
        return 1
    chosen = [entry for entry in entries if not names or entry.name in names]
    PICTURES.mkdir(exist_ok=True)
    failures: dict[str, str] = {}
    settings = {"PREAU_DEV": "1", "PREAU_NOW": MORNING}
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(find_node()[0])
    try:
        with (
            served("--demo", settings=settings) as instance,
            references() as look,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=chromium_arguments())
            people = {who: sign_in(browser, instance.url, who) for who in sorted({entry.who for entry in chosen})}
            for kind in KINDS:
                failures.update(take(browser, kind, chosen, people, instance.url, look))
            browser.close()
    except InstanceError as error:
        print(f"pictures: the demo collège does not run\n{error}", file=sys.stderr)
        return 1
    (PICTURES / "index.html").write_text(index(entries, failures), encoding="utf-8")
    for name, said in failures.items():
        print(f"pictures: {name}: {said}", file=sys.stderr)
    print(f"pictures: {len(chosen) - len(failures)} of {len(chosen)} pages, in {PICTURES.name}/index.html")
    return 1 if failures else 0


def read_table(path: Path) -> list[Entry]:
    """The table's entries, in its order. Raises ValueError for a line without its four columns."""
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 4:
            raise ValueError(f"{path.name}, line {number}: four columns, not {len(columns)}")
        address, *steps = [part.strip() for part in columns[1].split(" > ")]
        who, _, language = columns[2].partition("/")
        entries.append(Entry(columns[0], address, tuple(steps), who, language or "fr", columns[3]))
    return entries


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without telling each one."""

    def log_message(self, format: str, *args: object) -> None:  # the name is the library's
        return


@contextmanager
def references() -> Iterator[str]:
    """Serves docs/look, since its icons need HTTP; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(LOOK)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def take(
    browser: Browser,
    kind: Kind,
    entries: Sequence[Entry],
    people: Mapping[str, StorageState | None],
    house: str,
    look: str,
) -> dict[str, str]:
    """Takes one kind of picture of every page and of every reference; what was not reached, by name."""
    failures: dict[str, str] = {}
    for entry in entries:
        context = browser.new_context(
            viewport={"width": kind.width, "height": kind.height},
            color_scheme=kind.light,
            base_url=house,
            storage_state=people[entry.who],
        )
        context.add_cookies([{"name": "preau_language", "value": entry.language, "url": house}])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        try:
            show(page, entry)
            picture(page, PICTURES / f"{entry.name}-{kind.name}.png")
        except (NotShown, BrowserError) as error:
            failures[entry.name] = str(error).splitlines()[0]
        if entry.reference != NOBODY:
            page.goto(f"{look}/{entry.reference}")
            picture(page, PICTURES / f"{entry.name}-{kind.name}-reference.png")
        context.close()
    return failures


def sign_in(browser: Browser, house: str, username: str) -> StorageState | None:
    """What the browser keeps of somebody who signed in through the form; None for nobody.

    Who cannot sign in is met again as a page that asks to.
    """
    if username == NOBODY:
        return None
    context = browser.new_context(base_url=house)
    page = context.new_page()
    page.goto("/connexion")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state("networkidle")
    state = context.storage_state()
    context.close()
    return state


def show(page: Page, entry: Entry) -> None:
    """Opens the entry's page and takes its steps; raises NotShown when the house answers otherwise than expected."""
    expected = int(entry.name.removeprefix("erreur-")) if entry.name.startswith("erreur-") else 200
    answer = page.goto(entry.address)
    if answer is not None and answer.status != expected:
        raise NotShown(f"{entry.address} answered {answer.status}")
    if entry.who != NOBODY and "/connexion" in page.url:
        raise NotShown(f"{entry.who} is not signed in")
    for step in entry.steps:
        take_step(page, step)


def take_step(page: Page, step: str) -> None:
    """See `Entry.steps`."""
    field, filled, value = step.partition("=")
    if step.startswith("/"):
        page.locator(f"main a[href^='{step}']").first.click()
    elif filled:
        target = page.locator(f"[name='{field}']")
        if target.get_attribute("type") == "file":
            target.set_input_files(ROOT / value)
        else:
            target.fill(value)
        return
    else:
        page.get_by_role("link", name=step).or_(page.get_by_role("button", name=step)).first.click()
    page.wait_for_load_state("networkidle")


def picture(page: Page, path: Path) -> None:
    """Takes what the window shows once the letters are there."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=path, animations="disabled")


def index(entries: Sequence[Entry], failures: dict[str, str]) -> str:
    """A page that shows each picture beside its reference."""
    rows = []
    for entry in entries:
        said = failures.get(entry.name, entry.address)
        cells = "".join(
            f'<figure><img src="{html.escape(file)}" alt="{html.escape(file)}" loading="lazy" width="{width}">'
            f"<figcaption>{html.escape(file)}</figcaption></figure>"
            for file, width in files_of(entry)
        )
        rows.append(f"<h2>{html.escape(entry.name)}</h2><p>{html.escape(said)}</p><div>{cells}</div>")
    style = "body{font:15px system-ui;margin:2rem}div{display:flex;flex-wrap:wrap;gap:1rem}img{border:1px solid #999}"
    return f"<!doctype html><meta charset=utf-8><title>Préau</title><style>{style}</style>{''.join(rows)}\n"


def files_of(entry: Entry) -> Iterator[tuple[str, int]]:
    """An entry's pictures, each followed by its reference, with the width to show them at, in CSS pixels."""
    for kind in KINDS:
        for file in (f"{entry.name}-{kind.name}.png", f"{entry.name}-{kind.name}-reference.png"):
            if (PICTURES / file).exists():
                yield file, kind.width // 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
