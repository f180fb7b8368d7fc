"""The second pass over facts that are untold: every completion tried, where Kleene's logic is too careful.

Start at `settled`. Parties of whom the same is untold are interchangeable, so that numbers of them are tried and not
each by itself; even so there may be too many, and then the question stays open.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from foedus.rules.at_hand.asked import Asked, Asks
from foedus.rules.at_hand.facts import Facts, Truth
from foedus.rules.voting import Position

# How many completions are tried before a question is left open.
COMPLETIONS = 20_000
Own: TypeAlias = Sequence[tuple[Asked, Asks]]
"""The requirements worked out from statuses and positions, each with its function."""


class _State(NamedTuple):
    """One party settled: which statuses it holds, and where it stands."""

    holds: tuple[bool, ...]
    position: Position


def is_entangled(own: Own, facts: Facts) -> bool:
    """Whether one unknown stands in two places, or whose voice counts must be tried out."""
    seen = 0
    for one, _ in own:
        if any(way.is_doubtful(facts) for way in one.ways):
            return True
        for part in one.parts:
            untold = part.untold(facts)
            if untold & seen:
                return True
            seen |= untold
    return False


def settled(own: Own, facts: Facts) -> Truth:
    """What every completion of the unknown agrees on; None where they differ or are too many to try.

    What is given stands in one place only and is no business of this, but for the conditions of ways of deciding and
    what may stand in for a status: those are tried too.
    """
    if _corners_differ(own, facts):
        return None
    tried = {place for one, _ in own for place in one.given} | {way.opened for one, _ in own for way in one.ways}
    free = sorted(place for place in tried if place is not None and facts.given[place] is None)
    groups = _groups(own, facts)
    number = 2 ** len(free)
    for members, states in groups:
        number *= math.comb(members.bit_count() + len(states) - 1, members.bit_count())
    if number > COMPLETIONS:
        return None
    found: set[Truth] = set()
    for values in itertools.product((True, False), repeat=len(free)):
        given = list(facts.given)
        for place, value in zip(free, values, strict=True):
            given[place] = value
        for whole in _completions(facts._replace(given=tuple(given)), groups):
            found.add(all(ask(whole) for _, ask in own))
            if len(found) == 2:
                return None
    (answer,) = found
    return answer


def _corners_differ(own: Own, facts: Facts) -> bool:
    """Whether some of the simplest completions differ: everybody untold for or against, holding or not."""
    found = set()
    told = facts.told
    untold = ~told
    for good, holds in itertools.product((True, False), (facts.may_hold, facts.holds)):
        whole = facts._replace(
            holds=holds,
            may_hold=holds,
            for_=facts.for_ | (untold if good else 0),
            against=facts.against | (0 if good else untold),
            given=tuple(good if answer is None else answer for answer in facts.given),
        )
        found.add(all(ask(whole) for _, ask in own))
        if len(found) == 2:
            return True
    return False


def _groups(own: Own, facts: Facts) -> list[tuple[int, list[_State]]]:
    """Parties of whom something is untold, those alike together, each group with its possible states.

    States that come to the same everywhere are one.
    """
    told = facts.told
    voting = 0
    for way in (way for one, _ in own for way in one.ways):
        voting |= way.voters(facts)[1]
    doubts = [may & ~sure for sure, may in zip(facts.holds, facts.may_hold, strict=True)]
    open_ = voting & ~told
    for doubt in doubts:
        open_ |= doubt
    alike: dict[tuple[object, ...], int] = {}
    while open_:
        bit = open_ & -open_
        open_ ^= bit
        key = (
            tuple(bool(mask & bit) for mask in (facts.doers, facts.targets)),
            tuple(bool(mask & bit) for mask in facts.holds),
            tuple(bool(mask & bit) for mask in doubts),
            facts.position(bit),
        )
        alike[key] = alike.get(key, 0) | bit
    return [(members, _states(own, facts, members & -members)) for members in alike.values()]


def _states(own: Own, facts: Facts, bit: int) -> list[_State]:
    """The states one party may be in, one for each difference it makes."""
    choices = [
        (True,) if sure & bit else (None, True) if may & bit else (None,)
        for sure, may in zip(facts.holds, facts.may_hold, strict=True)
    ]
    known = facts.position(bit)
    positions = tuple(Position) if known is None else (known,)
    found: dict[tuple[object, ...], _State] = {}
    for held in itertools.product(*choices):
        for position in positions:
            state = _State(tuple(bool(one) for one in held), position)
            found.setdefault(_effect(own, facts, bit, state), state)
    return list(found.values())


def _effect(own: Own, facts: Facts, bit: int, state: _State) -> tuple[object, ...]:
    """What a party in a state does to each part of the rule."""
    seen: list[object] = []
    for one, _ in own:
        for part in one.holds:
            named = (facts.doers if part.whose == "doers" else facts.targets) & bit
            seen.append(state.holds[part.status] if named else None)
        for way in one.ways:
            counts = any(state.holds[p] for p in way.of) and not any(state.holds[p] for p in way.without)
            if not counts or (way.concerned and facts.targets & bit):
                seen.append(None)
            elif way.plain:
                seen.append(state.position is Position.AGAINST)
            else:
                vetoes = state.position is Position.AGAINST and any(state.holds[p] for p in way.veto)
                seen.append((way.difference(state.position), vetoes))
    return tuple(seen)


def _completions(facts: Facts, groups: list[tuple[int, list[_State]]]) -> Iterator[Facts]:
    """The facts with every unknown settled, once for each way that differs in number."""
    choices = [itertools.combinations_with_replacement(states, members.bit_count()) for members, states in groups]
    for chosen in itertools.product(*choices):
        holds = list(facts.holds)
        stands = dict(zip(Position, (facts.for_, facts.against, facts.abstaining, facts.absent), strict=True))
        for (members, _), states in zip(groups, chosen, strict=True):
            left = members
            for state in states:
                bit = left & -left
                left ^= bit
                stands[state.position] |= bit
                for place, held in enumerate(state.holds):
                    holds[place] |= bit if held else 0
        whole = tuple(holds)
        yield facts._replace(
            holds=whole,
            may_hold=whole,
            for_=stands[Position.FOR],
            against=stands[Position.AGAINST],
            abstaining=stands[Position.ABSTAINING],
            absent=stands[Position.ABSENT],
        )
