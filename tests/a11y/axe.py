"""axe-core on a page as it stands: what it finds, each in one line that says where."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tools.setup import ROOT

# The rules of WCAG 2.2 A and AA, on which RGAA 4.1 rests, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong on the page shown: "rule: what it asks: the element". Empty when nothing is.

    It is given to the page through the debugger, so the content policy stays as the house sends it.
    """
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]
