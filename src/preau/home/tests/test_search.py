"""The search from anywhere: grouped by kind, never beyond what its visitor may see, with and without script."""

from __future__ import annotations

import pytest
from django.test import Client

from preau.directory.testing import World
from preau.kernel.actor import Role
from preau.kernel.models import Disclosure
from preau.signin.testing import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def found(browser: Client, q: str) -> str:
    answer = browser.get("/recherche", {"q": q})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_people_come_before_groups_and_pages(world: World) -> None:
    said = found(signed_in(world.here.teacher), "a")
    assert said.index("Personnes") < said.index("Pages et réglages")
    said = found(signed_in(world.here.teacher), "latin")
    assert "Classes et groupes" in said
    assert f"/annuaire/groupes/{world.here.group.uuid}" in said


def test_an_accent_or_half_a_word_is_enough(world: World) -> None:
    said = found(signed_in(world.here.teacher), "elo")
    assert f"/annuaire/personnes/{world.here.pupil.uuid}" in said


def test_whom_an_answer_shows_is_kept(world: World) -> None:
    browser = signed_in(world.here.teacher)
    found(browser, "zzz")
    assert not Disclosure.objects.exists()
    found(browser, "elo")
    kept = Disclosure.objects.get(viewer=world.here.teacher.pk, subject=world.here.pupil.pk)
    assert (kept.route, kept.viewer_role) == ("home.search", "teacher")


@pytest.mark.parametrize("role", Role)
def test_nobody_finds_another_school(world: World, role: Role) -> None:
    said = found(signed_in(world.here.people[role]), "Ailleurs")
    assert "/annuaire/personnes/" not in said


def test_the_protected_are_found_by_direction_only(world: World) -> None:
    there = f"/annuaire/personnes/{world.here.protected.uuid}"
    assert there in found(signed_in(world.here.people[Role.DIRECTION]), "prune")
    for role in set(Role) - {Role.DIRECTION}:
        assert there not in found(signed_in(world.here.people[role]), "prune"), role


def test_pages_and_settings_are_found_by_whoever_may_open_them(world: World) -> None:
    assert "/reglages/controles" in found(signed_in(world.here.people[Role.REFERENT]), "controles")
    assert "/reglages/controles" not in found(signed_in(world.here.teacher), "controles")
    assert "/moi/profil" in found(signed_in(world.here.pupil), "prof")


def test_htmx_gets_the_answer_alone(world: World) -> None:
    browser = signed_in(world.here.teacher)
    said = browser.get("/recherche", {"q": "elo"}, headers={"HX-Request-Type": "partial"}).content.decode()
    assert said.strip().startswith('<div id="found"')
    assert "<form" not in said


def test_nothing_found_says_so_and_escapes_what_was_asked(world: World) -> None:
    said = found(signed_in(world.here.teacher), '<b>"x')
    assert "Rien ne s’appelle" in said
    assert "<b>&quot;" not in said
    assert "&lt;b&gt;" in said


def test_an_empty_question_finds_nothing(world: World) -> None:
    assert 'class="results' not in found(signed_in(world.here.teacher), "  ")


def test_a_very_long_question_is_cut(world: World) -> None:
    assert 'value="' + "x" * 100 + '"' in found(signed_in(world.here.teacher), "x" * 5000)


def test_the_bar_of_every_page_leads_here(world: World) -> None:
    assert 'action="/recherche"' in signed_in(world.here.teacher).get("/moi/profil").content.decode()
