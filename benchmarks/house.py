"""The demo collège served: server time of each role's home and directory, weight of a first visit, idle memory.

Budgets (docs/experience.md): p50 ≤ 40 ms and p95 ≤ 150 ms a page; memory ≤ 300 MB (PSS of supervisor, web and worker,
30 s after ready), ready again in ≤ 3 s. Requests go one after the other over one connection on loopback.
"""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from tools.instance import Instance, free_port, served, stop, wait_until_ready

PASSWORD = "preau-demo-2026"  # noqa: S105  # the demo's, printed by `make run`
REQUESTS = 200
IDLE_SECONDS = 30.0
BUDGETS = {"p50_ms": 40.0, "p95_ms": 150.0, "idle_mb": 300.0, "ready_again_s": 3.0}
PAGES = {
    "home": {"referent": "/", "prof": "/", "eleve": "/", "parent": "/"},
    "directory": {"referent": "/annuaire/", "prof": "/annuaire/?q=nu"},
}


class Visitor:
    """One browser's worth of cookies on one connection."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and content; cookies are kept."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read()

    def sign_in(self, username: str) -> None:
        """Through the form, like anybody."""
        _status, page = self.ask("GET", "/connexion")
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = found.group(1).decode() if found else ""
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        status, _page = self.ask("POST", "/connexion", form)
        if status not in {302, 303}:
            raise RuntimeError(f"{username} could not sign in: {status}")


def _times(visitor: Visitor, path: str) -> dict[str, float]:
    for _ in range(5):
        status, _page = visitor.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    seen = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        visitor.ask("GET", path)
        seen.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(seen, n=100)
    return {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


def idle_mb(instance: Instance) -> float:
    """PSS in MB of every process that serves this instance's data folder."""
    wanted = f"PREAU_DATA={instance.data}".encode()
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found = re.search(r"^Pss:\s+(\d+)", (process / "smaps_rollup").read_text(), re.MULTILINE)
                total += int(found.group(1)) if found else 0
        except OSError:
            continue  # it ended meanwhile
    return round(total / 1024, 1)


def ready_again_s(instance: Instance) -> float:
    """Seconds from `preau run` on a copy of the data folder, which has been run before, to its first /readyz."""
    with TemporaryDirectory(prefix="preau-again-") as folder:
        shutil.copytree(instance.data, Path(folder) / "var")
        port = str(free_port())
        environment = {**instance.environment, "PREAU_DATA": str(Path(folder) / "var"), "PREAU_PORT": port}
        began = time.perf_counter()
        process = subprocess.Popen(
            [instance.program, "run"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        again = replace(instance, url=f"http://localhost:{port}", environment=environment)
        wait_until_ready(again, process, None)
        took = time.perf_counter() - began
        stop(process, instance.log)
    return round(took, 2)


def run() -> dict[str, object]:
    """See the module."""
    with served("--demo") as instance:
        time.sleep(IDLE_SECONDS)
        figures: dict[str, object] = {"idle_mb": idle_mb(instance), "ready_again_s": ready_again_s(instance)}
        broken = [name for name in ("idle_mb", "ready_again_s") if figures[name] > BUDGETS[name]]  # type: ignore[operator]  # a float
        for page, visits in PAGES.items():
            for username, path in visits.items():
                visitor = Visitor(instance.url)
                visitor.sign_in(username)
                times = _times(visitor, path)
                figures[f"{page}_{username}"] = times
                broken += [f"{page}_{username}" for name in times if times[name] > BUDGETS[name]]
    return {**figures, "broken": broken}
