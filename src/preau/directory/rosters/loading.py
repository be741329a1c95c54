"""Reads the present state of the directory for planning: a handful of queries, whatever the file's size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from preau.directory.models import (
    Affiliation,
    ExternalId,
    Grant,
    Group,
    Guardianship,
    Membership,
    Organisation,
    Person,
    Source,
    Subject,
    Teaching,
)
from preau.directory.models.base import current
from preau.directory.models.identity import ORGANISATION_ID, PERSON_ID
from preau.directory.models.organisation import OrganisationKind
from preau.directory.models.person import GrantState
from preau.directory.rosters import state as known
from preau.directory.rosters.official import stored_values
from preau.directory.rosters.roster import Roster
from preau.kernel import clock
from preau.kernel.db import batches
from preau.wire.text import fold

LESSON_ID = "lesson:"


def load_state(roster: Roster, source: Source | None, school: Organisation | None = None) -> known.State:
    """What planning must know to compare `roster` with the present: the source's own rows and those of its schools."""
    root = Organisation.objects.get(kind=OrganisationKind.INSTANCE)
    state = known.State(root_id=root.pk)
    if source is not None:
        state.source_id, state.place_id = source.pk, source.place_id
    _load_organisations(state, roster, school)
    organisations = set(state.organisations) - {root.pk}
    _load_ids(state, source)
    _load_people(state, roster, organisations, source)
    _load_groups(state, organisations, source)
    return state


def _load_organisations(state: known.State, roster: Roster, school: Organisation | None) -> None:
    wanted = {row.source_id for row in roster.organisations} | {row.organisation_id for row in roster.affiliations}
    wanted |= {row.organisation_id for row in roster.groups} | {row.parent_id for row in roster.organisations}
    # Who is taken away by name, or described without a school, may be in any organisation the source speaks of.
    all_of_them = bool(roster.deleted) or not roster.organisations
    if state.source_id is not None:
        state.organisation_ids = {
            value: pk
            for value, pk in ExternalId.objects.filter(
                source_id=state.source_id, kind=ORGANISATION_ID, organisation__isnull=False
            ).values_list("value", "organisation_id")
            if (all_of_them or value in wanted)
        }
    uais = {row.identifier for row in roster.organisations if row.identifier}
    concerned = Q(pk__in=[*state.organisation_ids.values(), state.root_id]) | Q(uai__in=uais)
    if school is not None:
        concerned |= Q(pk=school.pk)
    for pk, name, kind, uai, path in Organisation.objects.filter(concerned).values_list(
        "pk", "name", "kind", "uai", "path"
    ):
        state.organisations[pk] = known.KnownOrganisation(name, kind, uai, path)


def _load_ids(state: known.State, source: Source | None) -> None:
    if source is None:
        return
    ids = ExternalId.objects.filter(source=source)
    state.person_ids = dict(ids.filter(kind=PERSON_ID, person__isnull=False).values_list("value", "person_id"))
    groups = ids.filter(group__isnull=False).order_by("group__school_year")
    for kind, value, pk, year in groups.values_list("kind", "value", "group_id", "group__school_year"):
        table = state.lesson_ids if kind.startswith(LESSON_ID) else state.group_ids
        table[value, year] = pk
        state.latest_year[value] = year


def _load_people(state: known.State, roster: Roster, organisations: set[int], source: Source | None) -> None:
    state.usernames = set(Person.objects.values_list("username", flat=True))
    ties = Affiliation.objects.filter(organisation__in=organisations)
    own_id = source.pk if source else -1
    for pk, person, organisation, kind, label, level, starts, ends, said_by in ties.order_by("pk").values_list(
        "pk", "person_id", "organisation_id", "kind", "label", "level", "starts", "ends", "source_id"
    ):
        key = (person, organisation, kind)
        tie = known.KnownTie(pk, label, level, starts, ends, said_by == own_id)
        if _tells_more(state.ties.get(key), tie):
            state.ties[key] = tie
    official = {identifier for row in roster.people for identifier in row.identifiers}
    _load_official(state, official, organisations, source)
    keys = set(state.person_ids.values()) | {person for person, _, _ in state.ties} | set(state.official_ids.values())
    fields = (
        "username", "source_username", "family_name", "given_name", "preferred_given_name", "birth_date", "email",
        "phone", "suspension",
    )  # fmt: skip
    for batch in batches(sorted(keys)):
        for row in Person.objects.filter(pk__in=batch).values("pk", "edited_at", *fields):
            state.people[row["pk"]] = known.KnownPerson(
                **{name: row[name] for name in fields}, edited=row["edited_at"] is not None
            )
    made_here = Person.objects.filter(created_by_import__organisation__in=organisations, affiliations=None)
    state.untied = dict(made_here.values_list("pk", "created_by_import__organisation_id"))
    places: dict[int, set[int]] = {}
    open_ties: Counter[int] = Counter()
    today = clock.today()
    lasting = Affiliation.objects.filter(Q(ends=None) | Q(ends__gt=today))
    for person, organisation, starts in lasting.values_list("person_id", "organisation_id", "starts"):
        if starts is None or starts <= today:
            open_ties[person] += 1
        if person in state.people:
            places.setdefault(person, set()).add(organisation)
    here = Counter(
        person
        for (person, _, _), tie in state.ties.items()
        if tie.own and _is_open(tie.ends) and (tie.starts is None or tie.starts <= today)
    )
    powers: Counter[int] = Counter()
    given = Grant.objects.filter(current(), state=GrantState.GIVEN)
    for person, organisation in given.values_list("person_id", "organisation_id"):
        powers[person] += 1
        if person in state.people:
            places.setdefault(person, set()).add(organisation)
    own = set(state.person_ids.values())
    for pk, who in state.people.items():
        who.elsewhere = open_ties[pk] - here[pk]
        who.powers = powers[pk]
        who.places = frozenset(places.get(pk, ()))
        if pk not in own and who.birth_date:
            same = (fold(who.family_name), fold(who.given_name), who.birth_date)
            state.homonyms.setdefault(same, []).append(pk)


