"""Dates in running text: found by the patterns of a language, resolved against an anchor.

Start at `find_dates`, then `resolve`. What the words leave open stays open: without an anchor for the year
`6月25日` is `XXXX-06-25`. Groups of the patterns:

    y m d       year, month, day in figures or words      d2 m2 y2   last day, its month, last year of a span
    wd          weekday                                    season  EDTF season
    ry rm rw rd a year, month, week or day relative to the day of writing
    same        days from the day last spoken of (`当天` 0, `the next day` 1)
    after       so many days from then (`in two days`)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from foedus.languages import Dates
from foedus.terms import Day


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in words: characters `start` to `end`, and the parts the words give (None where they give none)."""

    start: int
    end: int
    y: int | None = None
    m: int | None = None
    d: int | None = None
    d2: int | None = None
    m2: int | None = None
    y2: int | None = None
    wd: int | None = None
    season: int | None = None
    ry: int | None = None
    rm: int | None = None
    rw: int | None = None
    rd: int | None = None
    same: int | None = None
    after: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether year, month and day are all in the words."""
        return self.y is not None and self.m is not None and self.d is not None

    @property
    def needs_reference(self) -> bool:
        """Whether it has a sense only against the day of writing."""
        return self.y is None and any(v is not None for v in (self.ry, self.rm, self.rw, self.rd, self.wd))


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of the day a page was written.

    reference: that day, or the nearest we know to it. year: its year, where only that is known.
    own: whether the reference is the page's own date, so that what lies after it was yet to come. reason: in words.
    """

    reference: date | None = None
    year: int | None = None
    reason: str = "nothing on the page fixes the year"
    own: bool = False

    @property
    def written(self) -> int | None:
        """The year of writing, None where open."""
        return self.reference.year if self.reference else self.year


_TABLE = {"m": ("month", "month_in"), "m2": ("month",), "wd": ("weekday",), "season": ("season",)}
_TABLE |= {"ry": ("ryear",), "rm": ("rmonth",), "rw": ("rweek",), "rd": ("rday",)}
_TABLE |= {"same": ("same",), "after": ("figure",)}
_LIMIT = {"m": range(1, 13), "m2": range(1, 13), "d": range(1, 32), "d2": range(1, 32)}


def find_dates(text: str, dates: Dates) -> tuple[DateMention, ...]:
    """Dates in a text, in order, none overlapping; at one place the earlier pattern of the language wins."""
    taken: list[DateMention] = []
    used = bytearray(len(text))
    for shape in dates.patterns:
        for match in shape.finditer(text):
            start, end = match.span()
            if start == end or any(used[start:end]):
                continue
            parts: dict[str, int] = {}
            for key, word in match.groupdict().items():
                if word is None:
                    continue
                value = int(word) if word.isdecimal() else _worded(word, key, dates)
                if value is None or value not in _LIMIT.get(key, (value,)):
                    break
                parts[key] = value
            else:
                if parts:
                    taken.append(DateMention(start, end, **parts))
                    used[start:end] = b"\1" * (end - start)
    return tuple(sorted(taken, key=lambda t: t.start))


def _worded(word: str, key: str, dates: Dates) -> int | None:
    for table in _TABLE.get(key, (key,)):
        if word in dates.numbers.get(table, {}):
            return dates.numbers[table][word]
    return None


