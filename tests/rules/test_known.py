"""What was known on a day: acts first published later are left out, unknown publication is said."""

from __future__ import annotations

from dataclasses import replace

from case_acts import an_act

from foedus.charters import load_charter
from foedus.rules import state_on
from foedus.terms import Act, Day, Modality

CSTO = load_charter("csto")
SIXTH = Day.parse("2022-01-06")


def request(published: str | None) -> Act:
    """The request of January 2022 as first published on a day."""
    row = {"id": "request", "act": "request_assistance", "on": "2022-01-05", "actors": ["KAZ"], "targets": ["csto"]}
    return replace(an_act("csto", row), published=None if published is None else Day.parse(published))


def test_an_act_published_later_was_not_known() -> None:
    assert state_on(CSTO, [request("2022-01-08")], SIXTH, known=Day.parse("2022-01-07")).requests == ()
    assert len(state_on(CSTO, [request("2022-01-08")], SIXTH, known=Day.parse("2022-01-08")).requests) == 1
    assert len(state_on(CSTO, [request("2022-01-08")], SIXTH).requests) == 1


def test_an_act_of_unknown_publication_stays_and_is_listed() -> None:
    state = state_on(CSTO, [request(None)], SIXTH, known=Day.parse("2022-01-05"))
    assert len(state.requests) == 1 and state.untold == ("request",)
    assert state_on(CSTO, [request(None)], SIXTH).untold == ()
    assert state_on(CSTO, [request("2022-01-05")], SIXTH, known=SIXTH).untold == ()


def test_what_was_done_after_that_day_was_not_known_though_its_publication_is_unknown() -> None:
    state = state_on(CSTO, [request(None)], SIXTH, known=Day.parse("2022-01-04"))
    assert state.requests == () and state.untold == ()


def test_what_was_planned_for_a_later_day_may_have_been_announced() -> None:
    known = Day.parse("2022-01-04")
    planned = replace(request(None), modality=Modality.PLANNED)
    assert [move.act for move in state_on(CSTO, [planned], known, known).planned] == ["request"]
    assert state_on(CSTO, [request(None)], known, known).planned == ()
