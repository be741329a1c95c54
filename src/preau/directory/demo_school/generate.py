"""The whole roster of the demo, written in the order in which a rectorat would: places, people, classes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from preau.directory.rosters.roster import AffiliationKind, EnrolmentRole, GroupKind, Roster

from .around import reserve_around, write_offices, write_organisations, write_primary, write_small_schools
from .cast import HOUSEHOLDS, ROLES
from .college import COLLEGE, DIVISIONS, Pupil, school_year
from .families import Family, draw_families, write_families
from .groups import Group, Groups
from .names import Namer
from .pupils import draw_pupils
from .services import SUBJECTS, Services, share_services, taught_to
from .sheet import Sheet
from .staff import LIBRARY, ULIS, reserve_staff, write_staff


@dataclass(slots=True)
class Drawn:
    """The collège before it is written down; what draws on continues with the same `rng` and `namer`."""

    rng: Random
    namer: Namer
    pupils: list[Pupil]
    families: list[Family]
    services: Services
    groups: list[Group]


def draw(year: int, seed: int) -> Drawn:
    """Draw the collège of the school year that starts in `year`."""
    rng = Random(seed)
    namer = Namer(rng)
    for role in ROLES:
        namer.reserve(role.given, role.family)
    for household in HOUSEHOLDS:
        for adult in household.adults:
            namer.reserve(adult.given, adult.family)
    reserve_staff(namer)
    reserve_around(namer)
    pupils, homes = draw_pupils(rng, namer, year)
    families = draw_families(rng, namer, homes)
    services = share_services()
    groups = Groups(rng, pupils, services).draw()
    return Drawn(rng, namer, pupils, families, services, groups)


def generate(today: date, seed: int = 2026) -> Roster:
    """The demo's roster in the school year of `today`: the same rows on every day of it for the same seed.

    From 1 August the year is the coming one. Dates of birth and of the two who come and go follow the year.
    """
    year = school_year(today)
    drawn = draw(year, seed)
    sheet = Sheet(year)
    write_organisations(sheet)
    write_offices(sheet)
    write_staff(sheet, {**SUBJECTS, ULIS: "ULIS", LIBRARY: "documentation"})
    _write_pupils(sheet, drawn.pupils)
    write_families(sheet, drawn.rng, drawn.families)
    _write_divisions(sheet, drawn.pupils, drawn.services)
    _write_groups(sheet, drawn.groups)
    write_primary(sheet, drawn.rng, drawn.namer)
    write_small_schools(sheet, drawn.rng, drawn.namer)
    return sheet.finished()


def _write_pupils(sheet: Sheet, pupils: list[Pupil]) -> None:
    for pupil in pupils:
        sheet.person(
            pupil.source_id,
            pupil.given,
            pupil.family,
            birth_date=pupil.birth_date,
            ine=sheet.ine() if pupil.has_ine else "",
        )
        sheet.affiliation(
            pupil.source_id,
            COLLEGE,
            AffiliationKind.PUPIL,
            "élève",
            level=pupil.division.level,
            starts=pupil.starts,
            ends=pupil.ends,
        )


def _write_divisions(sheet: Sheet, pupils: list[Pupil], services: Services) -> None:
    for division in DIVISIONS:
        members = [pupil for pupil in pupils if pupil.division is division]
        sheet.group(division.source_id, COLLEGE, GroupKind.DIVISION, division.name, division.code, level=division.level)
        sheet.enrolment(services.main_teacher[division.code].source_id, division.source_id, EnrolmentRole.LEAD)
        _enrol(sheet, division.source_id, members)
        for subject in taught_to(division):
            group_id = f"{division.source_id}-{subject}"
            name = SUBJECTS[subject]
            sheet.group(
                group_id,
                COLLEGE,
                GroupKind.GROUP,
                f"{name} {division.name}",
                f"{division.code}-{subject}",
                level=division.level,
                subject=(subject, name),
            )
            teacher = services.teacher_of[subject, division.code]
            sheet.enrolment(teacher.source_id, group_id, EnrolmentRole.TEACHER)
            _enrol(sheet, group_id, members)


def _write_groups(sheet: Sheet, groups: list[Group]) -> None:
    for group in groups:
        subject = (group.subject, SUBJECTS[group.subject]) if group.subject else ("", "")
        sheet.group(
            group.source_id, COLLEGE, GroupKind.GROUP, group.name, group.code, level=group.level, subject=subject
        )
        sheet.enrolment(group.teacher.source_id, group.source_id, EnrolmentRole.TEACHER)
        _enrol(sheet, group.source_id, group.pupils)


def _enrol(sheet: Sheet, group_id: str, pupils: list[Pupil]) -> None:
    for pupil in pupils:
        sheet.enrolment(pupil.source_id, group_id, starts=pupil.starts, ends=pupil.ends)
