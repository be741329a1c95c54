"""How many wrong secrets are looked at.

What is counted is an account as it was typed (so that nobody learns which exist), apart for each kind of secret, and
apart for each device that its owner has signed in from. Nothing is counted by network address: a class behind one
address is never locked out by one of its pupils. A stranger's failures thus make the account wait for strangers only.

After `TRIES` failures the account waits five minutes; after `TRIES_A_DAY` failures in a day, an hour each time. That
lets about 150 secrets a day be tried for each account and kind.

Usernames that nobody has share a fixed number of counters, so that inventing them fills no disk. Which share one is
keyed: nobody can choose names that meet, and filling them all takes more than a thousand tries a second all through a
pause.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b

from django.db.models import F

from preau.kernel import clock
from preau.kernel.keys import derive
from preau.kernel.models import ThrottleMark

TRIES = 5
PAUSE = dt.timedelta(minutes=5)
TRIES_A_DAY = 30
LONG_PAUSE = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
# Two bytes of a digest: how many counters the usernames that nobody has share, for each kind of secret.
_NOBODYS_BYTES = 2


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
        while True:
            moment = clock.now()
            marks = {
                key: (count, ends)
                for key, count, ends in ThrottleMark.objects.filter(key__in=[self.key, self._day]).values_list(
                    "key", "count", "window_ends_at"
                )
                if ends > moment
            }
            pause = PAUSE if marks.get(self._day, (0, moment))[0] < TRIES_A_DAY else LONG_PAUSE
            if self.key not in marks:
                _begin(self.key, moment, moment + pause)
                continue
            before, ends = marks[self.key]
            if before >= TRIES:
                return Verdict(False, 0, ends)
            count = before + 1
            if count == TRIES:
                # The pause runs from the last try, not from the first.
                ends = moment + pause
            # Whoever comes second finds another count than the one they read, and reads again.
            counted = ThrottleMark.objects.filter(key=self.key, count=before).update(count=count, window_ends_at=ends)
            if counted:
                return Verdict(True, TRIES - count, ends)

    def give_back(self) -> None:
        """The secret was right: that try is no failure. Earlier failures stay counted."""
        ThrottleMark.objects.filter(key=self.key, count__gt=0).update(count=F("count") - 1)

    def keep(self) -> None:
        """The secret was wrong: it counts for the day too."""
        moment = clock.now()
        day = ThrottleMark.objects.filter(key=self._day, window_ends_at__gt=moment)
        if not day.update(count=F("count") + 1):
            _begin(self._day, moment, moment + DAY)
            day.update(count=F("count") + 1)

    @property
    def _day(self) -> str:
        return f"{self.key}:day"


def counter(kind: str, username: str, device: str = "") -> Counter:
    """The counter of `username` as typed, for `kind` of secret; `device`: the hash of a device known to the account."""
    digest = blake2b(f"{kind}\0{username}\0{device}".encode(), digest_size=16).hexdigest()
    return Counter(f"signin:{digest}")


def counter_of_nobody(kind: str, username: str) -> Counter:
    """The counter of a username that nobody has, which some others share."""
    key = derive("signin.nobody")
    place = blake2b(f"{kind}\0{username}".encode(), digest_size=_NOBODYS_BYTES, key=key).hexdigest()
    return Counter(f"signin:nobody:{kind}:{place}")


def _begin(key: str, moment: dt.datetime, ends: dt.datetime) -> None:
    """Begins the window of a counter that has none, or whose window is over; of several at once, one does."""
    if not ThrottleMark.objects.filter(key=key, window_ends_at__lte=moment).update(count=0, window_ends_at=ends):
        ThrottleMark.objects.bulk_create([ThrottleMark(key=key, count=0, window_ends_at=ends)], ignore_conflicts=True)


def forget() -> int:
    """Removes counters whose window ended a day ago; returns how many."""
    return ThrottleMark.objects.filter(window_ends_at__lt=clock.now() - DAY).delete()[0]
