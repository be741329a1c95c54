"""`preau worker`: background jobs, events and schedules, until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from types import FrameType

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: what a worker does is in the database."""


def run(namespace: argparse.Namespace) -> int:
    """Works until SIGTERM or SIGINT, finishing the job it is at; a second signal leaves at once, and the job's lease
    then gives it back."""
    from preau.kernel.worker import work

    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    work(stop)
    return 0
