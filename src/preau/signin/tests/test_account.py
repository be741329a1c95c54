"""One's own sessions, what others see of somebody's account, and what is told, kept and forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from preau.directory.api import Person, suspend_person
from preau.directory.events import PersonSuspended, RosterUndone
from preau.directory.testing import SchoolWorld, suspend
from preau.kernel import clock
from preau.kernel.actor import Role, system
from preau.kernel.dispatch import dispatch
from preau.kernel.errors import Refused
from preau.kernel.jobs import run_one
from preau.kernel.policy import visible
from preau.signin.actions.codes import make_code
from preau.signin.actions.retention import LOG_KEEP, erase_log, forget
from preau.signin.actions.sessions import end_session, end_sessions
from preau.signin.browsers import browser_family
from preau.signin.models import Credential, OneUseCode, Outcome, Session, SetupLink, SignInLog
from preau.signin.privacy import holdings
from preau.signin.queries import ever_signed_in, traces
from preau.signin.slots import group_slot, person_slot
from preau.signin.subscribers import end_sessions_of, withdraw_access_of_undone
from preau.signin.testing import PASSWORD, give_password, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def test_sessions_are_listed_and_ended_one_by_one(school: SchoolWorld) -> None:
    give_password(school.teacher)
    here, phone = Client(), Client(headers={"User-Agent": "Mozilla/5.0 (Android 14; Mobile) Gecko/1 Firefox/140.0"})
    for client in (here, phone):
        client.post("/connexion", {"username": school.teacher.username, "password": PASSWORD})
    page = here.get("/moi/connexions").content.decode()
    assert "Firefox, Android" in page
    assert "cet appareil" in page
    assert "Tout fermer, sauf ici" in page
    wanted = Session.objects.get(browser="Firefox, Android").uuid
    assert here.post("/moi/connexions/fermer", {"session": str(wanted)}).status_code == 302
    assert phone.get("/moi/connexions").status_code == 302
    assert here.get("/moi/connexions").status_code == 200


def test_all_others_are_ended_at_once(school: SchoolWorld) -> None:
    here, one, two = (signed_in(school.teacher, PASSWORD if n else "") for n in range(3))
    here.post("/moi/connexions/fermer")
    assert [client.get("/moi/connexions").status_code for client in (here, one, two)] == [200, 302, 302]


def test_nobody_ends_anothers_session(school: SchoolWorld) -> None:
    signed_in(school.pupil)
    other = signed_in(school.classmate)
    uuid = Session.objects.get(person=school.pupil).uuid
    for wanted in (str(uuid), "pas-un-uuid", "00000000-0000-0000-0000-000000000000"):
        assert other.post("/moi/connexions/fermer", {"session": wanted}).status_code == 404
    assert Session.objects.filter(uuid=uuid).exists()


def test_refused_tries_are_shown_to_whom_they_were_made_on(school: SchoolWorld) -> None:
    give_password(school.teacher)
    for _ in range(2):
        Client().post("/connexion", {"username": school.teacher.username, "password": "pas ça"})
    page = signed_in(school.teacher).get("/moi/connexions").content.decode()
    assert "Entrées refusées" in page
    assert "2 essais refusés" in page.replace("\xa0", " ")
    assert "Entrées refusées" not in signed_in(school.pupil).get("/moi/connexions").content.decode()
    with clock.moved(clock.now() + dt.timedelta(days=31)):
        assert "Entrées refusées" not in signed_in(school.teacher, PASSWORD).get("/moi/connexions").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_what_sign_in_keeps_shows_to_its_person_alone(school: SchoolWorld, role: Role) -> None:
    signed_in(school.pupil)
    Client().post("/connexion", {"username": school.pupil.username, "password": "pas ça"})
    actor, own = school.actor(role), role is Role.PUPIL
    for model in (Session, Credential, SignInLog):
        assert visible(actor, model.objects.all()).exists() is own, model
    make_code(school.actor(Role.TEACHER), school.pupil)
    assert visible(actor, OneUseCode.objects.all()).exists() is own
    assert not visible(actor, SetupLink.objects.all()).exists()


def test_suspending_ends_the_sessions_through_the_event(school: SchoolWorld) -> None:
    signed_in(school.pupil)
    suspend_person(school.actor(Role.DIRECTION), school.pupil, reason="Essai")
    assert Session.objects.exists()
    assert dispatch() >= 1
    while run_one("test"):
        pass
    assert not Session.objects.exists()


def test_an_undone_import_closes_what_was_opened_through_it(school: SchoolWorld) -> None:
    for person in (school.pupil, school.classmate):
        signed_in(person)
        make_code(system("test"), person)
    withdraw_access_of_undone(RosterUndone(import_id=1, untied=[school.pupil.pk, 0]))
    assert set(Session.objects.values_list("person_id", flat=True)) == {school.classmate.pk}
    assert set(OneUseCode.objects.values_list("person_id", flat=True)) == {school.classmate.pk}
    withdraw_access_of_undone(RosterUndone(import_id=1, untied=[school.pupil.pk]))


def test_the_event_of_somebody_resumed_or_gone_meanwhile_ends_nothing(school: SchoolWorld) -> None:
    signed_in(school.pupil)
    end_sessions_of(PersonSuspended(person_id=school.pupil.pk))
    end_sessions_of(PersonSuspended(person_id=0))
    assert Session.objects.count() == 1


def test_whether_somebody_ever_came_in(school: SchoolWorld) -> None:
    give_password(school.classmate)
    signed_in(school.pupil)
    people = [school.pupil.pk, school.classmate.pk, school.teacher.pk]
    assert ever_signed_in(people) == traces(people) == {school.pupil.pk}
    make_code(school.actor(Role.TEACHER), school.pupil)
    assert ever_signed_in(people) == {school.pupil.pk}


def test_the_persons_page_says_yes_or_no_to_who_may_know(school: SchoolWorld) -> None:
    signed_in(school.pupil)
    for role in (Role.TEACHER, Role.REFERENT, Role.DIRECTION):
        slot = person_slot(school.actor(role), school.pupil)
        assert slot is not None
        assert "Déjà connecté" in slot
        assert f"/annuaire/personnes/{school.pupil.uuid}/code" in slot
    cpe = person_slot(school.actor(Role.VIE_SCOLAIRE), school.pupil)
    assert cpe is not None
    assert "Déjà connecté" not in cpe
    for role in (Role.PUPIL, Role.GUARDIAN, Role.STAFF, Role.DPO):
        assert person_slot(school.actor(role), school.pupil) is None
        assert group_slot(school.actor(role), school.division) is None
    slot = group_slot(school.actor(Role.TEACHER), school.division)
    assert slot is not None
    assert f'formaction="/annuaire/groupes/{school.division.uuid}/codes"' in slot


def test_end_sessions_counts_and_leaves_one(school: SchoolWorld) -> None:
    for _ in range(3):
        signed_in(school.pupil)
    kept = Session.objects.first()
    assert end_sessions(school.actor(Role.PUPIL), school.pupil, but=kept) == 2
    assert Session.objects.get() == kept
    end_session(school.actor(Role.PUPIL), Session.objects.get())
    assert not Session.objects.exists()


# What is kept, told and forgotten


def fill(school: SchoolWorld) -> Person:
    person = school.pupil
    signed_in(person)
    Client().post("/connexion", {"username": person.username, "password": "pas ça"})
    Client().post("/connexion", {"username": "personne", "password": "pas ça"})
    make_code(school.actor(Role.TEACHER), school.classmate)
    return person


def test_everything_is_exported_and_no_secret_with_it(school: SchoolWorld) -> None:
    person = fill(school)
    told = {holding.name: holding.export(person.pk) for holding in holdings() if holding.export}
    assert {name: len(rows) for name, rows in told.items()} == {
        "signin.credential": 1, "signin.codes": 0, "signin.sessions": 1, "signin.log": 2,
    }  # fmt: skip
    secrets = [Credential.objects.get(person=person).hash, Session.objects.get().token_hash]
    secrets += [row.device for row in SignInLog.objects.exclude(device="")]
    assert not any(secret in str(told) for secret in secrets)
    told = {holding.name: holding.export(school.classmate.pk) for holding in holdings() if holding.export}
    assert told["signin.codes"][0]["purpose"] == "first"


def test_erasing_removes_all_but_the_password_itself(school: SchoolWorld) -> None:
    person = fill(school)
    gone = {holding.name: holding.erase(person.pk) for holding in holdings() if holding.erase}
    assert gone == {"signin.codes": 0, "signin.sessions": 1, "signin.log": 2}
    for holding in holdings():
        if holding.erase and holding.export:
            assert holding.export(person.pk) == []
    assert Credential.objects.filter(person=person).exists()
    # Whoever made codes for others leaves the codes and takes their name away.
    erase = next(holding.erase for holding in holdings() if holding.name == "signin.codes")
    assert erase
    assert erase(school.teacher.pk) == 1
    assert OneUseCode.objects.get().made_by is None


def test_the_night_removes_what_is_past_its_time(school: SchoolWorld) -> None:
    person = fill(school)
    retain = next(holding.retain for holding in holdings() if holding.retain)
    assert retain() == 0
    with clock.moved(clock.now() + dt.timedelta(days=8)):
        retain()
        assert not OneUseCode.objects.exists()
        assert list(SignInLog.objects.values_list("person", flat=True)) == [person.pk] * 2
        assert Session.objects.exists()
    with clock.moved(clock.now() + dt.timedelta(days=15)):
        retain()
        assert not Session.objects.exists()
    with clock.moved(clock.now() + LOG_KEEP + dt.timedelta(days=1)):
        retain()
        assert not SignInLog.objects.exists()


def test_the_night_ends_the_sessions_of_the_suspended(school: SchoolWorld) -> None:
    signed_in(school.pupil)
    suspend(school.pupil)
    assert forget(system("retention")) == 1


def test_retention_and_erasure_are_the_houses_alone(school: SchoolWorld) -> None:
    for role in Role:
        with pytest.raises(Refused):
            forget(school.actor(role))
        with pytest.raises(Refused):
            erase_log(school.actor(role), school.pupil.pk)


def test_no_username_that_is_nobodys_is_kept(school: SchoolWorld) -> None:
    """People type their password in the wrong field."""
    Client().post("/connexion", {"username": "mon-mot-de-passe", "password": "x"})
    row = SignInLog.objects.get()
    assert (row.person, row.outcome, row.device) == (None, Outcome.WRONG_PASSWORD, "")


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (X11; Debian; Linux x86_64) Chromium/140 Chrome/140 Safari/537", "Chromium, Debian"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit Chrome/140 Safari/537.36", "Chrome, ChromeOS"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_browsers_in_two_words(agent: str, family: str) -> None:
    assert browser_family(agent) == family
