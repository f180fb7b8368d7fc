"""The calendar: read back by a calendar library, whole days, ids that stay, hostile words that stay words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar as ICalendar

from foedus.charters import load_charter
from foedus.exchange.calendar import Calendar, calendar_ics
from foedus.records import load_records
from foedus.rules import Due, Matter, due
from foedus.terms import Act, Day, Mark, Modality, Origin, Source
from foedus.terms import Due as Standing

STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACTS = load_records()
HOSTILE = (
    "END:VEVENT\r\nBEGIN:VALARM\r\nACTION:PROCEDURE",
    "a;b,c\\d\\n\nATTACH:file:///etc/passwd",
    "\x00\x07\x1b]0;title\x07 \u202eevil \ud800",
    "x" * 5000,
    "会议" * 200,
    "=HYPERLINK(1)",
)


def meeting(**more: Any) -> Act:
    given: dict[str, Any] = {
        "id": "m-1",
        "kind": "convene",
        "org": "csto",
        "body": ("csto:CSC",),
        "date": Day.parse("2022-11-23"),
        "origin": Origin.PAGE,
        "sources": (Source("https://example.org/a?b=1"),),
    }
    return Act(**(given | more))


def parts(made: Calendar, name: str = "") -> list[Any]:
    """The events and to-dos of a calendar, read back."""
    whole: Any
    (whole,) = ICalendar.from_ical(made.data, multiple=True)
    assert [part.name for part in whole.walk() if part.name not in ("VEVENT", "VTODO")] == ["VCALENDAR"]
    assert not [error for part in whole.walk() for error in part.errors]
    return [part for part in whole.subcomponents if part.name == name or not name]


def test_a_meeting_of_one_day_ends_on_the_next() -> None:
    (event,) = parts(calendar_ics([meeting(place="ARM")], (), STAMP, {"csto:CSC": "Collective Security Council"}))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2022, 11, 23), date(2022, 11, 24))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["summary"] == "CSTO: Convene, Collective Security Council"
    assert event["categories"].cats == ["CSTO", "convene"]
    assert (event["status"], event["transp"], event["location"]) == ("CONFIRMED", "TRANSPARENT", "ARM")
    assert event["url"] == "https://example.org/a?b=1"
    assert "source: https://example.org/a?b=1" in event["description"]


def test_a_meeting_of_several_days_ends_after_its_last() -> None:
    (event,) = parts(calendar_ics([meeting(date_end=Day.parse("2022-11-25"))], (), STAMP))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(3)
    (event,) = parts(calendar_ics([meeting(date_end=Day.parse("2022-11"))], (), STAMP))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(1)


def test_the_stamp_is_when_the_ledger_learnt_it() -> None:
    acts = [meeting(recorded="2024-05-01T12:30:00.123456Z"), meeting(id="m-2"), meeting(id="m-3", recorded="noon")]
    stamps = [event["dtstamp"].dt for event in parts(calendar_ics(acts, (), STAMP))]
    assert stamps[0].replace(microsecond=0) == datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    assert stamps[1:] == [STAMP, STAMP]
    assert b"DTSTAMP:20260301T120000Z" in calendar_ics([meeting()], (), STAMP.replace(tzinfo=None)).data


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"modality": Modality.PLANNED}, "TENTATIVE"),
        ({"mark": Mark.CHECK}, "TENTATIVE"),
        ({"date": Day.parse("2022-11-23?")}, "TENTATIVE"),
        ({}, "CONFIRMED"),
    ],
)
def test_what_is_only_called_or_uncertain_is_tentative(more: dict[str, Any], status: str) -> None:
    (event,) = parts(calendar_ics([meeting(**more)], (), STAMP))
    assert event["status"] == status


def test_what_is_not_known_to_the_day_is_counted() -> None:
    days = ("2022-11", "2022", "XXXX-11-23", "2022-11-01/2022-11-05", "2022-23", "9999-12-31")
    acts = [meeting(id=day, date=Day.parse(day)) for day in days]
    acts += [
        meeting(id="none", date=None),
        meeting(id="no", modality=Modality.DENIED),
        meeting(),
        meeting(),
        meeting(id="deploy", kind="deploy"),
    ]
    made = calendar_ics(acts, (), STAMP)
    assert len(parts(made)) == 1
    assert made.left_out == (
        "1 act other than meetings",
        "1 meeting denied",
        "6 meetings not known to the day",
        "1 meeting told again under one id",
        "1 meeting without a date",
    )


def test_nothing_makes_an_empty_calendar() -> None:
    made = calendar_ics((), (), STAMP)
    assert parts(made) == []
    assert made.left_out == ()


# -- what falls due ----------------------------------------------------------------------------------------------------


def thing(**more: Any) -> Due:
    given: dict[str, Any] = {
        "org": "nato",
        "matter": Matter.EXIT,
        "day": Day.parse("2027-03-31"),
        "what": "withdrawal takes effect: member",
        "about": "member",
        "who": ("USA",),
        "articles": ("treaty 13",),
        "instruments": ("North Atlantic Treaty",),
        "acts": ("notice",),
    }
    return Due(**(given | more))


def test_what_happens_by_itself_is_an_event() -> None:
    (event,) = parts(calendar_ics((), [thing()], STAMP))
    assert (event.name, event["dtstart"].dt, event["dtend"].dt) == ("VEVENT", date(2027, 3, 31), date(2027, 4, 1))
    assert event["summary"] == "NATO: withdrawal takes effect: member – USA"
    assert "article: treaty 13 (North Atlantic Treaty)" in event["description"]
    assert "acts: notice" in event["description"]
    assert event["status"] == "CONFIRMED"


@pytest.mark.parametrize("more", [{"sure": False}, {"covered": False}, {"stands": Standing.UNKNOWN}])
def test_what_is_only_expected_is_tentative(more: dict[str, Any]) -> None:
    (event,) = parts(calendar_ics((), [thing(**more)], STAMP))
    assert event["status"] == "TENTATIVE"


@pytest.mark.parametrize(
    ("stands", "status"),
    [
        (Standing.MET, "COMPLETED"),
        (Standing.OPEN, "NEEDS-ACTION"),
        (Standing.OVERDUE, "NEEDS-ACTION"),
        (Standing.UNKNOWN, "NEEDS-ACTION"),
    ],
)
def test_what_somebody_must_do_is_a_to_do(stands: Standing, status: str) -> None:
    (todo,) = parts(calendar_ics((), [thing(matter=Matter.OBLIGATION, stands=stands)], STAMP), "VTODO")
    assert (todo["due"].dt, todo["status"]) == (date(2027, 3, 31), status)
    assert "dtstart" not in todo
    assert f"stands: {stands.value}" in todo["description"]


def test_what_falls_due_on_no_known_day_is_counted() -> None:
    made = calendar_ics((), [thing(day=Day.parse("2027-03")), thing(day=Day.parse("2027-03-01/.."))], STAMP)
    assert parts(made) == []
    assert made.left_out == ("2 things due on no known day",)


def test_a_meeting_called_stands_once() -> None:
    called = meeting(modality=Modality.PLANNED)
    row = thing(org="csto", matter=Matter.MEETING, acts=("m-1",), day=called.date)
    assert len(parts(calendar_ics([called], [row], STAMP))) == 1
    assert len(parts(calendar_ics([], [row], STAMP))) == 1


def test_ids_stay_whatever_the_language_and_however_it_stands() -> None:
    row = thing()
    later = replace(row, what="выход", stands=Standing.MET, sure=False, note="x")
    others = [thing(about="observer"), thing(who=("CAN",)), thing(day=Day.parse("2027-04-01")), thing(org="csto")]
    ids = [str(parts(calendar_ics((), [one], STAMP))[0]["uid"]) for one in (row, later, *others)]
    assert ids[0] == ids[1]
    assert len(set(ids[1:])) == 1 + len(others)
    # Whoever has read a calendar in finds its entries again after an upgrade.
    assert ids[0] == "a4181fe1-2e44-527e-911c-6981f5e37655"
    assert str(parts(calendar_ics([meeting()], (), STAMP))[0]["uid"]) == "b8dd50d2-927e-5780-a99b-859d81fd1aa0"


@pytest.mark.parametrize("org", ["cis", "csto", "nato", "osce", "sco", "un"])
def test_every_shipped_meeting_and_due_is_read_back(org: str) -> None:
    found = due(load_charter(org), ACTS, Day.parse("1990"), Day.parse("2030"))
    own = [act for act in ACTS if act.org == org]
    made = calendar_ics(own, found, STAMP)
    read = parts(made)
    ids = [str(part["uid"]) for part in read]
    assert len(ids) == len(set(ids))
    dated = sum(row.day.is_exact for row in found)
    assert len(read) >= dated > 5
    assert made == calendar_ics(own, found, STAMP)


# -- hostile words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    act = meeting(
        id=words,
        org=words,
        body=(words,),
        place=words,
        actors=(words,),
        more={"detail": words, "document": words},
        sources=(Source(words), Source(f"https://example.org/{words}")),
    )
    row = thing(org=words, what=words, note=words, who=(words,), articles=(words,), acts=(words,), source=words)
    made = calendar_ics([act], [row], STAMP, {words: words})
    event, other = parts(made)
    assert {event.name, other.name} == {"VEVENT"}
    assert {"attach", "action", "trigger"}.isdisjoint({key.lower() for key in (*event, *other)})
    assert "url" not in other
    assert max(map(len, made.data.split(b"\r\n"))) <= 75


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_words_come_back(words: str) -> None:
    made = calendar_ics([meeting(more={"detail": words})], (), STAMP)
    (event,) = parts(made)
    plain = " ".join(words.split())
    if plain.isprintable():
        assert plain in str(event["description"])
    lines = made.data.split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\n" not in line and b"\r" not in line and len(line) <= 75 for line in lines)
    assert made.data.decode("utf8")
