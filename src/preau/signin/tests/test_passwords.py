"""What is a good password, and how it is kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type
from django.test import Client

from preau.directory.testing import SchoolWorld
from preau.kernel.actions import machinery
from preau.kernel.actor import Role, system
from preau.kernel.errors import Refused
from preau.signin.actions.passwords import change_password, set_password
from preau.signin.models import Credential, OneUseCode, Session
from preau.signin.passwords import hashing
from preau.signin.passwords.hashing import hash_password, matches, needs_rehash
from preau.signin.passwords.rules import LEAST_ADULT, LEAST_PUPIL, Chooser, fault, is_common
from preau.signin.passwords.strength import strength
from preau.signin.testing import PASSWORD, give_password, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])
ADULT = Chooser(LEAST_ADULT, ["nadia.oukili", "Oukili", "Nadia"])
PUPIL = Chooser(LEAST_PUPIL, ["lina.nunez", "Nuñez", "Lina"])
NEW = "onze-parapluies-dans-la-cour"


def test_passwords_are_hashed_with_argon2id_as_decided() -> None:
    assert hash_password("a").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_matching() -> None:
    stored = hash_password(PASSWORD)
    assert matches(stored, PASSWORD)
    assert not matches(stored, PASSWORD + " ")
    assert not matches("", PASSWORD)
    assert not matches("", "")
    assert not matches(stored, "p" * 1_000_000)


def test_what_nobody_has_costs_a_hash_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock: counted are the hashes that are computed."""
    looked: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            looked.append(stored)
            return PasswordHasher().verify(stored, password)

        def hash(self, password: str) -> str:
            return hash_of(password)

    hash_of = hash_password
    nobodys = hashing._nobody()
    monkeypatch.setattr(hashing, "_hasher", Counting())
    assert not matches("", "quelconque")
    assert not matches("", "p" * 300)
    assert looked == [nobodys, nobodys]


def test_an_older_hash_is_made_anew_at_the_next_sign_in(school: SchoolWorld) -> None:
    give_password(school.teacher)
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1, type=Type.ID).hash(PASSWORD)
    assert needs_rehash(old)
    with machinery("testing"):
        Credential.objects.update(hash=old)
    assert Client().post("/connexion", {"username": school.teacher.username, "password": PASSWORD}).status_code == 302
    stored = Credential.objects.get().hash
    assert stored != old
    assert not needs_rehash(stored)
    assert matches(stored, PASSWORD)


@pytest.mark.parametrize(
    ("password", "chooser", "why"),
    [
        ("court", ADULT, "Trop court : 10"),
        ("capteurs", ADULT, "Trop court : 10"),
        ("capteur", PUPIL, "Trop court : 8"),
        ("p" * 201, ADULT, "Pas plus de 200"),
        ("password123", ADULT, "listes"),
        ("motdepasse", ADULT, "listes"),
        ("MotDePasse2026!", ADULT, "listes"),
        ("Soleil2024", ADULT, "listes"),
        ("azertyuiop1", ADULT, "listes"),
        ("marseille13", ADULT, "listes"),
        ("1234567890", ADULT, "listes"),
        ("ababababab", ADULT, "listes"),
        ("nadia.oukili", ADULT, "nom"),
        ("Oukili2026!", ADULT, "nom"),
        ("oukili-nadia", ADULT, "nom"),
        ("NUNEZ123", PUPIL, "nom"),
        ("Nuñez123", PUPIL, "nom"),
    ],
)
def test_passwords_that_are_refused(password: str, chooser: Chooser, why: str) -> None:
    assert why in fault(password, chooser).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("password", "chooser"),
    [
        ("quatre-capteurs-sous-la-pluie", ADULT),
        ("capteurs-114", ADULT),
        ("mesure la salle 114", ADULT),
        ("tuilesbleues", PUPIL),
        ("oukili mange des pommes vertes", ADULT),
        ("ĂȘȚ-unicode-ßøŁ", ADULT),
    ],
)
def test_passwords_that_are_kept_ask_for_no_capital_digit_or_sign(password: str, chooser: Chooser) -> None:
    assert fault(password, chooser) == ""


def test_the_french_list_is_looked_at_with_accents_and_spaces_too() -> None:
    assert is_common("mot de passe")
    assert is_common("Éléphant!!")
    assert not is_common("une tuile et deux pigeons")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Oukili2026!", "Faible."),
        ("soleil2024", "Faible."),
        ("abcdefghijkl", "Faible."),
        ("maisonmaison", "Faible."),
        ("capteurs", "Faible."),
        ("capteurs-114", "Moyen."),
        ("tuilesbleues", "Moyen."),
        ("capteurs-pluie-salle", "Solide."),
        ("quatre-capteurs-sous-la-pluie", "Très solide."),
        ("quatre capteurs " * 12, "Solide."),
    ],
)
def test_strength_in_words(password: str, word: str) -> None:
    assert strength(password, ADULT).word == word


def test_strength_is_said_while_typing_and_nothing_is_kept(school: SchoolWorld) -> None:
    answer = Client().post("/connexion/force", {"password": "Besson2026", "family_name": "Besson"})
    page = answer.content.decode()
    assert "Faible" in page
    assert "nom ou l’identifiant" in page
    assert answer["Cache-Control"] == "no-store"
    assert "Besson2026" not in page
    # Signed in, it is the person's own name that counts, whatever the form says.
    page = signed_in(school.teacher).post("/connexion/force", {"password": "théo-ici-théo"}).content.decode()
    assert "nom ou l’identifiant s’y lit" in page


def test_changing_ones_password_asks_for_the_present_one_and_closes_the_others(school: SchoolWorld) -> None:
    client, other = signed_in(school.teacher), signed_in(school.teacher, PASSWORD)
    wrong = client.post("/moi/mot-de-passe", {"current": "pas ça", "password": NEW})
    assert wrong.status_code == 422
    assert other.get("/moi/connexions").status_code == 200
    short = client.post("/moi/mot-de-passe", {"current": PASSWORD, "password": "court"})
    assert short.status_code == 422
    assert client.post("/moi/mot-de-passe", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert client.get("/moi/connexions").status_code == 200
    assert other.get("/moi/connexions").status_code == 302
    assert Session.objects.count() == 1
    assert Client().post("/connexion", {"username": school.teacher.username, "password": PASSWORD}).status_code == 422
    assert Client().post("/connexion", {"username": school.teacher.username, "password": NEW}).status_code == 302


def test_guessing_the_present_password_from_an_open_session_is_throttled(school: SchoolWorld) -> None:
    client = signed_in(school.teacher)
    for _ in range(5):
        client.post("/moi/mot-de-passe", {"current": "pas ça", "password": NEW})
    page = client.post("/moi/mot-de-passe", {"current": PASSWORD, "password": NEW})
    assert page.status_code == 422
    assert "Trop d’essais" in page.content.decode()


def test_nobody_sets_or_changes_anothers_password(school: SchoolWorld) -> None:
    hashed = hash_password(NEW)
    for role in Role:
        with pytest.raises(Refused):
            set_password(school.actor(role), school.classmate, password_hash=hashed)
        with pytest.raises(Refused):
            change_password(school.actor(role), school.classmate, password_hash=hashed, but=None)
    assert not Credential.objects.exists()
    set_password(system("demo"), school.classmate, password_hash=hashed)
    assert Credential.objects.get().first_used_at is None
    assert not OneUseCode.objects.exists()
