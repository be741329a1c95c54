"""Organisations: found by this source's id, then by UAI; created under their parent otherwise."""

from __future__ import annotations

from preau.directory.rosters.plan import Change, NewOrganisation
from preau.directory.rosters.planning.context import Planning
from preau.directory.rosters.roster import OrganisationRow, RosterRefused

_HOLDS_CHILDREN = frozenset({"ministry", "academie"})


def resolve(work: Planning) -> None:
    """Fills `work.organisations`; plans new ones and changed names."""
    rows = {row.source_id: row for row in work.roster.organisations}
    named = _named_school(work, rows)
    by_uai = {known.uai: key for key, known in work.state.organisations.items() if known.uai}
    for row in work.roster.organisations:
        key = work.state.organisation_ids.get(row.source_id)
        if key is None and row is named:
            key = work.choices.school_id
        if key is None and row.identifier:
            key = by_uai.get(row.identifier)
        if not _may_touch(work, key):
            continue
        work.organisations[row.source_id] = key
        if key is None:
            work.plan.new_organisations.append(
                NewOrganisation(row.source_id, row.name, row.kind.value, row.identifier, _parent(work, rows, row))
            )
            continue
        work.plan.organisation_of[row.source_id] = key
        if row.source_id not in work.state.organisation_ids:
            work.plan.new_organisation_ids.append(row.source_id)
        elif _may_rename(work, row, named, key):
            before = work.state.organisations[key].name
            work.plan.updates.append(Change("organisation", key, {"name": before}, {"name": row.name}))
    for source_id, key in sorted(work.state.organisation_ids.items()):
        # Those of earlier files that this one speaks of without describing them.
        if source_id not in work.organisations and _may_touch(work, key):
            work.organisations[source_id] = work.plan.organisation_of[source_id] = key
    if work.choices.school_id is not None and (work.organisations or not work.roster.organisations):
        # Rows that name no school at all belong to the one that was named for the file.
        work.organisations.setdefault("", work.choices.school_id)
        work.plan.organisation_of.setdefault("", work.choices.school_id)
    if not work.organisations:
        raise RosterRefused("no_school_to_write" if work.choices.limited else "no_organisation")
    _choose_place(work, rows)


def _named_school(work: Planning, rows: dict[str, OrganisationRow]) -> OrganisationRow | None:
    """The file's organisation that `--school` or the référent's school is: by UAI, or because it is the only one."""
    key = work.choices.school_id
    if key is None:
        return None
    known = work.state.organisations[key]
    for row in rows.values():
        if row.identifier and row.identifier == known.uai:
            return row
    schools = [row for row in rows.values() if row.kind.value not in _HOLDS_CHILDREN] or list(rows.values())
    if len(schools) == 1 and not (work.choices.limited and _is_other_uai(schools[0].identifier, known.uai)):
        if schools[0].name and schools[0].name != known.name:
            work.notice("school_taken_for", file_name=schools[0].name, school=known.name)
        return schools[0]
    return None


def _may_rename(work: Planning, row: OrganisationRow, named: OrganisationRow | None, key: int) -> bool:
    """Whether the file changes what an organisation is called: never the school it was said to be of."""
    if row is named or key == work.choices.school_id:
        return False
    return bool(row.name) and row.name != work.state.organisations[key].name


def _is_other_uai(identifier: str, uai: str) -> bool:
    """Whether a file plainly names another school (its own numbering is no UAI and proves nothing)."""
    looks_like_uai = len(identifier) == 8 and identifier[:7].isdigit() and identifier[7].isalpha()
    return looks_like_uai and bool(uai) and identifier != uai


def _may_touch(work: Planning, key: int | None) -> bool:
    if not work.choices.limited:
        return True
    if key is None or work.choices.school_id is None:
        return False
    own = work.state.organisations[work.choices.school_id].path
    return work.state.organisations[key].path.startswith(own)


def _parent(work: Planning, rows: dict[str, OrganisationRow], row: OrganisationRow) -> str:
    """The parent's file id, or "" (under the root): a dangling one was already noticed by the reader."""
    if row.parent_id in rows or row.parent_id in work.state.organisation_ids:
        return row.parent_id
    return ""


def _choose_place(work: Planning, rows: dict[str, OrganisationRow]) -> None:
    """A new source speaks for the named school, else for the file's only top organisation, else for the root."""
    if work.state.source_id is not None or work.choices.school_id is not None:
        return
    tops = [row for row in rows.values() if row.parent_id not in rows]
    if len(tops) == 1 and tops[0].source_id in work.organisations:
        work.plan.place = tops[0].source_id
