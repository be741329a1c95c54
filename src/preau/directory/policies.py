"""Who sees whom, and who may do what (docs/directory.md, *Who sees whom*).

Each hat adds what it sees; a web session wears one hat. Roles that administer a school see all of it; others see
through memberships, at read time: a departure closes it at once.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from preau.directory.models import (
    Affiliation,
    Grant,
    Group,
    Guardianship,
    Import,
    Membership,
    Organisation,
    Person,
    RejectedRow,
    Teaching,
)
from preau.directory.models.base import current
from preau.directory.models.guardianship import Authority
from preau.directory.models.person import GrantState, PersonState
from preau.kernel.actor import Actor, Hat, Role, Scope
from preau.kernel.db import below
from preau.kernel.policy import rule, visibility

NOBODY = Q(pk__in=[])
SCHOOL_WIDE = frozenset({Role.DIRECTION, Role.REFERENT})
LEARNER, TEACHING = "learner", ("teacher", "lead")


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions, NOBODY)


def _affiliated(organisation_id: int, *kinds: str) -> Q:
    """People with a current affiliation of these kinds in the organisation (all kinds when none is named)."""
    ties = Affiliation.objects.filter(current(), organisation=organisation_id)
    if kinds:
        ties = ties.filter(kind__in=kinds)
    return Q(pk__in=ties.values("person"))


def own_groups(person_id: int | None, organisation_id: int, *roles: str) -> QuerySet[Group]:
    """Open groups of the organisation in which the person currently is (in one of `roles`, when named)."""
    memberships = Membership.objects.filter(current(), person=person_id)
    if roles:
        memberships = memberships.filter(role__in=roles)
    return Group.objects.filter(pk__in=memberships.values("group"), organisation=organisation_id, closed_on=None)


def _members(groups: QuerySet[Group], *roles: str) -> Q:
    memberships = Membership.objects.filter(current(), group__in=groups)
    if roles:
        memberships = memberships.filter(role__in=roles)
    return Q(pk__in=memberships.values("person"))


def _guardians_of(pupils: Q) -> Q:
    """Guardians of these pupils, the protected left out: an adult's name and address would lead to the child."""
    ties = Guardianship.objects.filter(current(), pupil__in=Person.objects.filter(pupils, is_protected=False))
    return Q(pk__in=ties.values("guardian"))


def children(guardian_id: int | None) -> QuerySet[Guardianship]:
    """The guardianships through which this adult sees a child: decided, with a right that lasts.

    A protected child is seen by who exercises authority alone: direction decided that, knowing who is protected.
    """
    ties = Guardianship.objects.filter(current(), guardian=guardian_id, decided_at__isnull=False)
    informed = Q(state=Authority.INFORMED) | Q(everyday_rights=True)
    return ties.filter(Q(state=Authority.EXERCISES) | informed & Q(pupil__is_protected=False))


def _seen_through(actor: Actor, hat: Hat) -> Q:
    """One row of the table of who sees whom, protection and suspension held to that hat: whoever directs one school
    and teaches in another sees the protected of the first alone."""
    seen = _people_seen_as(actor, hat)
    if hat.role is Role.GUARDIAN:
        seen &= Q(is_protected=False) | Q(pk__in=_charges(actor, hat).values("pupil"))
    elif hat.role is not Role.DIRECTION:
        seen &= Q(is_protected=False)
    if hat.role not in SCHOOL_WIDE:
        seen &= Q(state=PersonState.ACTIVE)
    return seen


def _charges(actor: Actor, hat: Hat) -> QuerySet[Guardianship]:
    """The guardian's ties to children who are pupils of the hat's school."""
    pupils = Affiliation.objects.filter(current(), organisation=hat.organisation_id, kind="pupil")
    return children(actor.id).filter(pupil__in=pupils.values("person"))


