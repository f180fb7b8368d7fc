"""What of a charter is in force on a day, and what changed between two days.

Start at `changes_between`. Everything is told from the charter's own tables, without a single act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import TypeVar

from foedus.charters.load import TOP
from foedus.charters.schema import (
    Body,
    ChairRule,
    ChairTerm,
    Charter,
    DecisionRule,
    Holder,
    Office,
    Procedure,
    Rule,
    Seat,
    Status,
    StatusHolder,
)
from foedus.terms import Interval

Value = Body | Seat | ChairRule | ChairTerm | Status | StatusHolder | Holder | DecisionRule | Rule | Procedure
T = TypeVar("T", bound=Value)


# Every other part of a file has no interval.
_DATED = ("org", "bodies", "offices", "statuses", "deciding", "rules", "procedures")


@dataclass(frozen=True, slots=True)
class Dated:
    """One line of a charter with its interval: what it is, where it stands, and what may follow it there.

    `sort` is what it is in a word; `place` the id of the body, status, office or party it belongs to. Of two lines of
    one `slot`, the one that begins on the day on which the other ends stands in its place.
    """

    sort: str
    place: str
    slot: tuple[str, ...]
    value: Value
    interval: Interval
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed on a day: `after` began, `before` ended, or one stands in the place of the other."""

    on: date
    sort: str
    before: Dated | None
    after: Dated | None

    @property
    def what(self) -> str:
        """Began, ended or replaced."""
        return "replaced" if self.before and self.after else "began" if self.after else "ended"

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the line that now stands, or of the one that ended."""
        line = self.after or self.before
        return line.articles if line else ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One line in which two texts of a charter differ: `before` fell away, `after` is new, or one became the other."""

    before: Dated | None
    after: Dated | None

    @property
    def what(self) -> str:
        """Added, removed or changed."""
        return "changed" if self.before and self.after else "added" if self.after else "removed"

    @property
    def line(self) -> Dated:
        """The line as it now stands, or as it last did."""
        line = self.after or self.before
        assert line is not None
        return line


SORTS = ("body", "seat", "chair rule", "chair", "status", "holder", "office", "way of deciding", "rule", "procedure")


def changes_between(charter: Charter, first: date, second: date) -> tuple[Change, ...]:
    """Every line that began or ended after the first day and no later than the second, by sort and then by day.

    A line that begins on the day another of the same place ends is one change, told as *replaced*.
    """
    lines = tuple(dated_lines(charter))
    ended = [line for line in lines if line.interval.until and first < line.interval.until <= second]
    changes = []
    for line in lines:
        since = line.interval.since
        if since is None or not first < since <= second:
            continue
        before = max(
            (old for old in ended if old.interval.until == since and _follows(old, line)),
            key=lambda old: _likeness(old, line),
            default=None,
        )
        if before is not None:
            ended.remove(before)
        changes.append(Change(since, line.sort, before, line))
    changes += [Change(line.interval.until, line.sort, line, None) for line in ended if line.interval.until]
    return tuple(sorted(changes, key=lambda change: (SORTS.index(change.sort), change.on)))


def revisions(before: Charter, after: Charter) -> tuple[Revision, ...]:
    """The lines with an interval in which two texts of one charter differ, by sort and then as in the texts.

    A line that says something else from the same day on, in the same place, is one revision. What has no interval
    is compared by `undated`.
    """
    was, now = _by_place(before), _by_place(after)
    found = [
        Revision(old, new)
        for key in dict.fromkeys((*now, *was))
        for old, new in zip_longest(was.get(key, ()), now.get(key, ()))
        if old != new
    ]
    return tuple(sorted(found, key=lambda revision: SORTS.index(revision.line.sort)))


def undated(before: Charter, after: Charter) -> tuple[str, ...]:
    """The parts without an interval, by their keys in the file, in which two texts of one charter differ."""
    return tuple(key for key in TOP if key not in _DATED and getattr(before, key) != getattr(after, key))


def _by_place(charter: Charter) -> dict[tuple[object, ...], list[Dated]]:
    """The lines of a charter by where they stand and the day they begin on."""
    found: dict[tuple[object, ...], list[Dated]] = {}
    for line in dated_lines(charter):
        found.setdefault((line.sort, line.place, line.slot, line.interval.since), []).append(line)
    return found


