"""What is past its time."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from preau.directory.api import PersonState
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Refused
from preau.signin.models import OneUseCode, Session, SetupLink, SignInLog

LOG_KEEP = dt.timedelta(days=183)
# Attempts on names that are nobody's only show that somebody tries.
NOBODY_KEEP = dt.timedelta(days=7)


@action("signin.forget")
def forget(act: Act) -> int:
    """Removes sessions that ended or whose person is suspended, codes and links that ran out or were used, and the
    log after 6 months; returns how many rows."""
    if not act.actor.is_system:
        raise Refused("forget")
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


@action("signin.erase_sessions")
def erase_sessions(act: Act, person_id: int) -> int:
    """Removes a person's sessions, which signs them out everywhere."""
    return _erase(act, person_id, Session.objects.filter(person=person_id))


@action("signin.erase_codes")
def erase_codes(act: Act, person_id: int) -> int:
    """Removes a person's one-use codes, and their name from those they made for others."""
    gone = _erase(act, person_id, OneUseCode.objects.filter(person=person_id))
    return gone + OneUseCode.objects.filter(made_by=person_id).update(made_by=None)


@action("signin.erase_log")
def erase_log(act: Act, person_id: int) -> int:
    """Removes what is known of a person's sign-ins; their devices are strangers again."""
    return _erase(act, person_id, SignInLog.objects.filter(person=person_id))


def _erase(act: Act, person_id: int, rows: QuerySet[Session] | QuerySet[OneUseCode] | QuerySet[SignInLog]) -> int:
    if not act.actor.is_system:
        raise Refused("erase")
    act.authorised_by("erasure")
    gone = rows.delete()[0]
    act.record(subject=person_id, rows=gone)
    return gone
