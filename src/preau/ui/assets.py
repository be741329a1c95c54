"""Addresses of the built files: `dist/manifest.json`, written by Vite, maps each asset's name to its hashed one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings

DIST = Path(__file__).parent / "dist"
SOURCES = Path(__file__).parent / "assets"


class AssetsNotBuilt(RuntimeError):
    """The front end was not built, or without this file."""


@cache
def manifest() -> dict[str, str]:
    """Asset name ("css/house.css", "fonts/….woff2", "icons.svg", "app.js") → file name inside `DIST`."""
    try:
        return cast(dict[str, str], json.loads((DIST / "manifest.json").read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise AssetsNotBuilt("the front end is not built: `make run` builds it, `python tools/setup.py` too") from error


@cache
def url(name: str) -> str:
    """The address of an asset, for ever the same content: it may be cached as immutable."""
    try:
        return f"{settings.STATIC_URL}{manifest()[name]}"
    except KeyError as error:
        raise AssetsNotBuilt(f"no built asset is called {name}; there are {', '.join(manifest())}") from error


def icons() -> frozenset[str]:
    """Names of the symbols in the sprite."""
    sprite = (SOURCES / "icons.svg").read_text(encoding="utf-8")
    return frozenset(part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:])
