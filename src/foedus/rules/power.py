"""Who can block a decision on a day, and how much each voice weighs: Shapley-Shubik and Banzhaf, exact.

Start at `power_on`. The players are those whose voice counts under one way of deciding; each votes for or against,
since abstaining is not a move of the classical games. Voices differ only by whether they can veto, so coalitions are
counted by size and not one by one: a council of fifteen and an alliance of thirty-two cost the same.

Source: Shapley and Shubik, "A Method for Evaluating the Distribution of Power in a Committee System" (1954); Banzhaf,
"Weighted Voting Doesn't Work" (1965); Penrose (1946).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial
from typing import Any

from foedus.charters import Charter, DecisionRule
from foedus.rules.deciding import voters_on
from foedus.rules.docket import Docket
from foedus.rules.membership import roster_on
from foedus.rules.voting import Tally, carried
from foedus.terms import Act, Day, Origin


@dataclass(frozen=True, slots=True)
class Power:
    """One way of deciding in a body on a day.

    `alone` are those who can each block by themselves, `blocking` how many of the others together can (None: not even
    all of them). `shapley_shubik` and `banzhaf` are shares of one, keyed by party; Banzhaf is the normalised index.
    """

    way: str
    body: str
    day: Day
    voters: tuple[str, ...]
    covered: bool
    alone: tuple[str, ...]
    blocking: int | None
    shapley_shubik: dict[str, Fraction]
    banzhaf: dict[str, Fraction]

    def to_json(self) -> dict[str, Any]:
        """The power as plain JSON: fractions exact and as decimals."""
        return {
            "way": self.way,
            "body": self.body,
            "day": self.day.edtf,
            "covered": self.covered,
            "alone": list(self.alone),
            "blocking": self.blocking,
            "voters": [
                {
                    "party": party,
                    "shapley_shubik": str(self.shapley_shubik[party]),
                    "banzhaf": str(self.banzhaf[party]),
                    "shapley_shubik_decimal": float(self.shapley_shubik[party]),
                    "banzhaf_decimal": float(self.banzhaf[party]),
                }
                for party in self.voters
            ],
        }


def powers_on(charter: Charter, acts: Iterable[Act], day: Day) -> tuple[Power, ...]:
    """The power in every body that decides on a day, by each way of deciding in force, in the order of the charter."""
    docket = Docket.of(charter, acts)
    found = []
    for way in charter.deciding.values():
        if way.interval.covers(day) is not True:
            continue
        for body in way.bodies or (next(iter(charter.bodies)),):
            if day.last not in charter.bodies[body].interval:
                continue
            found.append(power_on(docket, way, body, day))
    return tuple(found)


def power_on(docket: Docket, way: DecisionRule, body: str, day: Day) -> Power:
    """Who can block under one way of deciding in a body on a day, and how much each voice weighs.

    Returns:
        No voters, and nobody who can block, where the record does not cover who is seated.
    """
    asked = Act(id="", kind="adopt", org=docket.charter.org, body=(body,), date=day, origin=Origin.SCENARIO)
    voters, covered = voters_on(docket, way, asked)
    rosters = [roster_on(docket, docket.charter.statuses[key], day.last) for key in way.veto]
    vetoers = {party for roster in rosters for party in roster.parties if party in voters}
    others = [party for party in voters if party not in vetoers]
    game = _Game(way, len(vetoers), len(others))
    shapley, banzhaf = game.shapley_shubik(), game.banzhaf()
    return Power(
        way.id,
        body,
        day,
        voters,
        covered,
        tuple(party for party in voters if game.blocks(party in vetoers)),
        game.blocking(),
        {party: shapley[party in vetoers] for party in voters},
        {party: banzhaf[party in vetoers] for party in voters},
    )


@dataclass(frozen=True, slots=True)
class _Game:
    """A simple game of two kinds of voices: `k` that can veto and `m` that cannot."""

    way: DecisionRule
    k: int
    m: int

    def wins(self, a: int, b: int) -> bool:
        """Whether `a` voices with a veto and `b` without carry it, all the others being against."""
        against = self.k + self.m - a - b
        return carried(self.way, Tally(a + b, against, 0, 0, vetoed=a < self.k)) is True

    def blocks(self, has_veto: bool) -> bool:
        """Whether one voice against stops what all the others want."""
        if has_veto:
            return not self.wins(self.k - 1, self.m)
        return self.m > 0 and not self.wins(self.k, self.m - 1)

    def blocking(self) -> int | None:
        """The least number of voices without a veto that block together, None where not even all of them do."""
        return next((n for n in range(1, self.m + 1) if not self.wins(self.k, self.m - n)), None)

    def swings(self, has_veto: bool) -> dict[int, int]:
        """How many coalitions of the others a voice turns from losing to winning, keyed by their size."""
        k, m = (self.k - 1, self.m) if has_veto else (self.k, self.m - 1)
        found: dict[int, int] = {}
        for a in range(k + 1):
            for b in range(m + 1):
                joined = (a + 1, b) if has_veto else (a, b + 1)
                if self.wins(*joined) and not self.wins(a, b):
                    found[a + b] = found.get(a + b, 0) + comb(k, a) * comb(m, b)
        return found

    def shapley_shubik(self) -> dict[bool, Fraction]:
        """The share of orders in which a voice is the one that carries it, keyed by whether it has a veto."""
        n = self.k + self.m
        return {
            has_veto: sum(
                (Fraction(factorial(s) * factorial(n - s - 1), factorial(n)) * count for s, count in swings.items()),
                Fraction(0),
            )
            for has_veto, swings in self._all_swings()
        }

    def banzhaf(self) -> dict[bool, Fraction]:
        """The share of all swings that is one voice's, keyed by whether it has a veto."""
        counts = {has_veto: sum(swings.values()) for has_veto, swings in self._all_swings()}
        total = counts.get(True, 0) * self.k + counts.get(False, 0) * self.m
        return {has_veto: Fraction(count, total) if total else Fraction(0) for has_veto, count in counts.items()}

    def _all_swings(self) -> list[tuple[bool, dict[int, int]]]:
        present = [has_veto for has_veto, number in ((True, self.k), (False, self.m)) if number]
        return [(has_veto, self.swings(has_veto)) for has_veto in present]
