"""Throttling: an account waits for strangers, never for its owner's devices, and no class for its address."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from preau.directory.testing import SchoolWorld, make_person
from preau.kernel import clock
from preau.kernel.actor import Role
from preau.kernel.models import ThrottleMark
from preau.signin import bookkeeping, throttle
from preau.signin.actions.codes import make_code
from preau.signin.models import Outcome, SignInLog
from preau.signin.testing import PASSWORD, give_password, signed_in
from preau.signin.throttle import LONG_PAUSE, PAUSE, TRIES, TRIES_A_DAY, counter, counter_of_nobody, forget

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def try_in(client: Client, username: str, typed: str = "pas le bon") -> int:
    return client.post("/connexion", {"username": username, "password": typed}).status_code


def test_after_five_wrong_passwords_a_stranger_waits_and_is_told_until_when(school: SchoolWorld) -> None:
    give_password(school.teacher)
    name, moment = school.teacher.username, dt.datetime(2026, 11, 24, 22, 57, 30, tzinfo=dt.UTC)
    with clock.moved(moment):
        assert [try_in(Client(), name) for _ in range(TRIES)] == [422] * (TRIES - 1) + [429]
    with clock.moved(moment + dt.timedelta(minutes=1)):
        answer = Client().post("/connexion", {"username": name, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= PAUSE.total_seconds()
    page = answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    # The hour of the school, not of the machine.
    assert "fait une pause jusqu’à 0 h 02" in page
    assert "/connexion/code" in page
    with clock.moved(moment + PAUSE + dt.timedelta(minutes=1)):
        assert try_in(Client(), name, PASSWORD) == 302


def test_the_page_counts_down(school: SchoolWorld) -> None:
    page = Client().post("/connexion", {"username": "x", "password": "y"}).content.decode()
    assert "Encore 4 essais" in page.replace("\xa0", " ").replace("\u202f", " ")


def test_tries_during_a_pause_neither_lengthen_it_nor_are_written_down(school: SchoolWorld) -> None:
    give_password(school.teacher)
    for _ in range(TRIES * 3):
        try_in(Client(), school.teacher.username)
    assert SignInLog.objects.count() == TRIES
    with clock.moved(clock.now() + PAUSE + dt.timedelta(seconds=1)):
        assert try_in(Client(), school.teacher.username, PASSWORD) == 302


def test_an_account_that_nobody_has_waits_just_the_same(school: SchoolWorld) -> None:
    assert [try_in(Client(), "personne") for _ in range(TRIES + 1)] == [422] * (TRIES - 1) + [429, 429]


def test_inventing_usernames_fills_no_disk(school: SchoolWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_NOBODYS_BYTES", 1)
    monkeypatch.setattr(bookkeeping, "NOBODYS_AN_HOUR", 10)
    for number in range(300):
        counter_of_nobody("password", f"personne.{number}").take()
    assert ThrottleMark.objects.count() <= 256
    for _ in range(15):
        bookkeeping.note_failure(None, Outcome.WRONG_PASSWORD)
        bookkeeping.note_failure(school.teacher.pk, Outcome.WRONG_PASSWORD)
    assert SignInLog.objects.filter(person=None).count() == 10
    assert SignInLog.objects.filter(person=school.teacher).count() == 15
    with clock.moved(clock.now() + dt.timedelta(hours=2)):
        bookkeeping.note_failure(None, Outcome.WRONG_PASSWORD)
    assert SignInLog.objects.filter(person=None).count() == 11


def test_after_thirty_wrong_passwords_in_a_day_the_pause_is_an_hour(school: SchoolWorld) -> None:
    give_password(school.teacher)
    name, moment, step = school.teacher.username, clock.now(), PAUSE + dt.timedelta(minutes=1)
    for burst in range(TRIES_A_DAY // TRIES + 1):
        with clock.moved(moment + burst * step):
            answers = [try_in(Client(), name) for _ in range(TRIES)]
        assert answers[-1] == 429
    last = moment + (TRIES_A_DAY // TRIES) * step
    with clock.moved(last + LONG_PAUSE - dt.timedelta(minutes=1)):
        assert try_in(Client(), name, PASSWORD) == 429
    with clock.moved(last + LONG_PAUSE + dt.timedelta(minutes=2)):
        assert try_in(Client(), name, PASSWORD) == 302


def test_a_strangers_failures_do_not_lock_out_a_device_the_account_knows(school: SchoolWorld) -> None:
    mine = signed_in(school.teacher)
    mine.post("/deconnexion")
    for _ in range(TRIES * 2):
        try_in(Client(), school.teacher.username)
    assert try_in(Client(), school.teacher.username, PASSWORD) == 429
    assert try_in(mine, school.teacher.username, PASSWORD) == 302


def test_a_known_device_has_a_limit_of_its_own_which_binds_nobody_else(school: SchoolWorld) -> None:
    mine, other = signed_in(school.teacher), signed_in(school.teacher, PASSWORD)
    mine.post("/deconnexion")
    assert [try_in(mine, school.teacher.username) for _ in range(TRIES)][-1] == 429
    assert try_in(mine, school.teacher.username, PASSWORD) == 429
    assert try_in(other, school.teacher.username, PASSWORD) == 302
    assert try_in(Client(), school.teacher.username, PASSWORD) == 302


def test_a_device_known_to_one_account_is_a_stranger_to_another(school: SchoolWorld) -> None:
    give_password(school.pupil)
    thief = signed_in(school.classmate)
    for _ in range(TRIES):
        try_in(thief, school.pupil.username)
    assert try_in(thief, school.pupil.username, PASSWORD) == 429
    assert try_in(Client(), school.pupil.username, PASSWORD) == 429


def test_a_class_behind_one_address_is_not_locked_out_by_one_of_its_pupils(school: SchoolWorld) -> None:
    pupils = [make_person("Élève", school=school.organisation, role=Role.PUPIL) for _ in range(30)]
    for pupil in pupils:
        give_password(pupil)
    for _ in range(3):
        for name in ("un", "deux", "trois", pupils[0].username):
            for _ in range(TRIES):
                try_in(Client(REMOTE_ADDR="10.0.0.1"), name)
    for pupil in pupils[1:]:
        assert try_in(Client(REMOTE_ADDR="10.0.0.1"), pupil.username, PASSWORD) == 302


def test_a_one_use_code_stays_possible_during_the_pause_of_the_password(school: SchoolWorld) -> None:
    give_password(school.pupil)
    for _ in range(TRIES):
        try_in(Client(), school.pupil.username)
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    client = Client()
    answer = client.post("/connexion/code", {"username": school.pupil.username, "code": code})
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/premiere")
    # In the password's place too: the paper does not say which field is which.
    assert try_in(Client(), school.pupil.username, code) == 302


def test_codes_are_throttled_too(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)

    def typed(what: str) -> int:
        return Client().post("/connexion/code", {"username": school.pupil.username, "code": what}).status_code

    assert [typed("tigre-velo-pomme") for _ in range(TRIES)] == [422] * (TRIES - 1) + [429]
    assert typed(code) == 429
    with clock.moved(clock.now() + PAUSE + dt.timedelta(seconds=1)):
        assert typed(code) == 302


def test_a_right_password_gives_its_try_back(school: SchoolWorld) -> None:
    give_password(school.teacher)
    for _ in range(TRIES * 2):
        assert try_in(Client(), school.teacher.username, PASSWORD) == 302
    assert try_in(Client(), school.teacher.username) == 422


def test_a_try_is_counted_before_its_secret_is_looked_at(school: SchoolWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand at once are a thousand, not one: while one is being looked at, the others already count."""
    give_password(school.teacher)
    name = school.teacher.username
    answers: list[int] = []

    def slow(stored: str, password: str) -> bool:
        if len(answers) < TRIES * 2:
            answers.append(0)
            answers.append(try_in(Client(), name))
        return False

    monkeypatch.setattr("preau.signin.entering.matches", slow)
    try_in(Client(), name)
    assert answers.count(0) == TRIES
    assert 429 in answers


def test_old_counters_are_forgotten(school: SchoolWorld) -> None:
    tries = counter("password", "someone")
    tries.take()
    tries.keep()
    assert forget() == 0
    with clock.moved(clock.now() + dt.timedelta(days=3)):
        assert forget() == 2
    assert not ThrottleMark.objects.exists()
