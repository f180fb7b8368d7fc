"""Tables where there is room for them; where there is not, the same words on several lines, none broken apart."""

from __future__ import annotations

import pytest
from rich.console import Console

from foedus import admissible, judge_all, load_charter, load_records, state_on, views
from foedus.terms import Day

JANUARY = Day.parse("2022-01-05"), Day.parse("2022-01-07")


@pytest.mark.parametrize("width", [60, 80, 100, 129, 130, 160, 200])
def test_no_word_is_broken_at_any_width(width: int) -> None:
    acts = [act for act in load_records("csto") if act.date and act.date.may_be(Day.parse("2022-01-05/2022-01-07"))]
    verdicts = judge_all(load_charter("csto"), load_records("csto"), *JANUARY)
    csto, every = load_charter("csto"), load_records("csto")
    day = Day.parse("2022-01-05")
    for view, ids in (
        (views.acts_text(acts), [act.id for act in acts]),
        (views.verdicts_text(verdicts, acts, brief=True), [verdict.act for verdict in verdicts]),
        (views.state_text(state_on(csto, every, day)), ["csto-2022-01-05-request"]),
        (views.admissible_text(admissible(csto, every, day), numbered=True), ["12"]),
    ):
        console = Console(width=width)
        with console.capture() as caught:
            console.print(view)
        words = caught.get().split()
        assert "assistance" in " ".join(words)
        assert not {"assist", "ance", "peacekeepin"} & set(words)
        assert set(ids) <= set(words)
        assert max(len(line) for line in caught.get().splitlines()) <= width
