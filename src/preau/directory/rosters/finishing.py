"""What can only be said once a whole set was read: ends, years, cycles, and ties that nobody wrote down."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from preau.directory.rosters.dates import school_year
from preau.directory.rosters.roster import AffiliationKind, AffiliationRow, EnrolmentRole, GroupRow, RowKind

if TYPE_CHECKING:
    from preau.directory.rosters.building import Builder, Span

_ROLE_RANK = {EnrolmentRole.LEARNER: 0, EnrolmentRole.TEACHER: 1, EnrolmentRole.LEAD: 2}


def finish(build: Builder) -> None:
    """Settle a builder's rows, whose dates are all known by now."""
    _end_with_sessions(build)
    _merge_affiliations(build)
    _merge_enrolments(build)
    _date_groups(build)
    _hang_organisations(build)
    _forget_birth_dates(build)
    _place_guardians(build)
    _choose_school_year(build)


def _end_with_sessions(build: Builder) -> None:
    for row, span in build.affiliation_spans:
        if row.ends is None and span.ends is not None and span.ends < build.today:
            row.ends = span.ends
    for row in build.roster.affiliations:
        if row.ends is not None and row.ends < build.today:
            build.note("role_ended", row.origin.file, row.origin.line)


def _later(first: date | None, second: date | None) -> date | None:
    return None if first is None or second is None else max(first, second)


def _earlier(first: date | None, second: date | None) -> date | None:
    return None if first is None or second is None else min(first, second)


def _merge_affiliations(build: Builder) -> None:
    """One tie a person, organisation and kind: the word that lasts longest, the power that any of them suggests."""
    for first, other in build.repeated_affiliations:
        lasts = _later(first.ends, other.ends)
        if first.proposes is None and (other.proposes is not None or lasts != first.ends):
            first.word = other.word
        first.proposes = first.proposes or other.proposes
        first.level = first.level or other.level
        first.starts, first.ends = _earlier(first.starts, other.starts), lasts


def _merge_enrolments(build: Builder) -> None:
    for first, other in build.repeated_enrolments:
        first.role = max(first.role, other.role, key=_ROLE_RANK.__getitem__)
        first.starts, first.ends = _earlier(first.starts, other.starts), _later(first.ends, other.ends)


def _date_groups(build: Builder) -> None:
    for group, spans in build.group_spans:
        ends = [span.ends for span in spans if span.ends is not None]
        if spans and len(ends) == len(spans) and max(ends) < build.today:
            group.ended = True
        if group.ended:
            build.note("group_ended", group.origin.file, group.origin.line)
        if group.school_year is None:
            group.school_year = _year_of(spans)


def _year_of(spans: list[Span]) -> int | None:
    years = []
    for span in spans:
        dated = school_year(span.starts, span.ends)
        if dated is not None or span.declared_year is not None:
            years.append(span.declared_year if dated is None else dated)
    return max((year for year in years if year is not None), default=None)


def _hang_organisations(build: Builder) -> None:
    for row in build.roster.organisations:
        if row.parent_id and row.parent_id not in build.organisations and RowKind.ORGANISATION in build.closed:
            build.note("parent_unknown", row.origin.file, row.origin.line, id=row.parent_id)
    settled: set[str] = set()
    for row in build.roster.organisations:
        path: dict[str, None] = {}
        at = row
        while at.source_id not in settled:
            path[at.source_id] = None
            parent = build.organisations.get(at.parent_id)
            if parent is None:
                break
            if parent.source_id in path:
                build.note("organisations_in_circle", at.origin.file, at.origin.line, id=at.source_id)
                at.parent_id = ""
                break
            at = parent
        settled |= path.keys()


def _forget_birth_dates(build: Builder) -> None:
    """Only pupils' birth dates serve here; somebody of whom the set says no role may be a pupil of an earlier one."""
    for person in build.roster.people:
        kinds = build.kinds_of.get(person.source_id)
        if kinds and AffiliationKind.PUPIL not in kinds:
            person.birth_date = None


def _place_guardians(build: Builder) -> None:
    """A guardian of whom the file gives no role belongs where their children do."""
    schools: dict[str, list[AffiliationRow]] = {}
    for row in build.roster.affiliations:
        if row.kind is AffiliationKind.PUPIL:
            schools.setdefault(row.person_id, []).append(row)
    with_role = frozenset(build.kinds_of)
    placed: set[tuple[str, str]] = set()
    for link in build.roster.guardianships:
        if link.guardian_id in with_role:
            continue
        for pupil in schools.get(link.pupil_id, ()):
            key = (link.guardian_id, pupil.organisation_id)
            if key in placed:
                continue
            placed.add(key)
            build.kinds_of.setdefault(link.guardian_id, set()).add(AffiliationKind.GUARDIAN)
            build.roster.affiliations.append(
                AffiliationRow(
                    person_id=link.guardian_id,
                    organisation_id=pupil.organisation_id,
                    kind=AffiliationKind.GUARDIAN,
                    origin=link.origin,
                    word=link.link,
                )
            )


def _choose_school_year(build: Builder) -> None:
    """The year of most groups that still run, else of most groups, else of the latest session."""
    running = _most_common([group for group in build.roster.groups if not group.ended])
    every = _most_common(build.roster.groups)
    years = (_year_of([span]) for span in build.sessions.values())
    latest = max((year for year in years if year is not None), default=None)
    build.roster.school_year = next((year for year in (running, every, latest) if year is not None), None)


def _most_common(groups: list[GroupRow]) -> int | None:
    years = Counter(group.school_year for group in groups if group.school_year is not None)
    return min(years, key=lambda year: (-years[year], -year)) if years else None
