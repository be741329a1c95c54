"""Addresses of this room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from preau.home.pages import profile, search, settings, today
from preau.home.shell import SETTINGS_ROLES
from preau.kernel.routes import EVERYBODY, Route

routes = (
    Route(
        path="",
        view=today.today,
        name="home.today",
        auth="session",
        allow=EVERYBODY,
        discloses="Accueil",
    ),
    Route(
        path="recherche",
        view=search.search,
        name="home.search",
        auth="session",
        allow=EVERYBODY,
        discloses=_("Recherche"),
    ),
    Route(path="moi/", view=profile.mine, name="home.mine", auth="session", allow=EVERYBODY),
    Route(
        path="moi/profil",
        view=profile.profile,
        name="home.profile",
        auth="session",
        methods=("GET", "POST"),
        allow=EVERYBODY,
        example="preau.home.testing:example_profile",
    ),
    Route(
        path="reglages/",
        view=settings.settings,
        name="home.settings",
        auth="session",
        methods=("GET", "POST"),
        allow=SETTINGS_ROLES,
        example="preau.home.testing:example_facts",
    ),
    Route(path="reglages/controles", view=settings.checks, name="home.checks", auth="session", allow=SETTINGS_ROLES),
)
