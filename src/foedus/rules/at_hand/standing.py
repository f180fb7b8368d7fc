"""Who held which status on any day, in memory: an index over the lines of all organisations' tables.

Start at `Standing`. A line is valid for some days and recorded for some: `standing` and `holds` answer for a day, as
known now or as known on an earlier day. Only what tables say is asked here; what acts change since is the business of
`membership.py`, which gives the same answers where there are no such acts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from foedus.charters import Charter, Status, StatusHolder
from foedus.rules.at_hand.compiled import CompiledRule
from foedus.rules.at_hand.facts import Facts, Roll, Truth
from foedus.rules.voting import Position
from foedus.terms import Interval

Days: TypeAlias = npt.NDArray[np.int32]
_EVER = np.iinfo(np.int32).max


class Line(NamedTuple):
    """One party holding one status: half-open intervals of days, open where None.

    It held from `since` until `until`, and was on record from `recorded` until `withdrawn`, when another line took its
    place. Where it is `disputed` nobody can tell whether the party held it.
    """

    org: str
    party: str
    status: str
    since: date | None
    until: date | None
    recorded: date | None = None
    withdrawn: date | None = None
    disputed: bool = False


class Held(NamedTuple):
    """A party and a status it holds."""

    party: str
    status: str


Coverage: TypeAlias = Mapping[tuple[str, str], Interval | None]
"""By organisation and status, the days for which the lines are complete; None where nobody has said."""


class Standing:
    """The lines of any number of organisations, asked by day.

    Args:
        lines: in any order; lines of one party and status may overlap.
        coverage: within it who is not in a line did not hold the status; outside it that cannot be told.
    """

    def __init__(self, lines: Iterable[Line], coverage: Coverage | None = None) -> None:
        everything = list(lines)
        self._coverage = dict(coverage or {})
        self._all = _Table(everything)
        current = [line for line in everything if line.withdrawn is None]
        self._now = self._all if len(current) == len(everything) else _Table(current)
        self._rolls: dict[str, Roll] = {}
        self._courses: dict[tuple[str, tuple[str, ...]], _Course] = {}

    @classmethod
    def of(cls, *charters: Charter) -> Standing:
        """The tables of some charters. Where one status is merged into another its holders pass on."""
        lines = [line for charter in charters for line in _lines_of(charter)]
        coverage: Coverage = {
            (str(c.org), status.id): status.covered for c in charters for status in c.statuses.values()
        }
        return cls(lines, coverage)

    def __len__(self) -> int:
        return len(self._all.since)

    def standing(self, org: str, day: date, recorded: date | None = None) -> list[Held]:
        """Who surely held what in an organisation on a day, by party and then status; empty where nobody did.

        Args:
            recorded: as known on that day; by default as known now.
        """
        return self._table(recorded).held(org, day.toordinal(), recorded)

    def holds(self, org: str, party: str, status: str, day: date, recorded: date | None = None) -> Truth:
        """Whether a party held a status on a day; None where disputed, or where the lines are not complete."""
        shown = self._table(recorded).shows(org, Held(party, status), day.toordinal(), recorded)
        covered = self._coverage.get((org, status))
        if shown is None:
            return None
        if covered is None:
            return True if shown else None
        return shown if day in covered else None

    def lines(self, org: str) -> Iterator[Line]:
        """The lines of an organisation, those withdrawn among them, in the order in which they were given."""
        return self._all.lines_of(org)

    def roll(self, org: str) -> Roll:
        """The parties that ever stood in an organisation's lines as known now, in the order of the first line of each.

        Members come first in most tables; where they are few, their bits make small numbers, which are quicker.
        """
        if org not in self._rolls:
            self._rolls[org] = Roll(line.party for line in self._now.lines_of(org))
        return self._rolls[org]

    def masks(self, org: str, status: str, day: date) -> tuple[int, int]:
        """Who surely held a status on a day, and who held it for all that is known now, as bits over `roll(org)`.

        Outside the coverage anybody on the roll may have held it.
        """
        (sure,), (may,) = self._course(org, (status,)).on(day.toordinal())
        return sure, may

    def facts(
        self,
        rule: CompiledRule,
        org: str,
        day: date,
        *,
        doers: Iterable[str] = (),
        targets: Iterable[str] = (),
        positions: Mapping[str, Position],
        given: Mapping[str, Truth] | tuple[Truth, ...],
    ) -> Facts:
        """The facts of an act on a day for a compiled rule, its statuses looked up here; the rest as for `rule.facts`.

        Raises:
            KeyError: a party on no line of the organisation, or an id the rule does not ask about.
        """
        holds = (self._courses.get((org, rule.statuses)) or self._course(org, rule.statuses)).on(day.toordinal())
        return rule.facts(self._rolls[org], doers=doers, targets=targets, holds=holds, positions=positions, given=given)

    def _table(self, recorded: date | None) -> _Table:
        return self._now if recorded is None else self._all

    def _course(self, org: str, statuses: tuple[str, ...]) -> _Course:
        key = (org, statuses)
        if key not in self._courses:
            lines = list(self._now.lines_of(org))
            self._courses[key] = _Course(lines, self.roll(org), [(s, self._coverage.get((org, s))) for s in statuses])
        return self._courses[key]


def _lines_of(charter: Charter) -> Iterator[Line]:
    for status in charter.statuses.values():
        for row in (*status.holders, *_merged_into(charter, status)):
            since, until = row.interval.since, row.interval.until
            yield Line(charter.org, row.party, status.id, since, until, disputed=row.disputed)


def _merged_into(charter: Charter, status: Status) -> Iterator[StatusHolder]:
    """The lines a status takes over from those merged into it, from the day on which they ended."""
    settled = {own.party for own in status.holders if own.interval.until is None}
    for other in charter.statuses.values():
        end = other.interval.until
        if other.merged_into == status.id and end is not None:
            for row in other.holders:
                if row.interval.until in (None, end) and row.party not in settled:
                    yield replace(row, interval=Interval(end, None))


@dataclass(frozen=True, slots=True)
class _Span:
    """Where rows of one kind begin and end in the arrays."""

    first: int
    end: int


class _Table:
    """Lines as arrays of days since 0001-01-01 (1 is that day), those of one organisation together.

    Within an organisation rows go by party, status and first day. `label` is the place of party and status in
    `labels`; `disputed` tells which lines nobody can be sure of.
    """

    def __init__(self, lines: list[Line]) -> None:
        self.labels = sorted({Held(line.party, line.status) for line in lines})
        place = {held: number for number, held in enumerate(self.labels)}
        orgs = sorted({line.org for line in lines})
        org_place = {org: number for number, org in enumerate(orgs)}
        org = np.fromiter((org_place[line.org] for line in lines), np.int32, len(lines))
        label = np.fromiter((place[Held(line.party, line.status)] for line in lines), np.int32, len(lines))
        since = np.fromiter((_first(line.since) for line in lines), np.int32, len(lines))
        order = np.lexsort((since, label, org))
        self.label, self.since = label[order], since[order]
        self.until = np.fromiter((_end(line.until) for line in lines), np.int32, len(lines))[order]
        self.recorded = np.fromiter((_first(line.recorded) for line in lines), np.int32, len(lines))[order]
        self.withdrawn = np.fromiter((_end(line.withdrawn) for line in lines), np.int32, len(lines))[order]
        self.disputed = np.fromiter((line.disputed for line in lines), np.bool_, len(lines))[order]
        bounds = np.searchsorted(org[order], np.arange(len(orgs) + 1))
        self._spans = {name: _Span(int(bounds[n]), int(bounds[n + 1])) for name, n in org_place.items()}
        self._open = {name: bool(self.disputed[s.first : s.end].any()) for name, s in self._spans.items()}
        self._of_label: dict[str, dict[Held, _Span]] = {}
        self._names = np.empty(len(self.labels), np.object_)
        self._names[:] = self.labels
        # Reading one number at a time is several times faster from a memoryview than from the array.
        self._views = (self.since.data, self.until.data, self.recorded.data, self.withdrawn.data)
        self._order, self._lines = order, lines

    def lines_of(self, org: str) -> Iterator[Line]:
        """The lines of one organisation, in the order in which they were given."""
        span = self._spans.get(org, _Span(0, 0))
        return (self._lines[place] for place in np.sort(self._order[span.first : span.end]).tolist())

    def held(self, org: str, day: int, recorded: date | None) -> list[Held]:
        """What is surely held on a day: two comparisons over the organisation's rows, four with a day of record."""
        span = self._spans.get(org)
        if span is None:
            return []
        rows = slice(span.first, span.end)
        stands = self.since[rows] <= day
        stands &= self.until[rows] > day
        if recorded is not None:
            known = recorded.toordinal()
            stands &= self.recorded[rows] <= known
            stands &= self.withdrawn[rows] > known
        if self._open[org]:
            stands &= ~self.disputed[rows]
        found: list[Held] = self._names[self.label[rows][stands]].tolist()
        return found

    def shows(self, org: str, held: Held, day: int, recorded: date | None) -> Truth:
        """Whether a line shows a party to hold a status on a day, None where only disputed lines do."""
        span = self._labelled(org).get(held)
        if span is None:
            return False
        since, until, begun, over = self._views
        place = bisect_right(since, day, span.first, span.end)
        known = None if recorded is None else recorded.toordinal()
        answer: Truth = False
        while place > span.first:
            place -= 1
            if until[place] > day and (known is None or begun[place] <= known < over[place]):
                if not self.disputed[place]:
                    return True
                answer = None
        return answer

    def _labelled(self, org: str) -> dict[Held, _Span]:
        """Where the rows of each party and status stand, found when an organisation is first asked about."""
        if org not in self._of_label:
            span = self._spans.get(org, _Span(0, 0))
            labels, first = np.unique(self.label[span.first : span.end], return_index=True)
            bounds = [*(first + span.first).tolist(), span.end]
            self._of_label[org] = {
                self.labels[label]: _Span(bounds[n], bounds[n + 1]) for n, label in enumerate(labels.tolist())
            }
        return self._of_label[org]


