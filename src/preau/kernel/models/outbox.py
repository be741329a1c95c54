"""Events waiting to be told. See `kernel.events`."""

from __future__ import annotations

from django.db import models


class OutboxEvent(models.Model):
    """A committed event. `dispatched_at` is empty until one job per subscriber was enqueued."""

    name = models.CharField(max_length=100)
    at = models.DateTimeField()
    payload = models.JSONField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="kernel_outbox_waiting", condition=models.Q(dispatched_at__isnull=True)),
            models.Index(fields=["dispatched_at"], name="kernel_outbox_done"),
        ]
