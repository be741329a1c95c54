"""The only way to write: authorise → validate → write → audit row → outbox rows, in one transaction.

    @action("directory.suspend_person")
    def suspend_person(act: Act, person: Person, *, reason: str) -> None:
        act.require("suspend", person)
        ...
        act.record(target=person, subject=person.pk, reason=reason)
        act.emit(PersonSuspended(person_id=person.pk))

    suspend_person(request.actor, person, reason="…")

An action that returns without `record` fails: nothing is done without a trace. One that writes before it authorised
fails too (the write guard sees it). Transactions do no network and no parsing: callers bring parsed values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connection, models, transaction

from preau.kernel import audit, policy
from preau.kernel import events as outbox
from preau.kernel.actor import Actor
from preau.kernel.events import Event

P = ParamSpec("P")
R = TypeVar("R")


class ActionBroken(Exception):
    """An action did not keep its own rules: a programming error."""


@dataclass(slots=True)
class Act:
    """One running action: who acts, and what will be written down of it."""

    actor: Actor
    verb: str
    authorised: str = ""
    entries: list[audit.Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def require(self, ability: str, obj: models.Model) -> None:
        """Raises `Refused` unless the actor may do that to `obj`."""
        policy.require(self.actor, ability, obj)
        self.authorised = ability

    def authorised_by(self, why: str) -> None:
        """For the few acts whose permission is no rule on an object: a one-use code, the person's own account."""
        self.authorised = why

    def record(
        self,
        *,
        target: models.Model | None = None,
        subject: int | None = None,
        organisation_id: int | None = None,
        **details: Any,
    ) -> None:
        """Writes the audit row at the end. `subject`: the person concerned. `details`: JSON, readable, erasable."""
        self.entries.append(
            audit.Entry(
                target_type=target._meta.label_lower if target is not None else "",
                target_id=target.pk if target is not None else None,
                subject=subject,
                organisation_id=organisation_id,
                details=details,
            )
        )

    def emit(self, event: Event) -> None:
        """Tells subscribers after the commit."""
        self.events.append(event)


_current: ContextVar[Act | None] = ContextVar("preau_action", default=None)
_machinery: ContextVar[str] = ContextVar("preau_machinery", default="")


def action(
    verb: str,
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Makes `f(act, …)` an action called as `f(actor, …)`. `verb` is "<module>.<name>", as the audit shows it."""

    def decorate(function: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(function)
        def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            act = Act(actor=actor, verb=verb)
            with transaction.atomic():
                token = _current.set(act)
                try:
                    result = function(act, *args, **kwargs)
                finally:
                    _current.reset(token)
                if not act.authorised:
                    raise ActionBroken(f"{verb} authorised nobody")
                if not act.entries:
                    raise ActionBroken(f"{verb} left no audit row")
                with machinery("actions"):
                    audit.write(actor, verb, act.entries)
                    outbox.write(act.events)
            return result

        run.verb = verb  # type: ignore[attr-defined]  # read by the contract tests
        return run  # type: ignore[return-value]  # wraps() hides the changed first parameter

    return decorate


@contextmanager
def machinery(name: str) -> Iterator[None]:
    """Writes that are nobody's decision: outbox claims, marks, last-seen times. The contract tests hold the closed
    list of callers."""
    token = _machinery.set(name)
    try:
        yield
    finally:
        _machinery.reset(token)


class WriteOutsideAction(Exception):
    """A row was written with no action open."""


_WRITE = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)\"?", re.IGNORECASE)
# Tables of libraries, written by them, and tables that may be lost.
_FREE_TABLES = frozenset(
    {
        "django_migrations",
        "django_tasks_database_dbtaskresult",
        "kernel_jobrun",
        "kernel_progress",
        "kernel_throttlemark",
    }
)


def _guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    match = _WRITE.match(sql)
    if match and match.group(1).lower() not in _FREE_TABLES and not _machinery.get():
        act = _current.get()
        if act is None:
            raise WriteOutsideAction(sql[:200])
        if not act.authorised:
            raise WriteOutsideAction(f"{act.verb} wrote before it authorised: {sql[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def guarded() -> Iterator[None]:
    """Fails any write of the default connection that no authorised action holds. The tests live inside it."""
    with connection.execute_wrapper(_guard):
        yield
