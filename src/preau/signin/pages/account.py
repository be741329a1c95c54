"""`/moi/…`: one's own sessions, role and password."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.kernel.policy import get_visible
from preau.kernel.routes import HouseRequest
from preau.signin.actions.passwords import change_password
from preau.signin.actions.sessions import end_session, end_sessions, switch_hat
from preau.signin.authenticator import local_address
from preau.signin.bookkeeping import note_failure
from preau.signin.identity import SignedIn
from preau.signin.models import Outcome, Session
from preau.signin.pages.choosing import checks_of
from preau.signin.passwords.hashing import hash_password, matches
from preau.signin.passwords.rules import Chooser, fault
from preau.signin.queries import account, is_pupil, recent_refusals
from preau.signin.throttle import counter
from preau.signin.uuids import uuid_or_404
from preau.ui.api import toast


def sessions(request: HouseRequest) -> HttpResponse:
    """The open sessions, this one first, and the attempts that failed."""
    actor = cast(SignedIn, request.actor)
    rows = list(Session.objects.filter(person=actor.person).order_by("-last_seen_at"))
    rows.sort(key=lambda row: row.pk != actor.session_id)
    context = {"sessions": rows, "here": actor.session_id, "refusals": recent_refusals(actor.person.pk)}
    return render(request, "signin/sessions.html", context)


def close(request: HouseRequest) -> HttpResponse:
    """Ends the session that `session` names, or without it every other one."""
    actor = cast(SignedIn, request.actor)
    if wanted := request.POST.get("session"):
        end_session(actor, get_visible(actor, Session.objects.all(), uuid=uuid_or_404(wanted)))
        toast(request, _("Connexion fermée."))
    else:
        count = end_sessions(actor, actor.person, but=actor.session_id)
        toast(request, ngettext("{n} connexion fermée.", "{n} connexions fermées.", count).format(n=count))
    return HttpResponseRedirect("/moi/connexions")


def switch(request: HouseRequest) -> HttpResponse:
    """Acts in another (school, role) from now on; home, since this page may not exist in it."""
    actor = cast(SignedIn, request.actor)
    session = Session.objects.get(pk=actor.session_id)
    switch_hat(actor, session, request.POST.get("hat", ""), choices=actor.choices)
    return HttpResponseRedirect(local_address(request.POST.get("next", "/")))


def password(request: HouseRequest) -> HttpResponse:
    """Changes one's password, knowing the present one; every other session ends."""
    actor = cast(SignedIn, request.actor)
    chooser = Chooser.of(actor.person, is_pupil=is_pupil(actor.person.pk))
    if request.method != "POST":
        return render(request, "signin/password.html", checks_of("", chooser))
    new = request.POST.get("password", "")
    wrong = {"password": fault(new, chooser), "current": _current_fault(actor, request.POST.get("current", ""))}
    if any(wrong.values()):
        context = {"error": wrong["password"], "current_error": wrong["current"], **checks_of(new, chooser)}
        return render(request, "signin/password.html", context, status=422)
    change_password(actor, actor.person, password_hash=hash_password(new), but=actor.session_id)
    toast(request, _("Mot de passe changé. Vos autres connexions sont fermées."))
    return HttpResponseRedirect("/moi/connexions")


def _current_fault(actor: SignedIn, typed: str) -> str:
    tries = counter("change", actor.person.username)
    if not tries.take().allowed:
        return _("Trop d’essais : attendez quelques minutes.")
    if not matches(account(actor.person.username, "").hash, typed):
        note_failure(actor.person.pk, Outcome.WRONG_PASSWORD)
        return _("Ce n’est pas le mot de passe d’aujourd’hui.")
    tries.give_back()
    return ""
