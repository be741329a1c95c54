"""Signing in and out, seen from a browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from preau.directory.testing import SchoolWorld, make_person, suspend
from preau.kernel import clock
from preau.kernel.actor import Role
from preau.kernel.models import AuditEntry
from preau.signin.actions.codes import make_code
from preau.signin.models import Credential, Outcome, Session, SignInLog
from preau.signin.testing import PASSWORD, give_password, signed_in
from preau.signin.tokens import token_hash

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def post(client: Client, username: str, password: str) -> int:
    return client.post("/connexion", {"username": username, "password": password}).status_code


def test_a_right_password_opens_a_session_and_leaves_an_audit_row(school: SchoolWorld) -> None:
    give_password(school.teacher)
    client = Client()
    answer = client.post("/connexion", {"username": school.teacher.username, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    session = Session.objects.get()
    assert session.person == school.teacher
    assert (session.role, session.organisation_id) == ("teacher", school.organisation.pk)
    assert session.token_hash == token_hash(client.cookies["preau_session"].value)
    assert AuditEntry.objects.filter(verb="signin.sign_in", subject=school.teacher.pk).count() == 1
    assert SignInLog.objects.get().outcome == Outcome.PASSWORD
    assert Credential.objects.get().first_used_at is not None


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    for name in ("preau_session", "preau_device"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["secure"]
    assert client.cookies["preau_session"]["max-age"] == ""


def test_over_https_the_cookies_are_secure(school: SchoolWorld) -> None:
    give_password(school.teacher)
    client = Client()
    client.post("/connexion", {"username": school.teacher.username, "password": PASSWORD}, secure=True)
    assert client.cookies["preau_session"]["secure"]
    assert client.cookies["preau_device"]["secure"]


@pytest.mark.parametrize("typed", ["  Théo.Accent  ", "théo.accent"])
def test_case_and_spaces_around_the_username_do_not_matter(school: SchoolWorld, typed: str) -> None:
    person = make_person(school=school.organisation, role=Role.TEACHER, username="théo.accent")
    give_password(person)
    assert post(Client(), typed, PASSWORD) == 302


def test_a_wrong_password_says_the_same_whether_the_account_exists_or_not(school: SchoolWorld) -> None:
    give_password(school.teacher)
    pages = []
    for username in (school.teacher.username, school.classmate.username, "personne.ici"):
        answer = Client().post("/connexion", {"username": username, "password": "pas le bon du tout"})
        assert answer.status_code == 422
        pages.append(answer.content.decode().replace(username, "X"))
    for page in pages:
        assert "ne vont pas ensemble" in page
    assert len({len(page) for page in pages}) == 1
    assert list(SignInLog.objects.values_list("person", "outcome").order_by("pk")) == [
        (school.teacher.pk, Outcome.WRONG_PASSWORD),
        (school.classmate.pk, Outcome.WRONG_PASSWORD),
        (None, Outcome.WRONG_PASSWORD),
    ]


def test_what_was_typed_is_kept_except_the_password(school: SchoolWorld) -> None:
    page = Client().post("/connexion", {"username": "nadia.oukili", "password": "secret-tape"}).content.decode()
    assert 'value="nadia.oukili"' in page
    assert "secret-tape" not in page


@pytest.mark.parametrize("username", ["", "\x00", "a" * 5000, "é" * 61, "' OR 1=1 --", "𝔫𝔞𝔡𝔦𝔞"])
@pytest.mark.parametrize("password", ["", "\x00", "p" * 100_000])
def test_odd_input_is_refused_as_any_other(school: SchoolWorld, username: str, password: str) -> None:
    give_password(school.teacher)
    # A NUL is in no text: the house refuses the form before it is read.
    expected = 400 if "\x00" in username + password else 422
    assert post(Client(), username or school.teacher.username, password) == expected


def test_the_form_needs_its_token(school: SchoolWorld) -> None:
    give_password(school.teacher)
    client = Client(enforce_csrf_checks=True)
    assert post(client, school.teacher.username, PASSWORD) == 403
    client.get("/connexion")
    token = client.cookies["csrf"].value
    data = {"username": school.teacher.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/connexion", data).status_code == 302
    # The token of before is not good in the session.
    assert client.cookies["csrf"].value != token
    assert client.post("/deconnexion").status_code == 403


def test_a_planted_session_is_not_the_one_that_opens(school: SchoolWorld) -> None:
    give_password(school.teacher)
    client = Client()
    client.cookies["preau_session"] = "planted"
    assert post(client, school.teacher.username, PASSWORD) == 302
    assert client.cookies["preau_session"].value != "planted"
    other = Client()
    other.cookies["preau_session"] = "planted"
    assert other.get("/moi/connexions").status_code == 302


def test_a_planted_device_cookie_does_not_become_the_owners(school: SchoolWorld) -> None:
    give_password(school.teacher)
    client = Client()
    client.cookies["preau_device"] = "planted"
    assert post(client, school.teacher.username, PASSWORD) == 302
    assert client.cookies["preau_device"].value != "planted"


def test_a_device_that_somebody_else_planted_does_not_become_the_owners(school: SchoolWorld) -> None:
    """Its name is one that this house gave, to them: kept, their tries would be counted as the owner's."""
    thief = signed_in(school.classmate)
    give_password(school.teacher)
    client = Client()
    client.cookies["preau_device"] = thief.cookies["preau_device"].value
    assert post(client, school.teacher.username, PASSWORD) == 302
    assert client.cookies["preau_device"].value != thief.cookies["preau_device"].value
    own = client.cookies["preau_device"].value
    assert post(client, school.teacher.username, PASSWORD) == 302
    assert client.cookies["preau_device"].value == own


