"""One rule of a charter as a function over facts at hand: three values, and a trace that names every article.

Start at `compile_rule`. Nothing is looked up here: whoever calls says who holds which status, where each party stands
and whether the earlier acts are there; `standing.py` answers the first from a table, `requirements.py` judges from a
record. Parties are bits: bit i is the party at place i of a `Roll`, so that six members or sixty cost the same.

Unknown is never false. The first pass is Kleene's: it may leave open what every completion of the unknown would
settle, where one unknown stands in two places (whether the host is a member decides both whether it may be helped and
whether its objection counts). A second pass then tries the completions, and the verdict is exact.
"""

from __future__ import annotations

import difflib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from foedus.charters import Abstaining, Charter, DecisionRule, How, Need, Rule, ShareOf, Sort
from foedus.rules.voting import Position, Tally, carried
from foedus.terms import BodyCode, Met, Outcome

Truth = bool | None
"""True, false, or None where nobody has told."""

THE_STATE_CONCERNED = "the state concerned"
THE_CHAIR = "the chair"
SEATS = "seats"
# How many completions the second pass tries before it leaves a question open.
COMPLETIONS = 20_000
_MET: Mapping[Truth, Met] = {True: Met.MET, False: Met.BROKEN, None: Met.NOT_IN_RECORD}
_FOR, _AGAINST, _ABSTAINING, _ABSENT = Position.FOR, Position.AGAINST, Position.ABSTAINING, Position.ABSENT


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


class Step(NamedTuple):
    """One requirement in the trace: its id in the compiled rule, its articles, and how it stands."""

    requirement: str
    article: str
    met: Met


class Judgement(NamedTuple):
    """The verdict on facts at hand, with a step for each requirement in the order of the rule.

    `by_cases` is true where no single step settles it, but every completion of what is untold ends alike.
    """

    outcome: Outcome
    trace: tuple[Step, ...]
    by_cases: bool = False


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
        if position is _FOR or rule.how is How.UNANIMITY or rule.quorum is not None:
            return position
        if rule.blocked_if_opting_out is not None or rule.share_of is ShareOf.PRESENT:
            return position
        if rule.how is How.VOTE and (isinstance(rule.at_least, int) or rule.share_of is ShareOf.SEATS):
            return _AGAINST
        return _ABSTAINING if position is _ABSENT else position

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
        told = facts.for_ | facts.against | facts.abstaining | facts.absent
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
        told = facts.for_ | facts.against | facts.abstaining | facts.absent
        surely, perhaps = self.vetoers(facts)
        return (sure ^ may) | (may & ~told) | ((surely ^ perhaps) & may)


Asks = Callable[[Facts], Truth]


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


def _either(answers: Iterable[Truth]) -> Truth:
    best: Truth = False
    for answer in answers:
        if answer is True:
            return True
        best = None if answer is None else best
    return best


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


