"""Dates as files write them. The order of day and month is decided by column, from the values that fit only one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from preau.directory.rosters.roster import Notice, Origin

_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[T, ].*)?")
_NONE = re.compile(r"[0\-/. ]*|null|none|n/?a", re.IGNORECASE)
_YEARS = range(1900, 2101)
_LINES_NAMED = 5


@dataclass(slots=True)
class _Value:
    row: object
    attribute: str
    first: int
    second: int
    year: int
    raw: str
    line: int

    def fits(self, *, month_first: bool) -> date | None:
        month, day = (self.first, self.second) if month_first else (self.second, self.first)
        return _date(self.year, month, day)


@dataclass(slots=True)
class _Column:
    values: list[_Value] = field(default_factory=list)
    unreadable: list[tuple[str, int]] = field(default_factory=list)

    def votes(self) -> tuple[int, int]:
        """How many values fit only the month first, and only the day first."""
        month = day = 0
        for value in self.values:
            as_month, as_day = value.fits(month_first=True), value.fits(month_first=False)
            month += as_month is not None and as_day is None
            day += as_day is not None and as_month is None
        return month, day


class Dates:
    """Reads dates into the rows that hold them: at once when they say their own order, else when all are known."""

    def __init__(self, today: date, *, month_first_by_default: bool) -> None:
        self._today = today
        self._default = month_first_by_default
        self._columns: dict[tuple[str, str], _Column] = {}

    def put(self, row: object, attribute: str, raw: str, origin: Origin, header: str) -> None:
        """Set `row.attribute` to the date that `raw` means, now or in `settle`; without one leave it as it is."""
        if not raw:
            return
        parsed = _year_first(raw)
        if parsed is not None:
            setattr(row, attribute, parsed)
            return
        if _NONE.fullmatch(raw):
            return
        column = self._columns.setdefault((origin.file, header), _Column())
        match = _YEAR_LAST.fullmatch(raw)
        if match is None:
            column.unreadable.append((raw, origin.line))
            return
        first, _separator, second, year = match.groups()
        column.values.append(_Value(row, attribute, int(first), int(second), self._whole_year(year), raw, origin.line))

    def _whole_year(self, year: str) -> int:
        if len(year) == 4:
            return int(year)
        # Two digits: nobody at school is born, and no school year starts, more than ten years ahead.
        century = self._today.year // 100 * 100
        whole = century + int(year)
        return whole if whole <= self._today.year + 10 else whole - 100

    def settle(self) -> Iterator[Notice]:
        """Decide each column's order, set the dates that waited for it, and say what was decided and what was lost.

        A column whose values fit both orders takes that of the other columns of its file, else of the set, else the
        format's own.
        """
        decided = {place: self._own_order(column) for place, column in self._columns.items()}
        for (file, header), column in self._columns.items():
            order = decided[file, header]
            assumed = order is None
            if order is None:
                near = [o for (name, _header), o in decided.items() if o is not None and name == file]
                far = [o for o in decided.values() if o is not None]
                order = (near or far or [self._default])[0]
            for value in column.values:
                parsed = value.fits(month_first=order) or value.fits(month_first=not order)
                if parsed is None:
                    column.unreadable.append((value.raw, value.line))
                else:
                    setattr(value.row, value.attribute, parsed)
            yield from self._notices(file, header, column, month_first=order, assumed=assumed)
        self._columns = {}

    @staticmethod
    def _own_order(column: _Column) -> bool | None:
        month, day = column.votes()
        return None if month == day == 0 else month > day

    @staticmethod
    def _notices(file: str, header: str, column: _Column, *, month_first: bool, assumed: bool) -> Iterator[Notice]:
        if column.values:
            reason = "dates_month_first" if month_first else "dates_day_first"
            example = column.values[0].raw
            yield Notice(f"{reason}_assumed" if assumed else reason, {"column": header, "example": example}, file)
            if all(column.votes()):
                yield Notice("dates_mixed", {"column": header}, file)
        if column.unreadable:
            column.unreadable.sort(key=lambda found: found[1])
            lines = [str(line) for _raw, line in column.unreadable]
            details = {
                "column": header,
                "count": str(len(lines)),
                "lines": ", ".join(lines[:_LINES_NAMED]) + (", …" if len(lines) > _LINES_NAMED else ""),
                "example": column.unreadable[0][0],
            }
            yield Notice("date_unreadable", details, file)


@lru_cache(maxsize=4096)
def _year_first(raw: str) -> date | None:
    match = _YEAR_FIRST.fullmatch(raw)
    if match is None or (not match[2] and len(match[3]) + len(match[4]) != 4):
        return None
    return _date(int(match[1]), int(match[3]), int(match[4]))


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def school_year(starts: date | None, ends: date | None) -> int | None:
    """The civil year in which the school year of a session starts; school years turn between June and July."""
    if starts is not None:
        return starts.year if starts.month >= 7 else starts.year - 1
    if ends is not None:
        return ends.year if ends.month >= 9 else ends.year - 1
    return None
