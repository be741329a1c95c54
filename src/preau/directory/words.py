"""The directory's own words for roles, ties and what a guardian may, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

from preau.directory.models.guardianship import Authority
from preau.directory.models.person import AffiliationKind
from preau.kernel.actor import Hat, Role, Scope

ROLES = {
    Role.PUPIL: _("Élève"),
    Role.GUARDIAN: _("Responsable légal"),
    Role.TEACHER: _("Professeur"),
    Role.VIE_SCOLAIRE: _("Vie scolaire"),
    Role.STAFF: _("Personnel"),
    Role.REFERENT: _("Référent numérique"),
    Role.DIRECTION: _("Direction"),
    Role.ACADEMIE: _("Académie"),
    Role.MINISTERE: _("Ministère"),
    Role.DPO: _("Délégué à la protection des données"),
    Role.TRAINER: _("Intervenant extérieur"),
}
_SCOPED = {
    (Role.VIE_SCOLAIRE, Scope.NAMES): _("Vie scolaire, noms et classes"),
    (Role.STAFF, Scope.HEALTH): _("Santé et social"),
}
KINDS = {
    AffiliationKind.PUPIL: ROLES[Role.PUPIL],
    AffiliationKind.TEACHER: ROLES[Role.TEACHER],
    AffiliationKind.STAFF: ROLES[Role.STAFF],
    AffiliationKind.GUARDIAN: ROLES[Role.GUARDIAN],
    AffiliationKind.TRAINER: ROLES[Role.TRAINER],
}
_STATES = {
    Authority.EXERCISES: _("autorité parentale"),
    Authority.INFORMED: _("peut être informé, ne décide pas"),
    Authority.NONE: _("aucun accès"),
}


def role_word(role: str, scope: str = "") -> str:
    """ "Vie scolaire, noms et classes"."""
    return gettext(_SCOPED.get((Role(role), Scope(scope)), ROLES[Role(role)]))


def kind_word(kind: str, label: str = "") -> str:
    """What a file says somebody is: its own word where it has one ("CPE"), ours otherwise."""
    known = gettext(KINDS[AffiliationKind(kind)])
    if not label or label.casefold() == KINDS[AffiliationKind(kind)].casefold():
        return known
    return label[:1].upper() + label[1:]


def hat_word(hat: Hat | None) -> str:
    """The role that a page is read in."""
    return role_word(hat.role, hat.scope) if hat else ""


def authority_word(state: str, *, decided: bool, everyday: bool = False) -> str:
    """What a guardian may, as the direction and the CPE read it."""
    if not decided:
        return gettext("pas encore décidé")
    said = gettext(_STATES[Authority(state)])
    if not everyday or state == Authority.EXERCISES:
        return said
    also = gettext("actes usuels")
    return f"{said}, {also}"


def listed(words: Iterable[str]) -> str:
    """ "Lina, Sami et Noé"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return pgettext("list", "{first} et {last}").format(first=", ".join(items[:-1]), last=items[-1])
