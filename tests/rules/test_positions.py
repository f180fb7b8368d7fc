"""The positions of tests/positions: acts before, a day, and the number of admissible acts worked out by hand.

The yardstick is the text of each treaty and never the program. What counts as one act: who does it (each state, body
and office on its own; a chair is the state in it; the organisation itself and `anyone` are not counted apart from its
bodies) × for whom, where a rule asks that (states by name, others together as `any state`) × the status or office it is
about. A choice of outcome, or of addressee, is not counted twice. Each position is an exercise: what is not among the
acts before has not been done.

`differs` holds what the program still says otherwise, and why the count by hand is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from case_acts import an_act

from foedus.charters import Charter, load_charter
from foedus.rules import Move, admissible
from foedus.terms import Day
from foedus.yamlfile import check_keys, parse_yaml

POSITIONS = Path(__file__).parent.parent / "positions"
ORGS = ("cis", "csto", "nato", "osce", "sco", "un")
KEYS = ("name", "on", "before", "counts", "complete")
ROW = ("kind", "with", "count", "are", "because", "differs", "why")


@cache
def positions() -> list[tuple[str, dict[str, Any]]]:
    """Every position with its organisation."""
    found = []
    for path in sorted(POSITIONS.glob("*.yaml")):
        file = parse_yaml(path.read_text("utf8"), path.name)
        check_keys(file, path.name, "positions", ("org", "positions"), ("org", "positions"))
        for row in file["positions"]:
            check_keys(row, path.name, "position", KEYS, ("name", "on", "counts"))
            for count in row["counts"]:
                check_keys(count, path.name, "count", ROW, ("kind", "count", "because"))
            found.append((file["org"], row))
    return found


def params() -> Iterator[Any]:
    """Every position as a pytest parameter."""
    for org, row in positions():
        yield pytest.param(org, row, id=f"{org} {row['on']}: {row['name']}")


@pytest.mark.parametrize(("org", "row"), list(params()))
def test_position(org: str, row: dict[str, Any]) -> None:
    acts = [an_act(org, act, played=True, number=n) for n, act in enumerate(row.get("before", ()))]
    charter = load_charter(org)
    if row.get("complete") != "yes":
        charter = _listing_only(charter, {count["kind"] for count in row["counts"]})
    listed = list(admissible(charter, acts, Day.parse(row["on"])))
    for count in row["counts"]:
        found = [move for move in listed if move.kind == count["kind"] and _is_about(move, count.get("with"))]
        words = [_short(org, move) for move in found]
        assert len(found) == int(count.get("differs", count["count"])), (count["kind"], words)
        if "are" in count:
            assert sorted(words) == sorted(count["are"])
        assert ("differs" in count) == ("why" in count)
    if row.get("complete") == "yes":
        assert {move.kind for move in listed} <= {count["kind"] for count in row["counts"]}
        assert sum(Counter(move.kind for move in listed).values()) == len(listed)


def _listing_only(charter: Charter, kinds: set[str]) -> Charter:
    """The charter whose list leaves out kinds that are not counted; judging looks into every rule all the same."""
    rules = {key: rule for key, rule in charter.rules.items() if rule.of_others or kinds & set(rule.kinds)}
    return replace(charter, rules=rules)


def _is_about(move: Move, value: str | None) -> bool:
    return value is None or value in dict(move.more).values()


def _short(org: str, move: Move) -> str:
    """A move as `CSC > KAZ: grant`."""
    who = " and ".join(name.removeprefix(f"{org}:") for name in (*move.actor, *move.body))
    whom = ", ".join(name.removeprefix("group:").replace("_", " ") for name in move.target)
    about = ", ".join(value for _, value in move.more)
    return who + (f" > {whom}" if whom else "") + (f": {about}" if about else "")


def test_there_are_positions_enough_for_each_organisation() -> None:
    numbers = Counter(org for org, _ in positions())
    assert set(numbers) == set(ORGS)
    assert min(numbers.values()) >= 4
