"""A PostgreSQL cluster of one's own, in a temporary folder, for as long as a command runs.

    python -m tools.postgres COMMAND…    runs COMMAND with PREAU_DATABASE_URL set; exits with its status

It listens on a Unix socket only and may lose data on a power cut, which tests do not mind. initdb refuses to run as
root, so there the cluster belongs to the user that Debian's package made.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import engines

FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "log_min_messages": "fatal",
}
PATIENCE = 60.0  # seconds, for a cluster to start or stop
PR_SET_PDEATHSIG = 1  # prctl(2)


class ClusterError(Exception):
    """The cluster did not come up; the message holds what the server said."""


def main(command: list[str]) -> int:
    """Runs a command beside a cluster; 1 when there is no PostgreSQL here, else the command's status."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if engines.postgresql() is None:
        print(f"PostgreSQL is missing. As root: {engines.apt_line(['postgresql'])}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as url:
        try:
            return subprocess.run(command, env={**os.environ, "PREAU_DATABASE_URL": url}, check=False).returncode
        except KeyboardInterrupt:
            return 130


@contextmanager
def cluster() -> Iterator[str]:
    """Starts a cluster and yields its address; stops and removes it however the block ends."""
    programs = engines.postgresql()
    if programs is None:
        raise ClusterError("PostgreSQL is missing")
    owner = owner_arguments()
    folder = Path(tempfile.mkdtemp(prefix="preau-pg-"))
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    data, log = folder / "data", folder / "log"
    try:
        how = ["--username", "preau", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        made = subprocess.run(
            [programs / "initdb", "--pgdata", data, *how],
            **owner, cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise ClusterError(made.stderr)
        options = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *options],
                **owner, cwd=folder, stdout=output, stderr=output, start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 (no thread runs yet, and nothing else survives a kill -9)
            )  # fmt: skip
        try:
            wait_until_ready(programs, folder, server, log)
            yield f"postgresql://preau@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends sessions, then stops in order
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server answers on its socket; raises ClusterError when it ends or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        asked = ["--quiet", "--host", str(folder), "--dbname", "postgres", "--username", "preau"]
        if subprocess.run([programs / "pg_isready", *asked], check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise ClusterError(log.read_text(errors="replace"))


def owner_arguments() -> dict[str, Any]:
    """As whom the server runs: oneself, or under root the user postgres (as arguments of subprocess)."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def end_with_parent() -> None:
    """Asks the kernel to stop the server when we are gone, even by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
