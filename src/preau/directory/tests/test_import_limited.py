"""A school's own import, where its source speaks of several: it reaches nobody else's people, and changes nobody whom
its importer may not (docs/directory.md, Rosters in: rights)."""

from __future__ import annotations

import pytest

from preau.directory.actions.importing import undo_import
from preau.directory.imports import listing
from preau.directory.models import Affiliation, Group, Membership, Organisation, Person, Source
from preau.directory.models.base import current
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.roster import AffiliationKind, Deleted, Origin, RowKind
from preau.directory.testing import actor_for, make_grant, make_person
from preau.directory.tests.importing import ACTOR, EVERYTHING, School, group, imported, person, simulated, state_lines
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import Actor, Role
from preau.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
OTHER_UAI = "0750012F"


def _both() -> School:
    """A file of two schools, each with a class of its own."""
    both = School("mc", complete=EVERYTHING).school("lm", "École des Ormes", OTHER_UAI)
    both.person("m0", "Mathis Jourdan").person("m1", "Jade Ozanne").person("m2", "Sami Nuñez").group("6a", "6A")
    both.person("l0", "Corentin Chapuis", at="lm").person("l1", "Zoé Lagarde", at="lm").group("cp", "CP", at="lm")
    both.person("lt", "Michèle Arnoux", AffiliationKind.TEACHER, at="lm")
    both.person("d0", "Solange Kessler", AffiliationKind.STAFF)
    for pupil in ("m0", "m1", "m2"):
        both.enrol(pupil, "6a")
    return both.enrol("l0", "cp").enrol("l1", "cp")


@pytest.fixture
def mine() -> Organisation:
    imported(_both())
    assert Source.objects.count() == 1
    return Organisation.objects.get(uai="0750001A")


@pytest.fixture
def referent(mine: Organisation) -> Actor:
    return actor_for(make_person(school=mine, role=Role.REFERENT), Role.REFERENT, mine)


def _reasons(made: Plan) -> list[tuple[str, str]]:
    return [(row.reason, row.fields.get("sourcedId") or row.fields.get("userSourcedId", "")) for row in made.rejected]


def test_a_row_with_ones_own_school_takes_over_nobody_elses_pupil(mine: Organisation, referent: Actor) -> None:
    stolen = School("mc").person("l0", "Pirate Chapuis", email="pirate@exemple.test", enabled=False)
    before = state_lines()
    _of, made = imported(stolen, school=mine, limited=True, actor=referent)
    assert _reasons(made) == [("other_school", "l0")]
    assert made.writes == 0
    assert state_lines() == before


def test_a_confirmed_match_or_an_official_id_reaches_nobody_elses_pupil(mine: Organisation, referent: Actor) -> None:
    again = School("mc").person("l0", "Corentin Chapuis", at="lm", identifiers=(("ELEVE_ID", "77"),))
    again.school("lm", "École des Ormes", OTHER_UAI)
    imported(again)
    target = person("l0")
    _of, made = simulated(School("mc").person("new", "Corentin Chapuis"), school=mine, limited=True, actor=referent,
                          matches={"new": target.pk})  # fmt: skip
    assert _reasons(made) == [("other_school", "new")]
    theirs = School("mc").person("new", "Corentin Chapuis", identifiers=(("ELEVE_ID", "77"),))
    theirs.school("lm", "École des Ormes", OTHER_UAI)
    _of, made = simulated(theirs, school=mine, limited=True, actor=referent)
    assert _reasons(made) == [("other_school", "new")]
    assert made.new_ids == []


def test_a_former_pupil_who_is_elsewhere_is_not_reclaimed(mine: Organisation, referent: Actor) -> None:
    gone, stayed = person("m0"), person("m1")
    with machinery("testing"):
        Affiliation.objects.filter(person__in=[gone, stayed]).update(ends=clock.today())
        Affiliation.objects.create(
            person=gone, organisation=Organisation.objects.get(uai=OTHER_UAI), kind=AffiliationKind.PUPIL
        )
    _of, made = simulated(School("mc").person("m0").person("m1"), school=mine, limited=True, actor=referent)
    assert _reasons(made) == [("other_school", "m0")]
    assert {row.pk for row in made.updates if row.table == "person"} == {stayed.pk}


def test_rows_that_only_name_somebody_elses_pupil_find_nobody(mine: Organisation, referent: Actor) -> None:
    named = School("mc").group("6a", "6A").enrol("l0", "6a").enrol("m0", "6a").guardian("m0", "l1").guardian("l1", "m0")
    named.tie("lt", AffiliationKind.TEACHER, at="mc")
    _of, made = imported(named, school=mine, limited=True, actor=referent)
    assert {row.reason for row in made.rejected} == {"other_school"}
    assert len(made.rejected) == 4
    assert all(row.fields for row in made.rejected)
    assert made.writes == 0
    assert not Membership.objects.filter(group=group("6a"), person=person("l0")).exists()


def test_a_group_of_another_school_is_not_taken_as_ones_own(mine: Organisation, referent: Actor) -> None:
    _of, made = imported(
        School("mc").group("cp", "À moi").person("m0", "Mathis Jourdan").enrol("m0", "cp"),
        school=mine, limited=True, actor=referent,
    )  # fmt: skip
    assert [(row.reason, row.origin.file) for row in made.rejected] == [("other_school", "classes.csv")]
    assert Group.objects.get(pk=group("cp").pk).name == "CP"
    assert not Membership.objects.filter(group=group("cp"), person=person("m0")).exists()


