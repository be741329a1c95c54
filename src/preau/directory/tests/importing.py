"""For tests of imports: small rosters, importing them, and a digest of everything the directory holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from preau.directory.actions.importing import apply_import, simulate_import
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
    Source,
    Subject,
    Teaching,
)
from preau.directory.organisations import root
from preau.directory.rosters.plan import Plan
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    EnrolmentRole,
    EnrolmentRow,
    GroupKind,
    GroupRow,
    GuardianshipRow,
    OrganisationKind,
    OrganisationRow,
    Origin,
    PersonRow,
    Roster,
    RowKind,
)
from preau.kernel.actor import Actor, system

ACTOR = system("tests")
EVERYTHING = frozenset(RowKind)
MODELS = (
    Organisation, Person, Affiliation, Group, Membership, Subject, Teaching, Guardianship, Grant, Source, ExternalId,
)  # fmt: skip


def state_digest() -> str:
    """SHA-256 over every row of the directory's tables, keys and search columns included."""
    total = hashlib.sha256()
    for model in MODELS:
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.order_by("pk").values_list(*names):
            total.update(repr((model.__name__, [bytes(v) if isinstance(v, memoryview) else v for v in row])).encode())
    return total.hexdigest()


def state_lines() -> list[str]:
    """The same, to read: what a failing test compares."""
    return [
        f"{model.__name__} {row}"
        for model in MODELS
        for row in model._default_manager.order_by("pk").values(*[f.attname for f in model._meta.concrete_fields])
    ]


class School:
    """A roster of one collège, built a line at a time."""

    def __init__(self, source_id: str = "school", *, uai: str = "0750001A", complete: Iterable[RowKind] = ()) -> None:
        self.id = source_id
        self.roster = Roster("oneroster", "oneroster-1.2", frozenset(complete))
        self.line = 1
        if source_id:
            self.school(source_id, "Collège des Essais", uai)

    def _origin(self, file: str) -> Origin:
        self.line += 1
        return Origin(file, self.line)

    def school(self, source_id: str, name: str, uai: str = "", parent: str = "") -> School:
        row = OrganisationRow(source_id, name, OrganisationKind.SCHOOL, self._origin("orgs.csv"), uai, parent)
        self.roster.organisations.append(row)
        return self

    def person(
        self,
        source_id: str,
        name: str = "",
        kind: AffiliationKind | None = AffiliationKind.PUPIL,
        *,
        at: str | None = None,
        birth: dt.date | None = None,
        identifiers: tuple[tuple[str, str], ...] = (),
        starts: dt.date | None = None,
        ends: dt.date | None = None,
        enabled: bool = True,
        username: str = "",
        word: str = "",
        level: str = "",
        email: str = "",
    ) -> School:
        given, _, family = (name or f"Prénom{source_id} Nom{source_id}").partition(" ")
        self.roster.people.append(
            PersonRow(
                source_id,
                self._origin("users.csv"),
                family_name=family,
                given_name=given,
                birth_date=birth,
                identifiers=identifiers,
                enabled=enabled,
                username=username,
                email=email,
            )
        )
        if kind is not None:
            where = self.id if at is None else at
            self.tie(source_id, kind, at=where, starts=starts, ends=ends, word=word, level=level)
        return self

    def tie(
        self,
        person: str,
        kind: AffiliationKind,
        *,
        at: str,
        starts: dt.date | None = None,
        ends: dt.date | None = None,
        word: str = "",
        level: str = "",
    ) -> School:
        self.roster.affiliations.append(
            AffiliationRow(
                person, at, kind, self._origin("roles.csv"), starts=starts, ends=ends, word=word, level=level
            )
        )
        return self

    def group(
        self,
        source_id: str,
        name: str = "",
        kind: GroupKind = GroupKind.DIVISION,
        *,
        at: str | None = None,
        year: int | None = None,
        subject: str = "",
        ended: bool = False,
        code: str = "",
    ) -> School:
        self.roster.groups.append(
            GroupRow(
                source_id,
                self.id if at is None else at,
                kind,
                name or source_id.upper(),
                self._origin("classes.csv"),
                code=code or name or source_id.upper(),
                school_year=year,
                subject_code=subject,
                subject_name=subject,
                ended=ended,
            )
        )
        return self

    def enrol(
        self,
        person: str,
        *groups: str,
        role: EnrolmentRole = EnrolmentRole.LEARNER,
        starts: dt.date | None = None,
        ends: dt.date | None = None,
    ) -> School:
        for group in groups:
            row = EnrolmentRow(person, group, role, self._origin("enrollments.csv"), starts, ends)
            self.roster.enrolments.append(row)
        return self

    def guardian(self, guardian: str, pupil: str, link: str = "mère") -> School:
        self.roster.guardianships.append(GuardianshipRow(guardian, pupil, self._origin("users.csv"), link))
        return self


def simulated(
    roster: Roster | School,
    *,
    school: Organisation | None = None,
    limited: bool = False,
    complete: bool = False,
    matches: dict[str, int] | None = None,
    actor: Actor = ACTOR,
) -> tuple[Import, Plan]:
    """A simulation of it, kept."""
    return simulate_import(
        actor,
        roster.roster if isinstance(roster, School) else roster,
        organisation=school or root(),
        school=school,
        limited=limited,
        complete=complete,
        file_name="essai.zip",
        matches=matches,
    )


def imported(
    roster: Roster | School,
    *,
    school: Organisation | None = None,
    limited: bool = False,
    complete: bool = False,
    matches: dict[str, int] | None = None,
    actor: Actor = ACTOR,
) -> tuple[Import, Plan]:
    """Simulated and applied."""
    of, made = simulated(roster, school=school, limited=limited, complete=complete, matches=matches, actor=actor)
    apply_import(
        actor,
        of,
        roster.roster if isinstance(roster, School) else roster,
        school=school,
        limited=limited,
        accept_exodus=True,
        report=lambda step, done, total: None,
        matches=matches,
    )
    return of, made


def person(source_id: str) -> Person:
    """Whom a file calls so."""
    return Person.objects.get(external_ids__kind="person", external_ids__value=source_id)


def group(source_id: str) -> Group:
    """What a file calls so."""
    return Group.objects.get(external_ids__kind="group", external_ids__value=source_id)
