"""Who leaves, who stays and who comes back (docs/directory.md, Rosters in: departures)."""

from __future__ import annotations

import datetime as dt

import pytest

from preau.directory.actions.importing import ImportConflict, apply_import
from preau.directory.jobs import settle_people
from preau.directory.models import Affiliation, Membership, Person
from preau.directory.models.base import current
from preau.directory.models.person import AffiliationKind as TiedAs
from preau.directory.rosters.roster import AffiliationKind, Deleted, EnrolmentRole, GroupKind, Origin, Rejected, RowKind
from preau.directory.testing import make_affiliation, make_grant, make_membership, suspend
from preau.directory.tests.importing import ACTOR, EVERYTHING, School, group, imported, person, simulated
from preau.kernel import clock
from preau.kernel.actor import Role

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def _school(*pupils: str, complete: bool = True) -> School:
    built = School(complete=EVERYTHING if complete else ()).group("5a", "5A")
    for pupil in pupils:
        built.person(pupil).enrol(pupil, "5a")
    return built


def _names(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


def test_absence_from_a_complete_file_is_a_departure() -> None:
    imported(_school(*_names(12)))
    _of, made = imported(_school(*_names(11)))
    gone = person("p11")
    assert made.people.departed == 1
    assert made.memberships.departed == 1
    assert (gone.state, gone.suspension) == ("suspended", "departure")
    assert not gone.affiliations.filter(current()).exists()
    assert not gone.memberships.filter(current()).exists()


def test_absence_from_a_partial_file_is_none_unless_somebody_says_complete() -> None:
    imported(_school(*_names(12), complete=False))
    _of, made = imported(_school(*_names(11), complete=False))
    assert made.writes == 0
    _of, made = imported(_school(*_names(11), complete=False), complete=True)
    assert made.people.departed == 1


def test_completeness_is_by_kind() -> None:
    imported(_school("p0", "p1"))
    only_people = _school("p0", "p1")
    only_people.roster.complete = frozenset({RowKind.PERSON})
    only_people.roster.enrolments.pop()
    _of, made = imported(only_people)
    assert made.memberships.departed == 0
    only_people.roster.complete = frozenset({RowKind.ENROLMENT})
    _of, made = imported(only_people)
    assert made.memberships.departed == 1
    assert person("p1").is_active


def test_a_kind_the_file_says_nothing_of_does_not_depart() -> None:
    imported(_school("p0").person("t0", kind=AffiliationKind.TEACHER))
    _of, made = imported(_school("p0"))
    assert made.people.departed == 0
    assert person("t0").is_active


def test_an_exit_date_comes_before_absence_and_needs_no_complete_file() -> None:
    imported(_school("p0", "p1", complete=False))
    gone = _school("p0", complete=False).person("p1", ends=clock.today() - DAY)
    _of, made = imported(gone)
    assert made.people.departed == 1
    assert person("p1").affiliations.get().ends == clock.today() - DAY
    assert person("p1").suspension == "departure"


def test_a_future_exit_waits_for_its_day() -> None:
    imported(_school("p0"))
    leaving = School().person("p0", ends=clock.today() + 7 * DAY)
    imported(leaving)
    assert person("p0").is_active
    with clock.moved(clock.now() + 8 * DAY):
        settle_people(ACTOR)
    assert person("p0").suspension == "departure"


def test_a_future_entry_waits_for_its_day() -> None:
    imported(School().person("p0", starts=clock.today() + 7 * DAY))
    assert person("p0").suspension == "departure"
    _of, made = imported(School().person("p0", starts=clock.today() + 7 * DAY))
    assert made.writes == 0
    with clock.moved(clock.now() + 8 * DAY):
        settle_people(ACTOR)
    assert person("p0").is_active


def test_what_the_file_itself_ended_long_ago_is_no_departure() -> None:
    _of, made = imported(School().person("p0", ends=dt.date(2019, 7, 5)))
    assert (made.people.created, made.people.departed, made.ended_in_file) == (1, 0, 1)
    assert person("p0").suspension == "departure"


def test_people_added_by_hand_or_by_another_source_never_depart_by_it() -> None:
    imported(_school("p0", "p1"))
    school = person("p0").affiliations.get().organisation
    other = School(complete=EVERYTHING)
    other.roster.family, other.roster.format = "sds", "sds-v2"
    imported(other.person("x0"))
    imported(_school("p0", "p1"))
    by_hand = Person.objects.get(external_ids__value="x0")
    assert by_hand.is_active
    with_no_file = make_affiliation(person("p1"), school, TiedAs.TEACHER)
    imported(_school("p0").person("t0", kind=AffiliationKind.TEACHER))
    with_no_file.refresh_from_db()
    assert with_no_file.ends is None
    assert person("p1").is_active  # a pupil no more, but still tied by hand


def test_more_than_a_tenth_needs_a_second_yes() -> None:
    imported(_school(*_names(20)))
    of, made = simulated(_school(*_names(18)))
    assert made.exodus == []
    of, made = simulated(_school(*_names(17)))
    assert [(row.kind, row.departing, row.present) for row in made.exodus] == [("pupil", 3, 20)]
    with pytest.raises(ImportConflict) as refused:
        apply_import(
            ACTOR,
            of,
            _school(*_names(17)).roster,
            school=None,
            limited=False,
            accept_exodus=False,
            report=lambda *step: None,
        )
    assert refused.value.code == "import_needs_second_yes"
    assert person("p19").is_active


def test_two_schools_one_ends_and_the_person_stays() -> None:
    both = School(complete=EVERYTHING).school("other", "Collège d’à côté", "0750002B")
    both.person("t0", kind=AffiliationKind.TEACHER).tie("t0", AffiliationKind.TEACHER, at="other")
    both.person("t1", kind=AffiliationKind.TEACHER)
    imported(both)
    one = School(complete=EVERYTHING).school("other", "Collège d’à côté", "0750002B")
    one.person("t0", kind=AffiliationKind.TEACHER, at="other").person("t1", kind=AffiliationKind.TEACHER)
    _of, made = imported(one)
    assert made.people.updated == 1
    assert person("t0").is_active
    assert Affiliation.objects.filter(current(), person=person("t0")).count() == 1


def test_somebody_who_comes_back_signs_in_again_in_the_same_record() -> None:
    imported(_school(*_names(12)))
    imported(_school(*_names(11)))
    first = person("p11").pk
    _of, made = imported(_school(*_names(12)))
    back = person("p11")
    assert (back.pk, back.state, back.suspension) == (first, "active", "")
    assert made.people.created == 0
    assert back.affiliations.count() == 1
    assert back.memberships.filter(current()).count() == 1


def test_a_decision_is_not_lifted_by_a_return() -> None:
    imported(_school("p0", "p1"))
    suspend(person("p0"))
    _of, made = imported(_school("p0", "p1"))
    assert made.writes == 0
    assert person("p0").suspension == "decision"
    assert "access_stays_closed" in [notice.reason for notice in made.notices]


def test_a_power_that_a_person_gave_keeps_access_and_is_said() -> None:
    imported(_school(*_names(12)).person("t0", kind=AffiliationKind.TEACHER).person("t1", kind=AffiliationKind.TEACHER))
    school = person("t0").affiliations.get().organisation
    make_grant(person("t0"), Role.REFERENT, school)
    _of, made = imported(_school(*_names(12)).person("t1", kind=AffiliationKind.TEACHER))
    assert person("t0").is_active
    assert [notice.details["count"] for notice in made.notices if notice.reason == "power_remains"] == ["1"]


def test_access_the_file_closes() -> None:
    imported(_school("p0", "p1"))
    closing = School().person("p0", enabled=False).person("p1")
    _of, made = imported(closing)
    assert person("p0").suspension == "decision"
    assert made.people.updated == 1
    _of, made = imported(closing)
    assert made.writes == 0
    imported(School().person("p2", enabled=False))
    assert not person("p2").is_active


def test_somebody_whose_row_is_faulty_is_not_absent() -> None:
    imported(_school(*_names(12)))
    faulty = _school(*_names(11))
    faulty.roster.rejected.append(
        Rejected(Origin("users.csv", 9), "no_name", {"id": "p11"}, {}, RowKind.PERSON, ("p11",))
    )
    _of, made = imported(faulty)
    assert made.writes == 0
    assert person("p11").is_active
    assert person("p11").memberships.filter(current()).exists()


def test_a_faulty_enrolment_ends_nothing() -> None:
    imported(_school("p0", "p1"))
    faulty = _school("p0", "p1")
    row = faulty.roster.enrolments.pop()
    faulty.roster.rejected.append(
        Rejected(row.origin, "enrolment_role_unknown", {"word": "?"}, {}, RowKind.ENROLMENT, ("p1", "5a"))
    )
    _of, made = imported(faulty)
    assert made.writes == 0


@pytest.mark.parametrize("reason", ["ragged_row", "missing_id"])
def test_a_row_of_nobody_knows_whom_keeps_everybody(reason: str) -> None:
    imported(_school(*_names(12)))
    torn = _school(*_names(11))
    torn.roster.rejected.append(Rejected(Origin("users.csv", 9), reason, {"column": "sourcedId"}))
    _of, made = imported(torn)
    assert made.people.departed == 0
    assert "absent_kept" in [notice.reason for notice in made.notices]


def test_deletions_by_name() -> None:
    imported(_school(*_names(4)).group("lat", "Latin", GroupKind.GROUP).enrol("p0", "lat").enrol("p1", "lat"))
    delta = School("", complete=())
    for kind, ids in (
        (RowKind.PERSON, ("p3",)),
        (RowKind.ENROLMENT, ("p1", "lat")),
        (RowKind.PERSON, ("nobody",)),
    ):
        delta.roster.deleted.append(Deleted(kind, ids, Origin("users.csv", 2)))
    delta.roster.people.append(_school("p0").roster.people[0])
    _of, made = imported(delta)
    assert person("p3").suspension == "departure"
    assert not person("p1").memberships.filter(current(), group=group("lat")).exists()
    assert person("p1").memberships.filter(current(), group=group("5a")).exists()
    assert [notice.details["names"] for notice in made.notices if notice.reason == "deleted_unknown"] == ["nobody"]
    delta.roster.deleted = [Deleted(RowKind.GROUP, ("lat",), Origin("classes.csv", 2))]
    _of, made = imported(delta)
    assert group("lat").closed_on == clock.today()
    assert not Membership.objects.filter(current(), group=group("lat")).exists()
    _of, made = imported(delta)
    assert made.writes == 0


def test_a_delta_without_schools_finds_its_source() -> None:
    imported(_school("p0", "p1"))
    delta = School("").tie("p2", AffiliationKind.PUPIL, at="school").enrol("p2", "5a")
    delta.roster.people += _school("p2").roster.people
    _of, made = imported(delta)
    assert (made.people.created, made.memberships.created) == (1, 1)
    assert person("p2").affiliations.get().organisation == person("p0").affiliations.get().organisation


def test_a_correction_moves_pupils_out_of_their_old_class() -> None:
    full = _school(*_names(4)).group("5b", "5B").group("lat", "Latin", GroupKind.GROUP).enrol("p0", "lat")
    imported(full)
    moving = School().group("5b", "5B").person("p0").enrol("p0", "5b")
    _of, made = imported(moving)
    now = set(person("p0").memberships.filter(current()).values_list("group__name", flat=True))
    assert "5B" in now
    assert "5A" not in now
    assert [(move.leaves, move.joins) for move in made.moves if move.leaves == "5A"] == [("5A", "5B")]
    assert made.people.departed == 0


def test_by_hand_memberships_survive_a_complete_file() -> None:
    imported(_school("p0", "p1").group("lat", "Latin", GroupKind.GROUP))
    kept = make_membership(person("p0"), group("lat"))
    imported(_school("p0", "p1").group("lat", "Latin", GroupKind.GROUP))
    kept.refresh_from_db()
    assert kept.ends is None


def test_a_teacher_who_leaves_no_longer_teaches() -> None:
    full = _school("p0").person("t0", kind=AffiliationKind.TEACHER).person("t1", kind=AffiliationKind.TEACHER)
    full.group("math", "Maths 5A", GroupKind.GROUP, subject="MATHS").enrol("t0", "math", role=EnrolmentRole.TEACHER)
    imported(full)
    assert person("t0").teachings.filter(current()).exists()
    gone = School().person("t0", kind=AffiliationKind.TEACHER, ends=clock.today() - DAY)
    imported(gone)
    assert not person("t0").teachings.filter(current()).exists()
