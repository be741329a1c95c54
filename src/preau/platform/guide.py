"""The settings table of `docs/guide/running.md`, from what rooms declare; a test holds the two equal.

`python -m preau.platform.guide docs/guide/running.md` writes it there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from preau.kernel.room import Setting, declared

START = "<!-- settings: made by preau.platform.guide -->\n"
END = "<!-- end of settings -->"


def all_settings() -> list[Setting]:
    """Every room's settings, by name."""
    return sorted(declared(lambda room: room.settings), key=lambda setting: setting.name)


def settings_table() -> str:
    """Markdown, one line a setting."""
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    for setting in all_settings():
        default = f"`{setting.default}`" if setting.default else ""
        lines.append(f"| `{setting.name}` | {default} | {setting.help.replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"


def written_table(page: str) -> tuple[str, str, str]:
    """What stands before the table, the table, and what stands after it."""
    before, _, rest = page.partition(START)
    table, _, after = rest.partition(END)
    return before, table, after


def write_table(path: Path) -> None:
    """Puts the present table into the page."""
    before, _table, after = written_table(path.read_text(encoding="utf-8"))
    path.write_text(f"{before}{START}{settings_table()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "preau.platform.settings")
    write_table(Path(sys.argv[1]))
