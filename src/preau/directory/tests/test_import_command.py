"""`preau import`: what it prints, what it returns, what it leaves."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from preau.directory.commands import importing
from preau.directory.models import Import, Organisation, Person
from preau.directory.organisations import root
from preau.directory.tests.importing import state_digest

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])

SAMPLES = Path(__file__).parent / "samples"
V21 = SAMPLES / "microsoft-sds" / "sds-v2.1"
KEYS = ["import_id", "format", "simulated", "people", "groups", "memberships", "rejected", "warnings"]
COUNTS = ["created", "updated", "departed", "unchanged"]


class Said:
    """A run of the command."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        parser = argparse.ArgumentParser()
        importing.add_arguments(parser)
        self.status = importing.run(parser.parse_args(arguments))
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.out)
        return said


def test_without_yes_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    before = state_digest()
    said = Said(capsys, str(V21), "--json")
    assert said.status == 0
    assert list(said.json) == KEYS
    assert [list(said.json[name]) for name in ("people", "groups", "memberships")] == [COUNTS] * 3
    assert said.json["simulated"] is True
    assert said.json["people"]["created"] == 8
    assert state_digest() == before
    assert str(Import.objects.get().uuid) == said.json["import_id"]


def test_yes_applies_and_undo_takes_it_back_by_uuid_or_number(capsys: pytest.CaptureFixture[str]) -> None:
    before = state_digest()
    for by_number in (False, True):
        said = Said(capsys, str(V21), "--yes", "--json")
        assert (said.status, said.json["simulated"], said.json["format"]) == (0, False, "sds-v2.1")
        assert Person.objects.count() == 8
        of = Import.objects.get(uuid=said.json["import_id"])
        assert Said(capsys, "undo", str(of.pk if by_number else of.uuid)).status == 0
        assert state_digest() == before
        again = Said(capsys, "undo", str(of.uuid), "--json")
        assert again.status == 1
        assert "il n’y a rien à annuler" in again.err


def test_the_same_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Said(capsys, str(V21), "--yes")
    after = state_digest()
    said = Said(capsys, str(V21), "--yes", "--json")
    assert said.json["people"] == {"created": 0, "updated": 0, "departed": 0, "unchanged": 8}
    assert state_digest() == after


def test_rejected_rows_are_listed_with_file_line_and_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for file in V21.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    lines = (tmp_path / "enrollments.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "enrollments.csv").write_text("\n".join([*lines, lines[-1].replace(lines[-1].split(",")[1], "nul")]))
    said = Said(capsys, str(tmp_path), "--json")
    assert said.status == 0
    (row,) = said.json["rejected"]
    assert list(row) == ["file", "line", "reason"]
    assert (row["file"], row["line"]) == ("enrollments.csv", len(lines) + 1)
    assert "nul" in row["reason"]


@pytest.mark.parametrize("given", ["0750001A", "0750001z", "n’importe quoi"])
def test_school_names_the_school_whatever_its_letter(capsys: pytest.CaptureFixture[str], given: str) -> None:
    one_school = SAMPLES / "moodle-oneroster" / "oneroster-1.1"
    assert Said(capsys, str(one_school), "--school", given, "--yes").status == 0
    assert Organisation.objects.get(kind="school").parent == root()
    assert Organisation.objects.get(kind="school").uai == "".join(given.split()).upper()
    again = Said(capsys, str(one_school), "--school", given, "--yes", "--json")
    assert again.json["people"]["created"] == again.json["groups"]["created"] == 0
    assert Organisation.objects.filter(kind="school").count() == 1


def test_it_says_in_words_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, str(V21))
    assert said.out.startswith("Simulation")
    assert "8 créées" in said.out
    assert "--yes" in said.out
    assert Said(capsys, str(V21), "--yes").out.startswith("Import appliqué.")


@pytest.mark.parametrize("arguments", [("undo",), ("a", "b"), ("a", "b", "c"), ("a", "--school", "x" * 21)])
def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    said = Said(capsys, *arguments)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("preau import")


@pytest.mark.parametrize("given", ["99999999999", "0" * 40, "not-an-id", "01a20f81-da09-7613-929c-82fbe8108db5"])
def test_an_import_that_is_not_there(capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert Said(capsys, "undo", given).status == 1


def test_what_is_sensitive_stays_in_the_file_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, str(V21), "--yes", "--json")
    left_out = next(sentence for sentence in said.json["warnings"] if "ne servent pas ici" in sentence)
    for column in ("sex", "birthCity", "ethnicityCodes", "raceCodes", "flag"):
        assert column in left_out
    assert any("mots de passe" in sentence for sentence in said.json["warnings"])
