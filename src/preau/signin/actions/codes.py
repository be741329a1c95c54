"""One-use codes: made for a first sign-in, for a lost password, for a whole class at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from preau.directory.api import Group, Person
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Conflict
from preau.signin.actions.sessions import close
from preau.signin.codes import code_hash, new_code
from preau.signin.events import PasswordReset
from preau.signin.models import CodePurpose, Credential, CredentialKind, OneUseCode, Session
from preau.signin.policies import resettable, shared
from preau.signin.queries import is_pupil, pupils_among

GOOD_FOR = dt.timedelta(days=7)


@action("signin.make_code")
def make_code(act: Act, person: Person) -> str:
    """Makes a person's one-use code and returns it: it is shown once and kept nowhere.

    Made by somebody else for a person who has a password, it is a reset: that password no longer opens, and their
    sessions end. Made by the machine's owner (`preau user code`), it is one more way in. Raises `Conflict` for a
    suspended person, whom no code lets in.
    """
    act.require("reset_password", person)
    if not person.is_active:
        raise Conflict(_("Ce compte est désactivé : réactivez-le d’abord."))
    return _make(act, person, is_pupil(person.pk), is_shared=bool(shared(act.actor, [person.pk])))


@action("signin.make_group_codes")
def make_group_codes(act: Act, group: Group, people: Sequence[Person]) -> dict[int, str]:
    """Makes the codes of those of `people` whom the actor may reset; person key → code."""
    act.require("make_codes", group)
    keys = [person.pk for person in people]
    allowed = list(resettable(act.actor, Person.objects.filter(pk__in=keys)))
    pupils, of_two = pupils_among(keys), shared(act.actor, keys)
    made = {person.pk: _make(act, person, person.pk in pupils, is_shared=person.pk in of_two) for person in allowed}
    act.record(target=group, organisation_id=group.organisation_id, codes=len(made))
    return made


@action("signin.withdraw_access")
def withdraw_access(act: Act, person: Person) -> None:
    """Removes a code that still opens, and ends every session; a password stays."""
    act.require("reset_password", person)
    codes, _each = OneUseCode.objects.filter(person=person, used_at=None).delete()
    ended = close(act, person.pk, Session.objects.filter(person=person))
    act.record(subject=person.pk, codes=codes, sessions=ended)


@action("signin.withdraw_code")
def withdraw_code(act: Act, person: Person) -> None:
    """Puts a person's code out before it is used; does nothing where there is none."""
    act.require("reset_password", person)
    gone, _rows = OneUseCode.objects.filter(person=person, used_at=None).delete()
    act.record(subject=person.pk, codes=gone)


def _make(act: Act, person: Person, for_pupil: bool, *, is_shared: bool) -> str:
    code, moment = new_code(for_pupil=for_pupil), clock.now()
    password = Credential.objects.filter(person=person, kind=CredentialKind.PASSWORD)
    purpose, ended = CodePurpose.FIRST, list[str]()
    if act.actor.is_system:
        purpose = CodePurpose.ADMIN
    elif password.exists():
        purpose = CodePurpose.RESET
        password.update(hash="", changed_at=moment)
        ended = close(act, person.pk, Session.objects.filter(person=person))
        act.emit(PasswordReset(person_id=person.pk))
    OneUseCode.objects.filter(person=person, used_at=None).delete()
    row = OneUseCode.objects.create(
        person=person,
        purpose=purpose,
        hash=code_hash(person.pk, code),
        made_at=moment,
        made_by_id=act.actor.id,
        expires_at=moment + GOOD_FOR,
    )
    act.record(target=row, subject=person.pk, purpose=purpose.value, sessions=ended, opens_another_school=is_shared)
    return code
