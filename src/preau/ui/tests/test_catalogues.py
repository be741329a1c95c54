"""What `tools/catalogues.py` reads in the sources, and the French it makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import catalogues


@pytest.mark.parametrize(
    ("name", "source", "messages"),
    [
        ("a.html", '{% trans "Nom" %}', [("Nom", None)]),
        ("a.html", '<c-field label="{% trans "Nom" %}" />', [("Nom", None)]),
        ("a.html", '{% you "Ton nom" "Votre nom" a=b %}', [("Ton nom", "tu"), ("Votre nom", None)]),
        (
            "a.html",
            "{% blocktrans count n=n %}{{ n }} élève{% plural %}{{ n }} élèves{% endblocktrans %}",
            [(("%(n)s élève", "%(n)s élèves"), None)],
        ),
        ("a.py", 'pgettext("tu", "Ton nom")', [("Ton nom", "tu")]),
        ("room.py", 'RailEntry(label="Annuaire", icon="x")', [("Annuaire", None)]),
        (
            "room.py",
            'Holding(name="a.b", title="Fiches", keep="12 mois", kept_because="")',
            [("Fiches", None), ("12 mois", None)],
        ),
    ],
)
def test_messages_in_sources(tmp_path: Path, name: str, source: str, messages: list[object]) -> None:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert list(catalogues.messages_of(path)) == messages


def test_french_counts_and_sets_its_spaces() -> None:
    english = Catalog(locale="en")
    english.add(("%(n)s élève : ici", "%(n)s élèves : ici"), ("%(n)s pupil", "%(n)s pupils"))
    english.add("Prêt ?", "Ready?", context="tu")
    french = catalogues.in_french(english)
    assert french.plural_expr == "(n > 1)"
    assert [(message.string, message.context) for message in catalogues.entries(french)] == [
        (("%(n)s élève\u00a0: ici", "%(n)s élèves\u00a0: ici"), None),
        ("Prêt\u00a0?", "tu"),
    ]


def test_an_entry_that_lost_its_placeholder_is_wrong() -> None:
    catalogue = Catalog(locale="en")
    whole = catalogue.add("Bonjour %(name)s", "Hello %(name)s", flags=["python-format"])
    lost = catalogue.add("Au revoir %(name)s", "Goodbye %(nom)s", flags=["python-format"])
    assert catalogues.state_of(whole, catalogue) == ""
    assert catalogues.state_of(lost, catalogue)
    assert catalogues.state_of(None, catalogue) == "missing"
