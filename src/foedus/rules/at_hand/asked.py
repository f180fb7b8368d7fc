"""What a rule asks, each part as a function of facts at hand: who holds what, what is given, ways of deciding.

Start at `Asked`. The answers are Kleene's: true, false, or None where the facts leave it open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from foedus.charters import Abstaining, DecisionRule, How, ShareOf
from foedus.rules.at_hand.facts import Facts, Truth
from foedus.rules.voting import Position, Tally, carried

Asks = Callable[[Facts], Truth]


@dataclass(frozen=True, slots=True)
class Holds:
    """A requirement on status: all of the doers, or of the targets, hold one (`lacks`: hold it not)."""

    whose: Literal["doers", "targets"]
    status: int
    lacks: bool = False

    def untold(self, facts: Facts) -> int:
        """The parties whose standing leaves it open."""
        parties = facts.doers if self.whose == "doers" else facts.targets
        return parties & facts.may_hold[self.status] & ~facts.holds[self.status]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of deciding: whose voice counts (places in `CompiledRule.statuses`), and the rule they count by.

    `opened` is the place in `CompiledRule.given` of its condition, None where it is open to all questions.
    """

    rule: DecisionRule
    of: tuple[int, ...]
    without: tuple[int, ...]
    veto: tuple[int, ...]
    concerned: bool
    opened: int | None
    known: dict[Tally, Truth]

    @property
    def plain(self) -> bool:
        """Whether only voices against matter: consensus or silence without quorum, veto or opting out."""
        rule = self.rule
        alike = rule.how in (How.CONSENSUS, How.SILENCE) and rule.abstaining is not Abstaining.AGAINST
        return alike and not self.veto and rule.quorum is None and rule.blocked_if_opting_out is None

    def difference(self, position: Position) -> Position:
        """The first position that comes to the same in counting: without a quorum to be absent is to abstain."""
        rule = self.rule
        if position is Position.FOR or rule.how is How.UNANIMITY or rule.quorum is not None:
            return position
        if rule.blocked_if_opting_out is not None or rule.share_of is ShareOf.PRESENT:
            return position
        if rule.how is How.VOTE and (isinstance(rule.at_least, int) or rule.share_of is ShareOf.SEATS):
            return Position.AGAINST
        return Position.ABSTAINING if position is Position.ABSENT else position

    def voters(self, facts: Facts) -> tuple[int, int]:
        """Whose voice surely counts, and whose counts for all that is known."""
        sure = may = 0
        for place in self.of:
            sure |= facts.holds[place]
            may |= facts.may_hold[place]
        for place in self.without:
            sure &= ~facts.may_hold[place]
            may &= ~facts.holds[place]
        if self.concerned:
            sure &= ~facts.targets
            may &= ~facts.targets
        return sure, may

    def vetoers(self, facts: Facts) -> tuple[int, int]:
        """Who surely has a veto, and who has one for all that is known, voters or not."""
        sure = may = 0
        for place in self.veto:
            sure |= facts.holds[place]
            may |= facts.may_hold[place]
        return sure, may

    def tally(self, voters: int, vetoers: int, facts: Facts) -> Tally:
        """The voices of those that count, by position."""
        told = facts.told
        vetoers &= voters
        return Tally(
            (voters & facts.for_).bit_count(),
            (voters & facts.against).bit_count(),
            (voters & facts.abstaining).bit_count(),
            (voters & facts.absent).bit_count(),
            (voters & ~told).bit_count(),
            True if vetoers & facts.against else None if vetoers & ~told else False,
        )

    def carried(self, votes: Tally) -> Truth:
        """Whether it is carried; reached once for each tally."""
        if votes not in self.known:
            self.known[votes] = carried(self.rule, votes)
        return self.known[votes]

    def is_doubtful(self, facts: Facts) -> bool:
        """Whether it is open whose voice counts, where that takes more than looking for objections."""
        if self.plain:
            return False
        sure, may = self.voters(facts)
        surely, perhaps = self.vetoers(facts)
        return sure != may or bool((surely ^ perhaps) & may)

    def untold(self, facts: Facts) -> int:
        """The parties whose standing or position leaves it open."""
        sure, may = self.voters(facts)
        told = facts.told
        surely, perhaps = self.vetoers(facts)
        return (sure ^ may) | (may & ~told) | ((surely ^ perhaps) & may)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of a compiled rule. It is met where one of what stands in it is met.

    `given` are places in `CompiledRule.given`, `holds` requirements on status, `ways` ways of deciding.
    """

    id: str
    article: str
    given: tuple[int, ...] = ()
    holds: tuple[Holds, ...] = ()
    ways: tuple[Way, ...] = ()

    @property
    def parts(self) -> tuple[Holds | Way, ...]:
        """What is worked out from who holds what and where parties stand."""
        return (*self.holds, *self.ways)

    def ask(self) -> Asks:
        """The requirement as a function."""
        asks = (*map(_asks_holds, self.holds), *map(_asks_way, self.ways))
        return asks[0] if len(asks) == 1 and not self.given else _asks_one_of(self.given, asks)

    def may_entangle(self) -> bool:
        """Whether, left open, it may be so that one unknown stands in two places of it."""
        return len(self.parts) > 1 or any(not way.plain for way in self.ways)


# -- the parts as functions, each made for what it needs to look at --------------------------------------------------


def _asks_holds(one: Holds) -> Asks:
    """A requirement on status as a function."""
    status, by_doers = one.status, one.whose == "doers"

    def holds(facts: Facts) -> Truth:
        parties = facts.doers if by_doers else facts.targets
        if not parties:
            return None
        if parties & facts.holds[status] == parties:
            return True
        return False if parties & ~facts.may_hold[status] else None

    def lacks(facts: Facts) -> Truth:
        parties = facts.doers if by_doers else facts.targets
        return False if parties & facts.holds[status] else None if parties & facts.may_hold[status] else True

    return lacks if one.lacks else holds


def _both(one: Truth, other: Truth) -> Truth:
    return False if one is False or other is False else None if one is None or other is None else True


def _asks_way(way: Way) -> Asks:
    """A way of deciding as a function, made for what its rule needs to look at."""
    ask = _asks_voices(way)
    opened = way.opened
    return ask if opened is None else lambda facts: _both(facts.given[opened], ask(facts))


def _asks_voices(way: Way) -> Asks:
    if not way.plain:
        return _asks_tally(way)
    if len(way.of) != 1 or len(way.without) > 1 or way.concerned:
        return _asks_objections(way)
    of = way.of[0]
    if not way.without:

        def consensus(facts: Facts) -> Truth:
            _, _, holds, may_hold, for_, against, abstaining, absent, _ = facts
            if against & holds[of]:
                return False
            return None if may_hold[of] & ~(for_ | abstaining | absent) else True

        return consensus
    without = way.without[0]

    def consensus_without(facts: Facts) -> Truth:
        _, _, holds, may_hold, for_, against, abstaining, absent, _ = facts
        if against & holds[of] & ~may_hold[without]:
            return False
        return None if may_hold[of] & ~(holds[without] | for_ | abstaining | absent) else True

    return consensus_without


def _asks_objections(way: Way) -> Asks:
    def objections(facts: Facts) -> Truth:
        sure, may = way.voters(facts)
        if facts.against & sure:
            return False
        return None if may & ~(facts.for_ | facts.abstaining | facts.absent) else True

    return objections


def _asks_tally(way: Way) -> Asks:
    def tallied(facts: Facts) -> Truth:
        if way.is_doubtful(facts):
            return None
        return way.carried(way.tally(way.voters(facts)[0], way.vetoers(facts)[0], facts))

    return tallied


def _asks_one_of(given: tuple[int, ...], asks: tuple[Asks, ...]) -> Asks:
    def one_of(facts: Facts) -> Truth:
        best: Truth = False
        for place in given:
            answer = facts.given[place]
            if answer:
                return True
            best = best if answer is False else None
        for ask in asks:
            answer = ask(facts)
            if answer:
                return True
            best = best if answer is False else None
        return best

    return one_of
