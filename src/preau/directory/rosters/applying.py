"""Writes a plan, inside the action that applies an import. Batches only: cost grows with rows, not with queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from preau.directory.models import (
    Affiliation,
    ExternalId,
    Grant,
    Group,
    Guardianship,
    Import,
    ImportChange,
    Membership,
    Organisation,
    Person,
    RejectedRow,
    Source,
    Subject,
    Teaching,
)
from preau.directory.models.identity import GROUP_ID, ORGANISATION_ID, PERSON_ID
from preau.directory.models.importing import ChangeOperation
from preau.directory.models.organisation import OrganisationKind
from preau.directory.models.person import GrantState, PersonState, Suspension
from preau.directory.organisations import next_path, stage_of
from preau.directory.rosters.official import sealed_value, stored_value
from preau.directory.rosters.plan import Change, Plan
from preau.kernel import clock
from preau.kernel.db import batches
from preau.kernel.search import fold_words

BATCH = 2000
TABLES: dict[str, type[models.Model]] = {
    "organisation": Organisation,
    "person": Person,
    "affiliation": Affiliation,
    "group": Group,
    "membership": Membership,
    "subject": Subject,
    "teaching": Teaching,
    "guardianship": Guardianship,
}
Report = Callable[[str, int, int], None]


class Writer:
    """Writes one plan for one `Import` row. `report(step, done, total)` is called after each batch."""

    def __init__(self, plan: Plan, of: Import, place: Organisation, report: Report) -> None:
        self.plan, self.of, self.place, self.report = plan, of, place, report
        self.source: Source | None = None
        self.organisations = dict(plan.organisation_of)
        self.people = dict(plan.person_of)
        self.groups = dict(plan.group_of)

    def write(self, source: Source | None) -> Source:
        """Everything, in the order in which rows depend on one another; returns the source, created when new."""
        self.source = source
        self._organisations()
        if self.source is None:
            place_id = self.organisations[self.plan.place] if self.plan.place else self.place.pk
            self.source = Source.objects.create(family=self.plan.family, place_id=place_id, created_by_import=self.of)
        self._organisation_ids()
        self._people()
        self._person_ids()
        self._affiliations()
        self._groups()
        self._memberships()
        self._teachings()
        self._guardianships()
        self._proposals()
        self._changes(self.plan.updates, ChangeOperation.UPDATE)
        self._changes(self.plan.departures, ChangeOperation.DEPARTURE)
        self._states()
        self._rejected()
        return self.source

    def _create(self, step: str, rows: Sequence[models.Model]) -> list[Any]:
        made: list[Any] = []
        for batch in batches(rows, BATCH):
            made += type(batch[0])._default_manager.bulk_create(batch)
            self.report(step, len(made), len(rows))
        return made

    def _organisations(self) -> None:
        """Parents first; a parent that is nowhere is the place the import is for."""
        waiting = {new.source_id: new for new in self.plan.new_organisations}
        parents = {organisation.pk: organisation for organisation in Organisation.objects.filter(
            pk__in=[*self.organisations.values(), self.place.pk]
        )}  # fmt: skip
        while waiting:
            ready = [new for new in waiting.values() if new.parent not in waiting]
            for new in ready:
                parent = parents[self.organisations[new.parent]] if new.parent else self.place
                made = Organisation.objects.create(
                    kind=OrganisationKind(new.kind),
                    name=new.name or new.source_id,
                    uai=new.uai,
                    stage=stage_of(new.name) if new.kind == "school" else "",
                    parent=parent,
                    path=next_path(parent),
                    folded=fold_words(new.name, new.uai),
                    created_by_import=self.of,
                )
                parents[made.pk] = made
                self.organisations[new.source_id] = made.pk
                del waiting[new.source_id]

    def _organisation_ids(self) -> None:
        new = [*self.plan.new_organisation_ids, *(row.source_id for row in self.plan.new_organisations)]
        self._ids(ORGANISATION_ID, "organisation_id", {value: self.organisations[value] for value in new})

    def _ids(self, kind: str, target: str, values: dict[str, int]) -> None:
        self._create(
            "ids",
            [
                ExternalId(source=self.source, kind=kind, value=value, created_by_import=self.of, **{target: pk})
                for value, pk in values.items()
            ],
        )

    def _people(self) -> None:
        moment = clock.now()
        made = self._create(
            "people",
            [
                Person(
                    username=new.username,
                    source_username=new.source_username,
                    family_name=new.family_name,
                    given_name=new.given_name,
                    preferred_given_name=new.preferred_given_name,
                    birth_date=new.birth_date,
                    email=new.email,
                    phone=new.phone,
                    folded=fold_words(new.preferred_given_name, new.given_name, new.family_name, new.username),
                    created_at=moment,
                    created_by_import=self.of,
                )
                for new in self.plan.new_people
            ],
        )
        for new, person in zip(self.plan.new_people, made, strict=True):
            self.people[new.source_id] = person.pk

    def _person_ids(self) -> None:
        self._create(
            "ids",
            [
                ExternalId(
                    source=self.source,
                    kind=PERSON_ID if new.kind == "person" else new.kind,
                    value=stored_value(new.kind, new.value),
                    sealed=sealed_value(new.kind, new.value),
                    person_id=self.people[new.person],
                    created_by_import=self.of,
                )
                for new in self.plan.new_ids
            ],
        )

    def _affiliations(self) -> None:
        self._create(
            "affiliations",
            [
                Affiliation(
                    person_id=self.people[new.person],
                    organisation_id=self.organisations[new.organisation],
                    kind=new.kind,
                    label=new.label,
                    level=new.level,
                    starts=new.starts,
                    ends=new.ends,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_affiliations
            ],
        )
        # Whoever the file only knows as gone never signs in.
        today = clock.today()
        staying = {new.person for new in self.plan.new_affiliations if new.ends is None or new.ends > today}
        tied = {new.person for new in self.plan.new_affiliations}
        gone = [self.people[new.source_id] for new in self.plan.new_people if new.source_id in tied - staying]
        self._suspend(gone)

    def _suspend(self, people: Sequence[int]) -> None:
        for batch in batches(people, BATCH):
            Person.objects.filter(pk__in=batch, state=PersonState.ACTIVE).update(
                state=PersonState.SUSPENDED, suspension=Suspension.DEPARTURE, suspended_at=clock.now()
            )

    def _groups(self) -> None:
        today = clock.today()
        made = self._create(
            "groups",
            [
                Group(
                    organisation_id=self.organisations[new.organisation],
                    school_year=new.school_year,
                    kind=new.kind,
                    code=new.code,
                    name=new.name,
                    level=new.level,
                    folded=fold_words(new.name, new.code),
                    is_sensitive=new.sensitive,
                    closed_on=today if new.closed else None,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_groups
            ],
        )
        for new, group in zip(self.plan.new_groups, made, strict=True):
            self.groups[new.source_id] = group.pk
        linked = [*self.plan.new_group_ids, *(new.source_id for new in self.plan.new_groups)]
        self._ids(GROUP_ID, "group_id", {value: self.groups[value] for value in linked})

    def _memberships(self) -> None:
        self._create(
            "memberships",
            [
                Membership(
                    person_id=self.people[new.person],
                    group_id=self.groups[new.group],
                    role=new.role,
                    starts=new.starts,
                    ends=new.ends,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_memberships
            ],
        )

    def _teachings(self) -> None:
        made = self._create(
            "subjects",
            [
                Subject(
                    organisation_id=self.organisations[new.organisation],
                    code=new.code,
                    name=new.name,
                    created_by_import=self.of,
                )
                for new in self.plan.new_subjects
            ],
        )
        subjects = {(subject.organisation_id, subject.code): subject.pk for subject in made}
        for pk, organisation, code in Subject.objects.filter(
            organisation__in={self.organisations[new.organisation] for new in self.plan.new_teachings}
        ).values_list("pk", "organisation_id", "code"):
            subjects[organisation, code] = pk
        self._create(
            "teachings",
            [
                Teaching(
                    subject_id=subjects[self.organisations[new.organisation], new.subject],
                    group_id=self.groups[new.group],
                    teacher_id=self.people[new.teacher] if new.teacher else None,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_teachings
            ],
        )

    def _guardianships(self) -> None:
        self._create(
            "guardianships",
            [
                Guardianship(
                    guardian_id=self.people[new.guardian],
                    pupil_id=self.people[new.pupil],
                    link=new.link,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_guardianships
            ],
        )

    def _proposals(self) -> None:
        self._create(
            "proposals",
            [
                Grant(
                    person_id=self.people[new.person],
                    role=new.role,
                    organisation_id=self.organisations[new.organisation],
                    state=GrantState.PROPOSED,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.proposals
            ],
        )

    def _changes(self, changes: Sequence[Change], operation: ChangeOperation) -> None:
        """Updates rows grouped by table and by the values they get, so that 600 departures are one statement."""
        alike: dict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(list)
        for change in changes:
            alike[change.table, tuple(sorted(change.after.items()))].append(change.pk)
        for (table, values), keys in alike.items():
            for batch in batches(keys, BATCH):
                TABLES[table]._default_manager.filter(pk__in=batch).update(**dict(values))
        self._refold([change.pk for change in changes if change.table == "person"])
        self._create(
            "changes",
            [
                ImportChange(
                    of=self.of,
                    operation=operation,
                    table=change.table,
                    row_id=change.pk,
                    before=jsonable(change.before),
                    after=jsonable(change.after),
                )
                for change in changes
            ],
        )

    def _refold(self, people: Sequence[int]) -> None:
        for batch in batches(people, BATCH):
            rows = list(Person.objects.filter(pk__in=batch))
            for person in rows:
                person.folded = folded_person(person)
            Person.objects.bulk_update(rows, ["folded"], batch_size=500)

    def _states(self) -> None:
        """Suspends and resumes, with a change row each so that the undo knows."""
        active, gone = PersonState.ACTIVE.value, PersonState.SUSPENDED.value
        departure = Suspension.DEPARTURE.value
        still_active = set(Person.objects.filter(pk__in=self.plan.suspend, state=active).values_list("pk", flat=True))
        self._suspend(sorted(still_active))
        for batch in batches(self.plan.resume, BATCH):
            Person.objects.filter(pk__in=batch, suspension=departure).update(
                state=active, suspension="", suspended_at=None
            )
        before_after = {
            "leave": ({"state": active, "suspension": ""}, {"state": gone, "suspension": departure}),
            "return": ({"state": gone, "suspension": departure}, {"state": active, "suspension": ""}),
        }
        rows = [(pk, "leave", ChangeOperation.DEPARTURE) for pk in sorted(still_active)]
        rows += [(pk, "return", ChangeOperation.UPDATE) for pk in self.plan.resume]
        self._create(
            "changes",
            [
                ImportChange(
                    of=self.of,
                    operation=operation,
                    table="person",
                    row_id=pk,
                    before=before_after[what][0],
                    after=before_after[what][1],
                )
                for pk, what, operation in rows
            ],
        )

    def _rejected(self) -> None:
        RejectedRow.objects.filter(of=self.of).delete()
        self._create(
            "rejected",
            [
                RejectedRow(
                    of=self.of,
                    file=row.origin.file,
                    line=row.origin.line,
                    reason=row.reason,
                    details=row.details,
                    fields=row.fields,
                )
                for row in self.plan.rejected
            ],
        )


def jsonable(values: dict[str, Any]) -> dict[str, Any]:
    """Dates as ISO 8601 text."""
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in values.items()}


def folded_person(person: Person) -> str:
    """The search column of a person: every name they answer to, and the username."""
    return fold_words(person.preferred_given_name, person.given_name, person.family_name, person.username)
