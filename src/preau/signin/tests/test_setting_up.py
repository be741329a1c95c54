"""`preau setup`, the page behind its link, and `preau user code`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from preau.directory.api import Organisation, Person, corrected_uai, set_up_school
from preau.directory.testing import SchoolWorld, make_school
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import ANONYMOUS, Role, system
from preau.kernel.errors import Conflict, Invalid, Refused
from preau.kernel.models import AuditEntry
from preau.signin.actions.setting_up import make_setup_link
from preau.signin.commands import setup, user
from preau.signin.hats import hats_of
from preau.signin.models import OneUseCode, Session, SetupLink

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])
FORM = {
    "uai": "0999999F",
    "school": "Collège Marie-Curie",
    "zone": "C",
    "given_name": "Hervé",
    "family_name": "Besson",
    "username": "herve.besson",
    "password": "onze-parapluies-dans-la-cour",
}


@pytest.fixture
def url(db: None) -> str:
    return f"/installation/{make_setup_link(system('preau setup'))[0]}"


def ran(module: Any, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    status: int = module.run(parser.parse_args(arguments))
    return status


def test_one_page_opens_a_school_and_signs_its_first_person_in(url: str) -> None:
    client = Client()
    assert client.get(url).status_code == 200
    answer = client.post(url, FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    school = Organisation.objects.get(uai="0999999F")
    assert (school.name, school.zone, school.stage, school.kind) == ("Collège Marie-Curie", "C", "college", "school")
    assert school.parent is not None
    assert school.parent.kind == "instance"
    person = Person.objects.get()
    assert (person.display_name, person.username) == ("Hervé Besson", "herve.besson")
    assert [choice.hat.role for choice in hats_of(person.pk)] == [Role.REFERENT, Role.DIRECTION]
    assert {grant.reason for grant in person.grants.all()} == {"mise en service"}
    assert Session.objects.get().person == person
    assert client.get("/moi/connexions").status_code == 200
    assert AuditEntry.objects.filter(verb="signin.set_up").count() == 1
    again = Client().post("/connexion", {"username": "herve.besson", "password": FORM["password"]})
    assert again.status_code == 302


def test_the_link_opens_once(url: str) -> None:
    Client().post(url, FORM)
    for answer in (Client().get(url), Client().post(url, {**FORM, "uai": "0999998E", "username": "autre"})):
        assert answer.status_code == 404
        assert "preau setup" in answer.content.decode().replace("\xa0", " ")
    assert Person.objects.count() == 1


def test_the_link_dies_after_an_hour_and_when_another_is_made(url: str) -> None:
    with clock.moved(clock.now() + dt.timedelta(hours=1, seconds=1)):
        assert Client().get(url).status_code == 404
    make_setup_link(system("preau setup"))
    assert Client().get(url).status_code == 404
    assert SetupLink.objects.count() == 1


def test_a_made_up_link_opens_nothing(db: None) -> None:
    assert Client().get("/installation/jamais-fait").status_code == 404
    assert Client().post("/installation/jamais-fait", FORM).status_code == 404


def test_the_pages_address_goes_nowhere(url: str) -> None:
    answer = Client().get(url)
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("uai", "99", "sept chiffres et une lettre"),
        ("uai", "", "sept chiffres et une lettre"),
        ("school", " ", "nom de l’établissement"),
        ("zone", "D", "Choisissez une zone"),
        ("given_name", "", "votre prénom"),
        ("family_name", "", "votre nom"),
        ("username", "Hervé B", "sans accent"),
        ("username", "deja.pris", "déjà pris"),
        ("password", "court", "Trop court"),
        ("password", "herve.besson", "identifiant s’y lit"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_half_done(
    url: str, school: SchoolWorld, field: str, value: str, says: str
) -> None:
    school.teacher.username = "deja.pris"
    with machinery("testing"):
        school.teacher.save()
    before = Organisation.objects.count(), Person.objects.count()
    answer = Client().post(url, {**FORM, field: value})
    assert answer.status_code == 422
    page = answer.content.decode().replace("\xa0", " ")
    assert says in page
    if field != "school":
        assert 'value="Collège Marie-Curie"' in page
    assert FORM["password"] not in page
    assert (Organisation.objects.count(), Person.objects.count()) == before
    assert Client().post(url, FORM).status_code == 302


def test_a_wrong_letter_is_a_warning_that_gives_the_right_one(url: str) -> None:
    hint = Client().post(f"{url}/uai", {"uai": " 0999999z "}).content.decode()
    assert "<b>0999999F</b>" in hint
    assert "<b>" not in Client().post(f"{url}/uai", {"uai": "0999999F"}).content.decode()
    client = Client()
    assert client.post(url, {**FORM, "uai": "0999999z"}).status_code == 302
    assert Organisation.objects.filter(uai="0999999Z").exists()
    assert "0999999F" in client.get("/moi/connexions").content.decode()


@pytest.mark.parametrize(("uai", "right"), [("0999999F", ""), ("0999998E", ""), ("0999999Z", "0999999F"), ("abc", "")])
def test_uai_letters(uai: str, right: str) -> None:
    assert corrected_uai(uai) == right


def test_a_school_that_an_import_made_is_taken_not_doubled(url: str) -> None:
    made = make_school("COLLEGE M. CURIE", uai="0999999F")
    assert Client().post(url, FORM).status_code == 302
    school = Organisation.objects.get(uai="0999999F")
    assert (school.pk, school.name, school.zone) == (made.pk, "Collège Marie-Curie", "C")


def test_only_the_house_sets_up(school: SchoolWorld) -> None:
    for actor in [ANONYMOUS, *(school.actor(role) for role in Role)]:
        with pytest.raises(Refused):
            make_setup_link(actor)
        with pytest.raises(Refused):
            set_up_school(actor, name="A", uai="0999999F", zone="", family_name="B", given_name="C", username="d")
    assert not SetupLink.objects.exists()


def test_preau_setup_prints_the_link_alone(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(setup) == 0
    out = capsys.readouterr().out
    path = out.removesuffix("\n").partition("/installation/")[2]
    assert out.count("\n") == 1
    assert Client().get(f"/installation/{path}").status_code == 200
    assert ran(setup, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"url", "expires_at"}
    assert Client().get(f"/installation/{said['url'].rpartition('/')[2]}").status_code == 200


def test_preau_user_code_gets_a_locked_out_referent_back_in(
    school: SchoolWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    referent = school.people[Role.REFERENT]
    for _ in range(20):
        Client().post("/connexion", {"username": referent.username, "password": "oublié"})
    assert ran(user, "code", referent.username.upper()) == 0
    code = capsys.readouterr().out.strip()
    client = Client()
    assert client.post("/connexion/code", {"username": referent.username, "code": code}).status_code == 302
    assert client.post("/connexion/premiere", {"password": FORM["password"]}).status_code == 302
    assert client.get("/annuaire/").status_code == 200
    assert AuditEntry.objects.filter(verb="signin.make_code", actor_kind="system", subject=referent.pk).exists()


def test_preau_user_code_refuses_nobody_and_the_suspended(school: SchoolWorld) -> None:
    with pytest.raises(Conflict, match="personne"):
        ran(user, "code", "personne.ici")
    with pytest.raises(Conflict, match="désactivé"):
        ran(user, "code", school.suspended.username)
    assert not OneUseCode.objects.exists()
    with pytest.raises(SystemExit):
        ran(user)


def test_set_up_refuses_by_field(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        set_up_school(system("setup"), name="", uai="", zone="X", family_name="", given_name="", username="")
    assert set(refused.value.fields) == {"name", "uai", "zone", "family_name", "given_name", "username"}
