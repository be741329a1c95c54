"""The one table of this room."""

from __future__ import annotations

from django.db import models


class InstanceFact(models.Model):
    """A fact that the law wants said about this instance: a field of `ui.Facts` and what was written there."""

    name = models.CharField(max_length=40, unique=True)
    value = models.TextField()
