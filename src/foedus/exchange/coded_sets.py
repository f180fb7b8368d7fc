"""Coded data sets as claims: the file is a page, a row is evidence, the data set is who says so: nothing is truth.

What is shared by `cow.py` and `atop.py`: rows with their places in the text as received, and the ids of
`coded_sets.toml`. Standard: CSV (RFC 4180), with commas or tabs.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from foedus.ledger import SeenPage
from foedus.terms import Claim, Confidence, Day, Evidence, FoedusError

LARGEST = 200_000_000
"""Bytes of the largest data set read."""

WIDEST = 2_000_000
"""Characters of the longest row read."""


_WHOLE = re.compile(r"-?[0-9]{1,8}(\.0*)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place: the line it begins on, and its characters in the text, without the end of line."""

    line: int
    start: int
    end: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A file of a data set: its name, its text as received, the hash of its bytes, its columns in small letters."""

    where: str
    text: str
    sha256: str
    encoding: str
    columns: tuple[str, ...]
    delimiter: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.where.replace("\\", "/").rsplit("/", 1)[-1]

    def rows(self) -> Iterator[Row]:
        """Rows after the first, each with its place; empty ones are passed over.

        Raises:
            FoedusError: a damaged row, or one with too many or too few cells; names file and line.
        """
        for line, start, end, cells in _scan(self.text, self.delimiter, self.where):
            if start == 0 or not any(cells):
                continue
            if len(cells) != len(self.columns):
                what = f"has {len(cells)} cells, and the first row names {len(self.columns)} columns"
                raise FoedusError(f"{self.where}:{line}", what, "Fetch the file again, or leave the row out")
            yield Row(line, start, end, dict(zip(self.columns, cells, strict=True)))

    def number(self, row: Row, column: str, *, least: int = -9, most: int = 99_999) -> int | None:
        """A whole number of a row, None for an empty cell or one that says nothing is known (`.`, `NA`).

        Raises:
            FoedusError: something else stands there; names file, line and column.
        """
        text = row.cells[column].strip()
        if text in ("", ".", "NA"):
            return None
        number = int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else None
        if number is None or not least <= number <= most:
            what = f"{text[:40]!r} is no whole number from {least} to {most}"
            raise FoedusError(f"{self.where}:{row.line}, column {column}", what, "Mend the cell, or leave the row out")
        return number

    def page(self, title: str, outlet: str, url: str) -> SeenPage:
        """The file as a page that a ledger keeps."""
        return SeenPage(
            name=self.name,
            sha256=self.sha256,
            text=self.text,
            url=url,
            outlet=outlet,
            media="text/csv",
            encoding=self.encoding,
            title=title,
            chain=(("data set", outlet),),
        )

    def claim(self, row: Row, speaker: str, rule: str, **roles: Any) -> Claim:
        """A claim that rests on one row. It is inferred: a coder stands between it and what was done."""
        return Claim(
            **roles,
            page=self.name,
            evidence=Evidence(row.start, row.end, self.text[row.start : row.end]),
            language="en",
            attributed_to=(speaker,),
            confidence=Confidence.INFERRED,
            rule=rule,
        )


def open_set(file: BinaryIO, where: str) -> DataSet:
    """The data set of a file; UTF-8, else the Western encoding of old statistics programs.

    Raises:
        FoedusError: too large, empty, or not text.
    """
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FoedusError(where, f"is larger than the {LARGEST:,} bytes read as one data set", "Cut it into files")
    try:
        text, encoding = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", "replace"), "cp1252"
    if "\0" in text[:10_000]:
        raise FoedusError(where, "is no text", "Give the CSV as published")
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    head = next(_scan(text, delimiter, where), None)
    if head is None or not any(head[3]):
        raise FoedusError(where, "is empty", "Fetch the file again")
    columns = tuple(cell.strip().lower() for cell in head[3])
    for name, times in Counter(columns).items():
        if name and times > 1:
            what = f"names the column {name[:60]!r} {times} times"
            raise FoedusError(f"{where}:1", what, "Leave one: which of them holds cannot be told")
    return DataSet(where, text, hashlib.sha256(data).hexdigest(), encoding, columns, delimiter)


def need_columns(data: DataSet, names: Sequence[str]) -> None:
    """See that columns are there.

    Raises:
        FoedusError: one is not.
    """
    for name in names:
        if name not in data.columns:
            raise FoedusError(f"{data.where}:1", f"has no column {name}", "Give the file as published, header included")


def first_columns(head: bytes) -> frozenset[str]:
    """The columns a file names in its first line, in small letters."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("ascii", "replace").lower()
    return frozenset(cell.strip('" \r') for cell in line.replace("\t", ",").split(","))


def _scan(text: str, delimiter: str, where: str) -> Iterator[tuple[int, int, int, list[str]]]:
    """Rows as (line, start, end, cells); places count characters of the text."""
    place = 0

    def lines() -> Iterator[str]:
        nonlocal place
        # A line ends where a CSV says, not at every mark that Unicode knows as one.
        while place < len(text):
            found = text.find("\n", place, place + WIDEST)
            if found < 0 and len(text) - place > WIDEST:
                raise FoedusError(where, f"has a line longer than {WIDEST:,} characters", "Fetch the file again")
            start, place = place, len(text) if found < 0 else found + 1
            yield text[start:place]

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    line, start = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FoedusError(f"{where}:{line}", f"is a damaged row ({error})", "Fetch the file again") from None
        end = start + len(text[start:place].rstrip("\r\n"))
        yield line, start, end, cells
        line, start = reader.line_num + 1, place


@cache
def ids() -> Mapping[str, Any]:
    """The ids of `coded_sets.toml` as data."""
    return tomllib.loads((files("foedus.exchange") / "coded_sets.toml").read_text("utf8"))


@cache
def orgs_by(key: str) -> Mapping[Any, str]:
    """Organisations keyed by their id in a data set: `igo`, `column` or `treaties`."""
    found = {}
    for org, row in ids()["org"].items():
        for one in row.get(key, ()) if isinstance(row.get(key), list) else [row[key]] if key in row else []:
            found[one] = org
    return found


@cache
def described_by(file: str) -> frozenset[str]:
    """The columns of a file of COW that describe a row and tell no membership: `igo` or `state`."""
    return frozenset(ids()["described"][file])


@cache
def states_by(key: str) -> Mapping[Any, str]:
    """States keyed by their id in a data set: `cow` for numbers, `columns` for names of columns."""
    return {one: code for code, row in ids()["state"].items() for one in row[key]}


def code_in(state: str, year: int) -> str:
    """The code a state goes by in a year: one number may stand for two states, one after the other."""
    earlier = ids()["earlier"].get(state)
    return str(earlier["code"]) if earlier and earlier["years"][0] <= year <= earlier["years"][1] else state


def caution_on(org: str) -> str:
    """What the data sets count of an organisation that a lawyer would not; empty where nothing is known."""
    return str(ids()["org"][org].get("caution", ""))


def span_of(first: int | None, last: int) -> Day:
    """The day of a change that came after the last year of one status, up to the first year of the next."""
    if first == last:
        return Day.ymd(last)
    return Day.parse(f"{first:04d}/{last:04d}" if first else f"../{last:04d}")
