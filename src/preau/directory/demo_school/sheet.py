"""Where the generated rows are written down, as the tables of a OneRoster 1.2 set would hold them."""

from __future__ import annotations

from datetime import date

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
    ProposedRole,
    Roster,
    RowKind,
)

from .names import slug

STAFF_DOMAIN = "ac.example.org"
FAMILIES_DOMAIN = "example.org"


def uai(number: int) -> str:
    """The UAI of seven digits `number` with its control letter."""
    return f"{number:07d}{'ABCDEFGHJKLMNPRSTUVWXYZ'[number % 23]}"


class Sheet:
    """Collects rows of one school year into a complete `Roster`, giving each its line, and each person one address."""

    def __init__(self, school_year: int) -> None:
        self.school_year = school_year
        self.roster = Roster(
            family="oneroster",
            format="oneroster-1.2",
            complete=frozenset(RowKind),
            school_year=school_year,
        )
        self._lines: dict[str, int] = {}
        self._people: dict[str, Origin] = {}
        self._addresses: set[str] = set()
        self._ines = 0
        self._mobiles = 100
        self._landlines = 0

    def organisation(
        self, source_id: str, name: str, kind: OrganisationKind, parent_id: str = "", identifier: str = ""
    ) -> None:
        """Write one organisation."""
        self.roster.organisations.append(
            OrganisationRow(source_id, name, kind, self._origin("orgs.csv"), identifier, parent_id)
        )

    def person(
        self,
        source_id: str,
        given: str,
        family: str,
        *,
        birth_date: date | None = None,
        email: str = "",
        phone: str = "",
        ine: str = "",
    ) -> None:
        """Write one person. `ine` is an RNIE (9 digits and 2 letters) or empty."""
        origin = self._people[source_id] = self._origin("users.csv")
        self.roster.people.append(
            PersonRow(
                source_id,
                origin,
                family_name=family,
                given_name=given,
                birth_date=birth_date,
                email=email,
                phone=phone,
                identifiers=(("INE", ine),) if ine else (),
            )
        )

    def affiliation(
        self,
        person_id: str,
        organisation_id: str,
        kind: AffiliationKind,
        word: str = "",
        *,
        level: str = "",
        proposes: ProposedRole | None = None,
        starts: date | None = None,
        ends: date | None = None,
    ) -> None:
        """Write what a person is to an organisation."""
        self.roster.affiliations.append(
            AffiliationRow(
                person_id, organisation_id, kind, self._origin("roles.csv"), word, level, proposes, starts, ends
            )
        )

    def group(
        self,
        source_id: str,
        organisation_id: str,
        kind: GroupKind,
        name: str,
        code: str,
        *,
        level: str = "",
        subject: tuple[str, str] = ("", ""),
    ) -> None:
        """Write one class of the school year. `subject` is a code and a name."""
        self.roster.groups.append(
            GroupRow(
                source_id,
                organisation_id,
                kind,
                name,
                self._origin("classes.csv"),
                code,
                level,
                self.school_year,
                *subject,
            )
        )

    def enrolment(
        self,
        person_id: str,
        group_id: str,
        role: EnrolmentRole = EnrolmentRole.LEARNER,
        *,
        starts: date | None = None,
        ends: date | None = None,
    ) -> None:
        """Write a person's place in a group."""
        self.roster.enrolments.append(
            EnrolmentRow(person_id, group_id, role, self._origin("enrollments.csv"), starts, ends)
        )

    def guardianship(self, guardian_id: str, pupil_id: str, link: str) -> None:
        """Write who is responsible for whom; a set says it on the pupil's own line, so the pupil is written before."""
        self.roster.guardianships.append(GuardianshipRow(guardian_id, pupil_id, self._people[pupil_id], link))

    def address(self, given: str, family: str, domain: str) -> str:
        """An e-mail address that nobody else of this roster has, in a domain reserved for examples (RFC 2606)."""
        local = f"{slug(given)}.{slug(family)}"
        found, count = f"{local}@{domain}", 1
        while found in self._addresses:
            count += 1
            found = f"{local}{count}@{domain}"
        self._addresses.add(found)
        return found

    def mobile(self) -> str:
        """The next number of the mobile range that ARCEP keeps for fiction (06 39 98 00 00 to 06 39 98 99 99)."""
        self._mobiles += 1
        return f"06 39 98 {self._mobiles // 100:02d} {self._mobiles % 100:02d}"

    def landline(self) -> str:
        """The next number of the Paris range that ARCEP keeps for fiction (01 99 00 00 00 to 01 99 00 99 99)."""
        self._landlines += 1
        return f"01 99 00 {self._landlines // 100:02d} {self._landlines % 100:02d}"

    def ine(self) -> str:
        """The next RNIE: 9 digits and 2 letters; the leading zeros say that no real pupil bears it."""
        self._ines += 1
        letters = self._ines * 7919 % 676
        return f"000{self._ines * 48611 % 1_000_000:06d}{chr(65 + letters // 26)}{chr(65 + letters % 26)}"

    def finished(self) -> Roster:
        """The roster, with the number of rows that a reader would have counted."""
        roster = self.roster
        roster.rows_read = sum(
            len(rows)
            for rows in (
                roster.organisations,
                roster.people,
                roster.affiliations,
                roster.groups,
                roster.enrolments,
                roster.guardianships,
            )
        )
        return roster

    def _origin(self, file: str) -> Origin:
        # Line 1 of a table is its header.
        self._lines[file] = self._lines.get(file, 1) + 1
        return Origin(file, self._lines[file])
