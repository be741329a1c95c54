"""What a person decides for themselves, and nothing else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from preau.directory.api import edit_own_profile
from preau.directory.testing import World
from preau.kernel.actor import Role
from preau.kernel.errors import Refused
from preau.kernel.models import AuditEntry
from preau.signin.testing import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def test_saves_what_was_chosen(world: World) -> None:
    me = world.here.teacher
    browser = signed_in(me)
    sent = {
        "preferred_given_name": " Théodore ",
        "email": "theo@exemple.fr",
        "theme": "dark",
        "density": "roomy",
        "language": "en",
    }
    answer = browser.post("/moi/profil", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/moi/profil")
    me.refresh_from_db()
    assert (me.preferred_given_name, me.email, me.theme) == ("Théodore", "theo@exemple.fr", "dark")
    shown = browser.get("/moi/profil").content.decode()
    assert "Théodore Ici" in shown
    assert 'data-theme="dark"' in shown
    assert 'data-density="roomy"' in shown
    assert 'lang="en"' in shown
    assert AuditEntry.objects.filter(verb="directory.edit_own_profile", subject=me.pk).count() == 1


def test_the_language_stays_with_the_browser_after_signing_out(world: World) -> None:
    browser = signed_in(world.here.teacher)
    browser.post("/moi/profil", {"language": "en"})
    browser.post("/deconnexion")
    assert "Sign in" in browser.get("/connexion").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "theo@"),
        ("email", "x" * 250 + "@exemple.fr"),
        ("preferred_given_name", "x" * 121),
        ("preferred_given_name", "Th\u202eoéd"),
        ("preferred_given_name", "Th\u2066oéd"),
        ("preferred_given_name", "Th\x07oéd"),
        ("theme", "purple"),
        ("density", "vast"),
        ("language", "tlh"),
    ],
)
def test_what_cannot_be_used_is_told_and_kept_on_the_page(world: World, field: str, value: str) -> None:
    me = world.here.teacher
    browser = signed_in(me)
    answer = browser.post("/moi/profil", {"preferred_given_name": "Gardé", field: value})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error"' in said
    if field != "preferred_given_name":
        assert 'value="Gardé"' in said
    me.refresh_from_db()
    assert me.preferred_given_name == ""


def test_nothing_else_can_be_changed_here(world: World) -> None:
    me = world.here.teacher
    signed_in(me).post("/moi/profil", {"family_name": "Autre", "username": "autre", "is_protected": "1"})
    me.refresh_from_db()
    assert (me.family_name, me.is_protected) == ("Ici", False)
    assert me.username != "autre"


def test_a_pupil_does_not_choose_the_name_a_school_reads(world: World) -> None:
    me = world.here.pupil
    browser = signed_in(me)
    said = browser.get("/moi/profil").content.decode()
    assert "Demande à la vie scolaire" in said
    assert 'readonly="readonly"' in said
    answer = browser.post("/moi/profil", {"preferred_given_name": "Le Patron", "theme": "dark"})
    assert answer.status_code == 302
    with pytest.raises(Refused, match="vie scolaire"):
        edit_own_profile(world.here.actor(Role.PUPIL), me, preferred_given_name="Le Patron")
    me.refresh_from_db()
    assert (me.preferred_given_name, me.theme) == ("", "dark")
    assert 'readonly="readonly"' not in signed_in(world.here.teacher).get("/moi/profil").content.decode()


def test_a_pupil_is_asked_for_no_address(world: World) -> None:
    me = world.here.pupil
    browser = signed_in(me)
    assert 'name="email"' not in browser.get("/moi/profil").content.decode()
    browser.post("/moi/profil", {"email": "moi@exemple.fr"})
    me.refresh_from_db()
    assert me.email == "pupil@exemple.fr"


@pytest.mark.parametrize("role", Role)
def test_everybody_has_a_profile(world: World, role: Role) -> None:
    browser = signed_in(world.here.people[role])
    assert browser.get("/moi/")["Location"] == "/moi/profil"
    assert browser.get("/moi/profil").status_code == 200


def test_a_form_without_its_token_is_refused(world: World) -> None:
    browser = signed_in(world.here.teacher)
    browser.handler.enforce_csrf_checks = True
    sent = urlencode({"theme": "dark"})
    answer = browser.post("/moi/profil", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 403
