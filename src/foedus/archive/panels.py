"""Panels: units by time in long form, as peace science keeps them, with missing beyond coverage and never zero.

Start at `panel`. For each organisation the days held, in doubt and covered are counted for every unit and period; the
three columns of a membership follow from those counts alone (`Counted`). Sources: the unit-by-time conventions of the
Correlates of War project; Miller, "peacesciencer: An R package for quantitative peace science research" (2022).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foedus.archive.asking import LAST_YEAR, one_of, see_states_told
from foedus.archive.citations import attrs
from foedus.archive.columns import FRAMES, STRINGS, frame_of
from foedus.archive.operations import operations
from foedus.archive.spells import coverage, deployed, held_in, requests_made, seen, standings, status_of
from foedus.charters import Status
from foedus.rules.docket import is_played
from foedus.rules.governance import chair_on
from foedus.terms import Act, FoedusError, Interval, Modality, OrgCode, Origin, state_spells, states

if TYPE_CHECKING:
    from foedus.archive.material import Material

Days = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a panel is asked for; see `Material.panel`."""

    rule: str
    status: str | None
    orgs: tuple[OrgCode, ...]
    states: tuple[str, ...] | None
    since: int
    until: int | None
    directed: bool


@dataclass(frozen=True, slots=True)
class Units:
    """n rows of state and period, by state and then by time.

    `state` is an index into `codes`. `begins` and `ends` are the first day of the period and the first no longer of
    it, as ordinals. `cow` and `gw` are 0 where there is none.
    """

    codes: tuple[str, ...]
    state: Days
    year: Days
    month: Days
    begins: Days
    ends: Days
    cow: Days
    gw: Days

    @property
    def rows_of(self) -> dict[str, slice]:
        """The rows of each state that has any."""
        edges = np.searchsorted(self.state, np.arange(len(self.codes) + 1))
        return {code: slice(int(edges[at]), int(edges[at + 1])) for at, code in enumerate(self.codes)}


@dataclass(frozen=True, slots=True)
class Counted:
    """Days of each row: of the period, covered, held, and in doubt; and whether its last day is of each."""

    days: Days
    covered: Days
    held: Days
    untold: Days
    last_covered: Truth
    last_held: Truth
    last_untold: Truth

    @property
    def any_day(self) -> pd.arrays.BooleanArray:
        """Held on some day: true where one is seen, false where every day is told and none is, else missing."""
        return _truth(self.held > 0, (self.held == 0) & (self.covered == self.days) & (self.untold == 0))

    @property
    def all_days(self) -> pd.arrays.BooleanArray:
        """Held on every day: true where all are seen, false where one is told on which it was not, else missing."""
        return _truth(self.held == self.days, self.covered - self.held - self.untold > 0)

    @property
    def last_day(self) -> pd.arrays.BooleanArray:
        """Held on the last day; missing where that day is not covered or cannot be told."""
        return _truth(self.last_held, self.last_covered & ~self.last_held & ~self.last_untold)

    @property
    def number(self) -> pd.arrays.IntegerArray:
        """Days held; missing unless every day is told."""
        return pd.arrays.IntegerArray(self.held, (self.covered < self.days) | (self.untold > 0))


def panel(archive: Material, unit: str, asked: Asked) -> pd.DataFrame:
    """The panel of a unit.

    Raises:
        FoedusError: no such unit or status, or an argument that the unit does not have.
    """
    one_of("unit", unit, _PANELS, "unit of a panel")
    if unit == "org-year" and asked.states is not None:
        raise FoedusError("states", "org-year has no states", "Leave it out, or ask for state-year")
    if unit != "dyad-year" and asked.directed:
        raise FoedusError("directed", f"{unit} has no pairs", "Leave it out, or ask for dyad-year")
    if unit != "org-year":
        see_states_told(unit, asked.since)
    until = _last_year(archive, asked)
    if asked.status is not None:
        known = dict.fromkeys(name for org in asked.orgs for name in archive.charter(org).statuses)
        one_of("status", asked.status, known, f"status of {', '.join(asked.orgs)}")
    held = {org: own for org in asked.orgs if (own := status_of(archive, org, asked.status)) is not None}
    frame = _PANELS[unit](archive, asked, held, range(asked.since, until + 1))
    told = coverage(archive, held, asked.status)
    frame.attrs |= attrs(archive, frame=unit, rule=asked.rule, coverage=told)
    return frame


