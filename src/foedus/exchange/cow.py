"""The memberships of COW IGO 3.0 as claims: what its codes say changed from one listed year to the next.

Standard: Correlates of War, Intergovernmental Organizations 3.0, files of organisation-years (`igo_year_format3.csv`)
and of state-years (`state_year_format3.csv`). Codes: 0 no member, 1 full member, 2 associate, 3 observer, -9 missing,
-1 the state (or the organisation) does not exist. An empty cell is read as -1, `NA` and `.` as missing: the files that
statistics programs write have them where nothing is known.
Drops: organisations without a charter here, states without a code, columns that tell no membership, and years of which
two rows say two things. A year is all it knows: a change between listed years, or out of missing ones, is dated by
their span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from foedus.exchange.coded_sets import (
    DataSet,
    Row,
    caution_on,
    code_in,
    described_by,
    first_columns,
    need_columns,
    open_set,
    orgs_by,
    span_of,
    states_by,
)
from foedus.exchange.goods import ReadClaims, listed, tell
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
    found, contradicted = _series(data, cells)
    claims = tuple(claim for series in found for claim in _changes(data, series))
    return ReadClaims(data.page(NAME, NAME, URL), claims, f"{NAME}: {WHY}", (*unread, *contradicted))


@dataclass(frozen=True, slots=True)
class _Cell:
    """What one cell says of a state in an organisation in a year.

    `number` is by which of its numbers or columns the state is meant, `since` the organisation's own first year.
    """

    org: str
    state: str
    number: str
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
            cells.append(_Cell(orgs[number], states[name], name, year, _code(data, row, name), name, row, since))
    strange = [name for name in data.columns if name and name not in states and name not in described_by("igo")]
    return cells, (
        *tell(len(others), "organisation", "without a charter here left out"),
        *tell(len(strange), "column", f"of no state with a code of ours left out: {listed(strange)}"),
    )


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
            code = _code(data, row, name)
            cells.append(_Cell(orgs[name], states[number], str(number), year, code, name, row, None))
    strange = [name for name in data.columns if name and name not in orgs and name not in described_by("state")]
    return cells, (
        *tell(len(others), "state", "without a code of ours left out"),
        *tell(len(strange), "column", f"of no organisation with a charter here left out: {listed(strange)}"),
    )


def _year(data: DataSet, row: Row) -> int:
    year = data.number(row, "year", least=1800, most=2100)
    if year is None:
        what = "is empty, or says that nothing is known"
        raise FoedusError(f"{data.where}:{row.line}, column year", what, "Mend the cell, or leave the row out")
    return year


def _code(data: DataSet, row: Row, column: str) -> int:
    if not row.cells[column].strip():
        return NOWHERE
    code = data.number(row, column, least=MISSING, most=OBSERVER)
    if code is None:
        return MISSING
    if code not in _WORDS and code != MISSING:
        what = f"{code} is no code of a membership"
        raise FoedusError(f"{data.where}:{row.line}, column {column}", what, "Codes are -9, -1, 0, 1, 2 and 3")
    return code


def _series(data: DataSet, cells: Iterable[_Cell]) -> tuple[Sequence[Sequence[_Cell]], Iterable[str]]:
    """Cells by organisation and state, each by year; and in words where two contradict each other: neither counts."""
    found: dict[tuple[str, str], dict[int, list[_Cell]]] = {}
    for cell in cells:
        found.setdefault((cell.org, cell.state), {}).setdefault(cell.year, []).append(cell)
    series: list[list[_Cell]] = []
    told: list[str] = []
    for (org, state), years in sorted(found.items()):
        series.append([])
        for year, said in sorted(years.items()):
            if _contradict(said):
                sides = [cell for cell in said if cell.code >= OUT]
                sides = sides if len({cell.code for cell in sides}) > 1 else [c for c in said if c.code != MISSING]
                lines = " and ".join(f"{data.where}:{cell.row.line} ({cell.code})" for cell in sides[:4])
                told.append(f"{state} in {org} in {year}, {lines}")
                series[-1].append(replace(said[0], code=MISSING))
            else:
                series[-1].append(max(said, key=lambda cell: (cell.code >= OUT, cell.code == MISSING)))
    why = f"left out, neither side taken: {listed(told, '; ')}"
    return series, tell(len(told), "contradiction", why)


def _contradict(cells: Sequence[_Cell]) -> bool:
    """Whether cells on one year of a state contradict each other: one number twice, or two that were both there."""
    said = {(cell.number, cell.code) for cell in cells if cell.code != MISSING}
    there = {code for _, code in said if code != NOWHERE}
    return len({number for number, _ in said}) < len(said) or len(there) > 1


def _changes(data: DataSet, series: Sequence[_Cell]) -> Iterator[Claim]:
    before = NOWHERE
    # The last year that tells of the status before. Before the first row that is the eve of the organisation, if known.
    first = series[0]
    last = first.since - 1 if first.since and first.since <= first.year else None
    for cell in series:
        if cell.code == MISSING:
            continue
        if cell.code != before:
            yield from _change(data, cell, before, last)
        before, last = cell.code, cell.year


def _change(data: DataSet, cell: _Cell, before: int, last: int | None) -> Iterator[Claim]:
    """The claims of a change: the end of the status before, then the beginning of the new one, as far as there are any.

    None where a state or an organisation merely ceases to exist.
    """
    if cell.code == NOWHERE:
        return
    date = span_of(None if last is None else last + 1, cell.year)
    state = code_in(cell.state, cell.year)
    detail = f"coded {cell.code} ({_WORDS[cell.code]}) in {cell.year}"
    detail += f", {before} ({_WORDS[before]}) before" if before != NOWHERE else ", the first year it is in the data"
    if caution := caution_on(cell.org):
        detail += f"; the data set {caution}"

    def claim(kind: str, status: int, **parties: tuple[str, ...]) -> Claim:
        more = {"status": _STATUS[status], "detail": detail}
        rule = f"cow-igo:{cell.column}"
        return data.claim(cell.row, SPEAKER, rule, kind=kind, org=cell.org, date=date, more=more, **parties)

    if before == FULL and cell.code == OUT:
        yield claim("withdraw", before, actors=(state,))
    elif before in _STATUS:
        # A member that becomes an associate has left nothing, but is a member no more.
        yield claim("end_status", before, targets=(state,))
    if cell.code == FULL:
        yield claim("accede", cell.code, actors=(state,))
    elif cell.code in _STATUS:
        yield claim("grant_status", cell.code, targets=(state,))
