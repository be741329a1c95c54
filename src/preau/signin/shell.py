"""What the shell shows of whoever is signed in: their portrait, and their lines under the avatar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from preau.directory.api import Membership, Person, current
from preau.kernel import clock
from preau.kernel.actor import Actor, Role, Scope
from preau.signin.hats import Choice
from preau.signin.identity import SignedIn
from preau.ui.api import Density, HatChoice, MenuLink, Portrait, Preferences, Stage, Theme, chalk, initials

# The directory's words for a school's stage are the fields', the shell's are the look's.
_STAGES: dict[str, Stage] = {"primary": "ecole", "college": "college", "lycee": "lycee"}


def identity(actor: Actor) -> Portrait | None:
    """See `ui.Identity`."""
    if not isinstance(actor, SignedIn):
        return None
    person, choice = actor.person, actor.choice
    place = _division(person, choice) if choice.hat.role is Role.PUPIL else ""
    return Portrait(
        name=person.display_name,
        initials=initials(person.display_name),
        chalk=chalk(person.display_name),
        role=f"{role_label(choice)}, {place}" if place else role_label(choice),
        organisation=choice.organisation,
        place=place,
        stage=_STAGES.get(choice.stage, "") if choice.hat.role is Role.PUPIL else "",
        hats=tuple(
            HatChoice(key=other.key, label=role_label(other), organisation=other.organisation, current=other == choice)
            for other in actor.choices
        ),
        switch_url="/moi/role",
        preferences=Preferences(
            theme=cast(Theme, person.theme), density=cast(Density, person.density), language=person.language
        ),
    )


def _division(person: Person, choice: Choice) -> str:
    stays = Membership.objects.filter(
        current(),
        person=person,
        group__organisation=choice.hat.organisation_id,
        group__kind="division",
        group__school_year=clock.school_year(),
        group__is_sensitive=False,
    )
    return stays.values_list("group__name", flat=True).order_by("group__name").first() or ""


def role_label(choice: Choice) -> str:
    """The role in words that say no gender: the file's own for staff (« AESH »), else the house's."""
    if choice.hat.role is Role.STAFF and choice.label:
        return choice.label
    if choice.hat.role is Role.VIE_SCOLAIRE and choice.hat.scope is Scope.NAMES:
        return _("Vie scolaire, par délégation")
    return {
        Role.PUPIL: _("Élève"),
        Role.GUARDIAN: _("Responsable"),
        Role.TEACHER: _("Enseignement"),
        Role.VIE_SCOLAIRE: _("Vie scolaire"),
        Role.STAFF: _("Personnel"),
        Role.REFERENT: _("Référent numérique"),
        Role.DIRECTION: pgettext("role", "Direction"),
        Role.ACADEMIE: _("Académie"),
        Role.MINISTERE: _("Ministère"),
        Role.DPO: _("Délégué à la protection des données"),
        Role.TRAINER: _("Intervenant extérieur"),
    }[choice.hat.role]


def account_menu(actor: Actor) -> Sequence[MenuLink]:
    """See `ui.AccountMenu`."""
    if not isinstance(actor, SignedIn):
        return ()
    return (
        MenuLink(label=_("Mon mot de passe"), icon="key-round", url="/moi/mot-de-passe", order=30),
        MenuLink(label=_("Mes connexions"), icon="laptop", url="/moi/connexions", order=40),
        MenuLink(label=_("Se déconnecter"), icon="log-out", url="/deconnexion", order=90, post=True),
    )
