"""Memberships against public lists from outside: year by year, day by day, every difference explained or a failure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from foedus.charters import Charter, StatusHolder, load_charter
from foedus.rules import MOMENTS
from foedus.rules.docket import Docket
from foedus.rules.membership import rosters_on
from foedus.terms import Day

TABLE = Path(__file__).parent / "outside.toml"
# The share of years and days that must agree, under the legal effect or the moment that `differs` names.
BARS = {"nato": 0.98, "csto": 0.98, "sco": 0.98, "cis": 0.98, "osce": 0.95, "un": 0.98, "eu": 0.98, "las": 0.98}
BARS |= {"au": 0.98, "ecowas": 0.98, "oas": 0.95}


@dataclass(frozen=True)
class Difference:
    """What a set says otherwise about one state, in some years or on one day."""

    state: str
    years: range
    day: str
    moment: str
    why: str


@dataclass(frozen=True)
class Outside:
    """One list from outside. `members` holds the years at whose end a state belonged."""

    org: str
    name: str
    source: str
    status: tuple[str, ...]
    years: range
    members: dict[str, frozenset[int]]
    days: dict[str, Day]
    first: dict[str, int]
    without: tuple[str, ...]
    differs: tuple[Difference, ...]

    def counts(self, state: str, year: int) -> bool:
        """Whether the set speaks of a state in a year at all."""
        return state not in self.without and year >= self.first.get(state, year)


def years_of(text: str) -> range:
    if not text:
        return range(0)
    first, last = text.split("-")
    return range(int(first), int(last) + 1)


def read(row: dict[str, Any]) -> Outside:
    members: dict[str, frozenset[int]] = {}
    for years, states in row["members"].items():
        for state in states.split():
            members[state] = members.get(state, frozenset()) | frozenset(years_of(years))
    differs = [
        Difference(state, years_of(one.get("years", "")), one.get("day", ""), one.get("moment", ""), one["why"])
        for one in row.get("differs", [])
        for state in one["state"].split()
    ]
    days = {state: Day.parse(day) for day, states in row.get("days", {}).items() for state in states.split()}
    return Outside(
        row["org"],
        row["name"],
        row["source"],
        tuple(row["status"]),
        years_of(row["years"]),
        members,
        days,
        row.get("from", {}),
        tuple(row.get("without", "").split()),
        tuple(differs),
    )


SETS = [read(row) for row in tomllib.loads(TABLE.read_text("utf8"))["set"]]


@cache
def docket(org: str) -> Docket:
    return Docket.of(load_charter(org), ())


@cache
def held(org: str, status: tuple[str, ...], on: date, rule: str = "effective") -> tuple[frozenset[str], frozenset[str]]:
    """Who holds one of some statuses at the end of a day, and of whom it cannot be told."""
    rosters = [roster for key, roster in rosters_on(docket(org), on, rule).items() if key in status]
    parties = frozenset(party for roster in rosters for party in roster.parties)
    return parties, frozenset(party for roster in rosters for party in roster.untold) - parties


def is_preceded(charter: Charter, on: date) -> bool:
    return any(on in one.interval for one in charter.predecessors)


def years_compared(one: Outside) -> Iterator[tuple[str, int, bool, bool]]:
    """State, year, whether the set has it as a member at the end of the year, whether we have; told cells only."""
    for year in one.years:
        ours, untold = held(one.org, one.status, date(year, 12, 31))
        theirs = {state for state, years in one.members.items() if year in years}
        for state in sorted(theirs | ours):
            if one.counts(state, year) and state not in untold:
                yield state, year, state in theirs, state in ours


def lines(one: Outside, state: str) -> list[StatusHolder]:
    statuses = load_charter(one.org).statuses
    return [row for key in one.status for row in statuses[key].holders if row.party == state]


def days_compared(one: Outside) -> Iterator[tuple[str, Day, bool]]:
    """State, the day on which a set has it join, and whether a line of ours begins then."""
    for state, day in one.days.items():
        begun = [row.interval.since for row in lines(one, state) if row.interval.since]
        yield state, day, any(day.may_be(Day.of(since)) for since in begun)


def agrees_under(one: Outside, differs: Difference, year: int) -> bool:
    """Whether the set's answer for a year is ours under the moment a difference names."""
    on = date(year, 12, 31)
    has = year in one.members.get(differs.state, ())
    if differs.moment == "predecessor":
        return has and is_preceded(load_charter(one.org), on)
    return has is (differs.state in held(one.org, one.status, on, differs.moment)[0])


