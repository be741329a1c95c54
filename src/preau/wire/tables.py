"""Delimited text files, read by header name whatever the encoding, delimiter, order or extra column, and written.

A file is read to its end before a row is given out: its encoding is decided on all its bytes, its rows are counted
against the limit, and damage shows before anybody builds anything on it. Then rows stream again.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from preau.wire.archives import ZIP_MAGIC, Member, is_workbook
from preau.wire.errors import WireError

DEFAULT_MAX_ROWS = 2_000_000
# Longer than any value of a roster, short enough that a stray quote which swallows lines is noticed.
MAX_CELL_CHARACTERS = 4_000

_DELIMITERS = (",", ";", "\t", "|")
_HEADER_WITHIN = 10
_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"\xd0\xcf\x11\xe0", "legacy_workbook"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
)
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_C1_BYTES = re.compile(rb"[\x80-\x9f]")
# "é" and its like written in UTF-8: met in a file that is not UTF-8, they say that two encodings were mixed.
_UTF8_PAIR = re.compile(rb"\xc3[\x80-\xbf]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# What a spreadsheet calculates, blanks before it and full-width forms included.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NEUTRALISED = re.compile(rf"'(?:{_FORMULA.pattern})")


@dataclass(slots=True)
class Row:
    """One row: the line it starts on (the first line of the file is 1), its cells, and the position of each column.

    `problem` is "" or why the row cannot be trusted: "ragged_row" (more cells than headers, as a comma inside a name
    without quotes makes) or "field_too_long". `short` says that cells are missing at its end.
    """

    line: int
    cells: list[str]
    columns: Mapping[str, int]
    problem: str
    short: bool

    def __getitem__(self, column: str) -> str:
        """The clean value of a column; empty when the file has no such column or the row is short."""
        position = self.columns.get(column)
        if position is None or position >= len(self.cells):
            return ""
        return clean(self.cells[position])


@dataclass(slots=True)
class Table:
    """A text table, looked through and ready to stream.

    `headers` maps each normalised header to the one written, `columns` to its position (from 0); nameless columns and
    those that repeat a name are in neither. `blank` holds the headers under which no row has a value.
    """

    member: Member
    encoding: str
    delimiter: str
    header_line: int
    headers: dict[str, str]
    duplicate_headers: tuple[str, ...]
    mixed_encoding: bool
    blank: frozenset[str]
    columns: dict[str, int] = field(repr=False)
    _width: int = field(repr=False)
    _named_width: int = field(repr=False)

    @property
    def name(self) -> str:
        return self.member.name

    def rows(self, columns: Mapping[str, int] | None = None) -> Iterator[Row]:
        """Stream the rows under the header, but blank ones.

        `columns` gives the names under which callers ask for values; without it these are the normalised headers.
        Raises `WireError` (unclosed_quote, field_too_long).
        """
        names = self.columns if columns is None else columns
        with self.member.open() as stream, _text(stream, self.encoding) as text:
            for line, cells in _records(text, self.delimiter, self.name):
                if line > self.header_line and "".join(cells).strip():
                    yield Row(line, cells, names, self._problem(cells), len(cells) < self._named_width)

    def _problem(self, cells: list[str]) -> str:
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            return "ragged_row"
        if max(map(len, cells)) > MAX_CELL_CHARACTERS:
            return "field_too_long"
        return ""


def open_table(member: Member, known: frozenset[str], *, max_rows: int = DEFAULT_MAX_ROWS) -> Table:
    """Look a file through and find its header.

    `known` are the normalised header names that callers understand: the delimiter and the header's line are those that
    yield most of them. Raises `WireError` (empty, binary, too_many_rows, field_too_long, unclosed_quote).
    """
    encoding, mixed = _look_through(member)
    with member.open() as stream, _text(stream, encoding) as text:
        head = text.read(_HEAD_BYTES)
    delimiter, header_line, written = _find_header(head, known, member.name)
    headers: dict[str, str] = {}
    columns: dict[str, int] = {}
    duplicates = []
    for position, header in enumerate(written):
        name = normalise(header)
        if name in columns:
            duplicates.append(clean(header))
        elif name:
            columns[name] = position
            headers[name] = clean(header)
    width, named_width = len(written), 1 + max(columns.values(), default=-1)
    table = Table(
        member=member,
        encoding=encoding,
        delimiter=delimiter,
        header_line=header_line,
        headers=headers,
        duplicate_headers=tuple(duplicates),
        mixed_encoding=mixed,
        blank=frozenset(),
        columns=columns,
        _width=width,
        _named_width=named_width,
    )
    blank = dict(columns)
    for count, row in enumerate(table.rows(), start=1):
        if count > max_rows:
            raise WireError("too_many_rows", name=member.name, limit=str(max_rows))
        blank = {name: at for name, at in blank.items() if at >= len(row.cells) or not row.cells[at].strip()}
    table.blank = frozenset(blank)
    return table


def normalise(header: str) -> str:
    """A header as it is compared: without accents, case, spaces or punctuation ("School SIS ID" → "schoolsisid")."""
    decomposed = unicodedata.normalize("NFKD", header)
    return _NOT_ALPHANUMERIC.sub("", "".join(c for c in decomposed if not unicodedata.combining(c))).casefold()


def clean(cell: str) -> str:
    """A cell's value: one line, no control characters, composed accents, and without the apostrophe that
    `write_table` puts before what a spreadsheet would calculate."""
    value = cell.strip()
    if not value.isprintable():
        value = "".join(c for c in " ".join(value.split()) if c.isprintable())
    if not value.isascii():
        value = unicodedata.normalize("NFC", " ".join(value.split()))
    return value[1:] if value.startswith("'") and _NEUTRALISED.match(value) else value


def write_table(
    stream: IO[str], headers: Sequence[str], rows: Iterable[Sequence[str]], *, for_people: bool = False
) -> None:
    """Write a comma-separated table (RFC 4180, CRLF) to a text stream opened with `newline=""`.

    With `for_people` it is one that a French spreadsheet opens: a BOM, or it would take the file for cp1252;
    semicolons; every cell quoted. Cells that it would take for a formula (`=`, `+`, `-`, `@` or their full-width forms,
    after blanks too; a tab or line break first) get an apostrophe before them; programs get every cell as it is.
    """
    if not for_people:
        csv.writer(stream).writerows(itertools.chain([headers], rows))
        return
    stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([_neutralise(cell) for cell in row] for row in itertools.chain([headers], rows))


def _neutralise(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    # Five bytes have no character in cp1252; everywhere else the encoding was found to fit all bytes.
    return io.TextIOWrapper(stream, encoding, errors="replace", newline="")


def _look_through(member: Member) -> tuple[str, bool]:
    """Read every byte once: the encoding, and whether two seem mixed."""
    with member.open() as stream:
        chunk = stream.read(_CHUNK_BYTES)
        _refuse_binary(chunk, member.name)
        marked = next((name for mark, name in _BYTE_ORDER_MARKS if chunk.startswith(mark)), "")
        decoder = codecs.getincrementaldecoder(marked or "utf-8")(errors="strict")
        fits = True
        blank = True
        c1 = pairs = False
        while chunk:
            if not marked and b"\0" in chunk:
                raise WireError("binary", name=member.name, kind="data")
            if fits:
                fits = _fits(decoder, chunk)
            blank = blank and not chunk.strip()
            c1 = c1 or _C1_BYTES.search(chunk) is not None
            pairs = pairs or _UTF8_PAIR.search(chunk) is not None
            chunk = stream.read(_CHUNK_BYTES)
        fits = fits and _fits(decoder, b"", final=True)
    if blank:
        raise WireError("empty", name=member.name)
    if marked or fits:
        return marked or "utf-8", not fits
    return ("cp1252" if c1 else "iso8859-15"), pairs


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(head: bytes, name: str) -> None:
    if head.startswith(ZIP_MAGIC):
        raise WireError("binary", name=name, kind="workbook" if is_workbook(head) else "zip")
    for magic, kind in _BINARY_MAGIC:
        if head.startswith(magic):
            raise WireError("binary", name=name, kind=kind)


def _find_header(head: str, known: frozenset[str], name: str) -> tuple[str, int, list[str]]:
    """The delimiter, the header's line and its cells: most known names win, then most columns, then the first line."""
    best: tuple[tuple[int, int, int], str, int, list[str]] | None = None
    said = _SEPARATOR_LINE.match(head)
    for delimiter in (said[1],) if said else _DELIMITERS:
        for line, cells in _first_records(head, delimiter, name):
            if said and line == 1:
                continue
            names = {normalise(cell) for cell in cells}
            score = (len(names & known), 0 if names & known else len(cells), -line)
            if best is None or score > best[0]:
                best = (score, delimiter, line, cells)
    if best is None:
        raise WireError("empty", name=name)
    return best[1], best[2], best[3]


def _first_records(head: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from itertools.islice(_records(io.StringIO(head, newline=""), delimiter, name), _HEADER_WITHIN)
    except WireError:
        # The head ends inside a quoted cell; the rows are read again in earnest.
        return


class _Lines:
    """Lines of a text, remembering whether the reader asked for one more than there are."""

    def __init__(self, text: Iterable[str]) -> None:
        self._iterator = iter(text)
        self.exhausted = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            return next(self._iterator)
        except StopIteration:
            self.exhausted = True
            raise


def _records(text: Iterable[str], delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line it starts on, cells) of each record that is not an empty line."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            # The parser asks for a line after the last only while a quote is open.
            if lines.exhausted:
                raise WireError("unclosed_quote", name=name, line=str(line))
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise WireError("field_too_long", name=name, line=str(line)) from error
