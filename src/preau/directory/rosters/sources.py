"""Which source a file comes from: a system family speaking for a place, remembered from import to import."""

from __future__ import annotations

from collections import Counter

from preau.directory.models import ExternalId, Organisation, Source
from preau.directory.models.identity import ORGANISATION_ID
from preau.directory.rosters.roster import Roster, RosterRefused
from preau.wire.text import fold


def find_source(roster: Roster, school: Organisation | None) -> Source | None:
    """The known source this roster comes from, or None when it is new.

    With a school named, the family's source for that school, else one that already speaks of it. Without, the source
    of the family that knows most of the file's organisations by their ids, and calls at least one of them the same.
    """
    family = Source.objects.filter(family=roster.family)
    if school is not None:
        own = family.filter(place=school).first()
        if own is not None:
            return own
        family = family.filter(ids__organisation=school)
    rows = {row.source_id: row for row in roster.organisations}
    known = ExternalId.objects.filter(source__in=family, kind=ORGANISATION_ID, value__in=list(rows)).select_related(
        "organisation", "source"
    )
    hits: Counter[int] = Counter()
    sources: dict[int, Source] = {}
    for external in known:
        organisation, row = external.organisation, rows[external.value]
        if organisation is None:
            continue
        same = fold(organisation.name) == fold(row.name) or (row.identifier and row.identifier == organisation.uai)
        hits[external.source_id] += 2 if same else 0
        sources[external.source_id] = external.source
    best = [(count, pk) for pk, count in hits.most_common(2) if count]
    if len(best) == 2 and best[0][0] == best[1][0]:
        raise RosterRefused("two_sources", first=str(sources[best[0][1]].place), second=str(sources[best[1][1]].place))
    if best:
        return sources[best[0][1]]
    # Other ids for the same school: the public identifier tells.
    uais = [row.identifier for row in rows.values() if row.identifier]
    return family.filter(place__uai__in=uais).order_by("pk").first() if uais else None
