"""`preau migrate`: brings the databases to this version of the program."""

from __future__ import annotations

import argparse
from collections.abc import Callable

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: there is one version to bring a database to."""


def run(namespace: argparse.Namespace) -> int:
    """Applies what is missing."""
    from preau.platform.words import _

    applied = migrate(lambda alias, name: print(f"{alias}: {name}"))
    if not applied:
        print(_("La base de données est à jour."))
    return 0


def create_if_new() -> None:
    """Makes the tables of a database that has none yet: a room's command then works on a fresh machine. One that has
    tables of an older version is left to its owner."""
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connections["default"]).has_table():
        migrate(lambda _alias, _name: None)


def migrate(say: Callable[[str, str], None]) -> int:
    """Applies missing migrations on both aliases, calling `say(alias, migration)` after each; returns how many."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    count = 0
    for alias in ("default", "volatile"):
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            continue
        # The command rather than the executor, because it also sends the signals that apps wait for.
        call_command("migrate", database=alias, verbosity=0, interactive=False)
        for migration, _backwards in plan:
            say(alias, str(migration))
        count += len(plan)
    return count
