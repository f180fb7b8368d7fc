"""What falls due as a reader sees it: by day, with reasons, uncertainty and the record's end said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view_samples import printed, squeezed

from foedus import views
from foedus.charters import load_charters
from foedus.records import load_records
from foedus.rules import Due, Matter, due
from foedus.terms import Day, Mark, OrgCode, Verified
from foedus.terms import Due as Standing
from foedus.views.due import due_day, due_remark, due_summary, due_who
from foedus.views.labels import Labels

CHARTERS = load_charters()
LABELS = Labels("en", CHARTERS)
YEAR = Day.parse("2027")
CHAIRS = [row for row in due(CHARTERS[OrgCode("un")], load_records(), YEAR, YEAR) if row.matter is Matter.CHAIR]
ROW = Due(
    org="csto",
    matter=Matter.OBLIGATION,
    day=Day.parse("2022-01-06"),
    what="notice to un:SC",
    about="notify",
    who=("ARM", "csto:secretary_general"),
    articles=("treaty 4",),
    acts=("a-1", "b\x1b[31m"),
    verified=Verified.TEXT,
)


def shown(*rows: Due, on: Day | None = None) -> str:
    return printed(views.due_text(rows, YEAR, YEAR, on, charters=CHARTERS))


def test_a_line_tells_day_what_who_and_why() -> None:
    text = shown(ROW)
    for words in (
        "2022-01-06",
        "obligation",
        "notice to un:SC",
        "Armenia (ARM)",
        "… open",
        "treaty 4",
        "a-1",
        "b␛[31m",
    ):
        assert words in text
    assert "\x1b[31m" not in text
    assert "Collective Security Treaty Organization (csto)" in text


def test_of_several_organisations_each_line_names_its_own() -> None:
    text = squeezed(shown(ROW, replace(ROW, org="sco")))
    assert "CSTO obligation" in text
    assert "SCO obligation" in text


def test_a_chair_nobody_can_name_is_said_to_be_so() -> None:
    (row,) = CHAIRS
    assert due_who(row, LABELS) == "nobody told"
    remark = due_remark(row, LABELS)
    for words in ("whose turn it is", "expected, not sure", "beyond what the record covers"):
        assert words in remark


@pytest.mark.parametrize(
    ("row", "day"),
    [
        (ROW, "2022-01-06"),
        (replace(ROW, at_once=True), "2022-01-06, at once"),
        (replace(ROW, day=Day.parse("2022-03-01/..")), "after 2022-03-01"),
        (replace(ROW, day=Day.parse("2022-03")), "2022-03"),
        (replace(ROW, day=Day.parse("2022-03-01/2022-12-31")), "2022-03-01/2022-12-31"),
    ],
)
def test_a_day_stands_as_closely_as_it_is_known(row: Due, day: str) -> None:
    assert due_day(row, LABELS) == day


def test_what_cannot_be_relied_upon_is_said() -> None:
    assert due_remark(ROW, LABELS) == ""
    assert due_remark(replace(ROW, verified=None), LABELS) == ""
    assert due_remark(replace(ROW, verified=Verified.RECALLED), LABELS) == "rule recalled"
    assert due_remark(replace(ROW, mark=Mark.CHECK), LABELS) == "to be checked"


@pytest.mark.parametrize(
    ("matter", "stands", "words"),
    [
        (Matter.OBLIGATION, Standing.MET, "✓ met"),
        (Matter.OBLIGATION, Standing.OVERDUE, "✗ overdue"),
        (Matter.EXIT, Standing.MET, "✓ come about"),
        (Matter.EXIT, Standing.OPEN, "… ahead"),
        (Matter.MANDATE, Standing.UNKNOWN, "? not in the record"),
    ],
)
def test_it_is_said_how_each_stands(matter: Matter, stands: Standing, words: str) -> None:
    assert words in shown(replace(ROW, matter=matter, stands=stands))


def test_the_sum_counts_each_sort() -> None:
    rows = [ROW, replace(ROW, stands=Standing.OVERDUE), replace(ROW, sure=False, covered=False)]
    assert due_summary(rows, LABELS) == (
        "3 things fall due; 1 overdue; 2 still to come; 1 only expected; 1 beyond what the record covers"
    )
    assert due_summary([], LABELS).startswith("Nothing falls due")


def test_json_keeps_the_order_and_every_reason() -> None:
    first, second = views.due_json([ROW, *CHAIRS])
    assert (first["matter"], first["precision"], first["verified"]) == ("obligation", "day", "text")
    assert (second["who"], second["sure"], second["covered"]) == ([], False, False)
    assert set(first) == set(second)
