"""Reads `PREAU_*` settings, with the defaults that `room.py` declares, so that code and the guide cannot disagree."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from preau.kernel.room import room as kernel
from preau.platform.room import room as platform

_DEFAULTS = {setting.name: setting.default for room in (kernel, platform) for setting in room.settings}


def text(name: str) -> str:
    """The setting as given; an empty value is the default."""
    return os.environ.get(name, "").strip() or _DEFAULTS[name]


def flag(name: str) -> bool:
    """A setting that is `yes` or `no`."""
    value = text(name).lower()
    if value not in {"yes", "no", ""}:
        raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")
    return value == "yes"


def number(name: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    value = text(name)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def names(name: str) -> list[str]:
    """Values separated by commas."""
    return [value for value in (part.strip() for part in text(name).split(",")) if value]


def base_url() -> str:
    """Where people reach this instance, without a slash at the end."""
    given = text("PREAU_BASE_URL").rstrip("/")
    if not given:
        scheme = "https" if text("PREAU_TLS_CERT") else "http"
        return f"{scheme}://localhost:{number('PREAU_PORT', least=1, most=65535)}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"PREAU_BASE_URL looks like https://preau.example.fr, not {given!r}.")
    return given


def postgresql(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value` (libpq's connection URI).

    Parts are percent-decoded; `?host=/folder` names a Unix socket's folder; other options go to libpq as they are.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise ImproperlyConfigured("PREAU_DATABASE_URL looks like postgresql://user:password@host:5432/name.")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("The port in PREAU_DATABASE_URL is not a number.") from error
    options: Mapping[str, str] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.get("host", ""),
        "PORT": str(port or options.get("port", "")),
        "OPTIONS": {
            "application_name": "preau",
            **{name: value for name, value in options.items() if name not in {"host", "port"}},
        },
    }
