"""Passwords: chosen with a one-use code, changed by their owner, set by the house for the demo."""

from __future__ import annotations

from django.utils.translation import gettext as _

from preau.directory.api import Person
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Conflict
from preau.signin.actions.sessions import close
from preau.signin.models import Credential, CredentialKind, OneUseCode, Session

# Hashes are made before these actions begin: a transaction would hold other writers back for as long.


@action("signin.choose_password")
def choose_password(act: Act, code: OneUseCode, *, password_hash: str) -> None:
    """Uses up a one-use code, which its owner has just typed, and keeps the password they chose.

    Every session of theirs ends. Raises `Conflict` when the code was used or ran out meanwhile: of two browsers with
    the same code, one gets in.
    """
    act.authorised_by("one-use code")
    moment = clock.now()
    used = OneUseCode.objects.filter(pk=code.pk, used_at=None, expires_at__gt=moment).update(used_at=moment)
    if not used:
        raise Conflict(_("Ce code a déjà servi, ou il n’est plus bon. Demandez-en un autre."))
    keep(code.person, password_hash)
    ended = close(act, code.person_id, Session.objects.filter(person=code.person_id))
    act.record(target=code, subject=code.person_id, purpose=code.purpose, sessions=ended)


@action("signin.change_password")
def change_password(act: Act, person: Person, *, password_hash: str, but: Session | None) -> None:
    """Keeps another password, chosen by its owner; their sessions end, `but` excepted."""
    act.require("change_password", person)
    keep(person, password_hash)
    OneUseCode.objects.filter(person=person, used_at=None).delete()
    ended = close(act, person.pk, Session.objects.filter(person=person).exclude(pk=but.pk if but else 0))
    act.record(subject=person.pk, sessions=ended)


@action("signin.set_password")
def set_password(act: Act, person: Person, *, password_hash: str) -> None:
    """Gives a person a password that others know: the demo's. Only the house may."""
    act.require("set_password", person)
    keep(person, password_hash)
    act.record(subject=person.pk)


def keep(person: Person, password_hash: str) -> None:
    """Inside an action: stores a password's hash."""
    Credential.objects.update_or_create(
        person=person,
        kind=CredentialKind.PASSWORD,
        defaults={"hash": password_hash, "changed_at": clock.now()},
    )
