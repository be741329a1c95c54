"""Who may see and do what here.

Sessions, codes and attempts show to their person alone: when and from where somebody came in is no teacher's and no
parent's business. Whether somebody ever came in is the directory's `see_account`.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.directory.api import (
    Affiliation,
    AffiliationKind,
    Grant,
    GrantState,
    Group,
    Membership,
    Person,
    PersonState,
    current,
    own_groups,
)
from preau.kernel.actor import Actor, Hat, Role, Scope
from preau.kernel.policy import rule, visibility
from preau.signin.models import Credential, OneUseCode, Session, SetupLink, SignInLog
from preau.signin.queries import pupils_only

# Powers that a référent's reset would hand to the référent.
_ABOVE_REFERENT = (Role.DIRECTION, Role.ACADEMIE, Role.MINISTERE, Role.DPO)


@visibility(Session)
@visibility(OneUseCode)
@visibility(Credential)
@visibility(SignInLog)
def own_rows(actor: Actor, rows: QuerySet[Session]) -> QuerySet[Session]:
    """One's own."""
    return rows.filter(person=actor.id) if actor.is_person else rows.none()


@visibility(SetupLink)
def no_links(actor: Actor, links: QuerySet[SetupLink]) -> QuerySet[SetupLink]:
    """Nobody's: the link is printed once, for whoever runs the machine."""
    return links.none()


@rule(Session, "end", "switch")
def is_own_session(actor: Actor, session: Session) -> bool:
    """Each person closes and switches their own."""
    return actor.is_person and session.person_id == actor.id


def resettable(actor: Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of `people` whose password the actor may take away, handing out a one-use code instead.

    A code opens everything that its owner may do, so nobody makes one for who has powers elsewhere, nor a référent for
    who has more than they; a protected person's is direction's alone; one's own is changed, not reset.
    """
    if actor.is_system:
        return people
    seen = reduce(or_, (_resettable_as(actor, hat) for hat in actor.hats), Q(pk__in=[]))
    if not actor.wears(Role.DIRECTION):
        seen &= Q(is_protected=False)
    return people.filter(seen & ~Q(pk=actor.id), state=PersonState.ACTIVE)


def _resettable_as(actor: Actor, hat: Hat) -> Q:
    school = hat.organisation_id
    given = Grant.objects.filter(current(), person=OuterRef("pk"), state=GrantState.GIVEN)
    tied = Affiliation.objects.filter(current(), person=OuterRef("pk"), organisation=school)
    if hat.role in (Role.DIRECTION, Role.REFERENT):
        of_school = Q(Exists(tied)) | Q(Exists(given.filter(organisation=school)))
        beyond = Exists(given.exclude(organisation=school))
        if hat.role is Role.REFERENT:
            return of_school & ~Q(beyond) & ~Q(Exists(given.filter(role__in=_ABOVE_REFERENT)))
        return of_school & ~Q(beyond)
    if hat.role is Role.VIE_SCOLAIRE and hat.scope is Scope.WHOLE:
        return Q(Exists(tied.filter(kind=AffiliationKind.PUPIL))) & pupils_only()
    if hat.role is Role.TEACHER:
        taught = Membership.objects.filter(
            current(),
            person=OuterRef("pk"),
            role="learner",
            group__in=own_groups(actor.id, school, "teacher", "lead"),
        )
        return Q(Exists(taught)) & pupils_only()
    return Q(pk__in=[])


@rule(Person, "reset_password")
def may_reset(actor: Actor, person: Person) -> bool:
    """See `resettable`."""
    return resettable(actor, Person.objects.filter(pk=person.pk)).exists()


@rule(Person, "end_sessions")
def may_end_sessions(actor: Actor, person: Person) -> bool:
    """One's own, and those of whoever one may reset."""
    return (actor.is_person and actor.id == person.pk) or may_reset(actor, person)


@rule(Person, "change_password")
def is_own_account(actor: Actor, person: Person) -> bool:
    """One's own, knowing the present one."""
    return actor.is_person and actor.id == person.pk


@rule(Person, "set_password")
def nobody(actor: Actor, person: Person) -> bool:
    """The house alone, for the demo: no person ever chooses another's."""
    return False


@rule(Group, "make_codes")
def may_make_codes(actor: Actor, group: Group) -> bool:
    """Those who may reset some of its members: direction and the référent, the CPE, its teachers."""
    members = Membership.objects.filter(current(), group=group).values("person")
    return resettable(actor, Person.objects.filter(pk__in=members)).exists()
