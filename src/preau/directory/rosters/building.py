"""What every reader does with its rows: keep the first of two, check references, tell what was left out.

A reader walks its tables in the order organisations, sessions, people, affiliations, groups, enrolments, links, and
calls one method a row; `finish` then settles what needed the whole set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from preau.directory.rosters import finishing, words
from preau.directory.rosters.dates import Dates
from preau.directory.rosters.detecting import BoundTable, Sorted
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    Deleted,
    EnrolmentRow,
    GroupRow,
    GuardianshipRow,
    Notice,
    OrganisationRow,
    Origin,
    PersonRow,
    Rejected,
    Roster,
    RowKind,
)
from preau.wire.tables import MAX_CELL_CHARACTERS, Row

_LINES_NAMED = 5


@dataclass(slots=True)
class Span:
    """From when to when a session lasts; either end may be unknown. `declared_year` is the civil year in which the
    file says its school year starts."""

    starts: date | None = None
    ends: date | None = None
    declared_year: int | None = None


class Builder:
    """A roster being read. `closed` holds the kinds to which every reference must be found in the set itself."""

    def __init__(self, family: str, today: date, *, month_first_by_default: bool = False) -> None:
        self.today = today
        self.roster = Roster(family, family)
        self.dates = Dates(today, month_first_by_default=month_first_by_default)
        self.closed: frozenset[RowKind] = frozenset()
        self.organisations: dict[str, OrganisationRow] = {}
        self.people: dict[str, PersonRow] = {}
        self.groups: dict[str, GroupRow] = {}
        self.sessions: dict[str, Span] = {}
        self.kinds_of: dict[str, set[AffiliationKind]] = {}
        self.levels: dict[str, str] = {}
        self.guardian_words: dict[str, str] = {}
        self.affiliation_spans: list[tuple[AffiliationRow, Span]] = []
        self.group_spans: list[tuple[GroupRow, list[Span]]] = []
        self._affiliations: dict[tuple[str, str, AffiliationKind], AffiliationRow] = {}
        self._enrolments: dict[tuple[str, str], EnrolmentRow] = {}
        self._guardianships: dict[tuple[str, str], GuardianshipRow] = {}
        self.repeated_affiliations: list[tuple[AffiliationRow, AffiliationRow]] = []
        self.repeated_enrolments: list[tuple[EnrolmentRow, EnrolmentRow]] = []
        self._deleted: dict[RowKind, set[str]] = {kind: set() for kind in RowKind}
        self._seen: Counter[tuple[str, str, tuple[tuple[str, str], ...]]] = Counter()
        self._seen_lines: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[int]] = {}

    def begin(self, tables: Sorted, complete: set[RowKind]) -> None:
        """Say of which kinds the set holds every row; a list of corrections holds every row of none."""
        if any(bound.is_correction for bound in tables.bound()):
            self.note("correction")
        else:
            self.closed = frozenset(complete)

    # What is said about rows

    def rows(self, tables: Sequence[BoundTable]) -> Iterator[tuple[BoundTable, Row, Origin]]:
        """The trustworthy rows of the files of one kind; the others are rejected here."""
        for bound in tables:
            for row in bound.rows():
                self.roster.rows_read += 1
                if row.problem:
                    details = {"limit": str(MAX_CELL_CHARACTERS)} if row.problem == "field_too_long" else {}
                    # Its columns may have slipped, a password with them: none of its values are kept.
                    self.roster.rejected.append(Rejected(Origin(bound.name, row.line), row.problem, details))
                    continue
                if row.short:
                    self.note("rows_short", bound.name, row.line)
                yield bound, row, Origin(bound.name, row.line)

    def reject(
        self,
        bound: BoundTable,
        row: Row,
        reason: str,
        kind: RowKind | None = None,
        ids: tuple[str, ...] = (),
        **details: str,
    ) -> None:
        fields = {header: value for column, header in bound.headers.items() if (value := row[column])}
        self.roster.rejected.append(Rejected(Origin(bound.name, row.line), reason, details, fields, kind, ids))

    def note(self, reason: str, file: str = "", line: int = 0, **details: str) -> None:
        """Count a notice; each (reason, file, details) is said once, with its count and first lines."""
        key = (reason, file, tuple(details.items()))
        self._seen[key] += 1
        if line:
            lines = self._seen_lines.setdefault(key, [])
            if len(lines) < _LINES_NAMED:
                lines.append(line)

    def _say_notes(self) -> None:
        for key, count in self._seen.items():
            reason, file, pairs = key
            details = dict(pairs)
            if lines := self._seen_lines.get(key):
                details["count"] = str(count)
                details["lines"] = ", ".join(map(str, lines)) + (", …" if count > len(lines) else "")
            self.roster.notices.append(Notice(reason, details, file))

    # References

    def delete(self, kind: RowKind, ids: tuple[str, ...], origin: Origin) -> None:
        """Take a row away by name. Rows that speak of it are then passed over."""
        self.roster.deleted.append(Deleted(kind, ids, origin))
        if len(ids) == 1:
            self._deleted[kind].add(ids[0])

    def is_deleted(self, kind: RowKind, source_id: str, origin: Origin) -> bool:
        if source_id not in self._deleted[kind]:
            return False
        self.note("row_of_deleted", origin.file, origin.line)
        return True

    def knows(self, kind: RowKind, source_id: str) -> bool:
        """Whether a reference leads somewhere, as far as this set can tell."""
        if kind not in self.closed:
            return True
        return source_id in self._rows(kind)

    def _rows(self, kind: RowKind) -> Mapping[str, OrganisationRow | PersonRow | GroupRow]:
        if kind is RowKind.ORGANISATION:
            return self.organisations
        return self.people if kind is RowKind.PERSON else self.groups

    def refers(self, bound: BoundTable, row: Row, kind: RowKind, column: str, ids: tuple[str, ...] = ()) -> str | None:
        """The source id a row refers to, or None once the row was rejected or passed over for it.

        The id given back is the referred row's own string, so that long lists of references share it.
        """
        source_id = row[column]
        if not source_id:
            self.reject(bound, row, "missing_reference", column=bound.header(column))
            return None
        if self.is_deleted(kind, source_id, Origin(bound.name, row.line)):
            return None
        if not self.knows(kind, source_id):
            of = RowKind.ENROLMENT if len(ids) == 2 else None
            self.reject(bound, row, f"unknown_{kind}", of, ids, **{str(kind): source_id})
            return None
        known = self._rows(kind).get(source_id)
        return source_id if known is None else known.source_id

    def organisation_or_only(self, source_id: str, origin: Origin) -> str:
        """An organisation's id; where the row names none, that of the set's only organisation, or ""."""
        if source_id or len(self.organisations) != 1:
            return source_id
        only = next(iter(self.organisations))
        self.note("organisation_assumed", origin.file, origin.line)
        return only

    # Rows

    def takes(self, bound: BoundTable, row: Row, kind: RowKind, source_id: str) -> bool:
        """Whether a row of this id is the first; otherwise it is rejected."""
        if not source_id:
            self.reject(bound, row, "missing_id", kind, column=bound.header("id"))
            return False
        first = self._rows(kind).get(source_id)
        if first is None:
            return True
        self.reject(
            bound,
            row,
            "duplicate_id",
            kind,
            (source_id,),
            id=source_id,
            first_file=first.origin.file,
            first_line=str(first.origin.line),
        )
        return False

    def add_organisation(self, row: OrganisationRow) -> None:
        self.organisations[row.source_id] = row
        self.roster.organisations.append(row)

    def add_person(self, bound: BoundTable, row: Row, person: PersonRow) -> bool:
        """Take a person who has a name or a username; reject the row otherwise."""
        if not (person.family_name or person.given_name or person.username):
            self.reject(bound, row, "no_name", RowKind.PERSON, (person.source_id,), id=person.source_id)
            return False
        self.people[person.source_id] = person
        self.roster.people.append(person)
        return True

    def add_affiliation(self, row: AffiliationRow, role: str) -> AffiliationRow | None:
        """Tie a person to an organisation by the file's role word; `row.kind` and `row.proposes` follow from it."""
        meaning = words.affiliation(role)
        if meaning is None:
            self.note("former_pupil", row.origin.file, row.origin.line, word=role)
            return None
        row.kind, row.proposes = meaning
        if row.kind is not AffiliationKind.PUPIL:
            row.level = ""
        self.kinds_of.setdefault(row.person_id, set()).add(row.kind)
        if row.kind is AffiliationKind.GUARDIAN:
            self.guardian_words.setdefault(row.person_id, row.word)
        key = (row.person_id, row.organisation_id, row.kind)
        first = self._affiliations.setdefault(key, row)
        if first is row:
            self.roster.affiliations.append(row)
        else:
            self.repeated_affiliations.append((first, row))
        return row

    def has_affiliation(self, person_id: str, organisation_id: str, kind: AffiliationKind) -> bool:
        return (person_id, organisation_id, kind) in self._affiliations

    def add_group(self, row: GroupRow, spans: list[Span]) -> None:
        self.groups[row.source_id] = row
        self.roster.groups.append(row)
        self.group_spans.append((row, spans))

    def add_enrolment(self, row: EnrolmentRow) -> None:
        first = self._enrolments.setdefault((row.person_id, row.group_id), row)
        if first is row:
            self.roster.enrolments.append(row)
        else:
            self.note("enrolment_repeated", row.origin.file, row.origin.line)
            self.repeated_enrolments.append((first, row))

    def may_answer_for(self, guardian_id: str, pupil_id: str) -> bool:
        """Whether one may be the other's guardian, as far as roles are known: no pupil is, and no adult has one."""
        guardian, pupil = self.kinds_of.get(guardian_id, set()), self.kinds_of.get(pupil_id, set())
        return (
            guardian_id != pupil_id
            and AffiliationKind.PUPIL not in guardian
            and (not pupil or AffiliationKind.PUPIL in pupil)
        )

    def add_guardianship(self, row: GuardianshipRow) -> None:
        """Take a link once, whichever side of it the file names first."""
        first = self._guardianships.setdefault((row.guardian_id, row.pupil_id), row)
        if first is row:
            self.roster.guardianships.append(row)
        elif not first.link:
            first.link = row.link

    # The end

    def finish(self, tables: Sorted) -> Roster:
        """Settle what needed the whole set, and give the roster out."""
        self.roster.notices += self.dates.settle()
        finishing.finish(self)
        self._say_columns(tables)
        self._say_notes()
        filled = {
            RowKind.ORGANISATION: self.organisations,
            RowKind.PERSON: self.people,
            RowKind.GROUP: self.groups,
            RowKind.ENROLMENT: self._enrolments,
        }
        # An empty list is more often an export gone wrong than a school gone.
        self.roster.complete = frozenset(kind for kind in self.closed if filled[kind])
        return self.roster

    def _say_columns(self, tables: Sorted) -> None:
        left_out: dict[str, None] = {}
        passwords = 0
        for bound in tables.bound():
            left_out |= dict.fromkeys(bound.left_out)
            passwords += len(bound.passwords)
            for written, expected in bound.guessed:
                self.note("header_guessed", bound.name, written=written, expected=expected)
            if bound.table.duplicate_headers:
                self.note("headers_repeated", bound.name, columns=", ".join(bound.table.duplicate_headers))
        if left_out:
            self.note("columns_left_out", columns=", ".join(left_out))
        if passwords:
            self.note("passwords_ignored")
