"""The tags and filters of every page. They are built in: no template loads them."""

from __future__ import annotations

import datetime as dt

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from preau.ui import assets, people, words

register = template.Library()

_MARK = SafeString(
    '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true"><path class="lit" d="M13 33 21 17h6l-5 16z"/>'
    '<path d="M3 17 20 7l17 10"/><path d="M9 14v19M31 14v19M20 8v8"/><path d="M5 33h30"/></svg>'
)


@register.simple_tag
def asset(name: str) -> str:
    """The hashed address of a built file: `{% asset "css/door.css" %}`."""
    return assets.url(name)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, silent for a screen reader: `{% icon "check" %}`, `{% icon "check" "small" %}`."""
    classes = f"icon {size}".rstrip()
    sprite = assets.url("icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag
def mark() -> SafeString:
    """Préau's mark: a roof, its posts, and the light on the ground."""
    return _MARK


@register.simple_tag
def avatar(name: str, classes: str = "", chalk: str = "", letters: str = "") -> SafeString:
    """Initials on a chalk. `classes`: small, large, square, here. For long lists: lighter than `<c-avatar>`."""
    return format_html(
        '<span class="{}" data-chalk="{}" aria-hidden="true">{}</span>',
        f"avatar {classes}".rstrip(),
        chalk or people.chalk(name),
        letters or people.initials(name),
    )


@register.simple_tag
def person_row(
    name: str, url: str, sub: str = "", *, q: str = "", after: str = "", current: bool = False
) -> SafeString:
    """One line of `<ul class="results">`: a person or a group, flat, for long lists.

    `q` marks what the search found in the name; `after` is a badge or a button, as HTML that is safe already.
    """
    return format_html(
        '<li><a href="{}"{}>{}<span class="grow"><span class="title">{}</span>{}</span>{}</a></li>',
        url,
        SafeString(' aria-current="true"') if current else "",
        avatar(name),
        found(name, q),
        format_html('<span class="sub">{}</span>', sub) if sub else "",
        after,
    )


@register.filter
def found(name: str, q: str) -> SafeString:
    """The name with what the search found in a `<mark>`: `{{ person.name|found:q }}`."""
    pieces = people.found(name, q)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    )


@register.simple_tag(takes_context=True)
def you(context: Context, tu: str, vous: str, **values: object) -> str:
    """The sentence for a pupil or for an adult: `{% you "Ton code, {name}." "Votre code, {name}." name=me.name %}`.

    The first is looked up in the message context "tu". Both must be literal strings, or they are not translated.
    """
    sentence = pgettext("tu", tu) if getattr(context.get("house"), "tu", False) else gettext(vous)
    return sentence.format(**values) if values else sentence


@register.simple_tag
def page_numbers(page: int, of: int) -> list[int]:
    """The page numbers worth a link: first, last, and those around `page`; 0 stands for a gap."""
    near = sorted({1, of, *range(max(1, page - 1), min(of, page + 1) + 1)})
    numbers: list[int] = []
    for number in near:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return numbers


@register.filter
def typeset(text: object) -> str:
    """French typography for text that comes from people; the messages of the interface have it already."""
    return words.typeset(str(text)) if words.is_french() else str(text)


@register.filter
def day(value: dt.date | None) -> str:
    """« 8 septembre »; "" for no date."""
    return words.day(value) if value else ""


@register.filter
def weekday(value: dt.date | None) -> str:
    """« mardi 8 septembre »; "" for no date."""
    return words.weekday(value) if value else ""


@register.filter
def when(value: dt.datetime | None) -> str:
    """« ce matin, 7 h 48 »; "" for no moment."""
    return words.when(value) if value else ""


@register.filter
def hour(value: dt.datetime | dt.time | None) -> str:
    """« 7 h 48 »; "" for no hour."""
    return words.hour(value) if value else ""


@register.filter
def num(value: float | str | None) -> str:
    """« 1 020 »; "" for no number; what is already written (a component's attribute) stays as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    return words.number(value)


@register.filter
def chalk(name: str) -> str:
    """The chalk of a name, for `data-chalk`."""
    return people.chalk(name)


@register.filter
def initials(name: str) -> str:
    """Two letters for a name."""
    return people.initials(name)
