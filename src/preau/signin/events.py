"""What happened at the door, for whoever subscribes."""

from __future__ import annotations

from dataclasses import dataclass

from preau.kernel.events import Event, event


@event("signin.sessions_ended.1")
@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    """Sessions of a person were ended, by them or by somebody who may: `sessions` are their UUIDs."""

    person_id: int
    sessions: list[str]


@event("signin.password_reset.1")
@dataclass(frozen=True, slots=True)
class PasswordReset(Event):
    """Somebody else took a person's password away and gave them a one-use code."""

    person_id: int
