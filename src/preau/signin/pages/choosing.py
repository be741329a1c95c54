"""`/connexion/premiere`: who typed a good one-use code chooses a password. `/connexion/force`: how strong it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from preau.kernel.actor import Role
from preau.kernel.errors import Conflict
from preau.kernel.routes import HouseRequest
from preau.signin import cookies, entering
from preau.signin.actions.passwords import choose_password
from preau.signin.authenticator import local_address
from preau.signin.entering import Known
from preau.signin.hats import hats_of
from preau.signin.identity import SignedIn, as_actor
from preau.signin.models import OneUseCode, Outcome
from preau.signin.passwords.hashing import hash_password
from preau.signin.passwords.rules import LEAST_ADULT, Chooser, fault, rules
from preau.signin.passwords.strength import strength
from preau.signin.queries import is_pupil


def choose(request: HouseRequest) -> HttpResponse:
    """The page, and its answer: the password is kept, the code used up, and the person comes in."""
    code = entering.code_of(cookies.choosing_ticket(request))
    if code is None:
        return HttpResponseRedirect("/connexion/code")
    chooser = Chooser.of(code.person, is_pupil=is_pupil(code.person_id))
    if request.method != "POST":
        return _page(request, code, chooser)
    password = request.POST.get("password", "")
    wrong = fault(password, chooser)
    if wrong:
        return _page(request, code, chooser, password, wrong)
    choices = hats_of(code.person_id)
    if not choices:
        return HttpResponseRedirect("/connexion/code")
    known = Known(code.person, choices[0])
    try:
        choose_password(
            as_actor(code.person, known.choice, strength=Outcome.CODE.value),
            code,
            password_hash=hash_password(password),
        )
    except Conflict:
        return HttpResponseRedirect("/connexion/code")
    response = HttpResponseRedirect(local_address(request.GET.get("next", "/")))
    entering.admit(request, response, known, outcome=Outcome.CODE)
    cookies.drop_choosing(response)
    return response


def _page(
    request: HttpRequest, code: OneUseCode, chooser: Chooser, password: str = "", wrong: str = ""
) -> HttpResponse:
    context = {
        "person": code.person,
        "purpose": code.purpose,
        "tu": says_tu(code.person_id),
        "error": wrong,
        **checks_of(password, chooser),
    }
    response = render(request, "signin/choosing.html", context, status=422 if wrong else 200)
    response["Cache-Control"] = "no-store"
    return response


def checks_of(password: str, chooser: Chooser) -> dict[str, object]:
    """What the list under a new password says; with nothing typed, only how long it has to be."""
    if not password:
        return {"strength": None, "rules": [], "least": chooser.least}
    return {"strength": strength(password, chooser), "rules": rules(password, chooser), "least": chooser.least}


def says_tu(person_id: int) -> bool:
    """Whether this person, who is not signed in yet, will read *tu*: pupils, lycée excepted."""
    worn = hats_of(person_id)[:1]
    return any(choice.hat.role is Role.PUPIL and choice.stage != "lycee" for choice in worn)


def how_strong(request: HouseRequest) -> HttpResponse:
    """The list under a password that is being typed, as a fragment; nothing is kept."""
    response = render(request, "signin/checks.html", checks_of(request.POST.get("password", ""), _chooser(request)))
    response["Cache-Control"] = "no-store"
    return response


def _chooser(request: HouseRequest) -> Chooser:
    if isinstance(request.actor, SignedIn):
        return Chooser.of(request.actor.person, is_pupil=is_pupil(request.actor.person.pk))
    code = entering.code_of(cookies.choosing_ticket(request))
    if code is not None:
        return Chooser.of(code.person, is_pupil=is_pupil(code.person_id))
    # Setting up: the form carries the names that nobody has stored yet.
    return Chooser(
        LEAST_ADULT, [request.POST.get(name, "")[:200] for name in ("username", "family_name", "given_name")]
    )
