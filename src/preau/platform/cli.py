"""The command line: `preau <command> …`. Exit status 0 done, 1 refused or failed (with the reason), 2 wrong usage.

A command's module has `add_arguments(parser)` and `run(namespace) -> int`; the platform's own say with `DJANGO` whether
they need Django. Nothing is imported before it is known which command is wanted: `preau run` stays small for as long
as the instance runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Protocol, cast

from preau import __version__
from preau.platform.words import _


class CommandModule(Protocol):
    """What a command's module holds."""

    DJANGO: bool

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, namespace: argparse.Namespace) -> int: ...


# name → what it does; the module is preau.platform.commands.<name>.
OWN = {
    "run": _("démarre l’instance : web, tâches de fond et ce que les rubriques y ajoutent"),
    "worker": _("fait seulement les tâches de fond"),
    "migrate": _("met la base de données à la version du programme"),
    "demo": _("charge le collège de démonstration dans une instance vide"),
    "check": _("vérifie l’instance"),
    "settings": _("montre les réglages et d’où ils viennent"),
}
# Called by `preau run` (web, prepare) and by developers (manage).
HIDDEN = ("web", "prepare", "manage")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "preau.platform.settings")
    if given[:1] == ["--version"]:
        print(__version__)
        return 0
    if not given or given[0] in {"-h", "--help"}:
        print(_overview())
        return 0 if given else 2
    name, rest = given[0], given[1:]
    if name in OWN or name in HIDDEN:
        module = cast(CommandModule, import_module(f"preau.platform.commands.{name}"))
        return _run(name, OWN.get(name, ""), module, rest) if not module.DJANGO else _with_django(name, module, rest)
    return _room_command(name, rest)


def _overview() -> str:
    lines = [_("usage : preau <commande> …    (preau <commande> --help)"), ""]
    commands = [*OWN.items(), *((name, text) for name, _module, text in _rooms_commands())]
    width = max(len(name) for name, _text in commands)
    return "\n".join([*lines, *(f"  {name:<{width}}  {text}" for name, text in commands)])


def _rooms_commands() -> Iterator[tuple[str, str, str]]:
    from preau.kernel.room import declared

    for command in declared(lambda room: room.commands):
        yield command.name, command.module, _(command.help)


def _room_command(name: str, rest: Sequence[str]) -> int:
    for known, module, text in _rooms_commands():
        if known == name:
            return _with_django(name, module, rest, text)
    print(_("preau : il n’y a pas de commande « {name} »").format(name=name), file=sys.stderr)
    print(_overview(), file=sys.stderr)
    return 2


def _with_django(name: str, module: CommandModule | str, rest: Sequence[str], text: str = "") -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError
    from django.utils import translation

    from preau.kernel.errors import Conflict, Invalid, Refused
    from preau.kernel.keys import KeyUnusable
    from preau.platform.start import start_django
    from preau.platform.words import language

    try:
        start_django()
        with translation.override(language()):
            if not isinstance(module, str):
                return _run(name, OWN.get(name, ""), module, rest)
            return _run(name, text, cast(CommandModule, import_module(module)), rest, before=_create_if_new)
    except (Refused, Invalid, Conflict, KeyUnusable, ImproperlyConfigured) as error:
        print(f"preau {name} : {error}", file=sys.stderr)
    except (OperationalError, ProgrammingError):
        from preau.platform.checks import database_ready

        if not (problems := database_ready()):
            raise
        print(f"preau {name} : {'; '.join(problems)}", file=sys.stderr)
    return 1


def _create_if_new() -> None:
    from preau.platform.commands.migrate import create_if_new

    create_if_new()


def _run(
    name: str,
    text: str,
    module: CommandModule,
    rest: Sequence[str],
    before: Callable[[], None] | None = None,
) -> int:
    parser = argparse.ArgumentParser(prog=f"preau {name}", description=text or None)
    module.add_arguments(parser)
    namespace = parser.parse_args(rest)
    try:
        if before:
            before()
        return module.run(namespace)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output left; what it did not read is not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
