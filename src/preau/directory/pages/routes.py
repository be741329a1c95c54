"""Addresses of people, groups, powers and guardians."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from preau.directory.pages import groups, index, person, powers
from preau.kernel.actor import Role
from preau.kernel.routes import Route

# The ministère reads counts, the DPO acts on request, an outside trainer has no directory.
READERS = frozenset(Role) - {Role.MINISTERE, Role.DPO, Role.TRAINER}
ADMINISTRATORS = frozenset({Role.DIRECTION, Role.REFERENT})
DIRECTION = frozenset({Role.DIRECTION})
# Why people's records were shown, as they read it themselves.
LISTED = _("Annuaire")
RECORD = _("Lecture d’une fiche")
AUTHORITY = _("Décision sur l’autorité parentale")
ACCOUNTS = _("Gestion des comptes")
POWERS = _("Qui a accès")
_EXAMPLES = "preau.directory.testing:example_"

routes: tuple[Route, ...] = (
    Route(
        path="annuaire/",
        view=index.index,
        name="directory.index",
        auth="session",
        allow=READERS,
        discloses=LISTED,
    ),
    Route(
        path="annuaire/ajouter",
        view=person.add,
        name="directory.add",
        auth="session",
        methods=("GET", "POST"),
        allow=ADMINISTRATORS,
        example=f"{_EXAMPLES}add",
    ),
    Route(
        path="annuaire/groupes/",
        view=groups.groups,
        name="directory.groups",
        auth="session",
        allow=READERS,
        discloses=LISTED,
    ),
    Route(
        path="annuaire/groupes/<uuid:uuid>",
        view=groups.group,
        name="directory.group",
        auth="session",
        allow=READERS,
        discloses=LISTED,
        example=f"{_EXAMPLES}group",
    ),
    Route(
        path="annuaire/groupes/<uuid:uuid>/responsables",
        view=groups.guardians,
        name="directory.guardians",
        auth="session",
        allow=DIRECTION,
        discloses=AUTHORITY,
        example=f"{_EXAMPLES}group",
    ),
    Route(
        path="annuaire/groupes/<uuid:uuid>/responsables/confirmer",
        view=groups.confirm,
        name="directory.confirm_guardians",
        auth="session",
        methods=("POST",),
        allow=DIRECTION,
        example=f"{_EXAMPLES}group",
    ),
    Route(
        path="annuaire/responsables/<uuid:uuid>",
        view=groups.decide,
        name="directory.decide_guardian",
        auth="session",
        methods=("GET", "POST"),
        allow=DIRECTION,
        discloses=AUTHORITY,
        example=f"{_EXAMPLES}guardianship",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>",
        view=person.person,
        name="directory.person",
        auth="session",
        allow=READERS,
        discloses=RECORD,
        example=f"{_EXAMPLES}person",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/modifier",
        view=person.edit,
        name="directory.edit",
        auth="session",
        methods=("GET", "POST"),
        allow=ADMINISTRATORS,
        discloses=ACCOUNTS,
        example=f"{_EXAMPLES}edit",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/identifiant",
        view=person.rename,
        name="directory.rename",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        discloses=ACCOUNTS,
        example=f"{_EXAMPLES}rename",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/desactiver",
        view=person.suspend,
        name="directory.suspend",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=f"{_EXAMPLES}person_why",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/reactiver",
        view=person.resume,
        name="directory.resume",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=f"{_EXAMPLES}person",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/proteger",
        view=person.protect,
        name="directory.protect",
        auth="session",
        methods=("POST",),
        allow=DIRECTION,
        example=f"{_EXAMPLES}person_why",
    ),
    Route(
        path="annuaire/personnes/<uuid:uuid>/ne-plus-proteger",
        view=person.unprotect,
        name="directory.unprotect",
        auth="session",
        methods=("POST",),
        allow=DIRECTION,
        example=f"{_EXAMPLES}person",
    ),
    Route(
        path="annuaire/roles",
        view=powers.roles,
        name="directory.roles",
        auth="session",
        allow=ADMINISTRATORS,
        discloses=POWERS,
    ),
    Route(
        path="annuaire/roles.csv",
        view=powers.roles_csv,
        name="directory.roles_csv",
        auth="session",
        allow=ADMINISTRATORS,
        discloses=POWERS,
    ),
    Route(
        path="annuaire/roles/donner",
        view=powers.give,
        name="directory.give_role",
        auth="session",
        methods=("GET", "POST"),
        allow=DIRECTION,
        discloses=POWERS,
        example=f"{_EXAMPLES}give_role",
    ),
    Route(
        path="annuaire/roles/<uuid:uuid>/retirer",
        view=powers.end,
        name="directory.end_role",
        auth="session",
        methods=("GET", "POST"),
        allow=ADMINISTRATORS,
        discloses=POWERS,
        example=f"{_EXAMPLES}end_role",
    ),
    Route(
        path="annuaire/roles/<uuid:uuid>/decider",
        view=powers.decide,
        name="directory.decide_role",
        auth="session",
        methods=("POST",),
        allow=ADMINISTRATORS,
        example=f"{_EXAMPLES}decide_role",
    ),
)