def _last_year(archive: Material, asked: Asked) -> int:
    """The last year asked for, by default that of `on`, else the last that one of the organisations covers by then.

    Raises:
        FoedusError: that of `on` lies beyond those that a panel can have.
    """
    if asked.until is not None:
        return asked.until
    if (on := archive.moments.on) is not None:
        if on.last.year > LAST_YEAR:
            do = f"Say where the panel ends: until=..., up to {LAST_YEAR}"
            raise FoedusError(f"on={on}", "ends in no year that a panel can have", do)
        return on.last.year
    ends = []
    for org in asked.orgs:
        status = status_of(archive, org, asked.status)
        span = status and seen(archive, status)
        if span and span.until:
            ends.append((span.until - timedelta(1)).year)
    return max(ends, default=archive.last_day.year)


# -- states by time ---------------------------------------------------------------------------------------------------


def _state_years(archive: Material, asked: Asked, held: Mapping[OrgCode, Status], years: range) -> pd.DataFrame:
    return _state_periods(archive, asked, held, years, months=False)


def _state_months(archive: Material, asked: Asked, held: Mapping[OrgCode, Status], years: range) -> pd.DataFrame:
    return _state_periods(archive, asked, held, years, months=True)


def _state_periods(
    archive: Material, asked: Asked, held: Mapping[OrgCode, Status], years: range, *, months: bool
) -> pd.DataFrame:
    units = units_of(years, asked.states, months=months)
    parts, outside = [], {}
    for org, status in held.items():
        parts.append(counted_for(archive, org, status, asked.rule, units))
        outside[str(org)] = _left_out(archive, org, status, asked, units, years)
    n = len(held)
    columns: dict[str, Any] = {
        "iso3": pd.Categorical.from_codes(np.tile(units.state, n), dtype=_category(units.codes)),
        "cow": _numbers(np.tile(units.cow, n)),
        "gw": _numbers(np.tile(units.gw, n)),
        "year": pd.array(np.tile(units.year, n), dtype="Int64"),
        **({"month": pd.array(np.tile(units.month, n), dtype="Int64")} if months else {}),
        "org": pd.Categorical.from_codes(np.repeat(np.arange(n), len(units.state)), dtype=_category(tuple(held))),
        "member": _joined([part.any_day for part in parts]),
        ("member_all_month" if months else "member_all_year"): _joined([part.all_days for part in parts]),
        ("member_on_last_day" if months else "member_on_dec31"): _joined([part.last_day for part in parts]),
        "days_member": _joined([part.number for part in parts]),
    }
    frame = pd.DataFrame(columns)
    frame.attrs["left_out"] = outside
    return frame


def units_of(years: range, only: tuple[str, ...] | None, *, months: bool = False) -> Units:
    """Rows for the periods in which each state was in the state system on at least one day."""
    wanted = None if only is None else set(only)
    rows: dict[tuple[str, int, int], tuple[int, int, int, int]] = {}
    for spell in state_spells():
        if wanted is not None and spell.iso3 not in wanted:
            continue
        since, until = spell.interval.since or date.min, spell.interval.until or date.max
        last = until if until == date.max else until - timedelta(1)
        for year in range(max(years.start, since.year), min(years.stop - 1, last.year) + 1):
            for month in range(1, 13) if months else (0,):
                begins, ends = _period(year, month)
                if begins < until and since < ends:
                    # A later spell of the same state takes the period over: the numbers are those at its end.
                    rows[spell.iso3, year, month] = (
                        begins.toordinal(),
                        ends.toordinal(),
                        spell.cow or 0,
                        spell.gw or 0,
                    )
    keys = sorted(rows)
    codes = tuple(sorted({code for code, _, _ in keys}))
    at = {code: number for number, code in enumerate(codes)}
    table = np.array([(at[key[0]], key[1], key[2], *rows[key]) for key in keys], dtype=np.int64).reshape(len(keys), 7)
    state, year_of, month_of, begins_on, ends_on, cow, gw = (table[:, column].copy() for column in range(7))
    return Units(codes, state, year_of, month_of, begins_on, ends_on, cow, gw)


def counted_for(archive: Material, org: OrgCode, status: Status, rule: str, units: Units) -> Counted:
    """Days held for each row.

    What a table is silent on was not so only for those it can name: a state without a code of `terms.states` (Tibet)
    is missing throughout.
    """
    n = len(units.state)
    span = seen(archive, status)
    zero = np.zeros(n, dtype=np.int64)
    last = units.ends - 1
    held, untold, covered = zero.copy(), zero.copy(), zero.copy()
    last_held, last_untold, last_covered = (np.zeros(n, dtype=np.bool_) for _ in range(3))
    if span is not None:
        since, until = _ordinals(span)
        nameable = np.array([code in states() for code in units.codes], dtype=np.bool_)[units.state]
        covered = np.where(nameable, _overlap(units.begins, units.ends, since, until), 0)
        last_covered = nameable & (since <= last) & (last < until)
        rows_of = units.rows_of
        for standing in standings(archive, org, status, rule):
            inside = held_in(standing.interval, span)
            if inside is None or standing.party not in rows_of:
                continue
            rows = rows_of[standing.party]
            since, until = _ordinals(inside)
            days = _overlap(units.begins[rows], units.ends[rows], since, until)
            on_last = (since <= last[rows]) & (last[rows] < until)
            if standing.holding is None:
                untold[rows] += days
                last_untold[rows] |= on_last
            else:
                held[rows] += days
                last_held[rows] |= on_last
    return Counted(units.ends - units.begins, covered, held, untold, last_covered, last_held, last_untold)


