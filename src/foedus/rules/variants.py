"""What other rules would have made of the same acts: the verdicts a variant changes, and the moves it opens or closes.

Start at `compare_variants`; `verified_only` is the charter without the rules that nobody has read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from foedus.charters import ChairRule, Charter, DecisionRule, Rule, Seat, with_rules
from foedus.rules.moves import Move, admissible
from foedus.rules.verdict import judge_all
from foedus.terms import Act, Day, Verdict, Verified

T = TypeVar("T", Rule, DecisionRule, Seat, ChairRule)


@dataclass(frozen=True, slots=True)
class Change:
    """One act whose verdict differs, under the rules in force and under the variant, and why in words."""

    act: str
    before: Verdict
    after: Verdict
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovesChanged:
    """The moves of a day that only the variant allows, and those it no longer does."""

    opened: tuple[Move, ...]
    closed: tuple[Move, ...]


def verified_only(charter: Charter) -> Charter:
    """The charter without the rules, ways of deciding, seats and chair rules that are only recalled."""

    def read(parts: Iterable[T]) -> tuple[T, ...]:
        return tuple(part for part in parts if part.verified is not Verified.RECALLED)

    bodies = {
        key: replace(body, seats=read(body.seats), chair_rules=read(body.chair_rules))
        for key, body in charter.bodies.items()
    }
    return with_rules(
        replace(charter, bodies=bodies, deciding={way.id: way for way in read(charter.deciding.values())}),
        read(charter.rules.values()),
    )


def compare_variants(
    charter: Charter, variant: Charter, acts: Iterable[Act], since: Day | None = None, until: Day | None = None
) -> tuple[Change, ...]:
    """The acts whose verdict differs in outcome, article or what is asked, in order of time; empty where none does."""
    listed = list(acts)
    after = {verdict.act: verdict for verdict in judge_all(variant, listed, since, until)}
    changes = []
    for before in judge_all(charter, listed, since, until):
        other = after[before.act]
        if (before.outcome, before.articles) != (other.outcome, other.articles) or _asked(before) != _asked(other):
            changes.append(Change(before.act, before, other, _why(before, other)))
    return tuple(changes)


def compare_moves(charter: Charter, variant: Charter, acts: Iterable[Act], day: Day) -> MovesChanged:
    """The moves that a variant opens and closes on a day."""
    listed = list(acts)
    mine = {_key(move): move for move in admissible(charter, listed, day)}
    theirs = {_key(move): move for move in admissible(variant, listed, day)}
    return MovesChanged(
        tuple(move for key, move in theirs.items() if key not in mine),
        tuple(move for key, move in mine.items() if key not in theirs),
    )


def _key(move: Move) -> tuple[object, ...]:
    return move.kind, move.actor, move.body, move.target, move.more


def _asked(verdict: Verdict) -> list[tuple[str, str]]:
    return [(need.text, need.met.value) for need in verdict.requirements]


def _why(before: Verdict, after: Verdict) -> tuple[str, ...]:
    old, new = dict(_asked(before)), dict(_asked(after))
    lines = [f"no longer asked: {text}" for text in old if text not in new]
    lines += [f"asked: {text} ({stands})" for text, stands in new.items() if text not in old]
    lines += [f"{text}: {old[text]} -> {stands}" for text, stands in new.items() if old.get(text, stands) != stands]
    if before.articles != after.articles:
        lines.append(f"article: {', '.join(before.articles)} -> {', '.join(after.articles)}")
    return tuple(lines)
