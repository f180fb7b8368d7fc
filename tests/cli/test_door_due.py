"""`foedus due`: the options, the order, the two outputs and the calendar beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from doors import foedus
from icalendar import Calendar

from foedus.ledger import Ledger
from foedus.terms import Act, Day, Origin

NOTICE = ("oas", "--from", "2022-01-01", "--to", "2023-12-31", "--on", "2022-01-01", "--kind", "exit")


def rows(*words: str | Path) -> list[Any]:
    ran = foedus("due", *words, "--json")
    assert ran.code == 0, ran.err
    return ran.lines


def test_what_falls_due_is_a_table_by_day_with_its_reasons() -> None:
    ran = foedus("due", *NOTICE)
    assert ran.code == 0
    (line,) = [line for line in ran.out.splitlines() if "Nicaragua" in line]
    for words in (
        "2023-11-19",
        "exit",
        "ahead",
        "charter 143",
        "oas-2021-11-19-withdraw",
        "notice given on 2021-11-19",
    ):
        assert words in line
    assert "seen on 2022-01-01" in ran.out
    assert "1 thing falls due; 1 still to come; 1 only expected" in ran.out


def test_of_a_disputed_exit_it_cannot_be_told_as_in_a_state() -> None:
    span = ("oas", "--from", "2019-01-01", "--to", "2019-12-31", "--kind", "exit")
    ran = foedus("due", *span)
    (line,) = [line for line in ran.out.splitlines() if "Venezuela" in line]
    assert "? cannot be told" in line
    assert "whether it took effect is disputed" in line
    assert "expected" not in ran.out
    assert "cannot be told" in foedus("state", "oas", "--on", "2020-01-01").out
    (row,) = rows(*span)
    assert (row["stands"], row["sure"]) == ("unknown", False)


def test_of_a_day_that_no_rule_gives_it_is_said_that_it_cannot_be_told() -> None:
    ran = foedus("due", "eu", "--from", "2019-06-01", "--to", "2020-12-31", "--on", "2019-06-01", "--kind", "exit")
    assert "after 2019-06-01" in ran.out
    assert "2020-02-01" not in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "9999-12-31"),
        ("--from", "2022-01-01", "--to", "9999-12-31"),
        ("--from", "0001-01-01", "--to", "2022-01-01"),
        ("--from", "XXXX-01-01"),
        ("--from", "../2022", "--to", "2023"),
        ("--from", "2022-01-01", "--to", "2022-06-01/.."),
    ],
)
def test_days_looked_at_have_two_ends(words: tuple[str, ...]) -> None:
    ran = foedus("due", "csto", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "names no first and last day" in ran.err


def test_what_was_due_at_once_and_met_later_says_when() -> None:
    span = ("nato", "--from", "2001-09-01", "--to", "2001-12-31", "--kind", "obligation")
    notes = {row["day"]: (row["stands"], row["note"]) for row in rows(*span)}
    assert notes["2001-09-12"] == ("met", "met on 2001-10-07, 25 days later")
    assert notes["2001-10-02"] == ("met", "met on 2001-10-07, 5 days later")
    stated = foedus("state", "nato", "--on", "2001-10-08")
    assert "met on 2001-10-07, 25 days later" in stated.out
    assert "met on 2001-10-07, 25 days later" in stated.out
    assert "met, at once" not in stated.out
    assert (
        "met on 2001-10-07, 25 days later" in foedus("judge", "nato", "--from", "2001-09-12", "--to", "2001-09-12").out
    )


def test_json_is_one_thing_a_line() -> None:
    (row,) = rows(*NOTICE)
    assert (row["org"], row["matter"], row["day"], row["who"]) == ("oas", "exit", "2023-11-19", ["NIC"])
    assert row["instruments"] == ["Charter of the Organization"]
    assert (row["sure"], row["covered"], row["stands"]) == (False, True, "open")


def test_an_organisation_without_rules_has_exits_all_the_same() -> None:
    """No rule of ECOWAS is written down; its treaty's notice of a year is, and the record has three notices."""
    found = rows("--from", "2025-01-20", "--to", "2025-02-10", "--kind", "exit")
    assert [(row["org"], row["day"]) for row in found] == [("ecowas", "2025-01-29")] * 3


