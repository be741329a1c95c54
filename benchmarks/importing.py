"""Importing by the command line, as a school does it: files on disk, a process of its own, figures from the system.

Budgets (the directory's first issue): on PostgreSQL 30,000 people, 3,000 groups and 180,000 memberships in ≤ 90 s and
≤ 512 MB, growing linearly from 3,000 and 10,000 (per person at most half as much again); the same again in ≤ 10 s,
compared by row; a school of 1,200 pupils in ≤ 5 s on SQLite. Times hold the start of the program, reading, simulating
and writing; the processor's are the program's own, without PostgreSQL's. Networks come from the generator, written as
OneRoster 1.2. PostgreSQL is measured where PREAU_DATABASE_URL names a cluster, each size in a database of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SIZES = (3_000, 10_000, 30_000)
SCHOOL = 1_280  # of whom 1,200 are pupils
FIRST_S, AGAIN_S, SCHOOL_S, MEMORY_MB, LINEAR = 90.0, 10.0, 5.0, 512, 1.5


def run() -> dict[str, Any]:
    """Figures of SQLite for one school, and of PostgreSQL for networks."""
    figures: dict[str, Any] = {"sqlite_school": _measure(SCHOOL, "")}
    broken = figures["sqlite_school"]["first_s"] > SCHOOL_S
    url = os.environ.get("PREAU_DATABASE_URL", "")
    if url:
        for size in SIZES:
            with _database(url, f"preau_bench_{size}") as own:
                figures[f"postgresql_{size}"] = _measure(size, own)
        small, _middle, large = (figures[f"postgresql_{size}"] for size in SIZES)
        figures["growth"] = round(large["first_s"] / SIZES[-1] / (small["first_s"] / SIZES[0]), 2)
        broken = broken or (
            large["first_s"] > FIRST_S
            or large["again_s"] > AGAIN_S
            or max(large["first_mb"], large["again_mb"]) > MEMORY_MB
            or figures["growth"] > LINEAR
        )
    return {**figures, "broken": broken}


@contextmanager
def _database(url: str, name: str) -> Iterator[str]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as cluster:
        cluster.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _measure(people: int, url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        data, files = Path(folder) / "var", Path(folder) / "files"
        files.mkdir()
        environment = {**os.environ, "PREAU_DATA": str(data), "PREAU_DATABASE_URL": url}
        if not url:
            del environment["PREAU_DATABASE_URL"]
        write = (
            "import sys; from pathlib import Path; from preau.directory.demo_school import large;"
            " from preau.directory.rosters.writing import write_oneroster; from preau.kernel import clock;"
            " write_oneroster(large(int(sys.argv[1])), Path(sys.argv[2]), when=clock.local_now())"
        )
        subprocess.run([sys.executable, "-c", write, str(people), str(files)], env=environment, check=True)
        preau = [sys.executable, "-m", "preau"]
        subprocess.run([*preau, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        said, first_s, first_cpu_s, first_mb = _timed([*preau, "import", str(files), "--yes", "--json"], environment)
        again, again_s, again_cpu_s, again_mb = _timed([*preau, "import", str(files), "--yes", "--json"], environment)
        assert again["people"] == {"created": 0, "updated": 0, "departed": 0, "unchanged": people}, again["people"]
        _gone, undo_s, _undo_cpu_s, undo_mb = _timed(
            [*preau, "import", "undo", said["import_id"], "--json"], environment
        )
    return {
        "people": said["people"]["created"],
        "groups": said["groups"]["created"],
        "memberships": said["memberships"]["created"],
        "first_s": first_s,
        "first_cpu_s": first_cpu_s,
        "first_mb": first_mb,
        "again_s": again_s,
        "again_cpu_s": again_cpu_s,
        "again_mb": again_mb,
        "undo_s": undo_s,
        "undo_mb": undo_mb,
    }


def _timed(command: list[str], environment: dict[str, str]) -> tuple[dict[str, Any], float, float, int]:
    """What a command said, its seconds by the clock and of processor, its peak resident memory in MB (10⁶ bytes)."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(command, env=environment, stdout=output)
        # wait4 tells this child's own peak; getrusage would tell the largest child's so far.
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - began
        output.seek(0)
        said = output.read()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return json.loads(said), round(took, 1), round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss * 1024 // 1_000_000
