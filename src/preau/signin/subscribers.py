"""What sign-in does when it hears of others. The doors are already closed by then: this only tidies."""

from __future__ import annotations

from preau.directory.api import Person
from preau.directory.events import PersonSuspended
from preau.kernel.actor import system
from preau.signin.actions.sessions import end_sessions


def end_sessions_of(event: PersonSuspended) -> None:
    """Ends the sessions of somebody who was suspended, and tells applications so."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is not None and not person.is_active:
        end_sessions(system("signin.suspended"), person)
