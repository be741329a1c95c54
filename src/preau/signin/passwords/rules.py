"""Which passwords are refused: short ones, those on the lists that are tried first, and one's own name.

Nothing is asked of capitals, digits or signs, and nobody has to change theirs every three months: both make passwords
that are easier to guess (ANSSI, Recommandations relatives à l'authentification, R21–R24; NIST SP 800-63B, 5.1.1.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from anyascii import anyascii
from django.utils.translation import gettext, ngettext

from preau.directory.api import Person
from preau.signin.passwords.hashing import LONGEST

if TYPE_CHECKING:
    from django.contrib.auth.password_validation import CommonPasswordValidator

LEAST_PUPIL = 8
LEAST_ADULT = 10
# A part of a name that short is found in too many words.
_NAME_LEAST = 4
_AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")


@dataclass(frozen=True, slots=True)
class Chooser:
    """Who chooses: how long their password has to be, and the words that it may not be made of."""

    least: int
    words: Sequence[str] = ()

    @classmethod
    def of(cls, person: Person, *, is_pupil: bool) -> Chooser:
        """The chooser that a person is."""
        words = (person.username, person.family_name, person.given_name, person.preferred_given_name)
        return cls(LEAST_PUPIL if is_pupil else LEAST_ADULT, words)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the page lists it: kept or not, and the sentence for either."""

    kept: bool
    say: str


def rules(password: str, chooser: Chooser) -> list[Rule]:
    """Every rule, for this password."""
    length = len(password)
    too_short = ngettext("Encore {n} caractère", "Encore {n} caractères", chooser.least - length)
    long_enough = ngettext("{n} caractère", "{n} caractères", length)
    if length > LONGEST:
        size = Rule(False, gettext("Pas plus de {n} caractères").format(n=LONGEST))
    elif length < chooser.least:
        size = Rule(False, too_short.format(n=chooser.least - length))
    else:
        size = Rule(True, long_enough.format(n=length))
    own, common = _says_own_name(password, chooser.words), is_common(password)
    return [
        size,
        Rule(
            not own,
            gettext("Le nom ou l’identifiant s’y lit") if own else gettext("Ni le nom, ni l’identifiant"),
        ),
        Rule(
            not common,
            gettext("Dans les listes de mots de passe essayés d’abord")
            if common
            else gettext("Absent des listes de mots de passe essayés d’abord"),
        ),
    ]


def fault(password: str, chooser: Chooser) -> str:
    """The first rule that `password` breaks, as a sentence; "" when it may be kept."""
    if len(password) < chooser.least:
        return ngettext(
            "Trop court : {n} caractère au moins.", "Trop court : {n} caractères au moins.", chooser.least
        ).format(n=chooser.least)
    broken = next((rule for rule in rules(password, chooser) if not rule.kept), None)
    return f"{broken.say}." if broken else ""


def is_common(password: str) -> bool:
    """Whether it is on Django's list of 20,000, or is a word of the French one, alone or dressed with digits."""
    from django.core.exceptions import ValidationError

    try:
        _django_list().validate(password)
    except ValidationError:
        return True
    folded = anyascii(password[:LONGEST]).casefold().replace(" ", "")
    core = _AROUND.sub("", folded)
    # Nothing but digits, or one sign again and again, is tried before any list.
    return not core or len(set(folded)) < 3 or core in _french_list()


def _says_own_name(password: str, words: Sequence[str]) -> bool:
    folded = re.sub(r"[^a-z0-9]", "", anyascii(password[:LONGEST]).casefold())
    parts = {part for word in words for part in re.split(r"[^a-z0-9]+", anyascii(word).casefold())}
    parts |= {re.sub(r"[^a-z0-9]", "", anyascii(word).casefold()) for word in words}
    rest = folded
    for part in sorted((part for part in parts if len(part) >= _NAME_LEAST), key=len, reverse=True):
        rest = rest.replace(part, "")
    # A name inside a long sentence of one's own gives nothing away.
    return len(rest) * 2 < len(folded)


@cache
def _django_list() -> CommonPasswordValidator:
    from django.contrib.auth.password_validation import CommonPasswordValidator

    return CommonPasswordValidator()


@cache
def _french_list() -> frozenset[str]:
    return frozenset(files("preau.signin.passwords").joinpath("french.txt").read_text(encoding="ascii").split())
