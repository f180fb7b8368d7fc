"""Meetings and what falls due as an iCalendar file, which calendar programs read.

Start at `calendar_ics`. Standard: iCalendar (RFC 5545); identifiers are UUIDs as RFC 7986 asks, the same on every
export, so that a calendar read in again changes its entries and doubles none.
What happens by itself, a meeting, a chair that passes on, a mandate that runs out, is an event (VEVENT) of whole days
that blocks nobody's time. What somebody must do is a to-do (VTODO) with a day by which, and a status: that is what a
to-do is, and an event cannot be done or left undone. Programs without to-dos pass it over.
Drops: what is not known to the day, meetings denied or without a date, and every act that is no meeting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from foedus.exchange.goods import Goods
from foedus.rules import Due, Matter
from foedus.terms import Act, Day, Mark, Modality, Verified, kinds
from foedus.terms import Due as Standing

if TYPE_CHECKING:
    from icalendar import Component, Event, Todo

MEETINGS = ("convene", "meet", "consult")
PRODUCT = "-//foedus//foedus//EN"
# What RFC 5545 allows in no text: controls but for tab and line end; and halves of characters, which no file can hold.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Calendar programs end where the calendar of ISO 8601 with four digits does.
_LAST = date.max - timedelta(1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An iCalendar file, with what was left out of it in words: `3 meetings not known to the day`."""

    data: bytes
    left_out: tuple[str, ...]


