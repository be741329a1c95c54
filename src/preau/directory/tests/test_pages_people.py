"""A person's page, the list, and what is done by hand: who may, what is kept, what it says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.directory.actions.people import edit_person
from preau.directory.models import Affiliation, Membership, Person
from preau.directory.models.person import PersonState
from preau.directory.pages.parts import marked
from preau.directory.search import search
from preau.directory.testing import World, make_guardianship, make_membership, make_person, make_world
from preau.kernel.actor import Role
from preau.kernel.models import AuditEntry, Disclosure
from preau.platform.testing import text_of, visitor

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture
def world() -> World:
    return make_world()


def crowd(world: World, number: int) -> None:
    """Pupils with a guardian each, in the division."""
    for index in range(number):
        pupil = make_person(f"Alix{index}", "Nombreux", school=world.here.organisation, role=Role.PUPIL)
        make_membership(pupil, world.here.division)
        guardian = make_person(f"Parent{index}", "Nombreux", school=world.here.organisation, role=Role.GUARDIAN)
        make_guardianship(guardian, pupil)


def queries_of(world: World, role: Role, address: str) -> int:
    client = visitor(world.here.actor(role))
    client.get(address)  # disclosures are written once a day
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


# How many queries each page asks, whatever it holds. Those of a person and of a group also hold what upper rooms add.
QUERIES = {
    "/annuaire/": 14,
    "/annuaire/?q=nombreux": 10,
    "/annuaire/groupes/": 7,
    "/annuaire/groupes/{division}/responsables": 4,
    "/annuaire/roles": 3,
}
WITH_SLOTS = {"/annuaire/groupes/{division}": 14, "/annuaire/personnes/{pupil}": 28}


@pytest.mark.parametrize(("address", "most"), [*QUERIES.items(), *WITH_SLOTS.items()])
def test_a_page_asks_as_much_for_many_as_for_few(world: World, address: str, most: int) -> None:
    url = address.format(division=world.here.division.uuid, pupil=world.here.pupil.uuid)
    crowd(world, 2)
    few = queries_of(world, Role.DIRECTION, url)
    crowd(world, 12)
    assert queries_of(world, Role.DIRECTION, url) == few
    assert few == most if address in QUERIES else few <= most


class TestSearch:
    def test_it_answers_htmx_with_the_list_alone(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        whole = text_of(client.get("/annuaire/?q=elo"))
        part = text_of(client.get("/annuaire/?q=elo", headers={"HX-Request": "true", "HX-Request-Type": "partial"}))
        assert "<html" in whole
        assert part.lstrip().startswith('<div id="found">')
        assert "<mark>Élo</mark>die Ici" in part

    @pytest.mark.parametrize(
        ("name", "q", "shown"),
        [
            ("Lina Nuñez", "nun", "Lina <mark>Nuñ</mark>ez"),
            ("Łukasz Wolny", "lu wo", "<mark>Łu</mark>kasz <mark>Wo</mark>lny"),
            ("Zoé d’Artagnan", "arta", "Zoé d’<mark>Arta</mark>gnan"),
            ("Œuvrard Max", "oe", "<mark>Œ</mark>uvrard Max"),
            ("<b>Eve</b>", "eve", "&lt;b&gt;<mark>Eve</mark>&lt;/b&gt;"),
            ("Lina", "ina", "Lina"),
        ],
    )
    def test_it_marks_what_matched(self, name: str, q: str, shown: str) -> None:
        assert marked(name, q) == shown

    def test_near_homonyms_are_told(self, world: World) -> None:
        for given, family in (("Lina", "Nuñez"), ("Lina", "Nunez-Caro"), ("Noé", "Nunes"), ("Noé", "Nuñès")):
            make_person(given, family, school=world.here.organisation, role=Role.PUPIL)
        page = text_of(visitor(world.here.actor(Role.REFERENT)).get("/annuaire/?q=nun"))
        assert page.count("presque homonyme") == 2
        assert page.count("homonyme") == 4

    def test_a_shelf_and_pages(self, world: World) -> None:
        crowd(world, 60)
        client = visitor(world.here.actor(Role.REFERENT))
        first = text_of(client.get("/annuaire/?q=nombreux&only=eleves"))
        second = text_of(client.get("/annuaire/?q=nombreux&only=eleves&page=2"))
        assert first.count("Nombreux</mark>") == 50
        assert second.count("Nombreux</mark>") == 10
        assert "Responsables · 60" in first

    def test_too_many_says_so(self, world: World) -> None:
        crowd(world, 101)
        page = text_of(visitor(world.here.actor(Role.REFERENT)).get("/annuaire/?q=nombreux"))
        assert "plus de 200" in page

    @pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=²", "only=rien", "p=x", "q=%25"])
    def test_a_strange_address_is_still_a_page(self, world: World, query: str) -> None:
        assert visitor(world.here.actor(Role.REFERENT)).get(f"/annuaire/?{query}").status_code == 200

    def test_what_was_shown_is_written_down(self, world: World) -> None:
        visitor(world.here.actor(Role.TEACHER)).get("/annuaire/?q=elodie")
        shown = Disclosure.objects.get(subject=world.here.pupil.pk)
        assert (shown.viewer, shown.purpose) == (world.here.teacher.pk, "Annuaire")

    def test_the_chosen_person_stands_beside(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        page = text_of(client.get(f"/annuaire/?q=ici&p={world.here.pupil.uuid}"))
        assert '<aside class="person" id="p"' in page
        other = text_of(client.get(f"/annuaire/?q=ici&p={world.there.pupil.uuid}"))
        assert '<aside class="person"' not in other


UNUSABLE = ["x" * 121, "Ma\x1flo", "Ma\u202elo", "Ma\u2069lo", "Ma\u2028lo"]


class TestLegalName:
    @pytest.mark.parametrize(
        ("role", "finds"),
        [(Role.DIRECTION, True), (Role.REFERENT, True), (Role.TEACHER, False), (Role.GUARDIAN, False)],
    )
    def test_a_preferred_name_hides_the_other_from_searches(self, world: World, role: Role, *, finds: bool) -> None:
        pupil = world.here.pupil
        names = {"given_name": "Gwenaelle", "preferred_given_name": "Malo"}
        edit_person(world.here.actor(Role.DIRECTION), pupil, **names)
        client = visitor(world.here.actor(role))
        for q, shown in (("gwen", finds), ("gwen ici", finds), ("malo ici", True)):
            page = text_of(client.get("/annuaire/", {"q": q}))
            assert (str(pupil.uuid) in page) is shown, q
            hits = search(world.here.actor(role), q, 20)
            assert any(hit.person_id == pupil.pk for hit in hits) is shown, q


class TestTexts:
    @pytest.mark.parametrize("value", UNUSABLE)
    def test_what_no_name_holds_is_told(self, world: World, value: str) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        for field in ("given_name", "family_name", "email", "label"):
            text = value * 3 if value[0] == "x" else value
            text = f"{text}@exemple.fr" if field == "email" else text
            answer = client.post("/annuaire/ajouter", {"kind": "staff", "family_name": "Neuf", field: text})
            assert answer.status_code == 422, field
            assert 'class="error"' in text_of(answer)
        assert not Person.objects.filter(family_name="Neuf").exists()
        pupil = world.here.pupil
        for field in ("given_name", "family_name", "preferred_given_name", "phone"):
            answer = client.post(f"/annuaire/personnes/{pupil.uuid}/modifier", {field: value})
            assert answer.status_code == 422, field
            assert 'class="error"' in text_of(answer)
        answer = client.post(f"/annuaire/personnes/{pupil.uuid}/identifiant", {"username": value})
        assert answer.status_code == 422
        before = (pupil.given_name, pupil.username)
        pupil.refresh_from_db()
        assert (pupil.given_name, pupil.username) == before

    def test_a_form_with_errors_shows_the_record_and_says_so(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        url = f"/annuaire/personnes/{world.here.pupil.uuid}/modifier"
        assert client.post(url, {"given_name": "x" * 121}).status_code == 422
        assert Disclosure.objects.filter(subject=world.here.pupil.pk).exists()

    def test_nul_is_refused_before_a_database_sees_it(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        assert client.get("/annuaire/?q=%00").status_code == 400
        assert client.post("/annuaire/ajouter", {"kind": "staff", "family_name": "A\0b"}).status_code == 400


class TestAdd:
    def test_a_pupil_joins_a_class(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        sent = {
            "kind": "pupil", "given_name": "Malo", "family_name": "Arrivé", "birth_date": "03/02/2014",
            "group": str(world.here.division.uuid), "email": "",
        }  # fmt: skip
        answer = client.post("/annuaire/ajouter", sent)
        made = Person.objects.get(family_name="Arrivé")
        assert answer.headers["Location"] == f"/annuaire/personnes/{made.uuid}"
        assert made.birth_date == dt.date(2014, 2, 3)
        assert Membership.objects.get(person=made).group == world.here.division
        assert Affiliation.objects.get(person=made).organisation == world.here.organisation

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"given_name": " ", "family_name": ""}, "au moins un nom"),
            ({"kind": "prince"}, "Choisissez ce que cette personne est ici"),
            ({"birth_date": "31/02/2014"}, "Cette date n’existe pas"),
            ({"birth_date": "2099-01-01"}, "Une naissance est dans le passé"),
            ({"email": "pas une adresse"}, "Une adresse s’écrit comme"),
            ({"group": "00000000-0000-7000-8000-000000000000"}, "Cette classe n’existe plus"),
        ],
    )
    def test_what_cannot_be_used_is_said_and_the_rest_kept(
        self, world: World, change: dict[str, str], sentence: str
    ) -> None:
        sent = {"kind": "pupil", "given_name": "Malo", "family_name": "Arrivé", "label": "à garder", **change}
        answer = visitor(world.here.actor(Role.REFERENT)).post("/annuaire/ajouter", sent)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert 'value="à garder"' in text_of(answer)
        assert not Person.objects.filter(given_name="Malo").exists()

    def test_a_class_of_another_school_is_none(self, world: World) -> None:
        sent = {"kind": "pupil", "given_name": "Malo", "group": str(world.there.division.uuid)}
        assert visitor(world.here.actor(Role.REFERENT)).post("/annuaire/ajouter", sent).status_code == 422


class TestEdit:
    def url(self, world: World, what: str = "modifier") -> str:
        return f"/annuaire/personnes/{world.here.pupil.uuid}/{what}"

    def test_names_and_contacts(self, world: World) -> None:
        sent = {"given_name": "Élodie", "family_name": "Ici", "preferred_given_name": "Élo", "email": "e@exemple.fr",
                "phone": "06", "birth_date": "2013-09-30"}  # fmt: skip
        assert visitor(world.here.actor(Role.REFERENT)).post(self.url(world), sent).status_code == 302
        assert Person.objects.get(pk=world.here.pupil.pk).display_name == "Élo Ici"

    def test_an_empty_name_is_refused_and_what_was_typed_stays(self, world: World) -> None:
        sent = {"given_name": "", "family_name": "", "preferred_given_name": "", "phone": "0123"}
        answer = visitor(world.here.actor(Role.REFERENT)).post(self.url(world), sent)
        assert answer.status_code == 422
        assert 'value="0123"' in text_of(answer)
        assert Person.objects.get(pk=world.here.pupil.pk).family_name == "Ici"

    @pytest.mark.parametrize("username", ["", "Élodie !", "a" * 61, ".a"])
    def test_a_username_that_cannot_be(self, world: World, username: str) -> None:
        answer = visitor(world.here.actor(Role.REFERENT)).post(self.url(world, "identifiant"), {"username": username})
        assert answer.status_code == 422
        assert "Un identifiant s’écrit" in text_of(answer)

    def test_a_username_taken_in_another_school_too(self, world: World) -> None:
        sent = {"username": world.there.pupil.username}
        answer = visitor(world.here.actor(Role.REFERENT)).post(self.url(world, "identifiant"), sent)
        assert answer.status_code == 422
        assert "déjà pris" in text_of(answer)

    def test_rename(self, world: World) -> None:
        visitor(world.here.actor(Role.DIRECTION)).post(self.url(world, "identifiant"), {"username": "Elo.Ici"})
        assert Person.objects.get(pk=world.here.pupil.pk).username == "elo.ici"


class TestStates:
    def test_suspended_then_undone_from_the_toast(self, world: World) -> None:
        client = visitor(world.here.actor(Role.REFERENT))
        page = f"/annuaire/personnes/{world.here.pupil.uuid}"
        client.post(f"{page}/desactiver", {"reason": "Carte perdue"})
        assert Person.objects.get(pk=world.here.pupil.pk).state == PersonState.SUSPENDED
        shown = text_of(client.get(page))
        assert "Compte désactivé" in shown
        assert f'action="{page}/reactiver"' in shown
        client.post(f"{page}/reactiver")
        assert Person.objects.get(pk=world.here.pupil.pk).state == PersonState.ACTIVE

    def test_nobody_closes_their_own_account(self, world: World) -> None:
        me = world.here.people[Role.REFERENT]
        answer = visitor(world.here.actor(Role.REFERENT)).post(f"/annuaire/personnes/{me.uuid}/desactiver")
        assert answer.status_code == 409

    def test_a_referent_does_not_close_the_directions(self, world: World) -> None:
        head = world.here.people[Role.DIRECTION]
        client = visitor(world.here.actor(Role.REFERENT))
        assert client.post(f"/annuaire/personnes/{head.uuid}/desactiver").status_code == 403
        assert "Désactiver le compte" not in text_of(client.get(f"/annuaire/personnes/{head.uuid}"))

    def test_protected_disappears_but_for_the_direction(self, world: World) -> None:
        page = f"/annuaire/personnes/{world.here.pupil.uuid}"
        direction = visitor(world.here.actor(Role.DIRECTION))
        direction.post(f"{page}/proteger", {"reason": "Adresse cachée"})
        assert "Personne protégée" in text_of(direction.get(page))
        for role in (Role.REFERENT, Role.TEACHER, Role.VIE_SCOLAIRE):
            assert visitor(world.here.actor(role)).get(page).status_code == 404
        # Direction decided that this guardian exercises authority.
        assert visitor(world.here.actor(Role.GUARDIAN)).get(page).status_code == 200
        direction.post(f"{page}/ne-plus-proteger")
        assert visitor(world.here.actor(Role.TEACHER)).get(page).status_code == 200


def test_every_act_leaves_a_trace_with_its_author(world: World) -> None:
    visitor(world.here.actor(Role.DIRECTION)).post(
        f"/annuaire/personnes/{world.here.pupil.uuid}/desactiver", {"reason": "Essai"}
    )
    entry = AuditEntry.objects.get(verb="directory.suspend_person")
    assert (entry.actor, entry.subject) == (world.here.people[Role.DIRECTION].pk, world.here.pupil.pk)
    assert entry.detail.details == {"reason": "Essai"}


def test_pages_speak_english(world: World) -> None:
    client = visitor(world.here.actor(Role.DIRECTION), language="en")
    page = text_of(client.get(f"/annuaire/personnes/{world.here.pupil.uuid}"))
    assert "You see this record as" in page
    assert "parental authority" in page
    assert "Vous voyez" not in page


def test_a_pupil_reads_tu(world: World) -> None:
    page = text_of(visitor(world.here.actor(Role.PUPIL)).get(f"/annuaire/personnes/{world.here.classmate.uuid}"))
    assert "Tu vois ici un nom et un rôle" in page
