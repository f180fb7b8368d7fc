"""What falls due between two days, as a calendar: the day, what, who, how it stands, the article and what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.rules import Due, Matter
from foedus.terms import Day, Mark, OrgCode, Verified
from foedus.terms import Due as Standing
from foedus.views.frames import ByWidth, add_row, folded, heading, indented, plain_table
from foedus.views.labels import DUE, Labels
from foedus.views.safe import is_web_address, on_one_line

# Things that ask nothing of anybody: of these it is said whether they came about, not whether they were met.
_CHANGES = {
    Standing.OPEN: "falls.ahead",
    Standing.MET: "falls.came",
    Standing.UNKNOWN: "falls.untold",
    Standing.OVERDUE: "falls.late",
}


def due_text(
    dues: Iterable[Due],
    since: Day,
    until: Day,
    on: Day | None = None,
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """What falls due as a table, one line each, in the order given; below it how many there are of which sort."""
    labels = Labels(lang, charters or {})
    rows = list(dues)
    orgs = list(dict.fromkeys(row.org for row in rows))
    several = len(orgs) > 1
    table = plain_table(*labels.columns("!day", "matter", "what", "who", "stands", "article", "!shown_by", "remark"))
    narrow: list[RenderableType] = []
    for row in rows:
        day, matter = due_day(row, labels), labels.word(f"falls.{row.matter.value}")
        matter = f"{_short(row.org)} {matter}" if several else matter
        stands, who = f"{DUE[row.stands]} {_stands(row, labels)}", due_who(row, labels)
        article, shown_by, remark = (
            "\n".join(map(on_one_line, row.articles)),
            _shown_by(row, labels),
            due_remark(row, labels),
        )
        what = on_one_line(row.what)
        add_row(table, Text(day, "bold"), matter, what, who, stands, article, shown_by, remark)
        narrow.append(folded(Text.assemble((day, "bold"), f"  {matter}: {what}", f"  {who}" if who else "")))
        parts = (stands, article, shown_by, remark)
        narrow.append(indented(Text(" · ".join(" ".join(part.split()) for part in parts if part), "dim"), 4))
    when = labels.word("falls.seen" if on else "falls.heading", since=since, until=until, on=on)
    title = labels.named(orgs[0]) if len(orgs) == 1 else ""
    parts_: list[RenderableType] = [heading(title or when, when if title else "")]
    if rows:
        parts_.append(ByWidth(table, Group(*narrow), room=150))
    return Group(*parts_, Text(), folded(Text(due_summary(rows, labels))))


def due_json(dues: Iterable[Due]) -> list[dict[str, Any]]:
    """What falls due as plain JSON, in the order given."""
    return [row.to_json() for row in dues]


def due_summary(rows: Sequence[Due], labels: Labels) -> str:
    """How many things fall due, and how many of them are overdue, to come, only expected, beyond the record."""
    counts = {
        "falls.overdue": sum(row.stands is Standing.OVERDUE for row in rows),
        "falls.open": sum(row.stands is Standing.OPEN for row in rows),
        "falls.unsure": sum(map(_is_expected, rows)),
        "falls.outside": sum(not row.covered for row in rows),
    }
    told = [labels.word(name, n=number) for name, number in counts.items() if number]
    return labels.word("join.remarks").join((labels.word("falls.summary", n=len(rows)), *told))


def due_day(row: Due, labels: Labels) -> str:
    """The day, as closely as it is known: `at once` and `after` a day in words."""
    if row.at_once:
        return labels.word("falls.at_once", day=row.day)
    if row.day.last == date.max and row.day.first != date.min:
        return labels.word("falls.later", day=row.day.first)
    return str(row.day)


def due_who(row: Due, labels: Labels) -> str:
    """Who owes it or is concerned, by name; of a chair that it cannot be told."""
    if not row.who:
        return labels.word("falls.nobody") if row.matter is Matter.CHAIR else ""
    return labels.word("join.names").join(labels.named(p) if len(p) == 3 else labels.party(p) for p in row.who)


def due_remark(row: Due, labels: Labels) -> str:
    """What to know of it: why it is so, whether it is only expected, how far rule and record can be relied upon."""
    parts = [on_one_line(row.note)]
    parts += [labels.word("falls.expected")] if _is_expected(row) else []
    parts += [labels.word("falls.beyond")] if not row.covered else []
    if row.verified is not None and row.verified is not Verified.TEXT:
        parts.append(labels.word("falls.rule", verified=labels.verified(row.verified, short=True)))
    parts += [labels.mark(row.mark)] if row.mark is not Mark.SOURCED else []
    return labels.word("join.remarks").join(part for part in parts if part)


def _is_expected(row: Due) -> bool:
    """Whether it is only expected; of what cannot be told nothing is."""
    return not row.sure and row.stands is not Standing.UNKNOWN


def _stands(row: Due, labels: Labels) -> str:
    if row.matter is Matter.EXIT and row.stands is Standing.UNKNOWN:
        # Of who holds a status the record is complete: what it leaves open is disputed and not missing.
        return labels.word("state.untold")
    return labels.due(row.stands) if row.matter is Matter.OBLIGATION else labels.word(_CHANGES[row.stands])


def _shown_by(row: Due, labels: Labels) -> str:
    """Ids of acts, one a line, else the host of the source behind the charter's table."""
    if row.acts or not row.source:
        return "\n".join(map(on_one_line, row.acts))
    host = urlsplit(row.source).hostname if is_web_address(row.source) else row.source
    return labels.word("state.table", source=on_one_line(host or row.source))


def _short(org: str) -> str:
    return on_one_line(org).upper()
