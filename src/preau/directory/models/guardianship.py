"""Guardians: who is responsible for a pupil, with which rights, decided by whom."""

from __future__ import annotations

from django.db import models

from preau.directory.models.base import Dated
from preau.directory.models.person import Person
from preau.kernel.db import uuid7


class Authority(models.TextChoices):
    """What the guardian may: everything a parent may; be informed (art. 373-2-1 of the Code civil); nothing."""

    EXERCISES = "exercises"
    INFORMED = "informed"
    NONE = "none"


class Guardianship(Dated):
    """One adult, one pupil. A file proposes; until direction decided (`decided_at`), the state is `none`.

    A person's decision survives imports. `remind_on` reminds; only a person lifts a restriction.
    """

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    guardian = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardianships")
    pupil = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardians")
    link = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=Authority.choices, default=Authority.NONE)
    proposed = models.CharField(max_length=10, choices=Authority.choices, blank=True)
    everyday_rights = models.BooleanField(default=False)
    nature = models.CharField(max_length=120, blank=True)
    remind_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guardian", "pupil"], name="directory_one_guardianship")]
