"""Acts as CSV, one row an act, and any table a mapping describes read as acts.

Standard: CSV (RFC 4180) in UTF-8 with a byte-order mark, as spreadsheets expect it; dates in EDTF (ISO 8601-2).
Drops: nothing of an act. Several values stand in one cell, an empty text is told from none, and no cell is run as a
formula: see `cells.py`. What a spreadsheet makes of the file when it saves it is read as well: semicolons or tabs
between cells, a line `sep=;` before the first row, UTF-16.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, BinaryIO

from foedus.exchange.act_lines import act_of
from foedus.exchange.cells import EMPTY, guarded, joined, parted, unguarded
from foedus.exchange.goods import Goods, ReadActs, beyond_reading, listed, tell
from foedus.exchange.mapping import (
    DATES,
    LISTS,
    PARTIES,
    ROWS,
    ColumnMap,
    choices_of,
    day_of,
    no_choice,
    own_mapping,
    see_party,
)
from foedus.terms import Act, Day, FoedusError, Source
from foedus.terms.ids import act_id

LONGEST = 20_000_000
"""Characters of the longest cell, and of the longest line, that is read."""

_PLAIN = ("note", "recorded")  # texts that are never none: an empty one needs no cell
_COUNTED = ("source", "conflict_field")
_DELIMITERS = ",;\t"
_SAID = re.compile(r'"?sep=(.)"?[\r\n]*', re.S)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes acts as CSV with the columns of our own mapping; nothing is dropped, what cannot come back is told."""
    mapping = own_mapping()
    text = io.TextIOWrapper(out, mapping.encoding, newline="", errors="backslashreplace", write_through=True)
    text.write(_written([column for (column,) in mapping.columns.values()], mapping))
    too_long = []
    for act in goods.acts:
        row = cells_of(act)
        cells = [(guarded(row[name]) or EMPTY) if name in row else "" for name in mapping.columns]
        line = _written(cells, mapping)
        text.write(line)
        if len(line) > LONGEST and max(map(len, (*cells, *re.findall(r"[^\r\n]*(?:\r\n|\r|\n)", line)))) > LONGEST:
            too_long.append(act.id)
    text.detach()
    return tuple(beyond_reading(too_long, f"{LONGEST:,} characters"))


def _written(cells: Sequence[str], mapping: ColumnMap) -> str:
    row = io.StringIO()
    csv.writer(row, delimiter=mapping.delimiter).writerow(cells)
    return row.getvalue()


def cells_of(act: Act) -> dict[str, str]:
    """The cells of an act keyed by field, several values joined.

    A field without a value has none; one whose text is empty has an empty cell.
    """
    row = act.to_json() | dict(act.more)
    cells = {name: text for name, text in row.items() if isinstance(text, str) and (text or name not in _PLAIN)}
    cells |= {"forced": "true"} if act.forced else {}
    lists = {"actors": act.actors, "body": act.body, "targets": act.targets, "claims": act.claims}
    cells |= {name: joined(values) for name, values in lists.items() if values}
    for name, (group, part) in ROWS.items():
        values = [one[part] or "" for one in row[group]]
        # The part that every source and conflict has stands there, be it empty, so that their number is told.
        if any(values) or (values and name in _COUNTED):
            cells[name] = joined(values)
    return cells


def read(file: BinaryIO, where: str, mapping: ColumnMap | None = None) -> ReadActs:
    """The acts of a CSV; of our own where no mapping is given, then equal to those written.

    A row without an id gets one from its roles; without an origin it comes from a person.

    Raises:
        FoedusError: not in the encoding told, a damaged row, a column the mapping names that is not there or there
            twice, a date in none of the formats, a party that is none; names file, line and column.
    """
    # Ours reads with any delimiter: a spreadsheet may have saved it.
    mapping = mapping or replace(own_mapping(), delimiter="")
    # Closed whatever happens, so that the file is let go before its owner closes it.
    with closing(table_rows(file, where, mapping)) as rows:
        line, head = next(rows, (1, []))
        head = [name.strip() for name in head]
        _see_columns(head, mapping, f"{where}:{line}")
        row = _Row(mapping, {name: place for place, name in enumerate(head)}, where)
        acts = tuple(row.act(line, cells, len(head)) for line, cells in rows)
    named = {column for columns in mapping.columns.values() for column in columns}
    unmapped = [name for name in head if name and name not in named]
    why = f"left out, no field is mapped to: {listed(unmapped)}"
    left_out = (*tell(len(unmapped), "column", why), *tell(head.count(""), "column", "without a name left out"))
    return ReadActs(acts, left_out)


def _see_columns(head: Sequence[str], mapping: ColumnMap, place: str) -> None:
    """See that every column that is wanted is there once; of ours only the kind must be there."""
    if not head:
        raise FoedusError(place, "is an empty table", "Save the table again, its first row naming the columns")
    for field, columns in mapping.columns.items():
        for column in columns:
            if head.count(column) > 1:
                what = f"names the column {column!r} {head.count(column)} times"
                raise FoedusError(place, what, f"Leave one, which is to hold {field}")
            if column not in head and (not mapping.guarded or field == "kind"):
                near = difflib.get_close_matches(column, head[:1000], 1, 0.6)  # a hostile table names millions
                do = f"The nearest is {near[0]!r}" if near else f"It has {', '.join(head)[:200]}"
                if mapping.guarded and not near:
                    do += "; a table of your own needs a mapping: --map FILE"
                raise FoedusError(place, f"has no column {column!r}, which is to hold {field}", do)


