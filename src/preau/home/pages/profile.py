"""`/moi/profil`: what a person decides for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from preau.directory.api import Person, edit_own_profile
from preau.kernel.actor import Role
from preau.kernel.errors import Invalid
from preau.kernel.room import providers
from preau.kernel.routes import HouseRequest
from preau.ui.api import AccountMenu, toast
from preau.ui.language import remember

THEMES = ("", "light", "dark")
DENSITIES = ("", "compact", "regular", "roomy")
OF_THE_SCHOOL = ("preferred_given_name", "email")
FIELDS = ("preferred_given_name", "email", "language", "theme", "density")


def mine(request: HouseRequest) -> HttpResponse:
    """`/moi/`, which people and guides know: the first page of what is one's own."""
    return HttpResponseRedirect(reverse("home.profile"))


def profile(request: HouseRequest) -> HttpResponse:
    """The page, and what it saves."""
    person = get_object_or_404(Person, pk=request.actor.id)
    if request.method != "POST":
        return _page(request, person, {field: getattr(person, field) for field in FIELDS}, {})
    typed = {field: request.POST[field].strip() for field in _fields(request) if field in request.POST}
    try:
        _check(typed)
        edit_own_profile(request.actor, person, **typed)
    except Invalid as error:
        kept = {field: typed.get(field, getattr(person, field)) for field in FIELDS}
        return _page(request, person, kept, error.fields)
    response = HttpResponseRedirect(reverse("home.profile"))
    if typed.get("language"):
        remember(response, typed["language"])
        translation.activate(typed["language"])
    toast(request, _("C’est gardé."))
    return response


def _fields(request: HouseRequest) -> tuple[str, ...]:
    # A pupil's address and name are the school's business: nothing is sent to the one, a whole school reads the other.
    return tuple(field for field in FIELDS if field not in OF_THE_SCHOOL or not request.actor.wears(Role.PUPIL))


def _check(typed: Mapping[str, str]) -> None:
    wrong: dict[str, str] = {}
    if email := typed.get("email"):
        try:
            validate_email(email)
        except ValidationError:
            wrong["email"] = _("Cette adresse n’est pas complète : il faut un nom, @ et un domaine.")
    known = {"theme": THEMES, "density": DENSITIES, "language": ("", *dict(settings.LANGUAGES))}
    for field, values in known.items():
        if typed.get(field, "") not in values:
            wrong[field] = _("Choisissez une des réponses proposées.")
    if wrong:
        raise Invalid(wrong)


def _page(request: HouseRequest, person: Person, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    own = reverse("home.profile")
    others = [link for lines in providers(AccountMenu) for link in lines(request.actor) if not link.post]
    context = {
        "person": person,
        "typed": {**typed, "language": typed["language"] or translation.get_language()},
        "errors": errors,
        "is_pupil": request.actor.wears(Role.PUPIL),
        "languages": [(code, name) for code, name in settings.LANGUAGES],
        "themes": [("", _("Comme l’appareil")), ("light", _("Clair")), ("dark", _("Sombre"))],
        "densities": [
            ("", _("Selon l’âge")),
            ("compact", _("Serrée")),
            ("regular", _("Moyenne")),
            ("roomy", _("Grande")),
        ],
        "links": sorted((link for link in others if not link.url.startswith(own)), key=lambda link: link.order),
        "own": own,
    }
    return render(request, "home/profile.html", context, status=422 if errors else 200)
