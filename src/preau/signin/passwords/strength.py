"""How strong a password is, in words: an estimate of the guesses it would take (zxcvbn), never a rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from preau.signin.passwords.rules import Chooser, is_common

# zxcvbn's own limit: it looks at every part of what it is given.
_LOOKED_AT = 72


@dataclass(frozen=True, slots=True)
class Strength:
    """`tone` as the look has it: ok, warn or bad. `word`: « Très solide ». `say`: why, in a sentence."""

    tone: str
    word: str
    say: str


def strength(password: str, chooser: Chooser) -> Strength:
    """The strength of `password` for who chooses it."""
    from zxcvbn import zxcvbn

    own = [part for word in chooser.words for part in (word, *word.replace(".", " ").replace("-", " ").split()) if part]
    score = 0 if is_common(password) else int(zxcvbn(password[:_LOOKED_AT], user_inputs=own)["score"])
    return (
        Strength("bad", gettext("Faible."), gettext("Il serait trouvé dans les premiers essais.")),
        Strength("bad", gettext("Faible."), gettext("Ajoutez un mot ou deux, sans rapport avec les autres.")),
        Strength("warn", gettext("Moyen."), gettext("Un mot de plus le rendrait solide.")),
        Strength("ok", gettext("Solide."), gettext("Long à deviner.")),
        Strength("ok", gettext("Très solide."), gettext("Long à deviner, facile à retenir s’il est fait de mots.")),
    )[score]
