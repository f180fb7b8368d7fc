"""Laws that always hold: order never matters, what no rule reads changes nothing, view and verdict agree."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.charters import load_charter, with_variant
from foedus.records import load_records
from foedus.rules import admissible, compare_moves, judge, judge_all, state_on
from foedus.terms import Act, Day, Modality, Origin, Outcome, Source, kinds

PARTIES = ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK", "UZB", "USA", "csto", "csto:secretary_general", "csto:JS")
BODIES = ("csto:CSC", "csto:CFM", "csto:CDM", "csto:CSSC", "csto:PA", "csto:SECR")
DAYS = (
    "2022-01-04",
    "2022-01-05",
    "2022-01-06",
    "2022-01-07",
    "2022-01-20",
    "2022-01",
    "2022",
    "2024-01-01",
    "2009",
    "XXXX-01-06",
    "2022-01/..",
    "../2022-01-06",
)
READ = (
    "request_assistance",
    "consult",
    "decide_assistance",
    "contribute",
    "deploy",
    "withdraw_forces",
    "notify",
    "grant_status",
    "suspend",
    "withdraw",
    "take_chair",
    "appoint",
    "adopt",
    "object",
    "challenge",
    "apply_status",
)
UNREAD = sorted(name for name, kind in kinds().items() if kind.family in ("positions", "activities", "relations"))
MORE = {
    "outcome": ("grant", "refuse", "partial", "failed"),
    "status": ("member", "observer", "partner", "dialogue partner"),
    "phase": ("begin", "complete"),
    "office": ("csto:secretary_general", "csto:commander_of_2022_operation"),
    "contests": ("deploy", "decide_assistance, request_assistance"),
    "person": ("Stanislav Zas",),
}


@st.composite
def acts(draw: st.DrawFn, names: tuple[str, ...] = READ) -> Act:
    """An act of the CSTO that may or may not make sense."""
    day = draw(st.none() | st.sampled_from(DAYS))
    more = {role: draw(st.sampled_from(values)) for role, values in MORE.items() if draw(st.booleans())}
    return Act(
        kind=draw(st.sampled_from(names)),
        org="csto",
        id=f"act-{draw(st.integers(0, 10_000))}",
        origin=draw(st.sampled_from(Origin)),
        actors=tuple(draw(st.lists(st.sampled_from(PARTIES), max_size=2, unique=True))),
        body=tuple(draw(st.lists(st.sampled_from(BODIES), max_size=2, unique=True))),
        targets=tuple(draw(st.lists(st.sampled_from(PARTIES), max_size=2, unique=True))),
        date=None if day is None else Day.parse(day),
        modality=draw(st.sampled_from((Modality.REPORTED,) * 3 + (Modality.DENIED, Modality.PLANNED))),
        sources=draw(st.sampled_from(((), (Source("a page"),)))),
        more=more,
    )


RECORDS = st.lists(acts(), max_size=8)
DAY = st.sampled_from([Day.parse(day) for day in ("2022-01-05", "2022-01-06", "2022-01-21", "2024-01-01")])


@given(RECORDS, DAY, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_acts_never_changes_the_state(rows: list[Act], day: Day, rng: random.Random) -> None:
    charter, mixed = load_charter("csto"), list(rows)
    rng.shuffle(mixed)
    assert state_on(charter, rows, day).to_json() == state_on(charter, mixed, day).to_json()
    assert judge_all(charter, rows) == judge_all(charter, mixed)


@given(RECORDS, st.lists(acts(tuple(k for k in UNREAD if k != "challenge")), min_size=1, max_size=3), DAY)
@settings(max_examples=40, deadline=None)
def test_an_act_that_no_rule_reads_never_changes_the_state(rows: list[Act], extra: list[Act], day: Day) -> None:
    charter = load_charter("csto")
    plain = [replace(act, id=f"extra-{n}", modality=Modality.REPORTED) for n, act in enumerate(extra)]
    assert state_on(charter, [*rows, *plain], day).to_json() == state_on(charter, rows, day).to_json()


@given(RECORDS, DAY)
@settings(max_examples=40, deadline=None)
def test_acts_of_another_organisation_change_nothing(rows: list[Act], day: Day) -> None:
    charter = load_charter("csto")
    foreign = [replace(act, org="sco", id=f"foreign-{n}") for n, act in enumerate(rows)]
    assert state_on(charter, [*rows, *foreign], day).to_json() == state_on(charter, rows, day).to_json()
    assert judge_all(charter, [*rows, *foreign]) == judge_all(charter, rows)


@given(RECORDS, acts(), DAY)
@settings(max_examples=120, deadline=None)
def test_the_view_and_the_verdict_agree(rows: list[Act], act: Act, day: Day) -> None:
    charter = load_charter("csto")
    act = replace(act, id="asked", date=day)
    known = [row for row in rows if row.date is None or row.date.first <= day.last]
    view = admissible(charter, rows, day)
    verdict = judge(charter, known, act)
    assert (act in view) == (verdict.outcome is Outcome.IN_ORDER)
    assert bool(view.why_not(act)) == (verdict.outcome is not Outcome.IN_ORDER)


@given(RECORDS, DAY)
@settings(max_examples=10, deadline=None)
def test_every_move_of_the_view_is_in_order_and_listed_once(rows: list[Act], day: Day) -> None:
    charter = load_charter("csto")
    view = admissible(charter, rows, day)
    moves = list(view)
    assert len(moves) == len(view) == len(set(moves))
    known = [row for row in rows if row.date is None or row.date.first <= day.last]
    for move in moves[:30]:
        assert move.act("csto", day) in view
        assert judge(charter, known, move.act("csto", day)).outcome is Outcome.IN_ORDER


@given(RECORDS)
@settings(max_examples=40, deadline=None)
def test_judging_twice_gives_the_same(rows: list[Act]) -> None:
    charter = load_charter("csto")
    assert judge_all(charter, rows) == judge_all(charter, rows)
    one_by_one = {verdict.act: verdict for verdict in judge_all(charter, rows)}
    for act in rows[:2]:
        if sum(row.id == act.id for row in rows) == 1:
            assert judge(charter, rows, act) == one_by_one[act.id]


@given(st.integers(0, 200), DAY)
@settings(max_examples=25, deadline=None)
def test_a_second_report_of_the_same_doing_breaks_nothing(number: int, day: Day) -> None:
    """The same doing told again by a page: every verdict stays as it was, and the state counts nothing twice."""
    charter, record = load_charter("csto"), list(load_records("csto"))
    act = record[number % len(record)]
    again = replace(act, id=f"{act.id}-again", origin=Origin.PAGE)
    before = {verdict.act: verdict.outcome for verdict in judge_all(charter, record)}
    after = {verdict.act: verdict.outcome for verdict in judge_all(charter, [*record, again])}
    assert {key: value for key, value in after.items() if key != again.id} == before
    one, two = state_on(charter, record, day), state_on(charter, [*record, again], day)
    assert [row.party for row in one.members] == [row.party for row in two.members]
    assert (one.chair and one.chair.state) == (two.chair and two.chair.state)
    assert [(r.by, r.on, r.is_open) for r in one.requests] == [(r.by, r.on, r.is_open) for r in two.requests]
    assert [(d.by, d.where) for d in one.deployments] == [(d.by, d.where) for d in two.deployments]


@given(RECORDS, DAY)
@settings(max_examples=10, deadline=None)
def test_a_charter_compared_with_itself_opens_and_closes_nothing(rows: list[Act], day: Day) -> None:
    charter = load_charter("csto")
    assert not compare_moves(charter, charter, rows, day).opened
    assert with_variant(charter, "emergency-2023").rules.keys() == charter.rules.keys()
