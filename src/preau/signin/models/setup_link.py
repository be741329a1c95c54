"""The link that opens a new school."""

from __future__ import annotations

from django.db import models


class SetupLink(models.Model):
    """`preau setup` prints the token; here is its SHA-256. Opens once, until `expires_at`."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
