"""The actor of a web session: an `Actor` that also knows what the shell shows of its person."""

from __future__ import annotations

from dataclasses import dataclass

from preau.directory.api import Person
from preau.kernel.actor import Actor, ActorKind
from preau.signin.hats import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Actor):
    """A person in a session, wearing one hat. `choices` are all of theirs: read with the session, so that neither
    the rail nor the switch asks again."""

    session_id: int
    person: Person
    choice: Choice
    choices: tuple[Choice, ...]


def as_actor(person: Person, choice: Choice, *, strength: str) -> Actor:
    """The person wearing that hat, where there is no session yet."""
    return Actor(kind=ActorKind.PERSON, id=person.pk, uuid=person.uuid, hats=(choice.hat,), strength=strength)
