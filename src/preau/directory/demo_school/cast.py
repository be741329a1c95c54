"""The people whom everybody meets: those of the pictures, homonyms, twins, and the six with restricted authority.

They are the same whatever the seed. Anybody else may change with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .names import slug


@dataclass(frozen=True, slots=True)
class Role:
    """A pupil written by hand. `born` is (month, day); `lv2` and `options` name groups they are known to be in."""

    key: str
    given: str
    family: str
    division: str
    born: tuple[int, int] | None = None
    lv2: str = ""
    options: tuple[str, ...] = ()
    has_ine: bool = True
    arrives: bool = False
    leaves: bool = False

    @property
    def source_id(self) -> str:
        return pupil_id(self.key)

    @property
    def placed(self) -> bool:
        """Whether the groups of the pupil are known, so that none is drawn."""
        return bool(self.lv2 or self.options)


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian written by hand. No `phone`: one is drawn."""

    key: str
    given: str
    family: str
    link: str
    has_email: bool = True
    phone: str = ""
    email: str = ""

    @property
    def source_id(self) -> str:
        return guardian_id(self.key)


@dataclass(frozen=True, slots=True)
class Household:
    """Pupils written by hand with their guardians; `partly` holds (guardian, pupil) pairs that are not linked."""

    pupils: tuple[str, ...]
    adults: tuple[Adult, ...]
    separated: bool = False
    partly: tuple[tuple[str, str], ...] = ()


def pupil_id(key: str) -> str:
    """The source id of a pupil written by hand, or of the pupil of that number."""
    return f"mc-pupil-{key}"


def guardian_id(key: str) -> str:
    """The source id of a guardian written by hand, or of the guardian of that number."""
    return f"mc-guardian-{key}"


def staff_id(key: str) -> str:
    """The source id of an adult of the collège."""
    return f"mc-staff-{key}"


def _class_4c() -> tuple[Role, ...]:
    """The whole 4e C; the languages of a few are known, the others are shared out."""
    known: dict[str, tuple[str, tuple[str, ...]]] = {
        "Aïcha Benali": ("", ("latin", "chorale")),
        "Noé Brisset": ("esp1", ()),
        "Awa Diarra": ("", ("chorale",)),
        "Tom Lefèvre": ("all", ()),
        "Inaya Mercier": ("esp1", ()),
        "Chloé Petit": ("all", ("latin",)),
        "Yanis Roche": ("esp2", ()),
    }
    others = (
        "Aïcha Benali, Noé Brisset, Hugo Caron, Maya Cohen, Louis d’Artagnan, Awa Diarra, Inès Faure, Gabin Girard, "
        "Jeanne Hervé, Adam Ibrahim, Tom Lefèvre, Nina Leroy, Rose Marchand, Inaya Mercier, Sami Nasri, Jade Olivier, "
        "Chloé Petit, Nathan Picard, Yanis Roche, Lou Sanchez, Mila Simon, Maël Thomas, Élise Vidal, Anaïs Zerrouki"
    )
    rows = [
        Role("lina-nunez", "Lina", "Nuñez", "4C", (9, 30), "esp1", ("latin", "chorale")),
        Role("lukasz-wolny", "Łukasz", "Wolny", "4C", None, "esp2", ("upe2a",), has_ine=False, arrives=True),
    ]
    for full in others.split(", "):
        given, family = full.split(" ", 1)
        lv2, options = known.get(full, ("", ()))
        rows.append(Role(slug(full), given, family, "4C", None, lv2, options))
    return tuple(rows)


ROLES = (
    *_class_4c(),
    Role("sami-nunez", "Sami", "Nuñez", "3E", (5, 17), "esp2"),
    Role("lina-nunez-caro", "Lina", "Nunez-Caro", "6D", (4, 2)),
    Role("zoe-lagarde", "Zoé", "Lagarde", "6A", (6, 11)),
    Role("tom-lagarde", "Tom", "Lagarde", "6A", (6, 11), has_ine=False),
    Role("ines-d-artagnan", "Inès", "d’Artagnan", "5B", (2, 13), "esp2", ("latin",)),
    Role("ines-dartagnan", "Ines", "Dartagnan", "5B", (2, 13), has_ine=False),
    Role("sarah-petit-1", "Sarah", "Petit", "6F", (10, 8)),
    Role("sarah-petit-2", "Sarah", "Petit", "6F", (10, 8), has_ine=False),
    Role("emma-martin-1", "Emma", "Martin", "5C", (3, 21)),
    Role("emma-martin-2", "Emma", "Martin", "3A", (11, 4)),
    Role("moussa-keita", "Moussa", "Keïta", "5E", (1, 26)),
    Role("mariam-keita", "Mariam", "Keïta", "5E", (1, 26)),
    Role("theo-marchetti", "Théo", "Marchetti", "5F", (8, 19), leaves=True),
    Role("mael-tissier", "Maël", "Tissier", "5C"),
    Role("jade-ozanne", "Jade", "Ozanne", "5D"),
    Role("elise-verneuil", "Élise", "Verneuil", "6A"),
    Role("maelle-tanguy", "Maëlle", "Tanguy", "3F"),
    Role("tom-guillou", "Tom", "Guillou", "3B"),
    Role("maelle-perrot", "Maëlle", "Perrot", "3B"),
    Role("ilyan-haddad", "Ilyan", "Haddad", "3B"),
    Role("adam-bakri", "Adam", "Bakri", "6A"),
    Role("inaya-chevallier", "Inaya", "Chevallier", "6A"),
    Role("leo-dumas", "Léo", "Dumas", "6A"),
    Role("manon-fontanel", "Manon", "Fontanel", "6A"),
    Role("rayan-gharbi", "Rayan", "Gharbi", "6A"),
    Role("sacha-hubert", "Sacha", "Hubert", "6A"),
    Role("lucja-mazur", "Łucja", "Mazur", "6A"),
)

