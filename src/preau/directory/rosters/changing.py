"""Changes to rows that exist, each with what it was before: applied by an import, given back by its undo."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import models

from preau.directory.models import (
    Affiliation,
    Group,
    Guardianship,
    Import,
    ImportChange,
    Membership,
    Organisation,
    Person,
    Subject,
    Teaching,
)
from preau.directory.models.importing import ChangeOperation
from preau.directory.models.person import PersonState, Suspension
from preau.directory.rosters.plan import Change, Plan
from preau.kernel import clock
from preau.kernel.db import batches
from preau.kernel.search import fold_words

BATCH = 2000
TABLES: dict[str, type[models.Model]] = {
    "organisation": Organisation,
    "person": Person,
    "affiliation": Affiliation,
    "group": Group,
    "membership": Membership,
    "subject": Subject,
    "teaching": Teaching,
    "guardianship": Guardianship,
}
PERSON_FOLDED = ("folded", "folded_legal")
_STATE = ("state", "suspension", "suspended_at")
_HERE: dict[str, Any] = {"state": PersonState.ACTIVE.value, "suspension": "", "suspended_at": None}


def change(of: Import, changes: Sequence[Change], operation: ChangeOperation) -> None:
    """Updates rows grouped by table and by the values they get, so that 600 departures are one statement."""
    alike: dict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(list)
    for row in changes:
        alike[row.table, tuple(sorted(row.after.items()))].append(row.pk)
    for (table, values), keys in alike.items():
        for batch in batches(keys, BATCH):
            TABLES[table]._default_manager.filter(pk__in=batch).update(**dict(values))
    for name, refold in REFOLDED.items():
        refold([row.pk for row in changes if row.table == name])
    _note(of, operation, [(row.table, row.pk, row.before, row.after) for row in changes])


def change_states(of: Import, plan: Plan) -> None:
    """Lets people back in, suspends those who left, closes the access the file closes."""
    moment = clock.now()
    back = Person.objects.filter(pk__in=plan.resume, suspension=Suspension.DEPARTURE)
    _change_state(of, back, _HERE, ChangeOperation.UPDATE)
    gone = {"state": PersonState.SUSPENDED.value, "suspension": Suspension.DEPARTURE.value, "suspended_at": moment}
    active = Person.objects.filter(pk__in=plan.suspend, state=PersonState.ACTIVE)
    _change_state(of, active, gone, ChangeOperation.DEPARTURE)
    closed = {**gone, "suspension": Suspension.DECISION.value}
    _change_state(of, Person.objects.filter(pk__in=plan.close_access), closed, ChangeOperation.UPDATE)


def _change_state(
    of: Import, people: models.QuerySet[Person], after: dict[str, Any], operation: ChangeOperation
) -> None:
    rows = list(people.order_by("pk").values("pk", *_STATE))
    for batch in batches([row["pk"] for row in rows], BATCH):
        Person.objects.filter(pk__in=batch).update(**after)
    _note(of, operation, [("person", row["pk"], {name: row[name] for name in _STATE}, after) for row in rows])


def _note(
    of: Import, operation: ChangeOperation, rows: Sequence[tuple[str, int, dict[str, Any], dict[str, Any]]]
) -> None:
    for batch in batches(rows, BATCH):
        ImportChange.objects.bulk_create(
            ImportChange(
                of=of,
                operation=operation,
                table=table,
                row_id=pk,
                before=jsonable(before),
                after=jsonable(after),
            )
            for table, pk, before, after in batch
        )


def jsonable(values: dict[str, Any]) -> dict[str, Any]:
    """Dates and moments as ISO 8601 text."""
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in values.items()}


def fold_person(person: Person) -> None:
    """Fills a person's search columns: what is shown of them, and what is in their record only."""
    person.folded = fold_words(person.shown_given_name, person.family_name, person.username)
    person.folded_legal = fold_words(person.given_name, person.source_username)


def _fold_group(group: Group) -> None:
    group.folded = fold_words(group.name, group.code)


def _fold_organisation(organisation: Organisation) -> None:
    organisation.folded = fold_words(organisation.name, organisation.uai)


def _refold(
    table: models.Manager[Any], fold: Callable[[Any], None], columns: Sequence[str], keys: Sequence[int]
) -> None:
    for batch in batches(keys, BATCH):
        rows = list(table.filter(pk__in=batch))
        for row in rows:
            fold(row)
        table.bulk_update(rows, columns, batch_size=500)


# Tables with search columns, and how to make them anew for the rows of these keys.
REFOLDED: dict[str, Callable[[Sequence[int]], None]] = {
    "person": partial(_refold, Person.objects, fold_person, PERSON_FOLDED),
    "group": partial(_refold, Group.objects, _fold_group, ("folded",)),
    "organisation": partial(_refold, Organisation.objects, _fold_organisation, ("folded",)),
}
