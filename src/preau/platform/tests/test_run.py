"""`preau run` as people start it: a whole instance in an empty folder, stopped and started again, or in the way."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

PATIENCE_SECONDS = 60.0
# docs/experience.md, budgets: ready again in 3 s, 300 MB (PSS) at rest. Counted in processor time, which other tests at
# work on the same cores do not lengthen; `python -m benchmarks house` measures the wait itself.
READY_AGAIN_SECONDS = 3.0
IDLE_MEGABYTES = 300


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, port: int, **settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    return {**clean, "LC_ALL": "en_GB.UTF-8", "PREAU_DATA": str(data), "PREAU_PORT": str(port), **settings}


def run(data: Path, port: int, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "preau", "run", *arguments],
        env=environment(data, port, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A ready instance, stopped with Ctrl-C if the test did not."""
    begun = time.perf_counter()
    process = run(data, port)
    try:
        while True:
            assert process.poll() is None, process.communicate()[0]
            assert time.perf_counter() - begun < PATIENCE_SECONDS
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    break
            except OSError:
                time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE_SECONDS)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processor_seconds(pid: int) -> float:
    """What a process and its ended children have used so far (proc(5): utime, stime, cutime, cstime)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def test_an_instance_from_its_first_start_to_its_second_end(tmp_path: Path) -> None:
    data, port = tmp_path / "var", free_port()
    with running(data, port) as process:
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "instance.key").stat().st_mode) == 0o600
        with urllib.request.urlopen(f"http://localhost:{port}/accessibilite", timeout=10) as page:
            assert b"<h1" in page.read()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
        assert f"http://localhost:{port}/" in said
    took = []
    for _ in range(2):
        with running(data, port) as process:
            family = [process.pid, *children(process.pid)]
            took.append(sum(map(processor_seconds, family)))
            assert len(family) >= 3
            assert sum(map(megabytes, family)) <= IDLE_MEGABYTES
    assert min(took) <= READY_AGAIN_SECONDS


def test_a_killed_instance_leaves_nothing_and_starts_again(tmp_path: Path) -> None:
    data, port = tmp_path / "var", free_port()
    with running(data, port) as process:
        family = children(process.pid)
        process.kill()
        process.wait()
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while any(Path(f"/proc/{pid}").exists() for pid in family):
            assert time.perf_counter() < deadline
            time.sleep(0.02)
    with running(data, port):
        pass


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = run(tmp_path / "var", port)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert f"preau run: cannot listen on 127.0.0.1, port {port}" in said
    assert "Traceback" not in said


def test_a_demo_is_not_opened_to_the_network_by_one_word(tmp_path: Path) -> None:
    process = run(tmp_path / "var", free_port(), "--demo", "--host", "0.0.0.0")  # noqa: S104  # what is refused
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "PREAU_DEMO_PUBLIC=yes" in said
