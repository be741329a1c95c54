"""Codes that adults hand out: for one person, and for a class or a team on sheets to cut.

A code exists in clear in the answer to the POST that made it and nowhere else, so that answer is the page to print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from preau.directory.api import Group, Membership, Person, current
from preau.kernel import clock
from preau.kernel.errors import Invalid, Refused
from preau.kernel.policy import can, get_visible, require, visible
from preau.kernel.routes import HouseRequest
from preau.signin.actions.codes import GOOD_FOR, make_code, make_group_codes
from preau.signin.policies import resettable, who_else_makes_one
from preau.signin.queries import ever_signed_in, pupils_among, without_password

PASSES_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Pass:
    """One code to cut out: a first name and an initial are enough for who hands it over."""

    name: str
    username: str
    code: str
    is_pupil: bool


def for_person(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Asks, then makes and shows one person's code."""
    person = get_visible(request.actor, Person.objects.all(), uuid=uuid)
    if not can(request.actor, "reset_password", person):
        raise Refused("reset_password", who_else_makes_one(request.actor, person))
    request.disclosing.add([person.pk])
    context = {
        "person": person,
        "came_in": bool(ever_signed_in([person.pk])),
        "is_pupil": person.pk in pupils_among([person.pk]),
        "until": clock.local_now() + GOOD_FOR,
        "host": _host(),
    }
    if request.method == "POST":
        context["code"] = make_code(request.actor, person)
    return render(request, "signin/person_code.html", context)


def for_group(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Asks for whom, then makes the codes of a class, a group or a team, and shows the sheets to print."""
    group = get_visible(request.actor, Group.objects.select_related("organisation"), uuid=uuid)
    require(request.actor, "make_codes", group)
    members = Membership.objects.filter(current(), group=group).values("person")
    people = list(
        resettable(request.actor, visible(request.actor, Person.objects.filter(pk__in=members))).order_by(
            "family_name", "given_name", "pk"
        )
    )
    waiting = without_password([person.pk for person in people])
    request.disclosing.add(person.pk for person in people)
    context = {
        "group": group,
        "all": len(people),
        "never": len(waiting),
        "until": clock.local_now() + GOOD_FOR,
        "host": _host(),
    }
    if request.method != "POST":
        return render(request, "signin/group_codes.html", context)
    chosen = _chosen(request, people, waiting)
    made = make_group_codes(request.actor, group, chosen) if chosen else {}
    pupils = pupils_among(list(made))
    passes = [
        Pass(short_name(person), person.username, made[person.pk], person.pk in pupils)
        for person in chosen
        if person.pk in made
    ]
    sheets = [passes[start : start + PASSES_A_PAGE] for start in range(0, len(passes), PASSES_A_PAGE)]
    return render(request, "signin/group_codes.html", {**context, "sheets": sheets, "made": len(passes)})


def _chosen(request: HouseRequest, people: Sequence[Person], waiting: set[int]) -> list[Person]:
    """The people ticked on the group's page; nobody ticked: those who never came in, unless all are asked for."""
    if ticked := set(request.POST.getlist("person")):
        return [person for person in people if str(person.uuid) in ticked]
    who = request.POST.get("who", "never")
    if who not in ("never", "all"):
        raise Invalid({"who": "never | all"})
    return [person for person in people if who == "all" or person.pk in waiting]


def short_name(person: Person) -> str:
    """« Zoé L. »: what a sheet left on a table may say."""
    initial = person.family_name[:1].upper()
    return f"{person.shown_given_name} {initial}.".strip() if initial else person.display_name


def _host() -> str:
    """Where people go, as it is printed."""
    return str(settings.PREAU_BASE_URL).partition("://")[2].rstrip("/")
