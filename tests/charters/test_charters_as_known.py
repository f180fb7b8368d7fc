"""A charter as it was known on a day: rules, terms and holders begun by then, without ends that came later."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.charters import as_known, load_charters
from foedus.records import load_records
from foedus.rules import judge_all, state_on
from foedus.terms import Day, OrgCode

CHARTERS = load_charters()
ACTS = load_records()
DAYS = st.dates(date(1992, 1, 1), date(2025, 12, 31))


def members(org: str, on: str, known: str | None = None, rule: str = "effective") -> set[str]:
    """Who is shown as a member."""
    state = state_on(CHARTERS[OrgCode(org)], ACTS, Day.parse(on), Day.parse(known) if known else None, rule=rule)
    return set(state.rosters["member"].parties)


def test_who_left_later_was_thought_to_stay() -> None:
    """Uzbekistan announced in June 2012 that it would leave the CSTO; a year before nobody could know."""
    assert "UZB" not in members("csto", "2014-01-01")
    assert "UZB" in members("csto", "2014-01-01", known="2011-06-01")
    assert "UZB" not in members("csto", "2014-01-01", known="2013-06-01")


def test_who_came_later_was_not_yet_there() -> None:
    assert {"FIN", "SWE"} <= members("nato", "2025-01-01")
    assert not {"FIN", "SWE"} & members("nato", "2025-01-01", known="2021-01-01")


def test_a_rule_adopted_later_is_not_yet_a_rule() -> None:
    csto = CHARTERS[OrgCode("csto")]
    later = [rule for rule in csto.rules.values() if rule.interval.since and rule.interval.since.year >= 2012]
    assert later
    then = as_known(csto, date(2011, 1, 1))
    assert not {rule.id for rule in later} & then.rules.keys()
    assert all(rule not in then.rules_for(kind) for rule in later for kind in rule.kinds)
    assert all(rule.interval.until is None or rule.interval.until.year <= 2011 for rule in then.rules.values())


@given(st.sampled_from(sorted(CHARTERS)), DAYS)
@settings(max_examples=40)
def test_asked_about_the_past_nothing_changes(org: OrgCode, known: date) -> None:
    """As known on a day, the past up to that day is as it is known now: only what comes after differs."""
    charter = CHARTERS[org]
    then = as_known(charter, known)
    day = Day.of(known)
    now, told = state_on(charter, ACTS, day), state_on(then, ACTS, day)
    assert {k: r.parties for k, r in told.rosters.items()} == {k: r.parties for k, r in now.rosters.items()}
    assert [(c.body, c.state) for c in told.chairs] == [(c.body, c.state) for c in now.chairs]


@given(st.sampled_from(sorted(CHARTERS)), DAYS, st.integers(0, 4000))
@settings(max_examples=25)
def test_whatever_was_known_answers_can_be_given(org: OrgCode, known: date, later: int) -> None:
    charter = CHARTERS[org]
    on = Day.of(date.fromordinal(min(known.toordinal() + later, date(2026, 6, 1).toordinal())))
    state_on(charter, ACTS, on, Day.of(known))
    acts = [act for act in ACTS if act.org == org][:60]
    assert len(judge_all(as_known(charter, known), acts)) == len(acts)


@pytest.mark.parametrize("org", sorted(CHARTERS))
def test_as_known_today_it_is_the_charter(org: OrgCode) -> None:
    charter = CHARTERS[org]
    today = as_known(charter, date(2200, 1, 1))
    assert today.rules == charter.rules
    assert today.statuses == charter.statuses
    assert today.bodies == charter.bodies
    assert today.deciding == charter.deciding
