"""Facts at hand: what is known of one act, with parties as bits of a roll. Nothing here knows a rule.

Bit i is the party at place i of a `Roll`, so that six members or sixty cost the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foedus.rules.voting import Position

Truth = bool | None
"""True, false, or None where nobody has told."""


class Roll:
    """The parties that bits stand for: bit i is `parties[i]`."""

    __slots__ = ("bits", "parties")

    def __init__(self, parties: Iterable[str]) -> None:
        self.parties = tuple(dict.fromkeys(parties))
        self.bits: Mapping[str, int] = {party: 1 << place for place, party in enumerate(self.parties)}

    def mask(self, parties: Iterable[str]) -> int:
        """The bits of some parties.

        Raises:
            KeyError: a party that is not on the roll.
        """
        found = 0
        for party in parties:
            found |= self.bits[party]
        return found

    def named(self, mask: int) -> tuple[str, ...]:
        """The parties of some bits, in the order of the roll."""
        return tuple(party for party, bit in self.bits.items() if mask & bit)


class Facts(NamedTuple):
    """What is known of one act, as bits over a roll.

    `holds` and `may_hold` go by `CompiledRule.statuses`: who surely holds each, and who holds it for all that is known
    (those of `holds` among them). The four positions share no bit; a party in none of them is untold. `given` goes by
    `CompiledRule.given`.
    """

    doers: int
    targets: int
    holds: tuple[int, ...]
    may_hold: tuple[int, ...]
    for_: int
    against: int
    abstaining: int
    absent: int
    given: tuple[Truth, ...]

    @property
    def told(self) -> int:
        """The parties whose position is known."""
        return self.for_ | self.against | self.abstaining | self.absent

    def position(self, bit: int) -> Position | None:
        """Where one party stands, None where untold."""
        for position, mask in zip(Position, (self.for_, self.against, self.abstaining, self.absent), strict=True):
            if mask & bit:
                return position
        return None