def calendar_ics(
    acts: Iterable[Act], dues: Iterable[Due], stamp: datetime, names: Mapping[str, str] | None = None
) -> Calendar:
    """Meetings among acts, and what falls due, as one calendar.

    Args:
        acts: any acts; those that are no meetings are left out and counted.
        dues: what falls due, as `rules.due` gives it.
        stamp: when the calendar is written, for what no ledger has recorded; taken as UTC where it has no zone.
        names: names of organisations, bodies and offices by id; without them ids stand.
    Returns:
        The file, the same for the same input, and what it leaves out, each reason with its number.
    """
    from icalendar import Calendar as ICalendar

    written = _Written(stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC), names or {})
    calendar = ICalendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for component in (*written.meetings(acts), *written.dues(dues)):
        calendar.add_component(component)
    return Calendar(calendar.to_ical(), written.left_out())


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Write meetings and what falls due; what was left out, in words."""
    made = calendar_ics(goods.acts, goods.dues, datetime.now(UTC), goods.names)
    out.write(made.data)
    return made.left_out


@dataclass(slots=True)
class _Written:
    """What goes into one calendar, and what does not."""

    stamp: datetime
    names: Mapping[str, str]
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)

    def left_out(self) -> tuple[str, ...]:
        return tuple(
            f"{number:,} {thing}{'' if number == 1 else 's'} {why}"
            for (thing, why), number in sorted(self.dropped.items())
        )

    def meetings(self, acts: Iterable[Act]) -> Iterator[Component]:
        from icalendar import Event

        for act in acts:
            if act.kind not in MEETINGS:
                self.dropped["act", "other than meetings"] += 1
            elif act.modality is Modality.DENIED:
                self.dropped["meeting", "denied"] += 1
            elif not act.date or not _is_known(act.date):
                self.dropped["meeting", "not known to the day" if act.date else "without a date"] += 1
            elif act.id in self.seen:
                self.dropped["meeting", "told again under one id"] += 1
            else:
                self.seen.add(act.id)
                yield self._meeting(Event(), act, act.date)

    def dues(self, dues: Iterable[Due]) -> Iterator[Component]:
        from icalendar import Event, Todo

        for row in dues:
            if row.matter is Matter.MEETING and row.acts and row.acts[0] in self.seen:
                # The meeting stands in the calendar already, under its own id.
                continue
            name = _uid("due", row.org, row.matter.value, row.about, row.day.edtf, *sorted(row.who), *row.acts[:1])
            if not _is_known(row.day):
                self.dropped["thing", "due on no known day"] += 1
            elif name not in self.seen:
                self.seen.add(name)
                made = Todo() if row.matter is Matter.OBLIGATION else Event()
                made.add("uid", name)
                made.add("dtstamp", self.stamp.astimezone(UTC))
                self._due(made, row)
                yield made

    def _meeting(self, event: Event, act: Act, day: Day) -> Component:
        event.add("uid", _uid("act", act.org or "", act.id))
        event.add("dtstamp", self._recorded(act))
        last = act.date_end.last if act.date_end and _is_known(act.date_end) else day.last
        _days(event, day.first, max(last, day.first))
        who = ", ".join(self._name(party) for party in act.body or act.actors)
        label = kinds()[act.kind].labels["en"]
        event.add("summary", _text(f"{_org(act.org)}: {label}" + (f", {who}" if who else "")))
        event.add("description", _lines(self._told(act)))
        event.add("categories", [_text(_org(act.org)), act.kind])
        is_told = act.modality is Modality.REPORTED and act.mark is Mark.SOURCED and not day.uncertain
        event.add("status", "CONFIRMED" if is_told else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        if act.place:
            event.add("location", _text(self._name(act.place)))
        if address := next((source.where for source in act.sources if _is_address(source.where)), ""):
            event.add("url", address)
        return event

    def _due(self, made: Event | Todo, row: Due) -> None:
        who = ", ".join(self._name(party) for party in row.who)
        made.add("summary", _text(f"{_org(row.org)}: {row.what}" + (f" – {who}" if who else "")))
        made.add("description", _lines(self._reasons(row)))
        made.add("categories", [_text(_org(row.org)), row.matter.value])
        if _is_address(row.source):
            made.add("url", row.source)
        if row.matter is Matter.OBLIGATION:
            made.add("due", row.day.last)
            made.add("status", "COMPLETED" if row.stands is Standing.MET else "NEEDS-ACTION")
            if row.stands is Standing.MET:
                made.add("percent-complete", 100)
            return
        _days(made, row.day.first, row.day.last)
        is_sure = row.sure and row.covered and row.stands in (Standing.MET, Standing.OPEN)
        made.add("status", "CONFIRMED" if is_sure else "TENTATIVE")
        made.add("transp", "TRANSPARENT")

    def _told(self, act: Act) -> Iterator[str]:
        """What is told of a meeting, a line each."""
        yield act.role("detail") or ""
        yield act.role("document") or ""
        if act.body and act.actors:
            yield "with " + ", ".join(self._name(party) for party in act.actors)
        if act.modality is not Modality.REPORTED:
            yield act.modality.value
        if act.mark is not Mark.SOURCED:
            yield f"marked {act.mark.value}"
        yield f"act {act.id}"
        yield from (f"source: {source.where}" for source in act.sources)

    def _reasons(self, row: Due) -> Iterator[str]:
        """Why something falls due, a line each."""
        yield row.note
        yield f"stands: {row.stands.value}" + (", at once" if row.at_once else "")
        yield "" if row.sure else "expected, not sure"
        yield "" if row.covered else "beyond what the record covers"
        if row.articles:
            instruments = f" ({'; '.join(row.instruments)})" if row.instruments else ""
            yield f"article: {', '.join(row.articles)}{instruments}"
        if row.verified is not None and row.verified is not Verified.TEXT:
            yield f"rule {row.verified.value}: nobody has checked the article's own words"
        if row.acts:
            yield f"acts: {', '.join(row.acts)}"
        yield f"source: {row.source}" if row.source else ""

    def _recorded(self, act: Act) -> datetime:
        """When the ledger learnt of an act; when the calendar is written, where none did."""
        try:
            told = datetime.fromisoformat(act.recorded)
        except ValueError:
            told = self.stamp
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)

    def _name(self, party: str) -> str:
        return self.names.get(party, party)


def _is_known(day: Day) -> bool:
    """Whether a day is one calendar day, and one that the next day follows."""
    return day.is_exact and date.min < day.first <= _LAST


def _days(made: Component, first: date, last: date) -> None:
    """Whole days: the end is the first day no longer (RFC 5545, 3.6.1), as intervals are here too."""
    made.add("dtstart", first)
    made.add("dtend", min(last, _LAST) + timedelta(1))


def _uid(*parts: str) -> str:
    # Half a character has no bytes that a name could be made of.
    name = "\n".join(part.encode("utf8", "replace").decode("utf8") for part in parts)
    return str(uuid5(NAMESPACE_URL, f"foedus:{name}"))


def _org(org: str | None) -> str:
    return (org or "foedus").upper()


def _text(words: str) -> str:
    """Words on one line that a calendar may hold."""
    return _NO_TEXT.sub("\ufffd", " ".join(words.split()))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in map(_text, lines) if line)


def _is_address(text: str) -> bool:
    """Whether a source may stand as a link: of the web alone, without blanks, quotes or controls."""
    return bool(re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~%]+", text))
