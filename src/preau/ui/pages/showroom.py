"""Every component in every state, on the development server only."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from preau.ui.people import CHALKS
from preau.ui.toasts import toast


def show(request: HttpRequest) -> HttpResponse:
    """The showroom; 404 unless `DEBUG` or `PREAU_DEV=1`. Its forms post here; htmx gets a fragment."""
    if not (settings.DEBUG or os.environ.get("PREAU_DEV") == "1"):
        raise Http404
    if request.method == "POST" and request.headers.get("HX-Request") == "true":
        given = request.POST.get("answer", "")
        if given:
            toast(request, given)
        context = {"given": given, "error": "" if given else "Dites quelque chose."}
        return render(request, "ui/showroom/answer.html", context, status=200 if given else 422)
    if request.method == "POST":
        toast(request, "Travail donné à la 4e C, 26 copies", undo=request.path)
        return HttpResponseRedirect(request.path)
    return render(request, "ui/showroom.html", {"chalks": CHALKS})
