"""One-use codes: made by whom, for whom, used once, and what they open."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from preau.directory.api import AffiliationKind, GrantState, give_role
from preau.directory.events import GrantGiven
from preau.directory.testing import (
    SchoolWorld,
    actor_for,
    make_affiliation,
    make_grant,
    make_guardianship,
    make_membership,
    make_person,
    make_school,
    make_world,
    suspend,
)
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import ANONYMOUS, Actor, Role, Scope, system
from preau.kernel.errors import Conflict, Refused
from preau.kernel.models import AuditEntry, OutboxEvent
from preau.kernel.policy import can
from preau.signin.actions.codes import make_code, make_group_codes
from preau.signin.codes import LENGTH, SIGNS, code_hash, entropy, is_code, looks_like_code, new_code, words
from preau.signin.models import CodePurpose, Credential, OneUseCode, Session
from preau.signin.pages.codes import short_name
from preau.signin.policies import resettable
from preau.signin.subscribers import withdraw_code_of
from preau.signin.testing import PASSWORD, give_password, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])
CHOSEN = "onze-parapluies-dans-la-cour"


def type_code(client: Client, username: str, code: str) -> Any:
    return client.post("/connexion/code", {"username": username, "code": code})


# What a code is made of


def test_the_words_are_many_short_simple_and_each_its_own() -> None:
    assert len(words()) >= 1_000
    assert len(set(words())) == len(words())
    assert all(re.fullmatch(r"[a-z]{3,8}", word) for word in words())


def test_codes_have_the_chance_that_the_guide_says() -> None:
    assert entropy(for_pupil=True) > 31
    assert entropy(for_pupil=False) > 38


def test_a_pupils_code_is_three_words_and_an_adults_eight_signs() -> None:
    assert all(word in words() for word in new_code(for_pupil=True).split("-"))
    code = new_code(for_pupil=False)
    assert len(code.replace("-", "")) == LENGTH
    assert set(code) <= {*SIGNS, "-"}
    assert len({new_code(for_pupil=True) for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "typed", ["tigre-velo-pomme", " Tigre Vélo POMME ", "tigre_velo_pomme", "TIGREVELOPOMME", "tigre – velo — pomme"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert is_code(1, typed, code_hash(1, "tigre-velo-pomme"))
    assert not is_code(2, typed, code_hash(1, "tigre-velo-pomme"))


@pytest.mark.parametrize(
    ("typed", "yes"),
    [
        ("tigre velo pomme", True),
        ("7k4p 93qd", True),
        ("7K4P-93QD", True),
        ("tigre-velo", False),
        ("pas un mot ici", False),
        ("AEIOU123", False),
        ("", False),
    ],
)
def test_what_looks_like_a_code(typed: str, yes: bool) -> None:
    assert looks_like_code(typed) is yes


# Coming in with one


def test_a_code_opens_the_choice_of_a_password_once(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    client = Client()
    assert type_code(client, school.pupil.username, code)["Location"] == "/connexion/premiere"
    page = client.get("/connexion/premiere")
    assert "Élodie Ici" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not Session.objects.exists()
    answer = client.post("/connexion/premiere?next=/annuaire/", {"password": CHOSEN})
    assert (answer.status_code, answer["Location"]) == (302, "/annuaire/")
    assert Session.objects.get().person == school.pupil
    assert OneUseCode.objects.get().used_at is not None
    assert type_code(Client(), school.pupil.username, code).status_code == 422
    again = Client().post("/connexion", {"username": school.pupil.username, "password": CHOSEN})
    assert again.status_code == 302


def test_the_password_field_takes_a_code_too(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    client = Client()
    answer = client.post("/connexion?next=/annuaire/", {"username": school.pupil.username, "password": code})
    assert answer["Location"] == "/connexion/premiere?next=/annuaire/"
    assert client.get("/connexion/premiere").status_code == 200


def test_two_browsers_with_one_code_get_in_once(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    one, two = Client(), Client()
    type_code(one, school.pupil.username, code)
    type_code(two, school.pupil.username, code)
    assert one.post("/connexion/premiere", {"password": CHOSEN})["Location"] == "/"
    assert two.post("/connexion/premiere", {"password": "autre-phrase-bien-longue"})["Location"] == "/connexion/code"
    assert Session.objects.count() == 1


def test_a_code_lasts_seven_days(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    begun = clock.now()
    with clock.moved(begun + dt.timedelta(days=7, minutes=-20)):
        client = Client()
        assert type_code(client, school.pupil.username, code).status_code == 302
    with clock.moved(begun + dt.timedelta(days=7, seconds=1)):
        assert type_code(Client(), school.pupil.username, code).status_code == 422
        assert client.get("/connexion/premiere")["Location"] == "/connexion/code"


def test_who_typed_a_code_has_a_quarter_of_an_hour_to_choose(school: SchoolWorld) -> None:
    client = Client()
    type_code(client, school.pupil.username, make_code(school.actor(Role.TEACHER), school.pupil))
    with clock.moved(clock.now() + dt.timedelta(minutes=16)):
        assert client.post("/connexion/premiere", {"password": CHOSEN})["Location"] == "/connexion/code"
    assert not Session.objects.exists()


@pytest.mark.parametrize("ticket", ["", "x", "é", "AAAA", "=" * 5000])
def test_a_forged_ticket_opens_nothing(school: SchoolWorld, ticket: str) -> None:
    client = Client()
    client.cookies["preau_choosing"] = ticket
    assert client.get("/connexion/premiere")["Location"] == "/connexion/code"


def test_a_password_that_is_refused_is_said_so_and_the_code_is_still_good(school: SchoolWorld) -> None:
    client = Client()
    type_code(client, school.pupil.username, make_code(school.actor(Role.TEACHER), school.pupil))
    answer = client.post("/connexion/premiere", {"password": "court"})
    assert answer.status_code == 422
    assert "Trop court" in answer.content.decode()
    assert client.post("/connexion/premiere", {"password": CHOSEN}).status_code == 302


def test_another_code_puts_the_first_one_out(school: SchoolWorld) -> None:
    first = make_code(school.actor(Role.TEACHER), school.pupil)
    second = make_code(school.actor(Role.TEACHER), school.pupil)
    assert type_code(Client(), school.pupil.username, first).status_code == 422
    assert type_code(Client(), school.pupil.username, second).status_code == 302


def test_a_wrong_code_says_the_same_whether_there_is_one_or_not(school: SchoolWorld) -> None:
    make_code(school.actor(Role.TEACHER), school.pupil)
    names = (school.pupil.username, school.classmate.username, "personne.ici")
    pages = [type_code(Client(), name, "tigre-velo-lune").content.decode().replace(name, "X") for name in names]
    assert len({len(page) for page in pages}) == 1


def test_no_code_is_stored_in_clear(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    row = OneUseCode.objects.get()
    said = f"{vars(row)} {list(AuditEntry.objects.values())} {list(OutboxEvent.objects.values())}"
    assert code not in said
    assert row.expires_at - row.made_at == dt.timedelta(days=7)


# A reset


def test_a_reset_takes_the_password_away_and_ends_every_session(school: SchoolWorld) -> None:
    client, other = signed_in(school.pupil), signed_in(school.pupil, PASSWORD)
    make_code(school.actor(Role.TEACHER), school.pupil)
    assert OneUseCode.objects.get().purpose == CodePurpose.RESET
    assert not Session.objects.exists()
    for browser in (client, other):
        assert browser.get("/moi/connexions").status_code == 302
    assert Client().post("/connexion", {"username": school.pupil.username, "password": PASSWORD}).status_code == 422
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"signin.password_reset.1", "signin.sessions_ended.1"} <= names
    # Whether they ever came in is still known.
    assert Credential.objects.get(person=school.pupil).first_used_at is not None


def test_a_first_code_is_no_reset(school: SchoolWorld) -> None:
    make_code(school.actor(Role.TEACHER), school.pupil)
    assert OneUseCode.objects.get().purpose == CodePurpose.FIRST


def test_the_machine_owners_code_is_one_more_way_in(school: SchoolWorld) -> None:
    referent = school.people[Role.REFERENT]
    client = signed_in(referent)
    code = make_code(system("preau user code"), referent)
    assert client.get("/moi/connexions").status_code == 200
    browser = Client()
    type_code(browser, referent.username, code)
    assert browser.post("/connexion/premiere", {"password": CHOSEN}).status_code == 302
    # The password is another now, so what was open with the old one is closed.
    assert client.get("/moi/connexions").status_code == 302


def test_a_suspended_person_gets_no_code(school: SchoolWorld) -> None:
    with pytest.raises(Conflict):
        make_code(system("preau user code"), school.suspended)


# Who may give one to whom: literal, so that a change of the rule is a change here.

MAY: dict[str, set[str]] = {
    "direction": {
        "pupil", "guardian", "teacher", "vie_scolaire", "staff", "referent", "trainer", "protected", "aed", "nurse",
        "stranger", "academie", "ministere", "dpo",
    },
    "referent": {"pupil", "guardian", "teacher", "staff", "trainer", "stranger"},
    "vie_scolaire": {"pupil", "stranger"},
    "teacher": {"pupil"},
    "aed": set(),
    "nurse": set(),
    "staff": set(),
    "pupil": set(),
    "guardian": set(),
    "trainer": set(),
    "academie": set(),
    "ministere": set(),
    "dpo": set(),
}  # fmt: skip


def cast(school: SchoolWorld) -> dict[str, Any]:
    people: dict[str, Any] = {role.value: person for role, person in school.people.items()}
    return people | {
        "protected": school.protected,
        "aed": school.supervisor,
        "nurse": school.nurse,
        "stranger": school.stranger,
        "suspended": school.suspended,
    }


def actor_named(school: SchoolWorld, name: str) -> Actor:
    special = {"aed": lambda: school.aed, "nurse": lambda: school.health}
    return special[name]() if name in special else school.actor(Role(name))


@pytest.mark.parametrize("giver", sorted(MAY))
def test_who_may_reset_whom(school: SchoolWorld, giver: str) -> None:
    actor = actor_named(school, giver)
    people = cast(school)
    may = {name for name, person in people.items() if can(actor, "reset_password", person)}
    assert may == MAY[giver]
    for name in set(people) - MAY[giver]:
        with pytest.raises(Refused):
            make_code(actor, people[name])
    assert not OneUseCode.objects.exists()


def test_nobody_resets_anybody_of_another_school() -> None:
    world = make_world()
    for role in Role:
        for name, person in cast(world.there).items():
            assert not can(world.here.actor(role), "reset_password", person), (role, name)
    assert not can(ANONYMOUS, "reset_password", world.here.pupil)


def test_nobody_makes_a_code_that_opens_powers_elsewhere(school: SchoolWorld) -> None:
    """A code opens all of its owner's hats: a head of one school must not get the référent's rights of another."""
    shared = make_person(school=school.organisation, role=Role.TEACHER)
    make_grant(shared, Role.REFERENT, make_school("Ailleurs"))
    for role in (Role.DIRECTION, Role.REFERENT):
        assert not can(school.actor(role), "reset_password", shared)


@pytest.mark.parametrize(("state", "begins"), [(GrantState.GIVEN, 3), (GrantState.PROPOSED, 0)])
def test_a_power_that_is_near_counts_as_one_that_is_held(school: SchoolWorld, state: GrantState, begins: int) -> None:
    starts = clock.today() + dt.timedelta(days=begins)
    make_grant(school.teacher, Role.DIRECTION, school.organisation, state=state, starts=starts)
    assert not can(school.actor(Role.REFERENT), "reset_password", school.teacher)
    assert can(school.actor(Role.DIRECTION), "reset_password", school.teacher)
    make_grant(school.pupil, Role.REFERENT, make_school("Ailleurs"), state=state, starts=starts)
    for role in (Role.DIRECTION, Role.REFERENT, Role.VIE_SCOLAIRE, Role.TEACHER):
        assert not can(school.actor(role), "reset_password", school.pupil)


@pytest.mark.parametrize(
    ("kind", "direction"),
    [
        (AffiliationKind.PUPIL, True),
        (AffiliationKind.GUARDIAN, True),
        (AffiliationKind.TEACHER, True),
        (AffiliationKind.STAFF, False),
        (AffiliationKind.TRAINER, False),
    ],
)
def test_a_code_of_two_schools_is_directions_to_make_where_both_have_families_and_teachers(
    school: SchoolWorld, kind: AffiliationKind, direction: bool
) -> None:
    tied = {Role.PUPIL: school.pupil, Role.GUARDIAN: school.guardian, Role.TEACHER: school.teacher}
    person = tied.get(Role(kind.value), school.pupil)
    makers = (Role.REFERENT, Role.VIE_SCOLAIRE, Role.TEACHER)
    assert can(school.actor(Role.REFERENT), "reset_password", person)
    make_affiliation(person, make_school("Ailleurs"), kind)
    assert not any(can(school.actor(role), "reset_password", person) for role in makers)
    assert can(school.actor(Role.DIRECTION), "reset_password", person) is direction
    if direction:
        make_code(school.actor(Role.DIRECTION), person)
        entry = AuditEntry.objects.get(verb="signin.make_code", subject=person.pk)
        assert entry.detail.details["opens_another_school"] is True


def test_a_guardian_with_a_child_in_another_school_is_told_whom_to_ask(school: SchoolWorld) -> None:
    page = f"/annuaire/personnes/{school.guardian.uuid}"
    referent, direction = signed_in(school.people[Role.REFERENT]), signed_in(school.people[Role.DIRECTION])
    assert "Donner un code" in referent.get(page).content.decode()
    make_guardianship(school.guardian, make_person(school=make_school("Ailleurs"), role=Role.PUPIL))
    said = referent.get(page).content.decode()
    assert "Donner un code" not in said
    assert "demandez le code à la direction" in said
    refused = referent.post(f"{page}/code")
    assert refused.status_code == 403
    assert "demandez le code à la direction" in refused.content.decode()
    assert "Donner un code" in direction.get(page).content.decode()
    make_grant(school.guardian, Role.DPO, make_school("Plus loin"))
    assert "preau user code" in direction.get(page).content.decode()


# What happens between the making of a code and its use


def test_a_code_made_before_its_owner_directs_no_longer_opens(school: SchoolWorld) -> None:
    referent, client = school.actor(Role.REFERENT), Client()
    code = make_code(referent, school.teacher)
    typed = make_code(referent, school.guardian)
    assert type_code(client, school.guardian.username, typed).status_code == 302
    for person in (school.teacher, school.guardian):
        make_grant(person, Role.DIRECTION, school.organisation)
    assert type_code(Client(), school.teacher.username, code).status_code == 422
    # Nor does the quarter of an hour of who has typed it already.
    assert client.post("/connexion/premiere", {"password": CHOSEN})["Location"] == "/connexion/code"
    assert not Session.objects.exists()


def test_a_code_ends_with_what_let_its_maker_make_it(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    own = make_code(system("preau user code"), school.classmate)
    with machinery("testing"):
        school.teacher.memberships.update(ends=clock.today())
    assert type_code(Client(), school.pupil.username, code).status_code == 422
    assert type_code(Client(), school.classmate.username, own).status_code == 302


def test_a_code_of_a_suspended_maker_opens_nothing(school: SchoolWorld) -> None:
    code = make_code(school.actor(Role.TEACHER), school.pupil)
    suspend(school.teacher)
    assert type_code(Client(), school.pupil.username, code).status_code == 422


def test_a_new_role_puts_out_the_codes_that_it_outgrew(school: SchoolWorld) -> None:
    make_code(school.actor(Role.REFERENT), school.teacher)
    make_code(school.actor(Role.DIRECTION), school.nurse)
    for person in (school.teacher, school.nurse):
        give_role(
            school.actor(Role.DIRECTION), person, role=Role.DIRECTION, organisation=school.organisation, reason="Essai"
        )
        event = GrantGiven(grant_id=person.grants.latest("pk").pk, person_id=person.pk)
        for _ in range(2):
            withdraw_code_of(event)
    assert [code.person for code in OneUseCode.objects.all()] == [school.nurse]
    assert AuditEntry.objects.filter(verb="signin.withdraw_code", subject=school.teacher.pk).count() == 1


def test_a_pupil_who_is_also_something_else_is_not_a_teachers_to_reset(school: SchoolWorld) -> None:
    trainee = make_person(school=school.organisation, role=Role.PUPIL)
    make_membership(trainee, school.division)
    assert can(school.actor(Role.TEACHER), "reset_password", trainee)
    make_affiliation(trainee, make_school("Association"), AffiliationKind.TRAINER)
    assert not can(school.actor(Role.TEACHER), "reset_password", trainee)
    assert not can(school.actor(Role.VIE_SCOLAIRE), "reset_password", trainee)


def test_a_teacher_of_the_past_resets_nobody(school: SchoolWorld) -> None:
    assert can(school.actor(Role.TEACHER), "reset_password", school.pupil)
    with machinery("testing"):
        school.teacher.memberships.update(ends=clock.today())
    assert not can(school.actor(Role.TEACHER), "reset_password", school.pupil)


def test_end_sessions_goes_with_the_reset_and_with_oneself(school: SchoolWorld) -> None:
    assert can(school.actor(Role.PUPIL), "end_sessions", school.pupil)
    assert can(school.actor(Role.TEACHER), "end_sessions", school.pupil)
    assert not can(school.actor(Role.GUARDIAN), "end_sessions", school.pupil)


# The pages


def test_one_persons_page_asks_first_then_shows_the_code_once(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    url = f"/annuaire/personnes/{school.pupil.uuid}/code"
    assert client.get(url).status_code == 200
    assert not OneUseCode.objects.exists()
    page = client.post(url)
    assert page["Cache-Control"] == "no-store"
    code = re.search(r'id="code">([a-z-]+)<', page.content.decode())
    assert code
    assert type_code(Client(), school.pupil.username, code[1]).status_code == 302
    assert code[1] not in client.get(url).content.decode()
    assert client.get(f"/annuaire/personnes/{school.stranger.uuid}/code").status_code in {403, 404}
    assert client.get(f"/annuaire/personnes/{school.people[Role.DIRECTION].uuid}/code").status_code == 403


def test_a_whole_class_gets_its_codes_on_one_page(school: SchoolWorld) -> None:
    came_in = signed_in(school.classmate)
    came_in.post("/deconnexion")
    client = signed_in(school.teacher)
    url = f"/annuaire/groupes/{school.division.uuid}/codes"
    assert "Jamais entrés · 1" in client.get(url).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    page = client.post(url).content.decode()
    assert page.count('class="pass"') == 1
    assert "Élodie I." in page
    assert school.pupil.username in page
    assert Client().post("/connexion", {"username": school.classmate.username, "password": PASSWORD}).status_code == 302
    page = client.post(url, {"who": "all"}).content.decode()
    assert page.count('class="pass"') == 2
    assert {row.person_id for row in OneUseCode.objects.all()} == {school.pupil.pk, school.classmate.pk}
    page = client.post(url, {"person": [str(school.classmate.uuid), "pas-un-uuid"]}).content.decode()
    assert page.count('class="pass"') == 1
    assert "Côme I." in page
    assert client.post(url, {"who": "everybody"}).status_code == 422


def test_the_protected_pupils_code_is_printed_for_direction_alone(school: SchoolWorld) -> None:
    url = f"/annuaire/groupes/{school.division.uuid}/codes"
    for role, seen in ((Role.REFERENT, False), (Role.DIRECTION, True)):
        page = signed_in(school.people[role]).post(url, {"who": "all"}).content.decode()
        assert ("Prune I." in page) is seen


def test_printing_when_all_have_come_in_says_so(school: SchoolWorld) -> None:
    for pupil in (school.pupil, school.classmate):
        signed_in(pupil)
    page = signed_in(school.teacher).post(f"/annuaire/groupes/{school.division.uuid}/codes").content.decode()
    assert "Aucun code n’a été fait" in page
    assert not OneUseCode.objects.exists()


def test_who_has_a_password_but_never_used_it_keeps_it(school: SchoolWorld) -> None:
    give_password(school.pupil)
    signed_in(school.teacher).post(f"/annuaire/groupes/{school.division.uuid}/codes")
    assert Client().post("/connexion", {"username": school.pupil.username, "password": PASSWORD}).status_code == 302


def test_a_class_of_thirty_costs_no_query_for_each(school: SchoolWorld, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        make_membership(make_person(school=school.organisation, role=Role.PUPIL), school.division)
    people = list(resettable(school.actor(Role.TEACHER), type(school.pupil).objects.all()))
    assert len(people) == 32
    # Each code is a row replaced by another, whose password and sessions are looked at; the rest is counted once.
    with django_assert_max_num_queries(32 * 3 + 12):
        made = make_group_codes(school.actor(Role.TEACHER), school.division, people)
    assert len(made) == 32


def test_a_group_is_not_everybodys_to_print(school: SchoolWorld) -> None:
    for role in (Role.PUPIL, Role.GUARDIAN, Role.STAFF, Role.TRAINER):
        client = signed_in(school.people[role])
        assert client.post(f"/annuaire/groupes/{school.division.uuid}/codes").status_code == 403
    outsider = make_person(school=school.organisation, role=Role.TEACHER)
    assert signed_in(outsider).post(f"/annuaire/groupes/{school.division.uuid}/codes").status_code == 403
    assert actor_for(school.supervisor, Role.VIE_SCOLAIRE, school.organisation, scope=Scope.NAMES) == school.aed
    assert not can(school.aed, "make_codes", school.division)


def test_short_names_say_a_first_name_and_an_initial() -> None:
    assert short_name(make_person("Zoé", "Lagarde")) == "Zoé L."
    assert short_name(make_person("Louis", "d’Artagnan")) == "Louis D."
    assert short_name(make_person("", "Lagarde")) == "L."
    assert short_name(make_person("Zoé", "")) == "Zoé"
