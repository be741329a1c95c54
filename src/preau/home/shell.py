"""What the shell shows of this room: lines under the avatar, the way to the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from preau.home.places import RENTREE
from preau.home.policies import ADMINISTRATORS
from preau.kernel.actor import Actor
from preau.ui.api import MenuLink

SETTINGS_ROLES = ADMINISTRATORS


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings."""

    title: str
    icon: str
    url: str


def account_menu(actor: Actor) -> Sequence[MenuLink]:
    """See `ui.AccountMenu`."""
    profile = reverse("home.profile")
    return [
        MenuLink(label=_("Mon profil"), icon="user", url=profile, order=10),
        MenuLink(label=_("Affichage et confort"), icon="eye", url=f"{profile}#comfort", order=20),
    ]


def search_page(actor: Actor) -> str:
    """See `ui.SearchPage`: everybody may look for something."""
    return reverse("home.search") if actor.hats else ""


def settings_sections() -> Sequence[Section]:
    """The parts of the settings, in their order."""
    settings = reverse("home.settings")
    return [
        Section(_("Mentions de cette instance"), "school", settings),
        Section(_("Contrôles et version"), "shield-check", reverse("home.checks")),
        Section(_("Rôles et accès"), "users", reverse("directory.roles")),
        Section(_("Imports de la rentrée"), "upload", RENTREE),
    ]