def test_signing_in_again_ends_the_session_this_browser_had(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    before = client.cookies["preau_session"].value
    give_password(school.pupil)
    assert post(client, school.pupil.username, PASSWORD) == 302
    assert not Session.objects.filter(token_hash=token_hash(before)).exists()
    assert Session.objects.get().person == school.pupil


def test_a_browser_that_forgot_its_session_does_not_pile_them_up(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    del client.cookies["preau_session"]
    assert post(client, school.teacher.username, PASSWORD) == 302
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("after", "goes"),
    [
        ("/annuaire/?q=a%20b", "/annuaire/?q=a%20b"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/%0d%0aSet-Cookie:x=1", "/"),
        ("javascript:alert(1)", "/"),
        ("///evil.example", "/"),
        ("annuaire", "/"),
    ],
)
def test_after_signing_in_nobody_is_led_elsewhere(school: SchoolWorld, after: str, goes: str) -> None:
    give_password(school.teacher)
    answer = Client().post(f"/connexion?next={after}", {"username": school.teacher.username, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, goes)


def test_who_is_signed_in_already_does_not_see_the_form(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    assert client.get("/connexion?next=/annuaire/")["Location"] == "/annuaire/"


def test_signing_out_ends_the_session_itself(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    stolen = client.cookies["preau_session"].value
    assert client.post("/deconnexion")["Location"] == "/connexion"
    assert not Session.objects.exists()
    thief = Client()
    thief.cookies["preau_session"] = stolen
    assert thief.get("/moi/connexions").status_code == 302
    assert client.get("/deconnexion").status_code == 405


def test_signing_out_leaves_nobodys_code_half_used(school: SchoolWorld) -> None:
    client = Client()
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    client.post("/connexion/code", {"username": school.pupil.username, "code": code})
    assert client.get("/connexion/premiere").status_code == 200
    client.post("/deconnexion")
    assert client.get("/connexion/premiere").status_code == 302


def test_without_a_session_pages_lead_to_the_door_and_back(school: SchoolWorld) -> None:
    answer = Client().get("/moi/connexions?a=1")
    assert answer["Location"] == "/connexion?next=%2Fmoi%2Fconnexions%3Fa%3D1"
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/annuaire/?q=lina"}
    answer = Client().post("/moi/role", headers=htmx)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/connexion?next=%2Fannuaire%2F%3Fq%3Dlina"
    assert Client().post("/moi/role")["Location"] == "/connexion"


def test_a_suspended_person_is_out_at_the_next_request(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    assert client.get("/moi/connexions").status_code == 200
    suspend(school.teacher)
    assert client.get("/moi/connexions").status_code == 302


def test_a_suspended_person_learns_why_only_with_the_right_password(school: SchoolWorld) -> None:
    give_password(school.teacher)
    suspend(school.teacher)
    right = Client().post("/connexion", {"username": school.teacher.username, "password": PASSWORD})
    assert right.status_code == 422
    assert "désactivé" in right.content.decode()
    wrong = Client().post("/connexion", {"username": school.teacher.username, "password": "pas celui-là"})
    assert "désactivé" not in wrong.content.decode()
    assert not Session.objects.exists()


def test_a_guardian_without_any_right_does_not_come_in(school: SchoolWorld) -> None:
    give_password(school.other_guardian)
    answer = Client().post("/connexion", {"username": school.other_guardian.username, "password": PASSWORD})
    assert answer.status_code == 422
    assert not Session.objects.exists()
    assert SignInLog.objects.get().outcome == Outcome.NO_ROLE


def test_a_session_ends_after_two_weeks_without_a_visit_and_after_ninety_days(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    begun = clock.now()
    for day in range(10, 91, 10):
        with clock.moved(begun + dt.timedelta(days=day, minutes=-1)):
            assert client.get("/moi/connexions").status_code == 200, day
    with clock.moved(begun + dt.timedelta(days=90, minutes=1)):
        assert client.get("/moi/connexions").status_code == 302
    other = signed_in(school.pupil)
    with clock.moved(clock.now() + dt.timedelta(days=14, minutes=1)):
        assert other.get("/moi/connexions").status_code == 302


def test_a_visit_is_noted_every_five_minutes_at_most(
    school: SchoolWorld, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(school.teacher)
    seen = Session.objects.get().last_seen_at
    client.get("/connexion")
    assert Session.objects.get().last_seen_at == seen
    with clock.moved(clock.now() + dt.timedelta(minutes=6)):
        client.get("/connexion")
    assert Session.objects.get().last_seen_at > seen


def test_a_request_costs_two_queries_of_the_authenticator(
    school: SchoolWorld, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(school.teacher)
    with django_assert_num_queries(2):
        assert client.get("/connexion").status_code == 302


def test_the_persons_language_is_spoken(school: SchoolWorld) -> None:
    client = signed_in(make_person(school=school.organisation, role=Role.TEACHER, language="en"))
    assert client.get("/moi/connexions")["Content-Language"] == "en"
