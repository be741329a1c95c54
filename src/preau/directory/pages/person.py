"""One person's page, and what is done to a person by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from preau.directory.actions.people import (
    add_person,
    edit_person,
    protect_person,
    rename_account,
    resume_person,
    suspend_person,
)
from preau.directory.models import Group, Organisation, Person
from preau.directory.models.group import GroupKind
from preau.directory.models.person import AffiliationKind
from preau.directory.pages.parts import page, person_slots, read_day, school_of
from preau.directory.queries.records import record_of
from preau.directory.words import KINDS, hat_word
from preau.kernel import clock
from preau.kernel.errors import Invalid
from preau.kernel.policy import get_visible, require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast


def find(request: HouseRequest, uuid: UUID) -> Person:
    """The person, or 404: whom an actor may not see does not exist for them."""
    return get_visible(request.actor, Person.objects.all(), uuid=uuid)


def url_of(target: Person) -> str:
    """The person's page."""
    return reverse("directory.person", args=[target.uuid])


def person(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """The record, as this actor may read it."""
    record = record_of(request.actor, find(request, uuid))
    request.disclosing.add(record.disclosed)
    context = {
        "record": record,
        "slots": person_slots(request.actor, record.person),
        "hat": hat_word(request.actor.hat),
        "whole": True,
    }
    return page(request, "directory/person.html", context)


def add(request: HouseRequest) -> HttpResponse:
    """Somebody whom no file knows."""
    school = school_of(request.actor)
    require(request.actor, "add_person", school)
    typed = request.POST if request.method == "POST" else request.GET
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = _add(request, school)
        except Invalid as error:
            errors = error.fields
        else:
            toast(request, _("{name} est dans l’annuaire").format(name=made.display_name))
            return HttpResponseRedirect(url_of(made))
    context = {
        "typed": {key: typed.get(key, "") for key in (*_NAMES, "birth_date", "email", "label", "group")},
        "kind": typed.get("kind") or AffiliationKind.PUPIL.value,
        "kinds": [(kind.value, _(word)) for kind, word in KINDS.items()],
        "groups": _divisions(request, school),
        "school": school,
    }
    return page(request, "directory/add.html", context, errors)


_NAMES = ("family_name", "given_name", "preferred_given_name")


def _divisions(request: HouseRequest, school: Organisation) -> list[Group]:
    seen = visible(request.actor, Group.objects.filter(organisation=school, closed_on=None, kind=GroupKind.DIVISION))
    return list(seen.order_by("name"))


def _add(request: HouseRequest, school: Organisation) -> Person:
    form = request.POST
    kind = form.get("kind", "")
    if kind not in AffiliationKind.values:
        raise Invalid({"kind": _("Choisissez ce que cette personne est ici.")})
    group = None
    if wanted := form.get("group", ""):
        group = next((each for each in _divisions(request, school) if str(each.uuid) == wanted), None)
        if group is None:
            raise Invalid({"group": _("Cette classe n’existe plus : choisissez-en une autre.")})
    if kind not in (AffiliationKind.PUPIL, AffiliationKind.TEACHER):
        group = None
    return add_person(
        request.actor,
        school,
        kind=AffiliationKind(kind),
        family_name=form.get("family_name", ""),
        given_name=form.get("given_name", ""),
        birth_date=_past_day(form.get("birth_date", "")),
        email=_email(form.get("email", "")),
        label=form.get("label", ""),
        group=group,
    )


def _past_day(value: str) -> dt.date | None:
    day = read_day(value, "birth_date")
    if day is not None and not (dt.date(1900, 1, 1) <= day < clock.today()):
        raise Invalid({"birth_date": _("Une naissance est dans le passé.")})
    return day


def _email(value: str) -> str:
    value = value.strip()
    if value and (value.count("@") != 1 or value[0] == "@" or value[-1] == "@" or " " in value):
        raise Invalid({"email": _("Une adresse s’écrit comme nom@exemple.fr.")})
    return value


def edit(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Names, birth date and contacts; the username has a form of its own on the same page."""
    target = find(request, uuid)
    require(request.actor, "edit", target)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _edit(request, target)
        except Invalid as error:
            errors = error.fields
        else:
            toast(request, _("Fiche de {name} modifiée").format(name=target.display_name))
            return HttpResponseRedirect(url_of(target))
    return _edit_page(request, target.uuid, errors)


def _edit(request: HouseRequest, target: Person) -> None:
    form = request.POST
    changes: dict[str, Any] = {field: form[field] for field in (*_NAMES, "phone") if field in form}
    if "email" in form:
        changes["email"] = _email(form["email"])
    if "birth_date" in form:
        changes["birth_date"] = _past_day(form["birth_date"])
    edit_person(request.actor, target, **changes)


def _edit_page(request: HouseRequest, uuid: UUID, errors: dict[str, str]) -> HttpResponse:
    stored = find(request, uuid)
    record = record_of(request.actor, stored)
    request.disclosing.add([stored.pk])
    shown = {
        **{field: getattr(stored, field) for field in (*_NAMES, "email", "phone", "username")},
        "birth_date": stored.birth_date.isoformat() if stored.birth_date else "",
    }
    typed = {field: request.POST.get(field, value) for field, value in shown.items()}
    return page(request, "directory/edit.html", {"person": stored, "typed": typed, "record": record}, errors)


def rename(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Another username: the old one no longer signs in."""
    target = find(request, uuid)
    try:
        rename_account(request.actor, target, username=request.POST.get("username", ""))
    except Invalid as error:
        return _edit_page(request, uuid, error.fields)
    toast(request, _("L’identifiant est maintenant {username}").format(username=target.username))
    return HttpResponseRedirect(url_of(target))


def suspend(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Closes the account at once; the toast opens it again."""
    target = find(request, uuid)
    suspend_person(request.actor, target, reason=request.POST.get("reason", "").strip()[:200])
    said = _("Compte de {name} désactivé").format(name=target.display_name)
    toast(request, said, undo=reverse("directory.resume", args=[target.uuid]))
    return HttpResponseRedirect(url_of(target))


def resume(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Opens it again."""
    target = find(request, uuid)
    resume_person(request.actor, target)
    toast(request, _("Compte de {name} réactivé").format(name=target.display_name))
    return HttpResponseRedirect(url_of(target))


def protect(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Hides the person from everybody but the direction."""
    target = find(request, uuid)
    protect_person(request.actor, target, protected=True, reason=_reason(request))
    said = _("{name} n’apparaît plus qu’à la direction").format(name=target.display_name)
    toast(request, said, undo=reverse("directory.unprotect", args=[target.uuid]))
    return HttpResponseRedirect(url_of(target))


def unprotect(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Shows them again to whoever would see them."""
    target = find(request, uuid)
    protect_person(request.actor, target, protected=False, reason=_reason(request))
    toast(request, _("{name} apparaît de nouveau dans l’annuaire").format(name=target.display_name))
    return HttpResponseRedirect(url_of(target))


def _reason(request: HouseRequest) -> str:
    return request.POST.get("reason", "").strip()[:200]
