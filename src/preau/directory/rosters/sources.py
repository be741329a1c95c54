"""Which source a file comes from: a system family speaking for a place, remembered from import to import."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, QuerySet

from preau.directory.models import ExternalId, Organisation, Source
from preau.directory.models.identity import GROUP_ID, ORGANISATION_ID, PERSON_ID
from preau.directory.rosters.roster import Roster, RosterRefused, RowKind
from preau.wire.text import fold

# Enough ids to tell whose they are, few enough for one query.
_SAMPLE = 500


def find_source(roster: Roster, school: Organisation | None) -> Source | None:
    """The known source this roster comes from, or None when it is new.

    With a school named, the family's source for that school, else one that already speaks of it. Without, the source
    of the family that knows most of the file's organisations by their ids, and calls at least one of them the same; a
    file that describes no organisation is that of the source which knows most of what it names.
    """
    family = Source.objects.filter(family=roster.family)
    if school is not None:
        own = family.filter(place=school).first()
        if own is not None:
            return own
        family = family.filter(ids__organisation=school)
    hits = _by_organisations(roster, family) if roster.organisations else _by_what_it_names(roster, family)
    best = hits.most_common(2)
    if len(best) == 2 and best[0][1] == best[1][1]:
        first, second = (Source.objects.select_related("place").get(pk=pk) for pk, _count in best)
        raise RosterRefused("two_sources", first=str(first.place), second=str(second.place))
    return Source.objects.get(pk=best[0][0]) if best else None


def _by_organisations(roster: Roster, family: QuerySet[Source]) -> Counter[int]:
    rows = {row.source_id: row for row in roster.organisations}
    known = ExternalId.objects.filter(source__in=family, kind=ORGANISATION_ID, value__in=list(rows))
    hits: Counter[int] = Counter()
    for source, value, name, uai in known.values_list("source_id", "value", "organisation__name", "organisation__uai"):
        row = rows[value]
        if fold(name or "") == fold(row.name) or (row.identifier and row.identifier == uai):
            hits[source] += 1
    return hits


def _by_what_it_names(roster: Roster, family: QuerySet[Source]) -> Counter[int]:
    hits: Counter[int] = Counter()
    for kind, ids in _named(roster).items():
        known = ExternalId.objects.filter(source__in=family, kind=kind, value__in=sorted(ids)[:_SAMPLE])
        for row in known.order_by().values("source_id").annotate(count=Count("pk")):
            hits[row["source_id"]] += row["count"]
    return hits


def _named(roster: Roster) -> dict[str, set[str]]:
    people = {row.source_id for row in roster.people} | {row.person_id for row in roster.enrolments}
    people |= {row.ids[0] for row in roster.deleted if row.kind in (RowKind.PERSON, RowKind.ENROLMENT)}
    groups = {row.source_id for row in roster.groups} | {row.group_id for row in roster.enrolments}
    schools = {row.organisation_id for row in roster.affiliations} | {row.organisation_id for row in roster.groups}
    return {PERSON_ID: people, GROUP_ID: groups, ORGANISATION_ID: schools}
