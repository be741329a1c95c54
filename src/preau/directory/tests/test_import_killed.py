"""kill -9 in the middle of an import, for real: another process, a database of its own, on the engine of the run.

After it there is everything or nothing of the import, and its row says which.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from preau.directory.demo_school import large
from preau.directory.demo_school.sheet import uai
from preau.directory.rosters.writing import write_oneroster
from preau.kernel import clock

PEOPLE = 1_000
PATIENCE = 90.0
LATER = dt.timedelta(minutes=10)
# Prepares what the pages prepare: a référent's upload, simulated and begun, waiting for the worker.
BEGIN = """
import json, pathlib, sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from preau.directory.imports import deposits, uploaded
from preau.directory.models import Import
from preau.directory.testing import actor_for, make_person, make_school
from preau.kernel import jobs
from preau.kernel.actor import Role
school = make_school("Établissement 1", uai=sys.argv[2])
person = make_person("Rémi", "Référent", school=school, role=Role.REFERENT)
actor = actor_for(person, Role.REFERENT, school)
files = [SimpleUploadedFile(p.name, p.read_bytes()) for p in sorted(pathlib.Path(sys.argv[1]).iterdir())]
deposit = deposits.keep(files, organisation_id=school.pk, person_id=person.pk, role="referent")
uploaded.start(actor, deposit)
while jobs.run_one():
    pass
deposit = deposits.load(deposit.uuid)
of = Import.objects.get(uuid=deposit.uuid)
uploaded.begin(actor, of, deposit, accept_exodus=True)
print(json.dumps({"import_id": str(of.uuid), "created": of.counts["people"]["created"]}))
"""
LOOK = """
import json, sys
import django
django.setup()
from preau.directory.models import Affiliation, ExternalId, Group, Import, Membership, Person
from preau.kernel.models import Progress
step = Progress.objects.filter(key__startswith="import:").values_list("step", flat=True).first()
print(json.dumps({
    "step": step or "",
    "imports": list(Import.objects.order_by("pk").values_list("state", "failure")),
    "rows": [table.objects.exclude(created_by_import=None).count()
             for table in (Person, Affiliation, Group, Membership, ExternalId)],
}))
"""


@dataclass(frozen=True)
class House:
    """An instance in a folder, looked at from outside."""

    environment: Mapping[str, str]
    files: Path

    def run(self, *arguments: str, later: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self._environment(later),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, *arguments: str, later: bool = False) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "preau", *arguments],
            env=self._environment(later),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def look(self) -> dict[str, Any]:
        found = self.run("-c", LOOK)
        assert found.returncode == 0, found.stderr
        said: dict[str, Any] = json.loads(found.stdout)
        return said

    def _environment(self, later: bool) -> Mapping[str, str]:
        if not later:
            return self.environment
        return {**self.environment, "PREAU_NOW": (clock.now() + LATER).isoformat()}

    def step(self) -> str:
        """Where the import is, asked of the database itself: a look through Django would take too long."""
        url = self.environment.get("PREAU_DATABASE_URL", "")
        query = "SELECT step FROM kernel_progress WHERE key LIKE 'import:%'"
        if url:
            with psycopg.connect(url) as connection:
                row = connection.execute(query).fetchone()
        else:
            connection_ = sqlite3.connect(Path(self.environment["PREAU_DATA"]) / "volatile.sqlite3", timeout=10)
            row = connection_.execute(query).fetchone()
            connection_.close()
        return str(row[0]) if row else ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    files = tmp_path / "files"
    files.mkdir()
    write_oneroster(large(PEOPLE), files, when=clock.local_now())
    url = os.environ.get("PREAU_DATABASE_URL", "")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    environment = {**clean, "PREAU_DATA": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "preau.platform.settings"}
    name = f"killed_{uuid4().hex[:8]}"
    if url:
        environment["PREAU_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        with psycopg.connect(url, autocommit=True) as cluster:
            cluster.execute(f'CREATE DATABASE "{name}"')
    made = House(environment, files)
    assert made.run("-m", "preau", "migrate").returncode == 0
    yield made
    if url:
        with psycopg.connect(url, autocommit=True) as cluster:
            cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _kill_in_the_middle(house: House, process: subprocess.Popen[bytes]) -> None:
    """Waits until rows are being written, then kill -9."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline and process.poll() is None:
        if house.step() in {"people", "ids", "affiliations", "memberships", "groups"}:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return
        time.sleep(0.005)
    process.kill()
    process.wait()
    pytest.fail("the import was over before it could be killed")


def test_a_killed_command_leaves_nothing_and_says_so(house: House) -> None:
    _kill_in_the_middle(house, house.start("import", str(house.files), "--yes"))
    after = house.look()
    assert after["rows"] == [0, 0, 0, 0, 0]
    assert after["imports"] == [["applying", ""]]
    # Whoever comes next finds that nobody is at work on it.
    done = house.run("-m", "preau", "import", str(house.files), "--yes", "--json", later=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["people"]["created"] == PEOPLE
    after = house.look()
    assert after["imports"] == [["failed", "import_interrupted"], ["applied", ""]]
    assert after["rows"][0] == PEOPLE


def test_a_killed_workers_import_is_done_whole_by_the_next(house: House) -> None:
    begun = house.run("-c", BEGIN, str(house.files), uai(900_001))
    assert begun.returncode == 0, begun.stderr
    created = json.loads(begun.stdout)["created"]
    assert created > PEOPLE // 2
    _kill_in_the_middle(house, house.start("worker"))
    after = house.look()
    assert after["rows"] == [0, 0, 0, 0, 0]
    assert after["imports"] == [["applying", ""]]
    # Ten minutes later the lease has run out: the job is given back and done from its start.
    worker = house.start("worker", later=True)
    try:
        deadline = time.perf_counter() + PATIENCE
        while house.look()["imports"] != [["applied", ""]]:
            assert time.perf_counter() < deadline, house.look()
            time.sleep(0.5)
    finally:
        worker.terminate()
        worker.wait(PATIENCE)
    after = house.look()
    assert after["rows"][0] == created
    assert after["step"] == ""
