"""Who was shown whose record, for what: kept because *Mes données* and *qui a vu* read it.

A route that shows other people's records declares `discloses="<purpose>"`; its view adds the people it shows to
`request.disclosing`, and the house saves them once after the answer is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from preau.kernel import clock
from preau.kernel.actor import Actor
from preau.kernel.models import Disclosure

KEEP = dt.timedelta(days=365)


@dataclass(slots=True)
class Disclosing:
    """The people a page is about to show."""

    people: set[int] = field(default_factory=set)

    def add(self, person_ids: Iterable[int]) -> None:
        """Adds people shown by this page."""
        self.people.update(person_ids)


def save(actor: Actor, people: Iterable[int], *, purpose: str, route: str) -> None:
    """Writes one row per person shown, viewer, purpose and day; showing again the same day writes nothing."""
    from preau.kernel.actions import machinery

    shown = sorted(set(people) - {actor.id})
    if not shown or actor.id is None:
        return
    day, moment = clock.today(), clock.now()
    role = actor.hat.role.value if actor.hat else ""
    known = set(
        Disclosure.objects.filter(
            viewer=actor.id, day=day, purpose=purpose, viewer_role=role, subject__in=shown
        ).values_list("subject", flat=True)
    )
    new = [person for person in shown if person not in known]
    if not new:
        return
    with transaction.atomic(), machinery("disclosures"):
        Disclosure.objects.bulk_create(
            [
                Disclosure(
                    day=day,
                    viewer=actor.id,
                    viewer_role=role,
                    subject=person,
                    purpose=purpose,
                    route=route,
                    first_at=moment,
                )
                for person in new
            ],
            ignore_conflicts=True,
        )


def expire(before: dt.date) -> int:
    """Removes disclosures older than `before`."""
    from preau.kernel.actions import machinery

    with transaction.atomic(), machinery("disclosures"):
        return Disclosure.objects.filter(day__lt=before).delete()[0]
