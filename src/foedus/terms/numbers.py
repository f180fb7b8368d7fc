"""Numbers of states in the lists of peace science, dated: Correlates of War and Gleditsch-Ward, beside ISO alpha-3.

Start at `state_spells`. The data are in state_numbers.csv, whose head names their sources.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from foedus.terms.codes import StateCode
from foedus.terms.day import Interval


@dataclass(frozen=True, slots=True)
class StateSpell:
    """A stretch of days over which one state was in the state system under the same two numbers.

    A number is None where the list does not have the state on those days: with neither, it is in our table alone.
    """

    iso3: StateCode
    cow: int | None
    gw: int | None
    interval: Interval
    note: str


@cache
def state_spells() -> tuple[StateSpell, ...]:
    """Every spell since 1945, by code and then by time; the spells of one code never overlap."""
    text = (files("foedus.terms") / "state_numbers.csv").read_text("utf8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        StateSpell(
            StateCode(row["iso3"]),
            int(row["cow"]) if row["cow"] else None,
            int(row["gw"]) if row["gw"] else None,
            Interval(date.fromisoformat(row["since"]), date.fromisoformat(row["until"]) if row["until"] else None),
            row["note"],
        )
        for row in csv.DictReader(lines)
    )
