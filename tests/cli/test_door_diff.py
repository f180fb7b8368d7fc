"""diff: what the ledger learnt after a moment, in words and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from doors import SAMPLE, foedus

from foedus.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of the sample pages."""
    path = tmp_path / "l.db"
    assert foedus("read", SAMPLE / "pages", "--manifest", SAMPLE / "manifest.jsonl", "--ledger", path).code == 0
    return path


def test_everything_came_since_before_the_ledger(ledger: Path) -> None:
    acts = foedus("acts", "--no-records", "--json", "--ledger", ledger).lines
    rows = foedus("diff", "--recorded", "2020-01-01", "--json", "--ledger", ledger).lines
    assert {row["act"] for row in rows} == {act["id"] for act in acts} != set()
    assert {row["fate"] for row in rows} == {"came"}
    one = foedus("diff", "--recorded", "2020-01-01", "--org", "sco", "--json", "--ledger", ledger).lines
    assert 0 < len(one) < len(rows)
    assert foedus("diff", "--recorded", "2020-01-01", "2020-01-02", "--ledger", ledger).out == "Nothing changed.\n"


def test_a_correction_and_a_retraction_in_words(ledger: Path) -> None:
    recorded = foedus("acts", "csto", "--no-records", "--json", "--ledger", ledger).lines
    since = max(act["recorded"] for act in recorded)
    first, second = recorded[0]["id"], recorded[1]["id"]
    given = ("--source", "https://example.org/1", "--ledger", ledger)
    assert foedus("correct", first, "--set", "place=ARM", "--why", "\x1b[31ma slip\x1b[0m", *given).code == 0
    assert foedus("retract", second, "--why", "withdrawn", *given).code == 0
    told = foedus("diff", "--recorded", since, "--ledger", ledger).out
    assert f"changed  {first}" in told
    assert "→ ARM" in told
    assert "https://example.org/1" in told
    assert f"gone  {second}" in told
    assert "withdrawn" in told
    assert "\x1b" not in told


def test_an_act_is_shown_as_the_ledger_held_it(ledger: Path) -> None:
    with Ledger.open(ledger) as one:
        act = next(act for act in one.acts() if len(act.claims) > 1)
        before = one.entries()[-1].recorded
        parts = one.split(act.id, act.claims[:1], "analyst", "two columns")
    now = foedus("show", act.id, "--no-records", "--json", "--ledger", ledger).json
    then = foedus("show", act.id, "--no-records", "--recorded", before, "--json", "--ledger", ledger).json
    kept = next(part for part in parts if part.id == act.id)
    assert {claim["id"] for claim in now["claims"]} == set(kept.claims)
    assert {claim["id"] for claim in then["claims"]} == set(act.claims)
    assert "two columns" in " ".join(now["joined"])
    assert "two columns" not in " ".join(then["joined"])
