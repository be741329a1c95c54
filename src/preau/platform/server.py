"""uvicorn on a socket that the supervisor holds open, so that a restart of the web process refuses nobody."""

from __future__ import annotations

import os
import resource
import socket

import uvicorn
from starlette.types import ASGIApp

DRAIN_SECONDS = 10
# A school behind one reverse proxy: connections that are kept open save a handshake each.
KEEP_ALIVE_SECONDS = 30
HEADER_BYTES = 64 * 1024


class Server(uvicorn.Server):
    """Tells through `ready` (a pipe's end) that it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: int | None) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._ready is not None:
            os.write(self._ready, b"ready\n")
            os.close(self._ready)


def serve(app: ASGIApp, listener: socket.socket, *, ready: int | None, certificate: str, key: str) -> None:
    """Serves until SIGTERM or SIGINT, then lets running requests end for ten seconds."""
    _allow_many_connections()
    Server(configuration(app, certificate=certificate, key=key), ready).run(sockets=[listener])


def configuration(app: ASGIApp, *, certificate: str = "", key: str = "") -> uvicorn.Config:
    """How uvicorn serves the root app."""
    return uvicorn.Config(
        app,
        lifespan="off",
        # Without its own log configuration uvicorn logs through ours; without its access log nothing is logged twice.
        log_config=None,
        access_log=False,
        # Origin and proxies are the root app's.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        h11_max_incomplete_event_size=HEADER_BYTES,
        ssl_certfile=certificate or None,
        ssl_keyfile=key or None,
    )


def _allow_many_connections() -> None:
    # Open pages hold a connection each, and the usual 1024 descriptors are soon one school's.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(65536, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
