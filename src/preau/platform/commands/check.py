"""`preau check [name]`: every check that rooms declare, or one of them."""

from __future__ import annotations

import argparse
import json
import sys

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which check, and how it reports."""
    from preau.kernel.room import declared
    from preau.platform.words import _

    checks = declared(lambda room: room.checks)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    width = max(len(check.name) for check in checks)
    parser.epilog = "\n".join(f"  {check.name:<{width}}  {_(check.help)}" for check in checks)
    parser.add_argument("name", nargs="?", choices=[check.name for check in checks], help=_("un seul contrôle"))
    parser.add_argument("--json", action="store_true", help=_("répond en JSON"))


def run(namespace: argparse.Namespace) -> int:
    """Prints each problem; 0 when there is none."""
    from preau.kernel.room import declared, load

    found: dict[str, list[str]] = {
        check.name: list(load(check.run)())
        for check in declared(lambda room: room.checks)
        if namespace.name in {None, check.name}
    }
    if namespace.json:
        json.dump({"checks": found}, sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        for name, problems in found.items():
            print(f"{name}: {'ok' if not problems else ''}".rstrip())
            for problem in problems:
                print(f"  - {problem}")
    return 1 if any(found.values()) else 0
