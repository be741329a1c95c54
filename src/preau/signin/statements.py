"""Queries of the hottest paths, written once a process: for them, composing takes Django several times as long as the
engine takes to answer. What differs from one asking to the next is a stand-in in the query that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Statement:
    """A query as the engine gets it."""

    sql: str
    parameters: Sequence[Any]

    def filled(self, places: Mapping[Any, Any]) -> list[Any]:
        """The parameters, with each stand-in replaced by what it stands for."""
        return [places.get(parameter, parameter) for parameter in self.parameters]


def written(query: QuerySet[Any, Any]) -> Statement:
    """The statement of a query whose stand-ins are unlike any other of its parameters."""
    sql, parameters = query.query.sql_with_params()
    return Statement(sql, parameters)
