"""The examples are played and come out as they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foedus import Ledger, load_charter
from foedus.live import Session
from foedus.terms import Day

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_an_example_comes_out_as_it_says(path: Path) -> None:
    assert f"examples/{path.name}" in (EXAMPLES / "README.md").read_text("utf8")
    session = Session(load_charter("csto"), (), Day.parse("2000-01-01"))
    with Ledger.open(":memory:") as ledger:
        for line in path.read_text("utf8").splitlines():
            row = json.loads(line)
            session.day = Day.parse(row["on"])
            move = session.attempt(row["act"])
            assert (move.verdict.outcome.value, line) == (row["verdict"], line), move.verdict.reason
            ledger.perform(session.keep(move), "a test")
        assert {act.id for act in ledger.acts()} == {act.id for act in session.acts}
        assert len(session.acts) == len(path.read_text("utf8").splitlines())
