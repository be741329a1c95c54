"""What this instance says of itself: who may write it, where it shows, and the checks."""

from __future__ import annotations

import pytest
from django.test import Client

from preau.directory.testing import World
from preau.home.actions import change_instance_facts
from preau.home.facts import instance_facts
from preau.home.models import InstanceFact
from preau.kernel.actor import Role, system
from preau.kernel.errors import Refused
from preau.kernel.models import AuditDetail
from preau.signin.testing import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


@pytest.mark.parametrize("role", [Role.REFERENT, Role.DIRECTION])
def test_what_is_written_shows_on_the_pages_that_the_law_wants(world: World, role: Role) -> None:
    browser = signed_in(world.here.people[role])
    sent = {"controller": "La cheffe d’établissement", "host": "  Le collège\n", "processors": "Un\n\n Deux "}
    assert browser.post("/reglages/", sent).status_code == 302
    assert "La cheffe d’établissement" in Client().get("/donnees-personnelles").content.decode()
    facts = instance_facts()
    assert (facts.host, facts.processors) == ("Le collège", ("Un", "Deux"))
    assert facts.organisation == "Collège des Tilleuls"
    shown = browser.get("/reglages/").content.decode()
    assert "La cheffe d’établissement" in shown


def test_an_emptied_line_is_taken_back(world: World) -> None:
    browser = signed_in(world.here.people[Role.REFERENT])
    browser.post("/reglages/", {"host": "Le collège"})
    browser.post("/reglages/", {"host": ""})
    assert not InstanceFact.objects.exists()
    assert instance_facts().host == ""


def test_the_trace_names_what_changed_and_nothing_more(world: World) -> None:
    browser = signed_in(world.here.people[Role.REFERENT])
    browser.post("/reglages/", {"host": "Le collège", "dpo": ""})
    detail = AuditDetail.objects.filter(entry__verb="home.change_instance_facts").get()
    assert detail.details == {"changed": ["host"]}


def test_too_long_is_told_on_its_line_and_kept(world: World) -> None:
    browser = signed_in(world.here.people[Role.REFERENT])
    answer = browser.post("/reglages/", {"host": "x" * 501, "dpo": "Agnès"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "500 signes au plus" in said
    assert 'value="Agnès"' in said
    assert not InstanceFact.objects.exists()


def test_another_school_reads_and_writes_nothing(world: World) -> None:
    guest = world.there.people[Role.DIRECTION]
    browser = signed_in(guest)
    said = browser.get("/reglages/").content.decode()
    assert "btn primary" not in said
    assert "<textarea" not in said
    assert browser.post("/reglages/", {"host": "Chez nous"}).status_code == 403
    with pytest.raises(Refused):
        change_instance_facts(world.there.actor(Role.DIRECTION), world.there.organisation, said={"host": "Chez nous"})
    assert not InstanceFact.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REFERENT, Role.DIRECTION}))
def test_others_are_refused(world: World, role: Role) -> None:
    browser = signed_in(world.here.people[role])
    assert browser.get("/reglages/").status_code == 403
    assert browser.post("/reglages/", {"host": "x"}).status_code == 403
    assert browser.get("/reglages/controles").status_code == 403


def test_a_fact_that_does_not_exist_is_a_fault_of_ours(world: World) -> None:
    with pytest.raises(ValueError, match="colour"):
        change_instance_facts(system("test"), world.here.organisation, said={"colour": "red"})


def test_checks_run_now_and_say_what_is_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(world.here.people[Role.REFERENT])
    monkeypatch.setenv("PREAU_BASE_ULR", "http://localhost")
    said = browser.get("/reglages/controles").content.decode()
    assert "Did you mean PREAU_BASE_URL" in said
    assert "à regarder" in said
    monkeypatch.delenv("PREAU_BASE_ULR")
    assert "Did you mean" not in browser.get("/reglages/controles").content.decode()
