"""A folder, a zip or one file, opened as a set of named files that cannot hurt whoever reads them.

A zip is never unpacked to disk: members are read in place, so a path escape has nothing to escape to; it is refused all
the same, because an honest program does not write one. Sizes are those the zip declares: `zipfile` never yields more
than that and checks the sum, so the limits hold before a byte is read.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, TypeVar

from preau.wire.errors import WireError

ZIP_MAGIC = b"PK\x03\x04"
_EMPTY_ZIP_MAGIC = b"PK\x05\x06"
_HEAD_BYTES = 4096
_WORKBOOK_MARKS = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"xl/", b"application/vnd.oasis.opendocument")
_IGNORED_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_DATA_SUFFIXES = {".csv": 2, ".tsv": 2, ".xml": 2, ".txt": 1}
_Anything = TypeVar("_Anything")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a set may hold: entries counted, sizes in bytes once unpacked, ratio unpacked to packed."""

    entries: int = 1_000
    file_bytes: int = 1 << 30
    total_bytes: int = 2 << 30
    ratio: int = 250
    ratio_from_bytes: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a set: its name without folders, its size in bytes, and how to open it from its start."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@contextmanager
def open_set(path: Path, limits: Limits | None = None) -> Iterator[list[Member]]:
    """Open a folder, a zip (told by its content, not its name) or a single file as a list of members, by name.

    Members stand at the top or together in one subfolder; what operating systems leave behind is not listed. A workbook
    is a zip too, but one member here: whoever reads it says what it is. Raises `WireError`.
    """
    limits = limits or Limits()
    if not path.exists():
        raise WireError("not_found", name=path.name)
    if path.is_dir():
        yield _folder_members(path, limits)
        return
    if not path.is_file():
        raise WireError("not_a_file", name=path.name)
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.startswith((ZIP_MAGIC, _EMPTY_ZIP_MAGIC)) or is_workbook(head):
        yield [_plain_member(path, limits)]
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WireError("truncated_archive", name=path.name) from error
    with archive:
        yield _zip_members(archive, limits)


def is_workbook(head: bytes) -> bool:
    """Whether the first 4 kB of a zip are those of a spreadsheet or another office document (OOXML or ODF)."""
    return head.startswith(ZIP_MAGIC) and any(mark in head[:_HEAD_BYTES] for mark in _WORKBOOK_MARKS)


def _plain_member(path: Path, limits: Limits) -> Member:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise WireError("file_too_large", name=path.name, limit=str(limits.file_bytes))

    def open_file() -> BinaryIO:
        return path.open("rb")

    return Member(path.name, size, open_file)


def _folder_members(folder: Path, limits: Limits) -> list[Member]:
    found: list[tuple[PurePosixPath, Path]] = []
    # Two levels are enough for a set in a subfolder; a whole disk given by mistake is not walked.
    for entry in _entries(folder):
        if entry.is_dir():
            found += [(PurePosixPath(entry.name, inner.name), inner) for inner in _entries(entry) if inner.is_file()]
        elif entry.is_file():
            found.append((PurePosixPath(entry.name), entry))
        if len(found) > limits.entries:
            raise WireError("too_many_entries", limit=str(limits.entries))
    members = [_plain_member(path, limits) for _name, path in _one_folder(found)]
    _check_total(members, limits)
    return members


def _entries(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if _is_litter(PurePosixPath(entry.name)):
            continue
        if entry.is_symlink():
            raise WireError("symlink", name=entry.name)
        yield entry


def _zip_members(archive: zipfile.ZipFile, limits: Limits) -> list[Member]:
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise WireError("too_many_entries", limit=str(limits.entries))
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for info in infos:
        name = _safe_name(info)
        if info.is_dir() or _is_litter(name):
            continue
        _check_member(info, limits)
        if name in found:
            raise WireError("duplicate_entry", name=str(name))
        found[name] = info
    members = [_zip_member(archive, name.name, info) for name, info in _one_folder(sorted(found.items()))]
    _check_total(members, limits)
    return members


def _safe_name(info: zipfile.ZipInfo) -> PurePosixPath:
    # Some programs for Windows write backslashes, which the format forbids.
    raw = info.orig_filename.replace("\\", "/")
    path = PurePosixPath(raw)
    if path.is_absolute() or raw[1:2] == ":":
        raise WireError("absolute_path", name=info.orig_filename)
    if ".." in path.parts or "\0" in raw:
        raise WireError("path_escape", name=info.orig_filename.replace("\0", "\N{SYMBOL FOR NULL}"))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise WireError("symlink", name=info.orig_filename)
    return path


def _check_member(info: zipfile.ZipInfo, limits: Limits) -> None:
    if info.flag_bits & 0x1:
        raise WireError("encrypted_archive", name=info.filename)
    if info.file_size > limits.file_bytes:
        raise WireError("file_too_large", name=info.filename, limit=str(limits.file_bytes))
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.ratio * max(info.compress_size, 1):
        ratio = info.file_size // max(info.compress_size, 1)
        raise WireError("compression_bomb", name=info.filename, ratio=str(ratio))


def _check_total(members: list[Member], limits: Limits) -> None:
    if sum(member.size for member in members) > limits.total_bytes:
        raise WireError("set_too_large", limit=str(limits.total_bytes))


def _zip_member(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Member:
    def open_member() -> BinaryIO:
        try:
            stream = archive.open(info)
        except NotImplementedError as error:
            raise WireError("unsupported_compression", name=name) from error
        except (zipfile.BadZipFile, OSError) as error:
            raise WireError("damaged_archive", name=name) from error
        guarded = io.BufferedReader(_Unpacking(stream, name), buffer_size=1 << 16)
        head = guarded.peek(_HEAD_BYTES)
        if head.startswith(ZIP_MAGIC) and not is_workbook(head):
            guarded.close()
            raise WireError("nested_archive", name=name)
        return guarded

    return Member(name, info.file_size, open_member)


class _Unpacking(io.RawIOBase):
    """A zip member that reports damage as a `WireError`, whichever layer meets it."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__()
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer is 3.12's
        try:
            chunk = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise WireError("damaged_archive", name=self._name) from error
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _is_litter(name: PurePosixPath) -> bool:
    return any(
        part.casefold() in _IGNORED_NAMES or part.startswith((".", "~$"))
        for part in name.parts
        if part not in ("..", ".")
    )


def _one_folder(found: list[tuple[PurePosixPath, _Anything]]) -> list[tuple[PurePosixPath, _Anything]]:
    """Those that stand at the top, or else together in the one subfolder that holds data files."""
    folders: dict[PurePosixPath, list[tuple[PurePosixPath, _Anything]]] = {}
    for name, thing in found:
        folders.setdefault(name.parent, []).append((name, thing))
    ranks = {
        folder: max(_DATA_SUFFIXES.get(name.suffix.casefold(), 0) for name, _thing in inside)
        for folder, inside in folders.items()
    }
    best = [folder for folder, rank in ranks.items() if rank == max(ranks.values())]
    if len(best) > 1:
        top = PurePosixPath()
        if top not in best:
            raise WireError("several_folders", folders=", ".join(sorted(str(folder) for folder in best)))
        best = [top]
    return folders[best[0]] if best else []
