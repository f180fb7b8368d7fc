"""Columns of acts against the compiled rule on each act: the same verdict on every random case."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from case_facts import PARTIES, councils, random_case

from foedus.rules.at_hand.columns import OUTCOMES, Columns, judge_columns
from foedus.rules.at_hand.compiled import compile_rule
from foedus.rules.at_hand.facts import Facts, Roll
from foedus.terms import Outcome

CHARTER = councils()


def differing(rule: str, cases: int, *, untold: float, roll: Roll, seed: int) -> list[Facts]:
    """The facts on which the two differ."""
    chance = random.Random(seed)  # noqa: S311
    compiled = compile_rule(CHARTER, rule)
    facts = [random_case(compiled, chance, 7, untold).facts(compiled, roll) for _ in range(cases)]
    verdicts = judge_columns(compiled, Columns.of(facts))
    assert verdicts.dtype == np.int8
    assert len(np.unique(verdicts)) == (4 if "in scope" in compiled.given else 3)
    one_by_one = [compiled(row).outcome for row in facts]
    return [
        row
        for row, code, outcome in zip(facts, verdicts, one_by_one, strict=True)
        if OUTCOMES[int(code)] is not outcome
    ]


@pytest.mark.parametrize("rule", CHARTER.rules)
def test_columns_and_single_acts_agree(rule: str) -> None:
    """Over all rules 14,000 cases."""
    assert differing(rule, 2_000, untold=0.12, roll=Roll(PARTIES), seed=5) == []


@pytest.mark.parametrize("rule", ["deploy", "deploy-by-three", "deploy-by-two-thirds"])
def test_more_parties_than_a_word_holds(rule: str) -> None:
    """The parties of the case stand at both ends of a roll of two hundred."""
    others = [f"other {number}" for number in range(190)]
    assert differing(rule, 400, untold=0.05, roll=Roll([*PARTIES[:3], *others, *PARTIES[3:]]), seed=6) == []


def test_more_voices_than_a_table_holds() -> None:
    """Sixty members vote by two thirds of those present; each tally is still counted once."""
    compiled = compile_rule(CHARTER, "deploy-by-two-thirds")
    roll = Roll(f"P{number}" for number in range(60))
    chance = random.Random(8)  # noqa: S311
    everyone = (1 << 60) - 1
    sides = [[chance.getrandbits(60) for _ in range(2)] for _ in range(500)]
    rows = [
        Facts(1, 2, (everyone, 0, 0), (everyone, 0, 0), one | other, ~(one | other) & everyone, 0, 0, (True,))
        for one, other in sides
    ]
    assert len(roll.parties) == 60
    codes = judge_columns(compiled, Columns.of(rows))
    assert [OUTCOMES[int(code)] for code in codes] == [compiled(row).outcome for row in rows]
    assert {Outcome.IN_ORDER, Outcome.OUT_OF_ORDER} <= {OUTCOMES[int(code)] for code in codes}


def test_facts_come_back_from_their_columns() -> None:
    compiled = compile_rule(CHARTER, "deploy-either-way")
    chance = random.Random(9)  # noqa: S311
    roll = Roll([*PARTIES, *(f"other {number}" for number in range(70))])
    facts = [random_case(compiled, chance).facts(compiled, roll) for _ in range(50)]
    columns = Columns.of(facts)
    assert [columns.facts(place) for place in range(len(columns))] == facts


def test_acts_of_one_day_share_its_statuses() -> None:
    compiled = compile_rule(CHARTER, "deploy")
    row = Facts(1, 1, (0b111, 0), (0b111, 0), 0b011, 0, 0, 0, (True, True))
    columns = Columns.of([row] * 40_000)
    assert columns.holds.shape == (2, 1, 1)
    assert len(judge_columns(compiled, columns)) == 40_000


def test_a_what_if_changes_a_column() -> None:
    """Were nobody suspended, those who objected would have to be heard."""
    compiled = compile_rule(CHARTER, "deploy")
    row = Facts(1, 1, (0b111, 0b100), (0b111, 0b100), 0b011, 0b100, 0, 0, (True, True))
    columns = Columns.of([row])
    assert judge_columns(compiled, columns).tolist() == [1]
    nobody = columns.holds.copy()
    nobody[compiled.statuses.index("suspended")] = 0
    assert judge_columns(compiled, replace(columns, holds=nobody, may_hold=nobody)).tolist() == [-1]


def test_no_acts_give_no_verdicts() -> None:
    assert len(judge_columns(compile_rule(CHARTER, "deploy"), Columns.of([]))) == 0


def test_columns_of_another_rule_are_refused() -> None:
    deploy, other = (compile_rule(CHARTER, rule) for rule in ("deploy", "deploy-by-two-thirds"))
    columns = Columns.of([random_case(other, random.Random(1)).facts(other)])  # noqa: S311
    with pytest.raises(ValueError, match="encode them for this rule"):
        judge_columns(deploy, columns)
