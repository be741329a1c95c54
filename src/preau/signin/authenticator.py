"""The authenticator of web sessions. It reads the person's state at every request: two queries, no cache."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from preau.directory.api import PersonState
from preau.kernel import clock
from preau.kernel.actor import Actor, ActorKind
from preau.signin.bookkeeping import note_visit
from preau.signin.cookies import session_token
from preau.signin.hats import actor_hat, hats_of
from preau.signin.identity import SignedIn
from preau.signin.models import Session
from preau.signin.tokens import token_hash


class SessionAuthenticator:
    """See `kernel.routes.Authenticator`."""

    auth = "session"

    def authenticate(self, request: HttpRequest) -> Actor | None:
        """The person of the session's cookie, wearing the session's hat; None when any of it no longer holds."""
        token = session_token(request)
        if not token:
            return None
        session = (
            Session.objects.filter(
                token_hash=token_hash(token), ends_at__gt=clock.now(), person__state=PersonState.ACTIVE
            )
            .select_related("person")
            .first()
        )
        if session is None:
            return None
        choices = hats_of(session.person_id)
        choice = actor_hat(choices, session.role, session.organisation_id)
        if choice is None:
            return None
        note_visit(session)
        if session.person.language:
            translation.activate(session.person.language)
        return SignedIn(
            kind=ActorKind.PERSON,
            id=session.person_id,
            uuid=session.person.uuid,
            hats=(choice.hat,),
            strength=session.strength,
            session_id=session.pk,
            person=session.person,
            choice=choice,
            choices=tuple(choices),
        )

    def challenge(self, request: HttpRequest) -> HttpResponseBase:
        """To the sign-in form, and back to this page afterwards; htmx is told to take the whole page there."""
        if request.headers.get("HX-Request") == "true":
            page = urlsplit(request.headers.get("HX-Current-URL", ""))
            response = HttpResponse(status=401)
            response["HX-Redirect"] = door(f"{page.path}?{page.query}" if page.query else page.path)
            return response
        return HttpResponseRedirect(door(request.get_full_path() if request.method in {"GET", "HEAD"} else ""))


def door(after: str) -> str:
    """The address of the sign-in form that leads on to `after`."""
    after = local_address(after)
    return "/connexion" if after == "/" else f"/connexion?{urlencode({'next': after})}"


def local_address(after: str) -> str:
    """`after` when it is an address of this house, else "/": a link to the form never leads elsewhere."""
    is_local = after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    return after if is_local and after.isprintable() else "/"


session = SessionAuthenticator()
