"""Opening a school: itself, and the first person of it, who then gives every other power."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from preau.directory.actions.people import USERNAME
from preau.directory.events import GrantGiven, PersonAdded
from preau.directory.models import Affiliation, Grant, Organisation, Person
from preau.directory.models.organisation import OrganisationKind
from preau.directory.models.person import AffiliationKind, GrantState
from preau.directory.organisations import next_path, root, stage_of
from preau.directory.rosters.applying import fold_person
from preau.directory.uai import normal
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.actor import Role
from preau.kernel.errors import Invalid, Refused
from preau.kernel.search import fold_words

ZONES = ("A", "B", "C", "")
_UAI = re.compile(r"\d{7}[A-Z]\Z")
FIRST_ROLES = (Role.REFERENT, Role.DIRECTION)


@action("directory.set_up_school")
def set_up_school(
    act: Act,
    *,
    name: str,
    uai: str,
    zone: str,
    family_name: str,
    given_name: str,
    username: str,
) -> tuple[Organisation, Person]:
    """Opens a school under the root (or takes the one that an import has already made with this UAI), and its first
    person, who is staff there and holds référent and direction.

    Only the house may: whoever holds the link that `preau setup` printed acts through it. Raises `Invalid` by field.
    """
    if not act.actor.is_system:
        raise Refused("set_up_school")
    act.authorised_by("setup link")
    name, uai, username = name.strip(), normal(uai), username.strip().lower()
    family_name, given_name = family_name.strip()[:120], given_name.strip()[:120]
    wrong = _faults(name=name, uai=uai, zone=zone, family_name=family_name, given_name=given_name, username=username)
    if wrong:
        raise Invalid(wrong)
    school = _school(name, uai, zone)
    person = Person(username=username, family_name=family_name, given_name=given_name, created_at=clock.now())
    fold_person(person)
    person.save(force_insert=True)
    Affiliation.objects.create(person=person, organisation=school, kind=AffiliationKind.STAFF, starts=clock.today())
    act.record(target=school, subject=person.pk, organisation_id=school.pk, uai=uai)
    act.emit(PersonAdded(person_id=person.pk))
    for role in FIRST_ROLES:
        grant = Grant.objects.create(
            person=person,
            role=role,
            organisation=school,
            state=GrantState.GIVEN,
            starts=clock.today(),
            reason="mise en service",
            decided_at=clock.now(),
        )
        act.emit(GrantGiven(grant_id=grant.pk, person_id=person.pk))
    return school, person


def _faults(*, name: str, uai: str, zone: str, family_name: str, given_name: str, username: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = _("Écrivez le nom de l’établissement.")
    if not _UAI.match(uai):
        wrong["uai"] = _("Un UAI s’écrit avec sept chiffres et une lettre.")
    if zone not in ZONES:
        wrong["zone"] = _("Choisissez une zone.")
    if not family_name:
        wrong["family_name"] = _("Écrivez votre nom.")
    if not given_name:
        wrong["given_name"] = _("Écrivez votre prénom.")
    if not USERNAME.match(username):
        wrong["username"] = _("Un identifiant s’écrit en lettres sans accent, chiffres, points et tirets.")
    elif Person.objects.filter(username=username).exists():
        wrong["username"] = _("Cet identifiant est déjà pris.")
    return wrong


def _school(name: str, uai: str, zone: str) -> Organisation:
    known = Organisation.objects.filter(uai=uai, kind=OrganisationKind.SCHOOL).first()
    if known is not None:
        known.name, known.zone, known.folded = name[:200], zone, fold_words(name, uai)
        known.save(update_fields=["name", "zone", "folded"])
        return known
    above = root()
    return Organisation.objects.create(
        kind=OrganisationKind.SCHOOL,
        name=name[:200],
        uai=uai,
        stage=stage_of(name),
        zone=zone,
        parent=above,
        path=next_path(above),
        folded=fold_words(name, uai),
    )
