"""Who came in, and who tried to."""

from __future__ import annotations

from django.db import models

from preau.directory.api import Person


class Outcome(models.TextChoices):
    """How an attempt ended. Those made during a pause are not looked at, and not written down."""

    PASSWORD = "password", "password"
    CODE = "code"
    WRONG_PASSWORD = "wrong_password", "wrong password"
    WRONG_CODE = "wrong_code"
    SUSPENDED = "suspended"
    NO_ROLE = "no_role"


CAME_IN = (Outcome.PASSWORD, Outcome.CODE)


class SignInLog(models.Model):
    """One attempt. `person` is empty when the username was nobody's: what was typed is not kept.

    Successes remember the device cookie (SHA-256), so that a stranger's failures never lock out a device that its
    owner uses. Kept 6 months.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    device = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="signin_log_person"),
            models.Index(fields=["device"], name="signin_log_device"),
        ]
