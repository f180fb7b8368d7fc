"""Who held what on a day: the index in memory against the rosters, and against a plain walk through the lines."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from case_facts import councils

from foedus.charters import Charter, load_charters
from foedus.rules.at_hand.compiled import compile_rule
from foedus.rules.at_hand.standing import Held, Line, Standing
from foedus.rules.docket import Docket
from foedus.rules.membership import roster_on
from foedus.rules.voting import Position
from foedus.terms import Interval, Outcome

CHARTERS = {str(org): charter for org, charter in load_charters().items()}
TODAY = date(2020, 1, 1)


def days_of(charter: Charter) -> list[date]:
    """Days on which something changes, their eves, and some between."""
    intervals = [row.interval for status in charter.statuses.values() for row in status.holders]
    intervals += [status.covered for status in charter.statuses.values() if status.covered]
    intervals += [status.interval for status in charter.statuses.values()]
    changes = {day for interval in intervals for day in (interval.since, interval.until) if day}
    eves = {day - timedelta(1) for day in changes if day > date.min}
    return sorted(changes | eves | {date(year, 7, 1) for year in range(1940, 2030, 5)})


@pytest.mark.parametrize("org", CHARTERS)
def test_the_index_and_the_rosters_agree(org: str) -> None:
    """For every status, every party that ever held one and every day on which anything changed."""
    charter = CHARTERS[org]
    docket, standing = Docket.of(charter, ()), Standing.of(charter)
    roll = standing.roll(org)
    for day in days_of(charter):
        held = defaultdict(list)
        for row in standing.standing(org, day):
            held[row.status].append(row.party)
        for status in charter.statuses.values():
            roster = roster_on(docket, status, day)
            assert tuple(dict.fromkeys(held[status.id])) == roster.parties, (status.id, day)
            sure, may = standing.masks(org, status.id, day)
            for party in roll.parties:
                expected: bool | None = party in roster.parties
                if party in roster.untold or (not roster.covered and not (expected and status.covered is None)):
                    expected = None
                assert standing.holds(org, party, status.id, day) is expected, (status.id, party, day)
                bit = roll.bits[party]
                assert (bool(sure & bit), bool(may & bit)) == (expected is True, expected is not False)


def random_lines(chance: random.Random, lines: int) -> list[Line]:
    """Lines of two organisations, some open at an end, some disputed, some withdrawn from the record."""

    def day(odds: float = 1.0) -> date | None:
        return TODAY + timedelta(chance.randint(0, 60)) if chance.random() < odds else None

    found: list[Line] = []
    while len(found) < lines:
        since, until, recorded, withdrawn = day(0.9), day(0.8), day(0.7), day(0.3)
        if (since and until and since >= until) or (recorded and withdrawn and recorded >= withdrawn):
            continue
        org, party, status = chance.choice(("x", "y")), chance.choice("ABCD"), chance.choice(("member", "observer"))
        found.append(Line(org, party, status, since, until, recorded, withdrawn, chance.random() < 0.1))
    return found


def stands(line: Line, day: date, recorded: date | None) -> bool:
    """Whether a line holds on a day as known on another, by the words of its fields."""
    known = line.withdrawn is None if recorded is None else recorded in Interval(line.recorded, line.withdrawn)
    return known and day in Interval(line.since, line.until)


def test_the_index_and_a_walk_through_the_lines_agree() -> None:
    chance = random.Random(4)  # noqa: S311
    for _ in range(40):
        lines = random_lines(chance, chance.randint(1, 60))
        standing = Standing(lines, {("x", "member"): Interval(), ("y", "member"): Interval(TODAY, None)})
        assert len(standing) == len(lines)
        for _ in range(20):
            org, day = chance.choice(("x", "y")), TODAY + timedelta(chance.randint(-2, 62))
            recorded = chance.choice((None, TODAY + timedelta(chance.randint(-2, 62))))
            there = [line for line in lines if line.org == org and stands(line, day, recorded)]
            sure = {Held(line.party, line.status) for line in there if not line.disputed}
            open_ = {Held(line.party, line.status) for line in there} - sure
            found = standing.standing(org, day, recorded)
            assert set(found) == sure
            assert found == sorted(found)
            for held in (Held(party, "member") for party in "ABCDE"):
                expected: bool | None = held in sure
                if held in open_ or (org == "y" and day < TODAY):
                    expected = None
                assert standing.holds(org, *held, day, recorded) is expected


def test_what_nobody_has_covered_cannot_be_told() -> None:
    standing = Standing([Line("x", "A", "member", None, None)])
    assert standing.holds("x", "A", "member", TODAY) is True
    assert standing.holds("x", "B", "member", TODAY) is None
    assert standing.holds("y", "A", "member", TODAY) is None
    assert standing.standing("y", TODAY) == []
    assert standing.masks("x", "observer", TODAY) == (0, 1)


def test_a_correction_changes_what_is_known_since() -> None:
    wrong, right = date(2020, 3, 1), date(2020, 4, 1)
    lines = [
        Line("x", "A", "member", wrong, None, recorded=date(2021, 1, 1), withdrawn=date(2022, 1, 1)),
        Line("x", "A", "member", right, None, recorded=date(2022, 1, 1)),
    ]
    standing = Standing(lines, {("x", "member"): Interval()})
    asked = ("x", "A", "member", date(2020, 3, 15))
    assert standing.holds(*asked) is False
    assert standing.holds(*asked, recorded=date(2021, 6, 1)) is True
    assert standing.holds(*asked, recorded=date(2020, 6, 1)) is False
    assert standing.standing("x", date(2020, 3, 15), date(2021, 6, 1)) == [("A", "member")]


def test_an_act_is_judged_by_who_was_a_member_that_day() -> None:
    lines = [Line("councils", party, "member", date(2001, 1, 1), None) for party in "ABC"]
    lines.append(Line("councils", "C", "suspended", date(2010, 1, 1), None))
    standing = Standing(lines, {("councils", "member"): Interval(), ("councils", "suspended"): Interval()})
    deploy = compile_rule(councils(), "deploy")
    positions = {"A": Position.FOR, "B": Position.FOR, "C": Position.AGAINST}
    outcomes = []
    for year in (2000, 2009, 2011):
        given: dict[str, bool | None] = {"who": True, "request_assistance": True}
        day = date(year, 5, 5)
        facts = standing.facts(deploy, "councils", day, targets="A", positions=positions, given=given)
        outcomes.append(deploy(facts).outcome)
    assert outcomes == [Outcome.OUT_OF_ORDER, Outcome.OUT_OF_ORDER, Outcome.IN_ORDER]