def day_agrees_under(one: Outside, differs: Difference, day: Day) -> bool:
    """Whether a line of ours has the moment that a difference names on the day a set tells."""
    known = [moment for row in lines(one, differs.state) if (moment := row.moments.get(differs.moment))]
    return any(moment.may_be(day) for moment in known)


def explanation_of_day(one: Outside, state: str, day: Day) -> Difference | None:
    return next((row for row in one.differs if row.state == state and row.day and Day.parse(row.day) == day), None)


def explanation(one: Outside, state: str, year: int) -> Difference | None:
    return next((row for row in one.differs if row.state == state and year in row.years), None)


def complaints(one: Outside) -> list[str]:
    """Differences nobody has explained, moments that do not bring agreement, explanations that explain nothing."""
    found, used = [], set()
    for state, year, theirs, ours in years_compared(one):
        if theirs is ours:
            continue
        row = explanation(one, state, year)
        if row is None:
            found.append(f"{state} {year}: {one.name} says {theirs}, we say {ours}")
            continue
        used.add((row, year))
        if row.moment and not agrees_under(one, row, year):
            found.append(f"{state} {year}: no agreement under {row.moment}")
    for state, day, same in days_compared(one):
        row = explanation_of_day(one, state, day)
        if same:
            continue
        if row is None:
            found.append(f"{state} {day}: {one.name} has it join then, no line of ours begins")
            continue
        used.add((row, 0))
        if row.moment and not day_agrees_under(one, row, day):
            found.append(f"{state} {day}: no agreement under {row.moment}")
    for row in one.differs:
        for year in row.years or [0]:
            if (row, year) not in used:
                found.append(f"{row.state} {year or row.day}: explained, and there is no difference")
    return found


def agreement(org: str) -> tuple[int, int, int]:
    """Years and days that agree by legal effect, those that agree under some moment, and all."""
    plain, told, every = 0, 0, 0
    for one in SETS:
        if one.org != org:
            continue
        for state, year, theirs, ours in years_compared(one):
            row = explanation(one, state, year)
            every += 1
            plain += theirs is ours
            told += theirs is ours or bool(row and row.moment and agrees_under(one, row, year))
        for state, day, same in days_compared(one):
            row = explanation_of_day(one, state, day)
            every += 1
            plain += same
            told += same or bool(row and row.moment and day_agrees_under(one, row, day))
    return plain, told, every


def name_of(one: Outside) -> str:
    return f"{one.org}: {one.name}"


@pytest.mark.parametrize("one", SETS, ids=name_of)
def test_every_difference_is_explained_and_every_explanation_needed(one: Outside) -> None:
    assert complaints(one) == []


@pytest.mark.parametrize("one", SETS, ids=name_of)
def test_a_set_names_its_source_its_statuses_and_moments_there_are(one: Outside) -> None:
    assert one.source
    assert set(one.status) <= set(load_charter(one.org).statuses)
    assert {row.moment for row in one.differs} <= {"", "predecessor", *MOMENTS}
    assert all(row.why for row in one.differs)


@pytest.mark.parametrize("org", BARS)
def test_the_tables_agree_with_the_world(org: str) -> None:
    _, told, every = agreement(org)
    assert every > 80
    assert told / every >= BARS[org], f"{told} of {every}"


def test_every_set_belongs_to_an_organisation_with_a_bar() -> None:
    assert {one.org for one in SETS} == set(BARS)


@pytest.mark.parametrize("one", [one for one in SETS if one.members], ids=name_of)
def test_a_state_left_out_or_added_is_seen(one: Outside) -> None:
    state = sorted(one.members)[0]
    less = replace(one, members={key: years for key, years in one.members.items() if key != state})
    more = replace(one, members={**one.members, "XXA": frozenset(one.years)})
    assert any(line.startswith(state) for line in complaints(less))
    assert any(line.startswith("XXA") for line in complaints(more))


@pytest.mark.parametrize("one", [one for one in SETS if one.differs], ids=name_of)
def test_a_difference_without_its_explanation_is_seen(one: Outside) -> None:
    for row in one.differs:
        rest = tuple(other for other in one.differs if other is not row)
        assert any(line.startswith(row.state) for line in complaints(replace(one, differs=rest)))
