"""The supervisor and its children: started, started again, stopped in order, and never left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from preau.kernel import clock
from preau.platform.children import Child
from preau.platform.tests import family

PATIENCE_SECONDS = 15.0


class Instance:
    """A supervised family in a process of its own."""

    def __init__(self, file: Path, web: str = "web", worker: str = "worker") -> None:
        self._file = file
        self.process = subprocess.Popen([sys.executable, family.__file__, "supervise", str(file), web, worker])

    def notes(self) -> list[tuple[str, int]]:
        """What befell whom so far, in order."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        return [(what, int(pid)) for what, _, pid in (line.rpartition(" ") for line in lines)]

    def wait_for(self, what: str, times: int = 1) -> int:
        """Waits until it was noted so often; returns the last one's process id."""
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            found = [pid for noted, pid in self.notes() if noted == what]
            if len(found) >= times:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no {what}: {self.notes()}")

    @property
    def port(self) -> int:
        """Where it listens."""
        return next(int(what[5:]) for what, _pid in self.notes() if what.startswith("port:"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def instance(file: Path) -> Iterator[Instance]:
    running = Instance(file)
    running.wait_for("ready")
    running.wait_for("worker-started")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def is_gone(pid: int) -> bool:
    """Whether the process ends soon; a zombie of ours counts as being there."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_order_web_first(instance: Instance, number: signal.Signals) -> None:
    instance.process.send_signal(number)
    assert instance.process.wait(PATIENCE_SECONDS) == 0
    stopped = [what for what, _pid in instance.notes() if what.endswith("-stopped")]
    assert stopped == ["web-stopped", "worker-stopped"]


def test_a_killed_child_is_started_again(instance: Instance) -> None:
    first = instance.wait_for("web-started")
    os.kill(first, signal.SIGKILL)
    assert is_gone(first)
    # The socket stays open meanwhile: whoever comes now waits for the new process and is not refused.
    with socket.create_connection(("127.0.0.1", instance.port), timeout=PATIENCE_SECONDS) as connection:
        answered = int(connection.recv(16))
    assert answered == instance.wait_for("web-started", times=2) != first
    worker = instance.wait_for("worker-started")
    os.kill(worker, signal.SIGKILL)
    assert instance.wait_for("worker-started", times=2) != worker
    assert is_gone(worker)


def test_its_children_die_with_it(instance: Instance) -> None:
    web, worker = instance.wait_for("web-started"), instance.wait_for("worker-started")
    instance.process.kill()
    instance.process.wait()
    assert is_gone(web)
    assert is_gone(worker)
    assert not [what for what, _pid in instance.notes() if what.endswith("-stopped")]


def test_a_second_ctrl_c_kills_who_does_not_stop(file: Path) -> None:
    instance = Instance(file, worker="stubborn")
    worker = instance.wait_for("worker-started")
    instance.wait_for("ready")
    instance.process.send_signal(signal.SIGINT)
    instance.wait_for("web-stopped")
    with pytest.raises(subprocess.TimeoutExpired):
        instance.process.wait(0.5)
    instance.process.send_signal(signal.SIGINT)
    assert instance.process.wait(PATIENCE_SECONDS) == 0
    assert is_gone(worker)


@pytest.mark.parametrize("kinds", [("broken", "worker"), ("web", "broken")])
def test_what_fails_at_its_first_start_ends_all(file: Path, kinds: tuple[str, str]) -> None:
    # A worker that fails after the web process was ready is started again instead, so the two may race: only the
    # web's failure is certain to come first.
    instance = Instance(file, *kinds)
    try:
        if kinds[0] == "broken":
            assert instance.process.wait(PATIENCE_SECONDS) == 1
            assert any("say:web" in what and "(3)" in what for what, _pid in instance.notes())
        else:
            deadline = time.perf_counter() + PATIENCE_SECONDS
            while not any("say:worker" in what and "(3)" in what for what, _pid in instance.notes()):
                assert time.perf_counter() < deadline
                time.sleep(0.02)
    finally:
        instance.process.kill()
        instance.process.wait()


def is_refused(port: int) -> bool:
    """Whether connections come to be refused within our patience."""
    deadline = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.05)
    return False


def test_nobody_is_accepted_once_it_stops(file: Path) -> None:
    instance = Instance(file, worker="stubborn")
    instance.wait_for("worker-started")
    instance.wait_for("ready")
    port = instance.port
    instance.process.send_signal(signal.SIGTERM)
    instance.wait_for("web-stopped")
    # The child says so before it ends; the supervisor closes the socket once it has.
    assert is_refused(port)
    instance.process.kill()
    instance.process.wait()


def test_pauses_grow_and_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(clock, "monotonic", lambda: moment)
    child = Child("web", ["-c", "raise SystemExit(3)"])
    child.start()
    pauses = [child.plan_restart() for _ in range(9)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert child.start_at == moment + 30
    moment += 3600
    assert child.plan_restart() == 0.5
    while child.alive:
        time.sleep(0.01)
    assert child.status == 3
