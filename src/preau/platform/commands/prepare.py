"""What `preau run` needs of Django before it starts its children: run in a process of its own, which then ends.

It migrates, loads the demo when asked, and prints one JSON object: where to listen (`host`, `port`, `base_url`), what
to run (`processes`: name and arguments of each), and of the demo `accounts` and `refused_demo` (asked for, but the
instance has people of its own).
"""

from __future__ import annotations

import argparse
import json
import sys

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to load the demo."""
    parser.add_argument("--demo", action="store_true")


def run(namespace: argparse.Namespace) -> int:
    """Prepares; progress goes to standard error. 1 when a demo would be open to the network."""
    from django.conf import settings

    from preau.kernel.keys import instance_key
    from preau.kernel.room import declared
    from preau.platform import demo, environment
    from preau.platform.commands.migrate import migrate
    from preau.platform.words import _

    def progress(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    host = environment.text("PREAU_HOST")
    instance_key()
    if migrate(lambda _alias, _name: None):
        progress(_("La base de données est prête."))
    may_be_demo = demo.is_demo() or (namespace.demo and demo.is_empty())
    if may_be_demo and not demo.may_listen(host):
        progress(
            _(
                "preau run : tout le monde connaît les mots de passe de la démonstration ; elle n’écoute que sur cette "
                "machine. Pour l’ouvrir au réseau malgré tout : PREAU_DEMO_PUBLIC=yes, en plus de l’adresse d’écoute."
            )
        )
        return 1
    if namespace.demo and may_be_demo:
        demo.load_missing(lambda room: progress(_("Démonstration : {room}…").format(room=room)))
    json.dump(
        {
            "host": host,
            "port": environment.number("PREAU_PORT", least=1, most=65535),
            "base_url": settings.PREAU_BASE_URL,
            "processes": [[process.name, *process.argv] for process in declared(lambda room: room.processes)],
            "accounts": demo.accounts() if may_be_demo else [],
            "refused_demo": namespace.demo and not may_be_demo,
        },
        sys.stdout,
    )
    return 0
