"""Forms hooked in from other rooms: citations of sources, and a calendar with what falls due."""

from __future__ import annotations

import io
from datetime import date

from icalendar import Calendar
from pybtex.database import parse_string

from foedus.charters import load_charters
from foedus.exchange import FORMS, gather
from foedus.records import load_records
from foedus.rules import due
from foedus.terms import Day, OrgCode

ACTS = [act for act in load_records() if act.org == "csto" and act.date and act.date.first.year == 2022]


def written(name: str, *, dues: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """The acts of a year in a form, and what was left out."""
    charters = load_charters()
    found = due(charters[OrgCode("csto")], ACTS, Day.parse("2022-01-01"), Day.parse("2023-01-31")) if dues else ()
    out = io.BytesIO()
    form = FORMS[name]
    assert form.write
    told = form.write(gather(ACTS, charters, dues=found), out)
    return out.getvalue(), told


def test_bibtex_names_every_act_that_has_a_source() -> None:
    data, told = written("bib")
    entries = parse_string(data.decode("utf8"), "bibtex").entries
    named = " ".join(str(entry.fields.get("note", "")) for entry in entries.values())
    without = [act for act in ACTS if act.id not in named]
    assert len(entries) > 10
    assert told == ((f"{len(without)} acts without a source to cite",) if without else ())


def test_ris_has_a_record_for_every_source() -> None:
    data, _ = written("ris")
    bibtex, _ = written("bib")
    assert data.count(b"\r\nER  - ") == bibtex.count(b"@misc{")


def test_a_calendar_holds_meetings_and_what_falls_due() -> None:
    bare = Calendar.from_ical(written("ics")[0])
    full = Calendar.from_ical(written("ics", dues=True)[0])
    assert len(full.walk("VEVENT")) > len(bare.walk("VEVENT")) > 5
    days = {event.decoded("DTSTART") for event in full.walk("VEVENT")}
    assert date(2023, 1, 1) in days
