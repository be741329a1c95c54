"""Events: what happened, told to whoever subscribed, after the commit, at least once, in no order across objects.

A module's `events.py` declares frozen dataclasses with `@event("directory.person_suspended.1")`; `kernel.dispatch`
tells them. Subscribers are idempotent; one that fails stops nobody and shows in
`preau check events`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, ClassVar, TypeVar

from preau.kernel import clock
from preau.kernel.models import OutboxEvent

E = TypeVar("E", bound="Event")
_types: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. Fields are JSON values: ids, numbers, strings, lists of these."""

    wire_name: ClassVar[str] = ""


def event(wire_name: str) -> Callable[[type[E]], type[E]]:
    """Gives an event class its wire name and version, "<module>.<past_tense>.<version>"."""

    def register(cls: type[E]) -> type[E]:
        if not is_dataclass(cls):
            raise TypeError(f"{cls.__name__} is not a dataclass")
        if wire_name in _types:
            raise ValueError(f"two events are called {wire_name}")
        cls.wire_name = wire_name
        _types[wire_name] = cls
        return cls

    return register


def write(events: Sequence[Event]) -> None:
    """Puts events in the outbox, inside the action's transaction."""
    if not events:
        return
    moment = clock.now()
    OutboxEvent.objects.bulk_create(
        OutboxEvent(name=event.wire_name, at=moment, payload=asdict(event)) for event in events
    )


def restore(name: str, payload: dict[str, Any]) -> Event:
    """The event object of an outbox row. Unknown extra keys of the same version are an error."""
    cls = _types[name]
    known = {f.name for f in fields(cls)}
    unknown = set(payload) - known
    if unknown:
        raise ValueError(f"{name} carries unknown fields {sorted(unknown)}")
    return cls(**payload)
