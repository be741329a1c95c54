"""Collège Marie-Curie itself: its divisions, its year, and how a pupil of it is kept while the school is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .sheet import uai

COLLEGE = "mc"
ACADEMIE = "academie"
MINISTRY = "ministere"
PRIMARY = "lm"
ASSOCIATION = "canal"

COLLEGE_UAI = uai(999999)
PRIMARY_UAI = uai(999998)

LEVELS = ("6e", "5e", "4e", "3e")
LETTERS = "ABCDEF"

_SIZES = {
    "6e": (26, 25, 26, 26, 26, 25),
    "5e": (27, 25, 25, 26, 24, 25),
    "4e": (25, 25, 26, 26, 24, 25),
    "3e": (26, 25, 26, 26, 27, 25),
}


@dataclass(frozen=True, slots=True)
class Division:
    """A division: `code` as in "4C", `name` as in "4e C", `size` the number of pupils of a full year."""

    level: str
    letter: str
    size: int

    @property
    def code(self) -> str:
        return self.level[0] + self.letter

    @property
    def name(self) -> str:
        return f"{self.level} {self.letter}"

    @property
    def source_id(self) -> str:
        return f"{COLLEGE}-class-{self.code}"


DIVISIONS = tuple(
    Division(level, letter, size) for level in LEVELS for letter, size in zip(LETTERS, _SIZES[level], strict=True)
)
DIVISION = {division.code: division for division in DIVISIONS}


@dataclass(slots=True)
class Pupil:
    """A pupil of the collège. `starts` and `ends` are set only for who comes late or goes early."""

    source_id: str
    given: str
    family: str
    division: Division
    birth_date: date
    has_ine: bool = True
    starts: date | None = None
    ends: date | None = None


def school_year(today: date) -> int:
    """The civil year in which today's school year starts; from 1 August the coming year is today's."""
    return today.year if today.month >= 8 else today.year - 1


def change_day(year: int) -> date:
    """The first Monday from 7 September on: a pupil comes, and another is no longer there.

    Dates are half-open (an end is the first day without), so 612 pupils are there on any day.
    """
    seventh = date(year, 9, 7)
    return seventh + timedelta(days=-seventh.weekday() % 7)


def day_in(year: int, rng: Random, first: int = 0) -> date:
    """A drawn day of a year from its `first` (0 to 364) on, never 29 February: a draw is the same day in every year."""
    return (date(2001, 1, 1) + timedelta(days=rng.randrange(first, 365))).replace(year=year)


def birth_year(level: str, year: int) -> int:
    """The year of birth of a pupil who neither repeated nor skipped a class: eleven years before a 6e starts."""
    return year - 11 - LEVELS.index(level)
