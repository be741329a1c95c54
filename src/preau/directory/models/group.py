"""Groups, the anchor of every room; memberships, and what is taught."""

from __future__ import annotations

from django.db import models

from preau.directory.models.base import Dated
from preau.directory.models.organisation import Organisation
from preau.directory.models.person import Person
from preau.kernel.db import uuid7


class GroupKind(models.TextChoices):
    """Files make divisions and groups, the house makes school, team and guardians, people open the others."""

    DIVISION = "division"
    GROUP = "group"
    TEAM = "team"
    SCHOOL = "school"
    GUARDIANS = "guardians"
    OPEN = "open"


class MembershipRole(models.TextChoices):
    """`lead` is the main teacher of a division (professeur principal), or who keeps an open group."""

    LEARNER = "learner"
    TEACHER = "teacher"
    LEAD = "lead"


class Group(models.Model):
    """A division, group, team… of one school year. Sensitive ones (ULIS, UPE2A…) show to staff only."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="groups")
    school_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=GroupKind.choices)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=40, blank=True)
    is_sensitive = models.BooleanField(default=False)
    folded = models.TextField()
    closed_on = models.DateField(null=True)
    source = models.ForeignKey("directory.Source", null=True, on_delete=models.PROTECT, related_name="+")
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year", "kind", "code"], name="directory_group_code")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Dated):
    """A person in a group. Who may enter a space, a folder, a calendar is a query over these, at read time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=MembershipRole.choices)

    class Meta:
        indexes = [
            models.Index(fields=["group", "role", "person"], name="directory_membership_group"),
            models.Index(fields=["person", "role", "group"], name="directory_membership_person"),
        ]


class Subject(models.Model):
    """What is taught in a school, as its files call it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="subjects")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="directory_subject_code")]

    def __str__(self) -> str:
        return self.name


class Teaching(Dated):
    """A subject taught to a group by somebody (nobody yet: no teacher). A row, not a group."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="teachings")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="teachings")
    teacher = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="teachings")
