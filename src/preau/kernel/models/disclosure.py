"""Who was shown whose record, for what. See `kernel.disclosures`."""

from __future__ import annotations

from django.db import models

from preau.kernel.refs import PersonRef


class Disclosure(models.Model):
    """One viewer, one person shown, one purpose, one day: a page opened ten times that day is one row."""

    day = models.DateField()
    viewer = PersonRef()
    viewer_role = models.CharField(max_length=16, blank=True)
    subject = PersonRef(db_index=True)
    purpose = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "viewer", "day", "purpose", "viewer_role"], name="kernel_disclosure_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["day"], name="kernel_disclosure_day")]
