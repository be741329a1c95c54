"""The demo's directory as the demo's people left it. The write guard of the tests holds it to actions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from preau.directory import demo
from preau.directory.demo_school import CAST, RESTRICTED
from preau.directory.models import Affiliation, ExternalId, Grant, Group, Guardianship, Import, Membership, Person
from preau.directory.models.base import current
from preau.directory.models.person import PersonState
from preau.kernel.actions import guarded
from preau.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
LIMIT_S = 8.0


@pytest.fixture(scope="module")
def seconds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """Runs the demo once for these tests, under the write guard, and takes it away after; its seconds of
    processor, since others may be busy on the machine.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic(), guarded():
        begun = time.process_time()
        demo.run()
        yield time.process_time() - begun
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _loaded(seconds: float) -> None:
    """Every test here looks at the same demo."""


def of_college(kind: str) -> int:
    ties = Affiliation.objects.filter(current(), kind=kind, organisation__uai="0999999F", person__state="active")
    return ties.count()


def test_it_is_ready_soon(seconds: float) -> None:
    assert seconds <= LIMIT_S


def test_the_college_is_whole() -> None:
    # One adult of 71 is suspended, and two who are gone keep their closed record.
    assert of_college("pupil") == 612
    assert of_college("teacher") == 46
    assert of_college("staff") == 25
    assert of_college("guardian") == 1020
    divisions = Group.objects.filter(organisation__uai="0999999F", kind="division")
    assert divisions.count() == 24
    assert Person.objects.filter(affiliations__organisation__uai="0999998E", affiliations__kind="pupil").count() == 125


def test_the_nine_can_be_found_by_their_short_names() -> None:
    found = dict(
        ExternalId.objects.filter(value__in=CAST.values(), kind="person").values_list("person__username", "value")
    )
    assert found == CAST
    nine = Person.objects.filter(username__in=CAST)
    assert {person.state for person in nine} == {PersonState.ACTIVE}
    lina = nine.get(username="eleve")
    assert lina.display_name == "Lina Nuñez"
    divisions = Membership.objects.filter(current(), person=lina, group__kind="division")
    assert [each.group.name for each in divisions] == ["4e C"]


def test_powers_were_given_by_somebody_and_say_why() -> None:
    given = Grant.objects.filter(current(), state="given")
    assert not Grant.objects.filter(state="proposed", organisation__uai="0999999F").exists()
    assert not given.filter(reason="").exists()
    college = given.filter(organisation__uai="0999999F")
    assert Counter(college.values_list("role", "scope")) == {
        ("direction", ""): 3,
        ("referent", ""): 1,
        ("vie_scolaire", ""): 2,
        ("vie_scolaire", "names"): 9,
        ("staff", "health"): 3,
    }
    direction = Person.objects.get(username="direction")
    assert set(college.exclude(person=direction).values_list("given_by", flat=True)) == {direction.pk}
    above = given.filter(organisation__kind__in=["academie", "ministry"])
    assert Counter(above.values_list("role", "person__username")) == {
        ("academie", "academie"): 1,
        ("ministere", "ministere"): 1,
        ("dpo", "dpo"): 1,
    }


def test_guardians_are_decided_except_in_one_class() -> None:
    open_class = Group.objects.get(organisation__uai="0999999F", kind="division", name="6e B")
    learners = Membership.objects.filter(current(), role="learner", group__kind="division").values("person")
    undecided = Guardianship.objects.filter(current(), decided_at=None, pupil__in=learners)
    members = Membership.objects.filter(current(), group=open_class, role="learner").values("person")
    assert undecided.exists()
    assert not undecided.exclude(pupil__in=members).exists()
    assert set(undecided.values_list("state", flat=True)) == {"none"}
    of_lina = Guardianship.objects.filter(guardian__username="parent")
    assert set(of_lina.values_list("state", flat=True)) == {"exercises"}
    assert of_lina.count() == 2


@pytest.mark.parametrize(("guardian", "pupil", "state"), RESTRICTED)
def test_restrictions_are_direction_s_with_their_nature(guardian: str, pupil: str, state: str) -> None:
    tie = Guardianship.objects.get(guardian__external_ids__value=guardian, pupil__external_ids__value=pupil)
    assert (tie.state, tie.decided_by and tie.decided_by.username) == (state, "direction")
    assert tie.nature
    assert tie.decided_at


def test_one_pupil_is_protected_and_one_account_suspended() -> None:
    assert [person.display_name for person in Person.objects.filter(is_protected=True)] == ["Maël Tissier"]
    suspended = Person.objects.filter(state=PersonState.SUSPENDED, suspension="decision")
    assert [person.display_name for person in suspended] == ["Romain Vigneron"]


def test_everything_left_its_trace() -> None:
    verbs = Counter(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs["directory.apply_import"] == 1
    assert verbs["directory.rename_account"] == len(CAST)
    assert verbs["directory.decide_guardianship"] == len(RESTRICTED)
    assert verbs["directory.confirm_guardianships"] == 23


def test_again_changes_nothing() -> None:
    before = (AuditEntry.objects.count(), Import.objects.count(), Grant.objects.count())
    demo.run()
    assert (AuditEntry.objects.count(), Import.objects.count(), Grant.objects.count()) == before
