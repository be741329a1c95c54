"""The demo's directory: the roster goes in by files, like anybody's, then the demo's people act, through actions only.

A load that was cut goes on where it stopped: what is already in, given or decided is left as it is.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from preau.directory.actions.granting import (
    confirm_guardianships,
    decide_guardianship,
    decide_proposed_role,
    give_role,
)
from preau.directory.actions.importing import apply_import, simulate_import
from preau.directory.actions.people import protect_person, rename_account, suspend_person
from preau.directory.demo_school import CAST, RESTRICTED, generate
from preau.directory.demo_school.cast import INFORMED, pupil_id, staff_id
from preau.directory.demo_school.college import ACADEMIE, COLLEGE, DIVISION, MINISTRY
from preau.directory.models import Grant, Group, Guardianship, Membership, Organisation, Person
from preau.directory.models.base import current
from preau.directory.models.guardianship import Authority
from preau.directory.models.identity import GROUP_ID, ORGANISATION_ID, PERSON_ID
from preau.directory.models.importing import Import, ImportState
from preau.directory.models.person import GrantState, PersonState
from preau.directory.organisations import root
from preau.directory.rosters.reading import read
from preau.directory.rosters.writing import write_oneroster
from preau.kernel import clock
from preau.kernel.actor import Actor, ActorKind, Hat, Role, Scope, system

FILE_NAME = "rentree-academie-de-demonstration"
HOUSE = system("demo")

# The class whose guardians its direction has not looked at yet: the page that confirms them then has something to show.
LEFT_OPEN = DIVISION["6B"]
# Theirs is the address that nobody but direction may know.
PROTECTED = pupil_id("mael-tissier")
SUSPENDED = staff_id("r-vigneron")
HEALTH_WORDS = frozenset({"infirmière", "PsyEN", "assistante sociale"})


def run() -> None:
    """Fills the directory of an empty instance."""
    _import_roster()
    head = _person(CAST["direction"])
    _accept_heads()
    direction = _as_direction(head, _organisation(COLLEGE))
    _name_the_cast(direction)
    _accept_proposals(direction)
    _give_what_no_file_says(direction)
    _give_above_schools()
    _decide_guardians(direction)
    _protect_and_suspend(direction)


def _import_roster() -> None:
    if Import.objects.filter(state=ImportState.APPLIED, file_name=FILE_NAME).exists():
        return
    with TemporaryDirectory(prefix="preau-demo-") as folder:
        write_oneroster(generate(clock.today()), Path(folder), when=clock.local_now())
        roster = read(Path(folder), today=clock.today())
    of, _plan = simulate_import(
        HOUSE, roster, organisation=root(), school=None, limited=False, complete=False, file_name=FILE_NAME
    )
    apply_import(HOUSE, of, roster, school=None, limited=False, accept_exodus=True, report=_say_nothing)


def _say_nothing(step: str, done: int, total: int) -> None:
    """Nobody watches the demo come in."""


def _person(source_id: str) -> Person:
    return Person.objects.get(external_ids__kind=PERSON_ID, external_ids__value=source_id)


def _organisation(source_id: str) -> Organisation:
    return Organisation.objects.get(external_ids__kind=ORGANISATION_ID, external_ids__value=source_id)


def _as_direction(person: Person, school: Organisation) -> Actor:
    hat = Hat(role=Role.DIRECTION, organisation_id=school.pk, path=school.path)
    return Actor(kind=ActorKind.PERSON, id=person.pk, uuid=person.uuid, hats=(hat,))


def _accept_heads() -> None:
    """One direction a school, as the set-up page gives it to whoever installs: the house names the first."""
    waiting = Grant.objects.filter(state=GrantState.PROPOSED, role=Role.DIRECTION).select_related("organisation")
    given = set(
        Grant.objects.filter(state=GrantState.GIVEN, role=Role.DIRECTION).values_list("organisation", flat=True)
    )
    first = _person(CAST["direction"]).pk
    for grant in sorted(waiting, key=lambda grant: (grant.person_id != first, grant.pk)):
        if grant.organisation_id not in given:
            decide_proposed_role(HOUSE, grant, accept=True, reason="Mise en route de l’établissement")
            given.add(grant.organisation_id)


def _name_the_cast(direction: Actor) -> None:
    school = _organisation(COLLEGE)
    for username, source_id in CAST.items():
        person = _person(source_id)
        if person.username == username:
            continue
        of_school = person.affiliations.filter(organisation=school).exists()
        rename_account(direction if of_school else HOUSE, person, username=username)


def _accept_proposals(direction: Actor) -> None:
    waiting = Grant.objects.filter(state=GrantState.PROPOSED, organisation=_organisation(COLLEGE))
    for grant in waiting.order_by("pk"):
        decide_proposed_role(direction, grant, accept=True, reason="Conforme aux nominations de la rentrée")


def _give_what_no_file_says(direction: Actor) -> None:
    """Supervisors work for vie scolaire and see names; health and social staff see families, under seal."""
    school = _organisation(COLLEGE)
    ties = school.affiliations.filter(current(), kind="staff").select_related("person").order_by("pk")
    for tie in ties:
        if tie.label == "AED":
            reason = "Assistant d’éducation : délégation de la vie scolaire, noms et classes"
            _give(direction, tie.person, Role.VIE_SCOLAIRE, school, reason, Scope.NAMES)
        elif tie.label in HEALTH_WORDS:
            reason = f"Fonction : {tie.label} ; fils de discussion scellés"
            _give(direction, tie.person, Role.STAFF, school, reason, Scope.HEALTH)


def _give_above_schools() -> None:
    """No direction stands above a school: these come with the contract between school, académie and ministry."""
    academie, ministry = _organisation(ACADEMIE), _organisation(MINISTRY)
    reason = "Convention d’hébergement"
    _give(HOUSE, _person(CAST["academie"]), Role.ACADEMIE, academie, reason)
    _give(HOUSE, _person(CAST["ministere"]), Role.MINISTERE, ministry, reason)
    _give(HOUSE, _person(CAST["dpo"]), Role.DPO, academie, "Désignée par le recteur, art. 37 du RGPD")


def _give(
    actor: Actor, person: Person, role: Role, organisation: Organisation, reason: str, scope: Scope = Scope.WHOLE
) -> None:
    held = Grant.objects.filter(current(), person=person, role=role, organisation=organisation, state=GrantState.GIVEN)
    if not held.exists():
        give_role(actor, person, role=role, organisation=organisation, reason=reason, scope=scope)


def _decide_guardians(direction: Actor) -> None:
    """Restrictions first, one by one; then the others class by class, except the class left open."""
    for guardian, pupil, state in RESTRICTED:
        tie = Guardianship.objects.get(guardian=_person(guardian), pupil=_person(pupil))
        if tie.decided_at is None:
            informed = state == INFORMED
            decide_guardianship(
                direction,
                tie,
                state=Authority.INFORMED if informed else Authority.NONE,
                nature="jugement du juge aux affaires familiales" if informed else "ordonnance de protection",
            )
    left_open = Group.objects.get(external_ids__kind=GROUP_ID, external_ids__value=LEFT_OPEN.source_id)
    divisions = Group.objects.filter(organisation=left_open.organisation_id, kind="division")
    for division in divisions.exclude(pk=left_open.pk).order_by("pk"):
        learners = Membership.objects.filter(current(), group=division, role="learner").values("person")
        waiting = Guardianship.objects.filter(current(), pupil__in=learners, decided_at=None)
        if ties := list(waiting.order_by("pk")):
            confirm_guardianships(direction, division, ties)


def _protect_and_suspend(direction: Actor) -> None:
    protected = _person(PROTECTED)
    if not protected.is_protected:
        protect_person(direction, protected, protected=True, reason="Adresse cachée à un parent")
    suspended = _person(SUSPENDED)
    if suspended.state == PersonState.ACTIVE:
        suspend_person(direction, suspended, reason="Contrat suspendu jusqu’au retour de congé")
