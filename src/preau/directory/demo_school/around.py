"""What stands around the collège: ministry, académie, the primary school, an association, twelve small schools."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from preau.directory.rosters.roster import (
    AffiliationKind,
    EnrolmentRole,
    GroupKind,
    OrganisationKind,
    ProposedRole,
)

from .cast import CAST
from .college import ACADEMIE, ASSOCIATION, COLLEGE, COLLEGE_UAI, MINISTRY, PRIMARY, PRIMARY_UAI, day_in
from .names import Namer
from .services import SUBJECTS
from .sheet import STAFF_DOMAIN, Sheet, uai
from .staff import TEACHERS

# Years from birth to the September in which the class starts.
_AGE = {
    "CP": 6, "CE1": 7, "CE2": 8, "CM1": 9, "CM2": 10,
    "6e": 11, "5e": 12, "4e": 13, "3e": 14,
    "2de": 15, "1re": 16, "Tle": 17,
}  # fmt: skip

_PRIMARY_LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of school: one class a level, its sizes, and the word for its head and its teachers."""

    levels: tuple[str, ...]
    sizes: range
    head: str
    teacher: str
    suffix: str = " A"


_ECOLE = _Kind(_PRIMARY_LEVELS, range(6, 10), "directeur d’école", "professeur des écoles", "")
_COLLEGE = _Kind(("6e", "5e", "4e", "3e"), range(9, 12), "principal", "professeur")
_LYCEE = _Kind(("2de", "1re", "Tle"), range(12, 16), "proviseur", "professeur")

_SMALL = (
    ("saint-ex", "Collège Saint-Exupéry", _COLLEGE),
    ("pagnol", "Collège Marcel-Pagnol", _COLLEGE),
    ("rosa-parks", "Collège Rosa-Parks", _COLLEGE),
    ("cesaire", "Collège Aimé-Césaire", _COLLEGE),
    ("tillion", "Collège Germaine-Tillion", _COLLEGE),
    ("ferry", "École Jules-Ferry", _ECOLE),
    ("prevert", "École Jacques-Prévert", _ECOLE),
    ("veil", "École Simone-Veil", _ECOLE),
    ("moulin", "École Jean-Moulin", _ECOLE),
    ("gouges", "École Olympe-de-Gouges", _ECOLE),
    ("galois", "Lycée Évariste-Galois", _LYCEE),
    ("germain", "Lycée Sophie-Germain", _LYCEE),
)

_PRIMARY_SIZES = (24, 25, 25, 26, 25)
_PRIMARY_TEACHERS = (
    ("Maud", "Chauvet"),
    ("Éric", "Lebras"),
    ("Samia", "Tounsi"),
    ("Laëtitia", "Poncet"),
    ("Fabrice", "Marty"),
    ("Ingrid", "Walter"),
)

_OFFICES = (
    (CAST["academie"], "Élodie", "Vasseur", ACADEMIE, "déléguée académique au numérique"),
    (CAST["dpo"], "Agnès", "Lemoine", ACADEMIE, "déléguée à la protection des données"),
    ("academie-staff-r-pineau", "Raphaël", "Pineau", ACADEMIE, "assistance aux écoles et établissements"),
    (CAST["ministere"], "Thomas", "Guérin", MINISTRY, "bureau du pilotage et des études"),
    ("ministere-staff-o-charpin", "Odile", "Charpin", MINISTRY, "direction du numérique pour l’éducation"),
)

_TRAINERS = ((CAST["formateur"], "Jonas", "Fabre"), ("canal-trainer-i-ferrand", "Inès", "Ferrand"))


def reserve_around(namer: Namer) -> None:
    """Keep the names of those written by hand from being drawn."""
    for given, family in _PRIMARY_TEACHERS:
        namer.reserve(given, family)
    for _, given, family, *_rest in (*_OFFICES, *_TRAINERS):
        namer.reserve(given, family)
    namer.reserve("Michèle", "Arnoux")


def write_organisations(sheet: Sheet) -> None:
    """Write the tree: ministry › académie › schools, and the association beside them."""
    school = OrganisationKind.SCHOOL
    sheet.organisation(MINISTRY, "Ministère de démonstration", OrganisationKind.MINISTRY)
    sheet.organisation(ACADEMIE, "Académie de démonstration", OrganisationKind.ACADEMIE, MINISTRY)
    sheet.organisation(COLLEGE, "Collège Marie-Curie", school, ACADEMIE, COLLEGE_UAI)
    sheet.organisation(PRIMARY, "École Louise-Michel", school, ACADEMIE, PRIMARY_UAI)
    for index, (key, name, _) in enumerate(_SMALL, 1):
        sheet.organisation(key, name, school, ACADEMIE, uai(999900 + index))
    sheet.organisation(ASSOCIATION, "Les Ateliers du Canal", OrganisationKind.ASSOCIATION, ACADEMIE)


