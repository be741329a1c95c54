"""Official identifiers at rest: those that are personal by law are a keyed hash for matching, and sealed."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from preau.kernel import keys

_PERSONAL = frozenset({"INE", "INE_RNIE", "INE_BEA", "ID_NATIONAL"})
_HASH_PURPOSE = "directory.official-id.hash"
_SEAL_PURPOSE = "directory.official-id.seal"


def stored_values(kind: str, values: Iterable[str]) -> dict[str, str]:
    """What `ExternalId.value` holds for each of `values`; the key is derived once."""
    if kind not in _PERSONAL:
        return {value: value for value in values}
    key = keys.derive(_HASH_PURPOSE)
    return {value: hmac.digest(key, f"{kind}:{value}".encode(), "sha256").hex() for value in values}


def stored_value(kind: str, value: str) -> str:
    """What `ExternalId.value` holds: the identifier, or HMAC-SHA256 (hex) under the instance key."""
    return stored_values(kind, [value])[value]


def sealed_value(kind: str, value: str) -> bytes | None:
    """What `ExternalId.sealed` holds: the encrypted identifier where `stored_value` is a hash."""
    return keys.seal(_SEAL_PURPOSE, value.encode()) if kind in _PERSONAL else None


def opened_value(kind: str, value: str, sealed: bytes | None) -> str:
    """The identifier itself."""
    if kind in _PERSONAL and sealed is not None:
        return keys.unseal(_SEAL_PURPOSE, sealed).decode()
    return value
