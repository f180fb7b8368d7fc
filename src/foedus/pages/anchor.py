"""When a page was written, as far as the page tells: the anchor of its relative dates.

The order is that of the trust they deserve: the manifest; the page's own date line; full dates in the text; sums
of years (`20th anniversary` of what began in 2002); the days on which everybody named held the office named; the
year in the name of an exercise; dates in lists of other articles, as an upper bound only. Else the year stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foedus.charters import Charter
from foedus.languages import Dates, load_persons
from foedus.pages.dates import Anchor, DateMention
from foedus.terms import Day, Interval

# Years between what a page speaks of and the page itself; a longer sum is a count of something else.
_LONGEST = 40
# Days by which a page may run ahead of a full date it tells of.
_SOON = 45
_EPOCH = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """A person named with an office; `org` where it is an office of an organisation or its chair."""

    person: str
    office: str
    org: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a page offers: dates in order, sums of years, offices, listed dates.

    `head` and `lead` are those of the first two and four lines, `told` those of the body that are not said to be still
    to come, `body` all. `sums` have the year and the span in one paragraph, `far_sums` anywhere. `named` are the years
    that names of exercises and meetings end in.
    """

    published: Day | None
    head: tuple[DateMention, ...]
    lead: tuple[DateMention, ...]
    told: tuple[DateMention, ...]
    body: tuple[DateMention, ...]
    sums: tuple[int, ...]
    far_sums: tuple[int, ...]
    named: tuple[int, ...]
    held: tuple[Held, ...]
    listed: tuple[Day, ...]


def find_anchor(clues: Clues, charters: Mapping[str, Charter]) -> Anchor:
    """The anchor, with the reason in words; open where nothing on the page fixes the year."""
    if clues.published and clues.published.is_exact:
        return Anchor(clues.published.first, clues.published.first.year, "the page's own date", own=True)
    window = _in_office(clues.held, charters)
    upper = max((d.last for d in clues.listed), default=None)
    days = [d for d in map(_fixed, clues.head) if d and _fits(d, window, upper)]
    if days:
        return Anchor(max(days), max(days).year, "a date in the title or first lines")
    for said, far in ((clues.lead, True), (clues.told, False)):
        days = [d for d in map(_fixed, said) if d and _fits(d, window, upper)]
        if days and _is_lead(days, clues):
            day = _rolled(max(days), clues.head)
            near = far and day != max(days) and abs((day - max(days)).days) <= 60
            if _fits(day, window, upper) and (near or (window.since and window.since <= max(days))):
                return Anchor(day, day.year, "a date in the text")
    if solved := _by_weekday(clues, window, upper):
        return Anchor(solved, solved.year, "the weekday and the days in office of those named")
    if year := _by_sum(clues, window, upper):
        return Anchor(_in_year(clues, year), year, "a sum of years in the text")
    if year := _only_year(clues, window, upper):
        return Anchor(_in_year(clues, year), year, "the days in office of those named")
    if year := _by_name(clues, window, upper):
        return Anchor(_in_year(clues, year), year, "the year in the name of an exercise")
    return Anchor()


def sums_of_years(text: str, dates: Dates) -> Iterable[int]:
    """Years reached by a span (`20周年`) from the year spoken of nearest to it, and from every other year."""
    years = [(m.start(), int(m["y"])) for m in dates.year.finditer(text)]
    for shape in dates.elapsed:
        for match in shape.finditer(text):
            word = match["n"]
            span = int(word) if word.isdecimal() else dates.numbers.get("figure", {}).get(word, 0)
            if span:
                near = sorted(years, key=lambda item: abs(item[0] - match.start()))
                yield from (year + span for _, year in near)


_NAMED = re.compile(r"[^\W\d_]{2,}\s?[-–—]\s?((?:19|20)\d\d)(?!\d|\s?[-–—]\s?\d)")


def years_in_names(text: str) -> Iterable[int]:
    """Years that names of exercises and meetings end in: `Interaction-2022`, `和平使命—2021`."""
    return (int(match[1]) for match in _NAMED.finditer(text))


def _fixed(said: DateMention) -> date | None:
    try:
        return date(said.y, said.m, said.d) if said.y and said.m and said.d else None
    except ValueError:
        return None


def _rolled(day: date, head: Sequence[DateMention]) -> date:
    """The month and day of the first lines, next to the latest full date of the text; without them that date.

    A little before it, where the text tells of what was still to come; else on or after it.
    """
    for said in head:
        if said.m and said.d and said.y is None:
            for year in (day.year - 1, day.year, day.year + 1):
                try:
                    rolled = date(year, said.m, said.d)
                except ValueError:
                    continue
                if (day - rolled).days <= _SOON:
                    return rolled
    return day


def _is_lead(days: Sequence[date], clues: Clues) -> bool:
    """Whether the latest full date of the body is no mere history: no later year is spoken of anywhere."""
    return all(d.y is None or d.y <= max(days).year + 1 for d in clues.body)


