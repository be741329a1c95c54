"""Who has access: every role with its place, dates, reason and author; given, ended, proposed by files."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from preau.directory.actions.granting import decide_proposed_role, end_role, give_role
from preau.directory.models import Grant, Person
from preau.directory.models.person import GrantState
from preau.directory.pages.parts import may, page, read_day, school_of
from preau.directory.queries.powers import SOON, Slice, giver_of, powers, staff_to_empower
from preau.directory.words import role_word
from preau.kernel import clock
from preau.kernel.actor import Role, Scope
from preau.kernel.errors import Conflict, Invalid
from preau.kernel.policy import can, get_visible, require, visible
from preau.kernel.routes import HouseRequest
from preau.ui.api import toast, when
from preau.wire.tables import write_table

# What direction gives in a school, as one choice each: a role, how far it reaches.
OFFERED = (
    (Role.DIRECTION, Scope.WHOLE),
    (Role.REFERENT, Scope.WHOLE),
    (Role.VIE_SCOLAIRE, Scope.WHOLE),
    (Role.VIE_SCOLAIRE, Scope.NAMES),
    (Role.STAFF, Scope.HEALTH),
    (Role.DPO, Scope.WHOLE),
)
_CHOICES = {f"{role.value}:{scope.value}".rstrip(":"): (role, scope) for role, scope in OFFERED}


def find(request: HouseRequest, uuid: UUID) -> Grant:
    """The grant of a school that the actor administers, or 404."""
    rows = Grant.objects.select_related("person", "organisation", "given_by")
    return get_visible(
        request.actor, rows, uuid=uuid, organisation__in=[hat.organisation_id for hat in request.actor.hats]
    )


def roles(request: HouseRequest) -> HttpResponse:
    """Every line, and what waits for an answer."""
    q = " ".join(request.GET.get("q", "").split())[:100]
    asked = request.GET.get("part", "")
    part = Slice(asked) if asked in set(Slice) else Slice.ALL
    found = powers(request.actor, q, part)
    request.disclosing.add(found.disclosed)
    context = {
        "q": q,
        "part": part.value,
        "powers": found,
        "tags": [(word, slice_.value, found.counts[slice_], slice_ is part) for slice_, word in _slices().items()],
        "lines": [_line(request, grant) for grant in found.given],
        "waiting": [
            (grant, role_word(grant.role, grant.scope), can(request.actor, "accept", grant),
             can(request.actor, "decline", grant))
            for grant in found.waiting
        ],
        "may_give": may(request.actor, "give_roles"),
    }  # fmt: skip
    return page(request, "directory/roles.html", context)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A row of the table. `last_day` is what people call the end: the day before `ends`."""

    grant: Grant
    name: str
    role: str
    place: str
    author: str
    last_day: dt.date | None
    ends_soon: bool
    may_end: bool


def _line(request: HouseRequest, grant: Grant) -> RoleLine:
    last = grant.ends - dt.timedelta(days=1) if grant.ends else None
    is_open = grant.state == GrantState.GIVEN and (grant.ends is None or grant.ends > clock.today())
    giver = giver_of(request.actor, grant)
    author = _("par {name}").format(name=giver) if giver else ""
    return RoleLine(
        grant=grant,
        name=grant.person.display_name,
        role=role_word(grant.role, grant.scope),
        place=grant.group.name if grant.group else grant.organisation.name,
        author=", ".join(filter(None, [author, when(grant.decided_at) if grant.decided_at else ""])),
        last_day=last,
        ends_soon=is_open and last is not None and last < clock.today() + SOON,
        may_end=is_open and can(request.actor, "end", grant),
    )


def _slices() -> dict[Slice, str]:
    return {Slice.ALL: _("Tous"), Slice.SOON: _("Finissent sous 30 jours"), Slice.PAST: _("Terminés")}


