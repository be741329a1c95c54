"""What sign-in does when it hears of others. The doors are already closed by then: this only tidies."""

from __future__ import annotations

from preau.directory.api import Person
from preau.directory.events import GrantGiven, PersonSuspended
from preau.kernel.actor import system
from preau.signin.actions.codes import withdraw_code
from preau.signin.actions.sessions import end_sessions
from preau.signin.policies import stands
from preau.signin.queries import live_code


def end_sessions_of(event: PersonSuspended) -> None:
    """Ends the sessions of somebody who was suspended, and tells applications so."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is not None and not person.is_active:
        end_sessions(system("signin.suspended"), person)


def withdraw_code_of(event: GrantGiven) -> None:
    """Puts out a code whose maker may no longer make one, now that its owner has another role."""
    code = live_code(event.person_id)
    if code is not None and not stands(code):
        withdraw_code(system("signin.withdrawn"), code.person)
