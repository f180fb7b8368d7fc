"""A charter from outside, as small as one can be: nothing in the rules is tied to the shipped organisations."""

from __future__ import annotations

from pathlib import Path

from case_acts import an_act

from foedus.charters import read_charter
from foedus.rules import admissible, judge, state_on
from foedus.terms import Day, Outcome

MINI = read_charter(Path(__file__).parents[1] / "charters" / "mini.yaml")
DAY = Day.parse("2005-05-05")


def test_its_state_has_nobody_and_says_so() -> None:
    state = state_on(MINI, (), DAY)
    assert state.members == () and state.rosters["member"].covered and state.chair is None


def test_only_members_may_ask_and_there_are_none() -> None:
    asked = an_act("mini", {"act": "request_assistance", "on": "2005-05-05", "actors": ["KAZ"]})
    assert judge(MINI, (), asked).outcome is Outcome.OUT_OF_ORDER
    assert not admissible(MINI, (), DAY) and len(admissible(MINI, (), DAY)) == 0


def test_an_act_of_a_person_makes_a_member_who_may_ask() -> None:
    joined = an_act("mini", {"act": "accede", "on": "2005-05-01", "actors": ["KAZ"], "status": "member"}, played=True)
    asked = an_act("mini", {"act": "request_assistance", "on": "2005-05-05", "actors": ["KAZ"]})
    assert judge(MINI, [joined], asked).outcome is Outcome.IN_ORDER
    assert [move.actor for move in admissible(MINI, [joined], DAY)] == [("KAZ",)]


def test_what_it_does_not_speak_of_is_not_governed() -> None:
    sent = an_act("mini", {"act": "deploy", "on": "2005-05-05", "actors": ["KAZ"], "targets": ["KGZ"]})
    assert judge(MINI, (), sent).outcome is Outcome.NOT_GOVERNED
