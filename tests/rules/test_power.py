"""Voting power against published values, and against every coalition counted one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.charters import DecisionRule, How, load_charter
from foedus.rules import Power, powers_on
from foedus.rules.power import _Game
from foedus.terms import Day


def power(org: str, way: str, body: str, day: str) -> Power:
    return next(p for p in powers_on(load_charter(org), (), Day.parse(day)) if (p.way, p.body) == (way, body))


def test_the_security_council_has_the_published_values() -> None:
    # Shapley and Shubik's figures for the council of fifteen: 0.1963 and 0.00187; Banzhaf's: 0.1669 and 0.0165.
    found = power("un", "substantive", "un:SC", "2022-02-25")
    assert round(float(found.shapley_shubik["RUS"]), 4) == 0.1963
    assert round(float(found.shapley_shubik["ALB"]), 4) == 0.0019
    assert round(float(found.banzhaf["RUS"]), 4) == 0.1669
    assert round(float(found.banzhaf["ALB"]), 4) == 0.0165
    assert found.alone == ("CHN", "FRA", "GBR", "RUS", "USA")
    assert found.blocking == 7


def test_a_procedural_vote_knows_no_veto() -> None:
    found = power("un", "procedural", "un:SC", "2022-02-27")
    assert found.alone == ()
    assert set(found.shapley_shubik.values()) == {Fraction(1, 15)}


def test_under_consensus_each_can_block() -> None:
    found = power("csto", "consensus", "csto:CSC", "2022-01-05")
    assert found.alone == ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")
    assert set(found.banzhaf.values()) == {Fraction(1, 6)}


def test_beyond_coverage_there_is_no_answer() -> None:
    found = power("csto", "consensus", "csto:CSC", "2040-01-05")
    assert not found.covered


WAYS: dict[How, DecisionRule] = {way.how: way for way in load_charter("un").deciding.values()}


@pytest.mark.parametrize("how", sorted(WAYS))
@given(k=st.integers(0, 3), m=st.integers(1, 4), least=st.integers(1, 6))
def test_counting_by_size_is_counting_one_by_one(how: How, k: int, m: int, least: int) -> None:
    from dataclasses import replace

    way = WAYS[how] if how is not How.VOTE else replace(WAYS[how], at_least=least, more_than=None)
    game = _Game(way, k, m)
    players = [(True, n) for n in range(k)] + [(False, n) for n in range(m)]

    def wins(coalition: frozenset[tuple[bool, int]]) -> bool:
        return game.wins(sum(veto for veto, _ in coalition), sum(not veto for veto, _ in coalition))

    pivots = dict.fromkeys(players, 0)
    orders = 0
    for order in permutations(players):
        orders += 1
        for at, player in enumerate(order):
            if wins(frozenset(order[: at + 1])) and not wins(frozenset(order[:at])):
                pivots[player] += 1
                break
        if orders == 720:
            break
    swings = {
        player: sum(
            wins(frozenset((*others, player))) and not wins(frozenset(others))
            for size in range(len(players))
            for others in combinations([p for p in players if p != player], size)
        )
        for player in players
    }
    total = sum(swings.values())
    for player in players:
        if total:
            assert game.banzhaf()[player[0]] == Fraction(swings[player], total)
        if len(players) <= 6:
            assert game.shapley_shubik()[player[0]] == Fraction(pivots[player], orders)
