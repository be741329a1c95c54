"""Addresses of la rentrée."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from preau.directory.pages.rentree import applying, choosing, result, simulation, upload
from preau.kernel.actor import Role
from preau.kernel.routes import Route

ADMINISTRATORS = frozenset({Role.DIRECTION, Role.REFERENT})
UPLOAD_BYTES = 200 << 20
# A rejected row has at most as many cells as its file has columns.
ROW_BYTES = 1 << 20
IMPORT = _("Import de la rentrée")
_EXAMPLE = "preau.directory.testing:example_import"
_DEPOSIT = "preau.directory.testing:example_deposit"
_UNDOABLE = "preau.directory.testing:example_applied_import"

routes: tuple[Route, ...] = (
    Route(
        path="rentree/",
        view=upload.upload,
        name="directory.upload",
        auth="session",
        methods=("GET", "POST"),
        allow=ADMINISTRATORS,
        body_limit=UPLOAD_BYTES,
    ),
    Route(
        path="rentree/<uuid:uuid>/",
        view=simulation.simulation,
        name="directory.simulation",
        auth="session",
        allow=ADMINISTRATORS,
        discloses=IMPORT,
        example=_EXAMPLE,
    ),
    Route(
        path="rentree/<uuid:uuid>/choisir",
        view=choosing.choose,
        name="directory.choose_school",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/corriger",
        view=choosing.correct,
        name="directory.correct_row",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        body_limit=ROW_BYTES,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/reconnaitre",
        view=choosing.recognise,
        name="directory.recognise",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/simuler",
        view=choosing.simulate_again,
        name="directory.simulate_again",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/retirer",
        view=choosing.forget,
        name="directory.forget_upload",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/appliquer",
        view=choosing.apply,
        name="directory.apply",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        discloses=IMPORT,
        example=_DEPOSIT,
    ),
    Route(
        path="rentree/<uuid:uuid>/refusees.csv",
        view=choosing.refused_csv,
        name="directory.refused_csv",
        auth="session",
        allow=ADMINISTRATORS,
        example=_EXAMPLE,
    ),
    Route(
        path="rentree/<uuid:uuid>/progression",
        view=applying.applying,
        name="directory.applying",
        auth="session",
        allow=ADMINISTRATORS,
        example=_EXAMPLE,
    ),
    Route(
        path="rentree/<uuid:uuid>/resultat",
        view=result.result,
        name="directory.result",
        auth="session",
        allow=ADMINISTRATORS,
        discloses=IMPORT,
        example=_UNDOABLE,
    ),
    Route(
        path="rentree/<uuid:uuid>/annuler",
        view=result.undo,
        name="directory.undo_import",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        discloses=IMPORT,
        example=_UNDOABLE,
    ),
    Route(
        path="rentree/<uuid:uuid>/laisser",
        view=result.leave,
        name="directory.leave_row",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=_DEPOSIT,
    ),
)
