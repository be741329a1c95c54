"""Django behind ASGI: a bounded pool of threads, entered only with a whole body and only while there is room."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import IO, Any, cast

from a2wsgi import WSGIMiddleware
from starlette.types import Message, Receive, Scope, Send

from preau.platform.bodies import Bodies, BodyRefused, Vanished

WAITING_PER_THREAD = 16
WRITE_SECONDS = 60.0
LINGER_SECONDS = 3.0

Refuse = Callable[[Scope, Send, int], Awaitable[None]]
Admit = Callable[[Scope], Hashable]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Pages:
    """The ASGI side of a WSGI application. `refuse(scope, send, code)` answers what does not get in;
    `admit(scope)`, run in the pool, says who sends a large body."""

    def __init__(self, application: WSGI, bodies: Bodies, refuse: Refuse, admit: Admit, *, threads: int) -> None:
        self._bodies = bodies
        self._refuse = refuse
        self._admit = admit
        self._room = threads * (1 + WAITING_PER_THREAD)
        self._inside = 0
        self._threads = WSGIMiddleware(cast(Any, _with_body(application)), workers=threads)

    @property
    def inside(self) -> int:
        """Requests that run or wait for a thread."""
        return self._inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if not _is_readable(scope):
            await self._refuse(scope, send, 400)
            return
        try:
            body, size = await self._bodies.receive(scope, receive, self._admitted)
        except Vanished:
            return
        except BodyRefused as refused:
            await self._refuse_body(scope, receive, send, refused.code)
            return
        with body:
            if self._inside >= self._room:
                await self._refuse(scope, send, 503)
                return
            scope["preau.body"], scope["preau.size"] = body, size
            self._inside += 1
            try:
                await self._threads(scope, receive, _patient(send))  # type: ignore[arg-type]  # a2wsgi has its own names
            finally:
                self._inside -= 1

    async def _admitted(self, scope: Scope) -> Hashable:
        if self._inside >= self._room:
            raise BodyRefused(503)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads.executor, self._admit, scope)
        finally:
            self._inside -= 1

    async def _refuse_body(self, scope: Scope, receive: Receive, send: Send, code: int) -> None:
        """Answers at once and closes, but reads on for a moment: a client that is cut while it still sends sees a
        broken connection instead of the answer (RFC 9112, section 9.6)."""

        async def open_ended(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            elif message["type"] == "http.response.body":
                message = {**message, "more_body": True}
            await send(message)

        await self._refuse(scope, open_ended, code)
        if code != 408:
            try:
                async with asyncio.timeout(LINGER_SECONDS):
                    while (await receive()).get("more_body", False):
                        pass
            except TimeoutError:
                pass
        await send({"type": "http.response.body", "body": b""})


def _is_readable(scope: Scope) -> bool:
    # Control characters in a path reach no address of ours, but would reach the database, which refuses NUL.
    path: str = scope["path"]
    return path.isprintable() and scope["query_string"].isascii()


def _with_body(application: WSGI) -> WSGI:
    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        scope = environ["asgi.scope"]
        body: IO[bytes] = scope["preau.body"]
        environ["wsgi.input"] = body
        environ["wsgi.errors"] = sys.stderr
        environ["CONTENT_LENGTH"] = str(scope["preau.size"])
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return application(environ, start_response)

    return run


def _patient(send: Send) -> Send:
    """`send` that gives up on a client which reads nothing for a minute, and then lets the view run to its end: a
    thread blocked on such a client would be lost to everybody else."""
    gone = False

    async def guarded(message: Message) -> None:
        nonlocal gone
        if gone:
            return
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await send(message)
        except TimeoutError:
            gone = True

    return guarded
