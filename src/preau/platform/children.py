"""One child of the supervisor: started in a process group of its own, ended with it, started again after a pause."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from preau.kernel import clock
from preau.platform.tethered import tied

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A child that lived this long was well; its next pause is short again.
WELL_SECONDS = 60.0


class Child:
    """A long-lived process; `arguments` come after the interpreter."""

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        self.name = name
        self.start_at: float | None = None
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._failures = 0

    @property
    def alive(self) -> bool:
        """Whether it runs. Reaps it when it has ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def status(self) -> int | None:
        """How it ended: exit status, or minus the signal's number; None while it runs."""
        return self._process.returncode if self._process else None

    def start(self, more: Sequence[str] = (), descriptors: Sequence[int] = ()) -> None:
        """Starts it with `more` arguments and open `descriptors`."""
        self._process = subprocess.Popen(
            tied([*self._arguments, *more]),
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            process_group=0,
        )
        self._started_at = clock.monotonic()
        self.start_at = None

    def plan_restart(self) -> float:
        """After an unwanted end: sets `start_at`, and returns the pause in seconds (doubling, at most 30)."""
        if clock.monotonic() - self._started_at >= WELL_SECONDS:
            self._failures = 0
        pause = min(FIRST_PAUSE_SECONDS * 2.0**self._failures, LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self.start_at = clock.monotonic() + pause
        return pause

    def signal(self, number: int) -> None:
        """Sends a signal to it and to whatever it started."""
        if self._process is not None and self.alive:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                # It ended between the two lines; `alive` reaps it next time.
                return
