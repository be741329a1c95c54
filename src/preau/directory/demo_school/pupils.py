"""The 612 pupils (and the one who left), with the households they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from .cast import HOUSEHOLDS, ROLES, Household, Role, pupil_id
from .college import DIVISION, DIVISIONS, LEVELS, Division, Pupil, birth_year, change_day, day_in
from .names import Namer, Pool

SIBLING_SETS = 95
SETS_OF_THREE = 6
_WITHOUT_INE = 5


@dataclass(slots=True)
class Home:
    """Pupils who live from the same family name. `written` is the household when it was written by hand."""

    pupils: list[Pupil]
    pool: Pool
    written: Household | None = None


@dataclass(slots=True)
class _Slot:
    source_id: str
    division: Division


def draw_pupils(rng: Random, namer: Namer, year: int) -> tuple[list[Pupil], list[Home]]:
    """All pupils of the collège, by division then as drawn, and the homes they belong to."""
    written = {role.source_id: _written_pupil(rng, role, year) for role in ROLES}
    homes = [
        _written_home([written[pupil_id(key)] for key in household.pupils], namer, household)
        for household in HOUSEHOLDS
    ]
    placed = {pupil.source_id for home in homes for pupil in home.pupils}
    homes += [_written_home([pupil], namer) for pupil in written.values() if pupil.source_id not in placed]
    homes += _drawn_homes(rng, namer, year, _free_slots(written))
    order = {division.code: index for index, division in enumerate(DIVISIONS)}
    pupils = sorted((pupil for home in homes for pupil in home.pupils), key=lambda p: order[p.division.code])
    _forget_ines(rng, [pupil for pupil in pupils if pupil.source_id not in written])
    return pupils, homes


def _written_pupil(rng: Random, role: Role, year: int) -> Pupil:
    division = DIVISION[role.division]
    born = birth_year(division.level, year)
    return Pupil(
        role.source_id,
        role.given,
        role.family,
        division,
        date(born, *role.born) if role.born else day_in(born, rng),
        role.has_ine,
        change_day(year) if role.arrives else None,
        change_day(year) if role.leaves else None,
    )


def _written_home(pupils: list[Pupil], namer: Namer, household: Household | None = None) -> Home:
    return Home(pupils, namer.pool_of(pupils[0].family), household)


def _free_slots(written: dict[str, Pupil]) -> list[_Slot]:
    slots: list[_Slot] = []
    for division in DIVISIONS:
        # Who left is not counted in the size of the division.
        taken = sum(1 for pupil in written.values() if pupil.division is division and pupil.ends is None)
        slots += [
            _Slot(pupil_id(f"{division.code}-{number:02d}"), division) for number in range(taken + 1, division.size + 1)
        ]
    return slots


def _drawn_homes(rng: Random, namer: Namer, year: int, slots: list[_Slot]) -> list[Home]:
    by_level = {level: [slot for slot in slots if slot.division.level == level] for level in LEVELS}
    for of_level in by_level.values():
        rng.shuffle(of_level)
    missing = SIBLING_SETS - sum(1 for household in HOUSEHOLDS if len(household.pupils) > 1)
    homes = []
    for index in range(missing):
        # Siblings are of different levels; the fullest first, so that no level runs dry.
        levels = sorted(LEVELS, key=lambda level: (-len(by_level[level]) * rng.uniform(0.7, 1.3), level))
        size = 3 if index < SETS_OF_THREE else 2
        homes.append(_drawn_home(rng, namer, year, [by_level[level].pop() for level in levels[:size]]))
    alone = {slot.source_id for of_level in by_level.values() for slot in of_level}
    homes += [_drawn_home(rng, namer, year, [slot]) for slot in slots if slot.source_id in alone]
    return homes


def _drawn_home(rng: Random, namer: Namer, year: int, slots: list[_Slot]) -> Home:
    pool = namer.pool()
    family = namer.family(pool)
    if len(slots) == 1:
        # One in twenty repeated a class or skipped one.
        shifts = rng.choices((0, -1, 1), (95, 4, 1))
        days = [day_in(birth_year(slots[0].division.level, year) + shifts[0], rng)]
    else:
        slots.sort(key=lambda slot: -LEVELS.index(slot.division.level))
        days = _sibling_days(rng, [birth_year(slot.division.level, year) for slot in slots])
    return Home(
        [
            Pupil(slot.source_id, namer.child(pool, family), family, slot.division, day)
            for slot, day in zip(slots, days, strict=True)
        ],
        pool,
    )


def _sibling_days(rng: Random, years: list[int]) -> list[date]:
    """Days of birth in these years, eldest first, more than 300 days apart."""
    days = [day_in(years[0], rng)]
    for year in years[1:]:
        elder = days[-1]
        # Counted without leap years, so that the draw goes the same way in every school year.
        since = elder.replace(year=2001).timetuple().tm_yday - 1 - 365 * (year - elder.year)
        days.append(day_in(year, rng, max(0, since + 301)))
    return days


def _forget_ines(rng: Random, drawn: list[Pupil]) -> None:
    for pupil in rng.sample(drawn, _WITHOUT_INE):
        pupil.has_ine = False
