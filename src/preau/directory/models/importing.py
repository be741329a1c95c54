"""Imports: what came in, what it changed, what was refused. Kept 30 days after apply."""

from __future__ import annotations

from django.db import models

from preau.directory.models.organisation import Organisation
from preau.kernel.db import uuid7
from preau.kernel.refs import PersonRef


class ImportState(models.TextChoices):
    """`applying` with no progress after a restart means: nothing was written (one transaction), try again."""

    SIMULATED = "simulated"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    UNDONE = "undone"


class Import(models.Model):
    """One set of files, from simulation to undo."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="imports")
    source = models.ForeignKey("directory.Source", null=True, on_delete=models.SET_NULL, related_name="imports")
    format = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    school_year = models.PositiveSmallIntegerField(null=True)
    complete = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    failure = models.CharField(max_length=80, blank=True)
    by = PersonRef(null=True)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    changed_something = models.BooleanField(default=False)


class ChangeOperation(models.TextChoices):
    """Creations are not listed: each created row carries `created_by_import`."""

    UPDATE = "update"
    DEPARTURE = "departure"


class ImportChange(models.Model):
    """An update or departure, with the fields it changed before and after, for the undo and for subscribers."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    operation = models.CharField(max_length=10, choices=ChangeOperation.choices)
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField()


class RejectedState(models.TextChoices):
    """Rows wait until corrected, dropped, or 30 days."""

    WAITING = "waiting"
    CORRECTED = "corrected"
    DROPPED = "dropped"


class RejectedRow(models.Model):
    """A row that was not taken: as parsed fields (no password), with its reason."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejected")
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RejectedState.choices, default=RejectedState.WAITING)
