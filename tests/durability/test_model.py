"""A ledger against a naive model of it, in all three times: random steps, and after each the same questions to both.

The model keeps a plain list of what was done and answers by walking it from the start, in the words of the definitions:
an act is known by a day unless surely published after it, recorded by a moment if its entry was, and stands unless it
was taken back. It shares no code with what it checks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foedus.ledger import Ledger
from foedus.ledger.verify import verify
from foedus.terms import Act, Day, FoedusError, Origin, Source

STEPS = int(os.environ.get("FOEDUS_STEPS", "50000"))
_DAYS = st.dates(date(2022, 1, 1), date(2022, 1, 20))
_PLACES = ("Moscow, RUS", "Minsk, BLR", "Bishkek, KGZ")


@dataclass
class Told:
    """One act of the model: when it was, when it was published, and what became of it when."""

    id: str
    valid: date
    published: date | None
    place: str
    performed: datetime
    corrections: list[tuple[datetime, str]] = field(default_factory=list)
    standing: list[tuple[datetime, bool]] = field(default_factory=list)

    def stands(self, moment: datetime) -> bool:
        """Whether it was recorded and not taken back at a moment."""
        said = [stands for when, stands in self.standing if when <= moment]
        return self.performed <= moment and (said[-1] if said else True)

    def place_at(self, moment: datetime) -> str:
        """Where it was, as recorded at a moment."""
        return [self.place, *(place for when, place in self.corrections if when <= moment)][-1]


class Model(RuleBasedStateMachine):
    """The ledger and the model, side by side; `steps` counts those of every run."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.last = self.now
        self.acts: list[Told] = []
        self.made = 0

    @initialize()
    def begin(self) -> None:
        self.ledger = Ledger.open(":memory:", clock=lambda: self.now)

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert verify(self.ledger.store).faults == []
            self.ledger.close()

    def tick(self) -> datetime:
        """The moment the next entry is recorded: the clock's, or just after the last where the clock went back."""
        self.last = max(self.now, self.last + timedelta(microseconds=1)) if self.made else self.now
        return self.last

    @rule(seconds=st.sampled_from((-3600, -1, 0, 1, 60, 86_400, 900_000)))
    def move_clock(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(valid=_DAYS, published=st.none() | _DAYS, place=st.sampled_from(_PLACES))
    def perform(self, valid: date, published: date | None, place: str) -> None:
        moment = self.tick()
        self.made += 1
        sources = (Source("agency", Day.of(published), ""),) if published else ()
        act = Act(
            id="",
            kind="consult",
            org="csto",
            date=Day.of(valid),
            place=place,
            sources=sources,
            more={"detail": f"{self.made}"},
            origin=Origin.PERSON,
        )
        done = self.ledger.perform(act, "desk")
        self.acts.append(Told(done.id, valid, published, place, moment))

    @rule(at=st.integers(0, 30), place=st.sampled_from(_PLACES))
    def correct(self, at: int, place: str) -> None:
        if not self.acts:
            return
        told = self.acts[at % len(self.acts)]
        if not told.stands(self.last):
            with pytest.raises(FoedusError):
                self.ledger.correct(told.id, {"place": place}, "analyst")
            return
        told.corrections.append((self.tick(), place))
        self.ledger.correct(told.id, {"place": place}, "analyst", "read again")

    @rule(at=st.integers(0, 30))
    def retract(self, at: int) -> None:
        if not self.acts:
            return
        told = self.acts[at % len(self.acts)]
        if told.stands(self.last):
            told.standing.append((self.tick(), False))
            self.ledger.retract(told.id, "analyst")
        else:
            told.standing.append((self.tick(), True))
            self.ledger.restore(told.id, "analyst")

    @rule(back=st.integers(-1, 10**6), known=st.none() | _DAYS, on=_DAYS)
    def ask(self, back: int, known: date | None, on: date) -> None:
        """The acts done by a day, known by another, as recorded at a moment: an entry's own, or any between."""
        moment = self.last - timedelta(seconds=back // 10) if back % 2 else self.last
        moments = [when for told in self.acts for when in (told.performed, *(m for m, _ in told.standing))]
        if back % 3 == 0 and moments:
            moment = moments[back % len(moments)]
        got = {
            act.id: act.place
            for act in self.ledger.acts(known=Day.of(known) if known else None, recorded=moment.isoformat())
            if act.date and act.date.first <= on
        }
        assert got == {
            told.id: told.place_at(moment)
            for told in self.acts
            if told.stands(moment) and told.valid <= on and not (told.published and known and told.published > known)
        }

    @invariant()
    def nothing_is_lost(self) -> None:
        Model.steps += 1
        if hasattr(self, "ledger"):
            assert self.ledger.store.last() == sum(1 + len(t.corrections) + len(t.standing) for t in self.acts)


def run(examples: int, steps: int) -> None:
    """So many runs of up to so many steps."""
    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            derandomize=False,
        ),
    )


def test_a_few_steps() -> None:
    run(25, 30)


@pytest.mark.long
def test_fifty_thousand_steps(capsys: pytest.CaptureFixture[str]) -> None:
    Model.steps = 0
    while Model.steps < STEPS:
        run(100, 100)
    with capsys.disabled():
        print(f"\n{Model.steps:,} steps agree with the model")  # noqa: T201
