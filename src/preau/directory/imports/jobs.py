"""What the worker does for imports: simulate and apply large sets, forget old deposits, settle what died."""

from __future__ import annotations

from uuid import UUID

from preau.directory.actions.importing import WAITING
from preau.directory.imports import deposits, uploaded
from preau.directory.imports.running import beating, settle_interrupted
from preau.directory.models import Import
from preau.directory.models.importing import ImportState
from preau.kernel import clock
from preau.kernel.jobs import job


@job(attempts=3)
def simulate_deposit(*, uuid: str) -> None:
    """Simulates an upload; again is the same. It is forgotten when its giver may no longer import."""
    deposit = deposits.load(UUID(uuid))
    if deposit is None or not deposits.has_files(deposit.uuid):
        return
    if Import.objects.filter(uuid=uuid).exclude(state__in=WAITING).exists():
        return
    actor = uploaded.actor_of(deposit)
    if actor is None:
        deposits.forget(deposit.uuid)
        return
    deposit.failed = True  # until it is done: a page that finds no job any more says so
    deposits.save(deposit)
    with beating(deposit.uuid):
        uploaded.simulate(actor, deposit)


@job(attempts=3)
def apply_deposit(*, uuid: str, accept_exodus: bool) -> None:
    """Applies an import that was begun; one that is done is left alone."""
    deposit = deposits.load(UUID(uuid))
    of = Import.objects.filter(uuid=uuid).first()
    if deposit is not None and of is not None:
        uploaded.apply(of, deposit, accept_exodus=accept_exodus)


@job()
def clean() -> None:
    """Uploads that nobody applied go after a day; what is being applied stays."""
    limit = clock.now() - deposits.KEEP_UNUSED
    under_way = set(Import.objects.filter(state=ImportState.APPLYING).values_list("uuid", flat=True))
    for deposit in deposits.deposits():
        if deposit.created_at < limit and deposit.uuid not in under_way:
            deposits.forget(deposit.uuid)


@job()
def settle() -> None:
    """Imports whose program died in the middle are marked: nothing of them was written."""
    settle_interrupted()
