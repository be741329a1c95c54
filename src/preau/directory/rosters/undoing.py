"""Takes an import back: created rows go, changed ones become what they were, later edits by hand stay and are listed.

People created by the import who have since signed in, written or been edited are suspended, not deleted. Everything
happens in the action's transaction: nothing is half-undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet

from preau.directory.models import (
    Affiliation,
    ExternalId,
    Grant,
    Group,
    Guardianship,
    Import,
    ImportChange,
    Membership,
    Organisation,
    Person,
    Source,
    Subject,
    Teaching,
)
from preau.directory.models.base import current
from preau.directory.models.person import PersonState, Suspension
from preau.directory.rosters.changing import BATCH, REFOLDED, TABLES, jsonable
from preau.kernel import clock
from preau.kernel.db import batches
from preau.kernel.room import Ref, Room, loaded


@dataclass(slots=True)
class Kept:
    """What the undo left alone, for people to read: (what, name) pairs; `untied`: people who remain, and lost with the
    import their only tie to a school."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    untied: list[int] = field(default_factory=list)


def undo(of: Import) -> Kept:
    """See the module. Call inside an action."""
    kept = Kept()
    changed = ImportChange.objects.filter(of=of, table="affiliation").values("row_id")
    ties = Affiliation.objects.filter(models.Q(created_by_import=of) | models.Q(pk__in=changed))
    tied = set(ties.values_list("person_id", "organisation_id"))
    _restore(of, kept)
    created = set(Person.objects.filter(created_by_import=of).values_list("pk", flat=True))
    stay = _used_by_rooms(created, lambda room: room.traces)
    _delete_rows(of, stay, kept)
    _delete_people(created - stay, kept)
    _suspend(stay, kept)
    kept.untied = _untied(tied)
    _delete_places(of, kept)
    return kept


def _restore(of: Import, kept: Kept) -> None:
    """Gives back the values before, field by field, where nobody changed them since."""
    for table, model in TABLES.items():
        changes = list(ImportChange.objects.filter(of=of, table=table).order_by("-pk"))
        rows = model._default_manager.in_bulk([change.row_id for change in changes])
        dirty: dict[int, tuple[models.Model, set[str]]] = {}
        for change in changes:
            row = rows.get(change.row_id)
            if row is None:
                continue
            fields = {name for name, after in change.after.items() if _json(getattr(row, name)) == after}
            for name in set(change.after) - fields:
                kept.rows.append((f"{table}.{name}", str(row)))
            for name in fields:
                setattr(row, name, _python(row, name, change.before[name]))
            dirty.setdefault(row.pk, (row, set()))[1].update(fields)
        _save(model, [entry for entry in dirty.values() if entry[1]])
        if table in REFOLDED:
            REFOLDED[table](sorted(dirty))


def _untied(were: set[tuple[int, int]]) -> list[int]:
    """Those of (person, organisation) who are still people, and no longer tied there."""
    found: set[int] = set()
    for batch in batches(sorted({person for person, _organisation in were}), BATCH):
        ties = Affiliation.objects.filter(current(), person__in=batch)
        still = set(ties.values_list("person_id", "organisation_id"))
        present = set(Person.objects.filter(pk__in=batch).values_list("pk", flat=True))
        found |= {person for person, place in were if person in present and (person, place) not in still}
    return sorted(found)


def _json(value: Any) -> Any:
    return jsonable({"": value})[""]


def _python(row: models.Model, name: str, value: Any) -> Any:
    if isinstance(value, str):
        field = row._meta.get_field(name)
        if isinstance(field, models.DateTimeField):
            return dt.datetime.fromisoformat(value)
        if isinstance(field, models.DateField):
            return dt.date.fromisoformat(value)
    return value


def _save(model: type[models.Model], dirty: Iterable[tuple[models.Model, set[str]]]) -> None:
    by_fields: dict[tuple[str, ...], list[models.Model]] = {}
    for row, fields in dirty:
        by_fields.setdefault(tuple(sorted(fields)), []).append(row)
    for names, rows in by_fields.items():
        model._default_manager.bulk_update(rows, list(names), batch_size=500)


def _used_by_rooms(keys: set[int], pick: Callable[[Room], Ref]) -> set[int]:
    """Those of `keys` that some room holds rows about, as each room's own traces tell."""
    used: set[int] = set()
    for _room, traces in loaded(pick):
        for batch in batches(sorted(keys - used), BATCH):
            used |= traces(batch)
    return used


