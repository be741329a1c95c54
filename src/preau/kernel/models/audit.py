"""The audit: who did what, when, to what. See `kernel.audit`."""

from __future__ import annotations

from django.db import models

from preau.kernel.actor import ActorKind
from preau.kernel.refs import PersonRef


class AuditSegment(models.Model):
    """A sealed run of entries, chained to the one before. Whole segments expire; the chain starts at the oldest."""

    sealed_at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    # Unique: two sealers at once cannot fork the chain.
    previous_digest = models.BinaryField(max_length=32, unique=True)
    digest = models.BinaryField(max_length=32)


class AuditEntry(models.Model):
    """One action. Written unchained in the action's transaction; sealed later in batches.

    `digest` is SHA-256 over a salt and the readable details, so the details can be erased and the chain still holds.
    """

    uuid = models.UUIDField(unique=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor = PersonRef(null=True, db_index=True)
    actor_label = models.CharField(max_length=80, blank=True)
    actor_role = models.CharField(max_length=16, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True)
    subject = PersonRef(null=True, db_index=True)
    digest = models.BinaryField(max_length=32)
    segment = models.ForeignKey(AuditSegment, null=True, on_delete=models.PROTECT, related_name="rows")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="kernel_audit_unsealed", condition=models.Q(segment__isnull=True)),
            models.Index(fields=["target_type", "target_id"], name="kernel_audit_target"),
        ]


class AuditDetail(models.Model):
    """What an entry says in words; erasable by itself."""

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.CASCADE, related_name="detail")
    salt = models.BinaryField(max_length=16)
    details = models.JSONField()
