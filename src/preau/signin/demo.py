"""The demo's sign-ins: nine people whose password everybody knows. See `platform.demo`: loopback only."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from preau.directory.api import Person
from preau.kernel.actor import system
from preau.signin.actions.passwords import set_password
from preau.signin.passwords.hashing import hash_password

EVERYBODYS = "preau-demo-2026"
# Username → who that is, as `make run` prints it.
WHO = {
    "direction": _("la direction du collège"),
    "referent": _("H. Besson, référent numérique"),
    "prof": _("Nadia Oukili, enseigne la technologie"),
    "eleve": _("Lina Nuñez, élève de 4e C"),
    "parent": _("Miguel Nuñez, responsable de Lina"),
    "formateur": _("l’intervenant d’une association"),
    "academie": _("l’académie"),
    "ministere": _("le ministère"),
    "dpo": _("la protection des données"),
}


def run() -> None:
    """Gives the nine their password, after the directory named them."""
    people = {person.username: person for person in Person.objects.filter(username__in=WHO)}
    for username in WHO:
        set_password(system("demo"), people[username], password_hash=hash_password(EVERYBODYS))


def accounts() -> list[tuple[str, str, str]]:
    """Username, password and who it is: see `platform.demo.Accounts`."""
    known = set(Person.objects.filter(username__in=WHO, credentials__isnull=False).values_list("username", flat=True))
    return [(username, EVERYBODYS, who) for username, who in WHO.items() if username in known]
