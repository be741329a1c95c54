"""An instance of one's own, served from a temporary folder for tests and pictures, and stopped with its children."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.setup import VENV

PATIENCE = 180.0  # seconds until ready: the demo collège is made and imported first
STOPPING = 30.0  # seconds an instance may take to stop after Ctrl-C


class InstanceError(Exception):
    """The instance did not come up or did not stop; the message holds its output."""


@dataclass(frozen=True)
class Instance:
    """A served instance: its address, its data folder and the settings its commands need."""

    url: str
    data: Path
    environment: Mapping[str, str]
    program: Path
    log: Path

    def preau(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `preau ARGUMENTS…` on this instance; output is text, and the status is the caller's to judge."""
        command = [str(self.program), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


@contextmanager
def served(
    *arguments: str,
    program: Path = VENV / "bin" / "preau",
    settings: Mapping[str, str] | None = None,
    trusted: Path | None = None,
) -> Iterator[Instance]:
    """Runs `preau run ARGUMENTS…` on a free port and yields it when ready.

    `settings` are PREAU_* of this instance (and whatever else its environment should hold); `trusted` is the CA that
    signed its certificate, when PREAU_TLS_CERT is among them. Raises InstanceError when it does not come up, or when
    Ctrl-C does not stop it with status 0 and all of its children.
    """
    data = Path(tempfile.mkdtemp(prefix="preau-instance-"))
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    environment = {**clean, "PREAU_DATA": str(data / "var"), "PREAU_PORT": str(port), **(settings or {})}
    scheme = "https" if "PREAU_TLS_CERT" in environment else "http"
    log = data / "log"
    instance = Instance(f"{scheme}://localhost:{port}", data / "var", environment, program, log)
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program, "run", *arguments],
                cwd=data, env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        try:
            wait_until_ready(instance, process, trusted)
            yield instance
        except BaseException:
            end(process)  # what went wrong is told already
            raise
        stop(process, log)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def wait_until_ready(instance: Instance, process: subprocess.Popen[bytes], trusted: Path | None) -> None:
    """Returns when /readyz says 200; raises InstanceError when the process ends first or takes too long."""
    context = ssl.create_default_context(cafile=trusted) if trusted else None
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{instance.url}/readyz", timeout=5, context=context):
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.1)
    raise InstanceError(instance.log.read_text(errors="replace"))


def stop(process: subprocess.Popen[bytes], log: Path) -> None:
    """Presses Ctrl-C, as a terminal does to the whole group, and makes sure that nothing stays behind."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        status: int | None = process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        status = None
    left = group_lives(process.pid)
    end(process)
    if status != 0 or left:
        raise InstanceError(f"status {status}, children left: {left}\n{log.read_text(errors='replace')}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends whatever is left of the instance, at once."""
    if group_lives(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def group_lives(group: int) -> bool:
    """Whether any process of the group is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def chromium_arguments(extra: Sequence[str] = ()) -> list[str]:
    """What Debian's Chromium needs to run as root, unwatched, without asking anything of anybody."""
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-component-update",
        "--disable-background-networking",
        "--force-color-profile=srgb",
        *extra,
    ]
