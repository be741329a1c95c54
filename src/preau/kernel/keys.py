"""The instance's key: one secret of 32 bytes, from which every other one is derived.

It lives in `PREAU_DATA/instance.key` (made on first use, 0600) or in the file that `PREAU_KEY_FILE` names. Losing it
ends every session and makes what was sealed unreadable, so a backup carries it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class KeyUnusable(Exception):
    """The key file is missing, cannot be read or is not a key; the message says which, and what to do."""


class Unreadable(Exception):
    """Sealed bytes that this key does not open: altered, or sealed by another instance or for another use."""


def derive(purpose: str, length: int = KEY_BYTES) -> bytes:
    """`length` bytes (at most 8160) for one purpose: HKDF-SHA256 without salt, `purpose` as info (RFC 5869)."""
    return _hkdf(instance_key(), b"preau:" + purpose.encode(), length)


def seal(purpose: str, plain: bytes) -> bytes:
    """Encrypts with AES-256-GCM under the key of `purpose`: version, 12 bytes of nonce, ciphertext with its tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(derive(f"seal:{purpose}")).encrypt(nonce, plain, _VERSION)


def unseal(purpose: str, sealed: bytes) -> bytes:
    """What `seal` was given. Raises `Unreadable`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, nonce, box = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version != _VERSION or len(box) < 16:
        raise Unreadable(purpose)
    try:
        return AESGCM(derive(f"seal:{purpose}")).decrypt(nonce, box, version)
    except InvalidTag as error:
        raise Unreadable(purpose) from error


def instance_key() -> bytes:
    """The instance's key; made if this instance has none yet. Raises `KeyUnusable`."""
    return _key_at(key_path())


def key_path() -> Path:
    """Where the key is kept."""
    return Path(settings.PREAU_KEY_FILE or settings.PREAU_DATA / "instance.key")


@cache
def _key_at(path: Path) -> bytes:
    if not path.exists():
        if settings.PREAU_KEY_FILE:
            # A key is never invented where its owner named one: the old one would be lost without a word.
            raise KeyUnusable(f"PREAU_KEY_FILE names {path}, which does not exist.")
        _make(path)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise KeyUnusable(f"The instance key {path} cannot be read: {error.strerror}.") from error
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"The instance key {path} holds {len(key)} bytes instead of {KEY_BYTES}.")
    return key


def _make(path: Path) -> None:
    """Writes a new key whole or not at all; when two processes try at once, both then read the first one's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _hkdf(key: bytes, info: bytes, length: int) -> bytes:
    # By hand, because settings derive Django's secret and must not load `cryptography` to print a help text.
    pseudorandom = hmac.digest(bytes(hashlib.sha256().digest_size), key, "sha256")
    block, output = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([counter]), "sha256")
        output += block
    return output[:length]
