"""What is past its time."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from preau.directory.api import PersonState
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.signin.models import OneUseCode, Session, SetupLink, SignInLog

LOG_KEEP = dt.timedelta(days=183)
# Attempts on names that are nobody's only show that somebody tries.
NOBODY_KEEP = dt.timedelta(days=7)


@action("signin.forget")
def forget(act: Act) -> int:
    """Removes sessions that ended or whose person is suspended, codes and links that ran out or were used, and the
    log after 6 months; returns how many rows."""
    act.authorised_by("retention")
    moment = clock.now()
    gone = sum(
        rows.delete()[0]
        for rows in (
            Session.objects.filter(Q(ends_at__lte=moment) | Q(person__state=PersonState.SUSPENDED)),
            OneUseCode.objects.filter(Q(expires_at__lte=moment) | Q(used_at__isnull=False)),
            SetupLink.objects.filter(Q(expires_at__lte=moment) | Q(used_at__isnull=False)),
            SignInLog.objects.filter(at__lt=moment - LOG_KEEP),
            SignInLog.objects.filter(person=None, at__lt=moment - NOBODY_KEEP),
        )
    )
    act.record(rows=gone)
    return gone


@action("signin.erase")
def erase(act: Act, person_id: int) -> int:
    """Removes a person's sessions, codes and log."""
    act.authorised_by("erasure")
    rows = (
        Session.objects.filter(person=person_id),
        OneUseCode.objects.filter(person=person_id),
        SignInLog.objects.filter(person=person_id),
    )
    gone = sum(each.delete()[0] for each in rows)
    act.record(subject=person_id, rows=gone)
    return gone
