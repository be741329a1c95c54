"""Initials and chalks."""

from __future__ import annotations

import pytest

from preau.ui import people
from preau.ui.templatetags.house import found, person_row


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lina Nuñez", "LN"),
        ("Inès d’Artagnan", "IA"),
        ("Lina Nunez-Caro", "LC"),
        ("Jean de La Fontaine", "JF"),
        ("Élise Verneuil", "ÉV"),
        ("4e C", "4C"),
        ("Latin", "La"),
        ("Łukasz Wolny", "ŁW"),
        ("", "?"),
        ("de La", "DL"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert people.initials(name) == letters


def test_a_chalk_is_the_same_for_ever_and_all_of_them_serve() -> None:
    # The reference pages give these colours to the demo's people.
    assert people.chalk("Lina Nuñez") == "violet"
    assert people.chalk("LINA NUÑEZ") == "violet"
    assert people.chalk("Nadia Oukili") == "teal"
    assert people.chalk("Hervé Besson") == "orange"
    assert {people.chalk(f"Personne {number}") for number in range(200)} == set(people.CHALKS)


@pytest.mark.parametrize(
    ("name", "q", "html"),
    [
        ("Lina Nuñez", "nun", "Lina <mark>Nuñ</mark>ez"),
        ("Lina Nuñez", "NUÑEZ li", "<mark>Li</mark>na <mark>Nuñez</mark>"),
        ("Łukasz Wolny", "lu", "<mark>Łu</mark>kasz Wolny"),
        ("Inès d’Artagnan", "art", "Inès d’<mark>Art</mark>agnan"),
        ("Lætitia", "lae", "<mark>Læ</mark>titia"),
        ("Lina", "ina", "Lina"),
        ("Lina", "", "Lina"),
        ("<b>Lina</b>", "lina", "&lt;b&gt;Lina&lt;/b&gt;"),
    ],
)
def test_what_a_search_found_is_marked(name: str, q: str, html: str) -> None:
    assert found(name, q) == html


def test_a_row_is_one_flat_line() -> None:
    row = person_row("Lina Nuñez", "/annuaire/1?a=1&b=2", "4e C", q="lin", current=True)
    assert row == (
        '<li><a href="/annuaire/1?a=1&amp;b=2" aria-current="true">'
        '<span class="avatar" data-chalk="violet" aria-hidden="true">LN</span>'
        '<span class="grow"><span class="title"><mark>Lin</mark>a Nuñez</span><span class="sub">4e C</span></span>'
        "</a></li>"
    )