def resolve(said: DateMention, anchor: Anchor, last: Day | None = None, *, ahead: bool = False) -> Day | None:
    """The day a mention names, as far as the anchor tells; None where its words have no sense without one.

    Args:
        last: the day last spoken of, for `16日`, `当天` and the like.
        ahead: the words speak of what is to come, so that a month and day without a year lie after the anchor.
    """
    year = said.y
    reference = anchor.reference
    if year is None and said.ry is not None:
        year = anchor.written + said.ry if anchor.written else None
        if said.m is None and said.season is None:
            return Day.ymd(year) if year else None
    if said.y2 is not None and year is not None:
        return _parsed(f"{year}/{said.y2}") if year <= said.y2 else None
    if said.season is not None:
        return _parsed(f"{year}-{said.season}") if year else None
    if said.m is not None:
        if year is None and said.ry is None:
            year = _year_of(said.m, said.d, anchor, last, ahead)
        return _span(year, said.m, said.d, said.d2, said.m2)
    if said.rm is not None:
        if reference is None:
            return None
        months = reference.year * 12 + reference.month - 1 + said.rm
        return _span(months // 12, months % 12 + 1, said.d, None)
    if said.d is not None:
        return _day_of_month(said, anchor, last, ahead)
    if year is not None:
        return Day.ymd(year)
    if said.same is not None or said.after is not None:
        base = last if last and last.is_exact else Day.of(reference) if reference else None
        return Day.of(base.first + timedelta((said.same or 0) + (said.after or 0))) if base else last
    if reference is None:
        return None
    if said.rd is not None:
        return Day.of(reference + timedelta(said.rd))
    return _of_week(said, reference, ahead)


def _of_week(said: DateMention, reference: date, ahead: bool) -> Day | None:
    monday = reference - timedelta(reference.weekday())
    if said.rw is not None:
        monday += timedelta(7 * said.rw)
        if said.wd is not None:
            return Day.of(monday + timedelta(said.wd))
        return _parsed(f"{monday}/{monday + timedelta(6)}")
    if said.wd is None:
        return None
    back = (reference.weekday() - said.wd) % 7
    if ahead and back:
        return Day.of(reference + timedelta(7 - back))
    return Day.of(reference - timedelta(back))


def _year_of(month: int, day: int | None, anchor: Anchor, last: Day | None, ahead: bool) -> int | None:
    """The year of a month without one: the nearest to the day of writing, the past preferred."""
    if anchor.reference is None:
        return anchor.year
    try:
        here = date(anchor.reference.year, month, day or 1)
    except ValueError:
        return anchor.reference.year
    # A day a little ahead of the day of writing is spoken of as coming; far ahead it is last year's.
    slack = 330 if ahead else 45 if day else 20
    if here > anchor.reference + timedelta(slack):
        return here.year - 1
    if ahead and here < anchor.reference - timedelta(45):
        return here.year + 1
    return here.year


def _day_of_month(said: DateMention, anchor: Anchor, last: Day | None, ahead: bool) -> Day | None:
    """`16日`: in the month last spoken of, else in the month of writing or the one before."""
    if last is not None and last.edtf[5:7].isdigit() and last.edtf[5:7] <= "12" and "/" not in last.edtf:
        head = last.edtf[:7]
        return _tail(_parsed(f"{head}-{said.d:02d}"), said.d2)
    if anchor.reference is None:
        return None
    year, month = anchor.reference.year, anchor.reference.month
    if said.d is not None and said.d > anchor.reference.day + 3 and not ahead:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return _span(year, month, said.d, said.d2)


def _span(year: int | None, month: int, day: int | None, day2: int | None, month2: int | None = None) -> Day | None:
    head = f"{'XXXX' if year is None else f'{year:04d}'}-{month:02d}"
    return _tail(_parsed(head if day is None else f"{head}-{day:02d}"), day2, month2)


def _tail(first: Day | None, day2: int | None, month2: int | None = None) -> Day | None:
    """The first day, or the span to a last day of the same month, or of the next such month."""
    if first is None or day2 is None or "X" in first.edtf:
        return first
    month = month2 or first.first.month
    year = first.first.year + (month < first.first.month)
    return _parsed(f"{first.edtf}/{year:04d}-{month:02d}-{day2:02d}") or first


def _parsed(text: str) -> Day | None:
    try:
        return Day.parse(text)
    except ValueError:
        return None


def first_and_last(day: Day | None) -> tuple[Day | None, Day | None]:
    """A span split into its first and last day; a single date has no last."""
    if day is None or "/" not in day.edtf:
        return day, None
    first, _, last = day.edtf.partition("/")
    return _parsed(first), _parsed(last)


def fixed_days(said: Iterable[DateMention]) -> tuple[date, ...]:
    """The calendar days whose words give year, month and day."""
    found = []
    for one in said:
        if one.y and one.m and one.d:
            try:
                found.append(date(one.y, one.m, one.d))
            except ValueError:
                continue
    return tuple(found)
