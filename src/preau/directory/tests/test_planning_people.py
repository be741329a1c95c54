"""Who is who: ids, official ids, weak matches, names, usernames (docs/directory.md, Rosters in: match and names)."""

from __future__ import annotations

import datetime as dt

import pytest

from preau.directory.models import ExternalId, Grant, Person
from preau.directory.rosters.official import opened_value
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.planning.people import free_username, username_for
from preau.directory.rosters.roster import AffiliationKind, Origin, PersonRow, ProposedRole, Roster
from preau.directory.tests.importing import School, imported, person, simulated
from preau.kernel.actions import machinery

pytestmark = pytest.mark.django_db
BIRTH = dt.date(2013, 5, 2)
INE = ("INE_RNIE", "123456789AB")


def _other_system() -> School:
    built = School("etab")
    built.roster.family, built.roster.format = "sds", "sds-v2.1"
    return built


def _reasons(made: Plan) -> list[str]:
    return [notice.reason for notice in made.notices]


def test_the_same_id_is_the_same_person_whatever_the_name() -> None:
    imported(School().person("p0", "Lina Nunez"))
    _of, made = imported(School().person("p0", "Lina Nuñez"))
    assert (made.people.created, made.people.updated) == (0, 1)
    lina = person("p0")
    assert (lina.family_name, lina.username) == ("Nuñez", "lina.nunez")
    assert " nunez " in lina.folded


@pytest.mark.parametrize("kind", ["ELEVE_ID", "INE_RNIE", "INE_BEA", "ID_NATIONAL"])
def test_an_official_id_joins_two_systems(kind: str) -> None:
    imported(School().person("p0", "Lina Nuñez", identifiers=((kind, "42"),)))
    _of, made = imported(_other_system().person("e9", "Lina Nunez", identifiers=((kind, "42"),)))
    assert made.people.created == 0
    assert person("e9") == person("p0")
    _of, made = imported(_other_system().person("e9", "Lina Nunez", identifiers=((kind, "42"),)))
    assert made.writes == 0


def test_eleve_id_outranks_a_new_ine() -> None:
    imported(School().person("p0", identifiers=(("ELEVE_ID", "1"), ("INE", "old"))))
    imported(School().person("p1", identifiers=(("ELEVE_ID", "2"), ("INE", "new"))))
    _of, _made = imported(_other_system().person("e0", "Prénomp0 Nomp0", identifiers=(("ELEVE_ID", "1"), ("INE", "x"))))
    assert person("e0") == person("p0")
    assert ExternalId.objects.filter(person=person("p0"), kind="INE").count() == 2


def test_personal_ids_are_sealed() -> None:
    imported(School().person("p0", identifiers=(INE,)))
    row = ExternalId.objects.get(kind="INE_RNIE")
    assert INE[1] not in row.value
    assert row.sealed is not None
    assert opened_value("INE_RNIE", row.value, bytes(row.sealed)) == INE[1]


def test_one_official_id_for_two_rows_is_said_and_given_once() -> None:
    twins = School().person("p0", "Zoé Lagarde", identifiers=(INE,)).person("p1", "Tom Lagarde", identifiers=(INE,))
    _of, made = imported(twins)
    assert made.people.created == 2
    assert _reasons(made).count("identifier_of_another") == 1
    assert ExternalId.objects.get(kind="INE_RNIE").person == person("p0")
    _of, made = imported(twins)
    assert made.writes == 0


def test_a_name_and_birth_date_are_weak_and_never_taken_by_themselves() -> None:
    imported(School().person("p0", "Lina Nuñez", birth=BIRTH))
    again = _other_system().person("e9", "LINA NUNEZ", birth=BIRTH)
    _of, made = simulated(again)
    assert [(match.person, match.candidates) for match in made.weak_matches] == [("e9", (person("p0").pk,))]
    _of, made = imported(again)
    assert made.people.created == 1
    assert person("e9") != person("p0")


def test_a_weak_match_that_somebody_confirmed_is_the_same_person() -> None:
    imported(School().person("p0", "Lina Nuñez", birth=BIRTH))
    again = _other_system().person("e9", "Lina Nunez", birth=BIRTH)
    _of, made = imported(again, matches={"e9": person("p0").pk})
    assert made.people.created == 0
    assert person("e9") == person("p0")
    _of, made = imported(again)
    assert made.writes == 0


