"""The demo: each room's content is made once per instance and recorded, so an older one gains a new room's.

The platform's own record, written before anything else, says that this instance is a demo: a load that was cut goes on
at the next start, and an instance with people of its own never becomes one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from django.contrib.auth import get_user_model
from django.db import transaction

from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.models import DemoRun
from preau.kernel.room import load, loaded, providers
from preau.kernel.worker import drain
from preau.platform import environment
from preau.platform.origin import is_loopback

_MARK = "platform"


class Account(NamedTuple):
    """Who can sign in to the demo. `who` is a French msgid: "Lina Nuñez, élève de 4e C"."""

    username: str
    password: str
    who: str


class Accounts(Protocol):
    """Answered by the room that gave them their passwords."""

    def __call__(self) -> Sequence[tuple[str, str, str]]: ...


class NotEmpty(Exception):
    """The instance has people of its own: the demo's, whose password everybody knows, stay out."""


def is_demo() -> bool:
    """Whether the demo was loaded here, at least in part."""
    return DemoRun.objects.filter(room=_MARK).exists()


def is_empty() -> bool:
    """Whether nobody is in this instance yet."""
    return not get_user_model()._default_manager.exists()


def may_listen(host: str) -> bool:
    """Whether a demo may listen on `host`: this machine's own addresses, or any with `PREAU_DEMO_PUBLIC=yes`."""
    return host == "localhost" or is_loopback(host) or environment.flag("PREAU_DEMO_PUBLIC")


def load_missing(say: Callable[[str], None]) -> int:
    """Makes what rooms have not made here yet; returns how many did. Raises `NotEmpty`."""
    if not is_demo():
        if not is_empty():
            raise NotEmpty
        _record(_MARK)
    count = 0
    for room, _make in loaded(lambda room: room.demo):
        if DemoRun.objects.filter(room=room.name).exists():
            continue
        say(room.name)
        load(room.demo)()
        drain()
        _record(room.name)
        count += 1
    return count


def accounts() -> list[Account]:
    """Everybody who can sign in, in the order in which rooms name them."""
    return [Account(*account) for offered in providers(Accounts) for account in offered()]


def _record(room: str) -> None:
    with transaction.atomic(), machinery("demo"):
        DemoRun.objects.create(room=room, at=clock.now())
