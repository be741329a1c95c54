"""The guide's settings table is what rooms declare, each setting by one room only."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from preau.platform.guide import all_settings, settings_table, written_table

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "running.md"


@pytest.mark.skipif(not GUIDE.exists(), reason="an installed wheel carries no guide")
def test_the_guide_has_this_very_table() -> None:
    _before, table, after = written_table(GUIDE.read_text(encoding="utf-8"))
    assert after
    assert table == settings_table(), "python -m preau.platform.guide docs/guide/running.md"


def test_each_setting_is_declared_once() -> None:
    counted = Counter(setting.name for setting in all_settings())
    assert [name for name, times in counted.items() if times > 1] == []
    assert all(name.startswith("PREAU_") for name in counted)
