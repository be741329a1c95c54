"""The platform's checks, for `preau check`."""

from __future__ import annotations

import os
import stat
from difflib import get_close_matches

from django.conf import settings

from preau.kernel.keys import key_path
from preau.platform.guide import all_settings
from preau.platform.probes import Readiness

# Set by `preau run` for its children and by the project's own tools.
_INTERNAL = frozenset({"PREAU_TEST_DATABASE_URL"})


def settings_known() -> list[str]:
    """A misspelt setting is silent otherwise."""
    known = {setting.name for setting in all_settings()} | _INTERNAL
    problems = []
    for name in sorted(os.environ):
        if name.startswith("PREAU_") and name not in known:
            near = get_close_matches(name, known, 1)
            problems.append(f"{name} is no setting of Préau." + (f" Did you mean {near[0]}?" if near else ""))
    return problems


def files_private() -> list[str]:
    """The key opens every sealed secret, the data are about minors: nobody else on the machine reads them."""
    problems = []
    for path, what in ((key_path(), "The instance key"), (settings.PREAU_DATA, "The data folder")):
        if path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            problems.append(f"{what} {path} is open to others (mode {mode:04o}): chmod go= {path}")
    return problems


def database_ready() -> list[str]:
    """Databases answer and have every migration."""
    return [f"{alias}: {problem}" for alias, problem in Readiness().problems().items()]
