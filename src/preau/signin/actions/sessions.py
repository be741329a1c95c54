"""Sessions: opened by who proved themselves, ended by them, by whoever may, or with the account."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from preau.directory.api import Person
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Invalid
from preau.signin.bookkeeping import end_of
from preau.signin.events import SessionsEnded
from preau.signin.hats import Choice
from preau.signin.models import Credential, CredentialKind, Outcome, Session, SignInLog
from preau.signin.tokens import token_hash


@action("signin.sign_in")
def sign_in(
    act: Act,
    person: Person,
    choice: Choice,
    *,
    outcome: Outcome,
    token: str,
    device: str,
    browser: str,
    replaces: str,
    is_first: bool,
    rehash: str = "",
) -> Session:
    """Opens a session for a person who has just proved themselves.

    `token`: the new session's, fresh for every sign-in, so that none can be planted beforehand. `device`: the hash of
    the device cookie. `replaces`: the token of the session that this browser had, or "". `is_first`:
    whether this may be the first time. `rehash`: the same password's hash with today's parameters, when the stored
    one is older.
    """
    act.authorised_by(outcome.value)
    # A browser that was closed forgot its session, which would stay in the list for two weeks.
    Session.objects.filter(Q(person=person, device=device) | Q(token_hash=token_hash(replaces))).delete()
    moment = clock.now()
    session = Session.objects.create(
        person=person,
        token_hash=token_hash(token),
        role=choice.hat.role,
        organisation_id=choice.hat.organisation_id,
        strength=outcome.value,
        device=device,
        browser=browser,
        created_at=moment,
        last_seen_at=moment,
        ends_at=end_of(moment, moment),
    )
    SignInLog.objects.create(person=person, at=moment, outcome=outcome, device=device)
    password = Credential.objects.filter(person=person, kind=CredentialKind.PASSWORD)
    if is_first:
        password.filter(first_used_at=None).update(first_used_at=moment)
    if rehash:
        password.update(hash=rehash)
    act.record(target=session, subject=person.pk, organisation_id=choice.hat.organisation_id, by=outcome.value)
    return session


@action("signin.end_session")
def end_session(act: Act, session: Session) -> None:
    """Ends one session: signs it out, wherever it is."""
    act.require("end", session)
    ended = close(act, session.person_id, Session.objects.filter(pk=session.pk))
    act.record(target=session, subject=session.person_id, sessions=ended)


@action("signin.end_sessions")
def end_sessions(act: Act, person: Person, *, but: Session | None = None) -> int:
    """Ends every session of a person, `but` excepted; returns how many."""
    act.require("end_sessions", person)
    ended = close(act, person.pk, Session.objects.filter(person=person).exclude(pk=but.pk if but else 0))
    act.record(subject=person.pk, sessions=ended)
    return len(ended)


def close(act: Act, person_id: int, sessions: QuerySet[Session]) -> list[str]:
    """Inside an action: removes these sessions of a person and tells whoever listens; their UUIDs."""
    ended = [str(uuid) for uuid in sessions.values_list("uuid", flat=True)]
    sessions.delete()
    if ended:
        act.emit(SessionsEnded(person_id=person_id, sessions=ended))
    return ended


@action("signin.switch_hat")
def switch_hat(act: Act, session: Session, key: str, *, choices: Iterable[Choice]) -> Choice:
    """Makes the session act in another (school, role) of its person. Raises `Invalid` for one they do not have."""
    act.require("switch", session)
    chosen = next((choice for choice in choices if choice.key == key), None)
    if chosen is None:
        raise Invalid({"hat": _("Ce rôle n’est plus le vôtre. Rechargez la page.")})
    session.role, session.organisation_id = chosen.hat.role.value, chosen.hat.organisation_id
    session.save(update_fields=["role", "organisation"])
    act.record(target=session, subject=session.person_id, organisation_id=session.organisation_id, role=session.role)
    return chosen
