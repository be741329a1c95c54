"""The demo collège holds exactly what the demo promises, whatever the day and, for its figures, whatever the seed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import pytest

from preau.directory.demo_school import CAST, RESTRICTED, generate, large
from preau.directory.demo_school.generate import Drawn, draw
from preau.directory.demo_school.staff import TEACHERS
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    EnrolmentRole,
    GroupKind,
    GroupRow,
    OrganisationKind,
    PersonRow,
    ProposedRole,
    Roster,
    RowKind,
)

TODAY = date(2026, 11, 24)
COLLEGE, PRIMARY = "0999999F", "0999998E"


class Read:
    """A roster with the few indexes the tests ask for."""

    def __init__(self, roster: Roster, today: date = TODAY) -> None:
        self.roster = roster
        self.today = today
        self.people = {row.source_id: row for row in roster.people}
        self.groups = {row.source_id: row for row in roster.groups}
        self.by_uai = {row.identifier: row.source_id for row in roster.organisations if row.identifier}
        self.members: dict[str, dict[EnrolmentRole, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in roster.enrolments:
            if row.ends is None or row.ends > today:
                self.members[row.group_id][row.role].append(row.person_id)

    def ties(self, organisation_id: str, kind: AffiliationKind) -> list[AffiliationRow]:
        return [
            row
            for row in self.roster.affiliations
            if row.organisation_id == organisation_id
            and row.kind is kind
            and (row.ends is None or row.ends > self.today)
            and (row.starts is None or row.starts <= self.today)
        ]

    def of_college(self, kind: AffiliationKind) -> list[AffiliationRow]:
        return self.ties(self.by_uai[COLLEGE], kind)

    def divisions(self, organisation_id: str) -> dict[str, GroupRow]:
        return {
            row.code: row
            for row in self.roster.groups
            if row.organisation_id == organisation_id and row.kind is GroupKind.DIVISION
        }

    def learners(self, group: GroupRow) -> list[str]:
        return self.members[group.source_id][EnrolmentRole.LEARNER]

    def teachings_and_groups(self) -> tuple[list[GroupRow], list[GroupRow]]:
        """Scheduled classes of the collège: those of exactly a whole division, and the others."""
        college = self.by_uai[COLLEGE]
        whole = {frozenset(self.learners(row)) for row in self.divisions(college).values()}
        scheduled = [
            row for row in self.roster.groups if row.organisation_id == college and row.kind is GroupKind.GROUP
        ]
        teachings = [row for row in scheduled if frozenset(self.learners(row)) in whole]
        codes = {row.code for row in teachings}
        return teachings, [row for row in scheduled if row.code not in codes]

    def named(self, given: str, family: str) -> list[PersonRow]:
        return [row for row in self.roster.people if (row.given_name, row.family_name) == (given, family)]

    def code_of(self, given: str, family: str) -> list[str]:
        """The division of each pupil of that name, as its code."""
        ids = {row.source_id for row in self.named(given, family)}
        return sorted(
            code
            for code, row in self.divisions(self.by_uai[COLLEGE]).items()
            for person_id in self.learners(row)
            if person_id in ids
        )

    def guardians_of(self, pupil_id: str) -> list[PersonRow]:
        return [self.people[row.guardian_id] for row in self.roster.guardianships if row.pupil_id == pupil_id]

    def sibling_sets(self) -> list[set[str]]:
        """Pupils tied by guardians in common, in sets of two and more."""
        pupils_of: dict[str, list[str]] = defaultdict(list)
        for row in self.roster.guardianships:
            pupils_of[row.guardian_id].append(row.pupil_id)
        set_of: dict[str, set[str]] = {}
        for pupils in pupils_of.values():
            joined = set(pupils).union(*(set_of.get(pupil, set()) for pupil in pupils))
            for pupil in joined:
                set_of[pupil] = joined
        return list({id(found): found for found in set_of.values() if len(found) > 1}.values())


@pytest.fixture(scope="module", params=[2026, 7, 99])
def any_draw(request: pytest.FixtureRequest) -> Drawn:
    return draw(2026, request.param)


@pytest.fixture(scope="module")
def demo() -> Read:
    return Read(generate(TODAY))


@pytest.fixture(scope="module", params=[2026, 7, 99])
def any_seed(request: pytest.FixtureRequest) -> Read:
    return Read(generate(TODAY, seed=request.param))


def twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_it_is_a_complete_oneroster_set(demo: Read) -> None:
    roster = demo.roster
    assert (roster.family, roster.format, roster.school_year) == ("oneroster", "oneroster-1.2", 2026)
    assert roster.complete == frozenset(RowKind)
    assert not roster.rejected
    assert roster.rows_read > 14_000


def test_the_college_has_the_people_it_promises(any_seed: Read) -> None:
    read = any_seed
    assert len(read.of_college(AffiliationKind.PUPIL)) == 612
    assert len(read.of_college(AffiliationKind.TEACHER)) == 46
    words = Counter(row.word for row in read.of_college(AffiliationKind.STAFF))
    assert {word: words[word] for word in ("CPE", "AED", "AESH", "infirmière", "PsyEN")} == {
        "CPE": 2,
        "AED": 9,
        "AESH": 6,
        "infirmière": 1,
        "PsyEN": 1,
    }
    proposed = Counter(row.proposes for row in read.of_college(AffiliationKind.STAFF) if row.proposes)
    assert proposed == {ProposedRole.DIRECTION: 3, ProposedRole.VIE_SCOLAIRE: 2, ProposedRole.REFERENT: 1}
    guardians = read.of_college(AffiliationKind.GUARDIAN)
    assert len(guardians) == 1020
    assert sum(not read.people[row.person_id].email for row in guardians) == 14


def test_five_teachers_are_shared_with_another_school(demo: Read) -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for row in demo.roster.affiliations:
        if row.kind is AffiliationKind.TEACHER:
            places[row.person_id].add(row.organisation_id)
    shared = [found for found in places.values() if len(found) == 2]
    assert len(shared) == 5
    assert all(demo.by_uai[COLLEGE] in found for found in shared)


def test_divisions_and_groups_are_as_many_as_promised(any_seed: Read) -> None:
    read = any_seed
    divisions = read.divisions(read.by_uai[COLLEGE])
    assert sorted(divisions) == sorted(level + letter for level in "6543" for letter in "ABCDEF")
    assert divisions["4C"].name == "4e C"
    sizes = {code: len(read.learners(row)) for code, row in divisions.items()}
    assert all(24 <= size <= 28 for size in sizes.values())
    assert (sizes["5A"], sizes["5D"], sizes["3B"], sizes["4C"], sizes["6A"], sizes["6B"]) == (27, 26, 25, 26, 26, 25)
    assert sum(sizes.values()) == 612
    teachings, groups = read.teachings_and_groups()
    assert len(groups) == 110
    assert len(teachings) == 6 * 9 + 18 * 10
    ulis = next(row for row in groups if row.code == "ULIS")
    assert len(read.learners(ulis)) == 12
    assert len({code for code, row in divisions.items() if set(read.learners(row)) & set(read.learners(ulis))}) >= 6


def test_every_class_has_a_teacher_and_every_division_its_own_lead(any_seed: Read) -> None:
    read = any_seed
    college = read.by_uai[COLLEGE]
    divisions = read.divisions(college)
    leads = [read.members[row.source_id][EnrolmentRole.LEAD] for row in divisions.values()]
    assert all(len(found) == 1 for found in leads)
    assert not twice(found[0] for found in leads)
    teachings, groups = read.teachings_and_groups()
    assert all(len(read.members[row.source_id][EnrolmentRole.TEACHER]) == 1 for row in teachings + groups)
    taught_by = {
        (frozenset(read.learners(row)), read.members[row.source_id][EnrolmentRole.TEACHER][0]) for row in teachings
    }
    for row in divisions.values():
        lead = read.members[row.source_id][EnrolmentRole.LEAD][0]
        assert (frozenset(read.learners(row)), lead) in taught_by


def test_every_teacher_has_a_plausible_week(any_draw: Drawn) -> None:
    hours = any_draw.services.hours
    for teacher in TEACHERS:
        if teacher.subject != "DOC" and not teacher.closed:
            assert 0.75 * teacher.service <= hours[teacher.source_id] <= teacher.service + 2
    assert {row.teacher.subject for row in any_draw.groups} >= {"ESP2", "ALL2", "ITA2", "FRANC", "MATHS", "ULIS"}


def test_three_families_in_ten_are_separated(any_draw: Drawn) -> None:
    separated = [family for family in any_draw.families if family.separated]
    assert 0.29 <= len(separated) / len(any_draw.families) <= 0.31
    assert all(len(family.adults) >= 2 for family in separated)
    assert all(family.separated for family in any_draw.families if len(family.adults) == 3)


def test_a_pupil_of_4c_has_the_eleven_teachers_of_the_picture(demo: Read) -> None:
    lina = CAST["eleve"]
    teachings, groups = demo.teachings_and_groups()
    found = {
        row.subject_name: demo.people[demo.members[row.source_id][EnrolmentRole.TEACHER][0]].family_name
        for row in teachings + [row for row in groups if row.subject_name == "Espagnol"]
        if lina in demo.learners(row)
    }
    assert found.keys() == {
        "Français", "Maths", "Anglais", "Espagnol", "Histoire-géo", "SVT", "Techno", "EPS", "Arts plastiques",
        "Musique", "Physique-chimie",
    }  # fmt: skip
    assert len(set(found.values())) == 11
    pictured = {name: found[name] for name in ("Français", "Maths", "Anglais", "Espagnol", "Techno", "SVT")}
    assert pictured == {
        "Français": "Rives",
        "Maths": "Delorme",
        "Anglais": "Ferrand",
        "Espagnol": "Nunca",
        "Techno": "Oukili",
        "SVT": "Carpentier",
    }
    assert {row.name for row in groups if lina in demo.learners(row)} >= {"Espagnol 1", "Latin", "Chorale", "Techno B"}


def test_groups_have_the_sizes_of_the_pictures(any_seed: Read) -> None:
    read = any_seed
    _, groups = read.teachings_and_groups()
    by_code = {row.code: set(read.learners(row)) for row in groups}
    in_4c = set(read.learners(read.divisions(read.by_uai[COLLEGE])["4C"]))
    assert {code: len(by_code[code]) for code in ("4ESP2-1", "4LATIN", "6LATIN", "CHORALE")} == {
        "4ESP2-1": 27,
        "4LATIN": 18,
        "6LATIN": 18,
        "CHORALE": 31,
    }
    shares = {code: len(by_code[code] & in_4c) for code in ("4ESP2-1", "4ESP2-2", "4ALL2-1", "4LATIN", "4C-TECHN-B")}
    assert shares == {"4ESP2-1": 14, "4ESP2-2": 5, "4ALL2-1": 7, "4LATIN": 8, "4C-TECHN-B": 13}
    languages = [found for code, found in by_code.items() if re.match(r"[543](ESP2|ALL2|ITA2)", code)]
    assert sum(len(found) for found in languages) == len(set().union(*languages))


def test_the_technology_teacher_has_the_four_classes_of_the_picture(demo: Read) -> None:
    prof = CAST["prof"]
    teachings, _ = demo.teachings_and_groups()
    mine = [row for row in teachings if prof in demo.members[row.source_id][EnrolmentRole.TEACHER]]
    assert sorted(row.code for row in mine) == ["3B-TECHN", "4C-TECHN", "5A-TECHN", "5D-TECHN"]
    assert sum(len(demo.learners(row)) for row in mine) == 104


@pytest.mark.parametrize(
    ("given", "family", "divisions"),
    [
        ("Lina", "Nuñez", ["4C"]),
        ("Sami", "Nuñez", ["3E"]),
        ("Lina", "Nunez-Caro", ["6D"]),
        ("Łukasz", "Wolny", ["4C"]),
        ("Zoé", "Lagarde", ["6A"]),
        ("Tom", "Lagarde", ["6A"]),
        ("Inès", "d’Artagnan", ["5B"]),
        ("Ines", "Dartagnan", ["5B"]),
        ("Louis", "d’Artagnan", ["4C"]),
        ("Sarah", "Petit", ["6F", "6F"]),
        ("Emma", "Martin", ["3A", "5C"]),
        ("Awa", "Diarra", ["4C"]),
        ("Noé", "Brisset", ["4C"]),
        ("Maël", "Tissier", ["5C"]),
        ("Jade", "Ozanne", ["5D"]),
        ("Élise", "Verneuil", ["6A"]),
        ("Maëlle", "Tanguy", ["3F"]),
        ("Łucja", "Mazur", ["6A"]),
    ],
)
def test_pupils_of_the_pictures_are_in_their_division(
    any_seed: Read, given: str, family: str, divisions: list[str]
) -> None:
    assert any_seed.code_of(given, family) == divisions


def test_4c_is_the_class_of_the_picture(any_seed: Read) -> None:
    read = any_seed
    in_4c = read.learners(read.divisions(read.by_uai[COLLEGE])["4C"])
    assert " ".join(sorted(read.people[person_id].given_name for person_id in in_4c)) == (
        "Adam Anaïs Awa Aïcha Chloé Gabin Hugo Inaya Inès Jade Jeanne Lina Lou Louis Maya Maël Mila Nathan Nina Noé "
        "Rose Sami Tom Yanis Élise Łukasz"
    )


def test_adults_of_the_pictures_are_there(demo: Read) -> None:
    college = demo.by_uai[COLLEGE]
    ties = {
        (demo.people[row.person_id].given_name[0], demo.people[row.person_id].family_name, row.kind)
        for row in demo.roster.affiliations
        if row.organisation_id == college
    }
    teacher, staff, guardian = AffiliationKind.TEACHER, AffiliationKind.STAFF, AffiliationKind.GUARDIAN
    assert ties >= {
        ("S", "Kessler", staff), ("C", "Marchal", staff), ("A", "Benali", staff), ("H", "Besson", staff),
        ("H", "Besson", teacher), ("N", "Oukili", teacher), ("C", "Rives", teacher), ("P", "Delorme", teacher),
        ("L", "Amrani", teacher), ("J", "Ferrand", teacher), ("E", "Nunca", teacher), ("P", "Le Goff", teacher),
        ("Y", "Le Goff", teacher), ("J", "Carpentier", teacher), ("S", "Taleb", teacher),
        ("M", "Nuñez", guardian), ("A", "Caro Nuñez", guardian), ("R", "Nunez-Caro", guardian),
        ("S", "Brisset", guardian), ("P", "Tanguy", guardian), ("R", "d’Artagnan", guardian),
    }  # fmt: skip
    leads = {
        code: demo.people[demo.members[row.source_id][EnrolmentRole.LEAD][0]].family_name
        for code, row in demo.divisions(college).items()
    }
    assert {code: leads[code] for code in ("4C", "6D", "3F", "3E")} == {
        "4C": "Rives",
        "6D": "Carpentier",
        "3F": "Ferrand",
        "3E": "Le Goff",
    }


def test_families_are_those_of_the_pictures(demo: Read) -> None:
    for child in (CAST["eleve"], demo.named("Sami", "Nuñez")[0].source_id):
        assert {row.family_name for row in demo.guardians_of(child)} == {"Nuñez", "Caro Nuñez"}
    lonely = demo.guardians_of(demo.named("Lina", "Nunez-Caro")[0].source_id)
    assert [(row.given_name[0], row.family_name, row.email) for row in lonely] == [("R", "Nunez-Caro", "")]
    both = [demo.named("Inès", "d’Artagnan")[0], demo.named("Ines", "Dartagnan")[0]]
    assert both[0].birth_date == both[1].birth_date == date(2014, 2, 13)
    assert (bool(both[0].identifiers), bool(both[1].identifiers)) == (True, False)
    assert demo.people[CAST["eleve"]].birth_date == date(2013, 9, 30)


def test_there_are_95_sibling_sets_and_nobody_is_without_a_guardian(any_seed: Read) -> None:
    read = any_seed
    sets = read.sibling_sets()
    assert len(sets) == 95
    guarded = {row.pupil_id for row in read.roster.guardianships}
    assert {row.person_id for row in read.of_college(AffiliationKind.PUPIL)} <= guarded
    twins = 0
    for siblings in sets:
        born = sorted(day for pupil in siblings if (day := read.people[pupil].birth_date))
        gaps = [(later - earlier).days for earlier, later in pairwise(born)]
        twins += 0 in gaps
        assert all(gap == 0 or gap > 290 for gap in gaps)
    # Two pairs of twins, and the pupil who is there twice.
    assert twins == 3


def test_six_adults_are_restricted_and_never_the_only_one(any_seed: Read) -> None:
    read = any_seed
    links = {(row.guardian_id, row.pupil_id) for row in read.roster.guardianships}
    assert len(RESTRICTED) == 6
    assert all((guardian, pupil) in links for guardian, pupil, _ in RESTRICTED)
    assert Counter(state for *_, state in RESTRICTED) == {"informed": 3, "none": 3}
    assert all(len(read.guardians_of(pupil)) > 1 for _, pupil, _ in RESTRICTED)


def test_one_pupil_comes_late_and_one_goes_early(demo: Read) -> None:
    ties = [row for row in demo.roster.affiliations if row.kind is AffiliationKind.PUPIL]
    late = [(demo.people[row.person_id].family_name, row.starts) for row in ties if row.starts]
    gone = [(demo.people[row.person_id].family_name, row.ends) for row in ties if row.ends]
    assert late == [("Wolny", date(2026, 9, 7))]
    assert gone == [("Marchetti", date(2026, 9, 7))]
    enrolled = [row for row in demo.roster.enrolments if row.ends]
    assert enrolled
    assert all(row.ends == date(2026, 9, 7) for row in enrolled)


def test_612_pupils_are_there_on_any_day() -> None:
    for today in (date(2026, 8, 1), date(2026, 9, 6), date(2026, 9, 7), date(2027, 7, 31)):
        assert len(Read(generate(today), today).of_college(AffiliationKind.PUPIL)) == 612


def test_ages_fit_the_levels(any_seed: Read) -> None:
    read = any_seed
    ages: dict[str, list[int]] = defaultdict(list)
    for row in read.roster.affiliations:
        born = read.people[row.person_id].birth_date
        if row.kind is AffiliationKind.PUPIL:
            assert born is not None
            ages[row.level].append(2026 - born.year)
        else:
            assert born is None
    first = {"CP": 6, "CE1": 7, "CE2": 8, "CM1": 9, "CM2": 10, "6e": 11, "5e": 12, "4e": 13, "3e": 14}
    for level, expected in first.items():
        assert min(ages[level]) >= expected - 1
        assert max(ages[level]) <= expected + 1
        assert Counter(ages[level]).most_common(1)[0][0] == expected


def test_national_numbers_are_well_formed_unique_and_sometimes_missing(any_seed: Read) -> None:
    read = any_seed
    pupils = [read.people[row.person_id] for row in read.of_college(AffiliationKind.PUPIL)]
    missing = [row for row in pupils if not row.identifiers]
    assert 5 <= len(missing) <= 15
    numbers = [value for row in read.roster.people for kind, value in row.identifiers if kind == "INE"]
    assert all(re.fullmatch(r"\d{9}[A-Z]{2}", number) for number in numbers)
    assert not twice(numbers)


def test_contacts_reach_nobody_real(demo: Read) -> None:
    addresses = [row.email for row in demo.roster.people if row.email]
    assert all(re.fullmatch(r"[a-z0-9.-]+@([a-z-]+\.)*(example\.org|example)", address) for address in addresses)
    assert not twice(addresses)
    phones = [row.phone for row in demo.roster.people if row.phone]
    assert all(re.fullmatch(r"(06 39 98|01 99 00) \d\d \d\d", phone) for phone in phones)
    assert not twice(phone for phone in phones if phone.startswith("06"))
    pupils = {row.person_id for row in demo.roster.affiliations if row.kind is AffiliationKind.PUPIL}
    assert not any(demo.people[pupil].email or demo.people[pupil].phone for pupil in pupils)


def test_every_reference_resolves_and_nothing_is_said_twice(any_seed: Read) -> None:
    roster = any_seed.roster
    organisations = {row.source_id for row in roster.organisations}
    assert {row.parent_id for row in roster.organisations} - {""} <= organisations
    assert {row.person_id for row in roster.affiliations} == set(any_seed.people)
    assert {row.organisation_id for row in roster.affiliations} == organisations
    assert {row.organisation_id for row in roster.groups} <= organisations
    assert {row.group_id for row in roster.enrolments} == set(any_seed.groups)
    assert {row.person_id for row in roster.enrolments} <= set(any_seed.people)
    for row in roster.guardianships:
        assert any_seed.people[row.guardian_id].birth_date is None
        assert any_seed.people[row.pupil_id].birth_date is not None
    assert not twice(row.source_id for row in roster.organisations)
    assert not twice(row.source_id for row in roster.people)
    assert not twice(row.source_id for row in roster.groups)
    assert not twice((row.organisation_id, row.kind, row.code) for row in roster.groups)
    assert not twice((row.person_id, row.organisation_id, row.kind) for row in roster.affiliations)
    assert not twice((row.person_id, row.group_id) for row in roster.enrolments)
    assert not twice((row.guardian_id, row.pupil_id) for row in roster.guardianships)


def test_members_of_a_class_belong_to_its_school(any_seed: Read) -> None:
    ties = {(row.person_id, row.organisation_id) for row in any_seed.roster.affiliations}
    for row in any_seed.roster.enrolments:
        assert (row.person_id, any_seed.groups[row.group_id].organisation_id) in ties


def test_only_the_homonyms_that_were_meant_are_homonyms(any_seed: Read) -> None:
    names = twice((row.given_name, row.family_name) for row in any_seed.roster.people)
    assert sorted(names, key=str) == [("Emma", "Martin"), ("Sarah", "Petit")]


def test_the_places_make_a_tree_under_one_root(demo: Read) -> None:
    rows = demo.roster.organisations
    assert [row.kind for row in rows if not row.parent_id] == [OrganisationKind.MINISTRY]
    academie = next(row for row in rows if row.kind is OrganisationKind.ACADEMIE)
    assert academie.name == "Académie de démonstration"
    schools = [row for row in rows if row.kind is OrganisationKind.SCHOOL]
    assert len(schools) == 2 + 12
    assert all(row.parent_id == academie.source_id for row in schools)
    for row in schools:
        assert row.identifier[-1] == "ABCDEFGHJKLMNPRSTUVWXYZ"[int(row.identifier[:-1]) % 23]
    assert {row.identifier: row.name for row in schools[:2]} == {
        COLLEGE: "Collège Marie-Curie",
        PRIMARY: "École Louise-Michel",
    }


def test_the_schools_around_have_their_size(any_seed: Read) -> None:
    read = any_seed
    primary = read.by_uai[PRIMARY]
    assert [row.name for row in read.divisions(primary).values()] == ["CP", "CE1", "CE2", "CM1", "CM2"]
    assert len(read.ties(primary, AffiliationKind.PUPIL)) == 125
    assert len(read.ties(primary, AffiliationKind.TEACHER)) == 6
    assert [row.proposes for row in read.ties(primary, AffiliationKind.STAFF)] == [ProposedRole.DIRECTION]
    for uai, school in read.by_uai.items():
        if uai not in (COLLEGE, PRIMARY):
            people = {row.person_id for row in read.roster.affiliations if row.organisation_id == school}
            assert 30 <= len(people) <= 60
            assert read.divisions(school)


def test_the_cast_is_nine_people_in_their_place(any_seed: Read) -> None:
    kinds = {
        username: {
            (row.organisation_id, row.kind)
            for row in any_seed.roster.affiliations
            if row.person_id == source_id and row.ends is None
        }
        for username, source_id in CAST.items()
    }
    college = any_seed.by_uai[COLLEGE]
    assert kinds == {
        "direction": {(college, AffiliationKind.STAFF)},
        "referent": {(college, AffiliationKind.TEACHER), (college, AffiliationKind.STAFF)},
        "prof": {(college, AffiliationKind.TEACHER)},
        "eleve": {(college, AffiliationKind.PUPIL)},
        "parent": {(college, AffiliationKind.GUARDIAN)},
        "formateur": {("canal", AffiliationKind.TRAINER)},
        "academie": {("academie", AffiliationKind.STAFF)},
        "ministere": {("ministere", AffiliationKind.STAFF)},
        "dpo": {("academie", AffiliationKind.STAFF)},
    }


# In a string, because another process runs it too: the order of its sets and dicts must not show.
DIGEST = """
import datetime, hashlib
from preau.directory.demo_school import generate
r = generate(datetime.date(2026, 11, 24))
rows = (r.organisations, r.people, r.affiliations, r.groups, r.enrolments, r.guardianships)
print(hashlib.sha256(repr(rows).encode()).hexdigest())
"""


def test_two_runs_are_equal_whatever_the_order_of_hashes() -> None:
    assert generate(TODAY) == generate(TODAY)
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2", "3")
    }
    assert len(digests) == 1


def test_source_ids_are_stable() -> None:
    roster = generate(TODAY)
    ids = "\n".join(row.source_id for rows in (roster.people, roster.groups) for row in rows)
    # Changed on purpose only: the ids are what a running demo knows its people by.
    assert hashlib.sha256(ids.encode()).hexdigest()[:16] == "920db2a154b94c55"


@pytest.mark.parametrize("seed", range(100, 130))
def test_any_seed_makes_a_whole_school(seed: int) -> None:
    drawn = draw(2026, seed)
    assert len(drawn.pupils) == 613
    assert sum(len(family.adults) for family in drawn.families if not family.leaving) == 1020
    assert len(drawn.services.main_teacher) == 24
    assert len(drawn.groups) == 110


def test_another_seed_is_another_school() -> None:
    first, other = generate(TODAY, seed=1), generate(TODAY, seed=2)
    assert [row.family_name for row in first.people] != [row.family_name for row in other.people]


def test_another_year_is_the_same_people_with_their_dates_shifted() -> None:
    this, following = generate(date(2027, 7, 31)), generate(date(2027, 8, 1))
    assert (this.school_year, following.school_year) == (2026, 2027)
    assert [row.source_id for row in this.groups] == [row.source_id for row in following.groups]
    for before, after in zip(this.people, following.people, strict=True):
        assert (before.source_id, before.given_name, before.family_name) == (
            after.source_id,
            after.given_name,
            after.family_name,
        )
        shifted = before.birth_date and before.birth_date.replace(year=before.birth_date.year + 1)
        assert shifted == after.birth_date


def test_it_is_quick() -> None:
    started = time.process_time()
    generate(TODAY)
    assert time.process_time() - started <= 2


@pytest.mark.parametrize("people", [100, 1234, 30_000])
def test_a_large_network_keeps_its_proportions(people: int) -> None:
    roster = large(people, seed=1)
    assert len(roster.people) == people
    assert len(roster.groups) == people // 10
    assert len(roster.enrolments) == people * 6
    known = {row.source_id for row in roster.people}
    groups = {row.source_id for row in roster.groups}
    assert not twice((row.person_id, row.group_id) for row in roster.enrolments)
    assert all(row.person_id in known and row.group_id in groups for row in roster.enrolments)
    assert not twice((row.organisation_id, row.kind, row.code) for row in roster.groups)
    assert not twice(value for row in roster.people for _, value in row.identifiers)


def test_a_network_too_small_for_its_proportions_is_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        large(99)