def _people_seen_as(actor: Actor, hat: Hat) -> Q:
    school = hat.organisation_id
    if hat.role in SCHOOL_WIDE:
        granted = Grant.objects.filter(current(), organisation=school, state=GrantState.GIVEN)
        return _affiliated(school) | Q(pk__in=granted.values("person"))
    if hat.role is Role.VIE_SCOLAIRE:
        pupils = _affiliated(school, "pupil")
        colleagues = _affiliated(school, "teacher", "staff")
        return pupils | colleagues | (_guardians_of(pupils) if hat.scope is Scope.WHOLE else NOBODY)
    if hat.role is Role.TEACHER:
        taught = _members(own_groups(actor.id, school, *TEACHING), LEARNER)
        return taught | _guardians_of(taught) | _affiliated(school, "teacher", "staff")
    if hat.role is Role.STAFF:
        colleagues = _affiliated(school, "teacher", "staff")
        if hat.scope is Scope.HEALTH:
            pupils = _affiliated(school, "pupil")
            return pupils | _guardians_of(pupils) | colleagues
        return _members(own_groups(actor.id, school), LEARNER) | colleagues
    if hat.role is Role.PUPIL:
        own = own_groups(actor.id, school).exclude(is_sensitive=True)
        return _members(own) | _members(own_groups(actor.id, school), *TEACHING)
    if hat.role is Role.GUARDIAN:
        charges = _charges(actor, hat).values("pupil")
        memberships = Membership.objects.filter(current(), person__in=charges, role=LEARNER)
        groups = Group.objects.filter(pk__in=memberships.values("group"), organisation=school, closed_on=None)
        return Q(pk__in=charges) | _members(groups, *TEACHING)
    if hat.role is Role.ACADEMIE:
        ties = Affiliation.objects.filter(
            current(), below("organisation__path", hat.path), kind__in=["teacher", "staff"]
        )
        return Q(pk__in=ties.values("person"))
    return NOBODY  # ministère sees counts; the DPO acts on request; a trainer sees the lists of own sessions


