"""The guide's settings table is what rooms declare, each setting by one room only."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from preau.platform.guide import all_settings, settings_table

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "running.md"
START = "<!-- settings: made by `preau settings --markdown` -->\n"
END = "<!-- end of settings -->"


@pytest.mark.skipif(not GUIDE.exists(), reason="an installed wheel carries no guide")
def test_the_guide_has_this_very_table() -> None:
    written = GUIDE.read_text().partition(START)[2].partition(END)[0]
    assert written == settings_table()


def test_each_setting_is_declared_once() -> None:
    counted = Counter(setting.name for setting in all_settings())
    assert [name for name, times in counted.items() if times > 1] == []
    assert all(name.startswith("PREAU_") for name in counted)
