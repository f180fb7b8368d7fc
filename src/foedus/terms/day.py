"""Dates with their precision, written as EDTF (ISO 8601-2).

Start at `Day.parse`. A day is known to a precision: to the day, the month, the season, the year; as an
interval; or with the year left open. Two days compare as *before*, *after*, *same*, or *cannot be told*,
never by guessing the missing part.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class Precision(StrEnum):
    """How closely a day is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"
    OPEN_YEAR = "open_year"


class Order(StrEnum):
    """How one day stands to another."""

    BEFORE = "before"
    SAME = "same"
    AFTER = "after"
    UNTOLD = "cannot be told"


_SINGLE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<mark>[?~%]?)"
)
# EDTF seasons, by the months of the northern hemisphere; winter is taken as December to February.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is known; `first` and `last` bound it, both included.

    With the year left open (`XXXX-06-25`) the bounds are `date.min` and `date.max`.
    `uncertain` is true for the EDTF marks `?`, `~` and `%`.
    """

    edtf: str
    precision: Precision
    first: date
    last: date
    uncertain: bool = False

    @classmethod
    def parse(cls, text: str) -> Day:
        """The day an EDTF string names (levels 0 and 1, and `XXXX-MM-DD` of level 2).

        Raises:
            ValueError: not EDTF, or no such calendar day.
        """
        if "/" not in text:
            return _single(text)
        left, _, right = text.partition("/")
        if right.count("/"):
            raise ValueError(f"{text!r} is no EDTF interval: write two dates with one / between")
        start, end = (None if part in ("", "..") else _single(part) for part in (left, right))
        first = start.first if start else date.min
        last = end.last if end else date.max
        if first > last:
            raise ValueError(f"{text!r} ends before it begins")
        uncertain = bool((start and start.uncertain) or (end and end.uncertain))
        return cls(text, Precision.INTERVAL, first, last, uncertain)

    @classmethod
    def of(cls, value: date) -> Day:
        """The day of a calendar date."""
        return cls(value.isoformat(), Precision.DAY, value, value)

    @classmethod
    def ymd(cls, year: int | None, month: int | None = None, day: int | None = None) -> Day:
        """The day of a year, month and day, each left out where unknown (`XXXX` for the year)."""
        text = "XXXX" if year is None else f"{year:04d}"
        if month is not None:
            text += f"-{month:02d}" + ("" if day is None else f"-{day:02d}")
        return cls.parse(text)

    def compare(self, other: Day) -> Order:
        """How this day stands to another: `same` only where both are one calendar day."""
        if self.last < other.first:
            return Order.BEFORE
        if self.first > other.last:
            return Order.AFTER
        if self.first == self.last == other.first == other.last:
            return Order.SAME
        return Order.UNTOLD

    def may_be(self, other: Day) -> bool:
        """Whether both can be the same day: their bounds meet, or month and day agree with a year open."""
        if Precision.OPEN_YEAR in (self.precision, other.precision):
            mine, theirs = self._month_day(), other._month_day()
            return all(a is None or b is None or a == b for a, b in zip(mine, theirs, strict=True))
        return self.first <= other.last and other.first <= self.last

    def _month_day(self) -> tuple[int | None, int | None]:
        if self.precision is Precision.OPEN_YEAR:
            _, month, day = ([*self.edtf.rstrip("?~%").split("-"), "XX", "XX"])[:3]
            return (None if month == "XX" else int(month), None if day == "XX" else int(day))
        if (self.first.year, self.first.month) != (self.last.year, self.last.month):
            return None, None
        return self.first.month, self.first.day if self.first == self.last else None

    @property
    def is_exact(self) -> bool:
        """Whether it is one calendar day."""
        return self.first == self.last

    @property
    def sort_key(self) -> tuple[date, date, str]:
        """A total order for lists: by the last day it can be, so that the vaguer comes after the sharper."""
        return self.last, self.first, self.edtf

    def __str__(self) -> str:
        return self.edtf


@lru_cache(maxsize=1 << 16)
def _single(text: str) -> Day:
    match = _SINGLE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no EDTF date: write 2022-01-06, 2022-01, 2022, 2022-23, or XXXX-01-06")
    year, month, day, mark = match.group("year", "month", "day", "mark")
    uncertain = bool(mark)
    if year == "XXXX":
        _check_calendar(text, 2024, month, day)
        return Day(text, Precision.OPEN_YEAR, date.min, date.max, uncertain)
    if "X" in year:
        if month:
            raise ValueError(f"{text!r}: a month needs a year known, or wholly open (XXXX)")
        low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
        if low < 1:
            raise ValueError(f"{text!r}: years run from 0001")
        precision = Precision.DECADE if year.count("X") == 1 else Precision.CENTURY
        return Day(text, precision, date(low, 1, 1), date(high, 12, 31), uncertain)
    y = int(year)
    if y < 1:
        raise ValueError(f"{text!r}: years run from 0001")
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise ValueError(f"{text!r}: a day needs its month")
        return Day(text, Precision.YEAR, date(y, 1, 1), date(y, 12, 31), uncertain)
    m = int(month)
    if m in _SEASONS and day is None:
        first_month, last_month = _SEASONS[m]
        last_year = y + (last_month < first_month)
        last = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
        return Day(text, Precision.SEASON, date(y, first_month, 1), last, uncertain)
    _check_calendar(text, y, month, day)
    if day in (None, "XX"):
        return Day(text, Precision.MONTH, date(y, m, 1), date(y, m, calendar.monthrange(y, m)[1]), uncertain)
    on = date(y, m, int(day))
    return Day(text, Precision.DAY, on, on, uncertain)


def _check_calendar(text: str, year: int, month: str | None, day: str | None) -> None:
    try:
        date(year, 1 if month in (None, "XX") else int(month), 1 if day in (None, "XX") else int(day))
    except ValueError:
        raise ValueError(f"{text!r}: no such calendar day") from None


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open interval of calendar days: `since` is the first day it held, `until` the first it no longer did.

    None on either side leaves that side open. The convention of SQL:2011 periods.
    """

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"an interval from {self.since} until {self.until} holds no day")

    def __contains__(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def covers(self, day: Day) -> bool | None:
        """Whether a day falls inside: true, false, or None where its precision does not tell."""
        inside_first, inside_last = day.first in self, day.last in self
        if inside_first and inside_last:
            return True
        if not self.overlaps(Interval(day.first, None if day.last == date.max else day.last + timedelta(1))):
            return False
        return None

    def overlaps(self, other: Interval) -> bool:
        """Whether both hold on some day."""
        return (self.until is None or other.since is None or other.since < self.until) and (
            other.until is None or self.since is None or self.since < other.until
        )

    def __str__(self) -> str:
        return f"{self.since or '..'}/{self.until or '..'}"
