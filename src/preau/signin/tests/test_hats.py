"""Which (school, role) somebody may act in, and the switch between them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from preau.directory.api import AffiliationKind, Authority, GrantState
from preau.directory.testing import (
    SchoolWorld,
    make_affiliation,
    make_grant,
    make_group,
    make_guardianship,
    make_person,
    make_school,
)
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import Role, Scope
from preau.kernel.models import AuditEntry
from preau.signin.hats import hats_of
from preau.signin.models import Session
from preau.signin.shell import identity
from preau.signin.testing import PASSWORD, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])
YESTERDAY, TOMORROW = dt.timedelta(days=-1), dt.timedelta(days=1)


def roles(person_id: int) -> list[str]:
    return [choice.hat.role.value for choice in hats_of(person_id)]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_a_school_wears_their_role(school: SchoolWorld, role: Role) -> None:
    person = school.people[role]
    choices = hats_of(person.pk)
    assert [choice.hat.role for choice in choices] == [role]
    assert choices[0].hat.organisation_id == school.organisation.pk
    assert choices[0].hat.path == school.organisation.path


def test_all_hats_come_in_one_query(school: SchoolWorld, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        hats_of(school.teacher.pk)


def test_scopes_come_with_the_grant_and_the_wider_is_worn(school: SchoolWorld) -> None:
    assert [choice.hat.scope for choice in hats_of(school.supervisor.pk)] == [Scope.NAMES]
    assert [choice.hat.scope for choice in hats_of(school.nurse.pk)] == [Scope.HEALTH]
    make_grant(school.supervisor, Role.VIE_SCOLAIRE, school.organisation)
    assert [choice.hat.scope for choice in hats_of(school.supervisor.pk)] == [Scope.WHOLE]


def test_proposed_ended_past_and_future_powers_are_no_hats(school: SchoolWorld) -> None:
    person, today = make_person(), clock.today()
    for state in (GrantState.PROPOSED, GrantState.DECLINED, GrantState.ENDED):
        make_grant(person, Role.DIRECTION, school.organisation, state=state)
    make_grant(person, Role.REFERENT, school.organisation, ends=today)
    make_grant(person, Role.DPO, school.organisation, starts=today + TOMORROW)
    make_affiliation(person, school.organisation, AffiliationKind.TEACHER, ends=today)
    make_affiliation(person, school.organisation, AffiliationKind.STAFF, starts=today + TOMORROW)
    assert hats_of(person.pk) == []
    with clock.moved(clock.now() + TOMORROW):
        assert roles(person.pk) == ["dpo", "staff"]


def test_a_grant_on_a_group_counts(school: SchoolWorld) -> None:
    person = make_person()
    grant = make_grant(person, Role.VIE_SCOLAIRE, school.organisation, scope=Scope.NAMES)
    grant.group = make_group(school.organisation, "6e A")
    with machinery("testing"):
        grant.save()
    assert roles(person.pk) == ["vie_scolaire"]


def test_a_closed_school_gives_no_hat(school: SchoolWorld) -> None:
    school.organisation.closed_on = clock.today()
    with machinery("testing"):
        school.organisation.save()
    assert hats_of(school.teacher.pk) == []


@pytest.mark.parametrize(
    ("state", "everyday", "decided", "comes_in"),
    [
        (Authority.EXERCISES, False, True, True),
        (Authority.INFORMED, False, True, True),
        (Authority.NONE, True, True, True),
        (Authority.NONE, False, True, False),
        (Authority.EXERCISES, False, False, False),
    ],
)
def test_a_guardian_comes_in_by_a_decided_right_only(
    school: SchoolWorld, state: Authority, everyday: bool, decided: bool, comes_in: bool
) -> None:
    guardian = make_person(school=school.organisation, role=Role.GUARDIAN)
    make_guardianship(guardian, school.pupil, state, decided=decided, everyday_rights=everyday)
    assert roles(guardian.pk) == (["guardian"] if comes_in else [])


def test_a_guardian_has_a_hat_in_each_childs_school(school: SchoolWorld) -> None:
    other = make_school("École voisine")
    sibling = make_person(school=other, role=Role.PUPIL)
    make_guardianship(school.guardian, sibling)
    assert {choice.organisation for choice in hats_of(school.guardian.pk)} == {school.organisation.name, other.name}


def test_a_guardians_hat_goes_with_the_child(school: SchoolWorld) -> None:
    tie = school.pupil.affiliations.get()
    tie.ends = clock.today()
    with machinery("testing"):
        tie.save()
    assert hats_of(school.guardian.pk) == []


def test_a_referent_who_directs_and_teaches_starts_with_the_smaller_power(school: SchoolWorld) -> None:
    person = make_person(school=school.organisation, role=Role.TEACHER)
    make_affiliation(person, school.organisation, AffiliationKind.STAFF)
    make_grant(person, Role.DIRECTION, school.organisation)
    make_grant(person, Role.REFERENT, school.organisation)
    # Being staff shows nothing that these do not.
    assert roles(person.pk) == ["referent", "direction", "teacher"]


def test_the_switch_changes_what_the_session_is(school: SchoolWorld) -> None:
    person = make_person(school=school.organisation, role=Role.REFERENT)
    other = make_school("Collège voisin")
    make_affiliation(person, other, AffiliationKind.TEACHER)
    client = signed_in(person)
    assert Session.objects.get().role == "referent"
    choice = next(choice for choice in hats_of(person.pk) if choice.hat.role is Role.TEACHER)
    assert client.post("/moi/role", {"hat": choice.key})["Location"] == "/"
    session = Session.objects.get()
    assert (session.role, session.organisation) == ("teacher", other)
    assert AuditEntry.objects.filter(verb="signin.switch_hat", subject=person.pk, organisation_id=other.pk).exists()
    answer = client.get("/moi/connexions")
    assert answer.wsgi_request.actor.hat.role is Role.TEACHER  # type: ignore[attr-defined]  # the house sets it
    assert "Collège voisin" in answer.content.decode()


def test_nobody_switches_to_what_they_are_not(school: SchoolWorld) -> None:
    client = signed_in(school.pupil)
    direction = hats_of(school.people[Role.DIRECTION].pk)[0]
    for key in (direction.key, "", "direction", "pupil:00000000-0000-0000-0000-000000000000"):
        assert client.post("/moi/role", {"hat": key}).status_code == 422
    assert Session.objects.get().role == "pupil"


def test_a_session_whose_hat_ended_slips_into_no_other(school: SchoolWorld) -> None:
    person = make_person(school=school.organisation, role=Role.TEACHER)
    grant = make_grant(person, Role.DIRECTION, school.organisation)
    client = signed_in(person)
    grant.state = GrantState.ENDED
    with machinery("testing"):
        grant.save()
    assert client.get("/moi/connexions").status_code == 302
    again = signed_in(person, PASSWORD).get("/moi/connexions")
    assert again.wsgi_request.actor.roles() == {Role.TEACHER}  # type: ignore[attr-defined]  # the house sets it


def test_the_portrait_says_class_stage_and_choices(school: SchoolWorld) -> None:
    request = signed_in(school.pupil).get("/moi/connexions").wsgi_request
    portrait = identity(request.actor)  # type: ignore[attr-defined]  # the house sets it
    assert portrait is not None
    assert (portrait.name, portrait.role, portrait.place, portrait.stage) == (
        "Élodie Ici", "Élève, 4e C", "4e C", "college",
    )  # fmt: skip
    assert [hat.current for hat in portrait.hats] == [True]
    assert identity(school.actor(Role.PUPIL)) is None


def test_two_people_in_two_browsers_do_not_mix(school: SchoolWorld) -> None:
    one, two = signed_in(school.pupil), signed_in(school.teacher)
    assert "Élodie Ici" in one.get("/moi/connexions").content.decode()
    assert "Théo Ici" in two.get("/moi/connexions").content.decode()
    assert Client().get("/moi/connexions").status_code == 302
