"""The audit trail: entries in the action's transaction, sealed into a hash chain later, verified at will.

A chain written inside the transaction would serialise every writer of the instance; a sealing job chains committed
rows in batches instead. The chained part holds ids, verb, time and a salted digest of the details, which stand beside
it and can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os import urandom
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from preau.kernel import clock
from preau.kernel.actor import Actor
from preau.kernel.db import uuid7
from preau.kernel.models import AuditDetail, AuditEntry, AuditSegment

SEAL_BATCH = 1000
_START = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to be written."""

    target_type: str = ""
    target_id: int | None = None
    subject: int | None = None
    organisation_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


def _details_digest(salt: bytes, details: dict[str, Any]) -> bytes:
    text = json.dumps(details, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(salt + text.encode()).digest()


def write(actor: Actor, verb: str, entries: Sequence[Entry]) -> None:
    """Inserts the entries of one action (two statements however many)."""
    moment = clock.now()
    hat = actor.hat
    salts = [urandom(16) for _ in entries]
    # Through JSON once, so that what is stored, hashed and read back are the same text.
    details = [json.loads(json.dumps(entry.details, cls=DjangoJSONEncoder)) for entry in entries]
    rows = AuditEntry.objects.bulk_create(
        AuditEntry(
            uuid=uuid7(),
            at=moment,
            verb=verb,
            actor_kind=actor.kind.value,
            actor=actor.id,
            actor_label=actor.label,
            actor_role=hat.role.value if hat else "",
            organisation_id=entry.organisation_id or (hat.organisation_id if hat else None),
            target_type=entry.target_type,
            target_id=entry.target_id,
            subject=entry.subject,
            digest=_details_digest(salt, detail),
        )
        for entry, salt, detail in zip(entries, salts, details, strict=True)
    )
    AuditDetail.objects.bulk_create(
        AuditDetail(entry=row, salt=salt, details=detail)
        for row, salt, detail in zip(rows, salts, details, strict=True)
    )


def _chain(previous: bytes, rows: Sequence[AuditEntry]) -> bytes:
    digest = hashlib.sha256(previous)
    for row in rows:
        digest.update(
            "|".join(
                str(part)
                for part in (
                    row.pk, row.uuid, row.at.timestamp(), row.verb, row.actor_kind, row.actor, row.actor_label,
                    row.actor_role, row.organisation_id, row.target_type, row.target_id, row.subject,
                )
            ).encode()
        )  # fmt: skip
        digest.update(bytes(row.digest))
    return digest.digest()


def seal() -> int:
    """Chains committed, unsealed entries in batches; returns how many were sealed.

    Two sealers at once are harmless: `previous_digest` is unique, so the second one's batch is rolled back.
    """
    sealed = 0
    while rows := _seal_batch():
        sealed += rows
    return sealed


def _seal_batch() -> int:
    from preau.kernel.actions import machinery

    try:
        with transaction.atomic(), machinery("audit"):
            rows = list(AuditEntry.objects.filter(segment__isnull=True).order_by("pk")[:SEAL_BATCH])
            if not rows:
                return 0
            last = AuditSegment.objects.order_by("-pk").first()
            previous = bytes(last.digest) if last else _START
            segment = AuditSegment.objects.create(
                sealed_at=clock.now(), entries=len(rows), previous_digest=previous, digest=_chain(previous, rows)
            )
            AuditEntry.objects.filter(pk__in=[row.pk for row in rows]).update(segment=segment)
            return len(rows)
    except IntegrityError:
        return 0


def problems() -> Iterator[str]:
    """What is wrong with the sealed chain and with readable details, one sentence each."""
    previous: bytes | None = None
    for segment in AuditSegment.objects.order_by("pk").iterator():
        rows = list(segment.rows.order_by("pk").select_related("detail"))
        if previous is not None and bytes(segment.previous_digest) != previous:
            yield f"audit: segment {segment.pk} does not follow the one before it"
        if len(rows) != segment.entries:
            yield f"audit: segment {segment.pk} holds {len(rows)} entries, {segment.entries} were sealed"
        if _chain(bytes(segment.previous_digest), rows) != bytes(segment.digest):
            yield f"audit: segment {segment.pk} was changed after it was sealed"
        for row in rows:
            detail = getattr(row, "detail", None)
            if detail and _details_digest(bytes(detail.salt), detail.details) != bytes(row.digest):
                yield f"audit: the details of entry {row.uuid} were changed"
        previous = bytes(segment.digest)


def check() -> list[str]:
    """`preau check audit`."""
    return list(problems())


def expire(before: Any) -> int:
    """Removes whole sealed segments whose entries are all older than `before`; returns the number of entries."""
    from preau.kernel.actions import machinery

    removed = 0
    for segment in AuditSegment.objects.order_by("pk"):
        if segment.rows.filter(at__gte=before).exists():
            break
        with transaction.atomic(), machinery("audit"):
            AuditDetail.objects.filter(entry__segment=segment).delete()
            removed += segment.rows.all().delete()[0]
            segment.delete()
    return removed
