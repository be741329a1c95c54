"""What an uploaded set goes through for the school of whoever gave it: read, simulated, begun, applied.

The pages do it in the request where the set is small, the worker otherwise. A school's people touch their school alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext

from preau.directory.actions.importing import ImportConflict, begin_import, fail_import, simulate_import
from preau.directory.imports import deposits, listing
from preau.directory.imports.correcting import corrected_set, headers_of
from preau.directory.imports.deposits import Deposit, Refusal
from preau.directory.imports.running import beating, carry_out, name_school, progress_key, read_files
from preau.directory.models import Grant, Import, Organisation
from preau.directory.models.base import current
from preau.directory.models.importing import ImportState
from preau.directory.models.person import GrantState, PersonState
from preau.directory.rosters.roster import OrganisationKind, OrganisationRow, Roster, RosterRefused
from preau.kernel import clock, progress
from preau.kernel.actor import Actor, ActorKind, Hat, Role, system
from preau.kernel.errors import Conflict
from preau.kernel.jobs import enqueue
from preau.wire.errors import WireError

logger = logging.getLogger("preau.directory")

# Below, nobody waits long enough to be sent away and called back.
AT_ONCE_BYTES = 2_000_000
_ABOVE_SCHOOLS = frozenset({OrganisationKind.MINISTRY, OrganisationKind.ACADEMIE})


def actor_of(deposit: Deposit) -> Actor | None:
    """Whoever gave the files or the word to apply them, as they may act now; None when they no longer may."""
    grant = (
        Grant.objects.filter(
            current(),
            person=deposit.person_id,
            person__state=PersonState.ACTIVE,
            role=deposit.role,
            organisation=deposit.organisation_id,
            state=GrantState.GIVEN,
        )
        .select_related("person", "organisation")
        .first()
    )
    if grant is None:
        return None
    hat = Hat(role=Role(grant.role), organisation_id=grant.organisation_id, path=grant.organisation.path)
    return Actor(kind=ActorKind.PERSON, id=grant.person_id, uuid=grant.person.uuid, hats=(hat,))


def is_small(deposit: Deposit) -> bool:
    """Whether it is read while the person waits."""
    return sum(file.size for file in deposit.files) < AT_ONCE_BYTES


def roster_of(deposit: Deposit, school: Organisation) -> tuple[Roster, list[OrganisationRow]]:
    """The roster of the files, corrected, for that school; and every school they speak of. Raises `RosterRefused`."""
    path = deposits.files_of(deposit.uuid)
    if deposit.corrections:
        target = deposits.folder_of(deposit.uuid) / "corrected"
        try:
            path = corrected_set(path, deposit.corrections, target)
        except WireError as error:
            raise RosterRefused(error.code, **error.details) from error
    roster = read_files(path)
    schools = [row for row in roster.organisations if row.kind not in _ABOVE_SCHOOLS]
    if not roster.organisations:
        name_school(roster, school.uai)
    elif any(row.source_id == deposit.file_school for row in roster.organisations):
        # The others' rows are then of no school known here, and rejected for it.
        roster.organisations = [row for row in roster.organisations if row.source_id == deposit.file_school]
    return roster, schools


def simulate(actor: Actor, deposit: Deposit) -> None:
    """Reads and plans, and keeps what was seen. A refusal of the whole input is kept in the deposit."""
    school = Organisation.objects.get(pk=deposit.organisation_id)
    begun = clock.monotonic()
    deposit.refusal, deposit.failed = None, False
    schools: list[OrganisationRow] = []
    try:
        roster, schools = roster_of(deposit, school)
        of, plan = simulate_import(
            actor,
            roster,
            organisation=school,
            school=school,
            limited=True,
            complete=deposit.complete,
            file_name=deposit.label,
            matches=deposit.matches,
            of=Import.objects.filter(uuid=deposit.uuid).first(),
            uuid=deposit.uuid,
        )
    except RosterRefused as refused:
        deposit.refusal = Refusal(refused.reason, refused.details)
        listing.save(deposit.uuid, listing.only_schools(schools))
    else:
        path = deposits.files_of(deposit.uuid)
        headers = headers_of(path, {row.origin.file for row in plan.rejected if row.fields})
        listing.save(deposit.uuid, listing.make(roster, plan, schools, deposit.files, headers))
        deposit.import_id = of.pk
        deposit.rows_read = roster.rows_read
    deposit.seconds = clock.monotonic() - begun
    deposits.save(deposit)


def start(actor: Actor, deposit: Deposit) -> None:
    """Simulates at once where the set is small, else has the worker do it."""
    from preau.directory.imports.jobs import simulate_deposit

    if is_small(deposit):
        deposit.job_id = None
        simulate(actor, deposit)
        return
    progress.report(progress_key(deposit.uuid), "waiting")
    with transaction.atomic():
        deposit.job_id = enqueue(simulate_deposit, uuid=str(deposit.uuid))
        deposits.save(deposit)


def begin(actor: Actor, of: Import, deposit: Deposit, *, accept_exodus: bool) -> None:
    """Marks the import as under way and has the worker apply it, both or neither. Raises `ImportConflict`."""
    from preau.directory.imports.jobs import apply_deposit

    if not deposits.has_files(deposit.uuid):
        raise ImportConflict("import_files_gone")
    deposit.person_id, deposit.role = _decider(actor)
    progress.report(progress_key(deposit.uuid), "waiting")
    with transaction.atomic():
        begin_import(actor, of, accept_exodus=accept_exodus)
        deposit.job_id = enqueue(apply_deposit, uuid=str(deposit.uuid), accept_exodus=accept_exodus)
        deposits.save(deposit)


def _decider(actor: Actor) -> tuple[int, str]:
    if actor.id is None or actor.hat is None:
        raise Conflict(gettext("Un import se décide dans un établissement."))
    return actor.id, actor.hat.role.value


def apply(of: Import, deposit: Deposit, *, accept_exodus: bool) -> None:
    """Applies an import that was begun; a second call does nothing. One that cannot be is marked failed."""
    if not Import.objects.filter(pk=of.pk, state=ImportState.APPLYING).exists():
        return
    house = system("import")
    actor = actor_of(deposit)
    if actor is None:
        fail_import(house, of, reason="import_not_allowed")
        return
    if not deposits.has_files(deposit.uuid):
        fail_import(house, of, reason="import_files_gone")
        return
    school = Organisation.objects.get(pk=deposit.organisation_id)
    with beating(deposit.uuid) as beat, _marking_failure(house, of, deposit):
        try:
            roster, _schools = roster_of(deposit, school)
            carry_out(
                actor,
                of,
                roster,
                school=school,
                limited=True,
                accept_exodus=accept_exodus,
                beat=beat,
                matches=deposit.matches,
            )
        except RosterRefused:
            fail_import(house, of, reason="import_unreadable")
        except ImportConflict as conflict:
            logger.info("import not applied", extra={"import": str(of.uuid), "code": conflict.code})
        else:
            deposits.forget_files(deposit.uuid)


@contextmanager
def _marking_failure(house: Actor, of: Import, deposit: Deposit) -> Iterator[None]:
    """Whoever waits learns that a fault of the program stopped the import; the fault itself goes on to the log."""
    try:
        yield
    except Exception:
        fail_import(house, of, reason="import_failed")
        # The queue will try the job again, which then finds nothing to do: nobody waits for it.
        deposit.job_id = None
        deposits.save(deposit)
        raise
