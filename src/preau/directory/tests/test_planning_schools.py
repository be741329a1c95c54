"""Which school, which year, which groups a file touches (docs/directory.md, Rosters in: rights, year, lessons)."""

from __future__ import annotations

import pytest

from preau.directory.imports.running import find_school, name_school
from preau.directory.models import Group, Membership, Organisation, Source, Teaching
from preau.directory.models.base import current
from preau.directory.models.organisation import OrganisationKind
from preau.directory.organisations import root
from preau.directory.rosters.roster import (
    AffiliationKind,
    EnrolmentRole,
    GroupKind,
    OrganisationRow,
    Origin,
    RosterRefused,
)
from preau.directory.rosters.roster import OrganisationKind as RosterOrganisationKind
from preau.directory.testing import make_school
from preau.directory.tests.importing import EVERYTHING, School, group, imported, person, simulated, state_digest
from preau.kernel import clock

pytestmark = pytest.mark.django_db
YEAR = clock.school_year()


def _school_in(year: int | None, *pupils: str) -> School:
    built = School(complete=EVERYTHING)
    built.roster.school_year = year
    built.group("5a", "5A", year=year)
    for pupil in pupils:
        built.person(pupil).enrol(pupil, "5a")
    return built


def test_last_years_file_is_refused_once_this_year_is_there() -> None:
    imported(_school_in(YEAR, "p0", "p1"))
    before = state_digest()
    with pytest.raises(RosterRefused) as refused:
        simulated(_school_in(YEAR - 1, "p0"))
    assert refused.value.reason == "last_year"
    assert state_digest() == before


def test_an_old_file_alone_is_taken() -> None:
    _of, made = imported(_school_in(YEAR - 6, "p0"))
    assert made.people.created == 1


def test_next_years_file_moves_nobody_today() -> None:
    imported(_school_in(YEAR, "p0", "p1"))
    _of, made = imported(_school_in(YEAR + 1, "p0", "p2"))
    assert made.people.departed == made.memberships.departed == made.groups.departed == 0
    assert person("p1").is_active
    assert Group.objects.filter(code="5A").count() == 2
    this_year, next_year = Group.objects.filter(code="5A").order_by("school_year")
    assert Membership.objects.filter(current(), group=this_year).count() == 2
    assert not Membership.objects.filter(current(), group=next_year).exists()
    assert person("p2").suspension == "departure"  # until the year begins
    _of, made = imported(_school_in(YEAR + 1, "p0", "p2"))
    assert made.writes == 0
    _of, made = imported(_school_in(YEAR, "p0", "p1"))
    assert made.writes == 0


def test_a_school_is_found_by_its_uai_then_by_its_id() -> None:
    known = make_school("Collège des Tilleuls", uai="0750011E")
    _of, _made = imported(School(uai=known.uai).person("p0"))
    assert person("p0").affiliations.get().organisation == known
    assert Source.objects.get().place == known


def test_a_parent_that_is_not_there_hangs_under_the_root() -> None:
    built = School()
    built.school("annexe", "SEGPA", parent="nulle-part").person("p0")
    imported(built)
    assert Organisation.objects.get(name="SEGPA").parent == root()


def test_organisations_make_a_tree() -> None:
    built = School("").school("c1", "Collège", parent="aca").person("p0", at="c1")
    built.roster.organisations.append(
        OrganisationRow("aca", "Académie", RosterOrganisationKind.ACADEMIE, Origin("orgs.csv", 3))
    )
    imported(built)
    college, academie = Organisation.objects.get(name="Collège"), Organisation.objects.get(name="Académie")
    assert college.parent == academie
    assert academie.kind == OrganisationKind.ACADEMIE
    assert college.path.startswith(academie.path)
    assert Source.objects.get().place == academie


def test_a_referents_file_touches_only_their_school() -> None:
    mine = make_school("Collège des Tilleuls", uai="0750011E")
    theirs = make_school("Collège des Ormes", uai="0750012F")
    both = School("a", uai=mine.uai).school("b", theirs.name, theirs.uai)
    both.person("p0").person("p1", at="b").group("5a", "5A").group("6b", "6B", at="b").enrol("p0", "5a", "6b")
    before = theirs.affiliations.count()
    _of, made = imported(both, school=mine, limited=True)
    assert [(row.reason, row.origin.file) for row in made.rejected] == [
        ("other_school", "users.csv"),
        ("other_school", "classes.csv"),
    ]
    assert (made.people.created, made.groups.created, made.memberships.created) == (1, 1, 1)
    assert theirs.affiliations.count() == before
    _of, made = imported(both, school=mine, limited=True)
    assert made.writes == 0


def test_a_referent_cannot_write_another_school_or_a_new_one() -> None:
    mine, theirs = make_school("Collège des Tilleuls", uai="0750011E"), make_school("Collège des Ormes", uai="0750012F")
    with pytest.raises(RosterRefused) as refused:
        simulated(School("b", uai=theirs.uai).person("p0"), school=mine, limited=True)
    assert refused.value.reason == "no_school_to_write"
    _of, made = simulated(School("c", uai="x").person("p0"), school=mine, limited=True)
    assert made.new_organisations == []  # a file's own numbering is no UAI: its only school is the référent's


def test_somebody_of_no_school_is_not_a_referents_to_create() -> None:
    mine = make_school("Collège des Tilleuls", uai="0750011E")
    _of, made = simulated(School("a", uai=mine.uai).person("p0", kind=None).person("p1"), school=mine, limited=True)
    assert [row.reason for row in made.rejected] == ["school_not_said"]


