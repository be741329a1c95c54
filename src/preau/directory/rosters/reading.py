"""Reading a roster: a folder, a zip or a file goes in, whatever school program wrote it; one `Roster` comes out.

A format is one reader in `READERS`. Each says how well the tables of a set fit; the best reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import Protocol

from preau.directory.rosters.detecting import Sorted, corrected_family
from preau.directory.rosters.oneroster import OneRosterReader
from preau.directory.rosters.roster import Notice, Roster, RosterRefused
from preau.directory.rosters.sds import SdsReader
from preau.directory.rosters.sds_v1 import SdsV1Reader
from preau.wire.archives import Limits, Member, open_set
from preau.wire.errors import WireError
from preau.wire.safe_xml import check_prolog
from preau.wire.tables import DEFAULT_MAX_ROWS, Table, normalise, open_table


class RosterReader(Protocol):
    """One format of a system `family`. `known` holds the normalised headers it understands: their number tells a file's
    delimiter."""

    family: str
    known: frozenset[str]

    def recognises(self, tables: Sequence[Table]) -> int:
        """How well the tables fit, comparable between readers; 0 when they do not."""
        ...

    def sort(self, tables: Sequence[Table]) -> Sorted:
        """Which table is which."""
        ...

    def read(self, tables: Sequence[Table], today: date) -> Roster:
        """The roster the tables say, with what was rejected and noticed. Raises `WireError`."""
        ...


# Between readers that fit equally well the first is taken: OneRoster sets are never complete unless they say so.
READERS: tuple[RosterReader, ...] = (OneRosterReader(), SdsReader(), SdsV1Reader())

# Refused as a whole even where other files of the set could be read: somebody meant harm, or nobody can trust the rest.
_FATAL = frozenset(
    {
        "path_escape",
        "absolute_path",
        "symlink",
        "compression_bomb",
        "set_too_large",
        "file_too_large",
        "duplicate_entry",
    }
    | {"too_many_entries", "too_many_rows", "xml_internal_subset", "xml_entity", "encrypted_archive", "damaged_archive"}
)
# Files that formats have and nobody here needs.
_NOT_NEEDED = frozenset(
    {"lineitems", "lineitemscorescales", "lineitemlearningobjectiveids", "results", "resultscorescales", "categories"}
    | {"resultlearningobjectiveids", "resources", "classresources", "courseresources", "userresources", "scorescales"}
)


def read(path: Path, *, today: date, max_rows: int = DEFAULT_MAX_ROWS, limits: Limits | None = None) -> Roster:
    """Read a folder, a zip or a single file as a roster.

    `today` tells what has ended; more than `max_rows` rows in one file are refused before anything is built. Raises
    `RosterRefused` when the whole input is refused; a file that cannot be used beside others is a notice.
    """
    notices: list[Notice] = []
    try:
        with open_set(path, limits) as members:
            tables, refusals = _open_tables(members, max_rows, notices)
            reader = _choose(tables, refusals, notices)
            roster = reader.read(_sorted_out(reader.sort(tables), notices), today)
    except WireError as error:
        raise RosterRefused(error.code, **error.details) from error
    roster.notices[:0] = notices
    if any(refusal.code != "empty" for refusal in refusals) and roster.complete:
        # What could not be read may have named those who seem absent.
        roster.complete = frozenset()
        roster.notices.append(Notice("not_complete_after_all"))
    taken = (roster.organisations, roster.people, roster.affiliations, roster.groups, roster.enrolments, roster.deleted)
    if not any(taken):
        if roster.rejected:
            raise RosterRefused("every_row_rejected", count=str(len(roster.rejected)))
        raise RosterRefused("no_rows")
    return roster


def _open_tables(members: list[Member], max_rows: int, notices: list[Notice]) -> tuple[list[Table], list[WireError]]:
    known = frozenset[str]().union(*(reader.known for reader in READERS))
    tables: list[Table] = []
    refusals: list[WireError] = []
    for member in members:
        try:
            _look_at_xml(member)
            table = open_table(member, known, max_rows=max_rows)
        except WireError as error:
            if error.code in _FATAL:
                raise
            refusals.append(error)
            notices.append(Notice(f"file_{error.code}", error.details, member.name))
            continue
        tables.append(table)
        if table.mixed_encoding:
            notices.append(Notice("encoding_mixed", {"encoding": table.encoding}, table.name))
        elif table.encoding in ("cp1252", "iso8859-15"):
            notices.append(Notice("encoding_guessed", {"encoding": table.encoding}, table.name))
    return tables, refusals


def _look_at_xml(member: Member) -> None:
    """XML is no table; what it declares is looked at all the same, because no honest file declares entities."""
    with member.open() as stream:
        start = stream.read(64)
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if text.startswith(b"<"):
        with member.open() as stream:
            root = check_prolog(stream)
        raise WireError("xml_not_read", name=member.name, root=root)


def _choose(tables: list[Table], refusals: list[WireError], notices: list[Notice]) -> RosterReader:
    families = {corrected_family(table) for table in tables}
    reader = max(READERS, key=lambda reader: (reader.family in families, reader.recognises(tables)))
    if tables and reader.recognises(tables):
        return reader
    if tables:
        headers = ", ".join(header[:40] for header in list(tables[0].headers.values())[:8])
        raise RosterRefused("unknown_format", name=tables[0].name, headers=headers)
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise RosterRefused("nothing_readable", files=", ".join(notice.file for notice in notices))
    raise RosterRefused("empty_set")


def _sorted_out(files: Sorted, notices: list[Notice]) -> list[Table]:
    """The tables the reader takes; the others are said."""
    for table in files.unknown:
        needless = normalise(PurePath(table.name).stem) in _NOT_NEEDED
        notices.append(Notice("file_not_needed" if needless else "file_unknown", {}, table.name))
    notices += [Notice("file_ambiguous", {}, table.name) for table in files.ambiguous]
    notices += [Notice("file_repeated", {}, table.name) for table in files.repeated]
    if not any(True for _bound in files.bound()):
        raise RosterRefused("ambiguous_files", files=", ".join(table.name for table in files.ambiguous))
    return [bound.table for bound in files.bound()]
