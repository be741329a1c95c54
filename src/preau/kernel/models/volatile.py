"""What may be lost: leases, progress, counters. On SQLite a file of its own, so an import's transaction blocks none."""

from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """The lease of a running job. Lost or expired: the reaper gives the job back."""

    task_id = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=64)
    lease_until = models.DateTimeField()


class Progress(models.Model):
    """How far a long work is, seen from outside its transaction. `total` 0 means not known yet."""

    key = models.CharField(max_length=80, primary_key=True)
    step = models.CharField(max_length=60)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()


class ThrottleMark(models.Model):
    """A counter in a window (attempts at signing in). Losing it forgives; it never lets a wrong secret in."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    window_ends_at = models.DateTimeField(db_index=True)
