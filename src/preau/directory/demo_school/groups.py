"""The 110 groups that cut across divisions or halve them: who is in them and who teaches them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .cast import ROLES, staff_id
from .college import COLLEGE, DIVISIONS, LEVELS, Division, Pupil
from .services import HALVES, Services
from .staff import LIBRARY, TEACHERS, ULIS, Teacher

_BY_ID = {teacher.source_id: teacher for teacher in TEACHERS}
_ROLE = {role.source_id: role for role in ROLES}

# Divisions whose languages share an hour; the first two Spanish groups of a level come from the first of them.
_LANGUAGE_CLUSTERS = {"5e": ("BDF", "ACE"), "4e": ("ACE", "BDF"), "3e": ("ACE", "BDF")}
_NEED_CLUSTERS = ("ABC", "DEF")

# How many pupils of 4e A, C and E learn what; elsewhere `_languages_of` decides by size.
_KNOWN_LANGUAGES = {
    "4A": {"esp1": 7, "esp2": 10, "all": 5, "ita": 3},
    "4C": {"esp1": 14, "esp2": 5, "all": 7, "ita": 0},
    "4E": {"esp1": 6, "esp2": 10, "all": 5, "ita": 3},
}
_LATIN = {"6e": 18, "5e": 20, "4e": 18, "3e": 16}
_LATIN_4C = 8
_CHORALE = 31


@dataclass(slots=True)
class Group:
    """A group: `code` is unique in the school year, `subject` a code or empty."""

    code: str
    name: str
    pupils: list[Pupil]
    teacher: Teacher
    level: str = ""
    subject: str = ""

    @property
    def source_id(self) -> str:
        return f"{COLLEGE}-class-{self.code}"


class Groups:
    """Draws the groups of a year from its pupils (the one who left is in none), and loads their teachers' weeks."""

    def __init__(self, rng: Random, pupils: list[Pupil], services: Services) -> None:
        self._rng = rng
        self._services = services
        self._staying = [pupil for pupil in pupils if pupil.ends is None]
        self._of_division: dict[str, list[Pupil]] = {division.code: [] for division in DIVISIONS}
        for pupil in self._staying:
            self._of_division[pupil.division.code].append(pupil)
        self.drawn: list[Group] = []

    def draw(self) -> list[Group]:
        """All 110 groups."""
        for level in _LANGUAGE_CLUSTERS:
            self._languages(level)
        self._add("6ALL2", "Allemand bilangue", self._some("6e", 20), "ALL2", 2, "6e", "ALL2")
        self._ancient_languages()
        for division in DIVISIONS:
            self._halves(division)
        for level, subjects in (("6e", ("FRANC", "MATHS")), ("5e", ("MATHS",))):
            for subject in subjects:
                self._needs(level, subject)
        for level in ("4e", "3e"):
            self._add(f"{level[0]}EUROAN", "Section anglais", self._some(level, 24), "AGL1", 1, level, "AGL1")
        for level in LEVELS:
            self._add(f"{level[0]}DEVOIRS", f"Devoirs faits {level}", self._some(level, 22), LIBRARY, 2, level)
        self._whole_school()
        return self.drawn

    def _add(
        self,
        code: str,
        name: str,
        pupils: list[Pupil],
        teacher: Teacher | str,
        hours: float,
        level: str = "",
        subject: str = "",
    ) -> None:
        """Add a group; `teacher` may be the subject whose freest teacher takes it."""
        chosen = self._services.freest(teacher) if isinstance(teacher, str) else teacher
        self._services.load(chosen, hours)
        self.drawn.append(Group(code, name, pupils, chosen, level, subject))

    def _languages(self, level: str) -> None:
        italian: list[Pupil] = []
        digit = level[0]
        for cluster, letters in enumerate(_LANGUAGE_CLUSTERS[level]):
            chosen: dict[str, list[Pupil]] = {"esp1": [], "esp2": [], "all": [], "ita": italian}
            for letter in letters:
                self._choose_languages(digit + letter, chosen)
            for half in (1, 2):
                number = 2 * cluster + half
                code = f"{digit}ESP2-{number}"
                teacher: Teacher | str = _BY_ID[staff_id("e-nunca")] if code == "4ESP2-1" else "ESP2"
                self._add(code, f"Espagnol {number}", chosen[f"esp{half}"], teacher, 2.5, level, "ESP2")
            self._add(
                f"{digit}ALL2-{cluster + 1}", f"Allemand {cluster + 1}", chosen["all"], "ALL2", 2.5, level, "ALL2"
            )
        self._add(f"{digit}ITA2", "Italien", italian, "ITA2", 2.5, level, "ITA2")

    def _choose_languages(self, code: str, chosen: dict[str, list[Pupil]]) -> None:
        pupils = self._of_division[code]
        places = dict(_KNOWN_LANGUAGES.get(code) or _languages_of(len(pupils)))
        undecided = []
        for pupil in pupils:
            wanted = _ROLE[pupil.source_id].lv2 if pupil.source_id in _ROLE else ""
            if wanted:
                places[wanted] -= 1
                chosen[wanted].append(pupil)
            else:
                undecided.append(pupil)
        self._rng.shuffle(undecided)
        for language, count in places.items():
            chosen[language] += undecided[:count]
            del undecided[:count]

    def _ancient_languages(self) -> None:
        for level, size in _LATIN.items():
            if level == "4e":
                pupils = self._some("4e", _LATIN_4C, "latin", "C") + self._some("4e", size - _LATIN_4C, "", "ABDEF")
                teacher: Teacher | str = _BY_ID[staff_id("c-rives")]
            else:
                pupils, teacher = self._some(level, size, "latin"), "FRANC"
            self._add(f"{level[0]}LATIN", "Latin", pupils, teacher, 2, level, "LCALA")
        self._add("3GREC", "Grec", self._some("3e", 12), "FRANC", 2, "3e", "LCAGR")

    def _halves(self, division: Division) -> None:
        pupils = sorted(self._of_division[division.code], key=lambda p: (p.family.casefold(), p.given.casefold()))
        middle = len(pupils) // 2
        subject = HALVES[division.level]
        teacher = self._services.teacher_of[subject, division.code]
        for index, half in enumerate((pupils[:middle], pupils[middle:])):
            if division.level == "4e":
                letter = "AB"[index]
                code, name = f"{division.code}-TECHN-{letter}", f"Techno {letter}"
            else:
                code, name = f"{division.code}-{index + 1}", f"{division.name}, gr. {index + 1}"
            # The hours of halves are counted with the division's.
            self._add(code, name, half, teacher, 0, division.level, subject)

    def _needs(self, level: str, subject: str) -> None:
        title = {"FRANC": "Français", "MATHS": "Maths"}[subject]
        for cluster, letters in enumerate(_NEED_CLUSTERS):
            pupils = [pupil for letter in letters for pupil in self._of_division[level[0] + letter]]
            self._rng.shuffle(pupils)
            for part in range(4):
                number = 4 * cluster + part + 1
                hours = 1.5 if level == "6e" else 1.0
                code = f"{level[0]}{subject}-{number}"
                self._add(code, f"{title} {number}", pupils[part::4], subject, hours, level, subject)

    def _whole_school(self) -> None:
        ulis = [pupil for level in LEVELS for pupil in self._some(level, 3, avoid="4C")]
        self._add("ULIS", "ULIS", ulis, ULIS, 21)
        newcomers = [p for p in self._staying if p.source_id in _ROLE and "upe2a" in _ROLE[p.source_id].options]
        for level in LEVELS:
            newcomers += [pupil for pupil in self._some(level, 4, avoid="4C") if pupil not in ulis][:1]
        self._add("UPE2A", "UPE2A", newcomers, "FRANC", 3)
        singers = self._some("", _CHORALE, "chorale")
        makers = self._some("", 14)
        self._add("CHORALE", "Chorale", singers, _BY_ID[staff_id("c-bonnard")], 2, subject="EDMUS")
        self._add("THEATRE", "Atelier théâtre", self._some("", 18), _BY_ID[staff_id("t-lacroix")], 1)
        self._add("ROBOTIQUE", "Atelier robotique", makers, _BY_ID[staff_id("n-oukili")], 1, subject="TECHN")

    def _some(self, level: str, count: int, option: str = "", letters: str = "ABCDEF", avoid: str = "") -> list[Pupil]:
        """`count` pupils of a level ("" for all) and of divisions, those known to have the option first.

        Pupils written by hand have the options they are written with, and no other.
        """
        able = [
            pupil
            for pupil in self._staying
            if level in ("", pupil.division.level) and pupil.division.letter in letters and pupil.division.code != avoid
        ]
        known = [p for p in able if option and p.source_id in _ROLE and option in _ROLE[p.source_id].options]
        others = [p for p in able if p.source_id not in _ROLE or not _ROLE[p.source_id].placed]
        return known + self._rng.sample(others, count - len(known))


def _languages_of(size: int) -> dict[str, int]:
    return {"esp1": 9, "esp2": size - 17, "all": 5, "ita": 3}
