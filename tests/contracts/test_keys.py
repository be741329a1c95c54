"""A table may point into its own module or a lower one; nobody keeps a second user, group or membership table."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from preau.kernel.room import house

pytestmark = pytest.mark.contract

FLOORS = [module.rpartition(".")[2] for module in settings.PREAU_ROOMS]


def test_keys_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {field.remote_field.model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and FLOORS.index(field.remote_field.model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert wrong == []


def test_nobody_keeps_a_second_table_of_people_or_members() -> None:
    """Outside the directory a table may name its author and its group, but not say that somebody is in one: that is
    what a constraint of one row a person and group says."""
    wrong: list[str] = []
    for model in apps.get_models():
        if not model.__module__.startswith("preau.") or model._meta.app_label == "directory":
            continue
        targets = {
            field.name: field.remote_field.model._meta.label
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.OneToOneField)
        }
        pairs = [set(constraint.fields) for constraint in model._meta.constraints
                 if isinstance(constraint, models.UniqueConstraint)]  # fmt: skip
        pairs += [set(names) for names in model._meta.unique_together]
        wrong += [
            f"{model._meta.label} pairs {sorted(names)}: ask directory.Membership instead"
            for names in pairs
            if {targets.get(name) for name in names} == {"directory.Person", "directory.Group"}
        ]
    assert wrong == []


def test_a_room_says_which_groups_and_organisations_it_uses() -> None:
    """Undoing an import deletes the groups and organisations it made, except those that a room's traces name."""
    declared = {room.name: room for room in house()}
    wrong = []
    for model in apps.get_models():
        room = declared.get(model._meta.app_label)
        if room is None or room.name == "directory":
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.remote_field.model._meta.label
            if target == "directory.Group" and not room.group_traces:
                wrong.append(f"{model._meta.label}.{field.name}: {room.name}/room.py declares no group_traces")
            protects = field.remote_field.on_delete is models.PROTECT
            if target == "directory.Organisation" and protects and not room.organisation_traces:
                wrong.append(f"{model._meta.label}.{field.name}: {room.name}/room.py declares no organisation_traces")
    assert wrong == []
