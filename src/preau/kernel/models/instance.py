"""What this instance has already done once."""

from __future__ import annotations

from django.db import models


class DemoRun(models.Model):
    """A room's demo content was made on this instance."""

    room = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()


class ScheduleMark(models.Model):
    """A scheduled job was enqueued for that moment: late is possible, never or twice is not."""

    name = models.CharField(max_length=80)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="kernel_schedule_once")]
