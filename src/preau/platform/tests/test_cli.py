"""The command line: what it loads, what it says, and with which status it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from preau import __version__
from preau.platform import cli
from preau.platform.guide import all_settings


def preau(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "preau", *arguments],
        env={**os.environ, "LC_ALL": "fr_FR.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


def test_help_lists_what_there_is_and_hides_what_is_internal(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    names = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert {"run", "worker", "migrate", "demo", "check", "settings", "import"} <= names
    assert not {"web", "prepare", "manage"} & names


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.main(arguments) == 2


def test_an_unknown_option_is_two() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", "--nonsense"])
    assert ended.value.code == 2


def test_the_supervisor_loads_no_django() -> None:
    program = (
        "import sys; from preau.platform import cli, supervisor; from preau.platform.commands import run, demo;"
        "heavy = {'django', 'starlette', 'uvicorn', 'cryptography'};"
        "print([name for name in sys.modules if name.split('.')[0] in heavy])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_check_reports_in_both_forms(tmp_path: Path) -> None:
    there = {"PREAU_DATA": str(tmp_path / "var"), "PREAU_DATABASE_URL": ""}
    told = preau("check", "settings", **there, PREAU_TREADS="4")
    assert told.returncode == 1
    assert "PREAU_TREADS is no setting of Préau. Did you mean PREAU_THREADS?" in told.stdout
    said = preau("check", "settings", "--json", **there, PREAU_TREADS="4")
    assert json.loads(said.stdout)["checks"]["settings"][0].startswith("PREAU_TREADS")
    assert preau("check", "settings", **there).returncode == 0
    assert preau("check", "no-such-check", **there).returncode == 2


def test_a_database_that_is_not_migrated_is_told_and_mended(tmp_path: Path) -> None:
    there = {"PREAU_DATA": str(tmp_path / "var"), "PREAU_DATABASE_URL": ""}
    told = preau("check", "database", **there)
    assert told.returncode == 1
    assert "migrations are missing" in told.stdout
    assert preau("migrate", **there).returncode == 0
    assert preau("check", "database", **there).returncode == 0
    assert preau("check", "files", **there).stdout.strip() == "files: ok"
    (tmp_path / "var").chmod(0o755)
    assert "chmod go=" in preau("check", "files", **there).stdout


def test_a_rooms_command_works_on_a_fresh_machine(tmp_path: Path) -> None:
    done = preau("import", str(tmp_path / "nothing.zip"), PREAU_DATA=str(tmp_path / "var"), PREAU_DATABASE_URL="")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "var" / "preau.sqlite3").exists()


def test_an_unreachable_database_is_one_sentence(tmp_path: Path) -> None:
    nowhere = f"postgresql://preau@/preau?host={tmp_path}"
    done = preau("import", "nothing.zip", PREAU_DATA=str(tmp_path / "var"), PREAU_DATABASE_URL=nowhere)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "preau import : default: unreachable: OperationalError; volatile: unreachable: OperationalError"
    )


def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    done = preau("migrate", PREAU_DATA=str(tmp_path), PREAU_DATABASE_URL="mysql://nothing")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "preau migrate : PREAU_DATABASE_URL looks like postgresql://user:password@host:5432/name."
    ]


def test_settings_are_shown_without_their_secrets(tmp_path: Path) -> None:
    done = preau("settings", "--json", PREAU_DATA=str(tmp_path), PREAU_METRICS_TOKEN="hidden", PREAU_DATABASE_URL="")
    shown = {line["name"]: line for line in json.loads(done.stdout)["settings"]}
    assert shown["PREAU_METRICS_TOKEN"] == {"name": "PREAU_METRICS_TOKEN", "value": "…", "set": True}
    assert shown["PREAU_THREADS"]["set"] is False
    assert set(shown) == {setting.name for setting in all_settings()}
    assert "hidden" not in done.stdout
