"""Who may see and do what here.

Sessions, codes and attempts show to their person alone: when and from where somebody came in is no teacher's and no
parent's business. Whether somebody ever came in is the directory's `see_account`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from preau.directory.api import (
    Affiliation,
    AffiliationKind,
    Group,
    Guardianship,
    Membership,
    Person,
    PersonState,
    current,
    own_groups,
)
from preau.kernel.actor import Actor, ActorKind, Hat, Role, Scope
from preau.kernel.policy import rule, visibility
from preau.signin.hats import hats_of
from preau.signin.models import CodePurpose, Credential, OneUseCode, Session, SetupLink, SignInLog
from preau.signin.queries import lasting, powers_held_or_near, pupils_only

# Powers that a référent's reset would hand to the référent; the nurse's sealed threads come with a scope.
_ABOVE_REFERENT = (Role.DIRECTION, Role.ACADEMIE, Role.MINISTERE, Role.DPO, Role.VIE_SCOLAIRE)
# What somebody may be in another school for direction to give them a code here: families and teachers share schools.
_SHARED = (AffiliationKind.PUPIL, AffiliationKind.GUARDIAN, AffiliationKind.TEACHER)


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

    A code opens everything that its owner may do, so nobody makes one for who has powers elsewhere, or will, nor a
    référent for who has more than they; for who is tied to another school as a pupil, a guardian or a teacher,
    direction alone; a protected person's is direction's alone; one's own is changed, not reset.
    """
    if actor.is_system:
        return people
    seen = reduce(or_, (_resettable_as(actor, hat) for hat in actor.hats), Q(pk__in=[]))
    return people.filter(seen & ~Q(pk=actor.id), state=PersonState.ACTIVE)


def _resettable_as(actor: Actor, hat: Hat) -> Q:
    school = hat.organisation_id
    powers = powers_held_or_near()
    tied = Affiliation.objects.filter(current(), person=OuterRef("pk"), organisation=school)
    if hat.role is Role.DIRECTION:
        of_school = Q(Exists(tied)) | Q(Exists(powers.filter(organisation=school)))
        more = _tied_beyond(school).exclude(kind__in=_SHARED)
        return of_school & ~Q(Exists(powers.exclude(organisation=school))) & ~Q(Exists(more))
    return _smaller(actor, hat, tied) & Q(is_protected=False) & ~elsewhere(school)


def _tied_beyond(school: int) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(lasting(), person=OuterRef("pk")).exclude(organisation=school)


def elsewhere(school: int) -> Q:
    """People whom something ties to another school: an affiliation, or a child who is a pupil there."""
    pupils = Affiliation.objects.filter(lasting(), kind=AffiliationKind.PUPIL).exclude(organisation=school)
    wards = Guardianship.objects.filter(lasting(), guardian=OuterRef("pk"), pupil__in=pupils.values("person"))
    return Q(Exists(_tied_beyond(school))) | Q(Exists(wards))


def shared(actor: Actor, person_ids: Sequence[int]) -> set[int]:
    """Those of these people whose account opens another school than the actor's too, or may soon."""
    if not actor.hats:
        return set()
    ties = [
        elsewhere(hat.organisation_id) | Q(Exists(powers_held_or_near().exclude(organisation=hat.organisation_id)))
        for hat in actor.hats
    ]
    return set(Person.objects.filter(reduce(and_, ties), pk__in=person_ids).values_list("pk", flat=True))


def _smaller(actor: Actor, hat: Hat, tied: QuerySet[Affiliation]) -> Q:
    """Whom a hat other than direction's resets, were they tied to this school alone and not protected."""
    school = hat.organisation_id
    if hat.role is Role.REFERENT:
        powers = powers_held_or_near()
        of_school = Q(Exists(tied)) | Q(Exists(powers.filter(organisation=school)))
        above = Q(role__in=_ABOVE_REFERENT) | Q(scope=Scope.HEALTH) | ~Q(organisation=school)
        return of_school & ~Q(Exists(powers.filter(above)))
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


def stands(code: OneUseCode) -> bool:
    """Whether who made the code might make it now: its owner may have got a role since, its maker have lost one."""
    if code.purpose == CodePurpose.ADMIN:
        return True
    maker = code.made_by
    if maker is None or not maker.is_active:
        return False
    hats = tuple(choice.hat for choice in hats_of(maker.pk))
    actor = Actor(kind=ActorKind.PERSON, id=maker.pk, uuid=maker.uuid, hats=hats)
    return may_reset(actor, code.person)


def who_else_makes_one(actor: Actor, person: Person) -> str:
    """Whom to ask for the code of somebody whose account opens another school too; "" for any other refusal, and for
    who does not administer a school."""
    if not actor.wears(Role.DIRECTION, Role.REFERENT) or not shared(actor, [person.pk]):
        return ""
    if actor.wears(Role.DIRECTION):
        return _(
            "Ce compte ouvre aussi un autre établissement : la personne change elle-même son mot de passe, "
            "ou qui tient la machine lui fait un code (« preau user code »)."
        )
    return _(
        "Ce compte ouvre aussi un autre établissement : demandez le code à la direction ou, si elle ne peut pas, "
        "à qui tient la machine (« preau user code »)."
    )


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
