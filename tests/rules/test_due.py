"""What falls due: cases with their article, and the laws that bind it to the state it looks ahead from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from case_acts import an_act
from hypothesis import given
from hypothesis import strategies as st
from made_charters import Made, acts_of, examples, made_charters

from foedus.charters import load_charter, load_charters
from foedus.records import load_records
from foedus.rules import Due, Matter, due, judge, state_on
from foedus.rules.outlook import Outlook
from foedus.terms import Act, Day, Precision
from foedus.terms import Due as Standing
from foedus.yamlfile import check_keys, parse_yaml

CASES = Path(__file__).parent.parent / "cases"
GOVERNED = ("cis", "csto", "nato", "osce", "sco", "un")
KEYS = ("name", "record", "before", "played", "from", "to", "on", "due", "not_due")
ROW = ("matter", "day", "who", "about", "article", "sure", "covered", "stands", "acts")
ACTS = load_records()
EVER = Day.parse("1990"), Day.parse("2030")


def cases() -> Iterator[Any]:
    """Every case as a pytest parameter, named by organisation and case."""
    for path in sorted(CASES.glob("*/due.yaml")):
        file = parse_yaml(path.read_text("utf8"), str(path))
        check_keys(file, path.name, "case file", ("org", "cases"), ("org", "cases"))
        for case in file["cases"]:
            check_keys(case, path.name, "case", KEYS, ("name", "from", "to", "due"))
            yield pytest.param(file["org"], case, id=f"{file['org']}: {case['name']}")


def as_told(row: Due, wanted: dict[str, Any]) -> dict[str, Any]:
    """What falls due in the words of a case, as far as the case speaks of it."""
    told: dict[str, Any] = {
        "matter": row.matter.value,
        "day": row.day.edtf,
        "who": list(row.who),
        "about": row.about,
        "sure": "yes" if row.sure else "no",
        "covered": "yes" if row.covered else "no",
        "stands": row.stands.value,
        "article": wanted.get("article") if wanted.get("article") in row.articles else row.articles,
        "acts": wanted.get("acts") if set(wanted.get("acts", ())) <= set(row.acts) else row.acts,
    }
    return {key: told[key] for key in wanted}


@pytest.mark.parametrize(("org", "case"), list(cases()))
def test_case(org: str, case: dict[str, Any]) -> None:
    played = case.get("played") == "yes"
    acts = [an_act(org, row, played=played, number=n) for n, row in enumerate(case.get("before", ()))]
    acts += ACTS if case.get("record") == "yes" else ()
    on = Day.parse(case["on"]) if "on" in case else None
    found = due(load_charter(org), acts, Day.parse(case["from"]), Day.parse(case["to"]), on)
    for wanted in case["due"]:
        check_keys(wanted, org, "row", ROW, ("matter", "day"))
        near = [row for row in found if row.matter.value == wanted["matter"]]
        assert any(as_told(row, wanted) == dict(wanted) for row in near), near
    assert not [row for row in found if row.matter.value in case.get("not_due", ())]


def test_there_are_cases_for_each_organisation() -> None:
    numbers = [param.values[0] for param in cases()]
    assert set(numbers) == set(GOVERNED)
    assert min(numbers.count(org) for org in GOVERNED) >= 5


# -- laws --------------------------------------------------------------------------------------------------------------


def members_lost(row: Due, charter_acts: tuple[Any, list[Act]]) -> bool:
    """Whether a state loses the party on the very day, and not the day before."""
    charter, acts = charter_acts
    assert row.day.is_exact
    eve = Day.of(row.day.first - timedelta(1))
    before, after = (state_on(charter, acts, day).rosters.get(row.about) for day in (eve, row.day))
    return before is not None and row.who[0] in before.held_by and (after is None or row.who[0] not in after.held_by)


def cannot_be_told(row: Due, charter_acts: tuple[Any, list[Act]]) -> bool:
    """Whether a state cannot tell on that day whether the party still holds the status."""
    charter, acts = charter_acts
    return row.who[0] in state_on(charter, acts, row.day).rosters[row.about].untold


def still_held(row: Due, charter_acts: tuple[Any, list[Act]], on: Day) -> bool:
    """Whether the party holds the status at the end of the day one stands on, which the day of leaving comes after."""
    charter, acts = charter_acts
    return row.day.last > on.last and row.who[0] in state_on(charter, acts, on).rosters[row.about].held_by


def agrees(row: Due, charter_acts: tuple[Any, list[Act]], on: Day | None) -> bool:
    """Whether a state bears out an exit as it is told: as come about, as disputed, or as still ahead."""
    if row.stands is Standing.UNKNOWN:
        return not row.sure and cannot_be_told(row, charter_acts)
    if row.stands is Standing.OPEN and on is not None:
        return not row.sure and still_held(row, charter_acts, on)
    return members_lost(row, charter_acts) and not cannot_be_told(row, charter_acts)


@pytest.mark.parametrize("org", sorted(load_charters()))
def test_every_exit_changes_the_membership_on_that_very_day(org: str) -> None:
    made = (load_charter(org), list(ACTS))
    exits = [row for row in due(made[0], ACTS, *EVER) if row.matter is Matter.EXIT]
    assert all(agrees(row, made, None) for row in exits)


@pytest.mark.parametrize("org", sorted(load_charters()))
@pytest.mark.parametrize("on", ["2008-09-01", "2013-06-01", "2018-01-01", "2019-06-01", "2024-06-01"])
def test_an_exit_ahead_is_of_one_who_still_holds_the_status(org: str, on: str) -> None:
    made = (load_charter(org), list(ACTS))
    exits = [row for row in due(made[0], ACTS, *EVER, Day.parse(on)) if row.matter is Matter.EXIT]
    assert all(agrees(row, made, Day.parse(on)) for row in exits)


def exits_of(org: str, since: str, until: str, on: str | None = None) -> list[tuple[str, str, str, bool]]:
    rows = due(load_charter(org), ACTS, Day.parse(since), Day.parse(until), None if on is None else Day.parse(on))
    return [(row.who[0], row.day.edtf, row.stands.value, row.sure) for row in rows if row.matter is Matter.EXIT]


def test_an_exit_ahead_is_reckoned_from_the_notice_and_not_from_what_was_agreed_later() -> None:
    # TEU, art. 50(3): two years from 29 March 2017; the extensions were agreed in 2019.
    assert exits_of("eu", "2018", "2020", "2018-01-01") == [("GBR", "2019-03-29", "open", False)]
    assert exits_of("eu", "2018", "2020", "2019-06-01") == [("GBR", "2019-06-01/..", "open", False)]
    assert exits_of("eu", "2018", "2020", "2020-02-01") == [("GBR", "2020-02-01", "met", True)]
    assert exits_of("eu", "2018", "2020") == [("GBR", "2020-02-01", "met", True)]
    assert not exits_of("eu", "2016", "2018-12-31", "2018-01-01")
    assert not exits_of("eu", "2016", "2020", "2017-03-28")


def test_a_state_counts_the_notice_that_a_status_asks_for() -> None:
    # TEU, art. 50(3), beyond the days that the table of members covers.
    charter = load_charter("eu")
    notice = an_act("eu", {"act": "withdraw", "on": "2026-03-01", "actors": ["HUN"], "status": "member"})
    acts = [*ACTS, notice]
    held = [any(row.party == "HUN" for row in state_on(charter, acts, Day.parse(day)).members) for day in
            ("2026-06-01", "2028-02-29", "2028-03-01")]  # fmt: skip
    assert held == [True, True, False]
    found = [row for row in due(charter, acts, Day.parse("2028"), Day.parse("2028")) if row.matter is Matter.EXIT]
    assert [(row.day.edtf, row.articles) for row in found] == [("2028-03-01", ("teu 50",))]


def test_a_day_beyond_the_span_looked_over_is_not_told() -> None:
    assert not exits_of("eu", "2018", "2019-06-01", "2019-06-01")


def test_whether_a_disputed_exit_came_about_cannot_be_told() -> None:
    # Charter of the OAS, art. 143: Caracas says that it left, the Permanent Council counted another envoy.
    assert ("VEN", "2019-04-27", "unknown", False) in exits_of("oas", "2017", "2023")
    assert exits_of("un", "1965", "1965") == [("IDN", "1965-01-20", "unknown", False)]


def test_an_exit_names_the_article_of_leaving_alone() -> None:
    for org, article in (("eu", "teu 50"), ("oas", "charter 143"), ("ecowas", "treaty 91")):
        found = [row for row in due(load_charter(org), ACTS, *EVER) if row.matter is Matter.EXIT]
        assert {row.articles for row in found if row.about == "member"} == {(article,)}


def test_what_was_announced_later_or_nobody_knows_when_is_not_told_beforehand() -> None:
    span = Day.parse("2017"), Day.parse("2019-12-31")
    found = due(load_charter("oas"), ACTS, *span, Day.parse("2018-01-01"))
    assert not [row for row in found if "oas-2019-09-24-withdraw" in row.acts]
    assert [row for row in due(load_charter("oas"), ACTS, *span) if "oas-2019-09-24-withdraw" in row.acts]


@pytest.mark.parametrize("org", sorted(load_charters()))
def test_every_chair_shown_is_the_chair_of_the_state_on_that_day(org: str) -> None:
    charter = load_charter(org)
    for row in due(charter, ACTS, *EVER):
        if row.matter is Matter.CHAIR and row.sure and row.stands is Standing.MET:
            chairs = {chair.body: chair.state for chair in state_on(charter, ACTS, row.day).chairs}
            assert chairs.get(row.about) == next(iter(row.who), None)


def chairs_that_end(org: str, since: str, until: str, on: str | None = None) -> list[tuple[str, str, bool]]:
    span = Day.parse(since), Day.parse(until)
    found = due(load_charter(org), ACTS, *span, None if on is None else Day.parse(on))
    return [(row.about, row.day.edtf, row.sure) for row in found if row.matter is Matter.CHAIR and not row.who]


def test_a_chair_after_which_the_table_has_nobody_ends() -> None:
    assert chairs_that_end("au", "2025-11-01", "2027") == [("au:ASM", "2026-02-14", False)]
    assert chairs_that_end("eu", "2025-11-01", "2027") == [("eu:GAC", "2026-07-01", False)]
    # Guinea's term; who followed is not in the table, though somebody did.
    assert chairs_that_end("au", "2018", "2018") == [("au:ASM", "2018-01-28", True)]
    # Where a rule tells who follows, the chair passes on and does not end.
    assert not chairs_that_end("csto", "2026", "2027")


def test_of_a_term_that_another_followed_nobody_is_told_beforehand_when_it_ends() -> None:
    assert chairs_that_end("eu", "2026-01-01", "2027", "2026-01-01") == [("eu:GAC", "2026-07-01", False)]
    assert not chairs_that_end("eu", "2025-12-01", "2027", "2025-12-31")


def test_a_chair_that_somebody_takes_in_time_does_not_end() -> None:
    taken = an_act("au", {"act": "take_chair", "on": "2026-02-14", "actors": ["BDI"], "body": "au:ASM"})
    found = due(load_charter("au"), [*ACTS, taken], Day.parse("2026"), Day.parse("2026"))
    assert [row.who for row in found if row.matter is Matter.CHAIR] == [("BDI",)]


def open_by_deadline(charter: Any, acts: list[Act], on: Day) -> set[tuple[str, str]]:
    """The open obligations of a state that have a last day, by act and words."""
    owed = state_on(charter, acts, on).obligations
    return {(row.after, row.obligation.text) for row in owed if row.obligation.due is Standing.OPEN}


def told_of_duties(rows: Iterable[Due]) -> set[tuple[str, str, str, str]]:
    """What is due stands and says, by the act it follows."""
    owed = [row for row in rows if row.matter is Matter.OBLIGATION]
    return {(row.acts[0], row.what, row.stands.value, row.note) for row in owed}


@pytest.mark.parametrize(
    ("org", "act", "on"),
    [
        ("nato", "nato-2001-09-12-conditional", "2001-10-08"),
        ("csto", "csto-2022-01-06-decision", "2022-01-10"),
        ("un", "un-2024-03-28-veto", "2024-05-02"),
        ("un", "un-2024-04-18-veto", "2024-05-02"),
    ],
)
def test_due_state_and_verdict_tell_of_a_duty_alike(org: str, act: str, on: str) -> None:
    charter, day, record = load_charter(org), Day.parse(on), load_records(org)
    asked = next(row for row in record if row.id == act)
    known = [row for row in record if row.date and row.date.last <= day.last]
    owed = {(o.text, o.due.value, o.note) for o in judge(charter, known, asked).obligations}
    rows = told_of_duties(due(charter, ACTS, Day.parse("1990"), day, day))
    assert {row[1:] for row in rows if row[0] == act} == owed
    stated = {(o.obligation.text, o.obligation.due.value, o.obligation.note)
              for o in state_on(charter, ACTS, day).obligations if o.after == act}  # fmt: skip
    assert stated <= owed
    assert stated or owed == {("a meeting, by the General Assembly", "unknown", "")}


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "met on 2001-10-07, 25 days later"),
        ("ru", "выполнено 2001-10-07, спустя 25 дн."),
        ("zh", "于2001-10-07履行，即25天之后"),
        ("vi", "thực hiện ngày 2001-10-07, 25 ngày sau"),
    ],
)
def test_what_was_due_at_once_and_met_later_says_when(language: str, note: str) -> None:
    # North Atlantic Treaty, art. 5: the measures are reported to the Security Council immediately.
    span = Day.parse("2001-09-01"), Day.parse("2001-12-31")
    rows = due(load_charter("nato"), ACTS, *span, language=language)
    assert [row.note for row in rows if "nato-2001-09-12-conditional" in row.acts] == [note]


def test_what_was_due_at_once_and_met_that_day_or_on_the_next() -> None:
    request = {
        "id": "asked",
        "act": "request_assistance",
        "on": "2022-01-05",
        "actors": ["KAZ"],
        "targets": ["csto:CSC"],
    }
    decision = {"id": "decided", "act": "decide_assistance", "on": "2022-01-06", "body": "csto:CSC", "targets": ["KAZ"]}
    told = {"id": "told", "act": "notify", "actors": ["ARM"], "targets": ["un:SC"]}
    span = Day.parse("2022-01-01"), Day.parse("2022-12-31")
    notes = {}
    for on in ("2022-01-06", "2022-01-07", "2022-01-08", "2022-01"):
        rows = (request, {**decision, "outcome": "grant"}, {**told, "on": on})
        acts = [an_act("csto", row) for row in rows]
        found = due(load_charter("csto"), acts, *span)
        notes[on] = [(row.stands, row.note) for row in found if row.matter is Matter.OBLIGATION]
    assert notes == {
        "2022-01-06": [(Standing.MET, "")],
        "2022-01-07": [(Standing.MET, "met on 2022-01-07, the next day")],
        "2022-01-08": [(Standing.MET, "met on 2022-01-08, 2 days later")],
        "2022-01": [(Standing.UNKNOWN, "")],
    }


def test_what_was_met_after_its_last_day_says_so() -> None:
    veto = {
        "id": "veto",
        "act": "object",
        "on": "2025-03-03",
        "actors": ["RUS"],
        "body": "un:SC",
        "document": "draft on Sudan",
    }
    meeting = {"id": "met", "act": "convene", "body": "un:GA", "document": "Sudan"}
    span = Day.parse("2025-03-01"), Day.parse("2025-06-30")
    for on, told in (("2025-03-17", (Standing.MET, "")), ("2025-03-18", (Standing.MET, "met late, on 2025-03-18"))):
        acts = [an_act("un", veto), an_act("un", {**meeting, "on": on})]
        found = due(load_charter("un"), acts, *span)
        assert [(row.stands, row.note) for row in found if row.matter is Matter.OBLIGATION] == [told]


def test_each_duty_that_asks_for_one_act_on_each_is_met_by_its_own() -> None:
    found = due(load_charter("un"), ACTS, *EVER)
    answers = [name for row in found if row.rule == "veto" for name in row.acts[1:]]
    assert len(answers) >= 3
    assert len(answers) == len(set(answers))


def due_obligations(charter: Any, acts: list[Act], on: Day, days: int = 60) -> set[tuple[str, str]]:
    since, until = on, Day.of(on.last + timedelta(days))
    found = due(charter, acts, since, until, on)
    return {(row.acts[0], row.what) for row in found if row.matter is Matter.OBLIGATION}


@given(st.data())
@examples(60)
def test_what_a_state_calls_open_falls_due(data: st.DataObject) -> None:
    org = data.draw(st.sampled_from(GOVERNED))
    charter, record = load_charter(org), load_records(org)
    dated = [act for act in record if act.date and act.date.is_exact]
    near = data.draw(st.sampled_from([act for act in dated if charter.rules_for(act.kind)]))
    assert near.date is not None
    on = Day.of(near.date.last + timedelta(data.draw(st.integers(0, 20))))
    acts = list(ACTS)
    assert open_by_deadline(charter, acts, on) <= due_obligations(charter, acts, on)


def test_the_law_on_obligations_is_not_empty() -> None:
    on = Day.parse("2022-05-27")
    told = open_by_deadline(load_charter("un"), list(ACTS), on)
    assert ("un-2022-05-26-veto", "a meeting, by the General Assembly") in told
    assert told <= due_obligations(load_charter("un"), list(ACTS), on)


@given(made_charters(), st.data())
@examples(40)
def test_laws_of_any_charter(made: Made, data: st.DataObject) -> None:
    charter = made.charter
    acts = data.draw(st.lists(acts_of(charter), max_size=8))
    on = Day.parse(data.draw(st.sampled_from(("2012-03-04", "2012-03-07", "2012-04-01"))))
    since, until = Day.parse("2012-03-01"), Day.parse("2014-12-31")
    assert open_by_deadline(charter, acts, on) <= due_obligations(charter, acts, on)
    for seen in (None, on):
        found = due(charter, acts, since, until, seen)
        assert all(row.matter is not Matter.EXIT or agrees(row, (charter, acts), seen) for row in found)
        assert due(charter, acts[::-1], since, until, seen) == found
        assert {row.org for row in found} <= {charter.org}
        known = {act.id for act in acts}
        assert {name for row in found for name in row.acts} <= known


@pytest.mark.parametrize("org", GOVERNED)
def test_the_order_of_acts_and_the_language_change_nothing(org: str) -> None:
    charter, on = load_charter(org), Day.parse("2014-06-01")
    span = Day.parse("2014"), Day.parse("2016")
    found = due(charter, ACTS, *span, on)
    shuffled = list(ACTS)
    random.Random(7).shuffle(shuffled)  # noqa: S311
    assert due(charter, shuffled, *span, on) == found
    keys = [(row.matter, row.about, row.day, row.who, row.acts) for row in found]
    for language in ("ru", "zh", "vi"):
        told = due(charter, ACTS, *span, on, language=language)
        assert sorted(map(str, keys)) == sorted(str((r.matter, r.about, r.day, r.who, r.acts)) for r in told)
        assert {row.what for row in told}.isdisjoint({row.what for row in found if row.matter is Matter.CHAIR})


@pytest.mark.parametrize("on", ["2013-03-15", "2017-06-15", "2021-01-15", "2024-03-15", "2025-01-01"])
def test_presidents_expected_of_the_council_are_those_it_had(on: str) -> None:
    # The table of presidents is told by others; what the alphabet expects of it is reckoned without it.
    charter, day = load_charter("un"), Day.parse(on)
    until = Day.of(day.last + timedelta(330))
    expected = [row for row in due(charter, ACTS, day, until, day) if row.matter is Matter.CHAIR and not row.sure]
    assert len(expected) >= 10
    for row in expected:
        # The five who come in January are elected in June, before 2016 in October: nobody knows them in March.
        if row.day.first.year > day.last.year and day.last.month == 3:
            assert row.who == (), row
        else:
            assert state_on(charter, ACTS, row.day).chairs[0].state == row.who[0], row


@pytest.mark.parametrize("org", GOVERNED)
def test_one_change_of_chair_is_told_once(org: str) -> None:
    charter = load_charter(org)
    for year in range(1992, 2027, 2):
        on = Day.parse(f"{year}-06-28")
        found = due(charter, ACTS, on, Day.parse(f"{year + 3}"), on)
        for body in charter.bodies:
            rows = [row for row in found if row.matter is Matter.CHAIR and row.about == body]
            # What may come on any day, or never, is the last thing that can be told.
            assert all(row.day.precision is not Precision.INTERVAL for row in rows[:-1]), (on, rows)


def test_after_a_session_called_for_a_month_the_next_state_is_reckoned_from_the_new_chair() -> None:
    convened = {"act": "convene", "on": "2022-11", "body": "csto:CSC", "modality": "planned"}
    called = replace(an_act("csto", {"id": "called", **convened}), published=Day.parse("2022-06-01"))
    on = Day.parse("2022-06-28")
    found = due(load_charter("csto"), [*ACTS, called], on, Day.parse("2024"), on)
    chairs = [(str(row.day), row.who) for row in found if row.matter is Matter.CHAIR]
    assert chairs == [("2022-11", ("BLR",)), ("2022-12-01/..", ("KAZ",))]


def test_standing_on_a_day_nothing_done_later_counts() -> None:
    charter, on = load_charter("osce"), Day.parse("2014-03-01")
    known = {act.id for act in ACTS if act.date is not None and act.date.first <= on.last}
    announced = {act.id for act in ACTS if act.modality.value == "planned" and act.published}
    shown = {name for row in due(charter, ACTS, *EVER, on) for name in row.acts}
    assert shown <= known | announced
    assert shown


def test_what_is_overdue_comes_first_where_one_stands_within() -> None:
    decision = {"act": "decide_assistance", "body": "csto:CSC", "targets": ["KAZ"], "outcome": "grant"}
    request = {"act": "request_assistance", "actors": ["KAZ"], "targets": ["csto:CSC"]}
    rows = [
        {"id": "asked", "on": "2022-01-05", **request},
        {"id": "told", "on": "2022-01-05", "act": "consult", "actors": ["ARM"], "body": "csto:CSC"},
        {"id": "decided", "on": "2022-01-06", **decision},
    ]
    acts = [an_act("csto", row, played=True) for row in rows]
    charter, on = load_charter("csto"), Day.parse("2022-02-01")
    within = due(charter, acts, Day.parse("2019"), Day.parse("2023"), on)
    assert within[0].stands is Standing.OVERDUE
    days = [row.day.last for row in within[1:] if row.day.is_exact]
    assert len(days) > 3
    assert days == sorted(days)
    before = due(charter, acts, Day.parse("2021"), Day.parse("2022-01-31"), on)
    assert before[0].matter is Matter.ENTRY
    assert Standing.OVERDUE in {row.stands for row in before}


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        due(load_charter("csto"), (), Day.parse("2022-02"), Day.parse("2022-01"))


def test_an_outlook_keeps_what_lay_ahead_only_where_it_had_been_announced() -> None:
    told = an_act("csto", {"id": "told", "act": "convene", "on": "2022-05-01", "modality": "planned"})
    told = replace(told, published=Day.parse("2021-12-30"))
    unknown = replace(told, id="unknown", published=None)
    done = an_act("csto", {"id": "done", "act": "convene", "on": "2022-05-01"})
    out = Outlook.over(load_charter("csto"), [told, unknown, done], *EVER, Day.parse("2022-01-01"))
    assert [act.id for act in out.told.acts] == ["told"]
    assert {act.id for act in out.whole.acts} == {"told", "unknown", "done"}


# -- what the review of the records mended ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("org", "day", "body"),
    [
        ("csto", "2027-06-01", "csto:CSC"),
        ("cis", "2014-03-25", "cis:CHS"),
        ("un", "2026-07-01", "un:SC"),
        ("au", "2026-03-01", "au:ASM"),
    ],
)
def test_a_chair_whose_term_has_ended_does_not_come_back(org: str, day: str, body: str) -> None:
    state = state_on(load_charter(org), ACTS, Day.parse(day))
    assert body in state.chairs_not_covered


def test_an_act_after_the_last_term_carries_the_chair_on() -> None:
    taken = an_act("csto", {"id": "taken", "act": "take_chair", "on": "2027-01-01", "actors": ["TJK"]})
    state = state_on(load_charter("csto"), [*ACTS, taken], Day.parse("2027-06-01"))
    assert state.chair is not None
    assert (state.chair.state, state.chair.acts) == ("TJK", ("taken",))


def found_in(org: str, year: str, matter: Matter) -> list[Due]:
    day = Day.parse(year)
    return [row for row in due(load_charter(org), ACTS, day, day) if row.matter is matter]


def test_a_term_that_has_not_begun_does_not_end() -> None:
    # Of the secretary general of the OSCE since December 2024 the first term lies ahead; of a second nobody knows.
    assert [row.who for row in found_in("osce", "2027", Matter.TERM) if row.about == "osce:secretary_general"]
    assert not found_in("osce", "2030", Matter.TERM)


def test_a_term_cut_short_did_not_run_out() -> None:
    # Armenia recalled Khachaturov in November 2018; an act of that day says when his term ended.
    assert not found_in("csto", "2018", Matter.TERM)


def test_a_term_that_went_on_did_not_end() -> None:
    # Stoltenberg had four years from 2014, and was prolonged in 2018 and 2022.
    assert not found_in("nato", "2018", Matter.TERM)
    assert not found_in("un", "2011", Matter.TERM)[1:]


def test_a_mandate_names_the_instrument_it_is_under() -> None:
    rows = found_in("osce", "2022", Matter.MANDATE)
    assert {row.about: row.articles for row in rows} == {
        "Special Monitoring Mission to Ukraine": ("rop II-A", "smm-2014"),
        "Project Co-ordinator in Ukraine": ("rop II-A", "ukraine-1999"),
    }


def test_who_presides_over_a_body_has_no_term_of_office_beside_it() -> None:
    for org in GOVERNED:
        presiding = {body.chair_office for body in load_charter(org).chaired()}
        terms = [row for row in due(load_charter(org), ACTS, *EVER) if row.matter is Matter.TERM]
        assert presiding.isdisjoint({row.about for row in terms})


def test_a_plan_told_of_on_its_own_day_is_no_plan_for_that_day() -> None:
    plan = {"id": "plan", "act": "withdraw", "on": "2026-03-11", "actors": ["ARM"], "modality": "planned"}
    act = an_act("csto", plan)
    span = Day.parse("2026-03-01"), Day.parse("2026-03-31")
    for published, number in (("2026-03-11", 0), ("2026-03-10", 1)):
        told = replace(act, published=Day.parse(published))
        found = [row for row in due(load_charter("csto"), [told], *span) if row.matter is Matter.PLANNED]
        assert len(found) == number


def test_what_was_planned_is_met_by_what_was_done() -> None:
    rows = [row for row in due(load_charter("csto"), ACTS, *EVER) if row.acts[:1] == ("csto-2006-06-23-accede",)]
    assert [(row.stands, row.acts[1:]) for row in rows] == [(Standing.MET, ("csto-2006-08-16-accede",))]
