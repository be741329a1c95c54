"""What the directory's columns hold. A longer name is cut, the same way each time; a longer identifier names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from preau.directory.rosters.roster import (
    AffiliationRow,
    GroupRow,
    GuardianshipRow,
    OrganisationRow,
    PersonRow,
    Rejected,
    Roster,
    RowKind,
)

ID_LENGTH = 200
_LENGTHS = {
    OrganisationRow: {"name": 200, "identifier": 20},
    PersonRow: {
        "family_name": 120, "given_name": 120, "preferred_given_name": 120, "username": 200, "email": 254, "phone": 40,
    },
    AffiliationRow: {"word": 80, "level": 40},
    GroupRow: {"name": 200, "code": 80, "level": 40, "subject_code": 80, "subject_name": 200},
    GuardianshipRow: {"link": 40},
}  # fmt: skip
Named = TypeVar("Named", OrganisationRow, PersonRow, GroupRow)
AnyRow = TypeVar("AnyRow", OrganisationRow, PersonRow, AffiliationRow, GroupRow, GuardianshipRow)


def fitted(roster: Roster) -> Roster:
    """The roster with values that fit, and rows whose identifier does not rejected. The one given is not changed."""
    rejected = list(roster.rejected)
    organisations = _named(roster.organisations, RowKind.ORGANISATION, rejected)
    people = _named(roster.people, RowKind.PERSON, rejected)
    groups = _named(roster.groups, RowKind.GROUP, rejected)
    return replace(
        roster,
        organisations=[_cut(row) for row in organisations],
        people=[_without_long_ids(_cut(row)) for row in people],
        affiliations=[_cut(row) for row in roster.affiliations],
        groups=[_cut(row) for row in groups],
        guardianships=[_cut(row) for row in roster.guardianships],
        rejected=rejected,
    )


def _named(rows: Iterable[Named], kind: RowKind, rejected: list[Rejected]) -> list[Named]:
    kept = []
    for row in rows:
        if len(row.source_id) <= ID_LENGTH:
            kept.append(row)
        else:
            shown = row.source_id[:ID_LENGTH]
            rejected.append(Rejected(row.origin, "id_too_long", {"id": f"{shown}…"}, {}, kind, (row.source_id,)))
    return kept


def _cut(row: AnyRow) -> AnyRow:
    lengths = _LENGTHS[type(row)]
    long = {name: value[:limit] for name, limit in lengths.items() if len(value := getattr(row, name)) > limit}
    return replace(row, **long) if long else row


def _without_long_ids(row: PersonRow) -> PersonRow:
    kept = tuple((kind, value) for kind, value in row.identifiers if len(kind) <= 40 and len(value) <= ID_LENGTH)
    return row if len(kept) == len(row.identifiers) else replace(row, identifiers=kept)