def _first(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


def _end(day: date | None) -> int:
    return _EVER if day is None else day.toordinal()


class _Course:
    """Some statuses of one organisation through time: who held them from each day on which that changed."""

    __slots__ = ("_days", "_masks")

    def __init__(self, lines: list[Line], roll: Roll, statuses: list[tuple[str, Interval | None]]) -> None:
        each = [_changes([line for line in lines if line.status == name], roll, covered) for name, covered in statuses]
        self._days = sorted({day for changes in each for day in changes} | {0})
        last = [(0, 0)] * len(each)
        self._masks: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        for day in self._days:
            last = [changes.get(day, before) for changes, before in zip(each, last, strict=True)]
            self._masks.append((tuple(sure for sure, _ in last), tuple(may for _, may in last)))

    def on(self, day: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Who surely held each status on a day, and who perhaps did."""
        return self._masks[bisect_right(self._days, day) - 1]


def _changes(lines: list[Line], roll: Roll, covered: Interval | None) -> dict[int, tuple[int, int]]:
    """Who surely and who perhaps held one status from each day on which that changed."""
    steps: dict[int, list[tuple[Line, int]]] = {0: []}
    for line in lines:
        steps.setdefault(_first(line.since), []).append((line, 1))
        steps.setdefault(_end(line.until), []).append((line, -1))
    if covered is not None:
        steps.setdefault(_first(covered.since), [])
        steps.setdefault(_end(covered.until), [])
    everyone = (1 << len(roll.parties)) - 1
    # Lines of one party may overlap: it holds the status while one of them stands.
    numbers = {False: [0] * len(roll.parties), True: [0] * len(roll.parties)}
    shown = {False: 0, True: 0}
    place = {party: number for number, party in enumerate(roll.parties)}
    found = {}
    for day in sorted(steps):
        for line, step in steps[day]:
            party = place[line.party]
            numbers[line.disputed][party] += step
            bit = 1 << party
            standing = shown[line.disputed] | bit
            shown[line.disputed] = standing if numbers[line.disputed][party] else standing ^ bit
        if covered is None:
            found[day] = (shown[False], everyone)
        elif _first(covered.since) <= day < _end(covered.until):
            found[day] = (shown[False], shown[False] | shown[True])
        else:
            found[day] = (0, everyone)
    return found
