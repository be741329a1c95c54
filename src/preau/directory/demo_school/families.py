"""The 1,020 guardians: who they are to whom, who is separated, who has no e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from preau.directory.rosters.roster import AffiliationKind

from .cast import Adult, guardian_id, pupil_id
from .college import COLLEGE, Pupil
from .names import Namer
from .pupils import Home
from .sheet import FAMILIES_DOMAIN, Sheet

GUARDIANS = 1020
SEPARATED_SHARE = 0.30
WITHOUT_EMAIL = 14
_ALONE = 48
_SHARED_NAME = 0.55
_MOTHERS_NAME = 0.12


@dataclass(slots=True)
class Family:
    """A home with its adults. Separated parents have no telephone in common, and maybe a companion beside them."""

    home: Home
    adults: list[Adult]
    separated: bool

    @property
    def leaving(self) -> bool:
        """Whether no child of the family stays, so that its adults go with them."""
        return all(pupil.ends for pupil in self.home.pupils)


def draw_families(rng: Random, namer: Namer, homes: list[Home]) -> list[Family]:
    """One family a home: 1,020 adults in all for the pupils who stay, three families in ten separated."""
    written = [
        Family(home, list(home.written.adults), home.written.separated) for home in homes if home.written is not None
    ]
    drawn = [home for home in homes if home.written is None]
    known = sum(len(family.adults) for family in written if not family.leaving)
    three = _ALONE + GUARDIANS - known - 2 * len(drawn)
    shuffled = rng.sample(drawn, len(drawn))
    alone = {id(home) for home in shuffled[:_ALONE]}
    with_companion = {id(home) for home in shuffled[_ALONE : _ALONE + three]}
    apart = round(SEPARATED_SHARE * len(homes)) - sum(family.separated for family in written) - three
    separated = with_companion | {id(home) for home in shuffled[_ALONE + three : _ALONE + three + apart]}

    families = list(written)
    numbers = iter(range(1, GUARDIANS + 1))
    for home in drawn:
        size = 1 if id(home) in alone else 3 if id(home) in with_companion else 2
        people = _draw_adults(rng, namer, home, size, id(home) in separated)
        adults = [Adult(f"{next(numbers):04d}", given, family, link) for given, family, link in people]
        families.append(Family(home, adults, id(home) in separated))
    _forget_addresses(rng, families)
    return families


def _draw_adults(rng: Random, namer: Namer, home: Home, size: int, separated: bool) -> list[tuple[str, str, str]]:
    """Given name, family name and link of each adult of a home."""
    pool, name = home.pool, home.pupils[0].family
    if size == 1:
        link = rng.choices(("mère", "père", "grand-mère", "tuteur", "famille d’accueil"), (70, 16, 6, 5, 3))[0]
        bears = name if link == "père" or rng.random() < _SHARED_NAME else namer.family(namer.pool())
        given = namer.father(pool, bears) if link in ("père", "tuteur") else namer.mother(pool, bears)
        return [(given, bears, link)]
    own = namer.family(pool)
    after_mother = rng.random() < _MOTHERS_NAME
    mothers = name if after_mother or (not separated and rng.random() < _SHARED_NAME) else own
    fathers = own if after_mother and mothers != own else name
    adults = [(namer.mother(pool, mothers), mothers, "mère"), (namer.father(pool, fathers), fathers, "père")]
    if size == 3:
        other = namer.pool()
        bears = namer.family(other)
        stepmother = rng.random() < 0.4
        given = namer.mother(other, bears) if stepmother else namer.father(other, bears)
        adults.append((given, bears, "belle-mère" if stepmother else "beau-père"))
    return adults


def _forget_addresses(rng: Random, families: list[Family]) -> None:
    """Leave exactly fourteen of the adults who stay without an address."""
    staying = [family for family in families if not family.leaving]
    missing = WITHOUT_EMAIL - sum(not adult.has_email for family in staying for adult in family.adults)
    for family in rng.sample([family for family in staying if family.home.written is None], missing):
        adult = family.adults[0]
        family.adults[0] = Adult(adult.key, adult.given, adult.family, adult.link, has_email=False)


def write_families(sheet: Sheet, rng: Random, families: list[Family]) -> None:
    """Write the adults and their links; the pupils are already written."""
    for family in families:
        # A couple often leaves the telephone of the house; separated parents never do.
        common = sheet.landline() if not family.separated and rng.random() < 0.15 else ""
        for adult in family.adults:
            _write_adult(sheet, adult, adult.phone or common or sheet.mobile(), family.home.pupils)
            for pupil in family.home.pupils:
                if not _unlinked(family, adult, pupil):
                    sheet.guardianship(adult.source_id, pupil.source_id, adult.link)


def _write_adult(sheet: Sheet, adult: Adult, phone: str, pupils: list[Pupil]) -> None:
    email = adult.email
    if not email and adult.has_email:
        email = sheet.address(adult.given, adult.family, FAMILIES_DOMAIN)
    sheet.person(adult.source_id, adult.given, adult.family, email=email, phone=phone)
    ends = [pupil.ends for pupil in pupils]
    sheet.affiliation(
        adult.source_id, COLLEGE, AffiliationKind.GUARDIAN, "responsable", ends=ends[0] if all(ends) else None
    )


def _unlinked(family: Family, adult: Adult, pupil: Pupil) -> bool:
    written = family.home.written
    return written is not None and any(
        adult.source_id == guardian_id(grown) and pupil.source_id == pupil_id(child) for grown, child in written.partly
    )
