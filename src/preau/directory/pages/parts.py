"""What several pages of the directory share: slots of upper rooms, marked names, dates typed by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from preau.directory.models import Group, Organisation, Person
from preau.kernel.actor import Actor
from preau.kernel.errors import Invalid, Refused
from preau.kernel.policy import can
from preau.kernel.room import providers
from preau.ui.api import GroupSlot, PersonSlot
from preau.wire.text import fold

_WORD = re.compile(r"[^\W_]+")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})\Z")


def person_slots(actor: Actor, person: Person) -> list[SafeString]:
    """What upper rooms add to this person's page."""
    return [said for slot in providers(PersonSlot) if (said := slot(actor, person))]


def group_slots(actor: Actor, group: Group) -> list[SafeString]:
    """What upper rooms add to this group's page."""
    return [said for slot in providers(GroupSlot) if (said := slot(actor, group))]


def marked(name: str, q: str) -> SafeString:
    """`name` as HTML, with the beginnings of words that `q` found in <mark>: "Lina <mark>Nuñ</mark>ez"."""
    terms = fold(q).split()
    pieces: list[str] = []
    last = 0
    for word in _WORD.finditer(name):
        length = max((_covered(word.group(), term) for term in terms), default=0)
        if length:
            found = word.start() + length
            pieces += [name[last : word.start()], format_html("<mark>{}</mark>", name[word.start() : found])]
            last = found
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, name[last:]]))


def _covered(word: str, term: str) -> int:
    """How many letters of `word` spell `term` ("Œuvre" spells "oe" with one); 0 when it does not begin with it."""
    if not fold(word).startswith(term):
        return 0
    return next((n for n in range(1, len(word) + 1) if len(fold(word[:n])) >= len(term)), len(word))


def read_day(value: str, field: str) -> dt.date | None:
    """A day typed by hand or picked ("2013-09-30", "30/09/2013"); None when empty. Raises Invalid on `field`."""
    value = value.strip()
    if not value:
        return None
    found = _FRENCH_DAY.match(value)
    try:
        if found:
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        return dt.date.fromisoformat(value)
    except ValueError:
        raise Invalid({field: _("Cette date n’existe pas. Écrivez-la comme 30/09/2013.")}) from None


def school_of(actor: Actor) -> Organisation:
    """The organisation of the hat worn: where a page's new rows go."""
    hat = actor.hat
    if hat is None:
        raise Refused("act in a school")
    return Organisation.objects.get(pk=hat.organisation_id)


def may(actor: Actor, ability: str) -> bool:
    """Whether the actor may do that in the organisation of their hat: which buttons a page shows."""
    return can(actor, ability, school_of(actor))


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page; with `errors`, the same page with what was typed kept, as a 422."""
    return render(request, template, {**context, "errors": errors or {}}, status=422 if errors else 200)
