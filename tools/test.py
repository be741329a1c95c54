"""`make test`: every check and every test once, on both databases; the last line counts them all.

The unit tests run on SQLite and on PostgreSQL at the same time, one core each; then the browser tests, once. A test
that lacks its engine is skipped as "NOT RUN: …". With CI=true an engine named in `tests/required.txt` may not be
missed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tools import engines
from tools.checks import run_checks
from tools.postgres import cluster
from tools.setup import PYTHON, ROOT, say

UNIT = "not (e2e or a11y or foreign or soak or bench)"
BROWSER = "e2e or a11y"


@dataclass
class Totals:
    """What came of the checks and runs so far; a check that passes or fails counts as one test."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    not_run: Counter[str] = field(default_factory=Counter)

    def add_report(self, report: Path, status: int) -> None:
        """Adds a run's report; a run that ended without one, or badly, counts as a failure of its own."""
        if not report.exists():
            self.failed += 1
            return
        said = json.loads(report.read_text())
        self.passed += said["passed"]
        self.failed += said["failed"]
        self.skipped += said["skipped"]
        self.not_run.update(said["not_run"])
        if status and not said["failed"]:
            self.failed += 1


class Run:
    """One pytest process, whose lines are shown with its name in front."""

    def __init__(self, name: str, marks: str, folder: Path, arguments: list[str], **settings: str) -> None:
        self.report = folder / f"{name}.json"
        # What a developer has set for an instance of their own is no business of the tests.
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PREAU_")}
        self._process = subprocess.Popen(
            [PYTHON, "-m", "pytest", "-q", "--tb=short", "-m", marks, *arguments],
            cwd=ROOT,
            env={**clean, **settings, "TEST_REPORT": str(self.report), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._show, args=(name,))
        self._reader.start()

    def _show(self, name: str) -> None:
        for line in self._process.stdout or ():
            print(f"{name:>10} │ {line}", end="", flush=True)

    def wait(self) -> int:
        """The run's exit status; 5 (no test matched) is no failure."""
        self._reader.join()
        status = self._process.wait()
        return 0 if status == 5 else status

    def stop(self) -> None:
        """Ends the run if it still goes on."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def main(arguments: list[str]) -> int:
    """Runs everything; 0 when nothing failed and nothing required was missed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lacking = engines.provide()
    totals = Totals()
    say("checks")
    for passed in run_checks().values():
        totals.passed += passed
        totals.failed += not passed
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-test-")))
        say("unit tests on SQLite and PostgreSQL")
        if "postgresql" in lacking:
            second = {"TEST_LACKS": "postgresql"}
        else:
            second = {"PREAU_DATABASE_URL": stack.enter_context(cluster())}
        unit = {"sqlite": (UNIT, {}), "postgresql": (UNIT, second)}
        # The demo's pages once more over TLS, under a CA of the tests' own.
        browser = {"browser": (BROWSER, {}), "tls": ("e2e and tls", {"TEST_TLS": "yes"})}
        for runs in (unit, browser):
            going = [Run(name, marks, folder, arguments, **settings) for name, (marks, settings) in runs.items()]
            for run in going:
                stack.callback(run.stop)
            for run in going:
                totals.add_report(run.report, run.wait())
    return conclude(totals)


def conclude(totals: Totals) -> int:
    """Says what could not run and why it matters, then the counts, alone on the last line."""
    for engine, count in sorted(totals.not_run.items()):
        print(f"NOT RUN: {count} tests for want of {engine}. As root: {engines.apt_line([engine])}")
        if os.environ.get("CI") == "true" and engine in required():
            print(f"FAILED: {engine} is named in tests/required.txt, so CI may not go without it")
            totals.failed += 1
    print(f"{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped", flush=True)
    return 1 if totals.failed else 0


def required() -> set[str]:
    """The engines that CI may not miss."""
    lines = (ROOT / "tests" / "required.txt").read_text().splitlines()
    return {name for line in lines if (name := re.sub(r"#.*", "", line).strip())}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
