"""YAML that remembers its lines, and refusals that name file, line, key and the nearest known key.

Charters and records are written by people, so every complaint must lead to a line. Scalars stay text: YAML would
read `on` as a truth value, `1992` as a number and `2022-01-06` as a date. Only an unquoted `true`, `false`,
`null` or nothing is more than text.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import yaml

from foedus.terms import FoedusError

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
# Deeper than any charter; a file nested deeper is damaged or hostile.
_DEEPEST = 40


class Table(dict[str, Any]):
    """A mapping of a YAML file; `line` is where it begins, `lines` the line of each key, both counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping where it does not have the key."""
        return self.lines.get(key, self.line)


class Listing(list[Any]):
    """A list of a YAML file; `line` is where it begins, `lines` the line of each item, both counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def parse_yaml(text: str, where: str) -> Table:
    """The one mapping of a YAML text, nested as `Table`, `Listing`, str, bool and None.

    Args:
        where: the file's name as complaints shall give it.
    Raises:
        FoedusError: no YAML, no mapping, a key twice, an anchor used again, or nesting beyond 40 levels.
    """
    loader = None
    try:
        loader = _Loader(text)
        loader.get_event(), loader.get_event()  # the beginnings of the stream and of the document
        first = loader.get_event()
        if not isinstance(first, yaml.MappingStartEvent):
            raise FoedusError(f"{where}:1", "expected keys with values at the top of the file")
        table = _value(loader, first, where, 0)
        loader.get_event()
        after = loader.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            at = f"{where}:{after.start_mark.line + 1}"
            raise FoedusError(at, "more than one YAML document", "Remove the lines that hold only ---")
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise FoedusError(f"{where}:{line}", f"no YAML: {wrong.problem or wrong.context}") from None
    except (yaml.YAMLError, ValueError) as wrong:
        raise FoedusError(where, f"no YAML: {' '.join(str(wrong).split())}") from None
    finally:
        if loader is not None:
            loader.dispose()
    assert isinstance(table, Table)
    return table


def _value(loader: Any, event: Any, where: str, depth: int) -> Any:
    """The value an event begins. Built from events, since PyYAML's own composer crashes on deep nesting."""
    line: int = event.start_mark.line + 1
    # An anchor used again lets one long line stand for gigabytes.
    if isinstance(event, yaml.AliasEvent):
        raise FoedusError(f"{where}:{line}", "an anchor used again", "Write the value out where it is needed")
    if depth > _DEEPEST:
        raise FoedusError(f"{where}:{line}", f"nested deeper than {_DEEPEST} levels")
    if isinstance(event, yaml.MappingStartEvent):
        table = Table(line)
        while not isinstance(named := loader.get_event(), yaml.MappingEndEvent):
            key_line = named.start_mark.line + 1
            if not isinstance(named, yaml.ScalarEvent):
                raise FoedusError(f"{where}:{key_line}", "a key must be a plain word")
            key = str(named.value)
            if key in table:
                raise FoedusError(f"{where}:{key_line}", f"key {key!r} stands twice, first in line {table.lines[key]}")
            table[key] = _value(loader, loader.get_event(), where, depth + 1)
            table.lines[key] = key_line
        return table
    if isinstance(event, yaml.SequenceStartEvent):
        listing = Listing(line)
        while not isinstance(item := loader.get_event(), yaml.SequenceEndEvent):
            listing.append(_value(loader, item, where, depth + 1))
            listing.lines.append(item.start_mark.line + 1)
        return listing
    text = str(event.value)
    # `implicit` tells an unquoted scalar from a quoted one, with either parser of PyYAML.
    return _PLAIN.get(text, text) if event.implicit[0] else text


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like a misspelt one, empty where none is near."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def unknown(where: str, line: int, what: str, word: str, known: Iterable[str]) -> FoedusError:
    """The refusal of a word outside a closed list, with the nearest word of the list."""
    listed = list(known)
    near = nearest(word, listed)
    do = f"Did you mean {near!r}?" if near else f"Known: {', '.join(listed)}"
    return FoedusError(f"{where}:{line}", f"unknown {what} {word!r}", do)


def check_keys(table: Table, where: str, what: str, known: Iterable[str], required: Iterable[str] = ()) -> None:
    """Nothing, where a mapping has only known keys and all required ones.

    Args:
        what: what the mapping is, as complaints shall call it: "act", "rule".
    Raises:
        FoedusError: a key that is not known, with the nearest known one; or a required key missing.
    """
    listed = list(known)
    for key in table:
        if key not in listed:
            raise unknown(where, table.lines[key], f"key of {what}", key, listed)
    for key in required:
        if table.get(key) is None:
            raise FoedusError(f"{where}:{table.line}", f"{what} without {key!r}", f"Add the key {key!r}")
