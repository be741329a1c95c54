"""A small instance for the supervisor's tests: its web and worker write what befalls them into a file.

`python family.py web FILE …`, `worker FILE`, `stubborn FILE`, `broken`, or `supervise FILE WEB WORKER` for the whole.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path


def note(file: str, what: str) -> None:
    """Adds a line, whole, whoever else writes."""
    with Path(file).open("a") as notes:
        notes.write(f"{what} {os.getpid()}\n")


def work(name: str, file: str, *, stubborn: bool = False) -> None:
    """Runs until SIGTERM; a stubborn one never hears it."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else lambda _number, _frame: stop.set())
    note(file, f"{name}-started")
    stop.wait()
    note(file, f"{name}-stopped")


def web(file: str, arguments: list[str]) -> None:
    """Answers each connection with its process id, and says when it is ready."""
    listener = socket.socket(fileno=int(arguments[arguments.index("--fd") + 1]))
    ready = int(arguments[arguments.index("--ready-fd") + 1])

    def answer() -> None:
        while True:
            connection, _address = listener.accept()
            with connection:
                connection.sendall(str(os.getpid()).encode())

    threading.Thread(target=answer, daemon=True).start()
    os.write(ready, b"ready\n")
    os.close(ready)
    work("web", file)


def supervise(file: str, web_kind: str, worker_kind: str) -> int:
    """The supervisor, with this file as each of its programs."""
    from preau.platform.children import Child
    from preau.platform.supervisor import Supervisor

    listener = socket.create_server(("127.0.0.1", 0))
    me = str(Path(__file__).resolve())
    note(file, f"port:{listener.getsockname()[1]}")
    return Supervisor(
        Child("web", [me, web_kind, file]),
        [Child("worker", [me, worker_kind, file])],
        listener,
        say=lambda line: note(file, "say:" + line.replace(" ", "_")),
        on_ready=lambda: note(file, "ready"),
    ).run()


def main(arguments: list[str]) -> int:
    """Becomes one of them."""
    match arguments:
        case ["supervise", file, web_kind, worker_kind]:
            return supervise(file, web_kind, worker_kind)
        case ["web", file, *rest]:
            web(file, rest)
        case ["worker", file, *_rest]:
            work("worker", file)
        case ["stubborn", file, *_rest]:
            work("worker", file, stubborn=True)
        case _:
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
