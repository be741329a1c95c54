"""People by hand: add, edit, rename, suspend, resume, protect."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _

from preau.directory.actions.texts import tidied
from preau.directory.events import PersonAdded, PersonEdited, PersonResumed, PersonSuspended
from preau.directory.models import Affiliation, Group, Membership, Organisation, Person
from preau.directory.models.person import AffiliationKind, PersonState, Suspension
from preau.directory.rosters.changing import PERSON_FOLDED, fold_person
from preau.directory.rosters.planning.people import free_username, username_for
from preau.directory.rosters.roster import Origin, PersonRow
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.actor import Role
from preau.kernel.errors import Conflict, Invalid, Refused

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?\Z")
EDITABLE = ("family_name", "given_name", "preferred_given_name", "birth_date", "email", "phone")
PREFERENCES = ("language", "theme", "density")


@action("directory.add_person")
def add_person(
    act: Act,
    organisation: Organisation,
    *,
    kind: AffiliationKind,
    family_name: str,
    given_name: str,
    birth_date: dt.date | None = None,
    email: str = "",
    label: str = "",
    group: Group | None = None,
) -> Person:
    """Adds somebody no file knows, with an affiliation that no file ends; learners may join a group at once."""
    act.require("add_person", organisation)
    names = tidied(Person, {"family_name": family_name, "given_name": given_name, "email": email})
    family_name, given_name = names["family_name"], names["given_name"]
    label = tidied(Affiliation, {"label": label})["label"]
    if not (family_name or given_name):
        raise Invalid({"family_name": _("Écrivez au moins un nom ou un prénom.")})
    if group is not None and group.organisation_id != organisation.pk:
        raise Invalid({"group": _("Cette classe est d’un autre établissement.")})
    row = PersonRow("", Origin("", 0), family_name=family_name, given_name=given_name)
    wanted = username_for(row)
    taken = set(Person.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    person = Person(
        username=free_username(wanted, taken),
        family_name=family_name,
        given_name=given_name,
        birth_date=birth_date if kind == AffiliationKind.PUPIL else None,
        email=names["email"],
        created_at=clock.now(),
    )
    fold_person(person)
    person.save(force_insert=True)
    Affiliation.objects.create(person=person, organisation=organisation, kind=kind, label=label, starts=clock.today())
    if group is not None:
        role = "learner" if kind == AffiliationKind.PUPIL else "teacher"
        Membership.objects.create(person=person, group=group, role=role, starts=clock.today())
    act.record(target=person, subject=person.pk, organisation_id=organisation.pk, kind=str(kind))
    act.emit(PersonAdded(person_id=person.pk))
    return person


@action("directory.edit_person")
def edit_person(act: Act, /, person: Person, **changes: Any) -> None:
    """Changes names, birth date or contacts (`EDITABLE`). Names a file said are said again by its next import; the
    preferred given name survives."""
    act.require("edit", person)
    _edit(act, person, changes)


@action("directory.edit_own_profile")
def edit_own_profile(act: Act, /, person: Person, **changes: Any) -> None:
    """One's own preferred given name, contact, language and comfort. A pupil's name is read by a whole school, so it is
    the school that changes it."""
    if act.actor.id != person.pk:
        act.require("edit", person)
    act.authorised_by("own account")
    wanted = changes.get("preferred_given_name", person.preferred_given_name)
    if act.actor.wears(Role.PUPIL) and wanted != person.preferred_given_name:
        raise Refused("edit_preferred_given_name", _("Le prénom d’usage d’un élève se change à la vie scolaire."))
    allowed = {"preferred_given_name", "email", *PREFERENCES}
    _edit(act, person, {field: value for field, value in changes.items() if field in allowed})


def _edit(act: Act, person: Person, changes: dict[str, Any]) -> None:
    unknown = set(changes) - set(EDITABLE) - set(PREFERENCES)
    if unknown:
        raise ValueError(f"edit_person knows no {sorted(unknown)}")
    texts = {field: value for field, value in changes.items() if isinstance(value, str)}
    changes = {**changes, **tidied(Person, texts)}
    changed = sorted(field for field, value in changes.items() if getattr(person, field) != value)
    for field in changed:
        setattr(person, field, changes[field])
    if not (person.family_name or person.given_name or person.preferred_given_name):
        raise Invalid({"family_name": _("Écrivez au moins un nom ou un prénom.")})
    fold_person(person)
    if set(changed) - set(PREFERENCES):
        person.edited_at = clock.now()
    person.save(update_fields=[*changed, *PERSON_FOLDED, "edited_at"])
    act.record(target=person, subject=person.pk, changed=changed)
    act.emit(PersonEdited(person_id=person.pk))


@action("directory.rename_account")
def rename_account(act: Act, person: Person, *, username: str) -> None:
    """Gives another username: lower-case letters, digits, `.`, `-`, `_`; at most 60."""
    act.require("edit", person)
    username = username.strip().lower()
    if not USERNAME.match(username):
        raise Invalid({"username": _("Un identifiant s’écrit en lettres sans accent, chiffres, points et tirets.")})
    if Person.objects.filter(username=username).exclude(pk=person.pk).exists():
        raise Invalid({"username": _("Cet identifiant est déjà pris.")})
    before = person.username
    person.username = username
    fold_person(person)
    person.edited_at = clock.now()
    person.save(update_fields=["username", *PERSON_FOLDED, "edited_at"])
    act.record(target=person, subject=person.pk, before=before, after=username)
    act.emit(PersonEdited(person_id=person.pk))


@action("directory.suspend_person")
def suspend_person(act: Act, person: Person, *, reason: str) -> None:
    """Closes every door at the next request; nothing is lost."""
    act.require("suspend", person)
    if act.actor.id == person.pk:
        raise Conflict(_("On ne se désactive pas soi-même : demandez à un autre administrateur."))
    _set_state(person, PersonState.SUSPENDED, Suspension.DECISION)
    act.record(target=person, subject=person.pk, reason=reason)
    act.emit(PersonSuspended(person_id=person.pk))


@action("directory.resume_person")
def resume_person(act: Act, person: Person) -> None:
    """Opens the account again."""
    act.require("resume", person)
    _set_state(person, PersonState.ACTIVE, Suspension.NONE)
    act.record(target=person, subject=person.pk)
    act.emit(PersonResumed(person_id=person.pk))


def _set_state(person: Person, state: PersonState, why: Suspension) -> None:
    person.state, person.suspension = state, why
    person.suspended_at = clock.now() if state == PersonState.SUSPENDED else None
    person.edited_at = clock.now()
    person.save(update_fields=["state", "suspension", "suspended_at", "edited_at"])


@action("directory.protect_person")
def protect_person(act: Act, person: Person, *, protected: bool, reason: str) -> None:
    """Sets or lifts *protected*: absent from search, lists, mentions and exports except to direction."""
    act.require("protect", person)
    person.is_protected = protected
    person.edited_at = clock.now()
    person.save(update_fields=["is_protected", "edited_at"])
    act.record(target=person, subject=person.pk, protected=protected, reason=reason)
    act.emit(PersonEdited(person_id=person.pk))