class CompiledRule:
    """One rule over facts at hand. Call it with `Facts`; `facts` makes them from names.

    `statuses` are the statuses it asks about (`seats` and `the chair` stand for those seated in the body that decides
    and for whoever chairs it); `given` the ids of what it takes from the caller; `asked` its requirements in order.
    `entangles`: one unknown may stand in two places, so that a second pass may be needed.
    """

    __slots__ = (
        *("_first", "_known", "_more", "_names", "_own", "_places", "_second"),
        *("asked", "entangles", "given", "rule", "statuses"),
    )

    def __init__(self, rule: Rule, statuses: tuple[str, ...], given: tuple[str, ...], asked: tuple[Asked, ...]) -> None:
        self.rule = rule
        self.statuses = statuses
        self.given = given
        self.asked = asked
        self.entangles = sum(len(one.parts) for one in asked) > 1 or any(not way.plain for way in self.ways)
        self._own = tuple((one, one.ask()) for one in asked if one.parts)
        self._first, self._second, *more = (*(ask for _, ask in self._own), _nothing_asked, _nothing_asked)
        self._more = tuple(more[: max(0, len(self._own) - 2)])
        self._known: dict[tuple[object, ...], tuple[Judgement, bool]] = {}
        self._places = {status: place for place, status in enumerate(statuses)}
        self._names = frozenset(given)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways of deciding that stand open, one of which is enough."""
        return tuple(way for one in self.asked for way in one.ways)

    def __call__(self, facts: Facts) -> Judgement:
        """The verdict on the facts, exact: in order, out of order, or undetermined where both can still be."""
        key: tuple[object, ...] = (facts.given, self._first(facts), self._second(facts))
        if self._more:
            key += tuple([ask(facts) for ask in self._more])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._judged(facts)
        judgement, may_entangle = known
        if may_entangle and self._is_entangled(facts) and (settled := self._by_cases(facts)) is not None:
            return Judgement(Outcome.IN_ORDER if settled else Outcome.OUT_OF_ORDER, judgement.trace, True)
        return judgement

    def _judged(self, facts: Facts) -> tuple[Judgement, bool]:
        """The verdict of the first pass, and whether a second may tell more; reached once for the same answers."""
        answers = [(one, one.ask()(facts)) for one in self.asked]
        stands = {answer for _, answer in answers}
        outcome = (
            Outcome.OUT_OF_ORDER if False in stands else Outcome.UNDETERMINED if None in stands else Outcome.IN_ORDER
        )
        open_ = [one for one, answer in answers if answer is None and one.parts]
        again = outcome is Outcome.UNDETERMINED and (len(open_) > 1 or any(one.may_entangle() for one in open_))
        steps = tuple(Step(one.id, one.article, _MET[answer]) for one, answer in answers)
        return Judgement(outcome, steps), again

    def facts(
        self,
        roll: Roll,
        *,
        doers: Iterable[str] = (),
        targets: Iterable[str] = (),
        holds: Mapping[str, Mapping[str, Truth]] | tuple[tuple[int, ...], tuple[int, ...]],
        positions: Mapping[str, Position],
        given: Mapping[str, Truth] | tuple[Truth, ...],
    ) -> Facts:
        """Facts from names.

        Args:
            holds: for each of `statuses`, whether each party holds it; a party left out does not. Or `Facts.holds` and
                `Facts.may_hold` as they are.
            positions: where parties stand; one left out is untold.
            given: by the ids of `self.given`; one left out is unknown. Or `Facts.given` as it is.
        Raises:
            KeyError: a party not on the roll, or an id or status the rule does not ask about.
        """
        bits = roll.bits
        for_ = against = abstaining = absent = 0
        for party, position in positions.items():
            if position is _FOR:
                for_ |= bits[party]
            elif position is _AGAINST:
                against |= bits[party]
            elif position is _ABSTAINING:
                abstaining |= bits[party]
            else:
                absent |= bits[party]
        sure, may = holds if isinstance(holds, tuple) else self._standing(bits, holds)
        answered = given if isinstance(given, tuple) else self._answered(given)
        acting = concerned = 0
        for party in doers:
            acting |= bits[party]
        for party in targets:
            concerned |= bits[party]
        told = (acting, concerned, sure, may, for_, against, abstaining, absent, answered)
        # A named tuple made through its own class takes three times as long.
        return tuple.__new__(Facts, told)

    def _standing(
        self, bits: Mapping[str, int], holds: Mapping[str, Mapping[str, Truth]]
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Who surely and who perhaps holds each of `statuses`."""
        sure, may = [0] * len(self.statuses), [0] * len(self.statuses)
        for status, answers in holds.items():
            if status not in self._places:
                self._refuse(status, self.statuses)
            surely = perhaps = 0
            for party, answer in answers.items():
                if answer:
                    surely |= bits[party]
                elif answer is None:
                    perhaps |= bits[party]
            place = self._places[status]
            sure[place], may[place] = surely, surely | perhaps
        return tuple(sure), tuple(may)

    def _answered(self, given: Mapping[str, Truth]) -> tuple[Truth, ...]:
        for name in given:
            if name not in self._names:
                self._refuse(name, self.given)
        return tuple([given.get(name) for name in self.given])

    def _refuse(self, wrong: str, known: tuple[str, ...]) -> None:
        near = difflib.get_close_matches(wrong, known, 1)
        hint = f", did you mean {near[0]}?" if near else f"; it asks about {', '.join(known)}"
        raise KeyError(f"rule {self.rule.id} does not ask about {wrong}{hint}")

    # -- the second pass ------------------------------------------------------------------------------------------

    def _is_entangled(self, facts: Facts) -> bool:
        """Whether one unknown stands in two places that are both open, or whose voice counts must be tried out."""
        seen = 0
        for one in self.asked:
            if any(way.is_doubtful(facts) for way in one.ways):
                return True
            for part in one.parts:
                untold = part.untold(facts)
                if untold & seen:
                    return True
                seen |= untold
        return False

    def _by_cases(self, facts: Facts) -> Truth:
        """What every completion of the unknown agrees on; None where they differ or are too many to try.

        An unknown that is `given` stands in one place only, but for the conditions of ways, which are tried too.
        """
        if self._corners_differ(facts):
            return None
        tried = {place for one, _ in self._own for place in one.given} | {way.opened for way in self.ways}
        free = sorted(place for place in tried if place is not None and facts.given[place] is None)
        groups = self._groups(facts)
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
            for whole in self._completions(facts._replace(given=tuple(given)), groups):
                found.add(all(ask(whole) for _, ask in self._own))
                if len(found) == 2:
                    return None
        (answer,) = found
        elsewhere = (_either(facts.given[p] for p in one.given) for one in self.asked if not one.parts)
        return None if answer and None in elsewhere else answer

    def _corners_differ(self, facts: Facts) -> bool:
        """Whether some of the simplest completions differ: everybody untold for or against, holding or not."""
        found = set()
        told = facts.for_ | facts.against | facts.abstaining | facts.absent
        untold = ~told
        for good, holds in itertools.product((True, False), (facts.may_hold, facts.holds)):
            whole = facts._replace(
                holds=holds,
                may_hold=holds,
                for_=facts.for_ | (untold if good else 0),
                against=facts.against | (0 if good else untold),
                given=tuple(good if answer is None else answer for answer in facts.given),
            )
            found.add(all(ask(whole) for _, ask in self._own))
            if len(found) == 2:
                return True
        return False

    def _groups(self, facts: Facts) -> list[tuple[int, list[_State]]]:
        """Parties of whom something is untold, those alike together, each group with its possible states.

        States that come to the same everywhere are one.
        """
        told = facts.for_ | facts.against | facts.abstaining | facts.absent
        voting = 0
        for way in self.ways:
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
                _position_of(facts, bit),
            )
            alike[key] = alike.get(key, 0) | bit
        return [(members, self._states(facts, members & -members)) for members in alike.values()]

    def _states(self, facts: Facts, bit: int) -> list[_State]:
        """The states one party may be in, one for each difference it makes."""
        choices = [
            (True,) if sure & bit else (None, True) if may & bit else (None,)
            for sure, may in zip(facts.holds, facts.may_hold, strict=True)
        ]
        known = _position_of(facts, bit)
        positions = tuple(Position) if known is None else (known,)
        found: dict[tuple[object, ...], _State] = {}
        for held in itertools.product(*choices):
            for position in positions:
                state = _State(tuple(bool(one) for one in held), position)
                found.setdefault(self._effect(facts, bit, state), state)
        return list(found.values())

    def _effect(self, facts: Facts, bit: int, state: _State) -> tuple[object, ...]:
        """What a party in a state does to each part of the rule."""
        seen: list[object] = []
        for one in self.asked:
            for part in one.holds:
                named = (facts.doers if part.whose == "doers" else facts.targets) & bit
                seen.append(state.holds[part.status] if named else None)
            for way in one.ways:
                counts = any(state.holds[p] for p in way.of) and not any(state.holds[p] for p in way.without)
                if not counts or (way.concerned and facts.targets & bit):
                    seen.append(None)
                elif way.plain:
                    seen.append(state.position is _AGAINST)
                else:
                    vetoes = state.position is _AGAINST and any(state.holds[p] for p in way.veto)
                    seen.append((way.difference(state.position), vetoes))
        return tuple(seen)

    def _completions(self, facts: Facts, groups: list[tuple[int, list[_State]]]) -> Iterator[Facts]:
        """The facts with every unknown settled, once for each way that differs in number."""
        choices = [itertools.combinations_with_replacement(states, members.bit_count()) for members, states in groups]
        for chosen in itertools.product(*choices):
            holds = list(facts.holds)
            stands = {_FOR: facts.for_, _AGAINST: facts.against, _ABSTAINING: facts.abstaining, _ABSENT: facts.absent}
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
                for_=stands[_FOR],
                against=stands[_AGAINST],
                abstaining=stands[_ABSTAINING],
                absent=stands[_ABSENT],
            )


