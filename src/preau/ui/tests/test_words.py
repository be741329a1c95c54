"""Days, hours, numbers and typography, as people read them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from preau.kernel import clock
from preau.ui import words

NBSP, NARROW = words.NBSP, words.NARROW
TUESDAY = dt.datetime(2026, 9, 8, 14, 0, tzinfo=clock.PARIS)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Première fois ici ?", f"Première fois ici{NBSP}?"),
        ("Personne ne répond à « nunz » ; essayez", f"Personne ne répond à «{NBSP}nunz{NBSP}»{NBSP}; essayez"),
        ("Le cours reprend à 10 h 30.", f"Le cours reprend à 10{NBSP}h{NBSP}30."),
        ("arrêté à 62 %", f"arrêté à 62{NBSP}%"),
        ("à %(at)s, %d fois", "à %(at)s, %d fois"),
        ("l'élève d'%(name)s", "l’élève d’%(name)s"),
        ("loi n° 2005-102", f"loi n°{NBSP}2005-102"),
        ('<a href="/x?a=1">Lisez : ici</a>', f'<a href="/x?a=1">Lisez{NBSP}: ici</a>'),
    ],
)
def test_french_typography(typed: str, printed: str) -> None:
    assert words.typeset(typed) == printed
    assert words.typeset(printed) == printed


@pytest.mark.parametrize(
    ("language", "value", "decimals", "written"),
    [
        ("fr", 1020, 0, f"1{NARROW}020"),
        ("fr", 1234567.5, 1, f"1{NARROW}234{NARROW}567,5"),
        ("en", 1020, 0, "1,020"),
        ("en", 0.25, 2, "0.25"),
    ],
)
def test_numbers(language: str, value: float, decimals: int, written: str) -> None:
    with translation.override(language):
        assert words.number(value, decimals) == written


@pytest.mark.parametrize(
    ("language", "moment", "said"),
    [
        ("fr", TUESDAY, "à l’instant"),
        ("fr", TUESDAY.replace(hour=7, minute=48), f"ce matin, 7{NBSP}h{NBSP}48"),
        ("fr", TUESDAY.replace(hour=12, minute=0), f"cet après-midi, 12{NBSP}h"),
        ("fr", TUESDAY.replace(hour=19, minute=5), f"ce soir, 19{NBSP}h{NBSP}05"),
        ("fr", TUESDAY - dt.timedelta(days=1), f"hier, 14{NBSP}h"),
        ("fr", TUESDAY + dt.timedelta(days=1), f"demain, 14{NBSP}h"),
        ("fr", TUESDAY - dt.timedelta(days=5), f"jeudi, 14{NBSP}h"),
        ("fr", TUESDAY - dt.timedelta(days=7), f"1er septembre, 14{NBSP}h"),
        ("fr", dt.datetime(2024, 3, 2, 9, 30, tzinfo=clock.PARIS), f"2 mars 2024, 9{NBSP}h{NBSP}30"),
        ("en", TUESDAY.replace(hour=7, minute=48), "this morning, 7:48"),
        ("en", dt.datetime(2024, 3, 1, 9, 5, tzinfo=clock.PARIS), "1 March 2024, 9:05"),
        # Midnight in Paris is still yesterday in UTC: the day is the school's.
        ("fr", dt.datetime(2026, 9, 7, 22, 30, tzinfo=dt.UTC), f"ce matin, 0{NBSP}h{NBSP}30"),
    ],
)
def test_moments_are_said_from_today(language: str, moment: dt.datetime, said: str) -> None:
    with clock.moved(TUESDAY), translation.override(language):
        assert words.when(moment) == said


def test_a_day_has_its_year_only_when_it_is_of_another_school_year() -> None:
    with clock.moved(TUESDAY), translation.override("fr"):
        assert words.day(dt.date(2027, 7, 14)) == "14 juillet"
        assert words.day(dt.date(2026, 7, 14)) == "14 juillet 2026"
        assert words.weekday(dt.date(2026, 9, 8)) == "mardi 8 septembre"
