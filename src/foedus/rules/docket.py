"""The acts of one organisation in order of time, each once, with the questions every rule asks of them.

Start at `Docket`. It holds no judgement of its own; what has been looked up once is kept, so that no question is
worked out twice over the same acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from foedus.charters import Charter, Duty
from foedus.charters.expressions import Compiled
from foedus.rules.held import Chair, OfficeHolder, Roster
from foedus.terms import Act, Day, Modality, Order, Origin, Verdict

PLAYED = (Origin.PERSON, Origin.SCENARIO)


@dataclass(slots=True)
class Docket:
    """What rules look things up in: reported and other acts of the charter's organisation, earliest first.

    `only` leaves out acts that begin after that day. Acts of other organisations are kept apart in `abroad`, keyed by
    organisation and kind, where the charter looks at them, and else passed over. Of two acts with one id, one is
    kept, the same whatever the order they came in.
    """

    charter: Charter
    acts: tuple[Act, ...]
    by_kind: dict[str, list[Act]] = field(default_factory=dict)
    done: dict[str, list[Act]] = field(default_factory=dict)
    by_id: dict[str, Act] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    challenged: dict[str, tuple[str, ...]] | None = None
    rosters: dict[tuple[str, date, str, str], Roster] = field(default_factory=dict)
    movers: dict[str, list[Act]] = field(default_factory=dict)
    begun: dict[tuple[str, str], list[Act]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    chairs: dict[tuple[str, date, str], Chair | None] = field(default_factory=dict)
    holders: dict[tuple[str, date], tuple[OfficeHolder, ...]] = field(default_factory=dict)
    abroad: dict[tuple[str, str], list[Act]] = field(default_factory=dict)
    denied_abroad: dict[tuple[str, str], list[Act]] = field(default_factory=dict)
    # What answers each act under a duty that asks for one on each.
    dealt: dict[tuple[str, Duty], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    # Conditions taken as so or not so for one act, while every way they may turn out is tried.
    assumed: dict[tuple[str, Compiled], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, charter: Charter, acts: Iterable[Act], only: date | None = None) -> Docket:
        """The docket of a charter over any acts."""
        kept: dict[str, Act] = {}
        others: dict[str, Act] = {}
        looks_abroad = charter.looks_abroad
        for act in acts:
            if only and act.date and act.date.first > only:
                continue
            place = kept if act.org == charter.org else others
            if place is others and not looks_abroad:
                continue
            twin = place.get(act.id)
            if twin is None or (twin is not act and repr(act) < repr(twin)):
                place[act.id] = act
        docket = cls(charter, tuple(sorted(kept.values(), key=in_time)), by_id=kept)
        for act in docket.acts:
            docket.by_kind.setdefault(act.kind, []).append(act)
            if act.modality is Modality.REPORTED:
                docket.done.setdefault(act.kind, []).append(act)
        for act in sorted(others.values(), key=in_time):
            if act.modality is Modality.DENIED:
                docket.denied_abroad.setdefault((act.org or "", act.kind), []).append(act)
            if act.modality is Modality.REPORTED:
                docket.abroad.setdefault((act.org or "", act.kind), []).append(act)
        return docket

    def reported_of(self, org: str, *kinds: str) -> Iterator[Act]:
        """The acts of some kinds that another organisation is reported to have done, earliest first in each kind."""
        if org == self.charter.org:
            yield from self.reported(*kinds)
        for kind in kinds:
            yield from self.abroad.get((org, kind), ())

    def reported(self, *kinds: str) -> Iterator[Act]:
        """The acts of some kinds that are reported as done, earliest first within each kind."""
        for kind in kinds:
            yield from self.done.get(kind, ())

    def denied_by(self, org: str, kind: str) -> Iterator[Act]:
        """The acts of a kind that the record says an organisation did not do."""
        return self.denied(kind) if org == self.charter.org else iter(self.denied_abroad.get((org, kind), ()))

    def denied(self, kind: str) -> Iterator[Act]:
        """The acts of a kind that the record says were not done."""
        return (act for act in self.by_kind.get(kind, ()) if act.modality is Modality.DENIED)

    def status_of(self, act: Act) -> str:
        """The id of the status an act is about, empty where it names none the charter knows."""
        words = act.role("status")
        if not words:
            return ""
        if words not in self.statuses:
            status = self.charter.status_named(words)
            self.statuses[words] = status.id if status else ""
        return self.statuses[words]

    @property
    def horizon(self) -> date | None:
        """The last day on which the record holds a reported act; None where it holds none with a date."""
        days = [act.date.last for act in self.acts if act.date and act.modality is Modality.REPORTED]
        return max((day for day in days if day != date.max), default=None)


def in_time(act: Act) -> tuple[date, date, str]:
    """A total order of acts: by the last day it can be, then id; undated acts last."""
    return (act.date.last, act.date.first, act.id) if act.date else (date.max, date.max, act.id)


def is_before(earlier: Act, later: Act) -> bool | None:
    """Whether an act came no later than another: the same day counts, None where the dates do not tell."""
    if earlier.date is None or later.date is None:
        return None
    order = earlier.date.compare(later.date)
    if order is Order.UNTOLD:
        return True if earlier.date.last <= later.date.first else None
    return order in (Order.BEFORE, Order.SAME)


def done_by(act: Act, day: date) -> bool:
    """Whether an act was surely done by the end of a day."""
    return act.date is not None and act.date.last <= day


def is_played(act: Act) -> bool:
    """Whether an act belongs to an exercise or simulation rather than telling of the world.

    An act a person adds by hand with its source tells of the world like any other.
    """
    return act.origin in PLAYED and not act.sources


def moves_the_world(act: Act) -> bool:
    """Whether an act may change what the charter's own tables say for days they cover.

    Inside its coverage a table is complete, so a page that says otherwise changes nothing; what a person or a
    scenario does changes the world of that ledger, unless it was forced through out of order.
    """
    return act.origin in PLAYED and not act.forced


@lru_cache(maxsize=65_536)
def is_subject(party: str) -> bool:
    """Whether a party stands for itself as a member does: a state, another party of its own, or any state in a move."""
    return bool(re.fullmatch(r"[A-Z]{3}", party)) or party.startswith("party:") or party == ANY_STATE


ANY_STATE = "group:any_state"


def speaks_for(party: str) -> bool:
    """Whether a party is a person, a group or an outlet, who may act for a state without the record saying so."""
    return " " in party or party.startswith("group:")


def own_part(charter: Charter, party: str) -> bool:
    """Whether a party is the organisation, one of its forces, bodies or offices."""
    return part_of(charter.org, party)


def part_of(org: str, party: str) -> bool:
    """Whether a party is an organisation, one of its forces, bodies or offices."""
    return party == org or party.startswith(f"{org}:")


def day_after_months(on: date, months: int) -> date:
    """The same day of the month some months later, or the last day of that month; of the calendar, where it ends."""
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    if year > date.max.year:
        return date.max
    for day in range(on.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, on.day)


def as_day(on: date | None) -> Day | None:
    """A calendar date as a day of the record."""
    return None if on is None or on in (date.min, date.max) else Day.of(on)


def eve_of(day: Day) -> date:
    """The calendar day before a day begins; the first of the calendar where its beginning is open."""
    return day.first if day.first == date.min else day.first - timedelta(1)
