"""What an import says to whoever ran it: words of the house, never codes of the file or of the program."""

from __future__ import annotations

import argparse

import pytest
from django.utils import translation

from preau.directory.commands import importing
from preau.directory.imports import saying
from preau.directory.rosters.plan import Exodus, Plan
from preau.directory.rosters.planning.people import OFFICIAL_KINDS
from preau.directory.rosters.sentences import IDENTIFIERS


def test_every_official_identifier_has_a_name() -> None:
    assert set(IDENTIFIERS) == set(OFFICIAL_KINDS)
    said = saying.notice("identifier_of_another", {"kind": "INE_RNIE", "name": "Zoé Lagarde"})
    assert said.startswith("L’identifiant INE que le fichier donne à Zoé Lagarde")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Départs nombreux : 3 sur 20 (élève)."), ("en", "Many departures: 3 of 20 (pupil).")],
)
def test_departures_are_of_people_not_of_codes(language: str, sentence: str) -> None:
    made = Plan("oneroster", "oneroster-1.1", 2026, exodus=[Exodus(1, "pupil", 3, 20)])
    with translation.override(language):
        said = importing.warnings(made)
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in said] == [sentence]


@pytest.mark.parametrize(
    ("language", "start"),
    [("fr", "preau import\N{NO-BREAK SPACE}: "), ("en", "preau import: ")],
)
def test_the_command_complains_in_the_language_in_use(
    language: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    importing.add_arguments(parser)
    with translation.override(language):
        status = importing.run(parser.parse_args(["one", "two"]))
    assert status == 2
    assert capsys.readouterr().err.startswith(start)
