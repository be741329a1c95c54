"""What this instance says of itself, on the pages that the law wants and in the settings."""

from __future__ import annotations

from dataclasses import fields

from preau.directory.api import Organisation
from preau.home.models import InstanceFact
from preau.ui.api import Facts

NAMES = tuple(field.name for field in fields(Facts))
SEVERAL = "processors"  # one a line
LONGEST = 500


def first_school() -> Organisation | None:
    """The school that this instance was opened for; it answers for the instance."""
    return Organisation.objects.filter(kind="school", closed_on=None).order_by("pk").first()


def written() -> dict[str, str]:
    """What people wrote, by name; what nobody wrote is not there."""
    return dict(InstanceFact.objects.values_list("name", "value"))


def instance_facts() -> Facts:
    """See `ui.InstanceFacts`. The instance bears its first school's name until somebody writes another."""
    said = written()
    if not said.get("organisation"):
        school = first_school()
        said["organisation"] = school.name if school else ""
    several = tuple(said.pop(SEVERAL, "").splitlines())
    return Facts(**said, processors=several)