def test_without_an_organisation_all_are_asked() -> None:
    found = rows("--from", "2026-12-01", "--to", "2027-01-31")
    assert {row["org"] for row in found} == {"cis", "csto", "osce", "sco", "un"}
    days = [row["day"] for row in found if row["precision"] == "day"]
    assert days == sorted(days)
    assert {row["matter"] for row in found} == {"chair", "term", "mandate"}


def test_a_sort_of_things_may_be_asked_for() -> None:
    span = ("--from", "2026-12-01", "--to", "2027-01-31")
    both = rows(*span, "--kind", "term", "--kind", "mandate")
    assert {row["matter"] for row in both} == {"term", "mandate"}
    assert [row for row in rows(*span) if row["matter"] in ("term", "mandate")] == both


def test_overdue_comes_first_where_one_stands_within(tmp_path: Path) -> None:
    ledger = tmp_path / "play.db"
    common: dict[str, Any] = {"org": "csto", "origin": Origin.PERSON, "id": ""}
    day = Day.parse("2024-05-02")
    played = (
        Act(kind="request_assistance", actors=("KAZ",), targets=("csto:CSC",), date=day, **common),
        Act(kind="consult", actors=("KAZ",), date=day, **common),
        Act(
            kind="decide_assistance",
            body=("csto:CSC",),
            targets=("KAZ",),
            date=day,
            more={"outcome": "grant"},
            **common,
        ),
    )
    with Ledger.open(ledger) as written:
        for act in played:
            written.perform(act, who="a player")
    first, *rest = rows("csto", "--from", "2024-06-01", "--to", "2025-12-31", "--on", "2024-06-01", "--ledger", ledger)
    assert (first["matter"], first["stands"], first["day"]) == ("obligation", "overdue", "2024-05-02")
    assert rest
    assert "overdue" not in {row["stands"] for row in rest}
    ran = foedus("due", "csto", "--from", "2024-06-01", "--to", "2024-12-31", "--on", "2024-06-01", "--ledger", ledger)
    assert "✗ overdue" in ran.out
    assert "1 overdue" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("csto", "--from", "2022-02-30"), "no such calendar day"),
        (("csto", "--from", "2022-02", "--to", "2022-01"), "ends before it begins"),
        (("csto", "--from", "2022", "--on", "2022"), "names no single day"),
        (("csto", "--kind", "exits"), "Did you mean exit?"),
        (("cstoo",), "Did you mean csto?"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...], says: str) -> None:
    ran = foedus("due", *words)
    assert ran.code == 2
    assert says in ran.err


def test_a_year_is_looked_at_where_no_end_is_given() -> None:
    ran = foedus("due", "csto", "--from", "2024-02-29")
    assert "from 2024-02-29 to 2025-02-28" in ran.out


def test_nothing_is_said_to_be_nothing() -> None:
    ran = foedus("due", "nato", "--from", "2015-01-01", "--to", "2015-01-31")
    assert "Nothing falls due" in ran.out


def test_a_calendar_is_written_beside_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "osce.ics"
    ran = foedus("due", "osce", "--from", "2022-01", "--to", "2022-06-30", "--ics", path)
    assert ran.code == 0
    assert f"The calendar is in {path}" in ran.err
    made = Calendar.from_ical(path.read_bytes())
    summaries = [str(part["summary"]) for part in made.walk() if "summary" in part]
    assert any("mandate runs out: Special Monitoring Mission to Ukraine" in words for words in summaries)
    assert "OSCE: Consult" in summaries


def test_what_the_calendar_leaves_out_is_said(tmp_path: Path) -> None:
    ran = foedus("due", "sco", "--from", "2026-01-01", "--to", "2026-12-31", "--ics", tmp_path / "sco.ics")
    assert "left out: 1 thing" in ran.err


def test_a_calendar_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    ran = foedus("due", "sco", "--from", "2026", "--ics", tmp_path / "nowhere" / "sco.ics")
    assert ran.code == 3
    assert "cannot be written" in ran.err


@pytest.mark.parametrize("lang", ["ru", "zh", "vi"])
def test_it_speaks_four_languages(lang: str) -> None:
    ran = foedus("due", *NOTICE, "--lang", lang)
    assert "falls due" not in ran.out
    assert "2023-11-19" in ran.out
