"""Writes that are nobody's decision: when a session was last seen, and attempts that failed.

A sign-in that succeeds is an act of the person and goes through an action; a wrong password is nobody's act.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.signin.models import Outcome, Session, SignInLog

SEEN_EVERY = dt.timedelta(minutes=5)
# A session ends after so long without a visit, and in any case after so long.
IDLE = dt.timedelta(days=14)
LONGEST = dt.timedelta(days=90)
# Attempts on usernames that nobody has are noted to show an attack, for which so many are enough.
NOBODYS_AN_HOUR = 1_000
HOUR = dt.timedelta(hours=1)


def end_of(created_at: dt.datetime, last_seen_at: dt.datetime) -> dt.datetime:
    """When a session ends if nobody comes any more."""
    return min(last_seen_at + IDLE, created_at + LONGEST)


def note_visit(session: Session) -> None:
    """Notes that the session was used, at most every five minutes."""
    moment = clock.now()
    if moment - session.last_seen_at < SEEN_EVERY:
        return
    with transaction.atomic(), machinery("signin"):
        # The condition lets one of several requests at once write it.
        Session.objects.filter(pk=session.pk, last_seen_at=session.last_seen_at).update(
            last_seen_at=moment, ends_at=end_of(session.created_at, moment)
        )


def note_failure(person_id: int | None, outcome: Outcome) -> None:
    """Notes an attempt that failed. Nobody's username is noted too, so that no time tells who exists; not more than
    `NOBODYS_AN_HOUR` of them, so that inventing usernames fills no disk."""
    moment = clock.now()
    # Asked for everybody alike, for the same reason.
    of_nobody = SignInLog.objects.filter(person=None, at__gt=moment - HOUR)[:NOBODYS_AN_HOUR].count()
    if person_id is None and of_nobody >= NOBODYS_AN_HOUR:
        return
    with transaction.atomic(), machinery("signin"):
        SignInLog.objects.create(person_id=person_id, at=moment, outcome=outcome)
