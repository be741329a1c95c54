"""`/connexion`, `/connexion/code` and `/deconnexion`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from preau.kernel import clock
from preau.kernel.routes import HouseRequest
from preau.signin import cookies, entering
from preau.signin.actions.sessions import end_session
from preau.signin.authenticator import local_address
from preau.signin.entering import Closed, HasCode, Known, Paused, Wrong
from preau.signin.identity import SignedIn
from preau.signin.models import Session


def sign_in(request: HouseRequest) -> HttpResponse:
    """The form, and its answer."""
    after = local_address(request.GET.get("next", "/"))
    if request.method != "POST":
        return HttpResponseRedirect(after) if request.actor.is_person else _door(request, "signin/door.html")
    typed = request.POST.get("username", "")
    answer = entering.try_password(request, typed, request.POST.get("password", ""))
    if isinstance(answer, Known):
        response = HttpResponseRedirect(after)
        entering.admit(request, response, answer)
        return response
    if isinstance(answer, HasCode):
        return _to_choosing(request, answer)
    return refusal(request, answer, "signin/door.html", typed)


def with_code(request: HouseRequest) -> HttpResponse:
    """The form for a one-use code, and its answer."""
    if request.method != "POST":
        return _door(request, "signin/code.html")
    typed = request.POST.get("username", "")
    answer = entering.try_code(request, typed, request.POST.get("code", ""))
    if isinstance(answer, HasCode):
        return _to_choosing(request, answer)
    return refusal(request, answer, "signin/code.html", typed)


def sign_out(request: HouseRequest) -> HttpResponse:
    """Ends this session; without one, only takes the cookies back. The next person here finishes nobody's code."""
    if isinstance(request.actor, SignedIn):
        end_session(request.actor, Session.objects.get(pk=request.actor.session_id))
    response = HttpResponseRedirect("/connexion")
    cookies.drop_session(response)
    cookies.drop_choosing(response)
    return response


def refusal(request: HttpRequest, answer: Wrong | Paused | Closed, template: str, username: str) -> HttpResponse:
    """The form again with what went wrong; a pause is a page of its own."""
    if isinstance(answer, Paused):
        response = _door(
            request, "signin/paused.html", status=429, username=username, until=answer.until.astimezone(clock.zone())
        )
        response["Retry-After"] = str(max(1, int((answer.until - clock.now()).total_seconds())))
        return response
    closed = answer.say if isinstance(answer, Closed) else ""
    left = answer.left if isinstance(answer, Wrong) else None
    return _door(request, template, status=422, username=username, closed=closed, left=left)


def _to_choosing(request: HttpRequest, answer: HasCode) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"/connexion/premiere{'?' if query else ''}{query}")
    cookies.set_choosing(request, response, entering.ticket_for(answer.code))
    response["Cache-Control"] = "no-store"
    return response


def _door(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = render(request, template, {"query": f"?{query}" if query else "", **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response
