"""`/installation/<token>`: the one page that opens a school and makes its first administrator."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from preau.directory.api import corrected_uai
from preau.kernel import clock
from preau.kernel.actor import system
from preau.kernel.errors import Conflict, Invalid
from preau.kernel.routes import HouseRequest
from preau.signin.actions.setting_up import set_up
from preau.signin.entering import Known, admit
from preau.signin.hats import hats_of
from preau.signin.models import SetupLink
from preau.signin.pages.choosing import checks_of
from preau.signin.passwords.hashing import hash_password
from preau.signin.passwords.rules import LEAST_ADULT, Chooser, fault
from preau.signin.tokens import token_hash
from preau.ui.api import toast

FIELDS = ("uai", "school", "zone", "given_name", "family_name", "username")
LONGEST_FIELD = 200


def set_up_school(request: HouseRequest, token: str) -> HttpResponse:
    """The form and its answer. A link that is used or too old says so, and what to do."""
    link = SetupLink.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=clock.now()).first()
    if link is None:
        return _private(render(request, "signin/setup_over.html", status=404))
    if request.method != "POST":
        return _form(request, token, dict.fromkeys(FIELDS, ""), {})
    typed = {name: request.POST.get(name, "").strip()[:LONGEST_FIELD] for name in FIELDS}
    password = request.POST.get("password", "")
    chooser = Chooser(LEAST_ADULT, [typed["username"], typed["family_name"], typed["given_name"]])
    wrong = {"password": fault(password, chooser)} if fault(password, chooser) else {}
    if not wrong:
        try:
            return _open(request, link, typed, password)
        except Invalid as invalid:
            wrong = {"school" if name == "name" else name: sentence for name, sentence in invalid.fields.items()}
        except Conflict:
            return _private(render(request, "signin/setup_over.html", status=404))
    return _form(request, token, typed, wrong, checks_of(password, chooser))


def _open(request: HouseRequest, link: SetupLink, typed: dict[str, str], password: str) -> HttpResponse:
    school, person = set_up(
        system("setup link"),
        link,
        name=typed["school"],
        uai=typed["uai"],
        zone=typed["zone"],
        family_name=typed["family_name"],
        given_name=typed["given_name"],
        username=typed["username"],
        password_hash=hash_password(password),
    )
    response = HttpResponseRedirect("/")
    admit(request, response, Known(person, hats_of(person.pk)[0]))
    toast(request, _("{school} est ouvert.").format(school=school.name))
    if right := corrected_uai(school.uai):
        toast(request, _("La lettre de l’UAI devrait donner {right} : vérifiez-la.").format(right=right))
    return response


def _form(
    request: HouseRequest,
    token: str,
    typed: dict[str, str],
    wrong: dict[str, str],
    checks: dict[str, object] | None = None,
) -> HttpResponse:
    context = {
        "token": token,
        "typed": typed,
        "errors": wrong,
        "error": wrong.get("password", ""),
        "right": corrected_uai(typed["uai"]),
        **(checks or {"least": LEAST_ADULT}),
    }
    return _private(render(request, "signin/setup.html", context, status=422 if wrong else 200))


def check_uai(request: HouseRequest, token: str) -> HttpResponse:
    """The line under a UAI that is being typed: a wrong letter is a warning that gives the right one."""
    return _private(
        render(request, "signin/uai_hint.html", {"right": corrected_uai(request.POST.get("uai", "")[:LONGEST_FIELD])})
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    # The address is the secret: it goes into no other site's log. With "no-referrer" browsers would post the form with
    # `Origin: null`, which the CSRF check refuses (Fetch, 3.2.5 "append a request Origin header").
    response["Referrer-Policy"] = "same-origin"
    return response
