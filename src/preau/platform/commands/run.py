"""`preau run`: the whole instance on one port. This process stays small: what needs Django happens in children."""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
from typing import Any

from preau import __version__
from preau.platform.words import _

DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and the demo."""
    parser.add_argument("--demo", action="store_true", help=_("charge d’abord le collège de démonstration"))
    parser.add_argument("--host", help=_("adresse d’écoute (sinon PREAU_HOST)"))
    parser.add_argument("--port", help=_("port d’écoute (sinon PREAU_PORT)"))


def run(namespace: argparse.Namespace) -> int:
    """Prepares, then supervises until told to stop."""
    from preau.platform.children import Child
    from preau.platform.supervisor import Supervisor
    from preau.platform.tethered import tied

    for name, value in (("PREAU_HOST", namespace.host), ("PREAU_PORT", namespace.port)):
        if value:
            os.environ[name] = value
    prepared = subprocess.run(
        tied(["-m", "preau", "prepare", *(["--demo"] if namespace.demo else [])]),
        stdout=subprocess.PIPE,
        check=False,
    )
    if prepared.returncode:
        return 1
    facts: dict[str, Any] = json.loads(prepared.stdout)
    try:
        listener = _listen(facts["host"], facts["port"])
    except OSError as error:
        told = _("preau run : impossible d’écouter sur {host}, port {port} : {reason}")
        print(told.format(host=facts["host"], port=facts["port"], reason=error.strerror or error), file=sys.stderr)
        return 1
    others = [Child("worker", ["-m", "preau", "worker"])]
    others += [Child(name, argv) for name, *argv in facts["processes"]]
    return Supervisor(
        Child("web", ["-m", "preau", "web"]), others, listener, say=_say, on_ready=lambda: _announce(facts)
    ).run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)


def _announce(facts: dict[str, Any]) -> None:
    from preau.platform.commands.demo import account_lines

    _say(f"Préau {__version__} : {facts['base_url']}/")
    if facts["refused_demo"]:
        _say(_("Cette instance a ses propres personnes ; la démonstration n’y a pas été chargée."))
    if facts["accounts"]:
        _say(_("Collège de démonstration. Qui peut se connecter :"))
        for line in account_lines(facts["accounts"]):
            _say(line)
    _say(_("Ctrl-C arrête tout."))


def _say(line: str) -> None:
    print(line, flush=True)
