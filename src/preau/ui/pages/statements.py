"""Accessibility, legal notice, personal data, sovereignty: what a public service must say of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from preau.kernel.privacy import Holding
from preau.kernel.room import loaded


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the privacy notice, in the page's language."""

    title: str
    purpose: str
    basis: str
    keep: str


def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration of RGAA 4.1 (décret 2019-768): not conform until audited."""
    return render(request, "ui/statements/accessibility.html")


def legal(request: HttpRequest) -> HttpResponse:
    """Mentions légales (loi 2004-575, art. 1-1): publisher, director, host."""
    return render(request, "ui/statements/legal.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice (GDPR art. 13 and 14), from the declarations of the rooms that are there."""
    return render(request, "ui/statements/privacy.html", {"lines": _lines()})


def sovereignty(request: HttpRequest) -> HttpResponse:
    """Who runs this, where, with which processors."""
    return render(request, "ui/statements/sovereignty.html")


def _lines() -> Sequence[Line]:
    holdings: list[Holding] = [holding for _room, make in loaded(lambda room: room.privacy) for holding in make()]
    return [
        Line(gettext(holding.title), gettext(holding.purpose), holding.basis, gettext(holding.keep))
        for holding in holdings
    ]
