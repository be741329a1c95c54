"""Powers: given by a person, with dates and a reason; a file only proposes."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from preau.directory.events import GrantEnded, GrantGiven, GuardianshipDecided
from preau.directory.models import Grant, Group, Guardianship, Organisation, Person
from preau.directory.models.base import current
from preau.directory.models.guardianship import Authority
from preau.directory.models.person import GrantState
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.actor import Role, Scope
from preau.kernel.errors import Conflict, Invalid

# Roles that come with an affiliation are never granted.
GRANTABLE = frozenset(
    {Role.DIRECTION, Role.REFERENT, Role.VIE_SCOLAIRE, Role.STAFF, Role.ACADEMIE, Role.MINISTERE, Role.DPO}
)


@action("directory.give_role")
def give_role(
    act: Act,
    person: Person,
    *,
    role: Role,
    organisation: Organisation,
    reason: str,
    scope: Scope = Scope.WHOLE,
    group: Group | None = None,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Grant:
    """Gives a role from `starts` (today) until the day before `ends` (open)."""
    act.require("give_roles", organisation)
    if role not in GRANTABLE:
        raise Invalid({"role": _("Ce rôle vient de l’établissement, il ne se donne pas.")})
    if not reason.strip():
        raise Invalid({"reason": _("Dites pourquoi : la raison reste à côté du rôle.")})
    starts = starts or clock.today()
    if ends is not None and ends <= starts:
        raise Invalid({"ends": _("La fin est avant le début.")})
    grant = Grant.objects.create(
        person=person,
        role=role,
        scope=scope,
        organisation=organisation,
        group=group,
        state=GrantState.GIVEN,
        starts=starts,
        ends=ends,
        reason=reason.strip()[:200],
        given_by_id=act.actor.id,
        decided_at=clock.now(),
    )
    act.record(target=grant, subject=person.pk, organisation_id=organisation.pk, role=str(role), reason=grant.reason)
    act.emit(GrantGiven(grant_id=grant.pk, person_id=person.pk))
    return grant


@action("directory.end_role")
def end_role(act: Act, grant: Grant, *, reason: str) -> None:
    """Takes a role back today. The last direction of a school cannot be taken away."""
    act.require("end", grant)
    if grant.role == Role.DIRECTION and not _others(grant).exists():
        raise Conflict(_("C’est la dernière direction de l’établissement : donnez d’abord ce rôle à quelqu’un."))
    grant.state = GrantState.ENDED
    grant.ends = clock.today()
    grant.save(update_fields=["state", "ends"])
    act.record(target=grant, subject=grant.person_id, organisation_id=grant.organisation_id, reason=reason)
    act.emit(GrantEnded(grant_id=grant.pk, person_id=grant.person_id))


def _others(grant: Grant) -> QuerySet[Grant]:
    return Grant.objects.filter(
        current(), role=grant.role, organisation=grant.organisation_id, state=GrantState.GIVEN, person__state="active"
    ).exclude(pk=grant.pk)


@action("directory.decide_proposed_role")
def decide_proposed_role(act: Act, grant: Grant, *, accept: bool, reason: str) -> None:
    """Gives or declines what a file proposed."""
    act.require("accept" if accept else "decline", grant)
    if grant.state != GrantState.PROPOSED:
        raise Conflict(_("Cette proposition a déjà sa réponse."))
    grant.state = GrantState.GIVEN if accept else GrantState.DECLINED
    grant.starts = clock.today() if accept else None
    grant.reason, grant.given_by_id, grant.decided_at = reason.strip()[:200], act.actor.id, clock.now()
    grant.save(update_fields=["state", "starts", "reason", "given_by", "decided_at"])
    act.record(target=grant, subject=grant.person_id, organisation_id=grant.organisation_id, accept=accept)
    event = GrantGiven if accept else GrantEnded
    act.emit(event(grant_id=grant.pk, person_id=grant.person_id))


@action("directory.decide_guardianship")
def decide_guardianship(
    act: Act,
    guardianship: Guardianship,
    *,
    state: Authority,
    everyday_rights: bool = False,
    nature: str = "",
    remind_on: dt.date | None = None,
) -> None:
    """Says what a guardian may. The judgment's text is never kept, only its nature ("jugement", "accord")."""
    act.require("decide", guardianship)
    before = guardianship.state
    guardianship.state, guardianship.everyday_rights = state, everyday_rights
    guardianship.nature, guardianship.remind_on = nature.strip()[:120], remind_on
    guardianship.decided_at, guardianship.decided_by_id = clock.now(), act.actor.id
    guardianship.save(update_fields=["state", "everyday_rights", "nature", "remind_on", "decided_at", "decided_by"])
    act.record(
        target=guardianship, subject=guardianship.pupil_id, guardian=guardianship.guardian_id,
        before=before, after=str(state),
    )  # fmt: skip
    act.emit(
        GuardianshipDecided(
            guardianship_id=guardianship.pk,
            guardian_id=guardianship.guardian_id,
            pupil_id=guardianship.pupil_id,
        )
    )


@action("directory.confirm_guardianships")
def confirm_guardianships(act: Act, group: Group, guardianships: list[Guardianship]) -> int:
    """Direction confirms, for a class, that these guardians exercise authority; those already decided are left."""
    act.require("decide_authority", group.organisation)
    moment = clock.now()
    waiting = [tie for tie in guardianships if tie.decided_at is None]
    for tie in waiting:
        tie.state, tie.decided_at, tie.decided_by_id = Authority.EXERCISES, moment, act.actor.id
        act.emit(GuardianshipDecided(guardianship_id=tie.pk, guardian_id=tie.guardian_id, pupil_id=tie.pupil_id))
    Guardianship.objects.bulk_update(waiting, ["state", "decided_at", "decided_by"], batch_size=500)
    act.record(target=group, organisation_id=group.organisation_id, confirmed=len(waiting))
    return len(waiting)
