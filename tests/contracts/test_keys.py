"""A table may point into its own module or a lower one; nobody keeps a second user, group or membership table."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

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
    """A table outside the directory with a key to Person and one to Group would be a membership table."""
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("preau.") or model._meta.app_label == "directory":
            continue
        targets = {
            field.remote_field.model._meta.label
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.ManyToManyField)
        }
        if {"directory.Person", "directory.Group"} <= targets:
            wrong.append(model._meta.label)
    assert wrong == []
