"""What the refusal matrix sends to this room's addresses."""

from __future__ import annotations

from preau.kernel.routes import Example


def example_profile(world: object) -> Example:
    """Another light."""
    return Example(data={"theme": "dark"})


def example_facts(world: object) -> Example:
    """Who answers for the data."""
    return Example(data={"controller": "Le collège"})
