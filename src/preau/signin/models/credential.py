"""What a person proves themselves with."""

from __future__ import annotations

from django.db import models

from preau.directory.api import Person


class CredentialKind(models.TextChoices):
    """One kind so far; cards, passkeys and second factors come as kinds of their own."""

    PASSWORD = "password", "password"


class Credential(models.Model):
    """A person's password, as its Argon2id hash; `hash` is empty after a reset, until they choose another.

    `first_used_at` outlives resets: it is how the house knows that somebody has signed in once.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=10, choices=CredentialKind.choices)
    hash = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="signin_one_credential")]