def test_nobody_elses_account_is_closed_or_deleted(mine: Organisation, referent: Actor) -> None:
    built = School("mc").person("lt", "Michèle Arnoux", AffiliationKind.TEACHER, enabled=False)
    built.roster.deleted.append(Deleted(RowKind.PERSON, ("l1",), Origin("users.csv", 9)))
    _of, made = imported(built, school=mine, limited=True, actor=referent)
    assert (made.suspend, made.close_access, made.departures) == ([], [], [])
    assert person("lt").is_active
    assert person("l1").is_active


def _heads(mine: Organisation) -> tuple[Person, Person]:
    """The head, whom the file knows, and a protected pupil."""
    head, hidden = person("d0"), person("m1")
    make_grant(head, Role.DIRECTION, mine)
    with machinery("testing"):
        Person.objects.filter(pk=hidden.pk).update(is_protected=True)
    return head, hidden


def _changing_them() -> School:
    built = School("mc").person("d0", "Zzz Qqq", AffiliationKind.STAFF, enabled=False, email="pirate@exemple.test")
    return built.person("m1", "Zzz Qqq", email="pirate@exemple.test").person("m2", "Samy Nuñez", enabled=False)


def _left_alone(made: Plan) -> set[str]:
    return {name for row in made.notices if row.reason == "person_left_alone"
            for name in row.details["names"].split(", ")}  # fmt: skip


def test_a_referents_import_changes_neither_direction_nor_the_protected(mine: Organisation, referent: Actor) -> None:
    head, hidden = _heads(mine)
    before = list(Person.objects.filter(pk__in=[head.pk, hidden.pk]).order_by("pk").values())
    _of, made = imported(_changing_them(), school=mine, limited=True, actor=referent)
    assert list(Person.objects.filter(pk__in=[head.pk, hidden.pk]).order_by("pk").values()) == before
    assert _left_alone(made) == {"Zzz Qqq"}  # the file's words: a protected person's name is not told
    assert person("m2").given_name == "Samy"
    assert made.close_access == [person("m2").pk]


def test_directions_own_import_does(mine: Organisation) -> None:
    head, hidden = _heads(mine)
    _of, made = imported(_changing_them(), school=mine, limited=True, actor=actor_for(head, Role.DIRECTION, mine))
    assert _left_alone(made) == set()
    hidden.refresh_from_db()
    assert hidden.family_name == "Qqq"


@pytest.mark.parametrize("how", ["deleted", "ended", "absent"])
def test_a_referents_import_makes_neither_leave(mine: Organisation, referent: Actor, how: str) -> None:
    head, hidden = _heads(mine)
    built = School("mc", complete=EVERYTHING if how == "absent" else ()).group("6a", "6A")
    built.person("m0", "Mathis Jourdan").person("aide", "Ana Aide", AffiliationKind.STAFF).enrol("m0", "6a")
    if how == "deleted":
        built.roster.deleted += [Deleted(RowKind.PERSON, (who,), Origin("users.csv", 9)) for who in ("d0", "m1", "m2")]
    if how == "ended":
        built.person("d0", "Solange Kessler", AffiliationKind.STAFF, ends=clock.today())
        built.person("m1", "Jade Ozanne", ends=clock.today()).person("m2", "Sami Nuñez", ends=clock.today())
    _of, made = imported(built, school=mine, limited=True, actor=referent)
    called = {"Solange Kessler", "Jade Ozanne"} if how == "ended" else {"d0", "m1"}
    assert _left_alone(made) == called
    assert made.suspend == [person("m2").pk]
    still = Affiliation.objects.filter(current(), organisation=mine)
    assert set(still.filter(person__in=[head, hidden]).values_list("person_id", flat=True)) == {head.pk, hidden.pk}
    assert Membership.objects.filter(current(), person=hidden, group=group("6a")).exists()


def test_a_closed_account_is_a_change_to_read(mine: Organisation, referent: Actor) -> None:
    built = School("mc").person("m2", "Sami Nuñez", enabled=False)
    _of, made = simulated(built, school=mine, limited=True, actor=referent)
    shown = listing.make(built.roster, made, [], [], {}).changed
    assert [(row.person, row.field, row.after) for row in shown] == [(person("m2").pk, listing.ACCESS, "closed")]


def test_those_whom_an_undone_import_left_untied_are_told(mine: Organisation) -> None:
    other = Organisation.objects.get(uai=OTHER_UAI)
    linked = School("lm", uai=OTHER_UAI).person("m0", "Mathis Jourdan").person("l9", "Nina Neuve")
    of, _made = imported(linked)
    kept = undo_import(ACTOR, of)
    assert kept.untied == [person("m0").pk]
    assert OutboxEvent.objects.get(name="directory.roster_undone.1").payload["untied"] == kept.untied
    assert not other.affiliations.filter(person=person("m0")).exists()
    with machinery("testing"):
        Affiliation.objects.filter(person=person("m1")).update(ends=clock.today())
    of, made = imported(School("mc").person("m1", "Jade Ozanne"))
    assert [change.table for change in made.updates] == ["affiliation"]
    assert undo_import(ACTOR, of).untied == [person("m1").pk]


def test_people_an_undone_import_made_are_found_again_by_its_school(mine: Organisation, referent: Actor) -> None:
    new = School("mc").person("m9", "Nina Neuve")
    of, _made = imported(new, school=mine, limited=True, actor=referent)
    kept = person("m9")
    with machinery("testing"):
        Person.objects.filter(pk=kept.pk).update(edited_at=clock.now())
    undo_import(ACTOR, of)
    _of, made = imported(new, school=mine, limited=True, actor=referent)
    assert (made.rejected, made.new_people) == ([], [])
    assert person("m9") == kept
