"""Acts as CSV, one row an act, and any table a mapping describes read as acts.

Standard: CSV (RFC 4180) in UTF-8 with a byte-order mark, as spreadsheets expect it; dates in EDTF (ISO 8601-2).
Drops: nothing of an act, but that a role whose text is empty reads back as one that is not there. Several values stand
in one cell, and no cell is run as a formula: see `cells.py`.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from foedus.exchange.act_lines import act_of
from foedus.exchange.cells import guarded, joined, parted, unguarded
from foedus.exchange.goods import Goods, ReadActs, tell
from foedus.exchange.mapping import DATES, LISTS, ROWS, ColumnMap, own_mapping
from foedus.terms import Act, Day, FoedusError, Party, Sort, Source, StateCode, states
from foedus.terms.ids import act_id

LONGEST = 2_000_000
"""Characters of the longest cell read."""


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes acts as CSV with the columns of our own mapping; nothing is dropped."""
    mapping = own_mapping()
    text = io.TextIOWrapper(out, mapping.encoding, newline="", errors="backslashreplace", write_through=True)
    table = csv.writer(text, delimiter=mapping.delimiter)
    table.writerow([column for (column,) in mapping.columns.values()])
    for act in goods.acts:
        row = cells_of(act)
        table.writerow([guarded(row.get(name, "")) for name in mapping.columns])
    text.detach()
    return ()


def cells_of(act: Act) -> dict[str, str]:
    """The cells of an act keyed by field, several values joined; a field without a value has none."""
    row = act.to_json() | dict(act.more)
    cells = {name: row[name] for name in row if isinstance(row[name], str) and row[name]}
    cells |= {"body": joined(act.body), "forced": "true" if act.forced else ""}
    cells |= {name: joined(row[name]) for name in ("actors", "targets", "claims")}
    for name, (group, part) in ROWS.items():
        values = [one[part] or "" for one in row[group]]
        cells[name] = joined(values) if any(values) else ""
    return cells


def read(file: BinaryIO, where: str, mapping: ColumnMap | None = None) -> ReadActs:
    """The acts of a CSV; of our own where no mapping is given, then equal to those written.

    A row without an id gets one from its roles; without an origin it comes from a person.

    Raises:
        FoedusError: not in the encoding told, a damaged row, a column the mapping names that is not there, a date in
            none of the formats, a party that is none; names file, line and column.
    """
    mapping = mapping or own_mapping()
    # Closed whatever happens, so that the file is let go before its owner closes it.
    with closing(table_rows(file, where, mapping)) as rows:
        _, head = next(rows, (1, []))
        head = [name.strip() for name in head]
        index = {name: place for place, name in reversed(list(enumerate(head)))}
        for field, columns in mapping.columns.items():
            for column in columns:
                if column not in index and (mapping is not own_mapping() or field == "kind"):
                    near = difflib.get_close_matches(column, head, 1, 0.6)
                    do = f"The nearest is {near[0]!r}" if near else f"It has {', '.join(head)[:200] or 'none'}"
                    raise FoedusError(f"{where}:1", f"has no column {column!r}, which is to hold {field}", do)
        row = _Row(mapping, index, where)
        acts = tuple(row.act(line, cells, len(head)) for line, cells in rows)
    named = {column for columns in mapping.columns.values() for column in columns}
    unnamed = [name for name in head if name not in named]
    why = f"left out, no field is mapped to: {', '.join(unnamed)}"
    return ReadActs(acts, tuple(tell(len(unnamed), "column", why)))


def table_rows(file: BinaryIO, where: str, mapping: ColumnMap) -> Generator[tuple[int, list[str]]]:
    """The rows of a CSV with the lines they begin on; empty rows are passed over.

    Raises:
        FoedusError: a damaged row, a cell too long, or bytes of another encoding.
    """
    text = io.TextIOWrapper(file, mapping.encoding, newline="")
    reader = csv.reader(_short_lines(text, where), delimiter=mapping.delimiter, strict=True)
    before = csv.field_size_limit(LONGEST)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise FoedusError(f"{where}:{line}", f"is a damaged row ({error})", "Save the table as CSV again") from None
    except UnicodeDecodeError as error:
        what = f"is not in {mapping.encoding} ({error.reason})"
        raise FoedusError(f"{where}:{line}", what, "Name the right encoding in the mapping: encoding = ...") from None
    finally:
        csv.field_size_limit(before)
        text.detach()


def _short_lines(text: io.TextIOWrapper, where: str) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise FoedusError(f"{where}:{number}", f"is longer than {LONGEST:,} characters", "Save the table again")
        yield line


