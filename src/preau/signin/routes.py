"""Addresses of sign-in."""

from __future__ import annotations

from preau.kernel.routes import EVERYBODY, Route
from preau.signin.pages import account, choosing, door

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
)
