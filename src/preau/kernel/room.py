"""What a room declares, and how the house reads it.

`<module>/room.py` holds one `room = Room(...)`. It must be importable before Django's models are, so everything that
needs them is a reference, "package.module:name", loaded on first use. There is no other discovery: what is not
declared here does not exist for the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings

from preau.kernel.actor import Actor, Role

Ref = str  # "package.module:name"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RailEntry:
    """A room's place in the rail. `label` is a French msgid; `icon` a symbol of the sprite; `roles` who sees it.

    `also`: the beginnings of other addresses that are in this place.
    """

    label: str
    icon: str
    url: str
    order: int
    roles: frozenset[Role]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One `PREAU_*` environment variable; the guide's table is generated from these."""

    name: str
    default: str
    help: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Calls `handler(event)` in a job of its own after `event` (a class of some `events.py`) was committed."""

    event: Ref
    handler: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Runs a job (see `kernel.jobs`) at an hour of the school's day ("02:30") or every so many minutes."""

    name: str
    job: Ref
    at: str = ""
    every_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A long-lived child of `preau run`: argv after the interpreter ("-m", "preau", "worker")."""

    name: str
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`preau check <name>`: `run()` returns problems, each a sentence; none means well. `help`, a French msgid, says
    what is then true."""

    name: str
    run: Ref
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`preau <name> …`: `add_arguments(parser)` and `run(namespace) -> int` of the referenced module."""

    name: str
    module: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Answers a protocol that a lower module defines. `protocol` and `implementation` are references."""

    protocol: Ref
    implementation: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One line of a search answer. `person_id`: whose name it shows, for the disclosures."""

    title: str
    sub: str
    url: str
    kind: str
    initials: str = ""
    chalk: str = ""
    person_id: int | None = None


class SearchSource(Protocol):
    """`search(actor, q, limit)` over the room's own visible rows."""

    def __call__(self, actor: Actor, q: str, limit: int) -> Sequence[SearchHit]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A module as the house sees it. Leave out what it does not need."""

    name: str
    policies: str = (
        ""  # the module that registers who sees what, "preau.<room>.policies"; the kernel imports it at start
    )
    rail: tuple[RailEntry, ...] = ()
    routes: Ref = ""  # -> tuple[kernel.routes.Route, ...]
    native: Ref = ""  # -> Callable[[], list[starlette.routing.BaseRoute]]
    subscriptions: tuple[Subscription, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    processes: tuple[Process, ...] = ()
    checks: tuple[Check, ...] = ()
    commands: tuple[Command, ...] = ()
    settings: tuple[Setting, ...] = ()
    privacy: Ref = ""  # -> Callable[[], tuple[kernel.privacy.Holding, ...]]
    demo: Ref = ""  # -> Callable[[], None], run once per instance
    search: Ref = ""  # -> SearchSource
    traces: Ref = ""  # -> Callable[[Sequence[int]], set[int]]: those of these people who left rows in this room
    group_traces: Ref = ""  # -> the same for groups: an undone import keeps those that a room has used
    organisation_traces: Ref = ""  # -> the same for organisations
    providers: tuple[Provider, ...] = field(default=())


@cache
def load(ref: Ref) -> Any:
    """The object that "package.module:name" names."""
    module, _, name = ref.partition(":")
    return getattr(import_module(module), name)


@cache
def house() -> tuple[Room, ...]:
    """Every room, lower ones first, as `PREAU_ROOMS` lists them."""
    return tuple(cast(Room, load(f"{module}.room:room")) for module in settings.PREAU_ROOMS)


@cache
def providers(protocol: type[T]) -> tuple[T, ...]:
    """What rooms offer for `protocol`, lower rooms first. Empty when nobody does: the part is then not shown."""
    name = f"{protocol.__module__}:{protocol.__qualname__}"
    return tuple(
        cast(T, load(provider.implementation))
        for room in house()
        for provider in room.providers
        if _same(provider.protocol, name, protocol)
    )


def _same(ref: Ref, name: str, protocol: type[Any]) -> bool:
    # A room may name the protocol through the api.py that re-exports it.
    return ref == name or load(ref) is protocol


def declared(pick: Callable[[Room], Iterable[T]]) -> list[T]:
    """Flattens one field of all rooms: `declared(lambda room: room.schedules)`."""
    return [item for room in house() for item in pick(room)]


def loaded(pick: Callable[[Room], Ref]) -> list[tuple[Room, Any]]:
    """The rooms for which `pick` names something, with that thing."""
    return [(room, load(pick(room))) for room in house() if pick(room)]


room = Room(
    name="kernel",
    schedules=(
        Schedule(name="kernel.seal", job="preau.kernel.holdings:seal", every_minutes=60),
        Schedule(name="kernel.retain", job="preau.kernel.holdings:retain", at="02:30"),
        Schedule(name="kernel.tidy", job="preau.kernel.jobs:tidy", at="03:10"),
    ),
    checks=(
        Check(name="audit", run="preau.kernel.audit:check", help="la chaîne du journal des actes est entière"),
        Check(
            name="events",
            run="preau.kernel.dispatch:problems",
            help="chaque événement a été dit, aucune tâche n’a échoué",
        ),
    ),
    settings=(
        Setting(name="PREAU_NOW", default="", help="The moment at which the process starts to live (ISO 8601)."),
        Setting(name="PREAU_TIME_ZONE", default="Europe/Paris", help="The schools' time zone."),
    ),
    privacy="preau.kernel.holdings:holdings",
)
