"""Addresses of sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from preau.kernel.actor import Role
from preau.kernel.routes import EVERYBODY, Route
from preau.signin.pages import account, choosing, codes, door, setting_up

# Whoever may hand out a one-use code; to whom, `policies.resettable` says.
GIVERS = frozenset({Role.TEACHER, Role.VIE_SCOLAIRE, Role.REFERENT, Role.DIRECTION})
CODES = _("Remise d’un code de connexion")

routes = (
    Route(path="connexion", view=door.sign_in, name="signin.door", auth="public", methods=("GET", "POST")),
    Route(path="connexion/code", view=door.with_code, name="signin.code", auth="public", methods=("GET", "POST")),
    Route(
        path="connexion/premiere", view=choosing.choose, name="signin.choosing", auth="public", methods=("GET", "POST")
    ),
    Route(path="connexion/force", view=choosing.how_strong, name="signin.strength", auth="public", methods=("POST",)),
    Route(path="deconnexion", view=door.sign_out, name="signin.sign_out", auth="public", methods=("POST",)),
    Route(path="moi/connexions", view=account.sessions, name="signin.sessions", auth="session", allow=EVERYBODY),
    Route(
        path="moi/connexions/fermer",
        view=account.close,
        name="signin.close",
        auth="session",
        methods=("POST",),
        allow=EVERYBODY,
    ),
    Route(
        path="moi/role", view=account.switch, name="signin.switch", auth="session", methods=("POST",), allow=EVERYBODY
    ),
    Route(
        path="moi/mot-de-passe",
        view=account.password,
        name="signin.password",
        auth="session",
        methods=("GET", "POST"),
        allow=EVERYBODY,
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/code",
        view=codes.for_person,
        name="signin.person_code",
        auth="session",
        methods=("GET", "POST"),
        allow=GIVERS,
        discloses=CODES,
        example="preau.directory.testing:example_person",
    ),
    Route(
        path="annuaire/groupes/<uuid:uuid>/codes",
        view=codes.for_group,
        name="signin.group_codes",
        auth="session",
        methods=("GET", "POST"),
        allow=GIVERS,
        discloses=CODES,
        example="preau.directory.testing:example_group",
    ),
    Route(
        path="installation/<str:token>",
        view=setting_up.set_up_school,
        name="signin.setup",
        auth="public",
        methods=("GET", "POST"),
        example="preau.signin.testing:example_setup",
    ),
    Route(
        path="installation/<str:token>/uai",
        view=setting_up.check_uai,
        name="signin.setup_uai",
        auth="public",
        methods=("POST",),
        example="preau.signin.testing:example_setup",
    ),
)
