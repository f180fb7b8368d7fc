"""The alliances of ATOP 5 as claims: who entered and left a treaty on which day, and when a treaty began and ended.

Standard: Alliance Treaty Obligations and Provisions 5, files of members (`atop-member-level.csv`) and of alliances
(`atop-alliance-level.csv`). Phases of one treaty that meet on a day are one membership. An exit in the year 0 is none.
A member that enters on the first day of a treaty is read as signing it; one that enters later, as acceding to it.
Drops: treaties of organisations without a charter here, states without a code, obligations, and the end of a treaty
as an exit of its members. No status is claimed: a party to a treaty need not be a member of an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from foedus.exchange.coded_sets import (
    DataSet,
    Row,
    code_in,
    first_columns,
    need_columns,
    open_set,
    orgs_by,
    states_by,
)
from foedus.exchange.goods import ReadClaims, tell
from foedus.terms import Claim, Day, FoedusError

NAME = "Alliance Treaty Obligations and Provisions (ATOP), version 5"
URL = "http://www.atopdata.org/"
SPEAKER = "party:atop"
WHY = (
    "a coded data set: it counts the signature of a protocol as an entry and a suspension as an exit, "
    "and its treaties are not the organisations"
)
_MEMBERS = ("atopid", "member", "yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
_ALLIANCES = ("atopid", "begyr", "begmo", "begday", "endyr", "endmo", "endday")


def knows(head: bytes) -> bool:
    """Whether a file's first line is that of one of the two files."""
    columns = first_columns(head)
    return set(_MEMBERS) <= columns or set(_ALLIANCES) <= columns


def read(file: BinaryIO, where: str) -> ReadClaims:
    """The claims of either file.

    Raises:
        FoedusError: neither of the two, or damaged; names file, line and column.
    """
    data = open_set(file, where)
    is_members = "member" in data.columns
    need_columns(data, _MEMBERS if is_members else _ALLIANCES)
    claims, left_out = _members(data) if is_members else _alliances(data)
    return ReadClaims(data.page(NAME, NAME, URL), tuple(claims), f"{NAME}: {WHY}", left_out)


@dataclass(frozen=True, slots=True)
class _Stay:
    """One phase of one member of one treaty."""

    treaty: int
    org: str
    state: str
    entry: Day
    exit: Day | None
    row: Row


def _members(data: DataSet) -> tuple[list[Claim], tuple[str, ...]]:
    orgs, states = orgs_by("treaties"), states_by("cow")
    stays: list[_Stay] = []
    others: set[int | None] = set()
    unknown: set[int | None] = set()
    for row in data.rows():
        treaty, member = data.number(row, "atopid"), data.number(row, "member")
        if treaty is None or treaty not in orgs:
            others.add(treaty)
        elif member not in states:
            unknown.add(member)
        else:
            entry = _day(data, row, "yrent", "moent", "dayent")
            if entry is None:
                what = "is empty or 0, and a member needs a year of entry"
                raise FoedusError(f"{data.where}:{row.line}, column yrent", what, "Mend the cell")
            left = _day(data, row, "yrexit", "moexit", "dayexit")
            if left and left.last < entry.first:
                what = f"is {left.edtf}, before the entry on {entry.edtf}"
                raise FoedusError(
                    f"{data.where}:{row.line}, column yrexit", what, "Mend the cell, or leave the row out"
                )
            stays.append(_Stay(treaty, orgs[treaty], code_in(states[member], entry.first.year), entry, left, row))
    claims = [claim for treaty in _by_treaty(stays).values() for claim in _of_treaty(data, treaty)]
    left_out = (
        *tell(len(others), "alliance", "of no organisation with a charter here left out"),
        *tell(len(unknown), "state", "without a code of ours left out"),
    )
    return claims, left_out


def _by_treaty(stays: Sequence[_Stay]) -> Mapping[int, Sequence[_Stay]]:
    found: dict[int, list[_Stay]] = {}
    for stay in stays:
        found.setdefault(stay.treaty, []).append(stay)
    return found


def _of_treaty(data: DataSet, stays: Sequence[_Stay]) -> Iterator[Claim]:
    began = min(stay.entry.first for stay in stays)
    # All that were left went on one day: the treaty ended, nobody left it.
    ended = None if any(stay.exit is None for stay in stays) else max(s.exit.last for s in stays if s.exit)
    for stay in stays:
        same = [other for other in stays if other.state == stay.state]
        if not any(other.exit and other.exit.edtf == stay.entry.edtf for other in same):
            kind = "sign" if stay.entry.first == began else "accede"
            yield _claim(data, stay, kind, stay.entry, "entered")
        goes_on = any(stay.exit and other.entry.edtf == stay.exit.edtf for other in same)
        if stay.exit and not goes_on and stay.exit.last != ended:
            yield _claim(data, stay, "withdraw", stay.exit, "left")


def _claim(data: DataSet, stay: _Stay, kind: str, day: Day, did: str) -> Claim:
    detail = f"coded as having {did} treaty {stay.treaty}"
    detail += (
        "; a suspension may be coded so" if kind == "withdraw" else "; the signature of a protocol may be coded so"
    )
    more = {"document": f"ATOP treaty {stay.treaty}", "detail": detail}
    rule = f"atop-member:{'yrexit' if kind == 'withdraw' else 'yrent'}"
    return data.claim(stay.row, SPEAKER, rule, kind=kind, org=stay.org, actors=(stay.state,), date=day, more=more)


def _alliances(data: DataSet) -> tuple[list[Claim], tuple[str, ...]]:
    orgs = orgs_by("treaties")
    claims: list[Claim] = []
    others = 0
    for row in data.rows():
        treaty = data.number(row, "atopid")
        if treaty is None or treaty not in orgs:
            others += 1
            continue
        more = {"document": f"ATOP treaty {treaty}"}
        began = _day(data, row, "begyr", "begmo", "begday")
        ended = _day(data, row, "endyr", "endmo", "endday")
        if began:
            told = {**more, "detail": "the day coded as the beginning; who signed that day is not in this file"}
            claims.append(
                data.claim(row, SPEAKER, "atop-alliance:begyr", kind="sign", org=orgs[treaty], date=began, more=told)
            )
        if ended:
            told = {**more, "detail": "the day coded as the end"}
            claims.append(
                data.claim(row, SPEAKER, "atop-alliance:endyr", kind="lapse", org=orgs[treaty], date=ended, more=told)
            )
    return claims, tuple(tell(others, "row", "of treaties of no organisation with a charter here left out"))


def _day(data: DataSet, row: Row, year: str, month: str, day: str) -> Day | None:
    """The day of three cells, as precise as they are; None where the year is 0 or empty.

    Raises:
        FoedusError: no such calendar day.
    """
    y = data.number(row, year, least=0, most=2100)
    if not y:
        return None
    m = data.number(row, month, least=0, most=12) or None
    d = (data.number(row, day, least=0, most=31) or None) if m else None
    try:
        return Day.ymd(y, m, d)
    except ValueError as error:
        raise FoedusError(f"{data.where}:{row.line}, column {day}", str(error), "Mend the cell") from None
