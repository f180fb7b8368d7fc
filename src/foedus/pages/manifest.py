"""Manifests: what is known of where pages came from, as JSON Lines or CSV.

One line per page: `path` (relative to the manifest's folder, or the file's name), and as far as known `url`,
`published` (EDTF, or an ISO 8601 instant, of which the day is kept) and `outlet`. Start at `read_manifest`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from foedus.terms import Day, FoedusError

KEYS = ("path", "url", "published", "outlet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest; `line` counts from 1."""

    path: str
    url: str | None
    published: Day | None
    outlet: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """0..n entries in the order of the file."""

    path: str
    entries: tuple[Entry, ...]
    _by_path: Mapping[str, Entry] = field(default_factory=dict, repr=False, compare=False)
    _by_name: Mapping[str, Entry | None] = field(default_factory=dict, repr=False, compare=False)

    def entry_for(self, path: str | os.PathLike[str]) -> Entry | None:
        """The entry of a page: by its path, else by its file name where only one entry bears it; else None."""
        found = self._by_path.get(os.path.realpath(path))
        return found or self._by_name.get(Path(path).name)


def read_manifest(path: str | os.PathLike[str]) -> Manifest:
    """The manifest of a file: CSV by the ending `.csv` or `.tsv`, else JSON Lines.

    Raises:
        FoedusError: cannot be read, or a line is malformed; names file, line, key and the nearest known key.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise FoedusError(str(path), f"the manifest cannot be read ({error.strerror})", "Check the path") from None
    except UnicodeDecodeError as error:
        raise FoedusError(str(path), f"byte {error.start} is no UTF-8", "Save the manifest as UTF-8") from None
    tables = {".csv": ",", ".tsv": "\t"}
    suffix = path.suffix.lower()
    rows = _csv_rows(path, text, tables[suffix]) if suffix in tables else _json_rows(path, text)
    entries: list[Entry] = []
    by_path: dict[str, Entry] = {}
    by_name: dict[str, Entry | None] = {}
    for line, row in rows:
        entry = _entry(path, line, row)
        real = os.path.realpath(path.parent / entry.path)
        if real in by_path:
            what = f"path {entry.path!r} stands on line {by_path[real].line} already"
            raise FoedusError(f"{path}:{line}", what, "Keep one line per page")
        by_path[real] = entry
        name = Path(entry.path).name
        by_name[name] = None if name in by_name else entry
        entries.append(entry)
    return Manifest(str(path), tuple(entries), by_path, by_name)


def _entry(path: Path, line: int, row: Mapping[str, object]) -> Entry:
    where = f"{path}:{line}"
    _check_keys(where, row)
    values: dict[str, str] = {}
    for key, value in row.items():
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise FoedusError(where, f"{key} is {value!r}, expected text", "Put the value in quotes")
        values[key] = value.strip()
    if not values.get("path"):
        raise FoedusError(where, "no path", "Say which page the line is about: path, relative to the manifest")
    if "\0" in values["path"]:
        raise FoedusError(where, "path holds a NUL character", "Write the path as text")
    published = None
    if "published" in values:
        try:
            published = day_of(values["published"])
        except ValueError as error:
            raise FoedusError(where, f"published: {error}", "Write a date as 2022-01-06") from None
    return Entry(values["path"], values.get("url"), published, values.get("outlet"), line)


def _check_keys(where: str, keys: Iterable[str]) -> None:
    for key in keys:
        if key not in KEYS:
            near = get_close_matches(key.lower(), KEYS, 1, 0.5)
            do = f"Did you mean {near[0]!r}?" if near else f"Known keys are {', '.join(KEYS)}"
            raise FoedusError(where, f"unknown key {key!r}", do)


def day_of(text: str) -> Day:
    """The day of an EDTF string or of an ISO 8601 instant (its own calendar day, whatever the zone).

    Raises:
        ValueError: neither.
    """
    text = text.strip()
    if len(text) > 10 and text[10] in "T " and text[4] == text[7] == "-":
        text = text[:10]
    return Day.parse(text)


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            told = f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "too deep"
            raise FoedusError(
                f"{path}:{number}", f"no JSON: {told}", "Write one object per line, or name a CSV file .csv"
            ) from None
        if not isinstance(row, dict):
            raise FoedusError(f"{path}:{number}", f"a {type(row).__name__}, expected an object", "Write {…} per line")
        yield number, row


def _csv_rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        _check_keys(f"{path}:1", ((key or "").strip() for key in reader.fieldnames or ()))
        for row in reader:
            if None in row:
                what = f"{len(row[None])} values more than the header has"
                raise FoedusError(f"{path}:{reader.line_num}", what, "Put values that hold a comma in quotes")
            yield reader.line_num, {(key or "").strip(): value for key, value in row.items()}
    except csv.Error as error:
        raise FoedusError(f"{path}:{reader.line_num}", f"no CSV: {error}", "Check the quotes of that line") from None
