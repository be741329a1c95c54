"""People, what they are to an organisation (from files), and the powers people gave them (grants)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q

from preau.directory.models.base import Dated
from preau.kernel import clock
from preau.kernel.actor import Role, Scope
from preau.kernel.db import uuid7


class PersonState(models.TextChoices):
    """A suspended person signs in nowhere and keeps everything."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Suspension(models.TextChoices):
    """Why: nobody needs them any more (a departure, lifted by a return) or somebody decided (lifted by a person)."""

    NONE = ""
    DEPARTURE = "departure"
    DECISION = "decision"


class Person(AbstractBaseUser):
    """Somebody. Credentials and sessions are sign-in's; powers are grants; schools are affiliations.

    `preferred_given_name` (prénom d'usage) outranks the roster everywhere inside and survives imports. `birth_date`
    is kept only where matching or age rules need it: pupils. `folded` finds the names that are shown;
    `folded_legal` the given name behind a preferred one and the file's username, for those who read records.
    """

    password = None  # type: ignore[assignment]  # credentials live in signin.Credential
    last_login = None  # sessions live in signin.Session

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    source_username = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    given_name = models.CharField(max_length=120, blank=True)
    preferred_given_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    folded = models.TextField()
    folded_legal = models.TextField(default="")
    state = models.CharField(max_length=10, choices=PersonState.choices, default=PersonState.ACTIVE)
    suspension = models.CharField(max_length=10, choices=Suspension.choices, blank=True, default="")
    suspended_at = models.DateTimeField(null=True)
    is_protected = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    density = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[models.Manager[Person]] = models.Manager()

    @property
    def shown_given_name(self) -> str:
        """The preferred given name where there is one."""
        return self.preferred_given_name or self.given_name

    @property
    def display_name(self) -> str:
        """ "Lina Nuñez"; the username where no name is known."""
        return f"{self.shown_given_name} {self.family_name}".strip() or self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a state here, a flag in the base class
        """Whether the person may sign in at all."""
        return self.state == PersonState.ACTIVE

    def __str__(self) -> str:
        return self.display_name

    def natural_key(self) -> tuple[Any, ...]:
        return (self.username,)


class AffiliationKind(models.TextChoices):
    """What a file can say somebody is; the role of the same name comes with it."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    STAFF = "staff"
    GUARDIAN = "guardian"
    TRAINER = "trainer"


class Affiliation(Dated):
    """A person's tie to an organisation. `label` is the file's own word (CPE, AESH…); `level` the pupil's grade."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="affiliations")
    kind = models.CharField(max_length=10, choices=AffiliationKind.choices)
    label = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind", "person"], name="directory_affiliation_org")]


class GrantState(models.TextChoices):
    """A file may only propose; a person gives, declines or ends."""

    PROPOSED = "proposed"
    GIVEN = "given"
    DECLINED = "declined"
    ENDED = "ended"


class Grant(Dated):
    """A power given by a person: a role in an organisation (or one of its groups), with dates, by whom and why."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    scope = models.CharField(max_length=8, choices=[(scope.value, scope.value) for scope in Scope], blank=True)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="grants")
    group = models.ForeignKey("directory.Group", null=True, on_delete=models.CASCADE, related_name="grants")
    state = models.CharField(max_length=10, choices=GrantState.choices)
    reason = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state"], name="directory_grant_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "organisation", "source"],
                name="directory_one_proposal",
                condition=Q(state="proposed"),
            )
        ]
