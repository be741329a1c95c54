"""What the kernel keeps about people: the audit, the disclosures, events and jobs in flight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from preau.kernel import audit, clock, disclosures, jobs
from preau.kernel.actions import machinery
from preau.kernel.models import AuditDetail, AuditEntry, Disclosure
from preau.kernel.privacy import Holding
from preau.kernel.room import loaded

AUDIT_KEEP = dt.timedelta(days=365)


def _export_audit(person_id: int) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(subject=person_id).order_by("pk")
    return [{"at": row.at.isoformat(), "what": row.verb, "as": row.actor_role} for row in rows]


def _erase_audit(person_id: int) -> int:
    with transaction.atomic(), machinery("privacy"):
        return AuditDetail.objects.filter(entry__subject=person_id).delete()[0]


def _retain_audit() -> int:
    audit.seal()
    return audit.expire(clock.now() - AUDIT_KEEP)


def _export_disclosures(person_id: int) -> list[dict[str, Any]]:
    # The viewer's name is never given out: date, purpose and service only (docs/directory.md, who sees whom).
    rows = Disclosure.objects.filter(subject=person_id).order_by("day", "pk")
    return [{"day": row.day.isoformat(), "purpose": row.purpose, "as": row.viewer_role} for row in rows]


def _retain_disclosures() -> int:
    return disclosures.expire(clock.today() - disclosures.KEEP)


def holdings() -> tuple[Holding, ...]:
    """See `kernel.privacy`."""
    return (
        Holding(
            name="kernel.audit",
            title="Le journal des actes",
            purpose="Savoir qui a changé quoi, et pouvoir le prouver.",
            basis="6.1.e",
            keep="12 mois",
            covers=frozenset(
                {
                    "kernel.AuditEntry.actor",
                    "kernel.AuditEntry.subject",
                    "kernel.AuditDetail.details",
                    "kernel.OutboxEvent.payload",
                }
            ),
            export=_export_audit,
            erase=_erase_audit,
            retain=_retain_audit,
        ),
        Holding(
            name="kernel.disclosures",
            title="Qui a vu votre fiche",
            purpose="Dire à chacun quand et pourquoi sa fiche a été montrée.",
            basis="6.1.c",
            keep="12 mois",
            covers=frozenset({"kernel.Disclosure.viewer", "kernel.Disclosure.subject"}),
            export=_export_disclosures,
            retain=_retain_disclosures,
            kept_because="La trace de qui a vu quoi protège la personne vue ; elle part au bout de 12 mois.",
        ),
    )


@jobs.job()
def seal() -> None:
    """Chains the day's audit entries."""
    audit.seal()


@jobs.job()
def retain() -> None:
    """Every night: one job a holding, so that one that fails stops no other."""
    for _room, make in loaded(lambda room: room.privacy):
        for holding in make():
            if holding.retain:
                jobs.enqueue(retain_one, holding=holding.name)


@jobs.job()
def retain_one(*, holding: str) -> None:
    """Removes what is past its time in the holding of that name."""
    for _room, make in loaded(lambda room: room.privacy):
        for declared in make():
            if declared.name == holding and declared.retain:
                declared.retain()
