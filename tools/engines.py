"""What the tests need beside Python and node: where it is on this machine, and the one line that brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.setup import APT, ROOT, say


def chromium() -> Path | None:
    """Debian's Chromium, which the browser tests drive; None where there is none."""
    found = shutil.which("chromium")
    return Path(found) if found else None


def postgresql() -> Path | None:
    """The folder of the newest PostgreSQL's initdb and postgres, which Debian keeps off the PATH; None without one."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: int(path.parent.parent.name), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None


# By the name of Debian's package, which is also what `tests/required.txt` and "NOT RUN" call the engine.
ENGINES = {"chromium": chromium, "postgresql": postgresql}


def missing() -> list[str]:
    """The engines this machine lacks."""
    return [name for name, find in ENGINES.items() if find() is None]


def apt_line(names: list[str]) -> str:
    """The line that installs the named engines on Debian, as root."""
    return f"{APT} {' '.join(names)}"


def provide() -> list[str]:
    """Installs missing engines when this is root on Debian, else prints how; the names of those still missing."""
    names = missing()
    if not names:
        return []
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"preau: tests lack {' and '.join(names)}. As root: {apt_line(names)}", flush=True)
        return names
    say(f"installing {' and '.join(names)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["/bin/sh", "-c", apt_line(names)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        print(f"preau: that failed (status {done.returncode}): {apt_line(names)}", flush=True)
    return missing()
