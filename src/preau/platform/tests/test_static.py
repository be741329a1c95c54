"""Built files: immutable where hashed, compressed where asked, nothing outside their folder."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message, Scope

from preau.platform import static
from preau.platform.static import Assets

CSS = b"body { color: black }" * 50


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "house-Ab3_x-9Z.css").write_bytes(CSS)
    (dist / "house-Ab3_x-9Z.css.gz").write_bytes(gzip.compress(CSS))
    (dist / "manifest.json").write_bytes(b"{}")
    (dist / "engine-AAAAAAAA.wasm").write_bytes(b"\0asm" * 1000)
    (tmp_path / "secret").write_bytes(b"outside")
    monkeypatch.setattr(static, "IN_MEMORY_BYTES", 3000)
    return Starlette(routes=[Route("/static/{path:path}", Assets(dist).answer)])


async def _ask(app: Starlette, path: str, *headers: tuple[bytes, bytes]) -> tuple[int, dict[str, str], bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        # The client stays until it has its answer.
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": list(headers),
        "query_string": b"",
        "http_version": "1.1",
    }
    await app(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:])


def ask(app: Starlette, path: str, *headers: tuple[bytes, bytes]) -> tuple[int, dict[str, str], bytes]:
    return asyncio.run(_ask(app, path, *headers))


def test_a_hashed_file_is_for_ever(app: Starlette) -> None:
    status, headers, body = ask(app, "/static/house-Ab3_x-9Z.css")
    assert (status, body) == (200, CSS)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert "content-encoding" not in headers


def test_its_gzipped_twin_is_sent_to_who_takes_it(app: Starlette) -> None:
    status, headers, body = ask(app, "/static/house-Ab3_x-9Z.css", (b"accept-encoding", b"br, gzip"))
    assert (status, gzip.decompress(body)) == (200, CSS)
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")


def test_what_the_browser_has_is_not_sent_again(app: Starlette) -> None:
    etag = ask(app, "/static/house-Ab3_x-9Z.css")[1]["etag"]
    status, headers, body = ask(app, "/static/house-Ab3_x-9Z.css", (b"if-none-match", etag.encode()))
    assert (status, body, headers["etag"]) == (304, b"", etag)


def test_a_plain_name_may_change(app: Starlette) -> None:
    assert ask(app, "/static/manifest.json")[1]["cache-control"] == "public, max-age=3600"


def test_a_large_file_comes_from_the_disk(app: Starlette) -> None:
    status, headers, body = ask(app, "/static/engine-AAAAAAAA.wasm")
    assert (status, body) == (200, b"\0asm" * 1000)
    assert headers["content-type"] == "application/wasm"


@pytest.mark.parametrize("path", ["/static/../secret", "/static/none.css", "/static/", "/static/house-Ab3_x-9Z.css.gz"])
def test_nothing_else_is_there(app: Starlette, path: str) -> None:
    assert ask(app, path)[0] == 404
