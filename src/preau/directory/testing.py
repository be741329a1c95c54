"""Invented schools and people for tests: small makers, and `World`, one of everybody in two schools that share nobody.

Everything is written inside `machinery("testing")`, so that the write guard of the tests stays on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from preau.directory.actions.importing import counts_of
from preau.directory.imports.deposits import Deposit, keep
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
    Subject,
    Teaching,
)
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.guardianship import Authority
from preau.directory.models.importing import ImportState
from preau.directory.models.organisation import OrganisationKind, Stage
from preau.directory.models.person import AffiliationKind, GrantState, PersonState, Suspension
from preau.directory.organisations import next_path, root
from preau.directory.rosters.applying import fold_person
from preau.directory.rosters.plan import Plan
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import Actor, ActorKind, Hat, Role, Scope
from preau.kernel.routes import Example
from preau.kernel.search import fold_words
from preau.wire.text import fold

_numbers = count(1)

# Roles that come with an affiliation of the same name; the others are granted.
TIED = {
    Role.PUPIL: AffiliationKind.PUPIL,
    Role.GUARDIAN: AffiliationKind.GUARDIAN,
    Role.TEACHER: AffiliationKind.TEACHER,
    Role.STAFF: AffiliationKind.STAFF,
    Role.TRAINER: AffiliationKind.TRAINER,
}


def make_school(
    name: str = "Collège des Tilleuls",
    *,
    kind: OrganisationKind = OrganisationKind.SCHOOL,
    stage: Stage = Stage.COLLEGE,
    parent: Organisation | None = None,
    uai: str = "",
) -> Organisation:
    """An organisation under `parent` (the instance's root)."""
    parent = parent or root()
    with machinery("testing"):
        return Organisation.objects.create(
            kind=kind,
            name=name,
            stage=stage if kind == OrganisationKind.SCHOOL else Stage.NONE,
            uai=uai,
            parent=parent,
            path=next_path(parent),
            folded=fold_words(name),
        )


def make_person(
    given_name: str = "Camille",
    family_name: str = "Exemple",
    *,
    school: Organisation | None = None,
    role: Role | None = None,
    scope: Scope = Scope.WHOLE,
    label: str = "",
    **fields: Any,
) -> Person:
    """Somebody; with `school` and `role`, tied to it by an affiliation or a grant, as that role asks."""
    if "username" not in fields:
        name = ".".join(fold(part).replace(" ", "-") for part in (given_name, family_name) if part) or "p"
        fields["username"] = f"{name}{next(_numbers)}"
    person = Person(given_name=given_name, family_name=family_name, **fields)
    fold_person(person)
    with machinery("testing"):
        person.save(force_insert=True)
    if school is not None and role is not None:
        if role in TIED:
            make_affiliation(person, school, TIED[role], label=label)
        if role not in TIED or scope is not Scope.WHOLE:
            make_grant(person, role, school, scope=scope)
    return person


def make_affiliation(
    person: Person,
    school: Organisation,
    kind: AffiliationKind,
    *,
    label: str = "",
    level: str = "",
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Affiliation:
    """A tie to a school, as a file would say it."""
    with machinery("testing"):
        return Affiliation.objects.create(
            person=person, organisation=school, kind=kind, label=label, level=level, starts=starts, ends=ends
        )


def make_grant(
    person: Person,
    role: Role,
    school: Organisation,
    *,
    scope: Scope = Scope.WHOLE,
    state: GrantState = GrantState.GIVEN,
    reason: str = "Nomination de la rentrée",
    given_by: Person | None = None,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Grant:
    """A power, given unless `state` says otherwise."""
    with machinery("testing"):
        return Grant.objects.create(
            person=person,
            role=role,
            scope=scope,
            organisation=school,
            state=state,
            reason=reason if state == GrantState.GIVEN else "",
            given_by=given_by,
            starts=starts,
            ends=ends,
            decided_at=clock.now() if state == GrantState.GIVEN else None,
        )


def make_group(
    school: Organisation,
    name: str = "4e C",
    *,
    kind: GroupKind = GroupKind.DIVISION,
    sensitive: bool = False,
    level: str = "",
    school_year: int | None = None,
) -> Group:
    """A group of the present school year, with its name as its code."""
    with machinery("testing"):
        return Group.objects.create(
            organisation=school,
            school_year=school_year or clock.school_year(),
            kind=kind,
            code=name,
            name=name,
            level=level,
            is_sensitive=sensitive,
            folded=fold_words(name),
        )


def make_membership(
    person: Person,
    group: Group,
    role: MembershipRole = MembershipRole.LEARNER,
    *,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Membership:
    """Puts somebody in a group."""
    with machinery("testing"):
        return Membership.objects.create(person=person, group=group, role=role, starts=starts, ends=ends)


def make_teaching(teacher: Person, group: Group, subject: str = "Technologie") -> Teaching:
    """A subject taught to a group."""
    with machinery("testing"):
        of, _made = Subject.objects.get_or_create(
            organisation=group.organisation, code=subject, defaults={"name": subject}
        )
        return Teaching.objects.create(subject=of, group=group, teacher=teacher)


def make_guardianship(
    guardian: Person,
    pupil: Person,
    state: Authority = Authority.EXERCISES,
    *,
    decided: bool = True,
    link: str = "mère",
    everyday_rights: bool = False,
) -> Guardianship:
    """A tie between an adult and a pupil; decided by a person unless told otherwise."""
    with machinery("testing"):
        return Guardianship.objects.create(
            guardian=guardian,
            pupil=pupil,
            link=link,
            state=state if decided else Authority.NONE,
            proposed=state,
            everyday_rights=everyday_rights,
            decided_at=clock.now() if decided else None,
        )


def make_import(school: Organisation, state: ImportState = ImportState.SIMULATED) -> Import:
    """An import that changed nothing."""
    with machinery("testing"):
        return Import.objects.create(
            organisation=school,
            format="oneroster-1.2",
            file_name="rentree.zip",
            school_year=clock.school_year(),
            state=state,
            counts=counts_of(Plan("oneroster", "oneroster-1.2", clock.school_year())),
            created_at=clock.now(),
            applied_at=clock.now() if state == ImportState.APPLIED else None,
        )


def suspend(person: Person) -> Person:
    """Closes an account without asking anybody."""
    person.state, person.suspension, person.suspended_at = PersonState.SUSPENDED, Suspension.DECISION, clock.now()
    with machinery("testing"):
        person.save(update_fields=["state", "suspension", "suspended_at"])
    return person


def actor_for(
    person: Person, role: Role, organisation: Organisation, *, scope: Scope = Scope.WHOLE, strength: str = "password"
) -> Actor:
    """The person as a web session shows them: wearing one hat."""
    hat = Hat(role=role, organisation_id=organisation.pk, path=organisation.path, scope=scope)
    return Actor(kind=ActorKind.PERSON, id=person.pk, uuid=person.uuid, hats=(hat,), strength=strength)


@dataclass(slots=True)
class SchoolWorld:
    """A school with one person of each role.

    Its pupil is in `division` with the teacher (its main teacher) and a classmate, and in `group`; `sensitive` is a
    group of the pupil's that shows to staff only. `tie` is the guardian's decided tie to the pupil, `pending` another
    adult's, which nobody decided yet.
    """

    organisation: Organisation
    people: dict[Role, Person]
    division: Group
    group: Group
    sensitive: Group
    classmate: Person
    stranger: Person
    other_guardian: Person
    protected: Person
    suspended: Person
    tie: Guardianship
    pending: Guardianship
    grant: Grant
    proposal: Grant
    roster: Import
    supervisor: Person
    nurse: Person
    helper: Person

    @property
    def pupil(self) -> Person:
        """The pupil of the division."""
        return self.people[Role.PUPIL]

    @property
    def teacher(self) -> Person:
        """The main teacher of the division."""
        return self.people[Role.TEACHER]

    @property
    def guardian(self) -> Person:
        """The pupil's guardian, with authority."""
        return self.people[Role.GUARDIAN]

    def actor(self, role: Role) -> Actor:
        """The school's person of that role, in a web session."""
        return actor_for(self.people[role], role, self.organisation)

    @property
    def aed(self) -> Actor:
        """Vie scolaire by delegation: names and classes only."""
        return actor_for(self.supervisor, Role.VIE_SCOLAIRE, self.organisation, scope=Scope.NAMES)

    @property
    def health(self) -> Actor:
        """The school's nurse."""
        return actor_for(self.nurse, Role.STAFF, self.organisation, scope=Scope.HEALTH)

    @property
    def aesh(self) -> Actor:
        """Who accompanies the pupil in the sensitive group."""
        return actor_for(self.helper, Role.STAFF, self.organisation)


@dataclass(slots=True)
class World:
    """Two schools that share nobody, under one académie: `here`, and `there` for "another school"."""

    academie: Organisation
    here: SchoolWorld
    there: SchoolWorld


def make_world() -> World:
    """Everybody that the refusal matrix needs."""
    academie = make_school("Académie des Essais", kind=OrganisationKind.ACADEMIE)
    return World(
        academie=academie,
        here=make_school_world("Collège des Tilleuls", academie, "Ici"),
        there=make_school_world("Collège des Ormes", academie, "Ailleurs"),
    )


# Given names of the one person of each role, so that a failing test says who was seen.
NAMES = {
    Role.PUPIL: "Élodie",
    Role.GUARDIAN: "Gaspard",
    Role.TEACHER: "Théo",
    Role.VIE_SCOLAIRE: "Violette",
    Role.STAFF: "Agathe",
    Role.REFERENT: "Rémi",
    Role.DIRECTION: "Diane",
    Role.ACADEMIE: "Achille",
    Role.MINISTERE: "Maxence",
    Role.DPO: "Daphné",
    Role.TRAINER: "Fabien",
}


def make_school_world(name: str, academie: Organisation, family_name: str) -> SchoolWorld:
    """One school of the world; everybody in it bears `family_name`."""
    school = make_school(name, parent=academie)
    # Whoever stands above schools, or beside them, is known to the school by a grant there all the same.
    people = {role: make_person(given, family_name, school=school, role=role) for role, given in NAMES.items()}
    for role in (Role.VIE_SCOLAIRE, Role.REFERENT, Role.DIRECTION):
        make_affiliation(people[role], school, AffiliationKind.STAFF)
    division = make_group(school, "4e C", level="4e")
    group = make_group(school, "Latin", kind=GroupKind.GROUP)
    sensitive = make_group(school, "ULIS", kind=GroupKind.GROUP, sensitive=True)
    pupil, teacher, guardian = people[Role.PUPIL], people[Role.TEACHER], people[Role.GUARDIAN]
    pupil.birth_date, pupil.email, pupil.phone = dt.date(2013, 9, 30), "pupil@exemple.fr", "0600000001"
    guardian.email, guardian.phone = "guardian@exemple.fr", "0600000002"
    with machinery("testing"):
        for person in (pupil, guardian):
            person.save(update_fields=["birth_date", "email", "phone"])
    make_membership(pupil, division)
    make_membership(pupil, group)
    make_membership(pupil, sensitive)
    make_membership(teacher, division, MembershipRole.LEAD)
    make_teaching(teacher, division)
    helper = people[Role.STAFF]
    make_membership(helper, sensitive, MembershipRole.TEACHER)

    classmate = make_person("Côme", family_name, school=school, role=Role.PUPIL)
    make_membership(classmate, division)
    stranger = make_person("Inès", family_name, school=school, role=Role.PUPIL)
    make_membership(stranger, make_group(school, "3e A", level="3e"))
    protected = make_person("Prune", family_name, school=school, role=Role.PUPIL, is_protected=True)
    make_membership(protected, division)
    suspended = suspend(make_person("Solal", family_name, school=school, role=Role.PUPIL))
    make_membership(suspended, division)
    other_guardian = make_person("Odile", family_name, school=school, role=Role.GUARDIAN)
    supervisor = make_person("Anouk", family_name, school=school, role=Role.VIE_SCOLAIRE, scope=Scope.NAMES)
    make_affiliation(supervisor, school, AffiliationKind.STAFF, label="AED")
    nurse = make_person("Noémie", family_name, school=school, role=Role.STAFF, scope=Scope.HEALTH)
    return SchoolWorld(
        organisation=school,
        people=people,
        division=division,
        group=group,
        sensitive=sensitive,
        classmate=classmate,
        stranger=stranger,
        other_guardian=other_guardian,
        protected=protected,
        suspended=suspended,
        tie=make_guardianship(guardian, pupil, link="père"),
        pending=make_guardianship(other_guardian, pupil, decided=False),
        grant=people[Role.VIE_SCOLAIRE].grants.get(),
        proposal=make_grant(teacher, Role.REFERENT, school, state=GrantState.PROPOSED),
        roster=make_import(school),
        supervisor=supervisor,
        nurse=nurse,
        helper=helper,
    )


def example_person(world: World) -> Example:
    """A page of the pupil."""
    return Example(kwargs={"uuid": str(world.here.pupil.uuid)})


def example_person_why(world: World) -> Example:
    """An act on the pupil that says why."""
    return Example(kwargs={"uuid": str(world.here.pupil.uuid)}, data={"reason": "Essai"})


def example_edit(world: World) -> Example:
    """Another name for the pupil."""
    return Example(kwargs={"uuid": str(world.here.pupil.uuid)}, data={"family_name": "Nouveau", "given_name": "Élodie"})


def example_rename(world: World) -> Example:
    """Another username for the pupil."""
    return Example(kwargs={"uuid": str(world.here.pupil.uuid)}, data={"username": "elodie.nouveau"})


def example_add(world: World) -> Example:
    """A pupil that no file knows."""
    return Example(data={"kind": "pupil", "family_name": "Venue", "given_name": "Nouvelle"})


def example_group(world: World) -> Example:
    """A page of the division."""
    return Example(kwargs={"uuid": str(world.here.division.uuid)})


def example_guardianship(world: World) -> Example:
    """What the undecided guardian may."""
    return Example(kwargs={"uuid": str(world.here.pending.uuid)}, data={"state": "informed", "nature": "jugement"})


def example_end_role(world: World) -> Example:
    """The CPE's role ends."""
    return Example(kwargs={"uuid": str(world.here.grant.uuid)}, data={"reason": "Fin de mission"})


def example_decide_role(world: World) -> Example:
    """What the file proposed is declined."""
    return Example(kwargs={"uuid": str(world.here.proposal.uuid)}, data={"answer": "decline"})


def example_give_role(world: World) -> Example:
    """The teacher becomes référent."""
    return Example(
        data={"person": str(world.here.teacher.uuid), "role": "referent", "reason": "Nommé par la direction"}
    )


def example_import(world: World) -> Example:
    """An import that waits; its files are gone."""
    return Example(kwargs={"uuid": str(world.here.roster.uuid)})


def example_applied_import(world: World) -> Example:
    """An import that may be taken back."""
    return Example(kwargs={"uuid": str(make_import(world.here.organisation, ImportState.APPLIED).uuid)})


def make_deposit(school: SchoolWorld) -> Deposit:
    """One uploaded file of an import that was not simulated yet: a pupil of the school without a class."""
    header = "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName"
    row = "p1,true,,student,nina.nouvelle,Nina,Nouvelle"
    file = SimpleUploadedFile("users.csv", f"{header}\n{row}\n".encode())
    person = school.people[Role.REFERENT]
    return keep([file], organisation_id=school.organisation.pk, person_id=person.pk, role=Role.REFERENT.value)


def example_deposit(world: World) -> Example:
    """An upload of the school that was simulated, and a row that was rejected."""
    deposit = make_deposit(world.here)
    of = make_import(world.here.organisation)
    of.uuid = deposit.uuid
    with machinery("testing"):
        of.save(update_fields=["uuid"])
        row = RejectedRow.objects.create(of=of, file="users.csv", line=2, reason="ragged_row")
    return Example(kwargs={"uuid": str(deposit.uuid)}, data={"row": str(row.pk)})
