"""Receives a request's body whole, before any thread is taken: in memory up to 64 kB, then in a temporary file.

A client that vanishes thus never reaches a view, and a slow one holds no thread.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.types import Message, Receive, Scope

MEMORY_BYTES = 64 * 1024
# Larger bodies than this are counted, since anybody may start one: so many at once, and no more.
LARGE_BYTES = 1 << 20
LARGE_AT_ONCE = 16
IDLE_SECONDS = 20.0
TOTAL_SECONDS = 900.0


class Vanished(Exception):
    """The client went away; nobody is left to answer."""


class BodyRefused(Exception):
    """The body will not be read. `code`: 400, 408, 413 or 503."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Bodies:
    """Spools bodies into `folder`. `limit_of(path)` gives a path's own limit, at least `least` bytes."""

    def __init__(self, folder: Path, limit_of: Callable[[str], int], *, least: int) -> None:
        self._folder = folder
        self._limit_of = limit_of
        self._least = least
        self._large = 0

    async def receive(self, scope: Scope, receive: Receive) -> tuple[IO[bytes], int]:
        """The body, rewound, and its length in bytes. Raises `Vanished` and `BodyRefused`."""
        declared, chunked = _declared_length(scope)
        if not declared and not chunked:
            return io.BytesIO(), 0
        limit = self._least
        if declared > limit:
            # Looked up only for large bodies: most requests are not, and the look-up costs.
            limit = self._limit_of(scope["path"])
            if declared > limit:
                raise BodyRefused(413)
        deadline = asyncio.get_running_loop().time() + TOTAL_SECONDS
        message = await _next(receive, deadline)
        if not message.get("more_body", False) and len(body := message.get("body", b"")) <= MEMORY_BYTES:
            return io.BytesIO(body), len(body)
        return await self._spool(scope, receive, message, limit, deadline)

    async def _spool(
        self, scope: Scope, receive: Receive, message: Message, limit: int, deadline: float
    ) -> tuple[IO[bytes], int]:
        size, large = 0, False
        with ExitStack() as kept:
            file = kept.enter_context(SpooledTemporaryFile(max_size=MEMORY_BYTES, dir=str(self._folder)))
            try:
                while True:
                    chunk: bytes = message.get("body", b"")
                    size += len(chunk)
                    if size > limit:
                        limit = self._limit_of(scope["path"])
                        if size > limit:
                            raise BodyRefused(413)
                    if size > LARGE_BYTES and not large:
                        if self._large >= LARGE_AT_ONCE:
                            raise BodyRefused(503)
                        self._large += 1
                        large = True
                    file.write(chunk)
                    if not message.get("more_body", False):
                        break
                    message = await _next(receive, deadline)
            finally:
                self._large -= large
            file.seek(0)
            kept.pop_all()
            return file, size


def _declared_length(scope: Scope) -> tuple[int, bool]:
    length, chunked = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not value.isdigit():
                raise BodyRefused(400)
            length = int(value)
        elif name == b"transfer-encoding":
            chunked = True
    return length, chunked


async def _next(receive: Receive, deadline: float) -> Message:
    left = deadline - asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(min(IDLE_SECONDS, left)):
            message = await receive()
    except TimeoutError as error:
        raise BodyRefused(408) from error
    if message["type"] == "http.disconnect":
        raise Vanished
    return message
