"""Every reference to a person and every JSON field is answered for by a holding: exported, erased, kept for a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from preau.directory.models import Person
from preau.kernel.privacy import Holding
from preau.kernel.refs import PersonRef
from preau.kernel.room import loaded

pytestmark = pytest.mark.contract


def references() -> Iterator[str]:
    """ "app.Model.field" of every field of ours that can hold something of a person."""
    for model in apps.get_models():
        if not model.__module__.startswith("preau."):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.Field) or field.auto_created:
                continue
            to_person = isinstance(field, models.ForeignKey) and field.remote_field.model is Person
            if to_person or isinstance(field, PersonRef | models.JSONField):
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


def holdings() -> list[Holding]:
    return [holding for _room, make in loaded(lambda room: room.privacy) for holding in make()]


def test_every_reference_to_a_person_is_covered_exactly_once() -> None:
    covered = Counter(name for holding in holdings() for name in holding.covers)
    expected = set(references())
    missing = [f"{name}: add it to `covers` of a Holding in its room's privacy.py" for name in expected - set(covered)]
    assert missing == []
    assert set(covered) - expected == set(), "no such field, or none that holds a person"
    assert [name for name, times in covered.items() if times > 1] == [], "two holdings answer for the same field"


def test_every_holding_has_a_name_of_its_own_and_says_how_long() -> None:
    names = [holding.name for holding in holdings()]
    assert len(set(names)) == len(names)
    assert all(holding.keep and holding.purpose and holding.basis for holding in holdings())
