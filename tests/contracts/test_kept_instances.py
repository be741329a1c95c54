"""Instances of earlier versions, migrated forward for ever: nothing lost, and the same roster still finds everybody."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tools.keep import COUNTED, KEPT, ROSTERS, counted, environment, preau, programs

pytestmark = pytest.mark.contract

URL = os.environ.get("PREAU_DATABASE_URL", "")
ENGINE = "postgresql" if URL else "sqlite"
# Not "events": no worker has run on it, so what happened there is long since waiting to be told.
CHECKS = ("audit", "database", "files", "settings")
VERSIONS = sorted(folder.name for folder in KEPT.iterdir())


def test_an_instance_is_kept() -> None:
    assert VERSIONS


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder of a kept version, and the settings of an instance restored from it."""
    source, data = KEPT / request.param, tmp_path / "var"
    data.mkdir(mode=0o700)
    shutil.copyfile(source / "instance.key", data / "instance.key")
    (data / "instance.key").chmod(0o600)
    dump = gzip.decompress((source / f"{ENGINE}.sql.gz").read_bytes())
    if not URL:
        with closing(sqlite3.connect(data / "preau.sqlite3")) as database:
            database.executescript(dump.decode())
        yield source, environment(data)
        return
    name = f"kept_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = f"postgresql://{urlsplit(URL).netloc}/{name}?{urlsplit(URL).query}"
    host = parse_qs(urlsplit(URL).query)["host"][0]
    command = [str(programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", host, "-U", "preau", "-d", name]
    subprocess.run(command, input=dump, capture_output=True, check=True)
    yield source, environment(data, url)
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_it_comes_forward_and_loses_nothing(kept: tuple[Path, dict[str, str]]) -> None:
    source, settings = kept
    preau(settings, "migrate")
    for check in CHECKS:
        preau(settings, "check", check)
    before = json.loads((source / "counts.json").read_text())[ENGINE]
    assert set(before) <= set(COUNTED)
    for roster in ROSTERS:
        said = json.loads(preau(settings, "import", str(roster), "--json"))
        for what in ("people", "groups", "memberships"):
            assert said[what]["unchanged"] > 0
            assert (said[what]["created"], said[what]["updated"], said[what]["departed"]) == (0, 0, 0)
    if URL:
        with psycopg.connect(settings["PREAU_DATABASE_URL"]) as connection:
            after = counted(connection)
    else:
        with closing(sqlite3.connect(Path(settings["PREAU_DATA"]) / "preau.sqlite3")) as database:
            after = counted(database)
    # Two simulations more, each an import and an audit row; people and what they belong to are as they were.
    for table, count in before.items():
        assert after[table] == count + (2 if table in {"directory_import", "kernel_auditentry"} else 0), table
