"""Who may say what this instance is."""

from __future__ import annotations

from preau.directory.api import Organisation
from preau.home.facts import first_school
from preau.kernel.actor import Actor, Role
from preau.kernel.policy import rule

ADMINISTRATORS = frozenset({Role.DIRECTION, Role.REFERENT})


@rule(Organisation, "change_instance_facts")
def may_change_facts(actor: Actor, organisation: Organisation) -> bool:
    """Direction and the référent of the school that the instance was opened for; other schools are its guests."""
    first = first_school()
    return first == organisation and actor.wears(*ADMINISTRATORS, organisation_id=organisation.pk)