class _State(NamedTuple):
    """One party settled: which statuses it holds, and where it stands."""

    holds: tuple[bool, ...]
    position: Position


def _position_of(facts: Facts, bit: int) -> Position | None:
    for position, mask in zip(Position, (facts.for_, facts.against, facts.abstaining, facts.absent), strict=True):
        if mask & bit:
            return position
    return None


def _nothing_asked(_: Facts) -> Truth:
    return True


# -- from a charter --------------------------------------------------------------------------------------------------


def compile_rule(
    charter: Charter, rule_id: str, *, on: date | None = None, body: BodyCode | None = None
) -> CompiledRule:
    """A rule of a charter as a function over facts at hand.

    What it asks, in order, by id: `who`; `addressed`; `for STATUS`, `not for STATUS`; each need by what it asks for
    (`request_assistance`, `turn` ...); `decided`. Statuses and positions it works out from the facts; the rest, and the
    conditions of ways of deciding (`open to WAY`), are given.

    Args:
        on: leaves out the ways of deciding that were not in force that day.
        body: leaves out the ways that are not open to that body.
    Raises:
        KeyError: the charter has no such rule.
        ValueError: the rule forbids, or speaks of other organisations' acts: neither is a question of facts alone.
    """
    if rule_id not in charter.rules:
        near = difflib.get_close_matches(rule_id, charter.rules, 1)
        raise KeyError(f"{charter.org} has no rule {rule_id}" + (f", did you mean {near[0]}?" if near else ""))
    rule = charter.rules[rule_id]
    if rule.forbids or rule.of_others:
        raise ValueError(f"{charter.org} {rule_id}: only what permits an act of its own organisation can be compiled")
    return _Maker(charter, rule, on, body).compiled()


