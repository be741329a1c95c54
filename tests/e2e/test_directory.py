"""The directory as somebody uses it: it answers while one types, shows the chosen person beside, and undoes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.people import sign_in

pytestmark = pytest.mark.e2e


def test_it_answers_while_one_types_and_shows_the_chosen_beside(page: Page) -> None:
    sign_in(page, "referent")
    page.goto("/annuaire/")
    page.evaluate("window.stayed = true")
    field = page.get_by_label("Chercher dans l’annuaire")
    field.press_sequentially("lina nu")
    expect(page.locator(".results .title")).to_have_text(["Lina Nuñez", "Lina Nunez-Caro"])
    expect(page.locator("#found-said")).to_have_text("2 résultats")
    expect(page).to_have_url(re.compile(r"\?q=lina\+nu$"))
    expect(field).to_be_focused()
    page.locator(".results a").first.press("Enter")
    expect(page.locator("#p-t")).to_have_text("Lina Nuñez")
    expect(page.locator("#p-t")).to_be_focused()
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("aside")).to_have_count(0)


def test_an_account_is_closed_and_opened_again_from_the_toast(page: Page) -> None:
    sign_in(page, "direction")
    page.goto("/annuaire/?q=zoe lagarde")
    page.locator(".results a").first.click()
    page.get_by_role("button", name="Plus d’actions").click()
    page.get_by_role("button", name="Désactiver le compte").click()
    page.get_by_role("dialog").get_by_label("Pourquoi").fill("Essai")
    page.get_by_role("button", name="Désactiver", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Compte de Zoé Lagarde désactivé")
    page.locator(".toast").get_by_role("button", name="Annuler").click()
    expect(page.locator(".toast")).to_contain_text("Compte de Zoé Lagarde réactivé")


def test_ticked_pupils_are_counted(page: Page) -> None:
    sign_in(page, "referent")
    page.goto("/annuaire/groupes/")
    page.get_by_role("link", name="4e C").first.click()
    page.get_by_label("Choisir Lina Nuñez").check()
    page.get_by_label("Choisir Łukasz Wolny").check()
    expect(page.locator("#chosen")).to_have_text("2 élèves choisis")
    page.get_by_role("link", name="Tout cocher").click()
    expect(page.locator("#chosen")).to_have_text("26 élèves choisis")
