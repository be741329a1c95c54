"""`preau demo`: loads the demo collège into an empty instance."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: there is one demo."""


def run(namespace: argparse.Namespace) -> int:
    """Loads what is missing and says who can sign in; 1 when the instance has people of its own."""
    from preau.platform import demo
    from preau.platform.commands.migrate import migrate
    from preau.platform.words import _

    migrate(lambda _alias, _name: None)
    try:
        demo.load_missing(lambda room: print(_("démonstration : {room}").format(room=room), file=sys.stderr))
    except demo.NotEmpty:
        print(_("preau demo : cette instance a déjà ses personnes ; la démonstration n’y entre pas."), file=sys.stderr)
        return 1
    for line in account_lines(demo.accounts()):
        print(line)
    return 0


def account_lines(accounts: Sequence[Sequence[str]]) -> list[str]:
    """Username, password and who it is, in columns."""
    from preau.platform.words import _

    width = max((len(username) for username, _password, _who in accounts), default=0)
    return [f"  {username:<{width}}  {password}  {_(who)}" for username, password, who in accounts]
