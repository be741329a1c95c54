"""One-use codes: the way in for somebody who has no password, or no longer."""

from __future__ import annotations

from django.db import models

from preau.directory.api import Person


class CodePurpose(models.TextChoices):
    """First sign-in; a reset by a teacher or an administrator; the machine owner's `preau user code`."""

    FIRST = "first"
    RESET = "reset"
    ADMIN = "admin"


class OneUseCode(models.Model):
    """A code that opens the choice of a password, once, until `expires_at`. `hash`: see `signin.codes`.

    A person has one live code at most: making another removes it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="one_use_codes")
    purpose = models.CharField(max_length=6, choices=CodePurpose.choices)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="signin_one_live_code", condition=models.Q(used_at__isnull=True)
            )
        ]
