"""Web sessions."""

from __future__ import annotations

from django.db import models

from preau.directory.api import Organisation, Person
from preau.kernel.actor import Role
from preau.kernel.db import uuid7


class Session(models.Model):
    """An open session of one browser, in one (school, role) at a time.

    `token_hash` is SHA-256 of the cookie's random token; `device` the same of the device cookie; `browser` the family
    in words ("Firefox, Debian"). No address is kept. An ended session is a removed row.
    """

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    strength = models.CharField(max_length=10)
    device = models.CharField(max_length=64)
    browser = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
