"""`can("view")` is `visible`, whoever looks at whatever; protection, suspension and the one hat hold to each school."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.directory.models import Affiliation, Grant, Group, Guardianship, Import, Membership, Organisation, Person
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.guardianship import Authority
from preau.directory.models.person import AffiliationKind
from preau.directory.policies import children
from preau.directory.queries.groups import group_view
from preau.directory.testing import (
    World,
    actor_for,
    make_affiliation,
    make_grant,
    make_group,
    make_guardianship,
    make_membership,
    make_person,
    make_school,
    make_world,
    suspend,
)
from preau.kernel.actor import Actor, ActorKind, Role, Scope
from preau.kernel.policy import can, visible

pytestmark = pytest.mark.django_db

MODELS: tuple[type[models.Model], ...] = (
    Person, Organisation, Group, Membership, Affiliation, Guardianship, Grant, Import,
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return make_world()


def actors(world: World) -> Iterator[Actor]:
    here, there = world.here, world.there
    for role in Role:
        yield here.actor(role)
    yield from (here.aed, here.health, here.aesh)
    # Every hat at once, as protocols see a person.
    both = (here.actor(Role.DIRECTION).hats[0], there.actor(Role.TEACHER).hats[0])
    yield Actor(kind=ActorKind.PERSON, id=there.teacher.pk, uuid=there.teacher.uuid, hats=both)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_seeing_a_row_is_being_allowed_to_view_it(world: World, model: type[models.Model]) -> None:
    rows = list(model._default_manager.all())
    for actor in actors(world):
        seen = set(visible(actor, model._default_manager.all()).values_list("pk", flat=True))
        assert {row.pk for row in rows if can(actor, "view", row)} == seen


ROLES = st.sampled_from([Role.PUPIL, Role.TEACHER, Role.GUARDIAN, Role.STAFF, Role.VIE_SCOLAIRE, Role.DIRECTION])


@given(
    schools=st.lists(st.sampled_from([0, 1]), min_size=3, max_size=6),
    kinds=st.lists(st.sampled_from(list(AffiliationKind)), min_size=6, max_size=6),
    stays=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(list(MembershipRole))), max_size=8
    ),
    ties=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(list(Authority)), st.booleans()),
        max_size=4, unique_by=lambda tie: tie[:2],
    ),
    hidden=st.sets(st.integers(0, 5), max_size=2),
    closed=st.sets(st.integers(0, 5), max_size=2),
    who=st.integers(0, 5), role=ROLES, scope=st.sampled_from(list(Scope)), place=st.sampled_from([0, 1]),
)  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_schools_hold(
    schools: list[int],
    kinds: list[AffiliationKind],
    stays: list[tuple[int, int, MembershipRole]],
    ties: list[tuple[int, int, Authority, bool]],
    hidden: set[int],
    closed: set[int],
    who: int,
    role: Role,
    scope: Scope,
    place: int,
) -> None:
    """Random schools: a page of rows and one row are judged alike; nobody of another school is seen; nor, but by the
    direction, a protected person."""
    with transaction.atomic():
        built = [make_school("Un"), make_school("Deux")]
        people = [make_person(is_protected=number in hidden) for number in range(6)]
        where: dict[int, set[int]] = {number: set() for number in range(6)}
        for number, school in enumerate(schools):
            make_affiliation(people[number], built[school], kinds[number])
            where[number].add(school)
        groups = [
            make_group(built[0], "A"),
            make_group(built[1], "B"),
            make_group(built[0], "ULIS", kind=GroupKind.GROUP, sensitive=True),
        ]
        for number, group, stay in stays:
            make_membership(people[number], groups[group], stay)
        for guardian, pupil, state, decided in ties:
            make_guardianship(people[guardian], people[pupil], state, decided=decided)
        for number in closed:
            suspend(people[number])
        actor = actor_for(people[who], role, built[place], scope=scope)
        seen = set(visible(actor, Person.objects.all()).values_list("pk", flat=True))
        assert {person.pk for person in Person.objects.all() if can(actor, "view", person)} == seen
        if role is not Role.DIRECTION:
            assert not seen & {people[number].pk for number in hidden} - {actor.id}
        if role in (Role.STAFF, Role.VIE_SCOLAIRE, Role.DIRECTION):
            strangers = {
                people[number].pk
                for number, at in where.items()
                if at == {1 - place}
                and not any(member == number for member, _group, _role in stays)
                and not any(number in tie[:2] for tie in ties)
            }
            assert not seen & strangers - {actor.id}
        transaction.set_rollback(True)


def test_whoever_directs_one_school_sees_the_protected_of_that_one_alone(world: World) -> None:
    hats = (world.here.actor(Role.DIRECTION).hats[0], world.there.actor(Role.TEACHER).hats[0])
    actor = Actor(kind=ActorKind.PERSON, id=world.there.teacher.pk, uuid=world.there.teacher.uuid, hats=hats)
    seen = visible(actor, Person.objects.filter(is_protected=True))
    assert list(seen) == [world.here.protected]


def test_a_child_is_seen_under_the_guardians_hat_only(world: World) -> None:
    guardian = world.here.guardian
    make_affiliation(guardian, world.there.organisation, AffiliationKind.TEACHER)
    at_work = actor_for(guardian, Role.TEACHER, world.there.organisation)
    assert not can(at_work, "view", world.here.pupil)
    assert not visible(at_work, Guardianship.objects.all()).exists()
    assert can(world.here.actor(Role.GUARDIAN), "view", world.here.pupil)


def test_a_referent_declines_but_never_accepts_what_a_file_proposed(world: World) -> None:
    referent, direction = world.here.actor(Role.REFERENT), world.here.actor(Role.DIRECTION)
    assert can(referent, "decline", world.here.proposal)
    assert not can(referent, "accept", world.here.proposal)
    assert can(direction, "accept", world.here.proposal)
    assert not can(world.there.actor(Role.DIRECTION), "accept", world.here.proposal)


def test_a_referent_cannot_touch_whoever_directs_any_school(world: World) -> None:
    head = world.there.people[Role.DIRECTION]
    make_affiliation(head, world.here.organisation, AffiliationKind.TEACHER)
    assert not can(world.here.actor(Role.REFERENT), "suspend", head)
    assert can(world.here.actor(Role.REFERENT), "suspend", world.here.teacher)


def test_contacts_of_colleagues_are_not_the_cpes(world: World) -> None:
    cpe = world.here.actor(Role.VIE_SCOLAIRE)
    assert can(cpe, "see_contacts", world.here.pupil)
    assert can(cpe, "see_contacts", world.here.guardian)
    assert not can(cpe, "see_contacts", world.here.teacher)


def test_a_guardian_whom_no_file_tied_belongs_where_the_child_is(world: World) -> None:
    adult = make_person("Irène", "Sans-Lien")
    make_guardianship(adult, world.here.pupil)
    assert can(world.here.actor(Role.DIRECTION), "see_contacts", adult)
    assert not can(world.there.actor(Role.DIRECTION), "see_contacts", adult)


@pytest.mark.parametrize(
    ("state", "everyday", "sees"),
    [
        (Authority.EXERCISES, False, True),
        (Authority.INFORMED, False, False),
        (Authority.NONE, True, False),
        (Authority.NONE, False, False),
    ],
)
def test_a_protected_child_shows_to_who_exercises_authority_alone(
    world: World, state: Authority, everyday: bool, sees: bool
) -> None:
    """The child, what the child leads to (class and teachers) and the hat itself follow one rule."""
    adult = make_person("Irma", "Ici", school=world.here.organisation, role=Role.GUARDIAN)
    child = world.here.protected
    make_guardianship(adult, child, state, everyday_rights=everyday)
    actor = actor_for(adult, Role.GUARDIAN, world.here.organisation)
    assert visible(actor, Person.objects.filter(pk=child.pk)).exists() is sees
    assert visible(actor, Person.objects.filter(pk=world.here.teacher.pk)).exists() is sees
    assert visible(actor, Group.objects.filter(pk=world.here.division.pk)).exists() is sees
    assert visible(actor, Guardianship.objects.filter(pupil=child)).exists() is sees
    assert children(adult.pk).exists() is sees


def test_the_guardian_of_a_protected_child_alone_shows_to_none_of_its_adults_but_direction(world: World) -> None:
    here = world.here
    adult = make_person("Irma", "Ici", email="irma@exemple.fr")
    make_guardianship(adult, here.protected)
    make_affiliation(adult, here.organisation, AffiliationKind.GUARDIAN)
    for actor in (here.actor(Role.TEACHER), here.actor(Role.VIE_SCOLAIRE), here.health):
        assert not can(actor, "view", adult), actor.hat
        assert not can(actor, "see_contacts", adult), actor.hat
    assert can(here.actor(Role.DIRECTION), "view", adult)
    make_guardianship(adult, here.pupil)
    assert can(here.actor(Role.TEACHER), "view", adult)


def test_roles_of_the_protected_are_directions_to_read(world: World) -> None:
    here = world.here
    staff = make_person("Irma", "Ici", school=here.organisation, role=Role.STAFF, is_protected=True)
    given = make_grant(staff, Role.VIE_SCOLAIRE, here.organisation)
    assert not can(here.actor(Role.REFERENT), "view", given)
    assert can(here.actor(Role.DIRECTION), "view", given)
    assert can(actor_for(staff, Role.VIE_SCOLAIRE, here.organisation), "view", given)


def test_who_reads_names_alone_does_not_read_who_is_in_a_sensitive_group(world: World) -> None:
    assert not can(world.here.aed, "view", world.here.sensitive)
    view = group_view(world.here.aed, world.here.division)
    assert view.learners
    assert not view.beside
    assert not any(line.sub for line in view.learners)
    assert any("ULIS" in line.sub for line in group_view(world.here.actor(Role.TEACHER), world.here.division).learners)


@pytest.mark.parametrize("role", [Role.DPO, Role.ACADEMIE, Role.MINISTERE, Role.REFERENT, Role.DIRECTION])
def test_a_school_does_not_touch_the_account_of_who_holds_a_power_elsewhere(world: World, role: Role) -> None:
    """Renaming or closing it would reach as far as the power does."""
    held = make_person("Irma", "Au-Dessus", school=world.there.organisation, role=role)
    make_affiliation(held, world.here.organisation, AffiliationKind.TEACHER)
    for mine in (Role.DIRECTION, Role.REFERENT):
        for verb in ("edit", "suspend", "resume"):
            assert not can(world.here.actor(mine), verb, held), (mine, verb)
    assert can(world.here.actor(Role.DIRECTION), "protect", held)
    assert can(world.there.actor(Role.DIRECTION), "edit", held)
