"""Numbers of states: dated rows that never overlap, and the same as the outside lists where those are at hand."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from foedus.terms import Interval, StateSpell, state_spells, states

SPELLS = state_spells()
# Folder with the lists as they are distributed: states2016.csv of Correlates of War, and gwstates.csv, the table
# gwstates of the R package states written as CSV.
LISTS = os.environ.get("FOEDUS_STATE_LISTS", "")
OWN_CODES = {"HYD", "TIB"}
END = date(9999, 12, 31)
FROM = date(1945, 1, 1)  # rows that ended before are left out, so what came before is not compared


def on(code: str, day: str) -> StateSpell | None:
    return next((s for s in SPELLS if s.iso3 == code and date.fromisoformat(day) in s.interval), None)


def test_spells_of_a_state_follow_each_other() -> None:
    for one, next_one in pairwise(SPELLS):
        if one.iso3 == next_one.iso3:
            assert one.interval.until is not None
            assert next_one.interval.since is not None
            assert one.interval.until <= next_one.interval.since
        else:
            assert one.iso3 < next_one.iso3


def test_no_number_is_two_states_on_one_day() -> None:
    for name in ("cow", "gw"):
        by_number = defaultdict(list)
        for spell in SPELLS:
            if getattr(spell, name) is not None:
                by_number[getattr(spell, name)].append(spell.interval)
        for spans in by_number.values():
            ordered = sorted(spans, key=lambda span: span.since or date.min)
            assert not any(one.overlaps(other) for one, other in pairwise(ordered))


def test_codes_are_those_of_the_vocabulary_or_so_noted() -> None:
    strange = {s.iso3 for s in SPELLS} - set(states())
    assert strange <= OWN_CODES
    assert all(s.note for s in SPELLS if s.iso3 in OWN_CODES)


@pytest.mark.parametrize(
    ("code", "day", "cow", "gw"),
    [
        ("XKX", "2010-01-01", 347, 347),
        ("PSE", "2010-01-01", None, None),
        ("YUG", "1980-01-01", 345, 345),
        ("SCG", "2005-01-01", 345, 345),
        ("SRB", "2010-01-01", 345, 340),
        ("DEU", "1970-01-01", 260, 260),
        ("DEU", "2000-01-01", 255, 260),
        ("DDR", "1970-01-01", 265, 265),
        ("YEM", "1980-01-01", 678, 678),
        ("YMD", "1980-01-01", 680, 680),
        ("YEM", "2000-01-01", 679, 678),
        ("SUN", "1980-01-01", 365, 365),
        ("RUS", "2000-01-01", 365, 365),
        ("CSK", "1980-01-01", 315, 315),
        ("CZE", "2000-01-01", 316, 316),
        ("SVK", "2000-01-01", 317, 317),
        ("VNM", "1960-01-01", 816, 816),
        ("RVN", "1960-01-01", 817, 817),
        ("PRK", "1960-01-01", 731, 731),
        ("KOR", "1960-01-01", 732, 732),
        ("SDN", "2000-01-01", 625, 625),
        ("SSD", "2012-01-01", 626, 626),
        ("NRU", "2010-01-01", 970, 971),
        ("TON", "2010-01-01", 955, 972),
    ],
)
def test_the_hard_cases(code: str, day: str, cow: int | None, gw: int | None) -> None:
    spell = on(code, day)
    assert spell is not None
    assert (spell.cow, spell.gw) == (cow, gw)


@pytest.mark.parametrize(("code", "day"), [("SSD", "2011-07-08"), ("RVN", "1975-05-01"), ("SUN", "1991-12-26")])
def test_nobody_is_there_before_or_after(code: str, day: str) -> None:
    assert on(code, day) is None


def cow_list(folder: Path) -> dict[int, list[Interval]]:
    found = defaultdict(list)
    for row in csv.DictReader((folder / "states2016.csv").read_text("utf8").splitlines()):
        since, last = (
            date(*(int(row[f"{side}{part}"]) for part in ("year", "month", "day"))) for side in ("st", "end")
        )
        until = None if last == date(2016, 12, 31) else last + timedelta(1)
        found[int(row["ccode"])].append(Interval(since, until))
    return found


def gw_list(folder: Path) -> dict[int, list[Interval]]:
    found = defaultdict(list)
    for row in csv.DictReader((folder / "gwstates.csv").read_text("utf8").splitlines()):
        last = date.fromisoformat(row["end"])
        found[int(float(row["gwcode"]))].append(
            Interval(date.fromisoformat(row["start"]), None if last == END else last + timedelta(1))
        )
    return found


@pytest.mark.skipif(not LISTS, reason="FOEDUS_STATE_LISTS names no folder with states2016.csv and gwstates.csv")
@pytest.mark.parametrize("name", ["cow", "gw"])
def test_every_row_stands_in_the_outside_list(name: str) -> None:
    outside = (cow_list if name == "cow" else gw_list)(Path(LISTS))
    ours = defaultdict(list)
    for spell in SPELLS:
        if (number := getattr(spell, name)) is not None:
            ours[number].append(spell.interval)
    wanted = {
        number: kept
        for number, spans in outside.items()
        if (kept := [span for span in spans if span.until is None or span.until > FROM])
    }
    assert ours.keys() == wanted.keys()
    for number, spans in wanted.items():
        # What one number covers may be split here where the code, or the other list's number, changes.
        joined: list[Interval] = []
        for span in sorted(ours[number], key=lambda span: span.since or date.min):
            if joined and joined[-1].until == span.since:
                joined[-1] = Interval(joined[-1].since, span.until)
            else:
                joined.append(span)
        assert [since_1945(span) for span in joined] == [since_1945(span) for span in spans], number


def since_1945(span: Interval) -> Interval:
    return Interval(max(span.since or FROM, FROM), span.until)
