"""Whole procedures played under the charter of the CSTO, every step judged before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foedus.charters import Charter, load_charter
from foedus.ledger import Ledger
from foedus.live import Session, may_store, perform
from foedus.terms import Act, Day, Due, FoedusError, Origin, Outcome

REQUEST = {"kind": "request_assistance", "actors": ["BLR"], "targets": ["csto"], "ground": "armed groups at the border"}
CONSULT = {"kind": "consult", "actors": ["csto:chair_of_council"], "body": "csto:CSC"}
DECIDE = {
    "kind": "decide_assistance",
    "actors": ["csto:CSC"],
    "body": "csto:CSC",
    "targets": ["BLR"],
    "outcome": "grant",
}
CONTRIBUTE = {"kind": "contribute", "actors": ["KAZ"], "targets": ["BLR"], "size": 200}
DEPLOY = {"kind": "deploy", "actors": ["KAZ"], "targets": ["BLR"], "phase": "begin"}
NOTIFY = {"kind": "notify", "actors": ["csto:secretary_general"], "targets": ["un:SC"]}
WITHDRAW = {"kind": "withdraw_forces", "actors": ["KAZ"], "targets": ["BLR"], "phase": "complete"}
PROCEDURE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("2022-06-07", REQUEST),
    ("2022-06-07", CONSULT),
    ("2022-06-08", DECIDE),
    ("2022-06-08", CONTRIBUTE),
    ("2022-06-09", DEPLOY),
    ("2022-06-09", NOTIFY),
    ("2022-06-20", WITHDRAW),
)


@pytest.fixture(scope="module")
def charter() -> Charter:
    """The charter of the CSTO as shipped."""
    return load_charter("csto")


@pytest.fixture
def session(charter: Charter) -> Session:
    """A play with no act before it."""
    return Session(charter, (), Day.parse("2022-06-07"))


def test_a_request_through_to_withdrawal(session: Session) -> None:
    """Treaty, art. 2 and 4; agreement on peacekeeping, art. 3."""
    with Ledger.open(":memory:") as ledger:
        for on, step in PROCEDURE:
            session.day = Day.parse(on)
            following = session.next()
            move = session.attempt(step)
            assert move.verdict.outcome is Outcome.IN_ORDER, (step, move.verdict.reason)
            assert move.verdict.articles
            assert move.act in following
            ledger.perform(session.keep(move), "control", "exercise")
            if step is DECIDE:
                assert [o.obligation.due for o in session.state().obligations] == [Due.OPEN]
            if step is DEPLOY:
                assert session.state().deployments
        state = session.state()
        assert [o.obligation.due for o in state.obligations] == [Due.MET]
        assert state.deployments == ()
        stored = ledger.acts()
    assert [replace(act, recorded="") for act in stored] == list(session.acts)
    assert all(act.origin is Origin.PERSON and not act.forced for act in stored)


@pytest.mark.parametrize("missing", [REQUEST, CONSULT, DECIDE])
def test_leaving_out_a_step_puts_a_later_one_out_of_order(session: Session, missing: dict[str, Any]) -> None:
    outcomes = []
    for on, step in PROCEDURE[:5]:
        session.day = Day.parse(on)
        if step is not missing:
            move = session.attempt(step)
            outcomes.append(move.verdict.outcome)
            session.keep(move, force=True)
    assert Outcome.OUT_OF_ORDER in outcomes
    assert any(act.forced for act in session.acts)


def test_a_meeting_from_drafts_to_adoption_and_the_chair_handed_over(session: Session) -> None:
    """Charter, art. 12, 13 and 14: Bishkek, 27 and 28 November 2019."""
    session.day = Day.parse("2019-11-27")
    assert [(chair.body, chair.state) for chair in session.state().chairs] == [("csto:CSC", "KGZ")]
    ministers, council = "csto:CFM", "csto:CSC"
    meeting: tuple[tuple[str, dict[str, Any]], ...] = (
        ("2019-11-27", {"kind": "convene", "actors": [ministers], "body": ministers}),
        (
            "2019-11-27",
            {"kind": "submit", "actors": [ministers], "body": ministers, "targets": [council], "document": "Plan"},
        ),
        ("2019-11-28", {"kind": "convene", "actors": [council], "body": council, "format": "regular"}),
        ("2019-11-28", {"kind": "adopt", "actors": [council], "body": council, "document": "Plan"}),
        ("2019-11-28", {"kind": "take_chair", "actors": ["RUS"], "body": council}),
    )
    for on, step in meeting:
        session.day = Day.parse(on)
        move = session.attempt(step)
        assert move.verdict.outcome is Outcome.IN_ORDER, (step, move.verdict.reason)
        session.keep(move)
    assert [(chair.body, chair.state) for chair in session.state().chairs] == [("csto:CSC", "RUS")]


def test_out_of_order_is_kept_only_by_force_and_marked(session: Session) -> None:
    move = session.attempt(DEPLOY)
    assert move.verdict.outcome is Outcome.OUT_OF_ORDER
    assert move.broken
    assert not may_store(move.verdict)
    with pytest.raises(FoedusError, match=r"is out of order: .*Force it"):
        session.keep(move)
    assert not session.acts
    kept = session.keep(move, force=True)
    assert kept.forced
    assert list(session.acts) == [kept]


def test_in_order_is_never_marked_forced(session: Session) -> None:
    assert not session.keep(session.attempt(REQUEST), force=True).forced


def test_undetermined_is_kept_and_says_what_is_missing(session: Session) -> None:
    session.day = Day.parse("2019-11-28")
    council = {"kind": "convene", "actors": ["csto:CSC"], "body": "csto:CSC", "format": "regular"}
    session.keep(session.attempt(council))
    move = session.attempt({"kind": "take_chair", "actors": ["BLR"], "body": "csto:CSC"})
    assert move.verdict.outcome is Outcome.UNDETERMINED
    assert move.missing == ("its turn in the chair of the Collective Security Council",)
    assert not session.keep(move, force=True).forced


def test_the_same_act_again_is_the_one_that_stands(session: Session) -> None:
    session.keep(session.attempt(REQUEST))
    session.keep(session.attempt(REQUEST))
    assert len(session.acts) == 1


def test_a_body_the_charter_does_not_have_is_refused(session: Session) -> None:
    with pytest.raises(
        FoedusError, match=r"csto:CSK is no body, office or force of csto, the nearest is 'csto:CSSC'|'csto:CSC'"
    ):
        session.attempt({**CONSULT, "body": "csto:CSK"})
    with pytest.raises(FoedusError, match="the nearest is 'csto:secretary_general'"):
        session.attempt({**NOTIFY, "actors": ["csto:secretary_genral"]})


def test_only_persons_and_scenarios_perform(charter: Charter) -> None:
    with pytest.raises(FoedusError, match="Only persons and scenarios"):
        perform(charter, (), Act(id="x", kind="consult", origin=Origin.PAGE))


def test_nothing_is_done_on_a_day_to_come_but_it_may_be_announced(session: Session) -> None:
    with pytest.raises(FoedusError, match="is dated 2022-06-08, and the day is 2022-06-07"):
        session.attempt({**REQUEST, "date": "2022-06-08"})
    assert session.attempt({**REQUEST, "date": "2022-06"}).verdict.outcome is not Outcome.OUT_OF_ORDER
    assert session.attempt({**REQUEST, "date": "2022-06-08", "modality": "planned"}).act.modality.value == "planned"
