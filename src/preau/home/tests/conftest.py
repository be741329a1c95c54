"""Browsers of a small school's people."""

from __future__ import annotations

import pytest

from preau.directory.testing import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Two schools that share nobody; `here` was there first, so the instance is its own."""
    return make_world()
