"""The only clock. A lint rule forbids the others.

`PREAU_NOW` (ISO 8601, with offset) sets the moment at which the process starts; time then runs on from there, so the
demo and the tests can live in September. `moved` shifts it for a block of code.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_shift = dt.timedelta()


def _real_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def set_start(moment: dt.datetime | None) -> None:
    """Makes `moment` (aware) the present; None returns to the machine's time."""
    global _shift
    _shift = moment - _real_now() if moment else dt.timedelta()


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _real_now() + _shift


def local_now() -> dt.datetime:
    """The present moment in the schools' time zone (`PREAU_TIME_ZONE`, Europe/Paris unless set)."""
    return now().astimezone(zone())


def today() -> dt.date:
    """Today's date in the schools' time zone."""
    return local_now().date()


def zone() -> dt.tzinfo:
    """The schools' time zone."""
    name = os.environ.get("PREAU_TIME_ZONE")
    return ZoneInfo(name) if name else PARIS


def monotonic() -> float:
    """Seconds for measuring durations; unaffected by `PREAU_NOW`."""
    return time.monotonic()


def school_year(day: dt.date | None = None) -> int:
    """The civil year in which the school year of `day` starts: it turns on 1 August."""
    day = day or today()
    return day.year if day.month >= 8 else day.year - 1


@contextmanager
def moved(moment: dt.datetime) -> Iterator[None]:
    """Lives at `moment` for a block; the time before is taken up again after it."""
    global _shift
    before = _shift
    _shift = moment - _real_now()
    try:
        yield
    finally:
        _shift = before


if os.environ.get("PREAU_NOW"):
    set_start(dt.datetime.fromisoformat(os.environ["PREAU_NOW"]))