def test_a_file_without_school_is_that_of_the_one_named() -> None:
    plans = []
    for _time in range(2):
        built = School("").person("p0", at="").group("5a", "5A", at="").enrol("p0", "5a")
        name_school(built.roster, "0750009C")
        plans.append(imported(built, school=find_school("0750009C"))[1])
    school = Organisation.objects.get(uai="0750009C")
    assert plans[1].writes == 0
    assert (school.kind, school.parent) == (OrganisationKind.SCHOOL, root())
    assert person("p0").affiliations.get().organisation == school


def test_a_wrong_letter_is_only_said() -> None:
    built = School("x", uai="").person("p0")
    name_school(built.roster, "0999999Z")
    assert [(row.reason, row.details["right"]) for row in built.roster.notices] == [("uai_letter_wrong", "0999999F")]
    imported(built)
    assert Organisation.objects.filter(uai="0999999Z").exists()


def test_a_file_of_several_schools_keeps_them_whatever_is_named() -> None:
    built = School("a").school("b", "Autre", "0750002B").person("p0")
    name_school(built.roster, "0750009C")
    assert [row.reason for row in built.roster.notices] == ["school_not_found"]


def test_two_sources_of_one_family_are_told_apart() -> None:
    imported(School("1", uai="0750001A").person("p0"))
    other = School("1", uai="0750002B")
    other.roster.organisations[0].name = "Lycée"
    imported(other.person("p0", "Autre Personne"))
    assert Source.objects.count() == 2
    assert Organisation.objects.filter(kind="school").count() == 2
    _of, made = imported(School("1", uai="0750001A").person("p0"))
    assert made.writes == 0


def test_lessons_of_a_whole_division_become_teachings() -> None:
    built = School(complete=EVERYTHING).group("5a", "5A").group("m", "Maths 5A", GroupKind.GROUP, subject="MATHS")
    built.group("lat", "Latin", GroupKind.GROUP, subject="LATIN").person("t0", kind=AffiliationKind.TEACHER)
    for pupil in ("p0", "p1", "p2"):
        built.person(pupil).enrol(pupil, "5a", "m")
    built.enrol("p0", "lat").enrol("t0", "m", "lat", role=EnrolmentRole.TEACHER)
    _of, made = imported(built)
    assert sorted(Group.objects.values_list("name", flat=True)) == ["5A", "Latin"]
    assert set(Teaching.objects.values_list("subject__code", "group__name", "teacher")) == {
        ("MATHS", "5A", person("t0").pk),
        ("LATIN", "Latin", person("t0").pk),
    }
    assert set(person("t0").memberships.values_list("group__name", "role")) == {("5A", "teacher"), ("Latin", "teacher")}
    _of, made = imported(built)
    assert made.writes == 0
    # A later file that only names the class still means its division.
    delta = School("").person("t1", kind=AffiliationKind.TEACHER, at="school")
    delta.enrol("t1", "m", role=EnrolmentRole.TEACHER).enrol("p1", "m")
    _of, made = imported(delta)
    assert made.rejected == []
    assert person("t1").memberships.get().group == group("5a")


def test_a_group_stays_one_when_it_comes_to_have_the_whole_division() -> None:
    built = School().group("5a", "5A").group("lat", "Latin", GroupKind.GROUP)
    for pupil in ("p0", "p1"):
        built.person(pupil).enrol(pupil, "5a")
    imported(built.enrol("p0", "lat"))
    _of, made = imported(built.enrol("p1", "lat"))
    assert group("lat").memberships.count() == 2
    assert made.new_teachings == []


def test_sensitive_groups_show_to_staff_only_from_the_first_day() -> None:
    built = School().group("u", "ULIS 5e", GroupKind.GROUP).group("5a", "5A")
    imported(built.person("p0").enrol("p0", "u", "5a").person("p1").enrol("p1", "5a"))
    assert group("u").is_sensitive
    assert not group("5a").is_sensitive


def test_a_renamed_group_is_found_by_its_new_name() -> None:
    imported(School().group("5a", "5A").person("p0"))
    _of, made = imported(School().group("5a", "Cinquième A", code="5A").person("p0"))
    assert made.groups.updated == 1
    assert " cinquieme " in group("5a").folded


def test_two_groups_of_one_code_are_two_groups() -> None:
    built = School().group("x", "5A").group("y", "5A").person("p0").enrol("p0", "x")
    imported(built)
    assert Group.objects.filter(name="5A").count() == 2
    _of, made = imported(built)
    assert made.writes == 0


def test_a_dropped_group_closes_and_its_pupils_leave_it() -> None:
    full = School(complete=EVERYTHING).group("5a", "5A").group("lat", "Latin", GroupKind.GROUP)
    imported(full.person("p0").enrol("p0", "5a", "lat").person("p1").enrol("p1", "5a"))
    later = School(complete=EVERYTHING).group("5a", "5A").person("p0").enrol("p0", "5a").person("p1").enrol("p1", "5a")
    _of, made = imported(later)
    assert made.groups.departed == 1
    assert group("lat").closed_on == clock.today()
    assert not group("lat").memberships.filter(current()).exists()


def test_rows_that_name_nobody_are_rejected_with_their_line() -> None:
    built = School().group("5a", "5A").person("p0").enrol("nobody", "5a").enrol("p0", "nowhere")
    _of, made = imported(built)
    assert [(row.reason, row.origin.file) for row in made.rejected] == [
        ("unknown_person", "enrollments.csv"),
        ("unknown_group", "enrollments.csv"),
    ]
