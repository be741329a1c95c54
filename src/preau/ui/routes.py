"""Addresses of the furniture; all public, none shows a person."""

from preau.kernel.routes import Route
from preau.ui.language import set_language
from preau.ui.pages import showroom, statements

routes = (
    Route(path="accessibilite", view=statements.accessibility, name="ui.accessibility", auth="public"),
    Route(path="mentions-legales", view=statements.legal, name="ui.legal", auth="public"),
    Route(path="donnees-personnelles", view=statements.privacy, name="ui.privacy", auth="public"),
    Route(path="souverainete", view=statements.sovereignty, name="ui.sovereignty", auth="public"),
    Route(path="langue", view=set_language, name="ui.language", auth="public", methods=("POST",)),
    Route(path="composants", view=showroom.show, name="ui.showroom", auth="public", methods=("GET", "POST")),
)
