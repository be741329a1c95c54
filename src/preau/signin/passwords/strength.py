"""How strong a password is, in words: an estimate of the guesses it would take, never a rule.

Two estimates, of which the smaller counts. zxcvbn knows names, dates, keyboards and English, but takes any French word
for chance. So ours takes every run of letters that can be pronounced for one word of a large dictionary.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from anyascii import anyascii
from django.utils.translation import gettext

from preau.signin.passwords.rules import Chooser, is_common

# zxcvbn's own limit: it looks at every part of what it is given.
_LOOKED_AT = 72
# In bits: a word out of 16,000, a letter and a digit by chance, what stands between words, a year, one’s own name.
_WORD, _LETTER, _DIGIT, _BETWEEN, _YEAR, _OWN = 14.0, math.log2(26), math.log2(10), 3.0, 6.6, 2.0
_RUNS = re.compile(r"[a-z]+|\d+|[^a-z\d]+")
_IS_YEAR = re.compile(r"(19|20)\d\d\Z")
_NO_WORD = re.compile(r"[^aeiouy]{5}|[aeiouy]{5}|\A[^aeiouy]+\Z")
# From how many bits on a password is called average, solid, very solid.
_STEPS = (25.0, 38.0, 55.0)


@dataclass(frozen=True, slots=True)
class Strength:
    """`tone` as the look has it: ok, warn or bad. `word`: « Très solide ». `say`: why, in a sentence."""

    tone: str
    word: str
    say: str


def strength(password: str, chooser: Chooser) -> Strength:
    """The strength of `password` for who chooses it."""
    if is_common(password):
        return Strength("bad", gettext("Faible."), gettext("Il serait trouvé dans les premiers essais."))
    step = sum(bits(password, chooser) >= least for least in _STEPS)
    return (
        Strength(
            "bad",
            gettext("Faible."),
            gettext("Un mot ou deux de plus, sans rapport avec les autres, le rendraient solide."),
        ),
        Strength("warn", gettext("Moyen."), gettext("Un mot de plus le rendrait solide.")),
        Strength("ok", gettext("Solide."), gettext("Long à deviner.")),
        Strength("ok", gettext("Très solide."), gettext("Long à deviner, facile à retenir s’il est fait de mots.")),
    )[step]


def bits(password: str, chooser: Chooser) -> float:
    """How many bits of chance are in `password`, at most."""
    from zxcvbn import zxcvbn

    own = {part for word in chooser.words for part in re.split(r"[^a-z]+", anyascii(word).casefold()) if len(part) > 2}
    guesses = float(zxcvbn(password[:_LOOKED_AT], user_inputs=sorted(own))["guesses"])
    return min(math.log2(max(guesses, 1.0)), _in_words(anyascii(password[:_LOOKED_AT]).casefold(), own))


def _in_words(folded: str, own: set[str]) -> float:
    # The same word twice is one word and the thought of repeating it.
    runs = _RUNS.findall(folded)
    return sum(_run(run, own) if run not in runs[:place] else 1.0 for place, run in enumerate(runs))


def _run(run: str, own: set[str]) -> float:
    if run in own:
        return _OWN
    if run[0].isdigit():
        return _YEAR if _IS_YEAR.match(run) else _DIGIT * len(run)
    if not run[0].isalpha():
        return _BETWEEN
    by_chance = _LETTER * len(run)
    # Words written together are as many words: one for every eight letters begun.
    return by_chance if _NO_WORD.search(run) else min(by_chance, _WORD * math.ceil(len(run) / 8))
