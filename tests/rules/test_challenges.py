"""Challenges are tied to what they contest, however a page words it, and never change a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from case_acts import an_act

from foedus.charters import load_charter
from foedus.rules import judge
from foedus.terms import Act, Origin

CSTO = load_charter("csto")
BEFORE = [
    an_act("csto", {"id": "request", "act": "request_assistance", "on": "2022-01-05", "actors": ["KAZ"]}),
    an_act("csto", {"id": "consult", "act": "consult", "on": "2022-01-06", "actors": ["ARM"]}),
    an_act(
        "csto",
        {"id": "decision", "act": "decide_assistance", "on": "2022-01-06", "body": "csto:CSC", "targets": ["KAZ"]},
    ),
    an_act("csto", {"id": "sent", "act": "deploy", "on": "2022-01-06", "actors": ["RUS"], "targets": ["KAZ"]}),
    an_act("csto", {"id": "older", "act": "deploy", "on": "2021-06-06", "actors": ["RUS"], "targets": ["TJK"]}),
]


def contested_by(**roles: object) -> set[str]:
    """The ids of the acts that a challenge of the United States is shown beside."""
    row = {"id": "doubt", "act": "challenge", "on": "2022-01-07", "actors": ["USA"], **roles}
    acts = [*BEFORE, an_act("csto", row)]
    return {act.id for act in BEFORE if "doubt" in judge(CSTO, acts, act).challenges}


@pytest.mark.parametrize(
    ("roles", "acts"),
    [
        ({"contests": "deploy"}, {"sent"}),
        ({"contests": ["deploy", "request_assistance"]}, {"sent", "request"}),
        ({"contests": "request"}, {"request"}),
        ({"contests": "deploy, decide_assistance", "targets": ["KAZ"]}, {"sent", "decision"}),
        ({"contests": "the sending of troops"}, {"request", "decision", "sent"}),
        ({}, {"request", "decision", "sent"}),
        ({"targets": ["KAZ"]}, {"request", "decision", "sent"}),
        ({"contests": "deploy", "on": "2022-06-01"}, set()),
        ({"contests": "deploy", "on": "2022-01-04"}, set()),
    ],
)
def test_what_a_challenge_contests(roles: dict[str, object], acts: set[str]) -> None:
    assert contested_by(**roles) == acts


def test_a_challenge_of_a_page_is_shown_beside_an_act_of_the_record() -> None:
    doubt: Act = replace(
        an_act("csto", {"id": "doubt", "act": "challenge", "on": "2022-01-07", "actors": ["USA"]}), origin=Origin.PAGE
    )
    plain, contested = judge(CSTO, BEFORE, BEFORE[3]), judge(CSTO, [*BEFORE, doubt], BEFORE[3])
    assert contested.challenges == ("doubt",)
    assert replace(contested, challenges=()) == plain
