"""Answers for what goes wrong, in the house's own pages (`preau.ui.errors`), for Django and for the root app alike."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from preau.kernel.errors import Conflict, Invalid, Refused
from preau.ui.errors import error_page


def told(request: HttpRequest, error: Refused | Invalid | Conflict) -> HttpResponse:
    """The answer to a refusal of the kernel: 403, 422 or 409, with its own sentence where it has one."""
    if isinstance(error, Refused):
        return error_page(request, 403, said=error.message)
    if isinstance(error, Invalid):
        return error_page(request, 422, said=" ".join(map(str, error.fields.values())))
    return error_page(request, 409, said=str(error))


def method_not_allowed(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """405, with the methods that the address takes."""
    response = error_page(request, 400, said=gettext("Cette adresse ne se demande pas de cette façon."))
    response.status_code = 405
    response["Allow"] = ", ".join(methods)
    return response


def insecure(request: HttpRequest) -> HttpResponse:
    """What a page that needs a secure context (W3C Secure Contexts, 3.1) says over plain HTTP: what is missing, and
    what works all the same."""
    return HttpResponse(render_to_string("platform/insecure.html", {"status": 403}, request), status=403)


def drawn(code: int, language: str, *, fragment: bool) -> bytes:
    """The page for 400, 401, 403, 408, 413, 500 or 503, or its fragment for htmx, drawn ahead for the root app: it
    needs no thread when it is sent."""
    request = HttpRequest()
    request.method, request.path = "GET", "/"
    if fragment:
        request.META["HTTP_HX_REQUEST"] = "true"
    with override(language):
        if code == 408:
            said = gettext("L’envoi s’est arrêté en route. Rien n’a été gardé : recommencez.")
            return error_page(request, 400, said=said).content
        if code == 401:
            said = gettext("Vous n’êtes plus connecté. Connectez-vous, puis envoyez les fichiers de nouveau.")
            return error_page(request, 403, said=said).content
        return error_page(request, code).content
