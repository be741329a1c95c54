"""Importing: a simulation is kept, applied once, undone within 30 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from preau.directory.events import RosterApplied, RosterUndone
from preau.directory.models import Affiliation, Grant, Import, Organisation, Person
from preau.directory.models.base import current
from preau.directory.models.importing import ImportState, RejectedRow, RejectedState
from preau.directory.models.organisation import PATH_STEP
from preau.directory.models.person import GrantState
from preau.directory.organisations import root
from preau.directory.policies import administers
from preau.directory.rosters.applying import Writer
from preau.directory.rosters.loading import load_state
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.planning import Choices, plan
from preau.directory.rosters.planning.context import is_open
from preau.directory.rosters.roster import Roster, RowKind
from preau.directory.rosters.sentences import FAILURES
from preau.directory.rosters.sources import find_source
from preau.directory.rosters.state import State
from preau.directory.rosters.undoing import Kept, undo
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.actor import Actor
from preau.kernel.db import batches, below, uuid7
from preau.kernel.errors import Conflict
from preau.kernel.policy import can

UNDO_DAYS = 30
WAITING = (ImportState.SIMULATED, ImportState.FAILED)


class ImportConflict(Conflict):
    """An import or its undo is not possible now. `code` is one of `sentences.FAILURES`; nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(gettext(FAILURES[code]))
        self.code = code


def make_plan(
    roster: Roster,
    *,
    school: Organisation | None,
    limited: bool,
    complete: bool,
    matches: Mapping[str, int] | None = None,
    actor: Actor,
) -> Plan:
    """What importing `roster` now would do for `actor`. Reads only. Raises `RosterRefused`."""
    source = find_source(roster, school)
    state = load_state(roster, source, school)
    choices = Choices(
        today=clock.today(),
        school_year=clock.school_year(),
        complete=complete,
        school_id=school.pk if school else None,
        limited=limited,
        matches=dict(matches or {}),
        untouchable=_untouchable(actor, roster, state, school, matches or {}) if limited and school else frozenset(),
    )
    return plan(roster, state, choices)


def _untouchable(
    actor: Actor, roster: Roster, state: State, school: Organisation, matches: Mapping[str, int]
) -> frozenset[int]:
    """People of the school whom the file speaks of, or would make leave, and `actor` may not edit or suspend."""
    if actor.is_system:
        return frozenset()
    named = {row.source_id for row in roster.people} | {row.person_id for row in roster.affiliations}
    named |= {row.ids[0] for row in roster.deleted if row.kind is RowKind.PERSON}
    concerned = {state.person_ids[source_id] for source_id in named if source_id in state.person_ids}
    concerned |= {*matches.values(), *state.official_ids.values()}
    here = {key for key, known in state.organisations.items() if known.path.startswith(school.path)}
    today = clock.today()
    concerned |= {
        person for (person, place, _kind), tie in state.ties.items() if place in here and is_open(tie.ends, today)
    }
    # Whoever is of another school alone is refused whole.
    concerned = {
        key for key in concerned & state.people.keys() if not (places := state.people[key].places) or places & here
    }
    # Rules are asked one person at a time: those whom every rule lets the school's own change are left out first.
    schools = [hat.organisation_id for hat in actor.hats if administers(actor, hat.organisation_id)]
    tied = Affiliation.objects.filter(current(), person=OuterRef("pk"), organisation__in=schools)
    powers = Grant.objects.filter(current(), person=OuterRef("pk"), state=GrantState.GIVEN)
    ordinary = Q(Exists(tied)) & ~Q(Exists(powers)) & Q(is_protected=False)
    return frozenset(
        person.pk
        for batch in batches(sorted(concerned))
        for person in Person.objects.filter(~ordinary, pk__in=batch)
        if not (can(actor, "edit", person) and can(actor, "suspend", person))
    )


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
        "writes": made.writes,
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
    matches: Mapping[str, int] | None = None,
    of: Import | None = None,
    uuid: UUID | None = None,
) -> tuple[Import, Plan]:
    """Plans, and keeps the figures, the refusals and the plan's digest; nothing of the directory is written.

    A new import takes the `uuid` of the deposit that it comes from. With `of`, an import that waits is simulated anew:
    other choices, corrected rows, or a directory that has changed.
    """
    act.require("import_roster", organisation)
    made = make_plan(roster, school=school, limited=limited, complete=complete, matches=matches, actor=act.actor)
    if of is None:
        of = Import(uuid=uuid or uuid7(), created_at=clock.now(), by=act.actor.id)
    elif not Import.objects.filter(pk=of.pk, state__in=WAITING).exists():
        raise ImportConflict("import_not_simulated")
    of.organisation = organisation
    of.format = roster.format
    of.file_name = file_name[:200]
    of.school_year = made.school_year
    of.complete = complete
    of.state = ImportState.SIMULATED
    of.failure = ""
    of.digest = made.digest()
    of.counts = counts_of(made)
    of.warnings = [asdict(notice) for notice in made.notices]
    of.save()
    RejectedRow.objects.filter(of=of).delete()
    RejectedRow.objects.bulk_create(
        RejectedRow(
            of=of,
            file=row.origin.file[:200],
            line=row.origin.line,
            reason=row.reason,
            details=row.details,
            fields=row.fields,
        )
        for row in made.rejected
    )
    act.record(target=of, organisation_id=organisation.pk, format=roster.format, rows=roster.rows_read)
    return of, made


