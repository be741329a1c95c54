"""Importing: a simulation is kept, applied once, undone within 30 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict

from preau.directory.events import RosterApplied, RosterUndone
from preau.directory.models import Import, Organisation
from preau.directory.models.importing import ImportState, RejectedRow, RejectedState
from preau.directory.organisations import root
from preau.directory.rosters.applying import Writer
from preau.directory.rosters.loading import load_state
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.planning import Choices, plan
from preau.directory.rosters.roster import Roster
from preau.directory.rosters.sources import find_source
from preau.directory.rosters.undoing import Kept, undo
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Conflict

UNDO_DAYS = 30


def make_plan(
    roster: Roster,
    *,
    school: Organisation | None,
    limited: bool,
    complete: bool,
    matches: dict[str, int] | None = None,
) -> Plan:
    """What importing `roster` now would do. Reads only. Raises `RosterRefused`."""
    source = find_source(roster, school)
    choices = Choices(
        today=clock.today(),
        school_year=clock.school_year(),
        complete=complete,
        school_id=school.pk if school else None,
        limited=limited,
        matches=matches or {},
    )
    return plan(roster, load_state(roster, source, school), choices)


def counts_of(made: Plan) -> dict[str, dict[str, int] | int]:
    """The figures shown and kept of a plan."""
    return {
        "people": asdict(made.people),
        "groups": asdict(made.groups),
        "memberships": asdict(made.memberships),
        "rejected": len(made.rejected),
        "ended_in_file": made.ended_in_file,
        "moves": len(made.moves),
        "exodus": len(made.exodus),
    }


@action("directory.simulate_import")
def simulate_import(
    act: Act,
    roster: Roster,
    *,
    organisation: Organisation,
    school: Organisation | None,
    limited: bool,
    complete: bool,
    file_name: str,
) -> tuple[Import, Plan]:
    """Plans, and keeps the figures, the refusals and the plan's digest; nothing of the directory is written."""
    act.require("import_roster", organisation)
    made = make_plan(roster, school=school, limited=limited, complete=complete)
    of = Import.objects.create(
        organisation=organisation,
        format=roster.format,
        file_name=file_name[:200],
        school_year=made.school_year,
        complete=complete,
        state=ImportState.SIMULATED,
        digest=made.digest(),
        counts=counts_of(made),
        warnings=[asdict(notice) for notice in made.notices],
        by=act.actor.id,
        created_at=clock.now(),
    )
    RejectedRow.objects.bulk_create(
        RejectedRow(
            of=of,
            file=row.origin.file,
            line=row.origin.line,
            reason=row.reason,
            details=row.details,
            fields=row.fields,
        )
        for row in made.rejected
    )
    act.record(target=of, organisation_id=organisation.pk, format=roster.format, rows=roster.rows_read)
    return of, made


@action("directory.apply_import")
def apply_import(
    act: Act,
    of: Import,
    roster: Roster,
    *,
    school: Organisation | None,
    limited: bool,
    accept_exodus: bool,
    report: Callable[[str, int, int], None],
) -> Plan:
    """Plans again and writes everything in this transaction.

    Raises `Conflict` when the plan is no longer the one that was shown, when it was applied already, or when many
    would depart and nobody accepted that.
    """
    place = _place_of(of)
    act.require("import_roster", place)
    # One import at a time: the root's row is the lock (SQLite's transaction already is one).
    Organisation.objects.select_for_update().get(pk=root().pk)
    taken = Import.objects.filter(pk=of.pk, state__in=[ImportState.SIMULATED, ImportState.APPLYING]).update(
        state=ImportState.APPLYING
    )
    if not taken:
        raise Conflict("import_already_applied")
    source = find_source(roster, school)
    report("planning", 0, 0)
    made = make_plan(roster, school=school, limited=limited, complete=of.complete)
    if made.digest() != of.digest:
        raise Conflict("import_changed_meanwhile")
    if made.exodus and not accept_exodus:
        raise Conflict("import_needs_second_yes")
    of.source = Writer(made, of, place, report).write(source)
    of.state = ImportState.APPLIED
    of.applied_at = clock.now()
    of.changed_something = made.writes > 0
    of.save(update_fields=["source", "state", "applied_at", "changed_something"])
    act.record(target=of, organisation_id=place.pk, digest=of.digest, counts=of.counts)
    act.emit(RosterApplied(import_id=of.pk))
    return made


def _place_of(of: Import) -> Organisation:
    return of.organisation or root()


@action("directory.undo_import")
def undo_import(act: Act, of: Import) -> Kept:
    """Takes an import back, the last changing one first. Raises `Conflict` when it is not its turn or too old."""
    act.require("import_roster", _place_of(of))
    if of.state != ImportState.APPLIED or of.applied_at is None:
        raise Conflict("import_not_applied")
    if of.applied_at < clock.now() - dt.timedelta(days=UNDO_DAYS):
        raise Conflict("import_too_old_to_undo")
    later = Import.objects.filter(
        state=ImportState.APPLIED, changed_something=True, applied_at__gt=of.applied_at
    ).exclude(pk=of.pk)
    if of.source_id is not None:
        later = later.filter(source_id=of.source_id)
    if later.exists():
        raise Conflict("import_not_the_last")
    kept = undo(of)
    Import.objects.filter(pk=of.pk).update(
        state=ImportState.UNDONE, undone_at=clock.now(), warnings=[*of.warnings, *_kept_notices(kept)]
    )
    act.record(target=of, organisation_id=of.organisation_id, kept=len(kept.rows))
    act.emit(RosterUndone(import_id=of.pk))
    return kept


def _kept_notices(kept: Kept) -> list[dict[str, object]]:
    return [{"reason": "kept_by_undo", "details": {"what": what, "name": name}, "file": ""} for what, name in kept.rows]


@action("directory.fail_import")
def fail_import(act: Act, of: Import, *, reason: str) -> None:
    """Notes that an import could not be applied: nothing of it was written."""
    act.require("import_roster", _place_of(of))
    Import.objects.filter(pk=of.pk).exclude(state=ImportState.APPLIED).update(
        state=ImportState.FAILED, failure=reason[:80]
    )
    act.record(target=of, organisation_id=of.organisation_id, reason=reason)


@action("directory.drop_rejected_row")
def drop_rejected_row(act: Act, row: RejectedRow) -> None:
    """Leaves a refused row as it is: it no longer waits."""
    act.require("import_roster", _place_of(row.of))
    row.state = RejectedState.DROPPED
    row.save(update_fields=["state"])
    act.record(target=row, organisation_id=row.of.organisation_id)