def table_rows(file: BinaryIO, where: str, mapping: ColumnMap) -> Generator[tuple[int, list[str]]]:
    """The rows of a CSV with the lines they begin on; empty rows are passed over.

    A byte-order mark tells the encoding, and a line `sep=;` the delimiter, whatever the mapping says.

    Raises:
        FoedusError: a damaged row, a cell too long, or bytes of another encoding.
    """
    encoding = _encoding(file, mapping)
    text = io.TextIOWrapper(file, encoding, newline="")
    before = csv.field_size_limit(LONGEST)
    line = 1
    try:
        lines = _short_lines(text, where)
        first = next(lines, "")
        said = _SAID.fullmatch(first)
        delimiter = said[1] if said else mapping.delimiter or _delimiter(first, mapping)
        reader = csv.reader(lines if said else chain([first], lines), delimiter=delimiter, strict=True)
        line = start = 2 if said else 1
        for cells in reader:
            if any(cells):
                yield line, cells
            line = start + reader.line_num
    except csv.Error as error:
        raise FoedusError(f"{where}:{line}", f"is a damaged row ({error})", "Save the table as CSV again") from None
    except UnicodeError as error:
        what = f"is not in {encoding} ({error.reason if isinstance(error, UnicodeDecodeError) else error})"
        do = "Name the right encoding in the mapping: encoding = ..., or save the table as UTF-8"
        raise FoedusError(f"{where}:{_broken_line(file, encoding, line)}", what, do) from None
    finally:
        csv.field_size_limit(before)
        text.detach()


def _encoding(file: BinaryIO, mapping: ColumnMap) -> str:
    """The encoding that a mark at the beginning tells, else that of the mapping."""
    if not file.seekable():
        return mapping.encoding
    head = file.read(3)
    file.seek(0)
    return next((name for mark, name in _MARKS if head.startswith(mark)), mapping.encoding)


def _delimiter(first: str, mapping: ColumnMap) -> str:
    """What parts the first line into most of the columns that are looked for."""
    wanted = {column for columns in mapping.columns.values() for column in columns}

    def found(delimiter: str) -> int:
        head = next(csv.reader([first], delimiter=delimiter), [])
        return len(wanted & {name.strip() for name in head})

    return max(_DELIMITERS, key=found)


def _broken_line(file: BinaryIO, encoding: str, line: int) -> int:
    """The line with the first bytes that are not in an encoding: text is decoded ahead of the rows it gives."""
    if not file.seekable():
        return line
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    for number, part in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
        try:
            decoder.decode(part)
        except UnicodeError:
            return number
    return line


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
        for field, columns in self.mapping.columns.items():
            held = [cells[self.index[c]] for c in columns if c in self.index and self.index[c] < len(cells)]
            if self.mapping.guarded:
                held = [unguarded(cell) for cell in held if cell]
            else:
                held = [cell for cell in map(str.strip, held) if cell]
            if held:
                row[field] = self._value(field, held, f"{place}, column {columns[0]}")
        if "kind" not in row:
            raise FoedusError(place, "tells no kind of act", "Fill its cell, or name it under [constants]")
        row["forced"] = self._forced(row.get("forced", "false"), place)
        self._gather(row, place)
        act = act_of({"id": "", **row}, place)
        if not act.published and not self.mapping.guarded:
            act = replace(act, published=_said_first(act.sources))
        return act if "id" in row else replace(act, id=act_id(act))

    def _constants(self, place: str) -> dict[str, Any]:
        return {name: self._value(name, [text], place) for name, text in self.mapping.constants.items()}

    def _value(self, field: str, held: Sequence[str], place: str) -> Any:
        """A field's value: a text, or a tuple for the fields that hold several."""
        translated = self.mapping.values.get(field, {})
        if field in LISTS or field in ROWS:
            # A translation of a whole cell comes before its parting into several values.
            # A cell that is there and empty is one empty value.
            parts = [[cell] if cell in translated else parted(cell, self.mapping.separator) or [""] for cell in held]
            values = [translated.get(value, value) for part in parts for value in part]
        else:
            values = [translated.get(held[0], held[0])]
        if field in DATES:
            values = [self._day(value, place) if value else "" for value in values]
        elif field in PARTIES and self.mapping.checked:
            for value in values:
                see_party(value, place, f"Say what it means under [values.{field}] of the mapping")
        elif not self.mapping.guarded and (choices := choices_of(field)) and values[0] not in choices:
            do = f"Say what it means under [values.{field}] of the mapping"
            raise FoedusError(place, no_choice(field, values[0]), do)
        return tuple(values) if field in LISTS or field in ROWS else values[0]

    def _day(self, text: str, place: str) -> str:
        for pattern in self.mapping.dates:
            try:
                return day_of(text, pattern).edtf
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


def _said_first(sources: Sequence[Source]) -> Day | None:
    days = [source.published for source in sources if source.published]
    return min(days, key=lambda day: day.sort_key, default=None)
