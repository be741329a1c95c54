"""PREAU_* as people write them, and the sentence they get for what cannot be used."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from preau.platform import environment


def test_a_database_url_is_read_in_full() -> None:
    read = environment.postgresql(
        "postgresql://pr%C3%A9au:p%40ss%2Fword@db.example:6432/le_coll%C3%A8ge?sslmode=require"
    )
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("préau", "p@ss/word", "db.example", "6432")
    assert read["NAME"] == "le_collège"
    assert read["OPTIONS"] == {"application_name": "preau", "sslmode": "require"}


def test_a_socket_folder_is_a_host() -> None:
    read = environment.postgresql("postgresql://preau@/preau?host=/run/postgresql")
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == ("/run/postgresql", "", "")
    assert read["OPTIONS"] == {"application_name": "preau"}


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "postgresql://host/", "postgresql://h:port/name"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        environment.postgresql(url)


@pytest.mark.parametrize("value", ["0", "65", "8.0", "eight", "-1", "８"])
def test_numbers_have_bounds(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PREAU_THREADS", value)
    with pytest.raises(ImproperlyConfigured, match="from 1 to 64"):
        environment.number("PREAU_THREADS", least=1, most=64)


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAU_THREADS", " ")
    assert environment.number("PREAU_THREADS", least=1, most=64) == 8


def test_yes_and_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAU_DEMO_PUBLIC", "Yes")
    assert environment.flag("PREAU_DEMO_PUBLIC")
    monkeypatch.setenv("PREAU_DEMO_PUBLIC", "true")
    with pytest.raises(ImproperlyConfigured, match="yes or no"):
        environment.flag("PREAU_DEMO_PUBLIC")


def test_the_base_url_follows_port_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREAU_BASE_URL", "PREAU_TLS_CERT", "PREAU_PORT"):
        monkeypatch.delenv(name, raising=False)
    assert environment.base_url() == "http://localhost:8000"
    monkeypatch.setenv("PREAU_PORT", "8443")
    monkeypatch.setenv("PREAU_TLS_CERT", "cert.pem")
    assert environment.base_url() == "https://localhost:8443"
    monkeypatch.setenv("PREAU_BASE_URL", "https://preau.example.fr/")
    assert environment.base_url() == "https://preau.example.fr"


@pytest.mark.parametrize("url", ["preau.example.fr", "ftp://preau.example.fr", "https://preau.example.fr/ecole"])
def test_a_base_url_names_a_whole_site(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PREAU_BASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="PREAU_BASE_URL"):
        environment.base_url()
