"""Errors that people may read. Each says what happened; pages and protocols turn them into their own form."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """The actor may not do this. `ability` is the verb asked for. HTTP 403."""

    def __init__(self, ability: str, message: str = "") -> None:
        super().__init__(message or ability)
        self.ability = ability
        self.message = message


class Invalid(Exception):
    """Input that cannot be used. `fields` maps a field's name ("" for the whole) to a sentence. HTTP 422."""

    def __init__(self, fields: Mapping[str, str] | str) -> None:
        self.fields = {"": fields} if isinstance(fields, str) else dict(fields)
        super().__init__("; ".join(str(sentence) for sentence in self.fields.values()))


class Conflict(Exception):
    """The state changed meanwhile, or forbids this now. The message says what to do. HTTP 409."""
