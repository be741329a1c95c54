"""Where a request comes from and what it asks for: proxies that may be believed, hosts that may be named.

Headers are cleaned here once, so that nothing behind has to ask whether it may trust them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port, validate_host
from starlette.types import Scope

Network = IPv4Network | IPv6Network
Headers = list[tuple[bytes, bytes]]
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDING = frozenset({b"forwarded", b"x-real-ip", b"via"})


@dataclass(frozen=True, slots=True)
class Origin:
    """`client`: the address that asked ("" over a Unix socket); `direct`: no proxy stands between, known or not."""

    client: str
    scheme: str
    request_id: str
    direct: bool


class Proxies:
    """The reverse proxies of `PREAU_TRUSTED_PROXIES`."""

    def __init__(self, networks: Iterable[str]) -> None:
        try:
            self._networks: list[Network] = [ip_network(network, strict=False) for network in networks]
        except ValueError as error:
            raise ImproperlyConfigured(f"PREAU_TRUSTED_PROXIES: {error}.") from error

    def trusts(self, address: str) -> bool:
        """Whether `address` is one of ours."""
        found = _address(address)
        return found is not None and any(found in network for network in self._networks)

    def origin(self, scope: Scope) -> Origin:
        """Who asked, over what, as far as it can be believed."""
        peer = (scope.get("client") or ("", 0))[0]
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b"," + value if name in headers else value
        if not self._networks or not self.trusts(peer):
            return Origin(peer, scope["scheme"], "", direct=not any(map(_is_forwarding, headers)))
        scheme = headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip().decode("latin-1")
        return Origin(
            self._client(headers.get(b"x-forwarded-for", b"").decode("latin-1").split(","), peer),
            scheme if scheme in {"http", "https"} else scope["scheme"],
            headers.get(b"x-request-id", b"").decode("latin-1"),
            direct=False,
        )

    def _client(self, chain: Sequence[str], peer: str) -> str:
        # From the right: what a trusted proxy wrote is believed, what stands left of the first stranger is not.
        for hop in reversed([part.strip() for part in chain]):
            if _address(hop) is None:
                break
            peer = hop
            if not self.trusts(hop):
                break
        return peer


def _is_forwarding(name: bytes) -> bool:
    return name in _FORWARDING or name.startswith(b"x-forwarded")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # A dual-stack socket shows an IPv4 peer as ::ffff:a.b.c.d.
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    found = _address(address)
    return found is not None and found.is_loopback


def asks_this_machine(headers: Headers) -> bool:
    """Whether the Host header names the machine itself: a proxy that hides itself seldom hides the name it serves."""
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    return len(hosts) == 1 and split_domain_port(hosts[0])[0] in LOCAL_HOSTS


def cleaned(headers: Headers) -> Headers:
    """Headers without those that WSGI would confuse (`X_Real` and `X-Real` become one variable) and without what
    proxies say, which `Proxies.origin` has read."""
    return [(name, value) for name, value in headers if b"_" not in name and not _is_forwarding(name)]


def host_allowed(headers: Headers, allowed: Sequence[str]) -> bool:
    """Whether there is exactly one Host header, and it names this instance."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1:
        return False
    domain, _port = split_domain_port(hosts[0].decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)
