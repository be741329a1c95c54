"""Which file of a set is which, by its headers. File names only break ties that headers leave."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from preau.directory.rosters.fields import reason_header
from preau.wire.tables import Row, Table, normalise

_PASSWORD = ("password", "passwd", "motdepasse", "mdp", "pwd")
# Shorter headers are too close to others to be guessed.
_GUESS_FROM = 8
_GUESS_RATIO = 0.9
_REASON = normalise(reason_header(""))


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of file in a format.

    `columns` maps our names to the normalised headers accepted for them, the format's own first. A file is of this kind
    when each of `needs` has a header, and none of `lacks`. `technical` headers are known, needed by nobody, and not
    worth naming. `hints` are normalised parts of usual file names.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    needs_one_of: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    technical: frozenset[str] = frozenset()
    hints: tuple[str, ...] = ()

    def headers(self) -> frozenset[str]:
        return frozenset(header for accepted in self.columns.values() for header in accepted) | self.technical

    def find(self, column: str, table: Table) -> str:
        """The normalised header under which the table carries a column, or ""."""
        return next((header for header in self.columns[column] if header in table.columns), "")

    def score(self, table: Table) -> int:
        """0 when the table is not of this kind; else how many of its columns the table has."""
        if any(not self.find(column, table) for column in self.needs) or not self.lacks.isdisjoint(table.columns):
            return 0
        if self.needs_one_of and not any(self.find(column, table) for column in self.needs_one_of):
            return 0
        return sum(1 for column in self.columns if self.find(column, table))

    def hint(self, table: Table) -> int:
        """How much of the file's name speaks for this kind, in characters."""
        stem = normalise(PurePath(table.name).stem)
        return max((len(hint) for hint in self.hints if hint in stem), default=0)


@dataclass(slots=True)
class BoundTable:
    """A table read as one kind: `headers` has the header written for each of our columns that it carries."""

    kind: TableKind
    table: Table
    headers: dict[str, str]
    left_out: list[str]
    passwords: list[str]
    guessed: list[tuple[str, str]]
    is_correction: bool
    _positions: dict[str, int] = field(repr=False)

    @property
    def name(self) -> str:
        return self.table.name

    def rows(self) -> Iterator[Row]:
        return self.table.rows(self._positions)

    def header(self, column: str) -> str:
        return self.headers.get(column, column)


@dataclass(slots=True)
class Sorted:
    """The tables of a set by kind, those nobody can place, and those that repeat another kind's content."""

    by_kind: dict[str, list[BoundTable]]
    unknown: list[Table]
    ambiguous: list[Table]
    repeated: list[Table]

    def __getitem__(self, kind: str) -> list[BoundTable]:
        return self.by_kind.get(kind, [])

    def bound(self) -> Iterator[BoundTable]:
        for tables in self.by_kind.values():
            yield from tables


def sort_tables(tables: Sequence[Table], kinds: Sequence[TableKind]) -> Sorted:
    """Give each table the kind that its headers fit best."""
    known = known_headers(kinds)
    found = Sorted({}, [], [], [])
    for table in tables:
        scores = {kind.name: kind.score(table) for kind in kinds}
        best = [kind for kind in kinds if scores[kind.name] == max(scores.values()) and scores[kind.name] > 0]
        named = sorted(best, key=lambda kind: kind.hint(table), reverse=True)
        if not named:
            found.unknown.append(table)
        elif len(named) > 1 and named[0].hint(table) == named[1].hint(table):
            found.ambiguous.append(table)
        else:
            found.by_kind.setdefault(named[0].name, []).append(_bind(named[0], table, known))
    for name, bound in found.by_kind.items():
        kept = _of_that_name(bound, kinds)
        found.repeated += [item.table for item in bound if item not in kept]
        found.by_kind[name] = kept
    return found


def _of_that_name(bound: list[BoundTable], kinds: Sequence[TableKind]) -> list[BoundTable]:
    """Where one of several files of a kind bears its name, those named after another kind are strays."""
    strays = [item for item in bound if any(kind.hint(item.table) > item.kind.hint(item.table) for kind in kinds)]
    if not any(item.kind.hint(item.table) for item in bound if item not in strays):
        return bound
    return [item for item in bound if item not in strays]


def known_headers(kinds: Iterable[TableKind]) -> frozenset[str]:
    """Every normalised header that some kind knows."""
    return frozenset(header for kind in kinds for header in kind.headers())


def _bind(kind: TableKind, table: Table, known: frozenset[str]) -> BoundTable:
    free = {
        header
        for header in table.columns
        if header not in known and not header.startswith(_REASON) and not _is_password(header)
    }
    headers: dict[str, str] = {}
    positions: dict[str, int] = {}
    guessed: list[tuple[str, str]] = []
    for column in kind.columns:
        header = kind.find(column, table)
        expected = kind.columns[column][0]
        if not header and len(expected) >= _GUESS_FROM:
            header = next(iter(difflib.get_close_matches(expected, sorted(free), 1, _GUESS_RATIO)), "")
            if header:
                guessed.append((table.headers[header], expected))
        if header:
            free.discard(header)
            headers[column] = table.headers[header]
            positions[column] = table.columns[header]
    used = set(positions.values())
    known_here = kind.technical | table.blank
    rest = [
        header
        for header, position in table.columns.items()
        if position not in used and header not in known_here and not header.startswith(_REASON)
    ]
    return BoundTable(
        kind=kind,
        table=table,
        headers=headers,
        left_out=[table.headers[header] for header in rest if not _is_password(header)],
        passwords=[table.headers[header] for header in rest if _is_password(header)],
        guessed=guessed,
        is_correction=corrected_family(table) is not None,
        _positions=positions,
    )


def corrected_family(table: Table) -> str | None:
    """The system family whose rejected rows the table corrects; None when it is no list of corrections."""
    return next((header.removeprefix(_REASON) for header in table.columns if header.startswith(_REASON)), None)


def _is_password(header: str) -> bool:
    return any(part in header for part in _PASSWORD)
