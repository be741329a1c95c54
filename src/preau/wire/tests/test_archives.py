"""Folders and zips from strangers: read in place, or refused with a code that says why."""

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from preau.wire.archives import Limits, open_set
from preau.wire.errors import WireError


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def contents(path: Path, limits: Limits | None = None) -> dict[str, bytes]:
    with open_set(path, limits) as members:
        read = {}
        for member in members:
            with member.open() as stream:
                read[member.name] = stream.read()
        return read


def refused(path: Path, limits: Limits | None = None) -> WireError:
    with pytest.raises(WireError) as caught:
        contents(path, limits)
    return caught.value


class TestSets:
    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").write_bytes(b"a")
        (tmp_path / ".DS_Store").write_bytes(b"x")
        (tmp_path / "~$users.csv").write_bytes(b"x")
        assert contents(tmp_path) == {"users.csv": b"a"}

    def test_a_folder_with_one_subfolder(self, tmp_path: Path) -> None:
        (tmp_path / "__MACOSX").mkdir()
        (tmp_path / "__MACOSX" / "users.csv").write_bytes(b"x")
        (tmp_path / "export 2026").mkdir()
        (tmp_path / "export 2026" / "users.csv").write_bytes(b"a")
        (tmp_path / "LISEZMOI.txt").write_bytes(b"x")
        assert contents(tmp_path) == {"users.csv": b"a"}

    def test_one_file(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").write_bytes(b"a")
        assert contents(tmp_path / "users.csv") == {"users.csv": b"a"}

    def test_a_zip_is_told_by_its_content(self, tmp_path: Path) -> None:
        path = zipped(
            tmp_path / "upload.tmp", {"Export/users.csv": b"a", "Export/orgs.csv": b"b", "__MACOSX/._u": b"x"}
        )
        assert contents(path) == {"users.csv": b"a", "orgs.csv": b"b"}

    def test_backslashes_of_windows_are_folders(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"Export\\users.csv": b"a"})
        assert contents(path) == {"users.csv": b"a"}

    def test_two_subfolders_are_two_sets(self, tmp_path: Path) -> None:
        error = refused(zipped(tmp_path / "set.zip", {"a/users.csv": b"a", "b/users.csv": b"b"}))
        assert (error.code, error.details) == ("several_folders", {"folders": "a, b"})

    def test_an_empty_zip_is_an_empty_set(self, tmp_path: Path) -> None:
        assert contents(zipped(tmp_path / "set.zip", {})) == {}

    def test_nothing_there(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "absent").code == "not_found"

    def test_a_workbook_is_one_file(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "users.csv", {"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"})
        assert list(contents(path)) == ["users.csv"]


class TestHostile:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("../users.csv", "path_escape"),
            ("a/../../users.csv", "path_escape"),
            ("..\\users.csv", "path_escape"),
            ("/etc/users.csv", "absolute_path"),
            ("C:\\users.csv", "absolute_path"),
            ("\\\\server\\users.csv", "absolute_path"),
        ],
    )
    def test_names_that_lead_outside(self, tmp_path: Path, name: str, code: str) -> None:
        assert refused(zipped(tmp_path / "set.zip", {"orgs.csv": b"a", name: b"a"})).code == code

    def test_a_symlink_in_a_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "set.zip"
        with zipfile.ZipFile(path, "w") as archive:
            link = zipfile.ZipInfo("users.csv")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        assert refused(path).code == "symlink"

    def test_a_symlink_in_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").symlink_to("/etc/passwd")
        assert refused(tmp_path).code == "symlink"

    def test_a_pipe_is_no_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "users.csv")
        assert refused(tmp_path / "users.csv").code == "not_a_file"
        assert contents(tmp_path) == {}

    def test_a_bomb_by_ratio(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": b"\0" * (16 << 20)})
        assert refused(path).code == "compression_bomb"

    @pytest.mark.parametrize(
        ("limits", "code"),
        [
            (Limits(file_bytes=99), "file_too_large"),
            (Limits(total_bytes=199), "set_too_large"),
            (Limits(entries=1), "too_many_entries"),
        ],
    )
    @pytest.mark.parametrize("kind", ["zip", "folder"])
    def test_limits(self, tmp_path: Path, kind: str, limits: Limits, code: str) -> None:
        if kind == "zip":
            path = zipped(tmp_path / "set.zip", {"a.csv": b"a" * 100, "b.csv": b"b" * 100})
        else:
            path = tmp_path
            (path / "a.csv").write_bytes(b"a" * 100)
            (path / "b.csv").write_bytes(b"b" * 100)
        assert refused(path, limits).code == code

    def test_a_member_that_lies_about_its_size(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": b"a" * 5000})
        data = bytearray(path.read_bytes())
        # The unpacked size, in the local header and in the directory.
        data[22:26] = struct.pack("<I", 10)
        directory = data.index(b"PK\x01\x02")
        data[directory + 24 : directory + 28] = struct.pack("<I", 10)
        path.write_bytes(data)
        assert refused(path).code == "damaged_archive"

    @pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
    def test_a_truncated_zip(self, tmp_path: Path, keep: float) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": os.urandom(4000), "orgs.csv": os.urandom(4000)})
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
        assert refused(path).code == "truncated_archive"

    def test_a_damaged_member(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": os.urandom(4000)})
        data = bytearray(path.read_bytes())
        data[2000] ^= 0xFF
        path.write_bytes(data)
        error = refused(path)
        assert (error.code, error.details["name"]) == ("damaged_archive", "users.csv")

    def test_an_encrypted_zip(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": b"a"})
        data = bytearray(path.read_bytes())
        for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(header) + flags] |= 1
        path.write_bytes(data)
        assert refused(path).code == "encrypted_archive"

    def test_an_unknown_compression(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "set.zip", {"users.csv": b"a"})
        data = bytearray(path.read_bytes())
        for header, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
            data[data.index(header) + method] = 97
        path.write_bytes(data)
        assert refused(path).code == "unsupported_compression"

    def test_a_zip_in_a_zip(self, tmp_path: Path) -> None:
        inner = zipped(tmp_path / "inner.zip", {"users.csv": b"a"}).read_bytes()
        assert refused(zipped(tmp_path / "outer.zip", {"inner.csv": inner})).code == "nested_archive"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_one_name(self, tmp_path: Path) -> None:
        path = tmp_path / "set.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("users.csv", "a")
            archive.writestr("users.csv", "b")
        assert refused(path).code == "duplicate_entry"

    @pytest.mark.parametrize("make", [lambda: b"PK\x03\x04", lambda: b"PK\x03\x04" + os.urandom(500)])
    def test_noise_with_the_mark_of_a_zip(self, tmp_path: Path, make: Callable[[], bytes]) -> None:
        (tmp_path / "set.zip").write_bytes(make())
        assert refused(tmp_path / "set.zip").code == "truncated_archive"


def test_members_stream(tmp_path: Path) -> None:
    content = b"".join(b"%d,somebody\r\n" % n for n in range(50_000))
    path = zipped(tmp_path / "set.zip", {"users.csv": content})
    with open_set(path) as members, members[0].open() as stream:
        assert list(stream)[-1] == b"49999,somebody\r\n"
