"""One rule of a charter as a function over facts at hand: three values, and a trace that names every article.

Start at `compile_rule`. Nothing is looked up here: whoever calls says who holds which status, where each party stands
and whether the earlier acts are there; `standing.py` answers the first from a table, `requirements.py` judges from a
record. `facts.py` holds the facts, `asked.py` what a rule can ask of them.

Unknown is never false. The first pass is Kleene's: it may leave open what every completion of the unknown would
settle, where one unknown stands in two places (whether the host is a member decides both whether it may be helped and
whether its objection counts). The second pass (`completions.py`) tries them, and the verdict is exact.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from foedus.charters import Charter, DecisionRule, Need, Rule, Sort
from foedus.charters.law import CONCERNED, SEATS
from foedus.rules.at_hand.asked import Asked, Holds, Way
from foedus.rules.at_hand.completions import is_entangled, settled
from foedus.rules.at_hand.facts import Facts, Roll, Truth
from foedus.rules.voting import Position
from foedus.terms import BodyCode, Met, Outcome

# The requirement that a rule speaks of the act at all.
SCOPE = "in scope"
_MET: Mapping[Truth, Met] = {True: Met.MET, False: Met.BROKEN, None: Met.NOT_IN_RECORD}
_FOR, _AGAINST, _ABSTAINING = Position.FOR, Position.AGAINST, Position.ABSTAINING


class Step(NamedTuple):
    """One requirement in the trace: its id in the compiled rule, its articles, and how it stands."""

    requirement: str
    article: str
    met: Met


class Judgement(NamedTuple):
    """The verdict on facts at hand, with a step for each requirement in the order of the rule.

    Not governed where the facts say that the rule does not speak of the act.

    `by_cases` is true where no single step settles it, but every completion of what is untold ends alike.
    """

    outcome: Outcome
    trace: tuple[Step, ...]
    by_cases: bool = False


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
        """The verdict on the facts: undetermined only where it can still turn out one way or the other.

        It is also left undetermined where there are more completions than are tried (`completions.COMPLETIONS`).
        """
        key: tuple[object, ...] = (facts.given, self._first(facts), self._second(facts))
        if self._more:
            key += tuple([ask(facts) for ask in self._more])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._judged(facts)
        judgement, may_entangle = known
        if may_entangle and is_entangled(self._own, facts):
            answer = settled(self._own, facts)
            if answer is False:
                return Judgement(Outcome.OUT_OF_ORDER, judgement.trace, True)
            if answer and all(one.parts or step.met is Met.MET for one, step in self._traced(judgement)):
                return Judgement(Outcome.IN_ORDER, judgement.trace, True)
        return judgement

    def _traced(self, judgement: Judgement) -> Iterator[tuple[Asked, Step]]:
        return zip(self.asked, judgement.trace, strict=True)

    def _judged(self, facts: Facts) -> tuple[Judgement, bool]:
        """The verdict of the first pass, and whether a second may tell more; reached once for the same answers."""
        answers = [(one, one.ask()(facts)) for one in self.asked]
        stands = {answer for _, answer in answers}
        scope = next((answer for one, answer in answers if one.id == SCOPE), True)
        outcome = (
            Outcome.NOT_GOVERNED
            if scope is False
            else Outcome.OUT_OF_ORDER
            # A rule that may not speak of the act at all breaks nothing.
            if False in stands and scope
            else Outcome.IN_ORDER
            if stands == {True}
            else Outcome.UNDETERMINED
        )
        open_ = [one for one, answer in answers if answer is None and one.parts]
        again = (
            outcome is Outcome.UNDETERMINED
            and scope is True
            and (len(open_) > 1 or any(one.may_entangle() for one in open_))
        )
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
            asked.append(self._asked(SCOPE, (self._give(SCOPE),)))
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
        # A way may be missing where a charter is asked for its verified rules only.
        named = [self.charter.deciding[key] for key in self.rule.decided_by if key in self.charter.deciding]
        usable = [way for way in named if self.on is None or self.on in way.interval]
        usable = [way for way in usable if self.body is None or not way.bodies or self.body in way.bodies] or usable
        ways = tuple(self._way(way) for way in usable)
        articles = tuple(dict.fromkeys(article for way in usable or named for article in way.articles))
        # No way stands open that day: whether it was decided in order must be told.
        places = () if ways else (self._give("decided"),)
        return Asked("decided", ", ".join(articles), places, ways=ways)

    def _way(self, way: DecisionRule) -> Way:
        words = [name for name in way.without if name != CONCERNED]
        has_condition = bool(way.condition or way.only_if)
        return Way(
            way,
            tuple(self._status(name) for name in way.of or (SEATS,)),
            tuple(self._status(name) for name in words),
            tuple(self._status(name) for name in way.veto),
            CONCERNED in way.without,
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