@visibility(Person)
def visible_people(actor: Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    """Everybody sees themselves; a protected person shows to direction, and a protected child to who has authority."""
    return people.filter(_any([_seen_through(actor, hat) for hat in actor.hats]) | Q(pk=actor.id))


@visibility(Organisation)
def visible_organisations(actor: Actor, organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The organisations of one's hats; the académie and ministère see all below theirs."""
    wide = {Role.ACADEMIE, Role.MINISTERE, Role.DPO}
    return organisations.filter(
        _any([below("path", hat.path) if hat.role in wide else Q(pk=hat.organisation_id) for hat in actor.hats])
    )


def _groups_seen_as(actor: Actor, hat: Hat) -> Q:
    school = Q(organisation=hat.organisation_id)
    if hat.scope is Scope.NAMES:
        return school & Q(is_sensitive=False)
    if hat.role in SCHOOL_WIDE | {Role.VIE_SCOLAIRE, Role.TEACHER} or hat.scope is Scope.HEALTH:
        return school
    if hat.role is Role.STAFF:
        return Q(pk__in=own_groups(actor.id, hat.organisation_id).values("pk")) | (school & Q(is_sensitive=False))
    if hat.role is Role.PUPIL:
        return Q(pk__in=own_groups(actor.id, hat.organisation_id).values("pk"), is_sensitive=False)
    if hat.role is Role.GUARDIAN:
        charges = _charges(actor, hat).values("pupil")
        memberships = Membership.objects.filter(current(), person__in=charges, role=LEARNER)
        return school & Q(pk__in=memberships.values("group"), is_sensitive=False, closed_on=None)
    return NOBODY


@visibility(Group)
def visible_groups(actor: Actor, groups: QuerySet[Group]) -> QuerySet[Group]:
    """Sensitive groups show to staff only, and not to who reads names alone; pupils and guardians see their own."""
    return groups.filter(_any([_groups_seen_as(actor, hat) for hat in actor.hats]))


@visibility(Membership)
def visible_memberships(actor: Actor, memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of visible people in visible groups."""
    return memberships.filter(
        person__in=visible_people(actor, Person.objects.all()), group__in=visible_groups(actor, Group.objects.all())
    )


@visibility(Teaching)
def visible_teachings(actor: Actor, teachings: QuerySet[Teaching]) -> QuerySet[Teaching]:
    """Those of visible groups."""
    return teachings.filter(group__in=visible_groups(actor, Group.objects.all()))


def _guardianships_seen_as(actor: Actor, hat: Hat) -> Q:
    if hat.role is Role.GUARDIAN:
        return Q(pk__in=_charges(actor, hat).values("pk"))
    school = Q(pupil__in=Person.objects.filter(_affiliated(hat.organisation_id, "pupil")))
    if hat.role is Role.DIRECTION:
        return school
    school &= Q(pupil__is_protected=False, guardian__is_protected=False)
    if hat.role is Role.REFERENT:
        return school
    school &= Q(pupil__state=PersonState.ACTIVE, guardian__state=PersonState.ACTIVE)
    if hat.scope is Scope.HEALTH:
        return school
    if hat.role is Role.VIE_SCOLAIRE:
        return school if hat.scope is Scope.WHOLE else NOBODY
    if hat.role is Role.TEACHER:
        taught = _members(own_groups(actor.id, hat.organisation_id, *TEACHING), LEARNER)
        return school & Q(pupil__in=Person.objects.filter(taught))
    return NOBODY


@visibility(Guardianship)
def visible_guardianships(actor: Actor, guardianships: QuerySet[Guardianship]) -> QuerySet[Guardianship]:
    """One's own ties to one's children (never another guardian's), and a school's for those who work with them."""
    return guardianships.filter(_any([_guardianships_seen_as(actor, hat) for hat in actor.hats]))


@visibility(Affiliation)
def visible_affiliations(actor: Actor, affiliations: QuerySet[Affiliation]) -> QuerySet[Affiliation]:
    """Those of visible people, in the organisations of one's hats."""
    return affiliations.filter(
        Q(person__in=visible_people(actor, Person.objects.all()))
        & Q(organisation__in=visible_organisations(actor, Organisation.objects.all()))
        | Q(person=actor.id)
    )


@visibility(Grant)
def visible_grants(actor: Actor, grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Direction and the référent see who has which power and why, a protected person's direction alone; everybody
    sees their own."""
    directed = [hat.organisation_id for hat in actor.hats if hat.role is Role.DIRECTION]
    administered = [hat.organisation_id for hat in actor.hats if hat.role is Role.REFERENT]
    return grants.filter(
        Q(organisation__in=directed) | Q(organisation__in=administered, person__is_protected=False) | Q(person=actor.id)
    )


@visibility(Import)
def visible_imports(actor: Actor, imports: QuerySet[Import]) -> QuerySet[Import]:
    """Direction's and the référent's own school's."""
    return imports.filter(organisation__in=[hat.organisation_id for hat in actor.hats if hat.role in SCHOOL_WIDE])


@visibility(RejectedRow)
def visible_rejected(actor: Actor, rows: QuerySet[RejectedRow]) -> QuerySet[RejectedRow]:
    """Those of visible imports."""
    return rows.filter(of__in=visible_imports(actor, Import.objects.all()))


def administers(actor: Actor, organisation_id: int) -> bool:
    """Direction or référent of that organisation."""
    return actor.wears(*SCHOOL_WIDE, organisation_id=organisation_id)


@rule(Organisation, "import_roster", "add_person", "see_accounts")
def may_administer(actor: Actor, organisation: Organisation) -> bool:
    """Accounts and imports are the référent's and direction's."""
    return administers(actor, organisation.pk)


@rule(Organisation, "decide_authority", "give_roles")
def may_direct(actor: Actor, organisation: Organisation) -> bool:
    """Powers and parental authority are decided by direction alone."""
    return actor.wears(Role.DIRECTION, organisation_id=organisation.pk)


def _schools_of(person: Person) -> set[int]:
    """Where somebody is tied or holds a power; a guardian whom no file tied, where their children are."""
    own = Affiliation.objects.filter(current(), person=person)
    powers = Grant.objects.filter(current(), person=person, state=GrantState.GIVEN)
    wards = Guardianship.objects.filter(current(), guardian=person)
    childrens = Affiliation.objects.filter(current(), kind="pupil", person__in=wards.values("pupil"))
    schools = own.values_list("organisation_id")
    return {
        row[0] for row in schools.union(powers.values_list("organisation_id"), childrens.values_list("organisation_id"))
    }


@rule(Person, "edit", "suspend", "resume")
def may_edit_person(actor: Actor, person: Person) -> bool:
    """Those who administer one of the person's schools, and every place where the person holds a power: the account
    is one, and whoever renames or closes it holds them all. A référent never touches direction."""
    schools = [school for school in _ever_schools_of(person) if administers(actor, school)]
    powers = person.grants.filter(current(), state=GrantState.GIVEN).values_list("role", "organisation_id")
    for role, organisation in powers:
        over = {Role.DIRECTION} if role == Role.DIRECTION else SCHOOL_WIDE
        if not actor.wears(*over, organisation_id=organisation):
            return False
    if any(actor.wears(Role.DIRECTION, organisation_id=school) for school in schools):
        return True
    return bool(schools) and not person.is_protected


def _ever_schools_of(person: Person) -> set[int]:
    """Schools of a suspended person too: their affiliations may have ended."""
    return _schools_of(person) or set(person.affiliations.values_list("organisation_id", flat=True))


@rule(Person, "protect")
def may_protect(actor: Actor, person: Person) -> bool:
    """Setting and lifting *protected* is direction's act."""
    return any(actor.wears(Role.DIRECTION, organisation_id=school) for school in _ever_schools_of(person))


@rule(Person, "see_contacts")
def may_see_contacts(actor: Actor, person: Person) -> bool:
    """Contacts: direction, référent; the CPE for pupils and guardians; a main teacher for those of their division;
    oneself."""
    if actor.id == person.pk:
        return True
    schools = _schools_of(person)
    for hat in actor.hats:
        if hat.organisation_id not in schools:
            continue
        if hat.role in SCHOOL_WIDE:
            return True
        if hat.role is Role.VIE_SCOLAIRE and hat.scope is Scope.WHOLE:
            pupils = _affiliated(hat.organisation_id, "pupil")
            if Person.objects.filter(pupils | _guardians_of(pupils), pk=person.pk).exists():
                return True
        if hat.role is Role.TEACHER:
            led = _members(own_groups(actor.id, hat.organisation_id, "lead"), LEARNER)
            if Person.objects.filter(led | _guardians_of(led), pk=person.pk).exists():
                return True
    return False


@rule(Person, "see_authority")
def may_see_authority(actor: Actor, person: Person) -> bool:
    """The state of parental authority: direction and the CPE; a guardian their own."""
    schools = _schools_of(person)
    return any(
        hat.role is Role.DIRECTION or (hat.role is Role.VIE_SCOLAIRE and hat.scope is Scope.WHOLE)
        for hat in actor.hats
        if hat.organisation_id in schools
    )


def reads_records(hat: Hat) -> bool:
    """Birth date and where the record comes from: direction, référent, CPE."""
    return hat.role in SCHOOL_WIDE or (hat.role is Role.VIE_SCOLAIRE and hat.scope is Scope.WHOLE)


@rule(Person, "see_record")
def may_see_record(actor: Actor, person: Person) -> bool:
    """Those who read the records of one of the person's schools; oneself."""
    if actor.id == person.pk:
        return True
    schools = _schools_of(person)
    return any(reads_records(hat) for hat in actor.hats if hat.organisation_id in schools)


@rule(Person, "see_account")
def may_see_account(actor: Actor, person: Person) -> bool:
    """Whether somebody ever signed in: who administers the school, and the pupil's own teachers (yes or no)."""
    schools = _schools_of(person)
    if any(administers(actor, school) for school in schools):
        return True
    return any(
        hat.role is Role.TEACHER
        and Person.objects.filter(
            _members(own_groups(actor.id, hat.organisation_id, *TEACHING), LEARNER), pk=person.pk
        ).exists()
        for hat in actor.hats
    )


@rule(Grant, "accept")
def may_accept_grant(actor: Actor, grant: Grant) -> bool:
    """Giving what a file proposed is giving a role: direction's act alone."""
    return actor.wears(Role.DIRECTION, organisation_id=grant.organisation_id)


@rule(Grant, "end", "decline")
def may_end_grant(actor: Actor, grant: Grant) -> bool:
    """Direction; but a référent may decline or end the roles that are not direction's."""
    if may_accept_grant(actor, grant):
        return True
    return grant.role != Role.DIRECTION and actor.wears(Role.REFERENT, organisation_id=grant.organisation_id)


@rule(Guardianship, "decide")
def may_decide_guardianship(actor: Actor, guardianship: Guardianship) -> bool:
    """Direction of the pupil's school."""
    schools = guardianship.pupil.affiliations.filter(current(), kind="pupil").values_list("organisation_id", flat=True)
    return any(actor.wears(Role.DIRECTION, organisation_id=school) for school in schools)
