"""`python -m preau.platform.tethered PARENT ARGUMENT…`: becomes `python ARGUMENT…`, and dies when PARENT does.

Linux clears nothing of prctl(2)'s PR_SET_PDEATHSIG across an exec, so whatever a room runs is tied to the supervisor,
kill -9 included, without a line of its own. Elsewhere it only becomes the other program.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def tied(arguments: Sequence[str]) -> list[str]:
    """The command line of a Python program that dies with this process."""
    return [sys.executable, "-m", "preau.platform.tethered", str(os.getpid()), *arguments]


def main(parent: int, arguments: Sequence[str]) -> None:
    """Ties this process to `parent` and becomes the other program. Does not return."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # It may have died before that call.
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # our own interpreter


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