@action("directory.begin_import")
def begin_import(act: Act, of: Import, *, accept_exodus: bool) -> None:
    """Marks a simulated import as under way, in a transaction of its own: whoever looks sees it, and a program that
    dies in the middle leaves this mark and nothing else. Raises `ImportConflict`."""
    act.require("import_roster", place_of(of))
    if of.counts.get("exodus") and not accept_exodus:
        raise ImportConflict("import_needs_second_yes")
    taken = Import.objects.filter(pk=of.pk, state=ImportState.SIMULATED).update(state=ImportState.APPLYING, failure="")
    if not taken:
        raise ImportConflict("import_not_simulated")
    of.state = ImportState.APPLYING
    act.record(target=of, organisation_id=of.organisation_id, accept_exodus=accept_exodus)


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
    matches: Mapping[str, int] | None = None,
) -> None:
    """Plans again and writes everything in this transaction; a simulation that would change nothing is only noted.

    Raises `ImportConflict` when the plan is no longer the one that was shown, when it was applied already, or when many
    would depart and nobody accepted that.
    """
    place = place_of(of)
    act.require("import_roster", place)
    # One import at a time: the root's row is the lock (SQLite's transaction already is one).
    Organisation.objects.select_for_update(no_key=True).get(pk=root().pk)
    taken = Import.objects.filter(pk=of.pk, state__in=[ImportState.SIMULATED, ImportState.APPLYING]).update(
        state=ImportState.APPLYING
    )
    if not taken:
        raise ImportConflict("import_already_applied")
    source = find_source(roster, school)
    of.source = source
    if of.counts["writes"]:
        report("planning", 0, 0)
        made = make_plan(roster, school=school, limited=limited, complete=of.complete, matches=matches, actor=act.actor)
        if made.digest() != of.digest:
            raise ImportConflict("import_changed_meanwhile")
        if made.exodus and not accept_exodus:
            raise ImportConflict("import_needs_second_yes")
        writer = Writer(made, of, place, report)
        of.source = writer.write(source)
        if not limited:
            # A school's own import stays the school's, even where the source speaks for more than it.
            of.organisation = writer.whose(of.source)
    of.state = ImportState.APPLIED
    of.failure = ""
    of.applied_at = clock.now()
    of.changed_something = of.counts["writes"] > 0
    of.save(update_fields=["source", "organisation", "state", "failure", "applied_at", "changed_something"])
    act.record(target=of, organisation_id=place.pk, digest=of.digest, counts=of.counts)
    act.emit(RosterApplied(import_id=of.pk))


def place_of(of: Import) -> Organisation:
    """The organisation whose people may decide about this import."""
    return of.organisation or root()


def undo_problem(of: Import) -> str:
    """Why an import cannot be taken back now, as a code of `sentences.FAILURES`; "" when it can."""
    if of.state != ImportState.APPLIED or of.applied_at is None:
        return "import_not_applied"
    if of.applied_at < clock.now() - dt.timedelta(days=UNDO_DAYS):
        return "import_too_old_to_undo"
    if not of.changed_something:
        return ""
    place = place_of(of)
    ancestors = [place.path[:end] for end in range(0, len(place.path) + 1, PATH_STEP)]
    same = below("organisation__path", place.path) | Q(organisation__path__in=ancestors) | Q(source=of.source_id)
    later = Import.objects.filter(same, state=ImportState.APPLIED, changed_something=True)
    # Two imports of one moment are told apart by their order.
    later = later.filter(Q(applied_at__gt=of.applied_at) | Q(applied_at=of.applied_at, pk__gt=of.pk))
    return "import_not_the_last" if later.exists() else ""


@action("directory.undo_import")
def undo_import(act: Act, of: Import) -> Kept:
    """Takes an import back, the last changing one first. Raises `ImportConflict` when it is not its turn or too old."""
    act.require("import_roster", place_of(of))
    Organisation.objects.select_for_update(no_key=True).get(pk=root().pk)
    of.refresh_from_db()
    problem = undo_problem(of)
    if problem:
        raise ImportConflict(problem)
    organisation_id = of.organisation_id
    kept = undo(of)
    Import.objects.filter(pk=of.pk).update(
        state=ImportState.UNDONE, undone_at=clock.now(), warnings=[*of.warnings, *_kept_notices(kept)]
    )
    act.record(target=of, organisation_id=organisation_id, kept=len(kept.rows))
    act.emit(RosterUndone(import_id=of.pk, untied=kept.untied))
    return kept


def _kept_notices(kept: Kept) -> list[dict[str, object]]:
    return [{"reason": "kept_by_undo", "details": {"what": what, "name": name}, "file": ""} for what, name in kept.rows]


@action("directory.fail_import")
def fail_import(act: Act, of: Import, *, reason: str) -> bool:
    """Notes that an import under way could not be applied: nothing of it was written. False when it was, after all."""
    act.require("import_roster", place_of(of))
    failed = Import.objects.filter(pk=of.pk, state=ImportState.APPLYING).update(
        state=ImportState.FAILED, failure=reason[:80]
    )
    act.record(target=of, organisation_id=of.organisation_id, reason=reason, failed=bool(failed))
    return bool(failed)


@action("directory.drop_rejected_row")
def drop_rejected_row(act: Act, row: RejectedRow) -> None:
    """Leaves a refused row as it is: it no longer waits."""
    act.require("import_roster", place_of(row.of))
    row.state = RejectedState.DROPPED
    row.save(update_fields=["state"])
    act.record(target=row, organisation_id=row.of.organisation_id)
