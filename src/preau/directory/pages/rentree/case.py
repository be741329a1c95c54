"""One import as its pages find it: the row where there is one, the files and choices where they are still there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from preau.directory.actions.importing import WAITING
from preau.directory.imports import deposits
from preau.directory.imports.deposits import Deposit
from preau.directory.models import Import
from preau.directory.models.importing import ImportState
from preau.kernel.actor import Actor
from preau.kernel.policy import visible
from preau.kernel.routes import HouseRequest

# A bigint has 19; thousands of digits would not even be a number.
KEY_DIGITS = 18


@dataclass(slots=True)
class Case:
    """At least one of the two is there. `busy`: a job of it waits or runs."""

    uuid: UUID
    of: Import | None
    deposit: Deposit | None
    busy: bool

    @property
    def state(self) -> str:
        """The row's; "" before the first simulation."""
        return self.of.state if self.of else ""

    @property
    def is_applying(self) -> bool:
        """Whether it is being written."""
        return self.state == ImportState.APPLYING

    @property
    def waits(self) -> bool:
        """Whether it may be simulated and applied."""
        return self.state in ("", *WAITING)

    @property
    def has_files(self) -> bool:
        """Whether the uploaded files are still there."""
        return self.deposit is not None and deposits.has_files(self.uuid)

    @property
    def label(self) -> str:
        """The files' name."""
        if self.of is not None:
            return self.of.file_name
        return self.deposit.label if self.deposit else ""


def find(request: HouseRequest, uuid: UUID) -> Case:
    """The import of the actor's school, or 404: another's does not exist for them."""
    of = visible(
        request.actor, Import.objects.filter(uuid=uuid).select_related("organisation", "source__place")
    ).first()
    deposit = deposits.load(uuid)
    if deposit is not None and not is_of_school(request.actor, deposit):
        deposit = None
    if of is None and (deposit is None or deposit.import_id):
        raise Http404
    return Case(uuid, of, deposit, deposit is not None and deposits.is_job_due(uuid))


def is_of_school(actor: Actor, deposit: Deposit) -> bool:
    """Whether the files were given for the school whose hat the actor wears."""
    return actor.hat is not None and deposit.organisation_id == actor.hat.organisation_id


def key_of(given: str) -> int:
    """A row's key as a form gives it; 0, which no row has, for anything else."""
    return int(given) if given.isdecimal() and len(given) <= KEY_DIGITS else 0
