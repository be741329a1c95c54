"""The root app on a real socket: what reaches Django, what does not, and what every answer carries."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from preau.platform import bodies, pool
from preau.platform.logs import Formatter
from preau.platform.tests.serving import Recorder, Served, head, read_answer, serving

pytestmark = pytest.mark.django_db

MIB = 1 << 20
MULTIPART = "Content-Type: multipart/form-data; boundary=x"
FILES = ("Cookie: who=1", MULTIPART)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def served(recorder: Recorder, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(pool, "LINGER_SECONDS", 0.3)
    settings.ROOT_URLCONF = "preau.platform.tests.small_urls"
    settings.PREAU_THREADS = 1
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.PREAU_TRUSTED_PROXIES = []
    settings.PREAU_METRICS_TOKEN = "a-long-token"
    with serving(recorder) as running:
        yield running


def test_a_request_without_a_body_passes(served: Served, recorder: Recorder) -> None:
    status, _headers, body = served.get("/small/x?q=1", "X-Real: ok", "X_Real: evil", "X_Forwarded_For: evil")
    assert (status, body) == (200, b"answered")
    environ, sent = recorder.calls[0]
    assert sent == b""
    assert (environ["CONTENT_LENGTH"], environ["QUERY_STRING"], environ["HTTP_X_REAL"]) == ("0", "q=1", "ok")
    assert "HTTP_X_FORWARDED_FOR" not in environ


@pytest.mark.parametrize("size", [1, 1000, 64 * 1024, 64 * 1024 + 1, MIB])
def test_a_body_arrives_whole(served: Served, recorder: Recorder, size: int) -> None:
    sent = bytes(index % 251 for index in range(size))
    status, _headers, _body = served.ask(head("POST", "/small/x", f"Content-Length: {size}") + sent)
    assert status == 200
    assert recorder.calls[0][1] == sent


def test_a_large_body_passes_through_a_file_that_is_gone_afterwards(
    served: Served, recorder: Recorder, settings: Settings
) -> None:
    sent = b"x" * (3 * MIB)
    assert served.ask(head("POST", "/large", *FILES, f"Content-Length: {len(sent)}") + sent)[0] == 200
    assert recorder.calls[0][1] == sent
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_a_chunked_body_arrives_whole_with_its_length(served: Served, recorder: Recorder) -> None:
    parts = [b"first", b"second" * 20_000, b"third"]
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert served.ask(head("POST", "/small/x", "Transfer-Encoding: chunked") + body)[0] == 200
    environ, sent = recorder.calls[0]
    assert sent == b"".join(parts)
    assert environ["CONTENT_LENGTH"] == str(len(sent))
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_a_client_that_vanishes_gives_django_nothing(served: Served, recorder: Recorder) -> None:
    with served.open() as connection:
        connection.sendall(head("POST", "/small/x", "Content-Length: 100") + b"only this")
        time.sleep(0.1)
    assert served.get("/small/x")[0] == 200
    assert [sent for _environ, sent in recorder.calls] == [b""]


def test_a_slow_client_holds_no_thread_and_is_told(
    served: Served, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.5)
    with served.open() as slow:
        slow.sendall(head("POST", "/small/x", "Content-Length: 100") + b"only this")
        # The only thread of the pool is free.
        assert served.get("/small/x")[0] == 200
        status, headers, body = read_answer(slow)
    assert status == 408
    assert headers["connection"] == "close"
    assert "Rien n’a été gardé" in body.decode()
    assert len(recorder.calls) == 1


def test_a_body_that_is_announced_too_large_is_not_read(served: Served, recorder: Recorder) -> None:
    with served.open() as connection:
        connection.sendall(head("POST", "/small/x", f"Content-Length: {MIB + 1}"))
        status, headers, _body = read_answer(connection)
    assert status == 413
    assert headers["connection"] == "close"
    assert recorder.calls == []


def test_a_body_that_turns_out_too_large_is_cut(served: Served, recorder: Recorder) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    body = chunk * 17 + b"0\r\n\r\n"
    status, _headers, _body = served.ask(head("POST", "/small/x", "Transfer-Encoding: chunked") + body)
    assert status == 413
    assert recorder.calls == []


def test_each_route_has_its_own_limit(served: Served, recorder: Recorder) -> None:
    assert served.ask(head("POST", "/large", *FILES, f"Content-Length: {2 * MIB}") + b"x" * (2 * MIB))[0] == 200
    assert served.ask(head("POST", "/large", *FILES, f"Content-Length: {5 * MIB}"))[0] == 413
    assert served.ask(head("POST", "/nowhere", *FILES, f"Content-Length: {2 * MIB}"))[0] == 413


def test_only_so_many_large_bodies_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGE_AT_ONCE", 1)
    with served.open() as first:
        first.sendall(head("POST", "/large", *FILES, f"Content-Length: {3 * MIB}") + b"x" * (2 * MIB))
        time.sleep(0.3)
        status, headers, _body = served.ask(
            head("POST", "/large", *FILES, f"Content-Length: {2 * MIB}") + b"x" * (2 * MIB)
        )
        assert (status, headers["retry-after"]) == (503, "3")
        first.sendall(b"x" * MIB)
        assert read_answer(first)[0] == 200
    assert served.ask(head("POST", "/large", *FILES, f"Content-Length: {2 * MIB}") + b"x" * (2 * MIB))[0] == 200


def test_one_sender_does_not_take_every_place(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGE_OF_ONE", 1)
    length = f"Content-Length: {3 * MIB}"
    with served.open() as first:
        first.sendall(head("POST", "/large", *FILES, length) + b"x" * (2 * MIB))
        time.sleep(0.3)
        assert served.ask(head("POST", "/large", *FILES, length) + b"x" * (3 * MIB))[0] == 503
        assert served.ask(head("POST", "/large", "Cookie: who=2", MULTIPART, length) + b"x" * (3 * MIB))[0] == 200
        first.sendall(b"x" * MIB)
        assert read_answer(first)[0] == 200
    assert served.ask(head("POST", "/large", *FILES, length) + b"x" * (3 * MIB))[0] == 200


@pytest.mark.parametrize(("cookie", "code"), [("other=1", 401), ("who=0", 401), ("who=100", 403)])
def test_a_large_body_is_not_read_from_whom_the_route_does_not_let_in(
    served: Served, recorder: Recorder, cookie: str, code: int
) -> None:
    with served.open() as stranger:
        # Nothing of the body is sent: the answer does not wait for it.
        stranger.sendall(head("POST", "/large", f"Cookie: {cookie}", MULTIPART, f"Content-Length: {3 * MIB}"))
        status, headers, _body = read_answer(stranger)
    assert (status, headers["connection"]) == (code, "close")
    chunks = (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 17 + b"0\r\n\r\n"
    asked = head("POST", "/large", f"Cookie: {cookie}", MULTIPART, "Transfer-Encoding: chunked")
    assert served.ask(asked + chunks)[0] == code
    assert recorder.calls == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data-not"])
def test_only_files_are_large(served: Served, recorder: Recorder, kind: str) -> None:
    for length in (f"Content-Length: {2 * MIB}", "Transfer-Encoding: chunked"):
        body = b"x" * (2 * MIB) if "Length" in length else (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 17
        asked = head("POST", "/large", "Cookie: who=1", f"Content-Type: {kind}", length)
        assert served.ask(asked + body)[0] == 413
    assert served.ask(head("POST", "/large", "Cookie: who=1", f"Content-Length: {2 * MIB}"))[0] == 413
    assert recorder.calls == []


def test_a_trickle_is_ended(served: Served, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.6)
    with served.open() as slow:
        slow.sendall(head("POST", "/large", *FILES, f"Content-Length: {3 * MIB}"))
        # Never idle for long, and yet too slow.
        for _ in range(4):
            slow.sendall(b"x" * 10)
            time.sleep(0.2)
        slow.settimeout(0.4)
        assert slow.recv(12) == b"HTTP/1.1 408"
    assert recorder.calls == []


def test_a_full_pool_says_so_at_once(recorder: Recorder, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "preau.platform.tests.small_urls"
    settings.PREAU_THREADS = 1
    monkeypatch.setattr(pool, "WAITING_PER_THREAD", 1)
    recorder.gate.clear()
    with serving(recorder) as served:
        answers: list[int] = []
        askers = [threading.Thread(target=lambda: answers.append(served.get("/small/x")[0])) for _ in range(2)]
        askers[0].start()
        assert recorder.entered.acquire(timeout=10)
        askers[1].start()
        time.sleep(0.2)
        status, headers, body = served.get("/small/x")
        assert (status, headers["retry-after"]) == (503, "3")
        assert headers["content-security-policy"].count("'self'") > 5
        assert "<h1>" in body.decode()
        _status, _headers, fragment = served.get("/small/x", "HX-Request: true", "Cookie: preau_language=en")
        assert b"<html" not in fragment
        assert 0 < len(fragment) < len(body)
        # Probes do not wait for the pool.
        assert served.get("/healthz")[0] == 200
        recorder.gate.set()
        for asker in askers:
            asker.join(10)
        assert answers == [200, 200]
        assert served.get("/small/x")[0] == 200


def test_a_client_that_does_not_read_loses_its_thread(
    served: Served, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WRITE_SECONDS", 0.3)

    def endless(environ: object, start_response: object) -> Iterator[bytes]:
        start_response("200 OK", [])  # type: ignore[operator]  # WSGI's
        for _ in range(2000):
            yield b"x" * 65536

    with serving(endless) as stream, stream.open() as deaf:
        deaf.sendall(head("GET", "/small/x"))
        time.sleep(0.5)
        with stream.open() as second:
            second.sendall(head("GET", "/small/x"))
            assert second.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("path", ["/small/%00", "/small/a%0Ab", "/%1b"])
def test_control_characters_stay_outside(served: Served, recorder: Recorder, path: str) -> None:
    assert served.get(path)[0] == 400
    assert recorder.calls == []


def test_a_host_that_is_not_ours_is_refused(served: Served, recorder: Recorder) -> None:
    assert served.get("/small/x", "Host: evil.example")[0] == 400
    assert served.get("/healthz", "Host: 192.0.2.4")[0] == 200
    assert recorder.calls == []


def test_an_untrusted_forwarder_changes_nothing(served: Served, recorder: Recorder) -> None:
    forwarded = ("X-Forwarded-For: 203.0.113.5", "X-Forwarded-Proto: https", "X-Request-Id: chosen-by-a-stranger")
    _status, headers, _body = served.get("/small/x", *forwarded)
    environ = recorder.calls[0][0]
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert "strict-transport-security" not in headers
    assert headers["x-request-id"] != "chosen-by-a-stranger"


def test_a_trusted_proxy_is_believed(recorder: Recorder, settings: Settings) -> None:
    settings.PREAU_TRUSTED_PROXIES = ["127.0.0.0/8"]
    forwarded = ("X-Forwarded-For: 203.0.113.5", "X-Forwarded-Proto: https", "X-Request-Id: chosen-by-the-proxy")
    with serving(recorder) as served:
        _status, headers, _body = served.get("/small/x", *forwarded)
    environ = recorder.calls[0][0]
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("203.0.113.5", "https")
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-request-id"] == "chosen-by-the-proxy"


def test_every_answer_is_guarded(served: Served) -> None:
    for path in ("/small/x", "/healthz", "/static/none.css", "/small/%00"):
        _status, headers, _body = served.get(path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_metrics_stay_on_this_machine(served: Served) -> None:
    served.get("/small/x")
    status, _headers, body = served.get("/metrics")
    assert status == 200
    assert b"preau_http_requests_total" in body
    assert b"preau_pool_requests 0" in body
    for behind in ("X-Forwarded-For: 203.0.113.5", "X-Forwarded-Server: a", "X-Real-IP: ::1", "Via: 1.1 a"):
        assert served.get("/metrics", behind)[0] == 403
    assert served.get("/metrics", "Forwarded: for=127.0.0.1")[0] == 403
    assert served.get("/metrics", "Host: ecole.exemple.fr")[0] == 403
    assert served.get("/metrics", "Host: ecole.exemple.fr", "Authorization: Bearer a-long-token")[0] == 200
    assert served.get("/metrics", "X-Forwarded-For: 203.0.113.5", "Authorization: Bearer wrong")[0] == 403
    assert served.get("/metrics", "X-Forwarded-For: 203.0.113.5", "Authorization: Bearer a-long-token")[0] == 200


def test_invented_methods_are_one_series(served: Served) -> None:
    for number in range(3):
        served.ask(head(f"ZZ{number}", "/small/x"))
    _status, _headers, body = served.get("/metrics")
    assert b'method="other"' in body
    assert b"ZZ" not in body


def test_the_log_has_the_request_id_and_no_word_about_people(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    from django.core.wsgi import get_wsgi_application

    settings.ROOT_URLCONF = "preau.platform.tests.small_urls"
    caplog.set_level(logging.INFO, "preau.access")
    lines: list[dict[str, object]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(Formatter().format(record)))

    handler = Keep()
    logging.getLogger("preau.access").addHandler(handler)
    try:
        with serving(get_wsgi_application()) as served:
            status, headers, body = served.get("/small/a-secret-token?q=Lina+Nu%C3%B1ez")
    finally:
        logging.getLogger("preau.access").removeHandler(handler)
    assert (status, body) == (200, b"shown")
    assert len(lines) == 1
    line = lines[0]
    assert line["request"] == headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "small/<slug:token>", 200)
    assert "secret" not in str(line)
    assert "Lina" not in str(line)
    assert "127.0.0.1" not in str(line)
