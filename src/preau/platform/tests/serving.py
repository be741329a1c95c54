"""A root app served on a real socket, with a WSGI application of the test's behind it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from preau.platform import rootapp
from preau.platform.server import Server, configuration

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Recorder:
    """A WSGI application that keeps what it was called with. Calls wait while `gate` is closed."""

    calls: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    answer: bytes = b"answered"

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self.entered.release()
        assert self.gate.wait(20)
        self.calls.append((environ, environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(self.answer)))])
        yield self.answer


@dataclass(frozen=True)
class Served:
    """Where it listens."""

    port: int

    def open(self) -> socket.socket:
        """A connection, patient for ten seconds."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Sends bytes and reads one whole answer."""
        with self.open() as connection:
            connection.sendall(request)
            return read_answer(connection)

    def get(self, path: str, *headers: str) -> tuple[int, dict[str, str], bytes]:
        """A plain GET."""
        return self.ask(head("GET", path, *headers))


def head(method: str, path: str, *headers: str) -> bytes:
    """A request's head; the Host header is ours unless one is given."""
    lines = [f"{method} {path} HTTP/1.1", *headers]
    if not any(line.lower().startswith("host:") for line in headers):
        lines.append("Host: localhost")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body; reads until the other side closes."""
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    top, _, body = received.partition(b"\r\n\r\n")
    first, *rest = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
    return int(first.split(" ")[1]), headers, body


@contextmanager
def serving(application: Any, *, certificate: str = "", key: str = "") -> Iterator[Served]:
    """Serves the root app around `application` on a free port, from a thread; over TLS with a certificate."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hears, says = os.pipe()
        server = Server(configuration(rootapp.build(application), certificate=certificate, key=key), says)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert os.read(hears, 16) == b"ready\n"
        os.close(hears)
        try:
            yield Served(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(15)
            assert not thread.is_alive()
