"""A module is reached through its doors: `api.py`, `events.py`, and nothing else.

import-linter holds which way imports may go; this holds through which file. Kernel, ui and wire are open: they exist
to be used piece by piece.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import preau

pytestmark = pytest.mark.contract

HOUSE = Path(preau.__file__).parent
OPEN = {"kernel", "ui", "wire"}
DOORS = {"api", "events"}


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a file imports, in full, with its line; names bound by `from` come with what they came from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def fault(parts: tuple[str, ...], name: str) -> str | None:
    """What is wrong with a file (its path's parts inside the house) importing `name`; None when nothing is."""
    here, target = parts[0], name.split(".")
    is_test = "tests" in parts or parts[-1] == "testing.py"
    if here == "wire" and not is_test:
        if target[0] == "django":
            return "wire knows no Django"
        if target[0] == "preau" and target[1:2] != ["wire"]:
            return "wire stands alone"
    if target[0] != "preau" or len(target) < 2 or target[1] == "__version__":
        return None
    there, door = target[1], target[2] if len(target) > 2 else ""
    if parts[1:] == ("events.py",) and there not in {"kernel", here}:
        return "events import the kernel only"
    if there == here or door == "events":
        return None
    if not is_test and (door == "testing" or "tests" in target):
        return "what serves tests stays in tests"
    if there in OPEN or door in DOORS or (is_test and door == "testing"):
        return None
    return f"preau.{there} is reached through its api or its events"


def faults(house: Path) -> list[str]:
    """Every import in the house that goes past a door."""
    found = []
    for path in sorted(house.rglob("*.py")):
        parts = path.relative_to(house).parts
        if len(parts) < 2:
            continue
        for name, line in imported(ast.parse(path.read_bytes())):
            wrong = fault(parts, name)
            if wrong:
                found.append(f"{'/'.join(parts)}:{line}: {name}: {wrong}")
    return found


def test_modules_are_reached_through_their_doors() -> None:
    assert faults(HOUSE) == []


@pytest.mark.parametrize(
    ("file", "line", "wrong"),
    [
        ("home/pages.py", "from preau.directory.models import Person", "through its api"),
        ("home/pages.py", "import preau.directory.queries", "through its api"),
        ("home/pages.py", "def late():\n    from preau.signin.actions import sign_in", "through its api"),
        ("home/pages.py", "from preau import directory", "through its api"),
        ("home/pages.py", "from preau.directory.testing import make_person", "stays in tests"),
        ("home/tests/test_pages.py", "from preau.directory.models import Person", "through its api"),
        ("directory/events.py", "from preau.ui.words import count", "the kernel only"),
        ("wire/csv.py", "from django.conf import settings", "no Django"),
        ("wire/csv.py", "from preau.kernel import clock", "stands alone"),
        ("home/pages.py", "from preau.directory.api import find", None),
        ("home/pages.py", "from preau.directory import api, events", None),
        ("directory/subscribers.py", "from preau.signin.events import signed_in", None),
        ("home/pages.py", "from preau.kernel.policy import can\nfrom preau.ui.words import count", None),
        ("home/pages.py", "from preau.home.queries import cards\nfrom preau import __version__", None),
        ("home/tests/test_pages.py", "from preau.directory.testing import make_person", None),
        ("directory/events.py", "from preau.kernel.events import Event", None),
    ],
)
def test_each_rule_holds(tmp_path: Path, file: str, line: str, wrong: str | None) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(line)
    found = faults(tmp_path)
    if wrong is None:
        assert found == []
    else:
        assert len(found) == 1
        assert wrong in found[0]
