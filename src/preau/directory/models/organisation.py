"""Organisations and their places: ministry › académie › school, associations and other services beside."""

from __future__ import annotations

from django.db import models

from preau.kernel.db import uuid7

PATH_STEP = 4  # characters a level; 36^4 children each


class OrganisationKind(models.TextChoices):
    """Any kind can hold people. `instance` is the one root that everything hangs under."""

    INSTANCE = "instance"
    MINISTRY = "ministry"
    ACADEMIE = "academie"
    SCHOOL = "school"
    DEPARTMENT = "department"
    ASSOCIATION = "association"
    OTHER = "other"


class Stage(models.TextChoices):
    """What a school teaches: it decides density and *tu*."""

    NONE = ""
    PRIMARY = "primary"
    COLLEGE = "college"
    LYCEE = "lycee"


class Organisation(models.Model):
    """A node of the tree. `path` is materialised with a fixed width: a subtree is a range of it."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    name = models.CharField(max_length=200)
    uai = models.CharField(max_length=20, blank=True, db_index=True)
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True, default="")
    zone = models.CharField(max_length=1, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120, unique=True)
    folded = models.TextField()
    closed_on = models.DateField(null=True)
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], name="directory_one_root", condition=models.Q(kind=OrganisationKind.INSTANCE)
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlaceKind(models.TextChoices):
    """What can be booked or hold devices."""

    ROOM = "room"
    TROLLEY = "trolley"


class Place(models.Model):
    """Where lessons, devices and bookings meet: one table for the agenda and the devices."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="places")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=PlaceKind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="directory_place_code")]


class Holiday(models.Model):
    """Days without school, of a zone or of one organisation; half-open like every date here."""

    zone = models.CharField(max_length=1, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField()
