"""A network of schools of any size, for measuring: nobody in it is anybody's picture."""

from __future__ import annotations

from datetime import date
from random import Random

from preau.directory.rosters.roster import AffiliationKind, EnrolmentRole, GroupKind, OrganisationKind, Roster

from .college import day_in
from .names import POOLS
from .sheet import Sheet, uai

_YEAR = 2026
_SCHOOL = 1000
_DIVISION = 28
_PUPILS_A_TEACHER = 15
_LEVELS = ("6e", "5e", "4e", "3e", "2de", "1re", "Tle")


def large(people: int, seed: int = 2026) -> Roster:
    """A complete roster of `people` persons, `people // 10` groups and `people * 6` enrolments.

    Schools hold up to 1,000 persons under one académie. 30,000 persons make 3,000 groups and 180,000 enrolments.
    Raises ValueError below 100 persons: fewer have too few groups to be enrolled six times each.
    """
    if people < 100:
        raise ValueError("a network has at least 100 people")
    sheet = Sheet(_YEAR)
    rng = Random(seed)
    sheet.organisation("net", "Académie de mesure", OrganisationKind.ACADEMIE)
    schools = -(-people // _SCHOOL)
    for index in range(schools):
        first, last = people * index // schools, people * (index + 1) // schools
        # Shares of a running total, so that rounding never adds up.
        _write_school(sheet, rng, index + 1, last - first, last // 10 - first // 10)
    return sheet.finished()


def _write_school(sheet: Sheet, rng: Random, number: int, people: int, groups: int) -> None:
    key = f"net-{number:03d}"
    sheet.organisation(key, f"Établissement {number}", OrganisationKind.SCHOOL, "net", uai(900000 + number))
    teachers = [f"{key}-t-{n:03d}" for n in range(1, people // (_PUPILS_A_TEACHER + 1) + 1)]
    pupils = [f"{key}-p-{n:04d}" for n in range(1, people - len(teachers) + 1)]
    for source_id in teachers:
        _write_person(sheet, rng, source_id, None)
        sheet.affiliation(source_id, key, AffiliationKind.TEACHER, "professeur")
    divisions = -(-len(pupils) // _DIVISION)
    for index, source_id in enumerate(pupils):
        year_of = index % divisions % len(_LEVELS)
        born = day_in(_YEAR - 11 - year_of, rng)
        _write_person(sheet, rng, source_id, born)
        sheet.affiliation(source_id, key, AffiliationKind.PUPIL, "élève", level=_LEVELS[year_of])
    for index in range(divisions):
        group_id = f"{key}-d-{index + 1:02d}"
        level = _LEVELS[index % len(_LEVELS)]
        sheet.group(group_id, key, GroupKind.DIVISION, f"{level} {index + 1}", f"D{index + 1:02d}", level=level)
        sheet.enrolment(teachers[index % len(teachers)], group_id, EnrolmentRole.LEAD)
        for source_id in pupils[index::divisions]:
            sheet.enrolment(source_id, group_id)
    others = groups - divisions
    for index in range(others):
        group_id = f"{key}-g-{index + 1:02d}"
        sheet.group(group_id, key, GroupKind.GROUP, f"Groupe {index + 1}", f"G{index + 1:02d}")
        sheet.enrolment(teachers[index % len(teachers)], group_id, EnrolmentRole.TEACHER)
    missing = 6 * people - len(pupils) - groups
    for turn in range(missing):
        pupil, round_of = turn % len(pupils), turn // len(pupils)
        # A stride of a sixth keeps the at most six groups of a pupil apart.
        group = (pupil + round_of * (others // 6)) % others
        sheet.enrolment(pupils[pupil], f"{key}-g-{group + 1:02d}")


def _write_person(sheet: Sheet, rng: Random, source_id: str, birth_date: date | None) -> None:
    pool = rng.choice(POOLS)
    given = rng.choice(pool.mothers + pool.fathers if birth_date is None else pool.children)
    sheet.person(
        source_id,
        given,
        rng.choice(pool.family),
        birth_date=birth_date,
        ine=sheet.ine() if birth_date else "",
    )
