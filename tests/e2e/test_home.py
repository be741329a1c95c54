"""Home, search and profile as somebody uses them: by keyboard, at once, and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.people import sign_in

pytestmark = pytest.mark.e2e


def test_a_slash_leads_to_the_search_from_anywhere(page: Page) -> None:
    sign_in(page, "prof")
    page.keyboard.press("/")
    page.keyboard.type("nun")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche\?q=nun$"))
    expect(page.get_by_role("link", name="Lina Nuñez")).to_be_visible()


def test_the_search_answers_as_one_types(page: Page) -> None:
    sign_in(page, "referent")
    page.goto("/recherche")
    page.evaluate("window.stayed = true")
    field = page.locator("main input[name=q]")
    expect(field).to_be_focused()
    field.press_sequentially("wol")
    expect(page.get_by_role("link", name="Łukasz Wolny")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/recherche\?q=wol$"))
    assert page.evaluate("window.stayed") is True
    field.fill("zzzz")
    expect(page.get_by_text("Rien ne s’appelle")).to_be_visible()


def test_a_found_person_opens(page: Page) -> None:
    sign_in(page, "referent")
    page.goto("/recherche?q=zoe lagarde")
    page.get_by_role("link", name="Zoé Lagarde").click()
    expect(page.locator("h1")).to_contain_text("Zoé Lagarde")


def test_the_dark_is_kept(page: Page) -> None:
    sign_in(page, "formateur")
    page.goto("/moi/")
    page.get_by_text("Sombre").click()
    page.get_by_role("button", name="Garder").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_teacher_goes_from_home_to_the_pupil_who_forgot(page: Page) -> None:
    sign_in(page, "prof")
    page.get_by_label("Nom ou prénom d’un de vos élèves").fill("awa")
    page.locator("main").get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("link", name=re.compile("Awa Diarra"))).to_be_visible()


def test_a_guardian_sees_both_children_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, "parent")
    expect(page.get_by_role("heading", name="Lina Nuñez")).to_be_visible()
    expect(page.get_by_role("heading", name="Sami Nuñez")).to_be_visible()
