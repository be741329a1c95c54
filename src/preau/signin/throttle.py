"""How many wrong secrets are looked at.

What is counted is an account as it was typed (so that nobody learns which exist), apart for each kind of secret, and
apart for each device that its owner has signed in from. Nothing is counted by network address: a class behind one
address is never locked out by one of its pupils. A stranger's failures thus make the account wait for strangers only.

After `TRIES` failures the account waits five minutes; after `TRIES_A_DAY` failures in a day, an hour each time. At the
very most that is 30 + 23 × 5 = 145 secrets a day for each account and kind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b

from django.db.models import F

from preau.kernel import clock
from preau.kernel.models import ThrottleMark

TRIES = 5
PAUSE = dt.timedelta(minutes=5)
TRIES_A_DAY = 30
LONG_PAUSE = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a secret may be looked at; if so, how many tries are left should it be wrong; if not, until when."""

    allowed: bool
    left: int
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Counter:
    """The failures of one account, kind of secret and (known) device."""

    key: str

    def take(self) -> Verdict:
        """Counts a try before its secret is looked at: a thousand at once are a thousand, not one."""
        day = _counted(f"{self.key}:day")
        pause = PAUSE if day < TRIES_A_DAY else LONG_PAUSE
        count, ends = _count(self.key, pause)
        allowed = count <= TRIES
        if allowed:
            _count(f"{self.key}:day", DAY)
        if count == TRIES:
            # The pause runs from the last try, not from the first.
            ends = clock.now() + pause
            ThrottleMark.objects.filter(key=self.key).update(window_ends_at=ends)
        return Verdict(allowed, max(0, TRIES - count), ends)

    def give_back(self) -> None:
        """The secret was right: that try is no failure. Earlier failures stay counted."""
        ThrottleMark.objects.filter(key__in=[self.key, f"{self.key}:day"], count__gt=0).update(count=F("count") - 1)


def counter(kind: str, username: str, device: str = "") -> Counter:
    """The counter of `username` as typed, for `kind` of secret; `device`: the hash of a device known to the account."""
    digest = blake2b(f"{kind}\0{username}\0{device}".encode(), digest_size=16).hexdigest()
    return Counter(f"signin:{digest}")


def _counted(key: str) -> int:
    live = ThrottleMark.objects.filter(key=key, window_ends_at__gt=clock.now())
    return live.values_list("count", flat=True).first() or 0


def _count(key: str, window: dt.timedelta) -> tuple[int, dt.datetime]:
    """Adds one to a counter whose window may have to begin; its count, and the end of its window."""
    moment = clock.now()
    live = ThrottleMark.objects.filter(key=key, window_ends_at__gt=moment)
    if not live.update(count=F("count") + 1):
        ends = moment + window
        ThrottleMark.objects.filter(key=key, window_ends_at__lte=moment).update(count=0, window_ends_at=ends)
        ThrottleMark.objects.bulk_create([ThrottleMark(key=key, count=0, window_ends_at=ends)], ignore_conflicts=True)
        live.update(count=F("count") + 1)
    mark = ThrottleMark.objects.get(key=key)
    return mark.count, mark.window_ends_at


def forget() -> int:
    """Removes counters whose window ended a day ago; returns how many."""
    return ThrottleMark.objects.filter(window_ends_at__lt=clock.now() - DAY).delete()[0]
