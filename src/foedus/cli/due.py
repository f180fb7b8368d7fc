"""`foedus due`: what must happen, or will change by itself, between two days."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.desk import Desk, UsageError, command, day_of, one_day, say
from foedus.cli.files import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.charters import Charter
    from foedus.rules import Due, Matter
    from foedus.terms import Act, Day


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app, "due", "foedus due csto --from 2022-06-01 --to 2023-01-31 --on 2022-06-28")(due)


def due(
    desk: Desk,
    org: Annotated[
        str | None, typer.Argument(metavar="[ORG]", help="An organisation, such as csto; all if left out.")
    ] = None,
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day looked at.")] = "today",
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="The last day looked at; else a year after the first.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="The day one stands on: only what was done or announced by its end."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="MATTER",
            help="One sort of things: exit, chair, term, mandate, obligation, silence, entry, meeting, planned; "
            "may be given several times.",
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option(
            "--ics", metavar="FILE", help="Also write a calendar that calendar programs read.", dir_okay=False
        ),
    ] = None,
) -> None:
    """Lists what must happen, or changes by itself, between two days: exits, chairs, terms, mandates, obligations."""
    from foedus import views
    from foedus.terms import Day

    first, last = span_of(since, until)
    seen = one_day(on, "--on") if on else None
    wanted = _matters(kind or [])
    charters = asked_of(desk, org)
    every = desk.acts()
    found = [row for row in falling_due(desk, charters, every, first, last, seen) if not wanted or row.matter in wanted]
    if ics is not None:
        orgs = {charter.org for charter in charters}
        span = Day.parse(f"{first.first}/{last.last}")
        own = [act for act in every if act.org in orgs and act.date is not None and act.date.may_be(span)]
        _write_calendar(desk, ics, own, found)
    if desk.json:
        for line in views.due_json(found):
            desk.line(line)
    else:
        desk.show(views.due_text(found, first, last, seen, lang=desk.lang, charters=desk.charters))


def span_of(since: str, until: str | None) -> tuple[Day, Day]:
    """The days looked at, a year where no last one is given.

    Raises:
        UsageError: one is no day, or they end before they begin.
    """
    first = _bound(since, "--from")
    last = _bound(until, "--to") if until else _a_year_after(first.first)
    if last.last < first.first:
        raise UsageError(f"--from {since} --to {until}", "ends before it begins")
    return first, last


def _bound(text: str, option: str) -> Day:
    """A day, month or year at which the days looked at begin or end.

    Raises:
        UsageError: it has no first and last day within the calendar.
    """
    from foedus.terms import Precision

    day = day_of(text, option)
    # The day before or after would be none: intervals are half-open.
    if day.precision is Precision.OPEN_YEAR or not (day.first.year > 1 and day.last.year < 9999):
        do = "Write a day, a month or a year from 0002 to 9998, such as 2022-01-06"
        raise UsageError(f"{option} {text}", "names no first and last day", do)
    return day


def asked_of(desk: Desk, org: str | None) -> Sequence[Charter]:
    """The charter of an organisation, or all there are."""
    return [desk.charter(org)] if org is not None else list(desk.charters.values())


def falling_due(
    desk: Desk, charters: Sequence[Charter], acts: Sequence[Act], first: Day, last: Day, seen: Day | None = None
) -> list[Due]:
    """What falls due between two days under several charters, in one order."""
    from foedus.rules.due import due as due_between
    from foedus.rules.due import in_order

    found = [row for charter in charters for row in due_between(charter, acts, first, last, seen, desk.lang)]
    if len(charters) == 1:
        return found
    return list(in_order(found, late_first=seen is not None and first.first <= seen.last <= last.last))


def _a_year_after(day: date) -> Day:
    from foedus.rules.docket import day_after_months
    from foedus.terms import Day

    return Day.of(day_after_months(day, 12))


def _matters(words: Sequence[str]) -> list[Matter]:
    """The sorts of things asked for.

    Raises:
        UsageError: no such sort, with the nearest.
    """
    from foedus.rules import Matter

    known = [matter.value for matter in Matter]
    for word in words:
        if word not in known:
            near = get_close_matches(word, known, 1, 0.5)
            do = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}"
            raise UsageError(f"--kind {word}", "is no sort of thing that falls due", do)
    return [Matter(word) for word in words]


def _write_calendar(desk: Desk, path: Path, acts: Sequence[Act], found: Sequence[Due]) -> None:
    """The calendar as a file; what it leaves out is said, but for acts that are no meetings.

    Raises:
        FoedusError: it cannot be written.
    """
    from datetime import UTC, datetime

    from foedus.exchange.calendar import MEETINGS, calendar_ics

    names = {
        str(key): rows.names["en"][0]
        for charter in desk.charters.values()
        for group in (charter.bodies, charter.offices)
        for key, rows in group.items()
        if "en" in rows.names
    }
    meetings = [act for act in acts if act.kind in MEETINGS]
    made = calendar_ics(meetings, found, datetime.now(UTC), names)
    with written(path) as file:
        file.write(made.data)
    say("; ".join((f"The calendar is in {path}", *(f"left out: {words}" for words in made.left_out))))
