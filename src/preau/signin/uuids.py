"""Identifiers that forms post."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404


def uuid_or_404(text: str) -> UUID:
    """The UUID that `text` writes; a page that does not exist for anything else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
