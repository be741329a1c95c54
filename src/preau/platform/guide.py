"""The settings table of `docs/guide/running.md`, from what rooms declare; a test holds the two equal."""

from __future__ import annotations

from preau.kernel.room import Setting, declared


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