def _left_out(archive: Material, org: OrgCode, status: Status, asked: Asked, units: Units, years: range) -> list[str]:
    """Who held the status on covered days for which it has no row: parties outside the state system at the time."""
    span = seen(archive, status)
    if span is None or not years:
        return []
    asked_for = held_in(span, Interval(date(years.start, 1, 1), date(years.stop, 1, 1)))
    rows_of, found = units.rows_of, set()
    for standing in standings(archive, org, status, asked.rule):
        inside = asked_for and held_in(standing.interval, asked_for)
        if inside is None or (asked.states is not None and standing.party not in asked.states):
            continue
        rows = rows_of.get(standing.party, slice(0, 0))
        since, until = _ordinals(inside)
        if _overlap(units.begins[rows], units.ends[rows], since, until).sum() < until - since:
            found.add(standing.party)
    return sorted(found)


# -- pairs of states --------------------------------------------------------------------------------------------------


def _dyad_years(archive: Material, asked: Asked, held: Mapping[OrgCode, Status], years: range) -> pd.DataFrame:
    frames = [_dyads(archive, asked, org, status, years) for org, status in held.items()]
    codes = sorted({code for frame in frames for name in ("iso3_a", "iso3_b") for code in frame[name].cat.categories})
    for frame in frames:
        for name, known in (("iso3_a", tuple(codes)), ("iso3_b", tuple(codes)), ("org", tuple(held))):
            frame[name] = frame[name].astype(_category(known))
    return pd.concat(frames, ignore_index=True)


def _dyads(archive: Material, asked: Asked, org: OrgCode, status: Status, years: range) -> pd.DataFrame:
    """Pairs of the states asked for, else of those that ever held the status, in the years in which both existed."""
    among = asked.states
    if among is None:
        ever = {row.party for row in standings(archive, org, status, asked.rule)}
        among = tuple(sorted(ever & {str(spell.iso3) for spell in state_spells()}))
    units = units_of(years, among)
    counted = counted_for(archive, org, status, asked.rule, units)
    left, right = _pairs(units, directed=asked.directed)
    columns: dict[str, Any] = {
        "iso3_a": pd.Categorical.from_codes(units.state[left], dtype=_category(units.codes)),
        "iso3_b": pd.Categorical.from_codes(units.state[right], dtype=_category(units.codes)),
        "cow_a": _numbers(units.cow[left]),
        "gw_a": _numbers(units.gw[left]),
        "cow_b": _numbers(units.cow[right]),
        "gw_b": _numbers(units.gw[right]),
        "year": pd.array(units.year[left], dtype="Int64"),
        "org": pd.Categorical.from_codes(np.zeros(len(left), dtype=np.int64), dtype=_category((org,))),
    }
    for name, one in (
        ("joint_member", counted.any_day),
        ("joint_all_year", counted.all_days),
        ("joint_on_dec31", counted.last_day),
    ):
        # Three values: one that surely was none makes the pair none, whatever is known of the other.
        columns[name] = one[left] & one[right]
    return pd.DataFrame(columns)


def _pairs(units: Units, *, directed: bool) -> tuple[Days, Days]:
    """The rows of both states of every pair that shares a year: by first state, second state and year."""
    lefts, rights = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for year in np.unique(units.year):
        rows = np.flatnonzero(units.year == year)
        left, right = np.triu_indices(len(rows), 1)
        lefts.append(rows[left])
        rights.append(rows[right])
        if directed:
            lefts.append(rows[right])
            rights.append(rows[left])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    order = np.lexsort((units.year[left], units.state[right], units.state[left]))
    return left[order], right[order]


# -- organisations by time --------------------------------------------------------------------------------------------


def _org_years(archive: Material, asked: Asked, held: Mapping[OrgCode, Status], years: range) -> pd.DataFrame:
    rows = [row for org, status in held.items() for row in _org(archive, asked, org, status, years)]
    frame = frame_of(FRAMES["org-year"], rows)
    further = [f"n_{own.id}" for org in held for own in archive.charter(org).statuses.values() if own != held[org]]
    for name in dict.fromkeys(name for one in further for name in (one, f"{one}_in_doubt")):
        frame[name] = pd.array([row.get(name) for row in rows], dtype="Int64")
    chaired = {str(org): next(iter(archive.charter(org).chaired()), None) for org in held}
    frame.attrs["chaired"] = {org: body and str(body.id) for org, body in chaired.items()}
    return frame


