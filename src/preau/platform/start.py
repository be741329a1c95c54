"""Starts Django for a command, a worker or the web server."""

from __future__ import annotations

import os
from pathlib import Path


def start_django() -> None:
    """Settings, data folder, models. Raises ImproperlyConfigured, KeyUnusable and OSError (the folder)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "preau.platform.settings")
    import django
    from django.conf import settings

    # What the instance writes is about minors: nobody else on the machine reads it.
    os.umask(0o077)
    make_private(settings.PREAU_DATA)
    django.setup()


def make_private(folder: Path) -> None:
    """Makes `folder` for its owner alone; one that is already there is left as its owner wants it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
