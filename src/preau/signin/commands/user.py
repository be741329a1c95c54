"""`preau user code USERNAME`: prints a one-use sign-in code, alone on standard output.

Exit status: 0 printed, 1 nobody has that username or the account is suspended, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from django.utils.translation import gettext as _

from preau.directory.api import Person
from preau.kernel.actor import system
from preau.kernel.errors import Conflict
from preau.signin.actions.codes import make_code
from preau.signin.queries import normal_username


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    what = parser.add_subparsers(dest="what", required=True, metavar="code")
    code = what.add_parser("code", help=_("donne un code à usage unique, bon sept jours"))
    code.add_argument("username", metavar="USERNAME")


def run(namespace: argparse.Namespace) -> int:
    """Makes the code and prints it."""
    person = Person.objects.filter(username=normal_username(namespace.username)).first()
    if person is None:
        raise Conflict(_("personne n’a l’identifiant « {username} »").format(username=namespace.username))
    sys.stdout.write(f"{make_code(system('preau user code'), person)}\n")
    return 0
