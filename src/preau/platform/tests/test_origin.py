"""Who is believed about where a request comes from."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from preau.platform.origin import Proxies, cleaned, host_allowed, is_loopback


def scope(peer: str, *headers: tuple[str, str]) -> dict[str, Any]:
    return {
        "client": (peer, 4321),
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


def test_a_stranger_is_not_believed() -> None:
    said = Proxies(["10.0.0.0/24"]).origin(
        scope(
            "198.51.100.7", ("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("x-request-id", "a" * 16)
        )
    )
    assert (said.client, said.scheme, said.request_id, said.direct) == ("198.51.100.7", "http", "", False)


def test_a_proxy_of_ours_is_believed() -> None:
    said = Proxies(["10.0.0.0/24"]).origin(
        scope(
            "10.0.0.9", ("x-forwarded-for", "203.0.113.5"), ("x-forwarded-proto", "https"), ("x-request-id", "a" * 16)
        )
    )
    assert (said.client, said.scheme, said.request_id, said.direct) == ("203.0.113.5", "https", "a" * 16, False)


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("127.0.0.1, 203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, 10.0.0.8", "203.0.113.5"),
        ("10.0.0.7, 10.0.0.8", "10.0.0.7"),
        ("203.0.113.5, not-an-address", "10.0.0.9"),
        ("", "10.0.0.9"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_chain_is_read_from_the_right(chain: str, client: str) -> None:
    assert Proxies(["10.0.0.0/24"]).origin(scope("10.0.0.9", ("x-forwarded-for", chain))).client == client


def test_several_lines_are_one_chain() -> None:
    lines = (("x-forwarded-for", "127.0.0.1"), ("x-forwarded-for", "203.0.113.5"))
    assert Proxies(["10.0.0.9"]).origin(scope("10.0.0.9", *lines)).client == "203.0.113.5"


def test_a_dual_stack_socket_shows_the_same_proxy() -> None:
    assert Proxies(["10.0.0.0/24"]).trusts("::ffff:10.0.0.9")
    assert is_loopback("::ffff:127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("10.0.0.9")


def test_without_proxies_a_forwarded_request_is_not_direct() -> None:
    assert not Proxies([]).origin(scope("127.0.0.1", ("forwarded", "for=203.0.113.5"))).direct
    assert Proxies([]).origin(scope("127.0.0.1")).direct


def test_a_misspelt_network_does_not_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="PREAU_TRUSTED_PROXIES"):
        Proxies(["10.0.0.0/33"])


def test_headers_that_wsgi_would_confuse_are_dropped() -> None:
    headers = [(b"x-real", b"1"), (b"x_real", b"2"), (b"x-forwarded-for", b"3"), (b"cookie", b"4")]
    assert cleaned(headers) == [(b"x-real", b"1"), (b"cookie", b"4")]


@pytest.mark.parametrize(
    ("hosts", "allowed"),
    [
        (["preau.example.fr"], True),
        (["preau.example.fr:8443"], True),
        (["PREAU.example.fr"], True),
        (["[::1]:8000"], True),
        (["evil.example"], False),
        (["preau.example.fr@evil.example"], False),
        (["preau.example.fr", "evil.example"], False),
        ([], False),
    ],
)
def test_only_our_hosts(hosts: list[str], *, allowed: bool) -> None:
    headers = [(b"host", host.encode()) for host in hosts]
    assert host_allowed(headers, ["preau.example.fr", "[::1]"]) is allowed
