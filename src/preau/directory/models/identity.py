"""How other systems call the same people, groups and organisations, and the sources that said so."""

from __future__ import annotations

from django.db import models

from preau.directory.models.group import Group
from preau.directory.models.organisation import Organisation
from preau.directory.models.person import Person
from preau.kernel.db import uuid7


class Source(models.Model):
    """A system family speaking for a place: OneRoster for a collège, SDS for a district. Remembered."""

    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    family = models.CharField(max_length=20)
    place = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sources")
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Not unique: two districts whose files name several schools both speak for the instance's root.
        indexes = [models.Index(fields=["family", "place"], name="directory_source_place")]


class ExternalId(models.Model):
    """One identifier of a person, group or organisation in a system. Exactly one of the three is set.

    `value` is the identifier itself, or its keyed hash where the identifier is personal by law (INE): `sealed` then
    holds it encrypted.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="ids")
    kind = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    sealed = models.BinaryField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="external_ids")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="external_ids")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="external_ids")
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "value"], name="directory_external_id"),
            models.CheckConstraint(
                name="directory_external_id_one_target",
                condition=(
                    models.Q(person__isnull=False, group__isnull=True, organisation__isnull=True)
                    | models.Q(person__isnull=True, group__isnull=False, organisation__isnull=True)
                    | models.Q(person__isnull=True, group__isnull=True, organisation__isnull=False)
                ),
            ),
        ]


# Kinds of `ExternalId` that every family has; others are a file's own ("INE", "userMasterIdentifier").
PERSON_ID = "person"
GROUP_ID = "group"
ORGANISATION_ID = "organisation"
