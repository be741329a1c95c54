"""Coming in: a username and a secret become a session, or a reason why not. The pages only draw the answer."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

from preau.directory.api import Person
from preau.kernel import clock
from preau.kernel.keys import Unreadable, seal, unseal
from preau.signin import cookies
from preau.signin.actions.sessions import sign_in
from preau.signin.bookkeeping import note_failure
from preau.signin.browsers import browser_family
from preau.signin.codes import is_code, looks_like_code
from preau.signin.hats import Choice, hats_of
from preau.signin.identity import as_actor
from preau.signin.models import OneUseCode, Outcome
from preau.signin.passwords.hashing import hash_password, matches, needs_rehash
from preau.signin.policies import stands
from preau.signin.queries import Account, account, live_code, normal_username
from preau.signin.throttle import Verdict, counter, counter_of_nobody
from preau.signin.tokens import new_token, token_hash

CHOOSING = dt.timedelta(minutes=15)
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Known:
    """The password was right; `came_in`: not for the first time, `knows_device`: from here, too."""

    person: Person
    choice: Choice
    came_in: bool = False
    knows_device: bool = False
    rehash: str = ""


@dataclass(frozen=True, slots=True)
class HasCode:
    """A one-use code was right: its owner now chooses a password."""

    code: OneUseCode


@dataclass(frozen=True, slots=True)
class Wrong:
    """Username and secret do not go together; `left` tries before the pause."""

    left: int


@dataclass(frozen=True, slots=True)
class Paused:
    """Too many tries: nothing was looked at."""

    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """The secret was right, but this account opens nothing now: `say` says why, to who has the secret only."""

    say: str


def try_password(request: HttpRequest, username: str, password: str) -> Known | HasCode | Wrong | Paused | Closed:
    """Looks at a username and a password as typed; a one-use code in the password's place is taken as such."""
    username = normal_username(username)
    device = _device(request)
    found = account(username, device)
    if looks_like_code(password):
        code, _verdict = _right_code(found, username, password)
        if code is not None:
            return _with_code(code)
    if found.person is None:
        tries = counter_of_nobody("password", username)
    else:
        tries = counter("password", username, device if found.knows_device else "")
    verdict = tries.take()
    if not verdict.allowed:
        return Paused(verdict.until)
    if not matches(found.hash, password) or found.person is None:
        tries.keep()
        note_failure(found.person.pk if found.person else None, Outcome.WRONG_PASSWORD)
        return _refused(verdict)
    tries.give_back()
    opened = _opened(found.person)
    if isinstance(opened, Closed):
        return opened
    return Known(
        person=found.person,
        choice=opened,
        came_in=found.came_in,
        knows_device=found.knows_device,
        rehash=hash_password(password) if needs_rehash(found.hash) else "",
    )


def try_code(request: HttpRequest, username: str, typed: str) -> HasCode | Wrong | Paused | Closed:
    """Looks at a username and a one-use code as typed."""
    username = normal_username(username)
    found = account(username, _device(request))
    code, verdict = _right_code(found, username, typed)
    if not verdict.allowed:
        return Paused(verdict.until)
    if code is None:
        note_failure(found.person.pk if found.person else None, Outcome.WRONG_CODE)
        return _refused(verdict)
    return _with_code(code)


def _right_code(found: Account, username: str, typed: str) -> tuple[OneUseCode | None, Verdict]:
    tries = counter("code", username) if found.person else counter_of_nobody("code", username)
    verdict = tries.take()
    if not verdict.allowed:
        return None, verdict
    person_id = found.person.pk if found.person else 0
    code = live_code(person_id)
    right = is_code(person_id, typed, code.hash if code else _NO_HASH)
    if code is None or not right or code.expires_at <= clock.now() or not stands(code):
        tries.keep()
        return None, verdict
    tries.give_back()
    return code, verdict


def _refused(verdict: Verdict) -> Wrong | Paused:
    return Wrong(verdict.left) if verdict.left else Paused(verdict.until)


def _with_code(code: OneUseCode) -> HasCode | Closed:
    opened = _opened(code.person)
    return opened if isinstance(opened, Closed) else HasCode(code)


def _opened(person: Person) -> Choice | Closed:
    """The hat that a session of this person would wear, or why there is none."""
    if not person.is_active:
        note_failure(person.pk, Outcome.SUSPENDED)
        return Closed(_("Ce compte est désactivé. Rien n’est perdu : adressez-vous au secrétariat ou au référent."))
    choices = hats_of(person.pk)
    if not choices:
        note_failure(person.pk, Outcome.NO_ROLE)
        return Closed(
            _("L’établissement n’a pas encore dit ce que ce compte peut ouvrir. Adressez-vous au secrétariat.")
        )
    return choices[0]


def admit(
    request: HttpRequest, response: HttpResponseBase, known: Known, *, outcome: Outcome = Outcome.PASSWORD
) -> None:
    """Opens the session and gives the browser its cookies, all of them new."""
    token, device = new_token(), cookies.device_token(request)
    # Only the name of a device that this account knows is kept: one that somebody planted, be it a name this house
    # gave to them, would else pass for the owner's device, and their tries be counted apart.
    if not known.knows_device:
        device = new_token()
    sign_in(
        as_actor(known.person, known.choice, strength=outcome.value),
        known.person,
        known.choice,
        outcome=outcome,
        token=token,
        device=token_hash(device),
        browser=browser_family(request.headers.get("User-Agent", "")),
        replaces=cookies.session_token(request),
        is_first=not known.came_in,
        rehash=known.rehash,
    )
    rotate_token(request)
    cookies.set_session(request, response, token)
    cookies.set_device(request, response, device)


def _device(request: HttpRequest) -> str:
    token = cookies.device_token(request)
    return token_hash(token) if token else ""


def ticket_for(code: OneUseCode) -> str:
    """What lets a browser choose the password of a code that was just typed in it, for a quarter of an hour."""
    until = (clock.now() + CHOOSING).timestamp()
    box = seal("signin.choosing", json.dumps({"code": code.pk, "until": until}).encode())
    return base64.urlsafe_b64encode(box).decode()


def code_of(ticket: str) -> OneUseCode | None:
    """The code of a ticket; None when either is no longer good."""
    try:
        said = json.loads(unseal("signin.choosing", base64.urlsafe_b64decode(ticket.encode())))
    except (Unreadable, binascii.Error, UnicodeEncodeError):
        return None
    moment = clock.now()
    if said["until"] < moment.timestamp():
        return None
    code = (
        OneUseCode.objects.filter(pk=said["code"], used_at=None, expires_at__gt=moment, person__state="active")
        .select_related("person", "made_by")
        .first()
    )
    return code if code is not None and stands(code) else None
