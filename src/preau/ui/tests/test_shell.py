"""The shell: whose rail, which density, *tu* or *vous*, and nothing for what no room provides."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from preau.kernel.actor import ANONYMOUS, Actor, ActorKind, Hat, Role
from preau.kernel.room import RailEntry
from preau.ui import context, toasts
from preau.ui.context import House
from preau.ui.protocols import (
    AccountMenu,
    BellSource,
    Facts,
    HatChoice,
    Identity,
    InstanceFacts,
    MenuLink,
    Portrait,
    Preferences,
    SearchPage,
    Stage,
)

RAIL = (
    RailEntry(label="Accueil", icon="house", url="/", order=0, roles=frozenset(Role)),
    RailEntry(label="Annuaire", icon="contact-round", url="/annuaire/", order=2, roles=frozenset(Role)),
    RailEntry(label="Réglages", icon="sliders-horizontal", url="/reglages/", order=9, roles=frozenset({Role.REFERENT})),
    RailEntry(label="La rentrée", icon="school", url="/annuaire/rentree/", order=3, roles=frozenset({Role.REFERENT})),
)
Offers = Callable[..., None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Offers:
    """Makes rooms offer these providers, and this rail, instead of their own."""

    def offers(rail: tuple[RailEntry, ...] = RAIL, **answers: Any) -> None:
        named = {
            protocol.__name__: protocol for protocol in (Identity, AccountMenu, SearchPage, BellSource, InstanceFacts)
        }
        offered = {named[name]: answer for name, answer in answers.items()}
        monkeypatch.setattr(context, "providers", lambda protocol: (offered[protocol],) if protocol in offered else ())
        monkeypatch.setattr(context, "declared", lambda _pick: list(rail))

    return offers


def request_of(role: Role | None, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    hats = (Hat(role=role, organisation_id=1, path="0001"),) if role else ()
    actor = Actor(kind=ActorKind.PERSON, id=1, hats=hats) if role else ANONYMOUS
    request.actor = actor  # type: ignore[attr-defined]  # what the house's middleware sets
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # likewise, django.contrib.messages'
    return request


def portrait(stage: Stage | str = "", **chosen: Any) -> Callable[[Actor], Portrait]:
    me = Portrait(
        name="Lina Nuñez",
        initials="LN",
        chalk="violet",
        role="Élève, 4e C",
        organisation="Collège Marie-Curie",
        place="4e C",
        stage=stage,  # type: ignore[arg-type]  # a literal in the table below
        **chosen,
    )
    return lambda actor: me


def page(request: HttpRequest) -> str:
    with translation.override("fr"):
        return render_to_string("ui/base.html", {}, request)


def test_nobody_provides_anything(offer: Offers) -> None:
    offer(rail=())
    html = page(request_of(Role.TEACHER))
    for absent in ('class="find"', 'id="bell"', 'id="me"', 'id="rooms"', "/annuaire"):
        assert absent not in html
    assert "<title>Préau · Préau</title>" in html


def test_the_foot_is_on_every_page(offer: Offers) -> None:
    offer()
    html = page(request_of(None))
    assert 'href="/accessibilite">Accessibilité\u00a0: non conforme</a>' in html
    assert 'href="/mentions-legales"' in html
    assert 'href="/donnees-personnelles"' in html
    assert 'href="/connexion"' in html


@pytest.mark.parametrize(
    ("role", "path", "labels", "current"),
    [
        (Role.PUPIL, "/", ["Accueil", "Annuaire"], "Accueil"),
        (Role.PUPIL, "/annuaire/lina", ["Accueil", "Annuaire"], "Annuaire"),
        (Role.REFERENT, "/annuaire/", ["Accueil", "Annuaire", "La rentrée", "Réglages"], "Annuaire"),
        # The longest address that begins the page's wins.
        (Role.REFERENT, "/annuaire/rentree/3", ["Accueil", "Annuaire", "La rentrée", "Réglages"], "La rentrée"),
        (Role.REFERENT, "/moi/", ["Accueil", "Annuaire", "La rentrée", "Réglages"], ""),
        (None, "/", [], ""),
    ],
)
def test_the_rail_is_the_roles(offer: Offers, role: Role | None, path: str, labels: list[str], current: str) -> None:
    offer()
    rail = House(request_of(role, path)).rail
    assert [link.label for link in rail] == labels
    assert [link.label for link in rail if link.current] == ([current] if current else [])
    assert not any(link.extra for link in rail)


def test_a_phone_keeps_the_present_room_in_its_bar(offer: Offers) -> None:
    urls = ("/", "/a/", "/b/", "/c/", "/d/", "/e/")
    rail = tuple(
        RailEntry(label=url, icon="house", url=url, order=order, roles=frozenset(Role))
        for order, url in enumerate(urls)
    )
    offer(rail=rail)
    assert [link.url for link in House(request_of(Role.TEACHER, "/")).more] == ["/d/", "/e/"]
    assert [link.url for link in House(request_of(Role.TEACHER, "/e/")).more] == ["/c/", "/d/"]
    assert 'popovertarget="rooms"' in page(request_of(Role.TEACHER, "/e/"))


@pytest.mark.parametrize(
    ("role", "stage", "chosen", "density", "tu"),
    [
        (Role.PUPIL, "ecole", Preferences(), "roomy", True),
        (Role.PUPIL, "college", Preferences(), "regular", True),
        (Role.PUPIL, "lycee", Preferences(), "compact", False),
        (Role.PUPIL, "ecole", Preferences(density="compact"), "compact", True),
        (Role.GUARDIAN, "", Preferences(), "regular", False),
        (Role.TEACHER, "", Preferences(), "compact", False),
        (Role.TEACHER, "", Preferences(density="roomy"), "roomy", False),
    ],
)
def test_density_and_tu(offer: Offers, role: Role, stage: str, chosen: Preferences, density: str, tu: bool) -> None:
    offer(Identity=portrait(stage, preferences=chosen))
    house = House(request_of(role))
    assert (house.density, house.tu) == (density, tu)
    with translation.override("fr"):
        said = Template('{% you "Ton {what}." "Votre {what}." what="code" %}').render(Context({"house": house}))
    assert said == ("Ton code." if tu else "Votre code.")


def test_a_chosen_theme_is_on_the_page(offer: Offers) -> None:
    offer(Identity=portrait(preferences=Preferences(theme="dark")))
    assert 'data-theme="dark"' in page(request_of(Role.TEACHER))
    offer(Identity=portrait())
    assert "data-theme" not in page(request_of(Role.TEACHER))


def test_the_menu_under_the_avatar(offer: Offers) -> None:
    hats = (
        HatChoice(key="1", label="Professeure", organisation="Collège Marie-Curie", current=True),
        HatChoice(key="2", label="Professeure", organisation="École Louise-Michel"),
    )
    links = (
        MenuLink(label="Se déconnecter", icon="log-out", url="/deconnexion", order=0, post=True),
        MenuLink(label="Mon profil", icon="user", url="/moi/", order=1),
    )
    offer(
        Identity=portrait(hats=hats, switch_url="/moi/role"),
        AccountMenu=lambda actor: links,
        SearchPage=lambda actor: "/recherche/",
        BellSource=lambda actor: mark_safe("<li>Neuf</li>"),
    )
    html = page(request_of(Role.TEACHER))
    assert re.search(
        r'<form action="/moi/role" method="post">.*name="hat" value="2" aria-pressed="false"', html, re.DOTALL
    )
    assert re.search(
        r'<form action="/deconnexion" method="post">.*csrfmiddlewaretoken.*Se déconnecter', html, re.DOTALL
    )
    assert html.index("Mon profil") < html.index("Se déconnecter")
    assert 'action="/recherche/"' in html
    assert "Notifications, 1 nouvelle" in html
    assert "<li>Neuf</li>" in html


def test_names_are_escaped(offer: Offers) -> None:
    facts = Facts(organisation="<b>Collège</b>")
    offer(InstanceFacts=lambda: facts)
    assert "<b>Collège</b>" not in page(request_of(None))


def test_a_toast_is_said_once_with_its_undo(offer: Offers) -> None:
    offer()
    before = request_of(Role.TEACHER)
    toasts.toast(before, "Code donné", undo="/annuaire/annuler/3")
    answer = HttpResponse()
    before._messages.update(answer)  # type: ignore[attr-defined]  # what MessageMiddleware does
    after = request_of(Role.TEACHER)
    after.COOKIES["messages"] = answer.cookies["messages"].value
    html = page(after)
    assert re.search(r'role="status".*Code donné.*action="/annuaire/annuler/3"', html, re.DOTALL)
    said = HttpResponse()
    after._messages.update(said)  # type: ignore[attr-defined]  # likewise
    assert said.cookies["messages"].value == ""
