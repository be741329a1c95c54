"""What the words of role, organisation and link columns mean here.

OneRoster 1.0 to 1.2, Microsoft's default lists for School Data Sync, and what French exports write. Words are compared
through `fields.word`. A word nobody knows makes its bearer `staff`, with the word as label: nobody gains by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from preau.directory.rosters.fields import word
from preau.directory.rosters.roster import AffiliationKind, EnrolmentRole, OrganisationKind, ProposedRole


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PUPIL = _all("student students pupil learner eleve apprenant etudiant")
_TEACHER = _all(
    "teacher teachers primaryteacher secondaryteacher homeroomteacher leadteacher professor professeur prof enseignant"
    " lecturer faculty instructor adjunct substitute"
)
_GUARDIAN = _all(
    "parent guardian relative legalguardian mother father pere mere responsable tuteur representantlegal carer"
)
_TRAINER = _all("trainer formateur formatrice intervenant intervenantexterieur")
# Former pupils are told apart only to leave them out: they are nobody's pupil and nobody's colleague.
_FORMER = _all("alumni alumnus alum former ancieneleve")

_PROPOSED = (
    dict.fromkeys(
        _all(
            "principal viceprincipal assistantprincipal deputyprincipal headteacher deputyheadteacher headmaster"
            " headmistress proviseur proviseuradjoint principaladjoint directeur directrice direction"
            " chefdetablissement"
        ),
        ProposedRole.DIRECTION,
    )
    | dict.fromkeys(_all("cpe conseillerprincipaldeducation viescolaire"), ProposedRole.VIE_SCOLAIRE)
    | dict.fromkeys(
        _all("itadmin sysadmin systemadministrator siteadministrator districtadministrator referent referentnumerique"),
        ProposedRole.REFERENT,
    )
)

_ORGANISATIONS = (
    dict.fromkeys(
        _all("ministry ministere ministryofeducation departmentofeducation national state"), OrganisationKind.MINISTRY
    )
    | dict.fromkeys(
        _all("academie district localauthority region local province division municipality"), OrganisationKind.ACADEMIE
    )
    | dict.fromkeys(
        _all("school college university campus adulteducation ecole lycee etablissement"), OrganisationKind.SCHOOL
    )
    | dict.fromkeys(_all("department program researchcenter"), OrganisationKind.DEPARTMENT)
    | dict.fromkeys(_all("association academictrust"), OrganisationKind.ASSOCIATION)
)

# Contacts of a pupil who answer for nobody (Microsoft's list has them beside parents and relatives).
_NO_GUARDIAN = _all("doctor aide administrator child sibling")

_ADULTS_IN_CLASS = _TEACHER | _all(
    "administrator proctor aide assistant teacherassistant paraprofessional staff coach advisor counselor"
)


def affiliation(role: str) -> tuple[AffiliationKind, ProposedRole | None] | None:
    """What a role word makes of its bearer, and the power it suggests; None for former pupils."""
    folded = word(role)
    if folded in _FORMER:
        return None
    for words, kind in (
        (_PUPIL, AffiliationKind.PUPIL),
        (_TEACHER, AffiliationKind.TEACHER),
        (_GUARDIAN, AffiliationKind.GUARDIAN),
        (_TRAINER, AffiliationKind.TRAINER),
    ):
        if folded in words:
            return kind, None
    return AffiliationKind.STAFF, _PROPOSED.get(folded)


def enrolment(role: str, kinds: Iterable[AffiliationKind]) -> EnrolmentRole | None:
    """What somebody of these `kinds` does in a group under this word; None when nobody can tell.

    A pupil is a learner whatever the word: a file does not make a twelve-year-old a teacher of others.
    """
    known = set(kinds)
    folded = word(role)
    if folded in _PUPIL or known == {AffiliationKind.PUPIL}:
        return EnrolmentRole.LEARNER
    if folded in _GUARDIAN:
        return None
    if folded in _ADULTS_IN_CLASS or known & {AffiliationKind.TEACHER, AffiliationKind.STAFF, AffiliationKind.TRAINER}:
        return EnrolmentRole.TEACHER
    return None


def is_adult_in_class(role: str) -> bool:
    """Whether the word says that its bearer teaches or helps in a group."""
    return word(role) in _ADULTS_IN_CLASS


def organisation(kind: str) -> OrganisationKind:
    """The kind an organisation's type word means; OTHER when it means none."""
    return _ORGANISATIONS.get(word(kind), OrganisationKind.OTHER)


def is_guardian_link(link: str) -> bool:
    """Whether a relationship word may mean somebody responsible for the pupil; an unknown or empty word may."""
    return word(link) not in _NO_GUARDIAN