class _Maker:
    """What a compiled rule asks, gathered from a charter."""

    def __init__(self, charter: Charter, rule: Rule, on: date | None, body: BodyCode | None) -> None:
        self.charter, self.rule, self.on, self.body = charter, rule, on, body
        self.statuses: list[str] = []
        self.given: list[str] = []

    def compiled(self) -> CompiledRule:
        asked = [self._who()]
        if self.rule.condition:
            asked.append(self._asked("in scope", (self._give("in scope"),)))
        if self.rule.addressed_to:
            asked.append(self._asked("addressed", (self._give("addressed"),)))
        for wanted in self.rule.for_:
            if wanted.sort is Sort.STATUS:
                asked.append(self._held(f"for {wanted.ids[0]}", Holds("targets", self._status(wanted.ids[0]))))
        for wanted in self.rule.not_for:
            held = Holds("targets", self._status(wanted.ids[0]), True)
            asked.append(self._held(f"not for {wanted.ids[0]}", held))
        asked += [self._need(need) for need in self.rule.needs]
        if self.rule.decided_by:
            asked.append(self._decided())
        return CompiledRule(self.rule, tuple(self.statuses), tuple(self.given), tuple(asked))

    def _asked(self, name: str, given: tuple[int, ...] = (), articles: tuple[str, ...] = ()) -> Asked:
        return Asked(name, ", ".join(articles or self.rule.articles), given)

    def _held(self, name: str, held: Holds) -> Asked:
        return Asked(name, ", ".join(self.rule.articles), holds=(held,))

    def _status(self, name: str) -> int:
        if name not in self.statuses:
            self.statuses.append(name)
        return self.statuses.index(name)

    def _give(self, name: str) -> int:
        """A place in what is given, under a name of its own."""
        taken = [one for one in self.given if one.split(" #")[0] == name]
        self.given.append(f"{name} #{len(taken) + 1}" if taken else name)
        return len(self.given) - 1

    def _who(self) -> Asked:
        """Who acts: holders of a status from the facts; bodies, offices and chairs are given."""
        held = [Holds("doers", self._status(w.ids[0])) for w in self.rule.who if w.sort is Sort.STATUS]
        others = any(wanted.sort is not Sort.STATUS for wanted in self.rule.who)
        places = (self._give("who"),) if others or not held else ()
        return Asked("who", ", ".join(self.rule.articles), places, tuple(held))

    def _need(self, need: Need) -> Asked:
        wanted = need.one_of or (need,)
        places = tuple(self._give(_name_of(one)) for one in wanted)
        name = " or ".join(self.given[place] for place in places)
        return self._asked(name, places, need.articles)

    def _decided(self) -> Asked:
        named = [self.charter.deciding[key] for key in self.rule.decided_by]
        usable = [way for way in named if self.on is None or self.on in way.interval]
        usable = [way for way in usable if self.body is None or not way.bodies or self.body in way.bodies] or usable
        ways = tuple(self._way(way) for way in usable)
        articles = tuple(dict.fromkeys(article for way in usable or named for article in way.articles))
        # No way stands open that day: whether it was decided in order must be told.
        places = () if ways else (self._give("decided"),)
        return Asked("decided", ", ".join(articles), places, ways=ways)

    def _way(self, way: DecisionRule) -> Way:
        words = [name for name in way.without if name != THE_STATE_CONCERNED]
        has_condition = bool(way.condition or way.only_if)
        return Way(
            way,
            tuple(self._status(name) for name in way.of or (SEATS,)),
            tuple(self._status(name) for name in words),
            tuple(self._status(name) for name in way.veto),
            THE_STATE_CONCERNED in way.without,
            self._give(f"open to {way.id}") if has_condition else None,
            {},
        )


def _name_of(need: Need) -> str:
    """What a need asks for, in a word or two."""
    if need.acts:
        return ("no " if need.none else "") + "/".join(need.acts) + (" run out" if need.run_out else "")
    if need.turn is not None:
        return "turn"
    if need.not_in_chair is not None:
        return "not in chair"
    if need.notice_months:
        return "notice"
    return "status exists" if need.status_exists else "condition"
