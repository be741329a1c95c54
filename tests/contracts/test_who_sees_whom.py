"""Who sees whom, written out: the table of docs/directory.md as data, asked of the pages, the search and the list.

Nothing here imports a policy: were the policies wrong, this would not be wrong with them.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from preau.directory.models import Person
from preau.directory.search import search
from preau.directory.testing import World, make_world
from preau.kernel.actor import Actor, Role
from preau.platform.testing import text_of, visitor

pytestmark = [pytest.mark.contract, pytest.mark.django_db(databases=["default", "volatile"])]

# Everybody of the world's own school, by the given name that the factories gave them.
COLLEAGUES = "Théo Violette Agathe Anouk Noémie Rémi Diane"
EVERYBODY = "Élodie Côme Inès Gaspard Odile Fabien Achille Maxence Daphné " + COLLEAGUES

# who looks → whom of their own school they see, besides themselves.
SEES = {
    "pupil": "Côme Théo Agathe",  # Agathe accompanies the pupil in the sensitive group
    "guardian": "Élodie Théo Agathe",
    "teacher": "Élodie Côme Gaspard Odile " + COLLEAGUES,
    "vie_scolaire": "Élodie Côme Inès Gaspard Odile " + COLLEAGUES,
    "aed": "Élodie Côme Inès " + COLLEAGUES,
    "aesh": "Élodie " + COLLEAGUES,
    "health": "Élodie Côme Inès Gaspard Odile " + COLLEAGUES,
    "referent": EVERYBODY + " Solal",
    "direction": EVERYBODY + " Solal Prune",
    "academie": COLLEAGUES,
    "ministere": "",
    "dpo": "",
    "trainer": "",
}
# Of whom the record shows an address; "authority": whose record says what a guardian may; "born": a birth date.
CONTACTS = {
    "teacher": "Élodie Gaspard",
    "vie_scolaire": "Élodie Gaspard",
    "referent": "Élodie Gaspard",
    "direction": "Élodie Gaspard",
}
AUTHORITY = {"vie_scolaire": "Élodie Gaspard", "direction": "Élodie Gaspard", "guardian": "Élodie Gaspard"}
BORN = {"vie_scolaire": "Élodie", "referent": "Élodie", "direction": "Élodie"}
USERNAME = {"teacher": "Élodie", "referent": "Élodie", "direction": "Élodie"}
# Who reads, on the pupil's record, which guardians.
GUARDIANS = {
    "guardian": "Gaspard",
    "teacher": "Gaspard Odile",
    "vie_scolaire": "Gaspard Odile",
    "health": "Gaspard Odile",
    "referent": "Gaspard Odile",
    "direction": "Gaspard Odile",
}
# Who finds which groups of the pupil's school.
GROUPS = {
    "pupil": "4e C, Latin",
    "guardian": "4e C, Latin",
    "teacher": "3e A, 4e C, Latin, ULIS",
    "vie_scolaire": "3e A, 4e C, Latin, ULIS",
    "aed": "3e A, 4e C, Latin",
    "aesh": "3e A, 4e C, Latin, ULIS",
    "health": "3e A, 4e C, Latin, ULIS",
    "referent": "3e A, 4e C, Latin, ULIS",
    "direction": "3e A, 4e C, Latin, ULIS",
}
WITHOUT_DIRECTORY = {"ministere", "dpo", "trainer"}
WHO = sorted(SEES)


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture
def world() -> World:
    return make_world()


def actor_of(world: World, who: str) -> Actor:
    special = {"aed": world.here.aed, "aesh": world.here.aesh, "health": world.here.health}
    return special.get(who) or world.here.actor(Role(who))


def people_of(world: World) -> dict[str, Person]:
    """Everybody of both schools, the other school's marked."""
    found = {}
    for person in Person.objects.all():
        found[person.given_name + ("" if person.family_name == "Ici" else "*")] = person
    return found


def expected(world: World, who: str) -> set[str]:
    myself = Person.objects.get(uuid=str(actor_of(world, who).uuid))
    return set(SEES[who].split()) | {myself.given_name}


def opened(client: Client, person: Person) -> bool:
    status = client.get(f"/annuaire/personnes/{person.uuid}").status_code
    assert status in {200, 404, 403}
    return status == 200