HOUSEHOLDS = (
    Household(
        ("lina-nunez", "sami-nunez"),
        (
            Adult("m-nunez", "Miguel", "Nuñez", "père"),
            Adult("a-caro-nunez", "Ana", "Caro Nuñez", "mère", phone="06 39 98 00 41", email="a.caro@example.org"),
        ),
    ),
    Household(("lina-nunez-caro",), (Adult("r-nunez-caro", "Rosa", "Nunez-Caro", "mère", has_email=False),)),
    Household(
        ("louis-d-artagnan", "ines-d-artagnan", "ines-dartagnan"),
        (
            Adult("r-d-artagnan", "Rémi", "d’Artagnan", "père"),
            Adult("c-d-artagnan", "Constance", "d’Artagnan", "mère"),
        ),
        # The second record of Inès was typed in a hurry: one guardian, no national number.
        partly=(("c-d-artagnan", "ines-dartagnan"),),
    ),
    Household(
        ("zoe-lagarde", "tom-lagarde"),
        (Adult("e-lagarde", "Élodie", "Lagarde", "mère"), Adult("v-lagarde", "Vincent", "Lagarde", "père")),
    ),
    Household(
        ("moussa-keita", "mariam-keita"),
        (Adult("f-keita", "Fanta", "Keïta", "mère"), Adult("d-keita", "Drissa", "Keïta", "père")),
    ),
    Household(
        ("noe-brisset",),
        (Adult("s-brisset", "Sandrine", "Brisset", "mère"), Adult("l-brisset", "Laurent", "Brisset", "père")),
    ),
    Household(
        ("lukasz-wolny",),
        (Adult("a-wolny", "Agata", "Wolny", "mère"), Adult("p-wolny", "Paweł", "Wolny", "père")),
    ),
    Household(
        ("theo-marchetti",),
        (Adult("l-marchetti", "Livia", "Marchetti", "mère"), Adult("s-marchetti", "Stefano", "Marchetti", "père")),
    ),
    Household(
        ("yanis-roche",),
        (Adult("n-roche", "Nadège", "Roche", "mère"), Adult("f-roche", "Fabrice", "Roche", "père")),
        separated=True,
    ),
    Household(
        ("mael-tissier",),
        (Adult("g-rault", "Gwenaëlle", "Rault", "mère"), Adult("d-tissier", "David", "Tissier", "père")),
        separated=True,
    ),
    Household(
        ("jade-ozanne",),
        (Adult("b-ozanne", "Benoît", "Ozanne", "père"), Adult("k-leclere", "Katia", "Leclère", "mère")),
        separated=True,
    ),
    Household(
        ("elise-verneuil",),
        (Adult("h-carre", "Hélène", "Carré", "mère"), Adult("j-verneuil", "Jean-Marc", "Verneuil", "père")),
        separated=True,
    ),
    Household(
        ("maelle-tanguy",),
        (Adult("p-tanguy", "Patricia", "Tanguy", "mère"), Adult("y-tanguy", "Yvon", "Tanguy", "père")),
        separated=True,
    ),
    Household(
        ("ilyan-haddad",),
        (Adult("s-haddad", "Sonia", "Haddad", "mère"), Adult("w-haddad", "Walid", "Haddad", "père")),
        separated=True,
    ),
)

INFORMED = "informed"
NO_ACCESS = "none"

# What direction decides once the file is in: a file never carries it. (guardian, pupil, state), both by source id.
RESTRICTED: list[tuple[str, str, str]] = [
    (guardian_id("f-roche"), pupil_id("yanis-roche"), INFORMED),
    (guardian_id("d-tissier"), pupil_id("mael-tissier"), NO_ACCESS),
    (guardian_id("k-leclere"), pupil_id("jade-ozanne"), INFORMED),
    (guardian_id("j-verneuil"), pupil_id("elise-verneuil"), NO_ACCESS),
    (guardian_id("y-tanguy"), pupil_id("maelle-tanguy"), INFORMED),
    (guardian_id("w-haddad"), pupil_id("ilyan-haddad"), NO_ACCESS),
]

# The nine who sign in to a demo, by the username they get there.
CAST: dict[str, str] = {
    "direction": staff_id("s-kessler"),
    "referent": staff_id("h-besson"),
    "prof": staff_id("n-oukili"),
    "eleve": pupil_id("lina-nunez"),
    "parent": guardian_id("m-nunez"),
    "formateur": "canal-trainer-j-fabre",
    "academie": "academie-staff-e-vasseur",
    "ministere": "ministere-staff-t-guerin",
    "dpo": "academie-staff-a-lemoine",
}
