"""What several tables of the directory share."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from preau.kernel import clock


def current(day: dt.date | None = None, prefix: str = "") -> Q:
    """Rows that hold on `day` (today unless given); `prefix` ("memberships__") reaches them through a relation."""
    day = day or clock.today()
    return (Q(**{f"{prefix}starts__isnull": True}) | Q(**{f"{prefix}starts__lte": day})) & (
        Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gt": day})
    )


class Dated(models.Model):
    """A row that holds from `starts` until the day before `ends`; where a file said it, which import and source."""

    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    source = models.ForeignKey("directory.Source", null=True, on_delete=models.PROTECT, related_name="+")
    created_by_import = models.ForeignKey("directory.Import", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        """Whether it holds today."""
        day = clock.today()
        return (self.starts is None or self.starts <= day) and (self.ends is None or self.ends > day)
