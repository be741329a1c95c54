"""Taking an import back: in order, within 30 days, and never over what people did since (docs/directory.md, undo)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from preau.directory.actions.granting import decide_guardianship, decide_proposed_role
from preau.directory.actions.importing import UNDO_DAYS, ImportConflict, undo_import
from preau.directory.actions.people import edit_person, suspend_person
from preau.directory.models import Grant, Group, Guardianship, Import, ImportChange, Organisation, Person, Source
from preau.directory.models.guardianship import Authority
from preau.directory.models.importing import ImportState
from preau.directory.models.person import AffiliationKind as TiedAs
from preau.directory.rosters import undoing
from preau.directory.rosters.roster import AffiliationKind, ProposedRole
from preau.directory.testing import make_affiliation, make_membership, make_person, make_school
from preau.directory.tests.importing import ACTOR, EVERYTHING, School, group, imported, person, simulated, state_digest
from preau.kernel import clock
from preau.kernel.actor import Actor
from preau.kernel.errors import Refused
from preau.kernel.models import AuditEntry
from preau.kernel.room import Room, loaded

pytestmark = pytest.mark.django_db


def _first() -> School:
    built = School(complete=EVERYTHING).group("5a", "5A")
    for number in range(12):
        built.person(f"p{number}").enrol(f"p{number}", "5a")
    return built


def _code(of: Import) -> str:
    with pytest.raises(ImportConflict) as refused:
        undo_import(ACTOR, of)
    assert str(refused.value).endswith(".")
    return refused.value.code


def test_the_last_changing_import_first() -> None:
    before = state_digest()
    first, _made = imported(_first())
    second, _made = imported(_first().person("p12"))
    nothing, made = imported(_first().person("p12"))
    assert made.writes == 0
    assert _code(first) == "import_not_the_last"
    undo_import(ACTOR, second)  # the one that changed nothing blocks nothing
    undo_import(ACTOR, first)
    assert state_digest() == before
    assert _code(first) == "import_not_applied"
    assert undo_import(ACTOR, nothing).rows == []


def test_an_import_of_another_school_blocks_nothing() -> None:
    first, _made = imported(_first())
    imported(School("x", uai="0750077Z").person("x0"))
    undo_import(ACTOR, first)
    assert not Person.objects.filter(external_ids__value="p0").exists()
    assert person("x0").is_active


def test_another_source_in_the_same_school_blocks() -> None:
    first, _made = imported(_first())
    other = School("y")
    other.roster.family = "sds"
    second, _made = imported(other.person("y0"))
    assert _code(first) == "import_not_the_last"
    undo_import(ACTOR, second)
    undo_import(ACTOR, first)
    assert Source.objects.count() == 0


def test_thirty_days() -> None:
    first, _made = imported(_first())
    with clock.moved(clock.now() + dt.timedelta(days=UNDO_DAYS, minutes=1)):
        assert _code(first) == "import_too_old_to_undo"
    with clock.moved(clock.now() + dt.timedelta(days=UNDO_DAYS - 1)):
        undo_import(ACTOR, first)


def test_a_simulation_has_nothing_to_undo() -> None:
    of, _plan = simulated(_first())
    assert _code(of) == "import_not_applied"


def test_a_later_edit_by_hand_is_kept_and_listed() -> None:
    imported(_first())
    renamed = _first()
    renamed.roster.people[0].family_name = "Nouveau"
    renamed.roster.people[0].email = "nouveau@exemple.fr"
    second, _made = imported(renamed)
    edit_person(
        ACTOR, person("p0"), family_name="Corrigé", given_name="Lina", preferred_given_name="", email="", phone=""
    )
    kept = undo_import(ACTOR, second)
    assert person("p0").family_name == "Corrigé"
    assert ("person.family_name", "Lina Corrigé") in kept.rows
    second.refresh_from_db()
    assert "kept_by_undo" in [notice["reason"] for notice in second.warnings]


def test_a_person_edited_since_is_suspended_not_deleted() -> None:
    first, _made = imported(_first())
    edit_person(
        ACTOR, person("p0"), family_name="Corrigé", given_name="Lina", preferred_given_name="", email="", phone=""
    )
    kept = undo_import(ACTOR, first)
    # Their identifier is the source's, and the source speaks for the school: both stay with them.
    assert kept.rows == [("person", "Lina Corrigé"), ("organisation", "Collège des Essais")]
    stayed = person("p0")  # the file that named them finds them again
    assert (stayed.state, stayed.suspension) == ("suspended", "departure")
    assert not stayed.affiliations.exists()
    assert Person.objects.count() == 1
    imported(_first())
    assert person("p0").pk == stayed.pk
    assert person("p0").is_active


def test_a_person_tied_by_hand_since_stays_as_they_are() -> None:
    first, _made = imported(_first())
    elsewhere = make_school("Collège des Ormes")
    make_affiliation(person("p0"), elsewhere, TiedAs.PUPIL)
    undo_import(ACTOR, first)
    assert person("p0").is_active
    assert person("p0").affiliations.get().organisation == elsewhere


def test_a_group_people_use_since_stays() -> None:
    first, _made = imported(_first())
    make_membership(make_person("Anne", "Avant"), group("5a"))
    kept = undo_import(ACTOR, first)
    assert ("group", "5A") in kept.rows
    assert Group.objects.get().memberships.count() == 1
    assert Organisation.objects.filter(kind="school").count() == 1


def test_decisions_stay() -> None:
    built = _first().person("g0", kind=AffiliationKind.GUARDIAN).guardian("g0", "p0")
    built.person("s0", kind=AffiliationKind.STAFF, word="principal")
    built.roster.affiliations[-1].proposes = ProposedRole.DIRECTION
    first, _made = imported(built)
    decide_guardianship(ACTOR, Guardianship.objects.get(), state=Authority.EXERCISES, nature="")
    decide_proposed_role(ACTOR, Grant.objects.get(), accept=True, reason="Nommée")
    kept = undo_import(ACTOR, first)
    assert Guardianship.objects.get().state == Authority.EXERCISES
    assert Grant.objects.get().state == "given"
    assert {"guardianship", "person"} <= {what for what, _name in kept.rows}


def test_a_suspension_decided_since_is_not_lifted() -> None:
    imported(_first())
    leaving = School(complete=EVERYTHING).group("5a", "5A")
    for number in range(11):
        leaving.person(f"p{number}").enrol(f"p{number}", "5a")
    second, _made = imported(leaving)
    suspend_person(ACTOR, person("p0"), reason="Essai")
    undo_import(ACTOR, second)
    assert person("p0").suspension == "decision"
    assert person("p11").is_active


def test_only_who_may_import_may_undo() -> None:
    first, _made = imported(_first())
    with pytest.raises(Refused):
        undo_import(Actor(kind=ACTOR.kind.PERSON, id=person("p0").pk), first)


def test_one_audit_row_and_change_rows_for_changes_only() -> None:
    first, _made = imported(_first())
    assert AuditEntry.objects.filter(verb="directory.apply_import").count() == 1
    assert not ImportChange.objects.filter(of=first).exists()
    leaving = School(complete=EVERYTHING).group("5a", "Cinquième A")
    for number in range(11):
        leaving.person(f"p{number}").enrol(f"p{number}", "5a")
    second, _made = imported(leaving)
    assert sorted(ImportChange.objects.filter(of=second).values_list("table", "operation")) == [
        ("affiliation", "departure"),
        ("group", "update"),
        ("membership", "departure"),
        ("person", "departure"),
    ]
    undo_import(ACTOR, second)
    assert Import.objects.get(pk=second.pk).state == ImportState.UNDONE


def test_what_a_room_uses_stays_and_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room's notice on a group, or its row about a school, must not vanish with the import that made them."""
    of, _made = imported(_first())
    used, school = group("5a"), Organisation.objects.get(created_by_import=of)
    room = Room(name="notices", group_traces="notices:groups", organisation_traces="notices:schools")
    answers = {"notices:groups": {used.pk}, "notices:schools": {school.pk}}

    def with_notices(pick: Callable[[Room], str]) -> list[tuple[Room, Any]]:
        named = answers.get(pick(room), set())
        return [*loaded(pick), (room, lambda keys: named & set(keys))]

    monkeypatch.setattr(undoing, "loaded", with_notices)
    kept = undo_import(ACTOR, of)
    assert Group.objects.filter(pk=used.pk).exists()
    assert Organisation.objects.filter(pk=school.pk).exists()
    assert ("group", used.name) in kept.rows
    assert ("organisation", school.name) in kept.rows
