"""Random facts at hand for the rules of `councils.yaml`, with everything known, unknown or false now and then."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from foedus.charters import Charter, read_charter
from foedus.rules.at_hand.compiled import CompiledRule
from foedus.rules.at_hand.facts import Facts, Roll, Truth
from foedus.rules.voting import Position

COUNCILS = Path(__file__).parent / "councils.yaml"
PARTIES = tuple("ABCDEFGHIJ")


def councils() -> Charter:
    """The charter of the made-up compact."""
    return read_charter(COUNCILS)


@dataclass(frozen=True, slots=True)
class Case:
    """Facts by name, as a person would tell them; who is untold has no position."""

    parties: tuple[str, ...]
    doers: tuple[str, ...]
    targets: tuple[str, ...]
    holds: dict[str, dict[str, Truth]]
    positions: dict[str, Position]
    given: dict[str, Truth]

    def facts(self, rule: CompiledRule, roll: Roll | None = None) -> Facts:
        """The same over a roll of its parties."""
        return rule.facts(
            roll or Roll(self.parties),
            doers=self.doers,
            targets=self.targets,
            holds=self.holds,
            positions=self.positions,
            given=self.given,
        )


def random_case(rule: CompiledRule, chance: random.Random, most: int = 5, untold: float = 0.25) -> Case:
    """A case of two to `most` parties; each fact is untold with a chance of about `untold`."""
    parties = PARTIES[: chance.randint(2, most)]
    doubt = chance.choice((0.0, untold, untold, 2 * untold))
    odds = {"member": 0.85, "seats": 0.85, "permanent": 0.5, "suspended": 0.15, "the chair": 0.2}

    def truth(odds: float) -> Truth:
        return None if chance.random() < doubt else chance.random() < odds

    favour = chance.choice((0.4, 0.8, 1.0))
    positions = {
        party: Position.FOR if chance.random() < favour else chance.choice(tuple(Position))
        for party in parties
        if chance.random() >= doubt
    }
    return Case(
        parties,
        tuple(chance.sample(parties, chance.choice((1, 1, 1, 2)))),
        tuple(chance.sample(parties, chance.choice((1, 1, 1, 2)))),
        {status: {party: truth(odds[status]) for party in parties} for status in rule.statuses},
        positions,
        {name: truth(0.9) for name in rule.given},
    )
