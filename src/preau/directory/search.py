"""The directory's answers to the search from anywhere: people and groups that the actor sees."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from preau.directory.queries.finding import Shelf, look_up
from preau.kernel.actor import Actor
from preau.kernel.room import SearchHit
from preau.ui.api import chalk, initials


def search(actor: Actor, q: str, limit: int) -> Sequence[SearchHit]:
    """At most `limit` hits, people before groups. `kind` is "person" or "group"."""
    if not q.strip():
        return []
    found = look_up(actor, q)
    hits: list[SearchHit] = []
    seen: set[int] = set()
    for shelf, lines in found.shelves.items():
        is_group = shelf is Shelf.GROUPS
        for line in lines:
            if not is_group and line.pk in seen:
                continue
            seen.add(line.pk)
            hits.append(
                SearchHit(
                    title=line.name,
                    sub=line.sub,
                    url=reverse("directory.group" if is_group else "directory.person", args=[line.uuid]),
                    kind="group" if is_group else "person",
                    initials=initials(line.name),
                    chalk=chalk(line.name),
                    person_id=None if is_group else line.pk,
                )
            )
    return hits[:limit]
