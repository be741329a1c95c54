"""`preau settings`: every setting, its value and where that comes from."""

from __future__ import annotations

import argparse
import json
import os
import sys

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How it reports."""
    from preau.platform.words import _

    parser.add_argument("--json", action="store_true", help=_("répond en JSON"))


def run(namespace: argparse.Namespace) -> int:
    """Prints them; a secret is only said to be set."""
    from preau.platform.guide import all_settings
    from preau.platform.words import _

    shown = []
    for setting in all_settings():
        given = os.environ.get(setting.name, "").strip()
        value = "…" if setting.secret and given else given or setting.default
        shown.append({"name": setting.name, "value": value, "set": bool(given)})
    if namespace.json:
        json.dump({"settings": shown}, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    by_default = _("(par défaut)")
    for line in shown:
        print(f"{line['name']}={line['value']}" if line["set"] else f"{line['name']}={line['value']}  {by_default}")
    return 0
