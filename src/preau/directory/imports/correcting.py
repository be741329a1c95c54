"""An uploaded set with the cells that people corrected, as a copy on disk: the files themselves stay as they came.

Every row keeps its line, so that what is said of line 88 before and after is said of the same row.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import IO

from preau.directory.rosters.reading import READERS
from preau.wire.archives import Member, open_set
from preau.wire.errors import WireError
from preau.wire.tables import Table, normalise, open_table

Cells = Mapping[str, str]  # header as written in the file → value
Corrections = Mapping[str, Mapping[int, Cells]]  # file → line → cells

_KNOWN = frozenset[str]().union(*(reader.known for reader in READERS))
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def corrected_set(source: Path, corrections: Corrections, target: Path) -> Path:
    """Copies the set `source` into the folder `target`, made anew, with the corrections in. Raises `WireError`."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700)
    with open_set(source) as members:
        for member in members:
            place = target / PurePath(member.name).name
            if member.name in corrections:
                with place.open("w", encoding="utf-8", newline="") as written:
                    _rewrite(member, corrections[member.name], written)
            else:
                with member.open() as stream, place.open("wb") as written_bytes:
                    shutil.copyfileobj(stream, written_bytes)
    return target


def _rewrite(member: Member, by_line: Mapping[int, Cells], target: IO[str]) -> None:
    table = open_table(member, _KNOWN)
    line = 1
    at = 1
    with member.open() as stream, io.TextIOWrapper(stream, table.encoding, errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=table.delimiter)
        for cells in reader:
            if cells:
                piece = io.StringIO(newline="")
                piece.write("\n" * (line - at))
                csv.writer(piece, delimiter=table.delimiter, lineterminator="\n").writerow(
                    _corrected(table, cells, by_line.get(line, {}))
                )
                target.write(piece.getvalue())
                at += len(_LINE_BREAK.findall(piece.getvalue()))
            line = reader.line_num + 1


def _corrected(table: Table, cells: list[str], values: Cells) -> list[str]:
    for header, value in values.items():
        position = table.columns.get(normalise(header))
        if position is not None:
            cells += [""] * (position + 1 - len(cells))
            cells[position] = value
    return cells


def headers_of(source: Path, files: Iterable[str]) -> dict[str, list[str]]:
    """The columns that are read of each of these files of the set, as written there: those that may be corrected.

    A file that is no table any more has none.
    """
    wanted = frozenset(files)
    found: dict[str, list[str]] = {}
    if not wanted:
        return found
    with open_set(source) as members:
        tables = []
        for member in members:
            try:
                tables.append(open_table(member, _KNOWN))
            except WireError:
                continue  # the reader has said so in a notice
        reader = max(READERS, key=lambda reader: reader.recognises(tables))
        for bound in reader.sort(tables).bound():
            if bound.name in wanted:
                found[bound.name] = [header for header in bound.headers.values() if header]
    return found
