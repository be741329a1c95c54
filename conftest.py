"""What every test stands on, in the rooms and in `tests/`: a data folder of its own, and the run's report.

`PREAU_DATABASE_URL` chooses the database, as it does for an instance: SQLite in memory when it is unset.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

DATA = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Gives the run a data folder, so that no test touches an instance's."""
    data = Path(tempfile.mkdtemp(prefix="preau-test-data-"))
    config.stash[DATA] = data
    settings.PREAU_DATA = data
    settings.FILE_UPLOAD_TEMP_DIR = data / "tmp"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the data folder."""
    shutil.rmtree(config.stash[DATA], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the whole run where the database it was meant for is missing."""
    engine = os.environ.get("TEST_LACKS")
    for item in items if engine else ():
        item.add_marker(pytest.mark.skip(reason=f"NOT RUN: {engine} is missing"))


@pytest.fixture(autouse=True)
def _write_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails any write that no authorised action holds. Factories write inside `kernel.actions.machinery("testing")`."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    # The database first, so that its own clean-up comes after the guard is gone.
    request.getfixturevalue("_django_db_helper")
    from preau.kernel.actions import guarded

    with guarded():
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Writes the counts that `make test` adds up (tools/test.py)."""
    path = os.environ.get("TEST_REPORT")
    if not path:
        return
    stats = terminalreporter.stats
    count = {name: len(stats.get(name, ())) for name in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")}
    not_run: Counter[str] = Counter()
    for report in stats.get("skipped", ()):
        found = re.search(r"NOT RUN: (\S+) is missing", str(report.longrepr))
        not_run.update([found[1]] if found else [])
    said = {
        "passed": count["passed"] + count["xpassed"],
        "failed": count["failed"] + count["error"],
        "skipped": count["skipped"] + count["xfailed"],
        "not_run": not_run,
    }
    Path(path).write_text(json.dumps(said))
