"""Who held what, in two times: each stretch with the instant from which the ledger held it so, and that until which.

Start at `versions`. The bitemporal table of SQL:2011, made of `spells.standings` at every instant at which the ledger
may have come to another answer. `index` lays the same table out in memory, for questions by the thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from foedus.archive.citations import attrs
from foedus.archive.columns import FRAMES, frame_of
from foedus.archive.spells import Standing, coverage, membership, seen, standings
from foedus.rules.at_hand.standing import Line
from foedus.rules.at_hand.standing import Standing as Index
from foedus.rules.membership import EARLIER, MOVERS
from foedus.terms import Interval, OrgCode

if TYPE_CHECKING:
    from foedus.archive.material import Material


@dataclass(frozen=True, slots=True)
class Version:
    """One stretch of one status as the ledger held it from `recorded` until `withdrawn`.

    `recorded` is None for what records and charters say without the ledger, `withdrawn` None for what it still holds.
    `row` is the stretch as `memberships()` shows it.
    """

    status: str
    standing: Standing
    row: dict[str, Any]
    recorded: str | None
    withdrawn: str | None = None


def versions(archive: Material, org: OrgCode, rule: str) -> list[Version]:
    """Every version of every stretch in an organisation, by the instant it came, then as `memberships()` has them."""
    standing: dict[tuple[Any, ...], Version] = {}
    found: list[Version] = []
    for recorded, then in _course(archive, org, rule):
        now = {_key(row): (status, stretch, row) for status, stretch, row in _rows(then, org, rule)}
        found += [replace(standing.pop(key), withdrawn=recorded) for key in standing.keys() - now.keys()]
        standing |= {key: Version(*row, recorded) for key, row in now.items() if key not in standing}
    found += standing.values()
    return sorted(found, key=lambda one: (one.recorded or "", one.row["status"], one.row["party"], _first(one)))


def _course(archive: Material, org: OrgCode, rule: str) -> Iterator[tuple[str | None, Material]]:
    """The archive without its ledger, and then as of each instant at which memberships may have changed."""
    yield None, replace(archive, ledger=None)
    if archive.ledger is not None:
        ledger, until = archive.ledger, archive.moments.recorded
        kinds = (*MOVERS, *EARLIER.get(rule, ()))
        # A charter that the ledger takes up brings tables of holders of its own.
        turns = (turn.entry.recorded for turn in ledger.charter_turns(until) if turn.org == org)
        for moment in sorted({*ledger.moments(org, kinds, until), *turns}):
            yield moment, archive.as_of(recorded=moment)


def _rows(archive: Material, org: OrgCode, rule: str) -> Iterator[tuple[str, Standing, dict[str, Any]]]:
    if org not in archive.charters:
        # Its charter is one that the ledger did not keep at that moment.
        return
    for status in archive.charter(org).statuses.values():
        for stretch in standings(archive, org, status, rule):
            yield status.id, stretch, membership(archive, org, status, stretch, rule)


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.values())


def _first(one: Version) -> date:
    return one.standing.interval.since or date.min


def history(archive: Material, rule: str, orgs: Iterable[OrgCode]) -> pd.DataFrame:
    """One row for each version of each stretch, by organisation and then by the instant it came."""
    listed = tuple(orgs)
    rows = (
        {**one.row, "recorded": one.recorded, "withdrawn": one.withdrawn}
        for org in listed
        for one in versions(archive, org, rule)
    )
    told = attrs(archive, frame="history", rule=rule, coverage=coverage(archive, listed))
    return frame_of(FRAMES["history"], rows, told)


def index(archive: Material, rule: str, orgs: Iterable[OrgCode]) -> Index:
    """The same versions in memory. Instants count by their day in UTC: what was recorded on a day was known by its end.

    What an organisation covers is taken as the archive has it now.
    """
    lines: list[Line] = []
    covered: dict[tuple[str, str], Interval | None] = {}
    for org in orgs:
        for one in versions(archive, org, rule):
            span = one.standing.interval
            begun, over = (date.fromisoformat(at[:10]) if at else None for at in (one.recorded, one.withdrawn))
            if begun is None or begun != over:
                party, untold = one.standing.party, one.standing.holding is None
                lines.append(Line(org, party, one.status, span.since, span.until, begun, over, untold))
        covered |= {(org, status.id): seen(archive, status) for status in archive.charter(org).statuses.values()}
    return Index(lines, covered)
