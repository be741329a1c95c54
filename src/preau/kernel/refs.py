"""Soft references to people: the kernel and logs keep a person's key without a foreign key to their table."""

from __future__ import annotations

from typing import Any

from django.db import models


class PersonRef(models.BigIntegerField[Any, Any]):
    """A person's primary key, kept after the person is gone. Privacy declarations must cover each of these."""
