"""Signing in to the demo through its form, like anybody."""

from __future__ import annotations

from playwright.sync_api import Page

USERS = ("direction", "referent", "prof", "eleve", "parent", "formateur", "academie", "ministere", "dpo")
PASSWORD = "preau-demo-2026"  # the demo's, printed by `make run`


def sign_in(page: Page, username: str) -> None:
    """Signs in; fails when the form comes back."""
    page.goto("/connexion")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/connexion" not in url)
