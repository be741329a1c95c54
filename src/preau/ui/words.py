"""Words as people write them, in French and in English: days, moments, numbers, and French typography."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import dateformat
from django.utils.translation import get_language, gettext

from preau.kernel import clock

NBSP = "\u00a0"
NARROW = "\u202f"

_FRENCH = (
    # A % that stands for a value ("%(name)s", "%d") is no sign of its own.
    (re.compile(r"(?<=\S) (?=[;:?!»€]|%(?![(sd]))"), NBSP),
    (re.compile(r"(?<=«) "), NBSP),
    (re.compile(r"(?<=\d) (?=h\b)"), NBSP),
    (re.compile(r"(?<=\d[ \u00a0]h) (?=\d)"), NBSP),
    (re.compile(r"(?<=n°) (?=\d)"), NBSP),
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|[%«])"), "’"),
)


def typeset(text: str) -> str:
    """French typography on plain text: no-break spaces before ; : ? ! » and % and inside « 10 h 30 », and ’.

    Meant for sentences without markup, or with tags whose attributes hold no such space.
    """
    for pattern, replacement in _FRENCH:
        text = pattern.sub(replacement, text)
    return text


def is_french() -> bool:
    """Whether the present language is French."""
    return (get_language() or "fr").startswith("fr")


def number(value: float, decimals: int = 0) -> str:
    """A number with its thousands apart: « 1 020 », "1,020"; `decimals` digits after the decimal sign."""
    written = f"{value:,.{decimals}f}"
    if not is_french():
        return written
    return written.replace(",", NARROW).replace(".", ",")


def hour(moment: dt.datetime | dt.time) -> str:
    """An hour of the day: « 7 h 48 », « 7 h », "7:48"."""
    if not is_french():
        return f"{moment.hour}:{moment.minute:02}"
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02}" if moment.minute else f"{moment.hour}{NBSP}h"


def day(value: dt.date) -> str:
    """A day in words, with its year when it is not of the present school year: « 8 septembre », « 1er mars 2024 »."""
    with_year = clock.school_year(value) != clock.school_year()
    text = dateformat.format(value, "j F Y" if with_year else "j F")
    return f"1er{text[1:]}" if value.day == 1 and is_french() else text


def weekday(value: dt.date) -> str:
    """A day with its name: « mardi 8 septembre », "Tuesday 8 September"."""
    return f"{dateformat.format(value, 'l')} {day(value)}"


def when(moment: dt.datetime) -> str:
    """A moment as somebody would say it today: « ce matin, 7 h 48 », « hier, 18 h 05 », « 8 septembre, 10 h »."""
    local = moment.astimezone(clock.zone())
    apart = (local.date() - clock.today()).days
    if apart == 0:
        if 0 <= (clock.now() - moment).total_seconds() < 60:
            return gettext("à l’instant")
        said = _part_of_day(local.hour)
    elif apart == -1:
        said = gettext("hier")
    elif apart == 1:
        said = gettext("demain")
    elif -7 < apart < 0:
        said = dateformat.format(local.date(), "l")
    else:
        said = day(local.date())
    return f"{said}, {hour(local)}"


def _part_of_day(of: int) -> str:
    if of < 12:
        return gettext("ce matin")
    return gettext("cet après-midi") if of < 18 else gettext("ce soir")