def roles_csv(request: HouseRequest) -> HttpResponse:
    """The present roles as a table for people: no cell is a formula."""
    found = powers(request.actor)
    request.disclosing.add(found.disclosed)
    stream = io.StringIO(newline="")
    headers = [_("Personne"), _("Rôle"), _("Où"), _("Du"), _("Au"), _("Pourquoi"), _("Par")]
    rows = [
        [
            grant.person.display_name,
            role_word(grant.role, grant.scope),
            grant.group.name if grant.group else grant.organisation.name,
            grant.starts.isoformat() if grant.starts else "",
            grant.ends.isoformat() if grant.ends else "",
            grant.reason,
            giver_of(request.actor, grant),
        ]
        for grant in found.given
    ]
    write_table(stream, headers, rows, for_people=True)
    name = f"qui-a-acces-{clock.today().isoformat()}.csv"
    return HttpResponse(
        stream.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def give(request: HouseRequest) -> HttpResponse:
    """First whom (`q` finds, `person` chooses), then which role, until when and why."""
    school = school_of(request.actor)
    require(request.actor, "give_roles", school)
    form = request.POST if request.method == "POST" else request.GET
    target = _whom(request, form.get("person", ""))
    q = " ".join(request.GET.get("q", "").split())[:100]
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            grant = _give(request, target)
        except Invalid as error:
            errors = error.fields
        else:
            said = _("{role} donné à {name}").format(
                role=role_word(grant.role, grant.scope), name=grant.person.display_name
            )
            toast(request, said)
            return HttpResponseRedirect(reverse("directory.roles"))
    found = staff_to_empower(request.actor, q) if q and target is None else []
    request.disclosing.add([line.pk for line in found])
    if target is not None:
        request.disclosing.add([target.pk])
    context = {
        "q": q,
        "found": found,
        "person": target,
        "school": school,
        "choices": [(key, role_word(role, scope)) for key, (role, scope) in _CHOICES.items()],
        "typed": {key: form.get(key, "") for key in ("role", "reason", "starts", "ends")},
    }
    return page(request, "directory/give_role.html", context, errors)


def _whom(request: HouseRequest, uuid: str) -> Person | None:
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    return visible(request.actor, Person.objects.filter(uuid=wanted)).first()


def _give(request: HouseRequest, target: Person | None) -> Grant:
    form = request.POST
    if target is None:
        raise Invalid({"person": _("Choisissez d’abord la personne.")})
    if form.get("role", "") not in _CHOICES:
        raise Invalid({"role": _("Choisissez un rôle.")})
    role, scope = _CHOICES[form["role"]]
    last = read_day(form.get("ends", ""), "ends")
    return give_role(
        request.actor,
        target,
        role=role,
        scope=scope,
        organisation=school_of(request.actor),
        reason=form.get("reason", ""),
        starts=read_day(form.get("starts", ""), "starts"),
        # People say the last day; rows hold the day after it.
        ends=last + dt.timedelta(days=1) if last else None,
    )


def end(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Takes a role back today, with a reason."""
    grant = find(request, uuid)
    require(request.actor, "end", grant)
    request.disclosing.add([grant.person_id])
    errors: dict[str, str] = {}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:200]
        try:
            if not reason:
                raise Invalid({"reason": _("Dites pourquoi : la raison reste au journal.")})
            end_role(request.actor, grant, reason=reason)
        except Invalid as error:
            errors = error.fields
        except Conflict as error:
            errors = {"reason": str(error)}
        else:
            toast(request, _("Rôle de {name} retiré").format(name=grant.person.display_name))
            return HttpResponseRedirect(reverse("directory.roles"))
    context = {
        "grant": grant,
        "role": role_word(grant.role, grant.scope),
        "reason": request.POST.get("reason", ""),
    }
    return page(request, "directory/end_role.html", context, errors)


def decide(request: HouseRequest, uuid: UUID) -> HttpResponse:
    """Gives or declines what a file proposed."""
    grant = find(request, uuid)
    answer = request.POST.get("answer", "")
    if answer not in ("accept", "decline"):
        raise Invalid(_("Dites si ce rôle est donné ou décliné."))
    accept = answer == "accept"
    decide_proposed_role(request.actor, grant, accept=accept, reason=request.POST.get("reason", ""))
    name, role = grant.person.display_name, role_word(grant.role, grant.scope)
    said = _("{role} donné à {name}") if accept else _("{role} décliné pour {name}")
    toast(request, said.format(role=role, name=name))
    return HttpResponseRedirect(reverse("directory.roles"))