def write_offices(sheet: Sheet) -> None:
    """Write the staff of ministry and académie, and the association's trainers."""
    for source_id, given, family, organisation, word in _OFFICES:
        sheet.person(source_id, given, family, email=sheet.address(given, family, STAFF_DOMAIN))
        sheet.affiliation(source_id, organisation, AffiliationKind.STAFF, word)
    for source_id, given, family in _TRAINERS:
        sheet.person(source_id, given, family, email=sheet.address(given, family, "ateliers-du-canal.example"))
        sheet.affiliation(source_id, ASSOCIATION, AffiliationKind.TRAINER, "formateur")


def write_primary(sheet: Sheet, rng: Random, namer: Namer) -> None:
    """Write École Louise-Michel: five classes, 125 pupils, six teachers and a director."""
    school = _School(sheet, rng, namer, PRIMARY)
    school.head("Michèle", "Arnoux", _ECOLE.head)
    teachers = [school.teacher(given, family, _ECOLE.teacher) for given, family in _PRIMARY_TEACHERS]
    classes = []
    for level, size, teacher in zip(_PRIMARY_LEVELS, _PRIMARY_SIZES, teachers[:5], strict=True):
        classes.append(school.division(level, level, level, size, teacher))
    # The sixth teacher takes English where the director's free day leaves room.
    for level, pupils in zip(_PRIMARY_LEVELS[3:], classes[3:], strict=True):
        school.teaching(level, "AGL1", level, pupils, teachers[5])


def write_small_schools(sheet: Sheet, rng: Random, namer: Namer) -> None:
    """Write twelve schools of 30 to 60 people; two of them share teachers with the collège."""
    for key, _, kind in _SMALL:
        school = _School(sheet, rng, namer, key)
        school.head(*school.adult(), kind.head)
        shared = [teacher for teacher in TEACHERS if teacher.other_school == key]
        for level in kind.levels:
            name = f"{level}{kind.suffix}"
            code = name.replace(" ", "")
            main = school.teacher(*school.adult(), kind.teacher)
            pupils = school.division(code, name, level, rng.choice(kind.sizes), main)
            for teacher in shared:
                if level != "6e" or not teacher.subject.endswith("2"):
                    school.teaching(code, teacher.subject, level, pupils, teacher.source_id)
        for teacher in shared:
            sheet.affiliation(teacher.source_id, key, AffiliationKind.TEACHER, kind.teacher)


class _School:
    """Writes the people and classes of one school, numbering them."""

    def __init__(self, sheet: Sheet, rng: Random, namer: Namer, key: str) -> None:
        self._sheet = sheet
        self._rng = rng
        self._namer = namer
        self._key = key
        self._count = 0

    def adult(self) -> tuple[str, str]:
        """A given and a family name for an adult."""
        pool = self._namer.pool()
        family = self._namer.family(pool)
        return self._namer.adult(pool, family), family

    def head(self, given: str, family: str, word: str) -> str:
        """Write the head of the school; the word proposes direction."""
        source_id = self._employee(given, family)
        self._sheet.affiliation(source_id, self._key, AffiliationKind.STAFF, word, proposes=ProposedRole.DIRECTION)
        return source_id

    def teacher(self, given: str, family: str, word: str) -> str:
        """Write a teacher of the school."""
        source_id = self._employee(given, family)
        self._sheet.affiliation(source_id, self._key, AffiliationKind.TEACHER, word)
        return source_id

    def division(self, code: str, name: str, level: str, size: int, main_teacher: str) -> list[str]:
        """Write a class with its drawn pupils and its main teacher; returns the pupils' source ids."""
        group_id = f"{self._key}-class-{code}"
        self._sheet.group(group_id, self._key, GroupKind.DIVISION, name, code, level=level)
        self._sheet.enrolment(main_teacher, group_id, EnrolmentRole.LEAD)
        pupils = []
        for number in range(1, size + 1):
            pool = self._namer.pool()
            family = self._namer.family(pool)
            source_id = f"{self._key}-pupil-{code}-{number:02d}"
            born = day_in(self._sheet.school_year - _AGE[level], self._rng)
            self._sheet.person(
                source_id, self._namer.child(pool, family), family, birth_date=born, ine=self._sheet.ine()
            )
            self._sheet.affiliation(source_id, self._key, AffiliationKind.PUPIL, "élève", level=level)
            self._sheet.enrolment(source_id, group_id)
            pupils.append(source_id)
        return pupils

    def teaching(self, code: str, subject: str, level: str, pupils: list[str], teacher: str) -> None:
        """Write the scheduled class of a subject for the whole of a class."""
        group_id = f"{self._key}-class-{code}-{subject}"
        self._sheet.group(
            group_id,
            self._key,
            GroupKind.GROUP,
            f"{SUBJECTS[subject]} {code}",
            f"{code}-{subject}",
            level=level,
            subject=(subject, SUBJECTS[subject]),
        )
        self._sheet.enrolment(teacher, group_id, EnrolmentRole.TEACHER)
        for pupil in pupils:
            self._sheet.enrolment(pupil, group_id)

    def _employee(self, given: str, family: str) -> str:
        self._count += 1
        source_id = f"{self._key}-staff-{self._count:02d}"
        self._sheet.person(source_id, given, family, email=self._sheet.address(given, family, STAFF_DOMAIN))
        return source_id
