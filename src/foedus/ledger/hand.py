"""What persons joined and parted, and how one person's word meets another's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations, product

from foedus.ledger.merge import ByHand


@dataclass(slots=True)
class Hand:
    """Claims that are one doing and pairs that are not, by what persons said in turn: the later holds.

    `together` are sets of claims, no claim in two of them; `apart` pairs; `why` the reasons given, by claim.
    """

    together: list[set[str]] = field(default_factory=list)
    apart: set[frozenset[str]] = field(default_factory=set)
    why: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def join(self, claims: Iterable[str], why: str) -> None:
        """Take claims for one doing, whatever was said of them before."""
        new = set(claims)
        for held in [held for held in self.together if held & new]:
            self.together.remove(held)
            new |= held
        self.together.append(new)
        self.apart -= {frozenset(pair) for pair in combinations(sorted(new), 2)}
        self._say(new, why)

    def keep(self, claims: Iterable[str], why: str) -> None:
        """Hold together claims that somebody looked at as one, unless another has parted them: that was not undone."""
        found = set(claims)
        if not any(pair <= found for pair in self.apart):
            self.join(found, why)

    def part(self, claims: Iterable[str], rest: Iterable[str], why: str) -> None:
        """Take some claims for another doing than the rest."""
        off, stay = set(claims), set(rest)
        self.together = [part for held in self.together for part in (held - off, held & off) if len(part) > 1]
        if len(off) > 1:
            self.together.append(off)
        self.apart |= {frozenset(pair) for pair in product(off, stay)}
        self._say(off | stay, why)

    def _say(self, claims: Iterable[str], why: str) -> None:
        for claim in claims:
            self.why[claim] = (*self.why.get(claim, ()), why)

    def decided(self) -> ByHand:
        """The same for the merging of claims."""
        return ByHand(tuple(frozenset(held) for held in self.together), frozenset(self.apart), self.why)
