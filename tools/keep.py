"""Keeps a small instance of this version for ever, as the tests will migrate it forward.

    python -m tools.keep VERSION     writes tests/kept/VERSION/: a dump of each engine, the key, the counts

It is made by the commands that people use: rosters imported, a one-use link and code made. Run it when a version is
released, on a machine with PostgreSQL.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg

from tools.engines import postgresql
from tools.postgres import cluster
from tools.setup import ROOT, VENV

KEPT = ROOT / "tests" / "kept"
SAMPLES = ROOT / "src" / "preau" / "directory" / "tests" / "samples"
ROSTERS = (SAMPLES / "moodle-oneroster" / "oneroster-1.1", SAMPLES / "microsoft-sds" / "sds-v2.1")
# What a later version must still find.
COUNTED = ("directory_person", "directory_affiliation", "directory_group", "directory_membership",
           "directory_externalid", "directory_import", "kernel_auditentry")  # fmt: skip


def preau(environment: Mapping[str, str], *arguments: str) -> str:
    """Runs `preau ARGUMENTS…` of this checkout; returns what it printed. Raises CalledProcessError."""
    command = [str(VENV / "bin" / "preau"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def environment(data: Path, url: str = "") -> dict[str, str]:
    """The settings of an instance in `data`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    return {**clean, "PREAU_DATA": str(data), **({"PREAU_DATABASE_URL": url} if url else {})}


def fill(settings: Mapping[str, str]) -> None:
    """Does what the first people of a new instance do."""
    preau(settings, "migrate")
    for roster in ROSTERS:
        preau(settings, "import", str(roster), "--yes", "--json")
    preau(settings, "setup")
    preau(settings, "user", "code", "john.doe")


def counted(ask: object) -> dict[str, int]:
    """Rows of each counted table; `ask` is a connection of either engine."""
    return {table: ask.execute("SELECT count(*) FROM " + table).fetchone()[0] for table in COUNTED}  # type: ignore[attr-defined]  # noqa: S608  # our own names; both engines have it


def programs() -> Path:
    """The folder of PostgreSQL's programs. Raises LookupError without one."""
    found = postgresql()
    if found is None:
        raise LookupError("PostgreSQL is missing")
    return found


def _postgresql_dump(url: str) -> Iterator[str]:
    command = [str(programs() / "pg_dump"), "--no-owner", "--no-privileges", f"--dbname={url}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines(keepends=True)
    # Newer dumps open and close with a guard that older psql do not know.
    return (line for line in lines if not line.startswith(("\\restrict", "\\unrestrict")))


def _write(path: Path, lines: Iterator[str]) -> None:
    # No time in the header, so that the same content is the same file.
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        for line in lines:
            file.write(line.encode())


def main(arguments: list[str]) -> int:
    """Makes both dumps under one instance key."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    target = KEPT / arguments[0]
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="preau-keep-") as folder:
        data = Path(folder) / "var"
        fill(environment(data))
        shutil.copyfile(data / "instance.key", target / "instance.key")
        with closing(sqlite3.connect(data / "preau.sqlite3")) as database:
            counts = {"sqlite": counted(database)}
            _write(target / "sqlite.sql.gz", (f"{line}\n" for line in database.iterdump()))
        with cluster() as url:
            fill(environment(data, url))
            with psycopg.connect(url) as connection:
                counts["postgresql"] = counted(connection)
            _write(target / "postgresql.sql.gz", _postgresql_dump(url))
    (target / "counts.json").write_text(json.dumps(counts, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