@pytest.mark.parametrize("who", WHO)
def test_whose_page_opens(world: World, who: str) -> None:
    client = visitor(actor_of(world, who))
    seen = {name for name, person in people_of(world).items() if opened(client, person)}
    assert seen == (set() if who in WITHOUT_DIRECTORY else expected(world, who))


@pytest.mark.parametrize("who", WHO)
def test_whom_the_search_from_anywhere_finds(world: World, who: str) -> None:
    actor = actor_of(world, who)
    found = {hit.title for q in ("ici", "ailleurs") for hit in search(actor, q, 100) if hit.kind == "person"}
    assert found == {f"{name} Ici" for name in expected(world, who)}


@pytest.mark.parametrize("who", sorted(set(WHO) - WITHOUT_DIRECTORY))
@pytest.mark.parametrize("address", ["/annuaire/", "/annuaire/?q=ici"])
def test_whom_the_list_shows(world: World, who: str, address: str) -> None:
    page = text_of(visitor(actor_of(world, who)).get(address))
    page = page[page.index('id="found"') :].replace("<mark>", "").replace("</mark>", "")
    named = set(re.findall(r'class="title">(\S+) Ici<', page))
    assert named == expected(world, who)
    assert "Ailleurs" not in page


@pytest.mark.parametrize("who", sorted(set(WHO) - WITHOUT_DIRECTORY))
def test_which_groups_the_list_shows(world: World, who: str) -> None:
    page = text_of(visitor(actor_of(world, who)).get("/annuaire/?only=groupes"))
    named = set(re.findall(r'class="title">([^<]+)<', page))
    assert named == ({*GROUPS[who].split(", ")} if who in GROUPS else set())


def shows(world: World, who: str, what: dict[str, str]) -> set[str]:
    """Of whose record that this actor may open `what` gives the text."""
    client = visitor(actor_of(world, who))
    people = people_of(world)
    me = actor_of(world, who).id
    found = set()
    for name, text in what.items():
        if people[name].pk != me and opened(client, people[name]):
            page = text_of(client.get(f"/annuaire/personnes/{people[name].uuid}"))
            if text in page:
                found.add(name)
    return found


@pytest.mark.parametrize("who", sorted(set(WHO) - WITHOUT_DIRECTORY))
def test_what_a_record_tells(world: World, who: str) -> None:
    addresses = {"Élodie": "pupil@exemple.fr", "Gaspard": "guardian@exemple.fr"}
    assert shows(world, who, addresses) == set(CONTACTS.get(who, "").split())
    assert shows(world, who, {"Élodie": "30 septembre 2013"}) == set(BORN.get(who, "").split())
    authority = {"Élodie": "autorité parentale", "Gaspard": "autorité parentale"}
    me = {"guardian": {"Gaspard"}}.get(who, set())
    assert shows(world, who, authority) == set(AUTHORITY.get(who, "").split()) - me
    username = world.here.pupil.username
    mine = {"Élodie"} if who == "pupil" else set()
    assert shows(world, who, {"Élodie": f">{username}<"}) == set(USERNAME.get(who, "").split()) - mine


@pytest.mark.parametrize("who", sorted(set(WHO) - WITHOUT_DIRECTORY - {"academie"}))
def test_which_guardians_a_pupils_record_names(world: World, who: str) -> None:
    page = text_of(visitor(actor_of(world, who)).get(f"/annuaire/personnes/{world.here.pupil.uuid}"))
    named = {name for name in ("Gaspard", "Odile") if f"<b>{name} Ici</b>" in page}
    assert named == set(GUARDIANS.get(who, "").split())


def test_a_guardian_whose_right_ended_sees_nothing(world: World) -> None:
    """Undecided, or decided against: the adult finds neither the child nor the teachers."""
    adult = world.here.other_guardian
    hat = world.here.actor(Role.GUARDIAN).hats
    actor = Actor(kind=world.here.actor(Role.GUARDIAN).kind, id=adult.pk, uuid=adult.uuid, hats=hat)
    client = visitor(actor)
    seen = {name for name, person in people_of(world).items() if opened(client, person)}
    assert seen == {"Odile"}
