"""The pages the law wants: the instance's facts where they are known, who must give them where they are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from preau.kernel.actor import ANONYMOUS
from preau.kernel.privacy import Holding
from preau.ui import context
from preau.ui.pages import statements
from preau.ui.protocols import Facts, InstanceFacts

KNOWN = Facts(
    organisation="Collège Marie-Curie",
    address="1 rue de l’Exemple, 69000 Lyon",
    director="Mme Garnier",
    contact="secretariat@exemple.test",
    controller="La principale du collège",
    dpo="dpo@exemple.test",
    host="Collège Marie-Curie",
    host_place="salle 108",
    processors=("Sauvegarde : département",),
    accessibility_contact="access@exemple.test",
)
VIEWS = (statements.accessibility, statements.legal, statements.privacy, statements.sovereignty)
View = Callable[[HttpRequest], HttpResponse]


def page(view: View, facts: Facts, monkeypatch: pytest.MonkeyPatch, language: str = "fr") -> str:
    answers = {InstanceFacts: (lambda: facts,)}
    holding = Holding(
        name="directory.people",
        title="Votre fiche",
        purpose="Vous reconnaître.",
        basis="6.1.e",
        keep="3 mois après le départ",
        covers=frozenset(),
        export=lambda _person: [],
        erase=lambda _person: 0,
    )
    monkeypatch.setattr(context, "providers", lambda protocol: answers.get(protocol, ()))
    monkeypatch.setattr(context, "declared", lambda _pick: [])
    monkeypatch.setattr(statements, "loaded", lambda _pick: [(None, lambda: (holding,))])
    request = RequestFactory().get("/")
    request.actor = ANONYMOUS  # type: ignore[attr-defined]  # what the house's middleware sets
    with translation.override(language):
        return view(request).content.decode()


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_missing_names_who_must_give_it(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    html = page(view, Facts(), monkeypatch)
    assert "à compléter" in html
    assert "par la direction" in html or "par le référent numérique" in html or "par le secrétariat" in html
    assert "à compléter" not in page(view, KNOWN, monkeypatch)


def test_the_facts_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "".join(page(view, KNOWN, monkeypatch) for view in VIEWS)
    for fact in ("1 rue de l’Exemple", "Mme Garnier", "dpo@exemple.test", "salle 108", "Sauvegarde : département"):
        assert fact in said


def test_the_notice_lists_what_the_rooms_declare(monkeypatch: pytest.MonkeyPatch) -> None:
    html = page(statements.privacy, KNOWN, monkeypatch)
    for word in ("Votre fiche", "Vous reconnaître.", "6.1.e", "3 mois après le départ"):
        assert word in html


@pytest.mark.parametrize("view", VIEWS)
def test_english_leaves_no_french(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    html = page(view, Facts(), monkeypatch, "en")
    assert 'lang="en"' in html
    for word in ("Données", "Mentions", "compléter", " est ", " vous "):
        assert word not in html.split("<tbody>", maxsplit=1)[0]