@dataclass(frozen=True)
class _Row:
    """Rows of one table as acts."""

    mapping: ColumnMap
    index: Mapping[str, int]
    where: str

    def act(self, line: int, cells: Sequence[str], width: int) -> Act:
        place = f"{self.where}:{line}"
        if len(cells) > width:
            what = f"has {len(cells)} cells, and the first row names {width} columns"
            raise FoedusError(place, what, 'Put a cell that holds the delimiter in "quotes"')
        row: dict[str, Any] = {"modality": "reported", "origin": "person", **self._constants(place)}
        if self.mapping.guarded:
            cells = [unguarded(cell) for cell in cells]
        for field, columns in self.mapping.columns.items():
            held = [cells[self.index[c]] for c in columns if c in self.index and self.index[c] < len(cells)]
            if not self.mapping.guarded:
                held = [cell.strip() for cell in held]
            if any(held):
                row[field] = self._value(field, held, f"{place}, column {columns[0]}")
        if "kind" not in row:
            raise FoedusError(place, "tells no kind of act", "Fill its cell, or name it under [constants]")
        row["forced"] = self._forced(row.get("forced", "false"), place)
        self._gather(row, place)
        row.setdefault("id", "")
        act = act_of(row, place)
        if not act.published and not self.mapping.guarded:
            act = replace(act, published=_said_first(act.sources))
        return act if act.id else replace(act, id=act_id(act))

    def _constants(self, place: str) -> dict[str, Any]:
        return {name: self._value(name, [text], place) for name, text in self.mapping.constants.items()}

    def _value(self, field: str, held: Sequence[str], place: str) -> Any:
        """A field's value: a text, or a tuple for the fields that hold several."""
        translated = self.mapping.values.get(field, {})
        if field in LISTS or field in ROWS:
            # A translation of a whole cell comes before its parting into several values.
            parts = [[cell] if cell in translated else parted(cell, self.mapping.separator) for cell in held]
            values = [translated.get(value, value) for part in parts for value in part]
        else:
            values = [translated.get(held[0], held[0])]
        if field in DATES:
            values = [self._day(value, place) if value else "" for value in values]
        elif field in ("actors", "body", "targets") and self.mapping.checked:
            for value in values:
                _see_party(value, field, place)
        return tuple(values) if field in LISTS or field in ROWS else values[0]

    def _day(self, text: str, place: str) -> str:
        for pattern in self.mapping.dates:
            try:
                return Day.parse(text).edtf if pattern == "edtf" else _dated(text, pattern).edtf
            except ValueError:
                continue
        formats = " or ".join(self.mapping.dates)
        raise FoedusError(place, f"{text[:60]!r} is no date written as {formats}", "Add its format to `dates`")

    def _forced(self, text: str, place: str) -> bool:
        if text.lower() not in ("true", "false"):
            raise FoedusError(place, f"forced is {text[:40]!r}", "Write true or false, or leave it empty")
        return text.lower() == "true"

    def _gather(self, row: dict[str, Any], place: str) -> None:
        """Put sources and conflicts together out of their parts, and lists into the shape of JSON."""
        groups: dict[str, dict[str, tuple[str, ...]]] = {"sources": {}, "conflicts": {}}
        for field, (group, part) in ROWS.items():
            groups[group][part] = row.pop(field, ())
        for group, parts in groups.items():
            length = max(map(len, parts.values()))
            if any(values and len(values) != length for values in parts.values()):
                told = ", ".join(f"{len(values)} of {part}" for part, values in parts.items())
                raise FoedusError(place, f"{group} do not match: {told}", "Give each column as many values")
            columns = [values or ("",) * length for values in parts.values()]
            row[group] = [
                {part: value or None if part == "published" else value for part, value in zip(parts, one, strict=True)}
                for one in zip(*columns, strict=True)
            ]
        row |= {field: list(row[field]) for field in LISTS if field in row}


def _dated(text: str, pattern: str) -> Day:
    """The day of a text in a pattern of strptime, as precise as the pattern."""
    moment = datetime.strptime(text, pattern)
    told = set(re.findall("%(.)", pattern))
    if told & set("djxc"):
        return Day.of(moment.date())
    return Day.ymd(moment.year, moment.month if told & set("mbB") else None)


def _said_first(sources: Sequence[Source]) -> Day | None:
    days = [source.published for source in sources if source.published]
    return min(days, key=lambda day: day.sort_key, default=None)


def _see_party(text: str, field: str, place: str) -> None:
    try:
        party = Party.parse(text)
        if party.sort is Sort.STATE and StateCode(party.id) not in states():
            raise ValueError(f"{text!r} is no code of a state")
    except ValueError as error:
        what = str(error).split(":")[0] if len(text) > 60 else str(error)
        raise FoedusError(place, what, f"Say what it means under [values.{field}] of the mapping") from None
