"""Playing under a charter: every act is judged before it is stored, and the same rules say what may come next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from foedus.charters import Charter
from foedus.live.reading import read_act, see_parties
from foedus.rules import Admissible, State, admissible, judge, state_on
from foedus.terms import Act, Day, FoedusError, Met, Modality, Origin, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Move:
    """An act that a person would perform, and the verdict on it."""

    verdict: Verdict
    act: Act

    @property
    def missing(self) -> tuple[str, ...]:
        """In words, what the record is silent on; empty unless the verdict is undetermined for that reason."""
        return tuple(requirement.text for requirement in self.verdict.missing)

    @property
    def broken(self) -> tuple[str, ...]:
        """In words, the requirements that are broken."""
        return tuple(r.text for r in self.verdict.requirements if r.met is Met.BROKEN)

    def to_json(self) -> dict[str, Any]:
        """The move as plain JSON: act and verdict."""
        return {"act": self.act.to_json(), "verdict": self.verdict.to_json()}


def perform(charter: Charter, acts: Iterable[Act], act: Act) -> Move:
    """The act with its verdict under the charter, nothing stored.

    Args:
        charter: the referee.
        acts: n acts that stand before it, of any origin.
        act: of origin `person` or `scenario`.
    Raises:
        FoedusError: the act comes from a page or a record.
    """
    if act.origin not in (Origin.PERSON, Origin.SCENARIO):
        raise FoedusError(act.id, f"its origin is {act.origin}", "Only persons and scenarios perform acts")
    return Move(judge(charter, acts, act), act)


def may_store(verdict: Verdict, force: bool = False) -> bool:
    """Whether an act with that verdict goes into the record: all but what is out of order, and that too if forced."""
    return force or verdict.outcome is not Outcome.OUT_OF_ORDER


@dataclass(slots=True)
class Session:
    """A play under way: a charter, the acts so far, and the day it is.

    `attempt` judges, `keep` takes the act among those that stand; whoever drives the session stores what `keep` gives.
    """

    charter: Charter
    acts: tuple[Act, ...]
    day: Day

    def attempt(self, given: str | Mapping[str, Any] | Act) -> Move:
        """An act, as small JSON or made already, with its verdict. Nothing is kept.

        Raises:
            FoedusError: it cannot be read, is told as done on a day to come, or names a body or office that the
                charter does not have.
        """
        act = given if isinstance(given, Act) else read_act(given, self.charter.org, self.day)
        if act.date and act.modality is Modality.REPORTED and act.date.first > self.day.last:
            raise FoedusError(
                "the act given",
                f"is dated {act.date}, and the day is {self.day}",
                'Play it on its day, or announce it with "modality": "planned"',
            )
        if act.org == self.charter.org:
            known = (*self.charter.bodies, *self.charter.offices, *self.charter.forces)
            see_parties(act, known, self.charter.org, self.charter.parties)
        return perform(self.charter, self.acts, act)

    def keep(self, move: Move, *, force: bool = False) -> Act:
        """The act of a move, from now on among those that stand; marked `forced` where it was out of order.

        The same act again is the one that stands.

        Raises:
            FoedusError: it is out of order and not forced.
        """
        if not may_store(move.verdict, force):
            why = "; ".join(move.broken) or move.verdict.reason
            raise FoedusError(move.act.id, f"is out of order: {why}", "Force it to keep it all the same, so marked")
        forced = move.verdict.outcome is Outcome.OUT_OF_ORDER
        act = replace(move.act, forced=True) if forced else move.act
        if all(act.id != other.id for other in self.acts):
            self.acts = (*self.acts, act)
        return act

    def next(self) -> Admissible:
        """What may be done next, on the session's day."""
        return admissible(self.charter, self.acts, self.day)

    def state(self) -> State:
        """The organisation's state at the end of the session's day."""
        return state_on(self.charter, self.acts, self.day)
