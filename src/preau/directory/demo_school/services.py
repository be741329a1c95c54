"""Who teaches what to which division, within plausible services, and who is the main teacher of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from .cast import staff_id
from .college import DIVISION, DIVISIONS, Division
from .staff import TEACHERS, Teacher

SUBJECTS = {
    "FRANC": "Français",
    "MATHS": "Maths",
    "AGL1": "Anglais",
    "HI-GE": "Histoire-géo",
    "SVT": "SVT",
    "TECHN": "Techno",
    "PH-CH": "Physique-chimie",
    "EPS": "EPS",
    "A-PLA": "Arts plastiques",
    "EDMUS": "Musique",
    "ESP2": "Espagnol",
    "ALL2": "Allemand",
    "ITA2": "Italien",
    "LCALA": "Latin",
    "LCAGR": "Grec",
}

# Hours a week of the teacher with the whole division; what is taught in half-groups or by need is counted with them.
_HOURS = {
    "FRANC": {"6e": 3.0, "5e": 4.5, "4e": 4.5, "3e": 4.0},
    "MATHS": {"6e": 3.0, "5e": 2.5, "4e": 3.5, "3e": 3.5},
    "AGL1": {"6e": 4.0, "5e": 3.0, "4e": 3.0, "3e": 3.0},
    "HI-GE": {"6e": 3.0, "5e": 3.0, "4e": 3.0, "3e": 3.5},
    "SVT": {"6e": 1.5, "5e": 0.5, "4e": 1.5, "3e": 1.5},
    # Since 2023 a 6e has no technology.
    "TECHN": {"5e": 1.5, "4e": 0.5, "3e": 0.5},
    "PH-CH": {"6e": 0.5, "5e": 1.5, "4e": 1.5, "3e": 1.5},
    "EPS": {"6e": 4.0, "5e": 3.0, "4e": 3.0, "3e": 3.0},
    "A-PLA": {"6e": 1.0, "5e": 1.0, "4e": 1.0, "3e": 1.0},
    "EDMUS": {"6e": 1.0, "5e": 1.0, "4e": 1.0, "3e": 1.0},
}

# The subject taught in half-groups at each level: an hour a week with each half.
HALVES = {"6e": "PH-CH", "5e": "SVT", "4e": "TECHN", "3e": "TECHN"}

_GIVEN: dict[str, dict[str, tuple[str, ...]]] = {
    "c-rives": {"FRANC": ("4C",)},
    "p-delorme": {"MATHS": ("4C", "4B", "6B")},
    "j-ferrand": {"AGL1": ("4C", "3F")},
    "j-carpentier": {"SVT": ("4C", "6D")},
    # Two Carpentiers and two Le Goff teach here; a pupil of the pictures has one of each.
    "f-aubry": {"PH-CH": ("4C",)},
    "h-besson": {"TECHN": ("3E",)},
    "n-oukili": {"TECHN": ("5A", "5D", "4C", "3B")},
    "yann-le-goff": {"HI-GE": ("3E",)},
}

_MAIN = {"4C": "c-rives", "6D": "j-carpentier", "3F": "j-ferrand", "3E": "yann-le-goff"}


@dataclass(slots=True)
class Services:
    """The services of a year: the teacher of each (subject code, division code), and each teacher's weekly hours."""

    teacher_of: dict[tuple[str, str], Teacher] = field(default_factory=dict)
    hours: dict[str, float] = field(default_factory=lambda: {teacher.source_id: 0.0 for teacher in TEACHERS})
    main_teacher: dict[str, Teacher] = field(default_factory=dict)

    def load(self, teacher: Teacher, hours: float) -> None:
        """Count hours of a class in a teacher's week."""
        self.hours[teacher.source_id] += hours

    def freest(self, subject: str) -> Teacher:
        """The teacher of the subject who is furthest below their service."""
        able = [teacher for teacher in TEACHERS if teacher.subject == subject and not teacher.closed]
        return min(able, key=lambda teacher: self.hours[teacher.source_id] / teacher.service)


def taught_to(division: Division) -> list[str]:
    """The codes of the subjects that a whole division is taught."""
    return [subject for subject, hours in _HOURS.items() if division.level in hours]


def share_services() -> Services:
    """Give each subject of each division a teacher, then each division its main teacher."""
    services = Services()
    by_id = {teacher.source_id: teacher for teacher in TEACHERS}
    for key, classes in _GIVEN.items():
        for subject, codes in classes.items():
            for code in codes:
                _give(services, by_id[staff_id(key)], subject, DIVISION[code])
    for subject, levels in _HOURS.items():
        divisions = [d for d in DIVISIONS if d.level in levels and (subject, d.code) not in services.teacher_of]
        # The longest classes first: what is left to share out is then fine enough to be fair.
        for division in sorted(divisions, key=lambda d: -_hours(subject, d)):
            _give(services, services.freest(subject), subject, division)
    for code, key in _MAIN.items():
        services.main_teacher[code] = by_id[staff_id(key)]
    _choose_main_teachers(services)
    return services


def _hours(subject: str, division: Division) -> float:
    halves = 2.0 if HALVES[division.level] == subject else 0.0
    return _HOURS[subject][division.level] + halves


def _give(services: Services, teacher: Teacher, subject: str, division: Division) -> None:
    services.teacher_of[subject, division.code] = teacher
    services.load(teacher, _hours(subject, division))


def _choose_main_teachers(services: Services) -> None:
    """Give every other division a main teacher of its own who teaches it (augmenting paths)."""
    fixed = {teacher.source_id for teacher in services.main_teacher.values()}
    division_of: dict[str, str] = {}

    def candidates(code: str) -> list[Teacher]:
        found = {teacher.source_id: teacher for (_, taught), teacher in services.teacher_of.items() if taught == code}
        return [
            teacher
            for teacher in found.values()
            if not teacher.closed and not teacher.other_school and teacher.source_id not in fixed
        ]

    def place(code: str, seen: set[str]) -> bool:
        for teacher in candidates(code):
            if teacher.source_id in seen:
                continue
            seen.add(teacher.source_id)
            held = division_of.get(teacher.source_id)
            if held is None or place(held, seen):
                division_of[teacher.source_id] = code
                services.main_teacher[code] = teacher
                return True
        return False

    for division in DIVISIONS:
        if division.code not in services.main_teacher and not place(division.code, set()):
            raise RuntimeError(f"no main teacher for {division.name}")
