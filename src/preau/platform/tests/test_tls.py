"""TLS served directly, with an authority of the tests' own."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from pytest_django import Settings

from preau.platform.tests.serving import Recorder, head, read_answer, serving
from tools import authority

pytestmark = pytest.mark.django_db


def test_tls_is_served_and_says_so(tmp_path: Path, settings: Settings) -> None:
    settings.ROOT_URLCONF = "preau.platform.tests.small_urls"
    signed = authority.make(tmp_path)
    recorder = Recorder()
    trusting = ssl.create_default_context(cafile=signed.authority)
    with serving(recorder, certificate=str(signed.certificate), key=str(signed.key)) as served:
        with trusting.wrap_socket(served.open(), server_hostname="localhost") as connection:
            assert connection.version() == "TLSv1.3"
            connection.sendall(head("GET", "/small/x"))
            status, headers, body = read_answer(connection)
        assert (status, body) == (200, b"answered")
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert recorder.calls[0][0]["wsgi.url_scheme"] == "https"
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(served.open(), server_hostname="localhost")
