"""The memberships of COW IGO 3.0 as claims: what its codes say changed from one listed year to the next.

Standard: Correlates of War, Intergovernmental Organizations 3.0, files of organisation-years (`igo_year_format3.csv`)
and of state-years (`state_year_format3.csv`). Codes: 0 no member, 1 full member, 2 associate, 3 observer, -9 missing,
-1 the state (or the organisation) does not exist; an empty cell is read as -1.
Drops: organisations without a charter here, states without a code, and all the columns that tell no membership. A year
is all it knows: a change between listed years, or out of missing ones, is dated by their span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from foedus.exchange.coded_sets import (
    DataSet,
    Row,
    caution_on,
    code_in,
    first_columns,
    need_columns,
    open_set,
    orgs_by,
    span_of,
    states_by,
)
from foedus.exchange.goods import ReadClaims, tell
from foedus.terms import Claim, FoedusError

NAME = "Correlates of War IGO data, version 3.0"
URL = "https://correlatesofwar.org/data-sets/IGOs/"
SPEAKER = "party:correlates_of_war"
WHY = (
    "a coded data set: it knows years and no legal moment, a suspended member may be coded as out, "
    "and its beginnings of organisations are its own"
)

MISSING, NOWHERE, OUT, FULL, ASSOCIATE, OBSERVER = -9, -1, 0, 1, 2, 3
_STATUS = {FULL: "member", ASSOCIATE: "associate", OBSERVER: "observer"}
_WORDS = {NOWHERE: "not in existence", OUT: "no member", **_STATUS}
_IGO_YEARS = ("ionum", "year")
_STATE_YEARS = ("ccode", "year", "state")


def knows(head: bytes) -> bool:
    """Whether a file's first line is that of one of the two files."""
    columns = first_columns(head)
    return {"ioname", *_IGO_YEARS} <= columns or {*_STATE_YEARS, "un"} <= columns


def read(file: BinaryIO, where: str) -> ReadClaims:
    """The claims of either file.

    Raises:
        FoedusError: neither of the two, or damaged; names file, line and column.
    """
    data = open_set(file, where)
    if "ionum" in data.columns:
        need_columns(data, _IGO_YEARS)
        cells, unread = _by_organisation(data)
    else:
        need_columns(data, _STATE_YEARS)
        cells, unread = _by_state(data)
    claims = tuple(claim for series in _series(cells).values() for claim in _changes(data, series))
    return ReadClaims(data.page(NAME, NAME, URL), claims, f"{NAME}: {WHY}", unread)


@dataclass(frozen=True, slots=True)
class _Cell:
    """What one cell says of a state in an organisation in a year; `since` is the organisation's own first year."""

    org: str
    state: str
    year: int
    code: int
    column: str
    row: Row
    since: int | None


def _by_organisation(data: DataSet) -> tuple[list[_Cell], tuple[str, ...]]:
    orgs, states = orgs_by("igo"), states_by("columns")
    columns = [name for name in data.columns if name in states]
    if not columns:
        raise FoedusError(f"{data.where}:1", "has no column of a state", "Give the file as published")
    cells: list[_Cell] = []
    others: set[int | None] = set()
    for row in data.rows():
        number = data.number(row, "ionum")
        if number not in orgs:
            others.add(number)
            continue
        year = _year(data, row)
        since = data.number(row, "sdate", least=0, most=2100) if "sdate" in data.columns else None
        for name in columns:
            cells.append(_Cell(orgs[number], states[name], year, _code(data, row, name), name, row, since))
    return cells, tuple(tell(len(others), "organisation", "without a charter here left out"))


def _by_state(data: DataSet) -> tuple[list[_Cell], tuple[str, ...]]:
    orgs, states = orgs_by("column"), states_by("cow")
    columns = [name for name in data.columns if name in orgs]
    cells: list[_Cell] = []
    others: set[int | None] = set()
    for row in data.rows():
        number = data.number(row, "ccode")
        if number not in states:
            others.add(number)
            continue
        year = _year(data, row)
        for name in columns:
            cells.append(_Cell(orgs[name], states[number], year, _code(data, row, name), name, row, None))
    return cells, tuple(tell(len(others), "state", "without a code of ours left out"))


def _year(data: DataSet, row: Row) -> int:
    year = data.number(row, "year", least=1800, most=2100)
    if year is None:
        raise FoedusError(f"{data.where}:{row.line}, column year", "is empty", "Mend the cell, or leave the row out")
    return year


def _code(data: DataSet, row: Row, column: str) -> int:
    code = data.number(row, column, least=MISSING, most=OBSERVER)
    if code is None:
        return NOWHERE
    if code not in _WORDS and code != MISSING:
        what = f"{code} is no code of a membership"
        raise FoedusError(f"{data.where}:{row.line}, column {column}", what, "Codes are -9, -1, 0, 1, 2 and 3")
    return code


def _series(cells: Iterable[_Cell]) -> Mapping[tuple[str, str], Sequence[_Cell]]:
    """Cells by organisation and state, by year. Of two numbers of one state, that which says something counts."""
    found: dict[tuple[str, str], dict[int, _Cell]] = {}
    for cell in cells:
        years = found.setdefault((cell.org, cell.state), {})
        if cell.year not in years or years[cell.year].code == NOWHERE:
            years[cell.year] = cell
    return {key: [years[year] for year in sorted(years)] for key, years in sorted(found.items())}


def _changes(data: DataSet, series: Sequence[_Cell]) -> Iterator[Claim]:
    before = NOWHERE
    # The last year that tells of the status before. Before the first row that is the eve of the organisation, if known.
    first = series[0]
    last = first.since - 1 if first.since and first.since <= first.year else None
    for cell in series:
        if cell.code == MISSING:
            continue
        if cell.code != before and not (cell.code in (NOWHERE, OUT) and before in (NOWHERE, OUT)):
            claim = _change(data, cell, before, last)
            if claim:
                yield claim
        before, last = cell.code, cell.year


def _change(data: DataSet, cell: _Cell, before: int, last: int | None) -> Claim | None:
    """The claim of a change; None where a state or organisation merely ceases to exist."""
    if cell.code == NOWHERE:
        return None
    date = span_of(None if last is None else last + 1, cell.year)
    state = code_in(cell.state, cell.year)
    detail = f"coded {cell.code} ({_WORDS[cell.code]}) in {cell.year}"
    detail += f", {before} ({_WORDS[before]}) before" if before != NOWHERE else ", the first year it is in the data"
    if caution := caution_on(cell.org):
        detail += f"; the data set {caution}"
    if cell.code == FULL:
        kind, parties, status = "accede", {"actors": (state,)}, "member"
    elif cell.code in (ASSOCIATE, OBSERVER):
        kind, parties, status = "grant_status", {"targets": (state,)}, _STATUS[cell.code]
    elif before == FULL:
        kind, parties, status = "withdraw", {"actors": (state,)}, "member"
    else:
        kind, parties, status = "end_status", {"targets": (state,)}, _STATUS[before]
    more = {"status": status, "detail": detail}
    rule = f"cow-igo:{cell.column}"
    return data.claim(cell.row, SPEAKER, rule, kind=kind, org=cell.org, date=date, more=more, **parties)
