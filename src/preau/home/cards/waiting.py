"""What waits for those who administer a school, and what was done there lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.api import Affiliation, Grant, Guardianship, Import, Membership, current, role_word
from preau.home.places import import_result
from preau.kernel import clock
from preau.kernel.actor import Actor, Hat, Role
from preau.kernel.policy import visible
from preau.ui.api import day

LATELY = dt.timedelta(days=30)
LATELY_SHOWN = 4
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that waits for this person. Without `url` it waits for somebody else, whom `sub` names."""

    count: int
    unit: str
    title: str
    sub: str
    url: str = ""
    button: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done lately."""

    at: dt.datetime
    title: str
    sub: str
    url: str = ""


def calls(actor: Actor, hat: Hat) -> list[Call]:
    """What waits in the school of the hat, what is due first."""
    found = (_reminders(hat), _proposed(actor, hat), _undecided(hat), _rejected(actor, hat))
    return [call for call in found if call is not None]


def administrators(school: int) -> int:
    """How many people direct or administer the school."""
    given = Grant.objects.filter(
        current(), organisation=school, state="given", role__in=[Role.DIRECTION, Role.REFERENT], person__state="active"
    )
    return given.values("person").distinct().count()


def _proposed(actor: Actor, hat: Hat) -> Call | None:
    proposals = visible(actor, Grant.objects.filter(state="proposed", organisation=hat.organisation_id))
    if hat.role is not Role.DIRECTION:
        # A référent answers for every role but direction's.
        proposals = proposals.exclude(role=Role.DIRECTION)
    rows = list(proposals.select_related("person").order_by("pk"))
    if not rows:
        return None
    names = ", ".join(grant.person.display_name for grant in rows[:NAMED])
    return Call(
        count=len(rows),
        unit=ngettext("rôle", "rôles", len(rows)),
        title=_("Proposés par un fichier, à donner ou non"),
        sub=names if len(rows) <= NAMED else f"{names}…",
        url=reverse("directory.roles"),
        button=_("Répondre"),
        icon="shield-check",
    )


def _undecided(hat: Hat) -> Call | None:
    pupils = Affiliation.objects.filter(
        current(), organisation=hat.organisation_id, kind="pupil", person__state="active"
    )
    ties = Guardianship.objects.filter(current(), decided_at=None, pupil__in=pupils.values("person"))
    rows = list(ties.values_list("pupil", flat=True))
    if not rows:
        return None
    classes = list(_classes_of(hat, rows))
    names = [name for name, _uuid in classes]
    where = ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    directs = hat.role is Role.DIRECTION
    return Call(
        count=len(rows),
        unit=ngettext("lien", "liens", len(rows)),
        title=_("De responsables, dont l’autorité reste à confirmer"),
        sub=where if directs else _("{classes} · la direction les confirme").format(classes=where),
        url=reverse("directory.guardians", args=[classes[0][1]]) if directs and classes else "",
        button=_("Confirmer"),
        icon="users",
    )


def _classes_of(hat: Hat, pupils: Sequence[int]) -> Iterable[tuple[str, UUID]]:
    """Name and uuid of the school's classes in which these pupils are."""
    stays = Membership.objects.filter(
        current(),
        person__in=pupils,
        role="learner",
        group__kind="division",
        group__organisation=hat.organisation_id,
        group__closed_on=None,
    )
    return stays.values_list("group__name", "group__uuid").distinct().order_by("group__name")


def _reminders(hat: Hat) -> Call | None:
    """Restrictions whose day has come: they hold until direction says otherwise."""
    if hat.role is not Role.DIRECTION:
        return None
    pupils = Affiliation.objects.filter(current(), organisation=hat.organisation_id, kind="pupil").values("person")
    due = Guardianship.objects.filter(current(), pupil__in=pupils, remind_on__lte=clock.today())
    rows = list(due.order_by("remind_on").values_list("pupil", flat=True))
    if not rows:
        return None
    classes = list(_classes_of(hat, rows))
    return Call(
        count=len(rows),
        unit=ngettext("décision", "décisions", len(rows)),
        title=_("Sur l’autorité parentale, arrivées à leur terme"),
        sub=_("Elles tiennent tant que vous ne les levez pas."),
        url=reverse("directory.guardians", args=[classes[0][1]]) if classes else "",
        button=_("Revoir"),
        icon="calendar-days",
    )


def _rejected(actor: Actor, hat: Hat) -> Call | None:
    imports = visible(actor, Import.objects.filter(organisation=hat.organisation_id, state="applied"))
    with_rows = imports.annotate(
        waiting=Count("rejected", filter=Q(rejected__state="waiting")),
        corrected=Count("rejected", filter=Q(rejected__state="corrected")),
    ).filter(waiting__gt=0)
    rows = list(with_rows.order_by("-applied_at").values_list("uuid", "waiting", "corrected"))
    if not rows:
        return None
    count, done = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return Call(
        count=count,
        unit=ngettext("ligne", "lignes", count),
        title=_("Refusées à l’import, encore à corriger"),
        sub=ngettext("{done} est déjà corrigée", "{done} sont déjà corrigées", done).format(done=done) if done else "",
        url=import_result(rows[0][0]),
        button=_("Reprendre"),
        icon="upload",
    )


def lately(actor: Actor, hat: Hat) -> Sequence[Deed]:
    """Imports applied and roles given in the last 30 days, the newest first."""
    since = clock.now() - LATELY
    imports = visible(actor, Import.objects.filter(organisation=hat.organisation_id, state="applied"))
    given = visible(actor, Grant.objects.filter(organisation=hat.organisation_id, state="given"))
    found = [
        Deed(
            at=of.applied_at,
            title=_("Import appliqué"),
            sub=_("{file}, le {day}").format(file=of.file_name, day=day(of.applied_at.astimezone(clock.zone()).date())),
            url=import_result(of.uuid),
        )
        for of in imports.filter(applied_at__gte=since).order_by("-applied_at")[:LATELY_SHOWN]
        if of.applied_at is not None
    ]
    found += [
        Deed(
            at=grant.decided_at,
            title=_("{name} a reçu un rôle").format(name=grant.person.display_name),
            sub=_("{role}, donné par {giver}").format(
                role=role_word(grant.role, grant.scope), giver=grant.given_by.display_name
            )
            if grant.given_by and (hat.role is Role.DIRECTION or not grant.given_by.is_protected)
            else role_word(grant.role, grant.scope),
        )
        for grant in given.filter(decided_at__gte=since)
        .select_related("person", "given_by")
        .order_by("-decided_at")[:LATELY_SHOWN]
        if grant.decided_at is not None
    ]
    return sorted(found, key=lambda deed: deed.at, reverse=True)[:LATELY_SHOWN]
