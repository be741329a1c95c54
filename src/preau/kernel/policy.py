"""Who sees what and who may do what: each module's `policies.py` registers here.

`visible(actor, queryset)` narrows a queryset to what the actor may see. `can("view", obj)` *is* that query for one
row. Every other ability is a rule of its own, registered by model and verb.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.http import Http404

from preau.kernel.actor import Actor
from preau.kernel.errors import Refused

M = TypeVar("M", bound=models.Model)
Visible = Callable[[Actor, Any], Any]
Rule = Callable[[Actor, Any], bool]

_visible: dict[type[models.Model], Visible] = {}
_rules: dict[tuple[type[models.Model], str], Rule] = {}


def visibility(model: type[models.Model]) -> Callable[[Visible], Visible]:
    """Registers `f(actor, queryset) -> queryset` as what of `model` an actor sees."""

    def register(function: Visible) -> Visible:
        if model in _visible:
            raise ValueError(f"{model.__name__} already has a visibility")
        _visible[model] = function
        return function

    return register


def rule(model: type[models.Model], *abilities: str) -> Callable[[Rule], Rule]:
    """Registers `f(actor, obj) -> bool` for one or more abilities on a `model` row."""

    def register(function: Rule) -> Rule:
        for ability in abilities:
            if ability == "view" or (model, ability) in _rules:
                raise ValueError(f"{model.__name__}.{ability} already has a rule (view is visibility itself)")
            _rules[model, ability] = function
        return function

    return register


def visible(actor: Actor, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """What of `queryset` the actor may see. The house itself sees everything; models without a visibility, nobody."""
    if actor.is_system:
        return queryset
    function = _visible.get(queryset.model)
    if function is None:
        raise LookupError(f"{queryset.model.__name__} has no visibility: declare one in its module's policies.py")
    result: models.QuerySet[M] = function(actor, queryset)
    return result


def can(actor: Actor, ability: str, obj: models.Model) -> bool:
    """Whether the actor may do that to `obj`. An ability without a rule is an error, not a no."""
    model = type(obj)
    if ability == "view":
        return visible(actor, model._default_manager.all()).filter(pk=obj.pk).exists()
    function = _rules.get((model, ability))
    if function is None:
        raise LookupError(f"no rule for {ability!r} on {model.__name__}")
    return actor.is_system or function(actor, obj)


def require(actor: Actor, ability: str, obj: models.Model) -> None:
    """Raises `Refused` unless the actor may."""
    if not can(actor, ability, obj):
        raise Refused(ability)


def abilities(actor: Actor, obj: models.Model) -> frozenset[str]:
    """Every ability the actor has on `obj` besides view: what a page offers as buttons."""
    return frozenset(verb for (model, verb) in _rules if model is type(obj) and can(actor, verb, obj))


def get_visible(actor: Actor, queryset: models.QuerySet[M], **lookup: Any) -> M:
    """The one visible row, or 404: what an actor may not see does not exist for them."""
    row = visible(actor, queryset).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def registered() -> tuple[frozenset[type[models.Model]], frozenset[tuple[type[models.Model], str]]]:
    """Models with a visibility, and (model, ability) pairs with a rule: for the contract tests."""
    return frozenset(_visible), frozenset(_rules)
