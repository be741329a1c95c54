"""An action authorises, writes, leaves a trace and tells; in no other order, and all or nothing."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from preau.directory.api import Organisation
from preau.directory.events import PersonSuspended
from preau.kernel.actions import Act, ActionBroken, WriteOutsideAction, action, machinery
from preau.kernel.actor import ANONYMOUS, Actor, ActorKind, Hat, Role, system
from preau.kernel.errors import Refused
from preau.kernel.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db


def root() -> Organisation:
    return Organisation.objects.get(kind="instance")


@action("test.rename")
def rename(act: Act, organisation: Organisation, name: str) -> None:
    act.require("give_roles", organisation)
    organisation.name = name
    organisation.save(update_fields=["name"])
    act.record(target=organisation, before="x", after=name)
    act.emit(PersonSuspended(person_id=1))


@action("test.write_first")
def write_first(act: Act, organisation: Organisation) -> None:
    organisation.save(update_fields=["name"])
    act.require("give_roles", organisation)
    act.record(target=organisation)


@action("test.no_trace")
def no_trace(act: Act, organisation: Organisation) -> None:
    act.require("give_roles", organisation)
    organisation.save(update_fields=["name"])


@action("test.nobody")
def nobody(act: Act) -> None:
    act.record()


def direction(organisation: Organisation) -> Actor:
    return Actor(ActorKind.PERSON, id=7, hats=(Hat(Role.DIRECTION, organisation.pk, organisation.path),))


def test_an_action_writes_its_audit_row_and_its_event() -> None:
    rename(direction(root()), root(), "Collège")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.actor_role, entry.target_id) == ("test.rename", 7, "direction", root().pk)
    assert entry.detail.details == {"before": "x", "after": "Collège"}
    assert OutboxEvent.objects.get().payload == {"person_id": 1}


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(ActorKind.PERSON, id=7)])
def test_who_may_not_writes_nothing_at_all(actor: Actor) -> None:
    with pytest.raises(Refused):
        rename(actor, root(), "Collège")
    assert root().name == "Préau"
    assert not AuditEntry.objects.exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(("broken", "error"), [(no_trace, ActionBroken), (write_first, WriteOutsideAction)])
def test_an_action_that_breaks_its_rules_fails_and_writes_nothing(broken: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        broken(system("test"), root())  # type: ignore[operator]  # both take an organisation
    assert not AuditEntry.objects.exists()


def test_an_action_that_authorised_nobody_fails() -> None:
    with pytest.raises(ActionBroken):
        nobody(system("test"))


def test_a_write_outside_an_action_fails() -> None:
    with pytest.raises(WriteOutsideAction), transaction.atomic():
        Organisation.objects.filter(pk=root().pk).update(name="x")
    with pytest.raises(WriteOutsideAction), connection.cursor() as cursor:
        cursor.execute('DELETE FROM "directory_person"')
    with machinery("testing"):
        Organisation.objects.filter(pk=root().pk).update(name="x")
