"""What a room declares exists, and holds the rules that declarations must hold."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import preau
from preau.kernel.policy import registered
from preau.kernel.room import Room, house, load
from preau.platform.house import routes

pytestmark = pytest.mark.contract
HOUSE = Path(preau.__file__).parent

# Who may write without an action, and why: bookkeeping that is nobody's decision.
MACHINERY = {
    "kernel/actions.py": {"actions"},
    "kernel/audit.py": {"audit"},
    "kernel/disclosures.py": {"disclosures"},
    "kernel/dispatch.py": {"events"},
    "kernel/holdings.py": {"privacy"},
    "kernel/jobs.py": {"jobs"},
    "kernel/schedules.py": {"schedules"},
    "platform/demo.py": {"demo"},
    "signin/bookkeeping.py": {"signin"},
}
# What a page may add to the content policy, and why.
CSP_ADDITIONS: dict[str, dict[str, tuple[str, ...]]] = {}
# Imported where they are used, or the idle memory budget is gone.
HEAVY = ("lxml", "hypothesis", "playwright", "typst", "duckdb", "ibis", "python_calamine", "schemathesis")


def references(room: Room) -> Iterator[str]:
    """Every "package.module:name" of a room."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                yield from strings(item)
        elif hasattr(value, "__dataclass_fields__"):
            for f in fields(value):  # type: ignore[arg-type]  # it has dataclass fields
                yield from strings(getattr(value, f.name))

    return (text for text in strings(tuple(getattr(room, f.name) for f in fields(room))) if text.startswith("preau."))


def test_every_reference_resolves() -> None:
    for room in house():
        for reference in references(room):
            assert load(reference) is not None if ":" in reference else __import__(reference), reference


def test_writes_without_an_action_are_a_closed_list() -> None:
    found: dict[str, set[str]] = {}
    for path in HOUSE.rglob("*.py"):
        name = path.relative_to(HOUSE).as_posix()
        if "/tests/" in name or name.endswith("testing.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "machinery" and isinstance(node, ast.Call):
                found.setdefault(name, set()).add(ast.literal_eval(node.args[0]))
    assert found == MACHINERY


def test_additions_to_the_content_policy_are_a_closed_list() -> None:
    assert {route.name: dict(route.csp) for route in routes() if route.csp} == CSP_ADDITIONS


def test_every_route_with_arguments_has_an_example_for_the_refusals() -> None:
    assert [route.name for route in routes() if "<" in route.path and not route.example] == []


def test_who_sees_a_room_in_the_rail_may_enter_it() -> None:
    pages = {f"/{route.path}": route for route in routes()}
    wrong = {
        entry.url: sorted(entry.roles - pages[entry.url].allow)
        for room in house()
        for entry in room.rail
        if pages[entry.url].auth != "public" and not entry.roles <= pages[entry.url].allow
    }
    assert wrong == {}


def test_every_model_with_a_rule_has_a_visibility() -> None:
    with_visibility, rules = registered()
    assert {model for model, _ability in rules} <= with_visibility


def test_heavy_libraries_are_not_loaded_at_start() -> None:
    script = (
        "import django, json, sys; django.setup(); from preau.platform import urls; from preau.kernel import worker;"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    env = {"DJANGO_SETTINGS_MODULE": "preau.platform.settings", "PATH": "", "PREAU_DATA": "var"}
    ran = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []
