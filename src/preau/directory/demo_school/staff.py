"""The adults of the collège: 46 teachers, direction, vie scolaire, AESH and the others, the same whatever the seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from preau.directory.rosters.roster import AffiliationKind, ProposedRole

from .cast import staff_id
from .college import COLLEGE
from .names import Namer, slug
from .sheet import STAFF_DOMAIN, Sheet


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher of the collège. `service` is in hours a week here; `other_school` where they also teach."""

    given: str
    family: str
    subject: str
    service: float
    other_school: str = ""
    # Classes given by hand, nothing added.
    closed: bool = False
    word: str = ""

    @property
    def source_id(self) -> str:
        return _id_of(self.given, self.family)


@dataclass(frozen=True, slots=True)
class Other:
    """An adult who does not teach."""

    given: str
    family: str
    word: str
    proposes: ProposedRole | None = None

    @property
    def source_id(self) -> str:
        return _id_of(self.given, self.family)


@cache
def _id_of(given: str, family: str) -> str:
    # Two teachers have the same initial and name; one is known by it in `cast`, so only the second is written whole.
    whole = slug(f"{given} {family}")
    short = slug(f"{given[0]} {family}")
    return staff_id(whole if whole in _WHOLE else short)


_WHOLE = frozenset({"malik-carpentier", "yann-le-goff"})

_LETTRES = "FRANC"
_MATHS = "MATHS"
_ANGLAIS = "AGL1"
_HISTOIRE = "HI-GE"
_EPS = "EPS"
_SVT = "SVT"
_PHYSIQUE = "PH-CH"
_TECHNO = "TECHN"
_ARTS = "A-PLA"
_MUSIQUE = "EDMUS"
_ESPAGNOL = "ESP2"
_ALLEMAND = "ALL2"
_ITALIEN = "ITA2"
ULIS = "ULIS"
LIBRARY = "DOC"

TEACHERS = (
    Teacher("Claire", "Rives", _LETTRES, 18, word="professeure de français"),
    Teacher("Sophie", "Garnier", _LETTRES, 18),
    Teacher("Thomas", "Lacroix", _LETTRES, 18),
    Teacher("Fatoumata", "Sylla", _LETTRES, 18),
    Teacher("Émilie", "Guyot", _LETTRES, 18),
    Teacher("Antoine", "Vasseur", _LETTRES, 18),
    Teacher("Hanane", "Zaoui", _LETTRES, 18),
    Teacher("Paul", "Delorme", _MATHS, 18),
    Teacher("Samir", "Taleb", _MATHS, 18),
    Teacher("Lounès", "Amrani", _MATHS, 18),
    Teacher("Caroline", "Blanchet", _MATHS, 18),
    Teacher("Mathieu", "Roussel", _MATHS, 18),
    Teacher("Julie", "Ferrand", _ANGLAIS, 18, word="professeure d’anglais"),
    Teacher("Kevin", "O’Brien", _ANGLAIS, 18),
    Teacher("Sabrina", "Meziane", _ANGLAIS, 18),
    Teacher("Laurence", "Courcelle", _ANGLAIS, 14),
    Teacher("Damien", "Colas", _ANGLAIS, 14),
    Teacher("Yann", "Le Goff", _HISTOIRE, 18),
    Teacher("Isabelle", "Moreau", _HISTOIRE, 18),
    Teacher("Karim", "Bensaïd", _HISTOIRE, 18),
    Teacher("Aurélie", "Texier", _HISTOIRE, 18),
    Teacher("Grégory", "Nguyen", _HISTOIRE, 9, other_school="saint-ex"),
    Teacher("Nicolas", "Bergeron", _EPS, 17),
    Teacher("Stéphanie", "Lamy", _EPS, 17),
    Teacher("Bruno", "Da Silva", _EPS, 17),
    Teacher("Virginie", "Masson", _EPS, 14),
    Teacher("Mehdi", "Chérif", _EPS, 14),
    Teacher("Joël", "Carpentier", _SVT, 18),
    Teacher("Nathalie", "Besnard", _SVT, 18),
    Teacher("Olivier", "Traoré", _SVT, 14),
    Teacher("Malik", "Carpentier", _PHYSIQUE, 18),
    Teacher("Florence", "Aubry", _PHYSIQUE, 18),
    Teacher("Hugues", "Leclercq", _PHYSIQUE, 9, other_school="saint-ex"),
    Teacher("Nadia", "Oukili", _TECHNO, 18, closed=True, word="professeure de technologie"),
    Teacher("Hervé", "Besson", _TECHNO, 16, word="professeur de technologie"),
    Teacher("Patrick", "Le Goff", _TECHNO, 18, word="professeur de technologie"),
    Teacher("Mélanie", "Joubert", _ARTS, 16),
    Teacher("Franck", "Dubreuil", _ARTS, 8, other_school="pagnol"),
    Teacher("Céline", "Bonnard", _MUSIQUE, 16),
    Teacher("Adrien", "Kowalski", _MUSIQUE, 8, other_school="pagnol"),
    Teacher("Elena", "Nunca", _ESPAGNOL, 18, word="professeure d’espagnol"),
    Teacher("Ricardo", "Fuentes", _ESPAGNOL, 18),
    Teacher("Sabine", "Keller", _ALLEMAND, 18),
    Teacher("Giulia", "Conti", _ITALIEN, 9, other_school="saint-ex"),
    Teacher("Valérie", "Maillard", ULIS, 21, word="coordonnatrice ULIS"),
    Teacher("Delphine", "Lorrain", LIBRARY, 36, word="professeure documentaliste"),
)