def test_adults_are_not_matched_by_name() -> None:
    imported(School().person("g0", "Anne Nuñez", AffiliationKind.GUARDIAN, birth=BIRTH))
    _of, made = simulated(_other_system().person("e9", "Anne Nuñez", AffiliationKind.GUARDIAN, birth=BIRTH))
    assert made.weak_matches == []
    assert person("g0").birth_date is None


def test_a_question_mark_never_overwrites_a_better_name() -> None:
    imported(School().person("p0", "Łukasz Wolny").person("p1", "?ukasz Wolny"))
    assert person("p1").given_name == "?ukasz"
    _of, made = imported(School().person("p0", "?ukasz Wolny-Nowak"))
    assert (person("p0").given_name, person("p0").family_name) == ("Łukasz", "Wolny-Nowak")
    assert "name_with_question_mark" in _reasons(made)


def test_somebody_without_a_name_is_shown_by_the_username_and_listed() -> None:
    built = School()
    built.roster.people.append(PersonRow("p0", Origin("users.csv", 2), username="l.nunez@exemple.fr"))
    built.tie("p0", AffiliationKind.PUPIL, at="school")
    _of, made = imported(built)
    assert person("p0").display_name == "l.nunez"
    assert person("p0").source_username == "l.nunez@exemple.fr"
    assert _reasons(made) == ["person_without_name"]


def test_the_preferred_name_survives() -> None:
    imported(School().person("p0", "Lina Nuñez"))
    with machinery("testing"):
        Person.objects.filter(pk=person("p0").pk).update(preferred_given_name="Line")
    renamed = School().person("p0", "Linda Nuñez")
    renamed.roster.people[0].preferred_given_name = "Lily"
    imported(renamed)
    assert person("p0").shown_given_name == "Line"


@pytest.mark.parametrize(
    ("given", "family", "username", "expected"),
    [
        ("Łukasz", "Wolny", "", "lukasz.wolny"),
        ("Inès", "d’Artagnan", "", "ines.d-artagnan"),
        ("Jean-Pierre", "De La Fontaine", "x", "jean-pierre.de-la-fontaine"),
        ("", "", "j.dupont@ecole.fr", "j.dupont"),
        ("Ana", "", "", "ana"),
    ],
)
def test_usernames_come_from_our_rule(given: str, family: str, username: str, expected: str) -> None:
    row = PersonRow("p0", Origin("", 1), family_name=family, given_name=given, username=username)
    assert username_for(row) == expected


def test_namesakes_get_a_number_and_are_said() -> None:
    assert free_username("jean.martin", {"jean.martin", "jean.martin2"}) == "jean.martin3"
    _of, made = imported(School().person("p0", "Jean Martin").person("p1", "Jean Martin"))
    assert [(clash.wanted, clash.given) for clash in made.clashes] == [("jean.martin", "jean.martin2")]
    assert person("p1").username == "jean.martin2"


def test_a_file_only_proposes_powers() -> None:
    built = School().person("s0", kind=AffiliationKind.STAFF, word="principal")
    built.roster.affiliations[0].proposes = ProposedRole.DIRECTION
    imported(built)
    grant = Grant.objects.get()
    assert (grant.role, grant.state) == ("direction", "proposed")
    _of, made = imported(built)
    assert made.writes == 0


def test_planning_changes_none_of_its_arguments() -> None:
    built = School().person("p0", kind=AffiliationKind.STAFF, word="CPE", birth=BIRTH)
    built.tie("p0", AffiliationKind.STAFF, at="school", word="AED")
    before = repr(built.roster)
    simulated(built)
    assert repr(built.roster) == before
    first, second = simulated(built)[1], simulated(built)[1]
    assert first.digest() == second.digest()


def test_values_longer_than_their_column_are_cut_the_same_way_each_time() -> None:
    long = School().person("p0", f"Lina {'Nuñez ' * 60}", word="x" * 200, level="y" * 200, email=f"{'e' * 300}@x.fr")
    long.group("g0", "Classe " * 60, code="c" * 200).person("i" * 300, "Trop Long")
    _of, made = imported(long)
    assert len(person("p0").family_name) == 120
    assert [row.reason for row in made.rejected] == ["id_too_long"]
    _of, made = imported(long)
    assert made.writes == 0


def test_nobody_is_nowhere() -> None:
    built = School().person("p0", kind=None)
    _of, made = imported(built)
    assert "person_without_school" in _reasons(made)
    assert isinstance(built.roster, Roster)
