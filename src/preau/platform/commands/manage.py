"""`preau manage …`: Django's own commands, for developers (makemigrations, shell)."""

from __future__ import annotations

import argparse

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` goes to Django."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(namespace: argparse.Namespace) -> int:
    """Runs Django's command; it ends the process by itself when it fails."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["preau manage", *namespace.arguments])
    return 0