def _org(archive: Material, asked: Asked, org: OrgCode, first: Status, years: range) -> list[dict[str, Any]]:
    rosters = {own.id: _Roll(archive, org, own, asked.rule) for own in archive.charter(org).statuses.values()}
    done = [act for act in archive.happened if act.org == org and act.modality is Modality.REPORTED]
    met = _told(act for act in done if act.kind == "convene")
    papers = _told(act for act in done if act.kind == "adopt" and act.role("outcome") not in ("refuse", "failed"))
    docket = archive.docket(org)
    played = {act.id for act in docket.acts if is_played(act)}
    requests = _years(row["date"].first for row in requests_made(archive, org) if not played.issuperset(row["acts"]))
    stays = [row for row in deployed(archive, org) if not played.issuperset(row["acts"])]
    sent = _years(operation.since for operation in operations(docket, stays))
    body = next(iter(archive.charter(org).chaired()), None)
    made = []
    for year in years:
        begins, ends = _period(year, 0)
        last = ends - timedelta(1)
        chair = chair_on(docket, body, last) if body is not None and last <= archive.last_day else None
        made.append(
            {
                "org": org,
                "year": year,
                **_counts("members", rosters[first.id].on(last)),
                **_counts("members_any_day", rosters[first.id].within(begins, ends)),
                "chair": chair and chair.state,
                "meetings": met.get(year),
                "documents": papers.get(year),
                "requests": requests.get(year),
                "deployments": sent.get(year),
            }
        )
        for name, roll in rosters.items():
            if name != first.id:
                made[-1] |= _counts(f"n_{name}", roll.on(last))
    return made


def _counts(name: str, counted: tuple[int, int] | None) -> dict[str, int | None]:
    """The two columns of a count: who surely holds the status, and of how many more it cannot be told."""
    sure, doubtful = counted or (None, None)
    return {name: sure, f"{name}_in_doubt": doubtful}


def _told(acts: Iterable[Act]) -> Counter[int]:
    """How many acts there were in each year at least: those of the record or of pages, which tell the same twice.

    What was played in an exercise or simulation did not happen in the world.
    """
    told = [act for act in acts if act.date is not None and not is_played(act)]
    found: Counter[int] = Counter()
    for origin in Origin:
        found |= _years(act.date.first for act in told if act.origin is origin and act.date)
    return found


class _Roll:
    """How many hold one status, on a day and over a year, and of how many more it cannot be told; None if uncovered."""

    def __init__(self, archive: Material, org: OrgCode, status: Status, rule: str) -> None:
        self.span = seen(archive, status)
        self.rows = standings(archive, org, status, rule)

    def on(self, day: date) -> tuple[int, int] | None:
        return self.within(day, day + timedelta(1))

    def within(self, begins: date, ends: date) -> tuple[int, int] | None:
        if self.span is None or held_in(Interval(begins, ends), self.span) != Interval(begins, ends):
            return None
        there = [row for row in self.rows if row.interval.overlaps(Interval(begins, ends))]
        certain = {row.party for row in there if row.holding is not None}
        return len(certain), len({row.party for row in there} - certain)


_PANELS: Mapping[str, Callable[[Material, Asked, Mapping[OrgCode, Status], range], pd.DataFrame]] = {
    "state-year": _state_years,
    "state-month": _state_months,
    "dyad-year": _dyad_years,
    "org-year": _org_years,
}


def _years(days: Any) -> Counter[int]:
    return Counter(day.year for day in days)


def _period(year: int, month: int) -> tuple[date, date]:
    """The first day of a year (month 0) or month, and the first no longer of it."""
    if not month:
        return date(year, 1, 1), date(year + 1, 1, 1)
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _ordinals(interval: Interval) -> tuple[int, int]:
    return (interval.since or date.min).toordinal(), (interval.until or date.max).toordinal()


def _overlap(begins: Days, ends: Days, since: int, until: int) -> Days:
    days: Days = np.maximum(np.minimum(ends, until) - np.maximum(begins, since), 0)
    return days


def _truth(yes: Truth, no: Truth) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(yes.copy(), ~(yes | no))


def _numbers(values: Days) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values, values == 0)


def _category(values: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(list(values), dtype=STRINGS))


def _joined(parts: list[Any]) -> Any:
    return pd.concat([pd.Series(part) for part in parts], ignore_index=True)
