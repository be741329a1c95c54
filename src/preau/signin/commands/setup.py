"""`preau setup`: prints the one-use link that opens a school and makes its first administrator.

Exit status: 0.
"""

from __future__ import annotations

import argparse
import json
import sys

from django.conf import settings
from django.utils.translation import gettext as _

from preau.kernel.actor import system
from preau.signin.actions.setting_up import make_setup_link
from preau.ui.api import when


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument("--json", action="store_true", help=_("écrit un objet JSON : url, expires_at"))


def run(namespace: argparse.Namespace) -> int:
    """Makes the link and prints it."""
    token, until = make_setup_link(system("preau setup"))
    url = f"{settings.PREAU_BASE_URL.rstrip('/')}/installation/{token}"
    if namespace.json:
        sys.stdout.write(json.dumps({"url": url, "expires_at": until.isoformat()}) + "\n")
        return 0
    sys.stdout.write(f"{url}\n")
    # Aside, so that a script reads the link alone.
    sys.stderr.write(_("Ce lien s’ouvre une seule fois, jusqu’à : {when}.").format(when=when(until)) + "\n")
    return 0