_DIRECTION = ProposedRole.DIRECTION
_VIE_SCOLAIRE = ProposedRole.VIE_SCOLAIRE

OTHERS = (
    Other("Solange", "Kessler", "principal", _DIRECTION),
    Other("Olivier", "Maurin", "principal adjoint", _DIRECTION),
    Other("Nicole", "Abadie", "gestionnaire", _DIRECTION),
    Other("Claude", "Marchal", "CPE", _VIE_SCOLAIRE),
    Other("Yasmina", "Ferroukhi", "CPE", _VIE_SCOLAIRE),
    Other("Bastien", "Caillaud", "AED"),
    Other("Chloé", "Dutertre", "AED"),
    Other("Idriss", "Hamdi", "AED"),
    Other("Lucie", "Pasquet", "AED"),
    Other("Maxime", "Rocher", "AED"),
    Other("Ndeye", "Faye", "AED"),
    Other("Pauline", "Sauvage", "AED"),
    Other("Romain", "Vigneron", "AED"),
    Other("Tania", "Rodriguez", "AED"),
    Other("Amel", "Benali", "AESH"),
    Other("Brigitte", "Charrier", "AESH"),
    Other("Corinne", "Lemaître", "AESH"),
    Other("Dolorès", "Vega", "AESH"),
    Other("Emmanuel", "Toussaint", "AESH"),
    Other("Gisèle", "Mbala", "AESH"),
    Other("Anne-Laure", "Guibert", "infirmière"),
    Other("Florian", "Stevens", "PsyEN"),
    Other("Maryse", "Cazenave", "assistante sociale"),
    Other("Josiane", "Prigent", "secrétaire de direction"),
    Other("Rémi", "Escoffier", "secrétaire d’intendance"),
)

REFERENT_WORD = "référent numérique"


def reserve_staff(namer: Namer) -> None:
    """Keep the names of the adults from being drawn."""
    for person in (*TEACHERS, *OTHERS):
        namer.reserve(person.given, person.family)


def write_staff(sheet: Sheet, subject_names: dict[str, str]) -> None:
    """Write every adult of the collège and what they are to it. `subject_names` maps a subject code to its name."""
    for teacher in TEACHERS:
        word = teacher.word or f"professeur {_of(subject_names[teacher.subject])}"
        _write_person(sheet, teacher)
        sheet.affiliation(teacher.source_id, COLLEGE, AffiliationKind.TEACHER, word)
        if teacher.source_id == staff_id("h-besson"):
            sheet.affiliation(
                teacher.source_id, COLLEGE, AffiliationKind.STAFF, REFERENT_WORD, proposes=ProposedRole.REFERENT
            )
    for other in OTHERS:
        _write_person(sheet, other)
        sheet.affiliation(other.source_id, COLLEGE, AffiliationKind.STAFF, other.word, proposes=other.proposes)


def _write_person(sheet: Sheet, person: Teacher | Other) -> None:
    email = sheet.address(person.given, person.family, STAFF_DOMAIN)
    sheet.person(person.source_id, person.given, person.family, email=email)


def _of(subject: str) -> str:
    """« de » and the subject in the middle of a sentence: capitals of an acronym stay."""
    name = subject if subject.isupper() else subject[0].lower() + subject[1:]
    return f"d’{name}" if name[0].lower() in "aeéhio" else f"de {name}"
