"""Pages for what went wrong: what happened, what is kept, what to do. A fragment for htmx, a whole page otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext

from preau.kernel import clock

# Of these, the house itself may be the cause: their page asks no room and no database for anything.
_ALONE = frozenset({500, 503})


@dataclass(frozen=True, slots=True)
class _Unknown:
    """The house when nothing may be asked of it: what the skeleton of a page reads."""

    organisation: str = "Préau"
    density: str = "regular"
    theme: str = ""
    tu: bool = False
    search: str = ""


def error_page(request: HttpRequest, status: int, said: str = "", incident: str = "") -> HttpResponse:
    """The page of a status among 400, 403, 404, 409, 413, 422, 500 and 503.

    `said`: the sentence that explains it, when somebody has one. `incident`: the request's id, for the journal.
    """
    if request.headers.get("HX-Request") == "true":
        content = render_to_string("ui/errors/fragment.html", {"said": said or _brief(status)})
        return HttpResponse(content, status=status)
    context = {
        "status": status,
        "said": said,
        "incident": incident,
        "path": request.path,
        "at": clock.local_now(),
    }
    template = f"ui/errors/{status}.html"
    if status in _ALONE:
        return HttpResponse(render_to_string(template, {**context, "house": _Unknown()}), status=status)
    return HttpResponse(render_to_string(template, context, request), status=status)


def _brief(status: int) -> str:
    if status == 403:
        return gettext("Ce n’est pas ouvert à votre rôle. Rien n’a changé.")
    if status == 404:
        return gettext("Cela n’existe plus. Rechargez la page.")
    if status >= 500:
        return gettext("Préau s’est trompé. Rien n’a été écrit à moitié ; réessayez.")
    return gettext("Cette demande n’a pas pu être suivie. Rien n’a changé ; rechargez la page.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler403`."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`."""
    return error_page(request, 500, incident=getattr(request, "request_id", ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: nearly always a page left open since before signing in."""
    said = gettext("La page est restée ouverte trop longtemps : sa signature n’est plus bonne. Rechargez-la.")
    return error_page(request, 403, said=said)
