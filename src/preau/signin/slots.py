"""What sign-in adds to the directory's pages: codes for a person and for a class."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from preau.directory.api import Group, Person
from preau.kernel.actor import Actor
from preau.kernel.policy import can
from preau.signin.policies import who_else_makes_one
from preau.signin.queries import ever_signed_in


def person_slot(actor: Actor, person: Person) -> SafeString | None:
    """See `ui.PersonSlot`: whether they ever came in (yes or no), and a button that makes a code."""
    sees, resets = can(actor, "see_account", person), can(actor, "reset_password", person)
    if not (sees or resets):
        return None
    context = {
        "person": person,
        "resets": resets,
        "sees": sees,
        "came_in": bool(ever_signed_in([person.pk])),
        "ask": "" if resets or person.pk == actor.id else who_else_makes_one(actor, person),
    }
    return render_to_string("signin/person_slot.html", context)


def group_slot(actor: Actor, group: Group) -> SafeString | None:
    """See `ui.GroupSlot`: a button of the page's selection, or of nobody in particular: those who never came in."""
    if not can(actor, "make_codes", group):
        return None
    return render_to_string("signin/group_slot.html", {"group": group})
