"""Import, the same again, undo: the directory is then exactly what it was. On whichever engine the run is for."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import fields, replace
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from preau.directory.actions.importing import undo_import
from preau.directory.demo_school import generate
from preau.directory.models import Import
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import (
    AffiliationKind,
    Deleted,
    EnrolmentRole,
    GroupKind,
    Origin,
    Rejected,
    Roster,
    RowKind,
)
from preau.directory.tests.importing import ACTOR, EVERYTHING, School, imported, state_digest, state_lines
from preau.kernel import clock

SAMPLES = Path(__file__).parent / "samples"
SETS = [
    "moodle-oneroster/oneroster-1.1",
    "microsoft-sds/sds-v1-25-users",
    "microsoft-sds/sds-v1-uk-minimal",
    "microsoft-sds/sds-v2",
    "microsoft-sds/sds-v2.1",
]
TODAY = clock.today()


def _written(made: Plan) -> dict[str, object]:
    """What a plan would write, to read."""
    lists = [f.name for f in fields(made) if f.name.startswith("new_")]
    lists += ["proposals", "updates", "departures", "suspend", "resume", "close_access"]
    return {name: getattr(made, name) for name in lists if getattr(made, name)}


def _there_and_back(roster: Roster) -> None:
    before = state_digest()
    of, made = imported(roster)
    assert made.people.created > 0
    after = state_digest()
    _again, made = imported(copy.deepcopy(roster))
    assert made.writes == 0
    assert state_digest() == after
    kept = undo_import(ACTOR, of)
    assert kept.rows == []
    assert state_digest() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", SETS)
def test_sample_sets_come_and_go(name: str) -> None:
    _there_and_back(read(SAMPLES / name, today=clock.today()))


@pytest.mark.django_db
def test_the_demo_school_comes_and_goes() -> None:
    _there_and_back(generate(clock.today()))


KINDS = st.sampled_from([AffiliationKind.PUPIL, AffiliationKind.TEACHER, AffiliationKind.GUARDIAN])
DAYS = st.sampled_from([None, None, None, TODAY - dt.timedelta(30), TODAY, TODAY + dt.timedelta(30)])
NAMES = st.sampled_from(["Lina Nuñez", "Zoé Lagarde", "Tom Lagarde", "Jean Martin", "Jean Martin", "L?a Petit"])
BIRTHS = st.sampled_from([None, dt.date(2013, 5, 2), dt.date(2014, 1, 31)])
IDENTIFIERS = st.sampled_from([(), (), (("ELEVE_ID", "1"),), (("ELEVE_ID", "2"), ("INE", "123456789AB"))])


DELETIONS = [
    (RowKind.ENROLMENT, ("p0", "g0")),
    (RowKind.ENROLMENT, ("p1", "g9")),
    (RowKind.GROUP, ("g1",)),
    (RowKind.GROUP, ("g9",)),
    (RowKind.ORGANISATION, ("other",)),
]


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """A file of up to eight people in up to two schools, complete or not, with what files do wrong."""
    complete = draw(st.sampled_from([EVERYTHING, frozenset[RowKind](), frozenset({RowKind.PERSON})]))
    built = School(complete=complete)
    schools = ["school"]
    if draw(st.booleans()):
        built.school("other", draw(st.sampled_from(["École du Bas", "École du Haut"])), "0750002B")
        schools.append("other")
    groups: list[str] = []
    for number in range(draw(st.integers(0, 4))):
        shape = draw(st.sampled_from([GroupKind.DIVISION, GroupKind.GROUP]))
        built.group(
            f"g{number}",
            draw(st.sampled_from(["5A", "5B", "Latin"])),
            shape,
            at=draw(st.sampled_from(schools)),
            subject=draw(st.sampled_from(["", "FRANC"])) if shape is GroupKind.GROUP else "",
            ended=draw(st.sampled_from([False, False, True])),
        )
        groups.append(f"g{number}")
    pupils: list[str] = []
    adults: list[str] = []
    for number in draw(st.lists(st.integers(0, 7), unique=True, max_size=8)):
        name = f"p{number}"
        kind = draw(KINDS)
        built.person(
            name,
            draw(NAMES),
            kind,
            at=draw(st.sampled_from(schools)),
            birth=draw(BIRTHS),
            identifiers=draw(IDENTIFIERS),
            starts=draw(DAYS),
            ends=draw(DAYS),
            enabled=draw(st.sampled_from([True, True, True, False])),
            word=draw(st.sampled_from(["", "élève", "AESH"])),
            email=draw(st.sampled_from(["", "a@exemple.fr"])),
        )
        if draw(st.sampled_from([False, False, True])):
            built.tie(name, draw(KINDS), at=draw(st.sampled_from(schools)))
        (pupils if kind is AffiliationKind.PUPIL else adults).append(name)
        role = EnrolmentRole.LEARNER if kind is AffiliationKind.PUPIL else EnrolmentRole.TEACHER
        for group in draw(st.lists(st.sampled_from([*groups, "g9"]), unique=True, max_size=3)):
            built.enrol(name, group, role=role, starts=draw(DAYS), ends=draw(DAYS))
    for adult in adults:
        for pupil in draw(st.lists(st.sampled_from(pupils), unique=True, max_size=2)) if pupils else ():
            built.guardian(adult, pupil, draw(st.sampled_from(["mère", "père", ""])))
    for number in draw(st.lists(st.integers(0, 7), unique=True, max_size=1)):
        if f"p{number}" not in {*pupils, *adults}:
            built.roster.deleted.append(Deleted(RowKind.PERSON, (f"p{number}",), Origin("users.csv", 1)))
    for what, named in draw(st.lists(st.sampled_from(DELETIONS), unique=True, max_size=2)):
        built.roster.deleted.append(Deleted(what, named, Origin("enrollments.csv", 1)))
    built.roster.school_year = draw(st.sampled_from([None, None, clock.school_year(), clock.school_year() + 1]))
    if draw(st.sampled_from([False, False, True])):
        ids = (f"p{draw(st.integers(0, 7))}",)
        built.roster.rejected.append(
            Rejected(Origin("users.csv", 1), "no_name", {"id": ids[0]}, {}, RowKind.PERSON, ids)
        )
    return built.roster


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(first=rosters(), second=rosters(), third=rosters())
def test_any_three_files_come_and_go(first: Roster, second: Roster, third: Roster) -> None:
    """Moves, departures, returns, renames: each import again changes nothing, and each undo restores exactly."""
    with transaction.atomic():
        before: list[tuple[Import, list[str]]] = []
        for roster in (first, second, third):
            lines = state_lines()
            of, made = imported(replace(roster))
            if made.writes:
                before.append((of, lines))
            after = state_lines()
            _same, again = imported(copy.deepcopy(roster))
            assert _written(again) == {}
            assert again.writes == 0
            assert state_lines() == after
        for of, lines in reversed(before):
            assert undo_import(ACTOR, of).rows == []
            assert state_lines() == lines
        transaction.set_rollback(True)
