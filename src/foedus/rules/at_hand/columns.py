"""A compiled rule over columns: the verdicts on a whole ledger, or on a what-if, at once.

Start at `judge_columns`. The acts are encoded once (`Columns.of`, or arrays of one's own); what-ifs change a column
with `dataclasses.replace` and judge again. A verdict here is the verdict of the compiled rule on the same facts: what
the columns leave open where one unknown may stand in two places is asked of it, act by act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from foedus.rules.at_hand.asked import Asked, Holds, Way
from foedus.rules.at_hand.compiled import SCOPE, CompiledRule
from foedus.rules.at_hand.facts import Facts, Truth
from foedus.rules.voting import Tally
from foedus.terms import Outcome

Masks: TypeAlias = npt.NDArray[np.uint64]
Codes: TypeAlias = npt.NDArray[np.int8]
Yes: TypeAlias = npt.NDArray[np.bool_]

IN_ORDER, UNDETERMINED, OUT_OF_ORDER, NOT_GOVERNED = 1, 0, -1, 2
OUTCOMES: Mapping[int, Outcome] = {
    IN_ORDER: Outcome.IN_ORDER,
    UNDETERMINED: Outcome.UNDETERMINED,
    OUT_OF_ORDER: Outcome.OUT_OF_ORDER,
    NOT_GOVERNED: Outcome.NOT_GOVERNED,
}
# Acts judged in one go: so many that their columns stay near the processor.
CHUNK = 1 << 14
# The largest table of tallies kept whole; beyond it each tally met is looked up among those met.
TABLE = 1 << 22
WORD = 64
_ALL = (1 << WORD) - 1
_TRUTHS: Mapping[int, Truth] = {1: True, 0: None, -1: False}
_CODES: Mapping[Truth, int] = {True: 1, None: 0, False: -1}
_UNSEEN = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The facts of n acts over one roll of parties, 64 to a word (bit i of word w is party 64 w + i).

    doers, targets, for_, against, abstaining, absent: masks of shape (words, n), as in `Facts`.
    day: for each act the place of its day in `holds` and `may_hold`, shape (n,).
    holds, may_hold: masks of shape (statuses, words, days), by `CompiledRule.statuses`; many acts share a day.
    given: shape (len(CompiledRule.given), n): 1 so, -1 not so, 0 untold.
    """

    doers: Masks
    targets: Masks
    for_: Masks
    against: Masks
    abstaining: Masks
    absent: Masks
    day: npt.NDArray[np.intp]
    holds: Masks
    may_hold: Masks
    given: Codes

    @classmethod
    def of(cls, facts: Iterable[Facts]) -> Columns:
        """The columns of some facts, all for the same rule and over the same roll."""
        rows = list(facts)
        days: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        day = [days.setdefault((row.holds, row.may_hold), len(days)) for row in rows]
        widest = max((mask for row in rows for mask in (*row[:2], *row[4:8], *row.may_hold)), default=0)
        words = max(1, -(-widest.bit_length() // WORD))
        statuses = len(rows[0].holds) if rows else 0
        given = [[_CODES[answer] for answer in row.given] for row in rows]
        return cls(
            _masks([row.doers for row in rows], words),
            _masks([row.targets for row in rows], words),
            _masks([row.for_ for row in rows], words),
            _masks([row.against for row in rows], words),
            _masks([row.abstaining for row in rows], words),
            _masks([row.absent for row in rows], words),
            np.array(day, np.intp),
            _tables([holds for holds, _ in days], statuses, words),
            _tables([may for _, may in days], statuses, words),
            np.array(given, np.int8).reshape(len(rows), len(rows[0].given) if rows else 0).T.copy(),
        )

    def __len__(self) -> int:
        return len(self.day)

    def facts(self, place: int) -> Facts:
        """The facts of the act at a place."""
        day = self.day[place]
        return Facts(
            _whole(self.doers[:, place]),
            _whole(self.targets[:, place]),
            tuple(_whole(words) for words in self.holds[:, :, day]),
            tuple(_whole(words) for words in self.may_hold[:, :, day]),
            _whole(self.for_[:, place]),
            _whole(self.against[:, place]),
            _whole(self.abstaining[:, place]),
            _whole(self.absent[:, place]),
            tuple(_TRUTHS[int(code)] for code in self.given[:, place]),
        )

    def _rows(self, rows: slice) -> Columns:
        """Some of the acts, over the same days."""
        return Columns(
            self.doers[:, rows],
            self.targets[:, rows],
            self.for_[:, rows],
            self.against[:, rows],
            self.abstaining[:, rows],
            self.absent[:, rows],
            self.day[rows],
            self.holds,
            self.may_hold,
            self.given[:, rows],
        )

    def in_chunks(self) -> Iterable[tuple[slice, Columns]]:
        """The acts some thousands at a time, each with its places."""
        for start in range(0, len(self), CHUNK):
            rows = slice(start, start + CHUNK)
            yield rows, self._rows(rows)


def _masks(values: list[int], words: int) -> Masks:
    if words == 1:
        return np.array(values, np.uint64).reshape(1, len(values))
    parts = [[value >> WORD * word & _ALL for value in values] for word in range(words)]
    return np.array(parts, np.uint64)


def _tables(days: list[tuple[int, ...]], statuses: int, words: int) -> Masks:
    found = np.zeros((statuses, words, len(days)), np.uint64)
    for status in range(statuses):
        found[status] = _masks([day[status] for day in days], words)
    return found


def _whole(words: Masks) -> int:
    return sum(int(word) << WORD * place for place, word in enumerate(words))


def judge_columns(rule: CompiledRule, columns: Columns) -> Codes:
    """The verdicts on n acts, shape (n,): 1 in order, -1 out of order, 0 undetermined, 2 not governed
    by this rule (`OUTCOMES`).

    Raises:
        ValueError: the columns hold another number of statuses or of what is given than the rule asks for.
    """
    if not len(columns):
        return np.zeros(0, np.int8)
    expected = (len(rule.statuses), len(rule.given))
    found = (len(columns.holds), len(columns.given))
    if expected != found:
        raise ValueError(
            f"rule {rule.rule.id} asks for {expected[0]} statuses and is given {expected[1]} answers; "
            f"the columns hold {found[0]} and {found[1]}: encode them for this rule"
        )
    plan = tuple(tuple(_part(part, columns) for part in one.parts) for one in rule.asked)
    verdicts = np.zeros(len(columns), np.int8)
    tangled = np.zeros(len(columns), np.bool_)
    for rows, acts in columns.in_chunks():
        verdicts[rows], twice = _judge_chunk(rule, plan, acts)
        if twice is not None:
            tangled[rows] = twice
    places = np.flatnonzero(tangled)
    if len(places):
        verdicts[places] = _one_by_one(rule, columns, places)
    return verdicts


def _one_by_one(rule: CompiledRule, columns: Columns, places: npt.NDArray[np.intp]) -> Codes:
    """The verdicts of the compiled rule on some acts, each reached once for the same facts."""
    days = columns.day[places]
    masks = (columns.doers, columns.targets, columns.for_, columns.against, columns.abstaining, columns.absent)
    told = [table[:, places] for table in masks]
    given = columns.given[:, places].astype(np.int64).view(np.uint64)
    standing = [table[:, days] for table in (*columns.holds, *columns.may_hold)]
    rows = np.ascontiguousarray(np.concatenate([*told, given, *standing]).T)
    alike = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, inverse = np.unique(alike, return_index=True, return_inverse=True)
    codes = [_CODE_OF[rule(columns.facts(int(place))).outcome] for place in places[first]]
    found: Codes = np.array(codes, np.int8)[inverse]
    return found


def _judge_chunk(rule: CompiledRule, plan: tuple[tuple[_Part, ...], ...], acts: Columns) -> tuple[Codes, Yes | None]:
    """The verdicts of the first pass, and the acts for which the second is needed."""
    good: Yes = np.ones(len(acts), np.bool_)
    bad: Yes = np.zeros(len(acts), np.bool_)
    tangled: Yes | None = None
    once: Yes | None = None
    for one, parts in zip(rule.asked, plan, strict=True):
        yes, no = _given(one, acts)
        for part in parts:
            met, broken = part.ask(acts)
            if rule.entangles:
                untold = ~(met | broken)
                twice = part.doubtful(acts) if once is None else part.doubtful(acts) | (once & untold)
                tangled = twice if tangled is None else tangled | twice
                once = untold if once is None else once | untold
            yes = met if yes is None else yes | met
            no = broken if no is None else no & broken
        if yes is not None and no is not None:
            good &= yes
            bad |= no
    verdicts: Codes = good.view(np.int8) - bad.view(np.int8)
    if SCOPE in rule.given:
        scope = acts.given[rule.given.index(SCOPE)]
        verdicts[scope == 0] = UNDETERMINED
        verdicts[scope < 0] = NOT_GOVERNED
    return verdicts, None if tangled is None else tangled & (verdicts == UNDETERMINED)


_CODE_OF = {outcome: code for code, outcome in OUTCOMES.items()}


def _given(one: Asked, acts: Columns) -> tuple[Yes | None, Yes | None]:
    """Whether one of what is given is so, and whether none is."""
    yes: Yes | None = None
    no: Yes | None = None
    for place in one.given:
        yes = acts.given[place] > 0 if yes is None else yes | (acts.given[place] > 0)
        no = acts.given[place] < 0 if no is None else no & (acts.given[place] < 0)
    return yes, no


class _Part:
    """One part of a requirement over columns: for each act whether it is met, and whether it is broken."""

    def ask(self, acts: Columns) -> tuple[Yes, Yes]:
        raise NotImplementedError

    def doubtful(self, acts: Columns) -> Yes:
        """Where it is open whose voice counts."""
        return np.zeros(len(acts), np.bool_)


def _part(part: Holds | Way, columns: Columns) -> _Part:
    return _HoldsPart(part) if isinstance(part, Holds) else _WayPart(part, columns)


class _HoldsPart(_Part):
    def __init__(self, part: Holds) -> None:
        self.part = part

    def ask(self, acts: Columns) -> tuple[Yes, Yes]:
        parties = acts.doers if self.part.whose == "doers" else acts.targets
        holds = _on_day(acts.holds[self.part.status], acts)
        may = _on_day(acts.may_hold[self.part.status], acts)
        if self.part.lacks:
            return ~_any(parties & may), _any(parties & holds)
        return ~_any(parties & ~holds) & _any(parties), _any(parties & ~may)


class _WayPart(_Part):
    """A way of deciding; whose voice counts is worked out once for each day."""

    def __init__(self, way: Way, columns: Columns) -> None:
        self.way = way
        self.sure = np.zeros(columns.holds.shape[1:], np.uint64)
        self.may, self.surely, self.perhaps = (self.sure.copy() for _ in range(3))
        for place in way.of:
            self.sure |= columns.holds[place]
            self.may |= columns.may_hold[place]
        for place in way.without:
            self.sure &= ~columns.may_hold[place]
            self.may &= ~columns.holds[place]
        for place in way.veto:
            self.surely |= columns.holds[place]
            self.perhaps |= columns.may_hold[place]
        self.base = int(np.bitwise_count(self.may).sum(axis=0).max(initial=0)) + 1
        whole = 3 * self.base**5 <= TABLE
        self.table: Codes | None = np.full(3 * self.base**5, _UNSEEN, np.int8) if whole and not way.plain else None
        self.is_known = bool(
            np.array_equal(self.sure, self.may) and not ((self.surely ^ self.perhaps) & self.may).any()
        )

    def voters(self, acts: Columns) -> tuple[Masks, Masks]:
        sure, may = _on_day(self.sure, acts), _on_day(self.may, acts)
        return (sure & ~acts.targets, may & ~acts.targets) if self.way.concerned else (sure, may)

    def doubtful(self, acts: Columns) -> Yes:
        if self.way.plain or self.is_known:
            return np.zeros(len(acts), np.bool_)
        sure, may = self.voters(acts)
        return _any((sure ^ may) | (_on_day(self.surely ^ self.perhaps, acts) & may))

    def ask(self, acts: Columns) -> tuple[Yes, Yes]:
        sure, may = self.voters(acts)
        if self.way.plain:
            no = _any(acts.against & sure)
            yes = ~_any(may & ~(acts.for_ | acts.abstaining | acts.absent))
        else:
            codes = self._counted(acts, sure)
            codes[self.doubtful(acts)] = 0
            yes, no = codes > 0, codes < 0
        if self.way.opened is not None:
            opened = acts.given[self.way.opened]
            yes, no = yes & (opened > 0), no | (opened < 0)
        return yes, no

    def _counted(self, acts: Columns, voters: Masks) -> Codes:
        """Whether each tally carries, with every tally that differs counted once."""
        told = acts.for_ | acts.against | acts.abstaining | acts.absent
        key = np.zeros(len(acts), np.int64)
        for side in (acts.for_, acts.against, acts.abstaining, acts.absent, ~told):
            key = key * self.base + np.bitwise_count(voters & side).sum(axis=0, dtype=np.int64)
        vetoers = _on_day(self.surely, acts) & voters
        veto = np.where(_any(vetoers & acts.against), 2, _any(vetoers & ~told).view(np.int8))
        key = key * 3 + veto
        if self.table is None:
            keys, places = np.unique(key, return_inverse=True)
            found: Codes = np.array([self._carried(int(one)) for one in keys], np.int8)[places]
            return found
        codes: Codes = self.table[key]
        unseen = codes == _UNSEEN
        if unseen.any():
            for one in np.unique(key[unseen]):
                self.table[one] = self._carried(int(one))
            codes = self.table[key]
        return codes

    def _carried(self, key: int) -> int:
        key, veto = divmod(key, 3)
        counts = []
        for _ in range(5):
            key, count = divmod(key, self.base)
            counts.append(count)
        untold, absent, abstaining, against, for_ = counts
        vetoed: Truth = (False, None, True)[veto]
        return _CODES[self.way.carried(Tally(for_, against, abstaining, absent, untold, vetoed))]


def _on_day(table: Masks, acts: Columns) -> Masks:
    """A mask of each day as a mask of each act, shape (words, n)."""
    return table.take(acts.day, axis=1)


def _any(masks: Masks) -> Yes:
    """Whether any party is in it, shape (n,)."""
    found: Yes = (masks[0] if len(masks) == 1 else np.bitwise_or.reduce(masks, axis=0)) != 0
    return found
