"""The only door in: the protocols that rooms answer, and the helpers that their pages use."""

from preau.ui.errors import error_page
from preau.ui.language import remember as remember_language
from preau.ui.people import CHALKS, chalk, initials
from preau.ui.protocols import (
    AccountMenu,
    BellSource,
    Card,
    Density,
    Facts,
    GroupSlot,
    HatChoice,
    HomeCard,
    Identity,
    InstanceFacts,
    MenuLink,
    PersonSlot,
    Portrait,
    Preferences,
    SearchPage,
    Stage,
    Theme,
)
from preau.ui.toasts import toast
from preau.ui.words import day, number, typeset, when

__all__ = [
    "CHALKS",
    "AccountMenu",
    "BellSource",
    "Card",
    "Density",
    "Facts",
    "GroupSlot",
    "HatChoice",
    "HomeCard",
    "Identity",
    "InstanceFacts",
    "MenuLink",
    "PersonSlot",
    "Portrait",
    "Preferences",
    "SearchPage",
    "Stage",
    "Theme",
    "chalk",
    "day",
    "error_page",
    "initials",
    "number",
    "remember_language",
    "toast",
    "typeset",
    "when",
]
