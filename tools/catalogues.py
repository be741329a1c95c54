"""Message catalogues, by Babel: gettext is not on a bare machine.

    catalogues.py update     takes new messages up from the sources, marks those that are gone
    catalogues.py check      1 when an English entry is missing, empty or fuzzy, or has other placeholders
    catalogues.py compile    writes a .mo beside every .po

The French sentence is the msgid, written with ordinary spaces. The French catalogue is made when compiling, from the
English one's msgids: it sets their no-break spaces and counts as French does (« 0 élève »). A room with a `locale`
folder keeps its own messages there; the others' are in `preau.ui`.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from preau.ui.words import typeset

SOURCES = Path(__file__).resolve().parent.parent / "src" / "preau"
COMMON = SOURCES / "ui" / "locale"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What rooms declare is translated where it is shown: class → its arguments that people read.
DECLARED = {
    "Check": {"help"},
    "Command": {"help"},
    "Holding": {"title", "purpose", "keep", "kept_because"},
    "RailEntry": {"label"},
}
# `{% you "tu" "vous" %}` of preau.ui, which Django's own reader does not know.
YOU = re.compile(r"""\{%\s*you\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')""")
# Babel's own header carries a date, which would make two branches that add messages conflict each time.
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""
Entry = tuple[str | tuple[str, str], str | None]


def main(arguments: list[str]) -> int:
    """Runs the one command named; 0 done or complete, 1 incomplete, 2 wrong usage."""
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    settings.configure(USE_I18N=True)
    return commands[arguments[0]]()


def update() -> int:
    """Merges what the sources say into the English catalogues; what is new comes without a translation."""
    for folder, template in wanted().items():
        path = po_file(folder, "en")
        catalogue = read(path, "en")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if not entries(catalogue) and not path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.write(HEADER.format(language="en", plurals=catalogue.plural_forms).encode())
            write_po(stream, catalogue, width=120, sort_by_file=True, include_lineno=False, omit_header=True)
    return 0


def check() -> int:
    """Says which English entries are wanting."""
    lacking = 0
    for folder, template in wanted().items():
        catalogue = read(po_file(folder, "en"), "en")
        for message in entries(template):
            state = state_of(catalogue.get(message.id, message.context), catalogue)
            if state:
                lacking += 1
                place = message.locations[0][0] if message.locations else ""
                print(f"en: {state}: {message.id!r} ({place})")
    if lacking:
        print(f"{lacking} messages lack their translation; `make messages` takes new ones up.")
    return 1 if lacking else 0


def compile_all() -> int:
    """Writes an English and a French .mo for every .po. Fuzzy entries are left out: better French than wrong."""
    for path in sorted(SOURCES.glob("**/locale/en/LC_MESSAGES/django.po")):
        english = read(path, "en")
        folder = path.parent.parent.parent
        for language, catalogue in (("en", english), ("fr", in_french(english))):
            compiled = po_file(folder, language).with_suffix(".mo")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            with compiled.open("wb") as stream:
                write_mo(stream, catalogue)
    return 0


def in_french(english: Catalog) -> Catalog:
    """The French catalogue: each msgid with its typography."""
    french = Catalog(locale="fr", fuzzy=False)
    for message in entries(english):
        said = tuple(map(typeset, message.id)) if message.pluralizable else typeset(str(message.id))
        french.add(message.id, said, context=message.context)
    return french


def wanted() -> dict[Path, Catalog]:
    """Every message in the sources, by the locale folder that keeps it."""
    catalogues: dict[Path, Catalog] = {}
    for path in sorted([*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html"), *SOURCES.rglob("*.txt")]):
        inside = path.relative_to(SOURCES).parts
        if "tests" in inside or "dist" in inside or "assets" in inside:
            continue
        own = SOURCES / inside[0] / "locale"
        folder = own if own.is_dir() else COMMON
        catalogue = catalogues.setdefault(folder, Catalog())
        for identity, context in messages_of(path):
            catalogue.add(identity, context=context, locations=[(str(path.relative_to(SOURCES.parent)), 1)])
    return catalogues


def messages_of(path: Path) -> Iterator[Entry]:
    """The messages of one Python file or template: (msgid, or singular and plural; context)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from declared(ast.parse(text))
    else:
        text = YOU.sub(r'{% trans \1 context "tu" %}{% trans \2 %}{% you', text)
        # Django turns a template into calls that a Python reader finds; without indentation, which it would judge.
        text = re.sub(r"(?m)^\s+", "", templatize(text, origin=str(path)))
    for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        if isinstance(message, str):
            yield message, context
        else:
            yield (message[0], message[1]), context


def declared(tree: ast.AST) -> Iterator[Entry]:
    """The messages in what a room declares."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        for argument in call.keywords:
            value = argument.value
            read_by_people = argument.arg in DECLARED.get(call.func.id, ())
            if read_by_people and isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.value, None


def entries(catalogue: Catalog) -> list[Message]:
    """A catalogue's messages without its header."""
    return [message for message in catalogue if message.id]


def state_of(known: Message | None, catalogue: Catalog) -> str:
    """What is wrong with a translation; empty when nothing is."""
    if known is None:
        return "missing"
    if known.fuzzy:
        return "fuzzy"
    forms = known.string if isinstance(known.string, tuple | list) else (known.string,)
    if not all(forms):
        return "empty"
    return "; ".join(str(error) for error in known.check(catalogue))


def po_file(folder: Path, language: str) -> Path:
    """Where a locale folder keeps a language's messages."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """A catalogue from its file, or an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=language, project="Préau", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