def traces(people: Iterable[int]) -> set[int]:
    """The directory's own: edited by hand, given a power, put in a group or tied to a school by a person."""
    keys = list(people)
    by_hand: set[int] = set(Person.objects.filter(pk__in=keys, edited_at__isnull=False).values_list("pk", flat=True))
    for model in (Affiliation, Membership):
        by_hand |= set(
            model._default_manager.filter(person__in=keys, created_by_import=None).values_list("person_id", flat=True)
        )
    decided = Grant.objects.filter(person__in=keys).exclude(state="proposed")
    by_hand |= set(decided.values_list("person_id", flat=True))
    judged = Guardianship.objects.filter(decided_at__isnull=False)
    by_hand |= set(judged.filter(pupil__in=keys).values_list("pupil_id", flat=True))
    by_hand |= set(judged.filter(guardian__in=keys).values_list("guardian_id", flat=True))
    return by_hand


def _delete_rows(of: Import, stay: set[int], kept: Kept) -> None:
    """Rows the import created; those of a group people have since used, or a decision, stay."""
    Teaching.objects.filter(created_by_import=of).delete()
    Membership.objects.filter(created_by_import=of).delete()
    decided = Guardianship.objects.filter(created_by_import=of, decided_at__isnull=False)
    kept.rows += [
        ("guardianship", f"{row.guardian} / {row.pupil}") for row in decided.select_related("guardian", "pupil")
    ]
    Guardianship.objects.filter(created_by_import=of, decided_at__isnull=True).delete()
    Grant.objects.filter(created_by_import=of, state="proposed").delete()
    Affiliation.objects.filter(created_by_import=of).delete()
    created = set(Group.objects.filter(created_by_import=of).values_list("pk", flat=True))
    used = Group.objects.filter(created_by_import=of).filter(
        models.Q(memberships__isnull=False)
        | models.Q(teachings__isnull=False)
        | models.Q(grants__isnull=False)
        | models.Q(pk__in=_used_by_rooms(created, lambda room: room.group_traces))
    )
    kept_groups = {group.pk: group.name for group in used.distinct()}
    kept.rows += [("group", name) for name in kept_groups.values()]
    ids = ExternalId.objects.filter(created_by_import=of)
    # Whoever stays keeps their identifier, so that the same file finds them again.
    ids.exclude(person__in=stay).exclude(group__in=kept_groups).exclude(organisation__isnull=False).delete()
    Group.objects.filter(created_by_import=of).exclude(pk__in=kept_groups).delete()
    Subject.objects.filter(created_by_import=of, teachings__isnull=True).delete()


def _delete_people(people: set[int], kept: Kept) -> None:
    for batch in batches(sorted(people), BATCH):
        Person.objects.filter(pk__in=batch).delete()


def _suspend(people: set[int], kept: Kept) -> None:
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        kept.rows.append(("person", person.display_name))
    Person.objects.filter(pk__in=people, state=PersonState.ACTIVE).exclude(
        affiliations__created_by_import__isnull=True, affiliations__isnull=False
    ).update(state=PersonState.SUSPENDED, suspension=Suspension.DEPARTURE, suspended_at=clock.now())


def _delete_places(of: Import, kept: Kept) -> None:
    """The organisations and the source it created, deepest first, where nothing else came to hang on them."""
    organisations = list(Organisation.objects.filter(created_by_import=of).order_by("-path"))
    mine = ExternalId.objects.filter(created_by_import=of, organisation__isnull=False)
    source = Source.objects.filter(created_by_import=of).first()
    speaks = source is not None and _speaks(source, mine)
    places_of_sources = Source.objects.all() if source is None or speaks else Source.objects.exclude(pk=source.pk)
    stay: set[int] = set(places_of_sources.values_list("place", flat=True))
    stay |= _used_by_rooms({row.pk for row in organisations}, lambda room: room.organisation_traces)
    for organisation in organisations:
        if organisation.pk in stay or _is_used(organisation, organisations):
            # Whatever it hangs under stays with it.
            stay |= {organisation.pk, organisation.parent_id or 0}
            kept.rows.append(("organisation", organisation.name))
    if not speaks:
        # A source that still names somebody must still know the school.
        mine.exclude(organisation__in=[row for row in organisations if row.pk in stay]).delete()
    if source and not _speaks(source, ExternalId.objects.none()):
        Import.objects.filter(source=source).update(source=None)
        source.delete()
    for organisation in organisations:
        if organisation.pk not in stay:
            Import.objects.filter(organisation=organisation).update(organisation=None)
            organisation.delete()


def _speaks(source: Source, but: QuerySet[ExternalId]) -> bool:
    """Whether any row rests on this source, some of its identifiers not counted."""
    if ExternalId.objects.filter(source=source).exclude(pk__in=but.values("pk")).exists():
        return True
    return any(
        model._default_manager.filter(source=source).exists()
        for model in (Group, Affiliation, Membership, Teaching, Guardianship, Grant)
    )


def _is_used(organisation: Organisation, ours: list[Organisation]) -> bool:
    if organisation.children.exclude(pk__in=[other.pk for other in ours]).exists():
        return True
    related = ("affiliations", "grants", "groups", "subjects", "places", "holidays")
    return any(getattr(organisation, name).exists() for name in related)


__all__ = ["Kept", "traces", "undo"]
