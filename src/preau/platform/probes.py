"""For machines that watch: `/healthz` (the process answers), `/readyz` (it can serve), `/metrics` (Prometheus)."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from preau.kernel import clock
from preau.platform.origin import asks_this_machine, is_loopback

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
REQUESTS = Counter("preau_http_requests_total", "Requests answered", ["method", "route", "status"])
DURATION = Histogram(
    "preau_http_request_seconds",
    "Time from the request's headers to the end of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0),
)
INSIDE = Gauge("preau_pool_requests", "Requests that run or wait in the pool of threads")

# Probes may be asked by anybody, so an answer is good for a second.
REMEMBER_SECONDS = 1.0


class Readiness:
    """Whether databases answer and are migrated. Migrations, once applied, are not asked for again."""

    def __init__(self) -> None:
        # A thread of its own: a full pool must not make the instance look broken.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
        self._migrated = False
        self._known: tuple[float, dict[str, str]] = (-REMEMBER_SECONDS, {})

    def problems(self) -> dict[str, str]:
        """Database alias → what is wrong with it; empty when all is well. Blocks."""
        found: dict[str, str] = {}
        for alias in connections:
            connection = connections[alias]
            try:
                # Django takes a connection in a transaction for a broken one: a check on a page may be inside one.
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                if not self._migrated:
                    executor = MigrationExecutor(connection)
                    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                        found[alias] = "migrations are missing: run preau migrate"
            except DatabaseError as error:
                found[alias] = f"unreachable: {type(error).__name__}"
        self._migrated = self._migrated or not found
        return found

    async def answer(self, request: Request) -> Response:
        """200 when ready, 503 with the reasons when not."""
        at, problems = self._known
        if clock.monotonic() - at >= REMEMBER_SECONDS:
            problems = await asyncio.get_running_loop().run_in_executor(self._thread, self.problems)
            self._known = (clock.monotonic(), problems)
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)


async def healthz(request: Request) -> Response:
    """The process is alive and its loop turns."""
    return PlainTextResponse("ok\n")


class Metrics:
    """Counters of this process, for this machine or whoever holds the token."""

    def __init__(self, token: str, inside: Callable[[], int]) -> None:
        self._token = token
        INSIDE.set_function(inside)

    async def answer(self, request: Request) -> Response:
        """The figures, or 403."""
        origin = request.scope["preau.origin"]
        given = request.headers.get("authorization", "")
        with_token = bool(self._token) and hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())
        # An unknown proxy on this machine would make the whole world look local.
        local = origin.direct and is_loopback(origin.client) and asks_this_machine(request.scope["headers"])
        if not with_token and not local:
            return PlainTextResponse("forbidden\n", status_code=403)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def probes(metrics: Metrics) -> list[Route]:
    """The three addresses."""
    return [Route("/healthz", healthz), Route("/readyz", Readiness().answer), Route("/metrics", metrics.answer)]
