"""Messages of the command line: the rooms' catalogues, read without Django, which the supervisor must not load.

French unless the terminal speaks English (`LC_ALL`, `LC_MESSAGES`, `LANG`).
"""

from __future__ import annotations

import gettext as catalogues
import os
from functools import cache
from pathlib import Path

_HOUSE = Path(__file__).resolve().parent.parent


def language() -> str:
    """ "en" or "fr"."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if spoken.startswith("en") else "fr"


@cache
def _catalogue() -> catalogues.NullTranslations:
    found = catalogues.NullTranslations()
    for folder in sorted(_HOUSE.glob("*/locale")):
        found.add_fallback(catalogues.translation("django", folder, [language()], fallback=True))
    return found


def _(french: str) -> str:
    """The sentence in the terminal's language."""
    return _catalogue().gettext(french)
