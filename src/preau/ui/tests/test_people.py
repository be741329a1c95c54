"""Initials and chalks."""

from __future__ import annotations

import pytest

from preau.ui import people


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
