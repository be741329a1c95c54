"""One world for these tests."""

from __future__ import annotations

import pytest

from preau.directory.testing import SchoolWorld, make_world


@pytest.fixture
def school(db: None) -> SchoolWorld:
    """A school with one person of each role."""
    return make_world().here
