"""Components carry the look's classes and pass the rest through; templates use only icons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

import preau
from preau.kernel.room import declared
from preau.ui import assets

PACKAGE = Path(preau.__file__).parent


def rendered(source: str, **context: object) -> str:
    # Only files are compiled by cotton's loader; a string goes through its compiler by hand.
    from django_cotton.compiler_regex import CottonCompiler

    with translation.override("fr"):
        html = engines["django"].from_string(CottonCompiler().process(source)).render(context)
    return re.sub(r"\s+", " ", html).replace(" >", ">").strip()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<c-btn>Plus tard</c-btn>", '<button class="btn" type="button">Plus tard</button>'),
        (
            '<c-btn kind="primary" size="large" type="submit" name="go" value="1">Oui</c-btn>',
            '<button class="btn primary large" type="submit" name="go" value="1">Oui</button>',
        ),
        ('<c-btn href="/x" class="wide">Là</c-btn>', '<a class="btn wide" href="/x">Là</a>'),
        ('<c-badge tone="due">en retard</c-badge>', '<span class="badge" data-tone="due">en retard</span>'),
        ("<c-sheet flush>a</c-sheet>", '<div class="sheet flush">a</div>'),
        ('<c-fact label="Classe">4e C</c-fact>', "<dt>Classe</dt><dd>4e C</dd>"),
        (
            '<c-tab href="/a" :current="yes" count="3" quiet>Fil</c-tab>',
            '<a href="/a" aria-current="page">Fil <span class="count plain">3</span></a>',
        ),
        ('<c-tab href="/a" :current="no" :count="none">Fil</c-tab>', '<a href="/a">Fil</a>'),
        ("<c-step done>Fichier</c-step>", '<li class="done">Fichier</li>'),
        (
            '<c-marge-row when="Demain" sub="mer. 25" now>x</c-marge-row>',
            (
                '<li class="now" aria-current="step"><div class="in"><strong>Demain</strong>mer. 25</div>'
                '<div class="out">x</div></li>'
            ),
        ),
        (
            '<c-field name="q" label="Nom" hint="Un prénom suffit." required />',
            (
                '<div class="field"><label for="q">Nom</label><input id="q" class="input" type="text" name="q" value=""'
                ' aria-describedby="q-hint" required><span class="hint" id="q-hint">Un prénom suffit.</span></div>'
            ),
        ),
        (
            '<c-check name="a" value="1" :checked="no" switch>Oui</c-check>',
            '<label class="check"><input type="checkbox" name="a" value="1" role="switch"> <span>Oui</span></label>',
        ),
        (
            '<c-tag pressed :count="2">Élèves</c-tag>',
            '<button class="tag" type="submit" aria-pressed="true">Élèves · 2</button>',
        ),
    ],
)
def test_markup(source: str, html: str) -> None:
    assert rendered(source, yes=True, no=False, none=None) == html


def test_an_invalid_field_names_its_error_before_its_hint() -> None:
    html = rendered('<c-field name="h" label="Heure" value="25:00" hint="De Paris." error="De 0 à 23." />')
    assert 'aria-invalid="true" aria-describedby="h-error h-hint"' in html
    assert re.search(r'<span class="error" id="h-error"><svg .*</svg> De 0 à 23.</span>', html)


def test_what_is_given_is_escaped() -> None:
    html = rendered('<c-field name="q" label="Nom" value="{{ typed }}" />', typed='"><script>')
    assert "<script>" not in html
    assert "<b>" not in rendered('<c-page-head title="{{ title }}" />', title="<b>4e C</b>")


@pytest.mark.parametrize(
    ("page", "of", "shown"),
    [
        (1, 1, ["1"]),
        (2, 24, ["1", "2", "3", "…", "24"]),
        (12, 24, ["1", "…", "11", "12", "13", "…", "24"]),
        (24, 24, ["1", "…", "23", "24"]),
    ],
)
def test_pages(page: int, of: int, shown: list[str]) -> None:
    html = rendered('<c-pages :page="page" :of="of" base="?q=a&page=" />', page=page, of=of)
    assert re.findall(r">([\d…]+)</(?:a|span)>", html) == shown
    assert re.findall(r'aria-current="page">(\d+)<', html) == [str(page)]
    assert ("Page précédente" in html, "Page suivante" in html) == (page > 1, page < of)


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    known = assets.icons()
    named = {
        (path.name, icon)
        for path in PACKAGE.rglob("templates/**/*.html")
        for icon in re.findall(r'(?:\{%\s*icon |<c-icon name=|\bicon=)"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert {name for name in named if name[1] not in known} == set()
    assert {entry.icon for entry in declared(lambda room: room.rail)} <= known


FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "an inline style": re.compile(r"<style\b|\sstyle="),
    "an event attribute": re.compile(r"\son[a-z]+=|hx-on"),
    "script in an attribute": re.compile(r"javascript:|\bjs:"),
    "an address outside": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//"""),
}


def test_templates_hold_to_the_content_security_policy() -> None:
    found = {
        (str(path.relative_to(PACKAGE)), what)
        for path in PACKAGE.rglob("templates/**/*.html")
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_an_asset_that_is_not_built_says_what_to_run() -> None:
    with pytest.raises(assets.AssetsNotBuilt, match=r"css/house\.css"):
        assets.url("css/nothing.css")
