"""`/moi/…`: one's own sessions, role and password."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.api import Person
from preau.kernel.policy import get_visible
from preau.kernel.routes import HouseRequest
from preau.signin.actions.passwords import change_password
from preau.signin.actions.sessions import end_session, end_sessions, switch_hat
from preau.signin.bookkeeping import note_failure
from preau.signin.cookies import session_token
from preau.signin.hats import hats_of
from preau.signin.identity import SignedIn
from preau.signin.models import Outcome, Session
from preau.signin.pages.choosing import checks_of
from preau.signin.passwords.hashing import hash_password, matches
from preau.signin.passwords.rules import Chooser, fault
from preau.signin.queries import account, is_pupil, recent_refusals
from preau.signin.throttle import counter
from preau.signin.tokens import token_hash
from preau.signin.uuids import uuid_or_404
from preau.ui.api import toast


def _here(request: HouseRequest) -> Session | None:
    """The session that this request came in by; None when it has ended since."""
    return Session.objects.filter(person=request.actor.id, token_hash=token_hash(session_token(request))).first()


def _me(request: HouseRequest) -> Person:
    actor = request.actor
    return actor.person if isinstance(actor, SignedIn) else Person.objects.get(pk=actor.id or 0)


def sessions(request: HouseRequest) -> HttpResponse:
    """The open sessions, this one first, and the attempts that failed."""
    me, here = _me(request), _here(request)
    rows = list(Session.objects.filter(person=me).order_by("-last_seen_at"))
    rows.sort(key=lambda row: row != here)
    context = {"sessions": rows, "here": here, "refusals": recent_refusals(me.pk)}
    return render(request, "signin/sessions.html", context)


def close(request: HouseRequest) -> HttpResponse:
    """Ends the session that `session` names, or without it every other one."""
    if wanted := request.POST.get("session"):
        session = get_visible(request.actor, Session.objects.all(), uuid=uuid_or_404(wanted))
        end_session(request.actor, session)
        toast(request, _("Connexion fermée."))
    else:
        count = end_sessions(request.actor, _me(request), but=_here(request))
        toast(request, ngettext("{n} connexion fermée.", "{n} connexions fermées.", count).format(n=count))
    return HttpResponseRedirect("/moi/connexions")


def switch(request: HouseRequest) -> HttpResponse:
    """Acts in another (school, role) from now on; home, since this page may not exist in it."""
    here = _here(request)
    if here is None:
        return HttpResponseRedirect("/connexion")
    switch_hat(request.actor, here, request.POST.get("hat", ""), choices=hats_of(here.person_id))
    return HttpResponseRedirect("/")


def password(request: HouseRequest) -> HttpResponse:
    """Changes one's password, knowing the present one; every other session ends."""
    me = _me(request)
    chooser = Chooser.of(me, is_pupil=is_pupil(me.pk))
    if request.method != "POST":
        return render(request, "signin/password.html", {"me": me, **checks_of("", chooser)})
    new = request.POST.get("password", "")
    wrong = {"password": fault(new, chooser), "current": _current_fault(me, request.POST.get("current", ""))}
    if any(wrong.values()):
        context = {"me": me, "error": wrong["password"], "current_error": wrong["current"], **checks_of(new, chooser)}
        return render(request, "signin/password.html", context, status=422)
    change_password(request.actor, me, password_hash=hash_password(new), but=_here(request))
    toast(request, _("Mot de passe changé. Les autres connexions sont fermées."))
    return HttpResponseRedirect("/moi/connexions")


def _current_fault(me: Person, typed: str) -> str:
    tries = counter("change", me.username)
    if not tries.take().allowed:
        return _("Trop d’essais : attendez quelques minutes.")
    if not matches(account(me.username, "").hash, typed):
        tries.keep()
        note_failure(me.pk, Outcome.WRONG_PASSWORD)
        return _("Ce n’est pas le mot de passe d’aujourd’hui.")
    tries.give_back()
    return ""
