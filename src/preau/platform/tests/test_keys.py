"""The instance key: made once, kept private, never invented where its owner named one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pytest_django import Settings

from preau.kernel import keys


@pytest.fixture(autouse=True)
def fresh(settings: Settings, tmp_path: Path) -> Path:
    settings.PREAU_DATA = tmp_path / "data"
    settings.PREAU_KEY_FILE = ""
    return tmp_path / "data" / "instance.key"


def test_the_key_is_made_once_and_private(fresh: Path) -> None:
    first = keys.derive("one")
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o600
    assert len(fresh.read_bytes()) == 32
    keys._key_at.cache_clear()
    assert keys.derive("one") == first
    assert [path.name for path in fresh.parent.iterdir()] == ["instance.key"]


def test_derivation_is_hkdf_sha256(fresh: Path) -> None:
    for length in (16, 32, 100):
        expected = HKDF(algorithm=SHA256(), length=length, salt=None, info=b"preau:cookies").derive(keys.instance_key())
        assert keys.derive("cookies", length) == expected
    assert keys.derive("cookies") != keys.derive("tokens")


def test_two_that_make_it_at_once_agree(fresh: Path) -> None:
    fresh.parent.mkdir()

    def make(_: int) -> bytes:
        keys._make(fresh)
        return fresh.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(32)))) == 1


def test_a_named_key_file_is_never_invented(settings: Settings, tmp_path: Path) -> None:
    settings.PREAU_KEY_FILE = str(tmp_path / "elsewhere.key")
    with pytest.raises(keys.KeyUnusable, match="does not exist"):
        keys.instance_key()
    (tmp_path / "elsewhere.key").write_bytes(b"x" * 31)
    with pytest.raises(keys.KeyUnusable, match="31 bytes"):
        keys.instance_key()
    (tmp_path / "elsewhere.key").write_bytes(b"x" * 32)
    assert keys.instance_key() == b"x" * 32


def test_what_is_sealed_opens_only_here_and_for_its_purpose(fresh: Path) -> None:
    sealed = keys.seal("totp", b"JBSWY3DPEHPK3PXP")
    assert b"JBSWY3DPEHPK3PXP" not in sealed
    assert keys.unseal("totp", sealed) == b"JBSWY3DPEHPK3PXP"
    assert keys.seal("totp", b"JBSWY3DPEHPK3PXP") != sealed
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for purpose, box in (("other", sealed), ("totp", altered), ("totp", sealed[:20]), ("totp", b"\x02" + sealed[1:])):
        with pytest.raises(keys.Unreadable):
            keys.unseal(purpose, box)
