"""Bad input, from outside: the command line and the page say a sentence a référent understands, and write nothing."""

from __future__ import annotations

import argparse
import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from preau.directory.commands import importing
from preau.directory.imports import deposits
from preau.directory.models import Import, Person
from preau.directory.testing import World, make_world
from preau.directory.tests.importing import state_digest
from preau.kernel.actor import Role
from preau.platform.testing import visitor

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])

SAMPLE = Path(__file__).parent / "samples" / "moodle-oneroster" / "oneroster-1.1"
Made = Callable[[Path], Path]


def _copy(folder: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, folder / "set"))


def _zipped(folder: Path, extra: dict[str, bytes] | None = None) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(SAMPLE.iterdir()):
            archive.write(file, file.name)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def truncated_zip(folder: Path) -> Path:
    path = _zipped(folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def zip_bomb(folder: Path) -> Path:
    return _zipped(folder, {"results.csv": b"0" * (64 << 20)})


def path_escape(folder: Path) -> Path:
    return _zipped(folder, {"../../etc/passwd.csv": b"x"})


def xxe(folder: Path) -> Path:
    path = folder / "eleves.xml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]><e>&x;</e>')
    return path


def entity_bomb(folder: Path) -> Path:
    path = folder / "eleves.xml"
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE e [<!ENTITY l0 "lol">{levels}]><e>&l9;</e>')
    return path


def empty_file(folder: Path) -> Path:
    path = folder / "users.csv"
    path.write_bytes(b"")
    return path


def renamed_binary(folder: Path) -> Path:
    path = folder / "users.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    return path


def unknown_columns(folder: Path) -> Path:
    path = folder / "liste.csv"
    path.write_text("Pays;Capitale\nFrance;Paris\n")
    return path


def too_many_rows(folder: Path) -> Path:
    users = (SAMPLE / "users.csv").read_text().splitlines()
    many = [line.replace(line.split(",")[0], f"u{number}", 1) for number, line in enumerate(users[1:] * 60)]
    path = folder / "users.csv"
    path.write_text("\n".join([users[0], *many]))
    return path


REFUSED: list[tuple[Made, str]] = [
    (truncated_zip, "est incomplète. Téléchargez-la ou exportez-la de nouveau."),
    (zip_bomb, "l’archive est un piège ou elle est abîmée."),
    (path_escape, "L’archive veut écrire hors de son dossier"),
    (xxe, "déclare des entités, ce que n’écrit aucun logiciel scolaire"),
    (entity_bomb, "déclare des entités, ce que n’écrit aucun logiciel scolaire"),
    (empty_file, "est vide. Exportez-le de nouveau."),
    (renamed_binary, "n’est pas un fichier CSV, malgré son nom."),
    (unknown_columns, "ne sont celles d’aucun format connu"),
    (too_many_rows, "a plus de 100 lignes. Découpez l’export, ou faites relever la limite."),
]


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAU_IMPORT_MAX_ROWS", "100")


def _plain(text: str) -> str:
    """As read: no tags, entities or no-break spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def _command(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    importing.add_arguments(parser)
    status = importing.run(parser.parse_args([str(path), *flags]))
    said = capsys.readouterr()
    return status, _plain(said.out), _plain(said.err)


@pytest.mark.parametrize(("make", "sentence"), REFUSED, ids=[make.__name__ for make, _sentence in REFUSED])
def test_the_command_refuses_with_its_reason(
    make: Made, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_digest()
    status, out, err = _command(make(tmp_path), capsys, "--yes")
    assert status == 1
    assert sentence in err
    assert out == ""
    assert state_digest() == before
    assert not Import.objects.exists()


@pytest.mark.parametrize(("make", "sentence"), REFUSED, ids=[make.__name__ for make, _sentence in REFUSED])
def test_the_page_refuses_with_its_reason(make: Made, sentence: str, tmp_path: Path, referent: Client) -> None:
    before = state_digest()
    path = make(tmp_path)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    uploads = [SimpleUploadedFile(file.name, file.read_bytes()) for file in files]
    answer: Any = referent.post("/rentree/", {"files": uploads}, follow=True)
    assert answer.status_code in {200, 422}
    assert sentence in _plain(answer.content.decode())
    assert state_digest() == before
    assert not Import.objects.filter(state="applied").exists()


@pytest.fixture
def world(settings: Any) -> World:
    settings.ROOT_URLCONF = "preau.platform.testing"
    return make_world()


@pytest.fixture
def referent(world: World) -> Client:
    return visitor(world.here.actor(Role.REFERENT))


@pytest.fixture(autouse=True)
def _no_files_left() -> Any:
    yield
    for deposit in list(deposits.deposits()):
        deposits.forget(deposit.uuid)


def _append(folder: Path, file: str, *rows: dict[str, str]) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8-sig")
    headers = next(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, restval="", extrasaction="ignore")
    writer.writerows(rows)
    path.write_text(text.rstrip("\n") + "\n" + out.getvalue())


def test_a_row_naming_nobody_is_listed_and_the_rest_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _copy(tmp_path)
    group = next(csv.DictReader(io.StringIO((folder / "classes.csv").read_text(encoding="utf-8-sig"))))["sourcedId"]
    _append(
        folder,
        "enrollments.csv",
        {"sourcedId": "x", "classSourcedId": group, "userSourcedId": "fantôme", "role": "student"},
    )
    status, out, _err = _command(folder, capsys, "--yes")
    assert status == 0
    assert "parle de la personne fantôme, qui n’est dans aucun fichier" in out
    assert "enrollments.csv:8" in out
    assert Person.objects.count() == 6


def test_a_repeated_id_is_listed_with_the_line_that_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _copy(tmp_path)
    first = next(csv.DictReader(io.StringIO((folder / "users.csv").read_text(encoding="utf-8-sig"))))
    _append(folder, "users.csv", {**first, "familyName": "Doublon"})
    status, out, _err = _command(folder, capsys)
    assert status == 0
    assert "est déjà à la ligne 2 de users.csv, qui est gardée" in out


def test_organisations_in_a_circle_hang_under_the_root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _copy(tmp_path)
    _append(
        folder,
        "orgs.csv",
        {"sourcedId": "a", "name": "A", "type": "school", "parentSourcedId": "b"},
        {"sourcedId": "b", "name": "B", "type": "school", "parentSourcedId": "a"},
    )
    status, out, _err = _command(folder, capsys, "--yes")
    assert status == 0
    assert "au-dessus de lui-même par un cercle" in out


def test_a_wrong_encoding_is_said_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _copy(tmp_path)
    text = (folder / "users.csv").read_text(encoding="utf-8-sig")
    given = next(csv.DictReader(io.StringIO(text)))["givenName"]
    (folder / "users.csv").write_bytes(text.replace(given, "Élodie", 1).encode("cp1252"))
    status, out, _err = _command(folder, capsys, "--yes")
    assert status == 0
    assert "n’est pas en UTF-8" in out
    assert Person.objects.filter(given_name="Élodie").exists()


def test_nothing_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _command(tmp_path / "absent", capsys, "--json")
    assert status == 1
    assert "Il n’y a rien à cet endroit" in err
    assert '"import_id": null' in out
