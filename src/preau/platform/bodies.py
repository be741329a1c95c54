"""Receives a request's body whole, before any thread is taken: in memory up to 64 kB, then in a temporary file.

A client that vanishes thus never reaches a view, and a slow one holds no thread.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.types import Message, Receive, Scope

MEMORY_BYTES = 64 * 1024
# Larger bodies than this are files of somebody known: so many at once, of which so many from one sender.
LARGE_BYTES = 1 << 20
LARGE_AT_ONCE = 16
LARGE_OF_ONE = 3
IDLE_SECONDS = 20.0
TOTAL_SECONDS = 900.0
# Slower than any school's line (256 kbit/s), so that nobody holds a place by trickling.
LEAST_BYTES_A_SECOND = 32 * 1024

Admit = Callable[[Scope], Awaitable[Hashable]]


class Vanished(Exception):
    """The client went away; nobody is left to answer."""


class BodyRefused(Exception):
    """The body will not be read. `code`: 400, 401, 403, 408, 413 or 503."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Bodies:
    """Spools bodies into `folder`. `limit_of(path)` gives a path's own limit, at least `least` bytes."""

    def __init__(self, folder: Path, limit_of: Callable[[str], int], *, least: int) -> None:
        self._folder = folder
        self._limit_of = limit_of
        self._least = least
        self._large: Counter[Hashable] = Counter()

    async def receive(self, scope: Scope, receive: Receive, admit: Admit) -> tuple[IO[bytes], int]:
        """The body, rewound, and its length in bytes. `admit(scope)` says who sends a large one. Raises `Vanished` and
        `BodyRefused`."""
        declared, chunked = _declared_length(scope)
        if not declared and not chunked:
            return io.BytesIO(), 0
        limit = self._least
        if declared > limit:
            # Looked up only for large bodies: most requests are not, and the look-up costs.
            limit = self._limit_of(scope["path"])
            if declared > limit:
                raise BodyRefused(413)
        sender = await _sender(scope, admit) if declared > LARGE_BYTES else None
        pace = _Pace()
        message = await pace.next(receive)
        if not message.get("more_body", False) and len(body := message.get("body", b"")) <= MEMORY_BYTES:
            return io.BytesIO(body), len(body)
        return await self._spool(scope, receive, admit, message, limit, sender, pace)

    async def _spool(
        self,
        scope: Scope,
        receive: Receive,
        admit: Admit,
        message: Message,
        limit: int,
        sender: Hashable | None,
        pace: _Pace,
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
                        sender = sender or await _sender(scope, admit)
                        if self._large.total() >= LARGE_AT_ONCE or self._large[sender] >= LARGE_OF_ONE:
                            raise BodyRefused(503)
                        self._large[sender] += 1
                        large = True
                    file.write(chunk)
                    if not message.get("more_body", False):
                        break
                    message = await pace.next(receive)
            finally:
                if large:
                    self._large[sender] -= 1
                    # Whoever sends nothing any more is not remembered.
                    self._large = +self._large
            file.seek(0)
            kept.pop_all()
            return file, size


async def _sender(scope: Scope, admit: Admit) -> Hashable:
    """Who sends a large body. Only files are large: a form of that size is 100 times it once Django took it apart."""
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    if len(kinds) != 1 or kinds[0].partition(b";")[0].strip().lower() != b"multipart/form-data":
        raise BodyRefused(413)
    return await admit(scope)


class _Pace:
    """How long a body may take: `IDLE_SECONDS` between two parts, and in all no more than its size explains."""

    def __init__(self) -> None:
        self._begun = asyncio.get_running_loop().time()
        self._size = 0

    async def next(self, receive: Receive) -> Message:
        """The next part. Raises `Vanished` and `BodyRefused`."""
        explained = IDLE_SECONDS + self._size / LEAST_BYTES_A_SECOND
        left = self._begun + min(TOTAL_SECONDS, explained) - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(IDLE_SECONDS, left)):
                message = await receive()
        except TimeoutError as error:
            raise BodyRefused(408) from error
        if message["type"] == "http.disconnect":
            raise Vanished
        self._size += len(message.get("body", b""))
        return message


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
