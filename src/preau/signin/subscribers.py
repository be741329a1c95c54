"""What sign-in does when it hears of others. The doors are already closed by then: this only tidies."""

from __future__ import annotations

from preau.directory.api import Person
from preau.directory.events import GrantGiven, PersonSuspended, RosterUndone
from preau.kernel.actor import system
from preau.kernel.db import batches
from preau.signin.actions.codes import withdraw_access, withdraw_code
from preau.signin.actions.sessions import end_sessions
from preau.signin.models import OneUseCode, Session
from preau.signin.policies import stands
from preau.signin.queries import live_code


def end_sessions_of(event: PersonSuspended) -> None:
    """Ends the sessions of somebody who was suspended, and tells applications so."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is not None and not person.is_active:
        end_sessions(system("signin.suspended"), person)


def withdraw_access_of_undone(event: RosterUndone) -> None:
    """What an import opened by mistake is closed with it: codes made and sessions begun for people whom it alone tied
    to a school. Their password stays: it is theirs wherever else they are."""
    for batch in batches(event.untied):
        open_to = set(Session.objects.filter(person__in=batch).values_list("person_id", flat=True))
        open_to |= set(OneUseCode.objects.filter(person__in=batch, used_at=None).values_list("person_id", flat=True))
        for person in Person.objects.filter(pk__in=open_to):
            withdraw_access(system("signin.undone"), person)


def withdraw_code_of(event: GrantGiven) -> None:
    """Puts out a code whose maker may no longer make one, now that its owner has another role."""
    code = live_code(event.person_id)
    if code is not None and not stands(code):
        withdraw_code(system("signin.withdrawn"), code.person)