def _in_office(held: Iterable[Held], charters: Mapping[str, Charter]) -> Interval:
    """The days on which all those named held the office named; one who does not fit the rest is passed over."""
    since, until = None, None
    for one in held:
        for span in _tenures(one, charters):
            low = max(filter(None, (since, span.since)), default=None)
            high = min(filter(None, (until, span.until)), default=None)
            if low is None or high is None or low < high:
                since, until = low, high
                break
    return Interval(since, until)


def _tenures(one: Held, charters: Mapping[str, Charter]) -> list[Interval]:
    person = load_persons().get(one.person)
    spans: list[Interval] = []
    charter = charters.get(one.org)
    if charter and one.office in ("chair", "secretary_general"):
        for ident, office in charter.offices.items():
            if str(ident).endswith(one.office):
                spans += [h.interval for h in office.holders if h.person == one.person]
        if one.office == "chair" and person:
            for body in charter.bodies.values():
                spans += [t.interval for t in body.chair_terms if t.state == person.state]
    elif person:
        terms = [t.held for t in person.offices if not one.office or t.office == one.office]
        # An office named without dates in our list, or none named: all the person's known days together.
        terms = terms or [t.held for t in person.offices]
        spans = terms if one.office and len(terms) == 1 else _hull(terms)
    return sorted(spans, key=lambda s: s.since or _EPOCH, reverse=True)


def _hull(spans: Sequence[Interval]) -> list[Interval]:
    if not spans or any(s.since is None for s in spans):
        return []
    last = None if any(s.until is None for s in spans) else max(s.until for s in spans if s.until)
    return [Interval(min(s.since for s in spans if s.since), last)]


def _fits(day: date, window: Interval, upper: date | None) -> bool:
    slack = timedelta(45)
    return (
        (window.since is None or window.since - slack <= day)
        and (window.until is None or day < window.until + slack)
        and (upper is None or day <= upper)
    )


def _by_weekday(clues: Clues, window: Interval, upper: date | None) -> date | None:
    """The one day within the window whose weekday and day of the month are both spoken of."""
    weekdays = {d.wd for d in clues.body if d.wd is not None and d.rw is None}
    numbers = {(d.m, d.d) for d in clues.body if d.d is not None and d.y is None and d.d2 is None}
    last = window.until - timedelta(1) if window.until else upper
    if not weekdays or not numbers or window.since is None or last is None:
        return None
    if upper:
        last = min(last, upper)
    if (last - window.since).days > 3660:
        return None
    found = []
    day = window.since
    while day <= last:
        if day.weekday() in weekdays and ((None, day.day) in numbers or (day.month, day.day) in numbers):
            found.append(day)
        day += timedelta(1)
    return found[0] if len(found) == 1 else None


def _by_sum(clues: Clues, window: Interval, upper: date | None) -> int | None:
    """The first sum of years that no year of the text, holder or list contradicts."""
    floor = max((d.y for d in clues.body if d.y), default=0)
    # Far apart, a year and a span may have nothing to do with each other: they need an end that holds them.
    bounded = upper is not None or window.until is not None
    fitting = [
        year
        for year in (*clues.sums, *(clues.far_sums if bounded else ()))
        if floor <= year <= (upper.year if upper else floor + _LONGEST)
        and window.overlaps(Interval(date(year, 1, 1), date(year + 1, 1, 1)))
    ]
    # With lists of other articles beside it, the page is no older than they: the latest sum is the nearest.
    # Without, the sum that reaches least far beyond the years spoken of is the likeliest.
    return (max if upper else min)(fitting, default=None)


def _by_name(clues: Clues, window: Interval, upper: date | None) -> int | None:
    """The one year in which names (`Interaction-2022`) end, where nothing else on the page speaks of a later one."""
    years = set(clues.named)
    floor = max((d.y for d in clues.body if d.y), default=0)
    year = min(years, default=0)
    fits = window.overlaps(Interval(date(year, 1, 1), date(year + 1, 1, 1))) if year else False
    return year if len(years) == 1 and year >= floor and fits and (upper is None or year <= upper.year) else None


def _only_year(clues: Clues, window: Interval, upper: date | None) -> int | None:
    """The only year in which the first month and day of the text lie inside the window."""
    last = window.until or (upper + timedelta(1) if upper else None)
    if upper and window.until:
        last = min(window.until, upper + timedelta(1))
    said = next((d for d in clues.body if d.m and d.d and d.y is None and d.ry is None), None)
    if not said or window.since is None or last is None:
        return None
    floor = max((d.y for d in clues.body if d.y), default=0)
    years = []
    for year in range(window.since.year, last.year + 1):
        try:
            day = date(year, said.m or 1, said.d or 1)
        except ValueError:
            continue
        if window.since <= day < last and year >= floor:
            years.append(year)
    return years[0] if len(years) == 1 else None


def _in_year(clues: Clues, year: int) -> date | None:
    """The first month and day of the text, in that year: the nearest we know to the day of writing."""
    for said in clues.body:
        if said.m and said.d and said.y is None:
            try:
                return date(year, said.m, said.d)
            except ValueError:
                continue
    return None
