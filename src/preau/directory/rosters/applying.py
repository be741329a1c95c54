"""Writes a plan, inside the action that applies an import. Batches only: cost grows with rows, not with queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from django.db import models

from preau.directory.models import (
    Affiliation,
    ExternalId,
    Grant,
    Group,
    Guardianship,
    Import,
    Membership,
    Organisation,
    Person,
    RejectedRow,
    Source,
    Subject,
    Teaching,
)
from preau.directory.models.identity import ORGANISATION_ID, PERSON_ID
from preau.directory.models.importing import ChangeOperation
from preau.directory.models.organisation import OrganisationKind
from preau.directory.models.person import GrantState, PersonState, Suspension
from preau.directory.organisations import next_path, stage_of
from preau.directory.rosters import changing
from preau.directory.rosters.changing import BATCH, fold_person
from preau.directory.rosters.official import sealed_value, stored_value
from preau.directory.rosters.plan import NewPerson, Plan
from preau.directory.rosters.planning.context import is_current
from preau.kernel import clock
from preau.kernel.search import fold_words

__all__ = ["Report", "Writer", "fold_person"]

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
        changing.change(self.of, self.plan.updates, ChangeOperation.UPDATE)
        changing.change(self.of, self.plan.departures, ChangeOperation.DEPARTURE)
        changing.change_states(self.of, self.plan)
        self._rejected()
        return self.source

    def whose(self, source: Source) -> Organisation:
        """Whose import it was: the source's place where everything touched is below it, else the place it began at."""
        place = source.place
        touched = Organisation.objects.filter(pk__in=self.organisations.values()).values_list("path", flat=True)
        return place if all(path.startswith(place.path) for path in touched) else self.place

    def _create(self, step: str, rows: Iterable[models.Model], total: int) -> list[int]:
        """Inserts rows as they are made, so that a long list is never whole in memory; returns their keys."""
        keys: list[int] = []
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            type(batch[0])._default_manager.bulk_create(batch)
            keys += [row.pk for row in batch]
            self.report(step, len(keys), total)
        return keys

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
        self._ids("organisation_id", [(ORGANISATION_ID, value, self.organisations[value]) for value in new])

    def _ids(self, target: str, ids: Sequence[tuple[str, str, int]]) -> None:
        self._create(
            "ids",
            (
                ExternalId(source=self.source, kind=kind, value=value, created_by_import=self.of, **{target: pk})
                for kind, value, pk in ids
            ),
            len(ids),
        )

    def _people(self) -> None:
        """Whoever the file knows as gone or still to come does not sign in; nor whose access it closes."""
        moment, today = clock.now(), clock.today()
        tied = {new.person for new in self.plan.new_affiliations}
        here = {new.person for new in self.plan.new_affiliations if is_current(new.starts, new.ends, today)}
        away = tied - here

        def suspension(new: NewPerson) -> Suspension:
            if not new.access:
                return Suspension.DECISION
            return Suspension.DEPARTURE if new.source_id in away else Suspension.NONE

        def rows() -> Iterable[Person]:
            for new in self.plan.new_people:
                why = suspension(new)
                person = Person(
                    username=new.username,
                    source_username=new.source_username,
                    family_name=new.family_name,
                    given_name=new.given_name,
                    preferred_given_name=new.preferred_given_name,
                    birth_date=new.birth_date,
                    email=new.email,
                    phone=new.phone,
                    state=PersonState.SUSPENDED if why else PersonState.ACTIVE,
                    suspension=why,
                    suspended_at=moment if why else None,
                    created_at=moment,
                    created_by_import=self.of,
                )
                fold_person(person)
                yield person

        made = self._create("people", rows(), len(self.plan.new_people))
        for new, key in zip(self.plan.new_people, made, strict=True):
            self.people[new.source_id] = key

    def _person_ids(self) -> None:
        self._create(
            "ids",
            (
                ExternalId(
                    source=self.source,
                    kind=PERSON_ID if new.kind == "person" else new.kind,
                    value=stored_value(new.kind, new.value),
                    sealed=sealed_value(new.kind, new.value),
                    person_id=self.people[new.person],
                    created_by_import=self.of,
                )
                for new in self.plan.new_ids
            ),
            len(self.plan.new_ids),
        )

    def _affiliations(self) -> None:
        self._create(
            "affiliations",
            (
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
            ),
            len(self.plan.new_affiliations),
        )

    def _groups(self) -> None:
        today = clock.today()
        made = self._create(
            "groups",
            (
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
            ),
            len(self.plan.new_groups),
        )
        for new, key in zip(self.plan.new_groups, made, strict=True):
            self.groups[new.source_id] = key
        self._ids("group_id", [(new.kind, new.value, self.groups[new.group]) for new in self.plan.new_group_ids])

    def _memberships(self) -> None:
        self._create(
            "memberships",
            (
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
            ),
            len(self.plan.new_memberships),
        )

    def _teachings(self) -> None:
        self._create(
            "subjects",
            (
                Subject(
                    organisation_id=self.organisations[new.organisation],
                    code=new.code,
                    name=new.name,
                    created_by_import=self.of,
                )
                for new in self.plan.new_subjects
            ),
            len(self.plan.new_subjects),
        )
        schools = {self.organisations[new.organisation] for new in self.plan.new_teachings}
        subjects = {
            (organisation, code): pk
            for pk, organisation, code in Subject.objects.filter(organisation__in=schools).values_list(
                "pk", "organisation_id", "code"
            )
        }
        self._create(
            "teachings",
            (
                Teaching(
                    subject_id=subjects[self.organisations[new.organisation], new.subject],
                    group_id=self.groups[new.group],
                    teacher_id=self.people[new.teacher] if new.teacher else None,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_teachings
            ),
            len(self.plan.new_teachings),
        )

    def _guardianships(self) -> None:
        self._create(
            "guardianships",
            (
                Guardianship(
                    guardian_id=self.people[new.guardian],
                    pupil_id=self.people[new.pupil],
                    link=new.link,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.new_guardianships
            ),
            len(self.plan.new_guardianships),
        )

    def _proposals(self) -> None:
        self._create(
            "proposals",
            (
                Grant(
                    person_id=self.people[new.person],
                    role=new.role,
                    organisation_id=self.organisations[new.organisation],
                    state=GrantState.PROPOSED,
                    source=self.source,
                    created_by_import=self.of,
                )
                for new in self.plan.proposals
            ),
            len(self.plan.proposals),
        )

    def _rejected(self) -> None:
        RejectedRow.objects.filter(of=self.of).delete()
        self._create(
            "rejected",
            (
                RejectedRow(
                    of=self.of,
                    file=row.origin.file[:200],
                    line=row.origin.line,
                    reason=row.reason,
                    details=row.details,
                    fields=row.fields,
                )
                for row in self.plan.rejected
            ),
            len(self.plan.rejected),
        )