def in_force_on(charter: Charter, day: date) -> Charter:
    """The charter with what is in force on a day, and who held what then by its own tables."""
    return replace(
        charter,
        bodies={
            key: replace(
                body,
                seats=_on(body.seats, day),
                chair_rules=_on(body.chair_rules, day),
                chair_terms=_on(body.chair_terms, day),
            )
            for key, body in charter.bodies.items()
            if day in body.interval
        },
        offices={key: replace(office, holders=office.holders_on(day)) for key, office in charter.offices.items()},
        statuses={
            key: replace(status, holders=_holders_on(charter, status, day))
            for key, status in charter.statuses.items()
            if day in status.interval
        },
        deciding=_kept(charter.deciding, day),
        rules=_kept(charter.rules, day),
        procedures=_kept(charter.procedures, day),
        _kinds={},
    )


def _on(lines: tuple[T, ...], day: date) -> tuple[T, ...]:
    return tuple(line for line in lines if day in line.interval)


def _kept(lines: Mapping[str, T], day: date) -> dict[str, T]:
    return {key: line for key, line in lines.items() if day in line.interval}


def _holders_on(charter: Charter, status: Status, day: date) -> tuple[StatusHolder, ...]:
    """Those in the table, and those whose own status was merged into this one."""
    found = {row.party: row for row in status.holders if day in row.interval}
    for other in charter.statuses.values():
        end = other.interval.until
        if other.merged_into == status.id and end is not None and end <= day:
            for row in other.holders:
                if day in row.interval or row.interval.until == end:
                    found.setdefault(row.party, row)
    return tuple(found.values())


def dated_lines(charter: Charter) -> Iterator[Dated]:
    """Every line of a charter that has an interval."""
    for key, body in charter.bodies.items():
        yield Dated("body", key, (key,), body, body.interval, body.articles)
        for seat in body.seats:
            yield Dated("seat", key, (key, seat.one_for_each), seat, seat.interval, seat.articles)
        for rule in body.chair_rules:
            yield Dated("chair rule", key, (key,), rule, rule.interval, rule.articles)
        for term in body.chair_terms:
            yield Dated("chair", key, (key,), term, term.interval, ())
    for key, status in charter.statuses.items():
        yield Dated("status", key, (key,), status, status.interval, status.articles)
        for row in status.holders:
            yield Dated("holder", key, (row.party,), row, row.interval, status.articles)
    for key, office in charter.offices.items():
        for holder in office.holders:
            yield _holder(key, office, holder)
    for key, way in charter.deciding.items():
        yield Dated("way of deciding", key, (), way, way.interval, way.articles)
    for key, law in charter.rules.items():
        yield Dated("rule", key, (), law, law.interval, law.articles)
    for key, procedure in charter.procedures.items():
        yield Dated("procedure", key, (), procedure, procedure.interval, procedure.articles)


def _holder(key: str, office: Office, holder: Holder) -> Dated:
    return Dated("office", key, (key,), holder, holder.interval, office.articles)


def _follows(old: Dated, new: Dated) -> bool:
    """Whether one line may stand in the place of another."""
    before, after = old.value, new.value
    if old.sort != new.sort or old.slot != new.slot:
        return False
    if isinstance(before, Rule) and isinstance(after, Rule):
        return bool(set(before.kinds) & set(after.kinds)) and bool(_words(before) & _words(after))
    if isinstance(before, DecisionRule) and isinstance(after, DecisionRule):
        return not before.bodies or not after.bodies or bool(set(before.bodies) & set(after.bodies))
    return not isinstance(before, Procedure) or bool(set(before.articles) & set(new.articles))


def _likeness(old: Dated, new: Dated) -> tuple[int, int]:
    same = len(set(old.place.split("-")) & set(new.place.split("-")))
    return same, len(set(old.articles) & set(new.articles))


def _words(rule: Rule) -> set[tuple[str, ...]]:
    return {wanted.ids or (wanted.sort.value,) for wanted in rule.who}
