"""What migration 0003 makes of people who were searchable by every name they have."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps

from preau.directory.models import Person
from preau.directory.testing import make_person
from preau.kernel.actions import machinery

pytestmark = pytest.mark.django_db

migration = import_module("preau.directory.migrations.0003_folded_legal")


def test_everybody_is_folded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 2)
    named = make_person("Gwenaëlle", "Ici", preferred_given_name="Malo", source_username="gici")
    others = [make_person("Zoé", f"Nuñez{number}") for number in range(4)]
    columns = ("folded", "folded_legal")
    made = {row["pk"]: row for row in Person.objects.values("pk", *columns)}
    assert made[named.pk]["folded"] == f" malo ici {' '.join(named.username.split('.'))} "
    assert made[named.pk]["folded_legal"] == " gwenaelle gici "
    with machinery("testing"):
        Person.objects.update(folded=" gwenaelle ", folded_legal="")
        migration.fold(apps, SimpleNamespace(connection=SimpleNamespace(alias="volatile")))
        assert not Person.objects.exclude(folded_legal="").exists()
        migration.fold(apps, SimpleNamespace(connection=SimpleNamespace(alias="default")))
    assert {row["pk"]: row for row in Person.objects.values("pk", *columns)} == made
    assert len(made) == len(others) + 1
