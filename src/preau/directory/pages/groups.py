"""Divisions and groups: all of them, one of them, and what its pupils' guardians may."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.actions.granting import confirm_guardianships, decide_guardianship
from preau.directory.models import Group, Guardianship, Membership
from preau.directory.models.base import current
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.guardianship import Authority
from preau.directory.pages.parts import group_slots, may, page, read_day
from preau.directory.queries.groups import (
    GroupView,
    Shelves,
    all_groups,
    group_view,
    ties_of,
    undecided_by_division,
    who_reads,
)
from preau.directory.words import authority_word
from preau.kernel.errors import Invalid
from preau.kernel.policy import can, get_visible, require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast

TABS = ("eleves", "professeurs", "groupes", "acces")


def find(request: HouseRequest, uuid: UUID) -> Group:
    """The group, or 404."""
    return get_visible(request.actor, Group.objects.select_related("organisation"), uuid=uuid)


def groups(request: HouseRequest) -> HttpResponse:
    """Every division and group on one page."""
    shelves = all_groups(request.actor)
    request.disclosing.add(shelves.disclosed)
    if may(request.actor, "decide_authority"):
        waiting = undecided_by_division(request.actor)
        for _level, cards in shelves.divisions:
            for card in cards:
                card.waiting = waiting.get(card.group.pk, 0)
    return page(request, "directory/groups.html", {"shelves": shelves, "lead": _lead(shelves)})


def _lead(shelves: Shelves) -> str:
    divisions = sum(len(cards) for _level, cards in shelves.divisions)
    said = [ngettext("{n} classe", "{n} classes", divisions).format(n=divisions)]
    if others := len(shelves.others):
        said.append(ngettext("{n} groupe", "{n} groupes", others).format(n=others))
    return ", ".join(said) + "."


def group(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """One group; `onglet` chooses what of it."""
    found = find(request, uuid)
    view = group_view(request.actor, found)
    request.disclosing.add(view.disclosed)
    readers = who_reads(request.actor, found, view) if can(request.actor, "see_accounts", found.organisation) else []
    tabs = [tab for tab in TABS if tab != "acces" or readers]
    asked = request.GET.get("onglet", "")
    context = {
        "group": found,
        "is_division": found.kind == GroupKind.DIVISION,
        "view": view,
        "readers": readers,
        "tab": asked if asked in tabs else "eleves",
        "slots": group_slots(request.actor, found),
        "decides": found.kind == GroupKind.DIVISION and can(request.actor, "decide_authority", found.organisation),
        "chosen": _chosen(request, view),
        "school_year": f"{found.school_year}-{found.school_year + 1}",
    }
    return page(request, "directory/group.html", context)


def _chosen(request: HouseRequest, view: GroupView) -> set[UUID]:
    """The pupils ticked: all of them, or those that the address names."""
    named = set(request.GET.getlist("person"))
    return {line.uuid for line in view.learners if "tous" in request.GET or str(line.uuid) in named}


def guardians(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """What each guardian of a class may, for the direction's decision."""
    found = find(request, uuid)
    require(request.actor, "decide_authority", found.organisation)
    pupils = ties_of(request.actor, found)
    ties = [tie for _line, held in pupils for tie in held]
    request.disclosing.add([line.pk for line, _held in pupils])
    request.disclosing.add([tie.guardian_id for tie in ties])
    waiting = sum(tie.decided_at is None for tie in ties)
    context = {
        "group": found,
        "pupils": [
            (line, [(tie, authority_word(tie.state, decided=tie.decided_at is not None, everyday=tie.everyday_rights))
                    for tie in held])
            for line, held in pupils
        ],
        "waiting": waiting,
        "decided": len(ties) - waiting,
        "without": [line.name for line, held in pupils if not held],
    }  # fmt: skip
    return page(request, "directory/guardians.html", context)


def confirm(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Everybody in the class whom nobody decided about exercises authority."""
    found = find(request, uuid)
    learners = Membership.objects.filter(current(), group=found, role=MembershipRole.LEARNER)
    waiting = visible(
        request.actor,
        Guardianship.objects.filter(current(), pupil__in=learners.values("person"), decided_at=None),
    )
    count = confirm_guardianships(request.actor, found, list(waiting))
    said = ngettext("{n} responsable confirmé", "{n} responsables confirmés", count).format(n=count)
    toast(request, said)
    return HttpResponseRedirect(reverse("directory.guardians", args=[found.uuid]))


def decide(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """One guardian, one pupil: which of the three states, its nature, when to be reminded."""
    tie = get_visible(request.actor, Guardianship.objects.select_related("guardian", "pupil", "decided_by"), uuid=uuid)
    require(request.actor, "decide", tie)
    request.disclosing.add([tie.guardian_id, tie.pupil_id])
    back = _class_of(request, tie)
    errors: dict[str, str] = {}
    typed = {
        "state": tie.state if tie.decided_at else tie.proposed or Authority.NONE.value,
        "nature": tie.nature,
        "remind_on": tie.remind_on.isoformat() if tie.remind_on else "",
        "everyday_rights": "1" if tie.everyday_rights else "",
    }
    if request.method == "POST":
        typed = {key: request.POST.get(key, "") for key in typed}
        try:
            _decide(request, tie, typed)
        except Invalid as error:
            errors = error.fields
        else:
            said = _("{guardian} : {state}").format(
                guardian=tie.guardian.display_name,
                state=authority_word(tie.state, decided=True, everyday=tie.everyday_rights),
            )
            toast(request, said)
            return HttpResponseRedirect(back)
    return page(request, "directory/decide.html", {"tie": tie, "typed": typed, "back": back}, errors)


def _decide(request: HouseRequest, tie: Guardianship, typed: dict[str, str]) -> None:
    if typed["state"] not in Authority.values:
        raise Invalid({"state": _("Choisissez l’un des trois états.")})
    decide_guardianship(
        request.actor,
        tie,
        state=Authority(typed["state"]),
        everyday_rights=bool(typed["everyday_rights"]),
        nature=typed["nature"],
        remind_on=read_day(typed["remind_on"], "remind_on"),
    )


def _class_of(request: HouseRequest, tie: Guardianship) -> str:
    """The page of the pupil's division, where the decision was asked for; the pupil's own where there is none."""
    stays = Membership.objects.filter(
        current(), person=tie.pupil_id, role=MembershipRole.LEARNER, group__kind=GroupKind.DIVISION
    )
    seen = visible(request.actor, Group.objects.filter(pk__in=stays.values("group"))).first()
    if seen is None:
        return reverse("directory.person", args=[tie.pupil.uuid])
    return reverse("directory.guardians", args=[seen.uuid])