def _load_official(
    state: known.State, official: Iterable[tuple[str, str]], organisations: set[int], source: Source | None
) -> None:
    """Official ids of the file that somebody of these schools already has, whoever said them."""
    by_kind: dict[str, set[str]] = {}
    for kind, value in official:
        by_kind.setdefault(kind, set()).add(value)
    schools = Q(source__place__in=organisations) | Q(person__affiliations__organisation__in=organisations)
    if source is not None:
        schools |= Q(source=source)
    for kind, written in by_kind.items():
        values = {stored: value for value, stored in stored_values(kind, written).items()}
        for batch in batches(sorted(values)):
            found = ExternalId.objects.filter(schools, kind=kind, value__in=batch, person__isnull=False)
            for value, person in found.values_list("value", "person_id").distinct():
                state.official_ids[kind, values[value]] = person


def _load_groups(state: known.State, organisations: set[int], source: Source | None) -> None:
    own_id = source.pk if source else -1
    concerned = Q(organisation__in=organisations)
    if source is not None:
        concerned |= Q(source=source)
    fields = ("organisation_id", "school_year", "kind", "code", "name", "level", "closed_on")
    for row in Group.objects.filter(concerned).values("pk", "source_id", *fields):
        state.groups[row["pk"]] = known.KnownGroup(
            **{name: row[name] for name in fields},
            own=row["source_id"] == own_id,
        )
    # A file may name a group of another of the source's schools.
    of_groups = Q(group__organisation__in=organisations)
    if source is not None:
        of_groups |= Q(group__source=source)
    memberships = Membership.objects.filter(of_groups).order_by("pk")
    for pk, person, group, role, starts, ends, said_by in memberships.values_list(
        "pk", "person_id", "group_id", "role", "starts", "ends", "source_id"
    ).iterator(chunk_size=5000):
        key = (person, group, role)
        stay = known.KnownMembership(pk, starts, ends, said_by == own_id)
        if _tells_more(state.memberships.get(key), stay):
            state.memberships[key] = stay
    state.subjects = {
        (organisation, code): (pk, name)
        for pk, organisation, code, name in Subject.objects.filter(organisation__in=organisations).values_list(
            "pk", "organisation_id", "code", "name"
        )
    }
    for pk, subject, group, teacher, ends, said_by in (
        Teaching.objects.filter(of_groups)
        .order_by("pk")
        .values_list("pk", "subject_id", "group_id", "teacher_id", "ends", "source_id")
    ):
        state.teachings[subject, group, teacher] = known.KnownTeaching(pk, ends, said_by == own_id)
    pupils = Q(pupil__in=Affiliation.objects.filter(organisation__in=organisations).values("person"))
    if source is not None:
        pupils |= Q(pupil__in=ExternalId.objects.filter(source=source, kind=PERSON_ID).values("person"))
    guardianships = Guardianship.objects.filter(pupils)
    for pk, guardian, pupil, link, ends, decided_at, said_by in guardianships.values_list(
        "pk", "guardian_id", "pupil_id", "link", "ends", "decided_at", "source_id"
    ):
        state.guardianships[guardian, pupil] = known.KnownGuardianship(
            pk, link, ends, decided_at is not None, said_by == own_id
        )
    state.grants = set(
        Grant.objects.filter(organisation__in=organisations).values_list("person_id", "role", "organisation_id")
    )


def _tells_more(
    before: known.KnownTie | known.KnownMembership | None, row: known.KnownTie | known.KnownMembership
) -> bool:
    """Of several rows of one key an open one counts, and of two open ones this source's own."""
    if before is None or not _is_open(before.ends):
        return True
    return _is_open(row.ends) and row.own and not before.own


def _is_open(ends: date | None) -> bool:
    return ends is None or ends > clock.today()
