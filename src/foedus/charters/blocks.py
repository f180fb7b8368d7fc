"""YAML read with its lines kept, so that every complaint names file, line and key, and the nearest known key.

Start at `open_block`. A `Block` is one mapping of a file. Whoever reads it asks for each key it knows; `finish`
then refuses every key nobody asked for. Scalars stay text as written: YAML's own guesses (`no` as false, a date
as a date) never apply.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from foedus.terms import Day, FoedusError, Interval

# Far above any charter (the longest shipped has some 60 kB); below what a hostile file needs to hurt.
MAX_BYTES = 4_000_000
MAX_NODES = 400_000
MAX_DEPTH = 60

E = TypeVar("E", bound=StrEnum)


class CharterError(FoedusError):
    """A charter file that cannot be accepted: where, what was found, what was expected."""


def open_block(path: Path) -> Block:
    """The outermost mapping of a YAML file.

    Raises:
        CharterError: unreadable, too large, too deep, not YAML, or no mapping at the top.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CharterError(str(path), f"cannot be read ({error.strerror or error})") from None
    if len(raw) > MAX_BYTES:
        raise CharterError(str(path), f"has {len(raw):,} bytes, more than the {MAX_BYTES:,} a charter may have")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CharterError(str(path), f"is not UTF-8 text (byte {error.start})") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CharterError(f"{path}:{line}", f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise CharterError(str(path), f"is not YAML: {error}") from None
    except RecursionError:
        raise CharterError(str(path), "is nested too deeply") from None
    if not isinstance(node, yaml.MappingNode):
        raise CharterError(f"{path}:1", f"holds {_sort(node)} at the top, expected keys with values (org: ...)")
    _measure(path, node)
    return Block(path, node)


def _measure(path: Path, root: yaml.Node) -> None:
    """Refuse what aliases blow up: nodes are counted as often as they would be read."""
    seen = 0
    stack: list[tuple[yaml.Node, int]] = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        seen += 1
        if seen > MAX_NODES or depth > MAX_DEPTH:
            raise CharterError(
                f"{path}:{node.start_mark.line + 1}",
                "grows too large when its aliases are written out",
                "Write the values out instead of repeating them with * and &",
            )
        if isinstance(node, yaml.MappingNode):
            stack.extend((part, depth + 1) for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((part, depth + 1) for part in node.value)


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known word, empty where none is near."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {found[0]!r}?" if found else ""


@dataclass(slots=True)
class Block:
    """One mapping of a file, with the keys asked for so far."""

    path: Path
    node: yaml.MappingNode
    where: str = ""
    _values: dict[str, yaml.Node] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise CharterError(f"{self.path}:{key.start_mark.line + 1}", "a key must be a plain word")
            if key.value in self._values:
                raise CharterError(
                    f"{self.path}:{key.start_mark.line + 1}",
                    f"key {self._named(key.value)} stands twice (first on line {self._lines[key.value]})",
                )
            self._values[key.value] = value
            self._lines[key.value] = key.start_mark.line + 1

    def _named(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def wrong(self, key: str, what: str, do: str = "") -> CharterError:
        """A complaint about one key: file, line, the key with its path, and what is wrong."""
        line = self._lines.get(key, self.node.start_mark.line + 1)
        return CharterError(f"{self.path}:{line}", f"{self._named(key)} {what}", do.rstrip("."))

    def has(self, key: str) -> bool:
        """Whether the key is written, also with nothing after it."""
        self._asked.add(key)
        return key in self._values

    def written(self) -> tuple[str, ...]:
        """The keys as written, in the order of the file."""
        return tuple(self._values)

    def _get(self, key: str) -> yaml.Node | None:
        self._asked.add(key)
        node = self._values.get(key)
        return None if isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null") else node

    def text(self, key: str, default: str | None = None) -> str:
        """The text of a key.

        Raises:
            CharterError: missing without a default, or a list or block where text is expected.
        """
        node = self._get(key)
        if node is None:
            if default is not None:
                return default
            missing = nearest(key, set(self._values) - self._asked).replace("Did you mean", "Is it meant by")
            raise CharterError(
                f"{self.path}:{self.node.start_mark.line + 1}", f"key {self._named(key)} is missing", missing
            )
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(key, f"holds {_sort(node)}, expected text")
        return str(node.value)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key: none, one, or a list of them."""
        node = self._get(key)
        if node is None:
            return ()
        if isinstance(node, yaml.ScalarNode):
            return (str(node.value),)
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(key, f"holds {_sort(node)}, expected text or a list of texts")
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                raise self.wrong(key, f"holds a list with {_sort(item)} in it, expected texts only")
        return tuple(str(item.value) for item in node.value)

    def choice(self, key: str, words: type[E], default: E | None = None) -> E:
        """One of a closed list of words."""
        text = self.text(key, None if default is None else default.value)
        try:
            return words(text)
        except ValueError:
            known = [word.value for word in words]
            raise self.wrong(key, f"is {text!r}, expected one of {', '.join(known)}", nearest(text, known)) from None

    def flag(self, key: str) -> bool:
        """A yes or no, no where the key is missing."""
        text = self.text(key, "no").lower()
        if text not in ("yes", "no", "true", "false"):
            raise self.wrong(key, f"is {text!r}, expected yes or no")
        return text in ("yes", "true")

    def number(self, key: str) -> int | None:
        """A whole number, None where the key is missing."""
        text = self.text(key, "")
        if not text:
            return None
        if not text.isdecimal():
            raise self.wrong(key, f"is {text!r}, expected a whole number")
        return int(text)

    def day(self, key: str) -> Day | None:
        """A day as EDTF, None where the key is missing."""
        text = self.text(key, "")
        if not text:
            return None
        try:
            return Day.parse(text)
        except ValueError as error:
            raise self.wrong(key, f"is no day: {error}") from None

    def exact_day(self, key: str) -> date | None:
        """A calendar day, None where the key is missing."""
        day = self.day(key)
        if day is not None and not day.is_exact:
            raise self.wrong(key, f"is {day.edtf}, expected a full day such as 2012-12-19")
        return None if day is None else day.first

    def interval(self) -> Interval:
        """The interval of the keys `since` (first day) and `until` (first day no longer)."""
        since, until = self.exact_day("since"), self.exact_day("until")
        try:
            return Interval(since, until)
        except ValueError as error:
            raise self.wrong("until", f"must come after since: {error}") from None

    def block(self, key: str) -> Block | None:
        """The block under a key, None where the key is missing."""
        node = self._get(key)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(key, f"holds {_sort(node)}, expected keys with values")
        return Block(self.path, node, self._named(key))

    def blocks(self, key: str) -> tuple[Block, ...]:
        """The list of blocks under a key; a single block counts as a list of one."""
        node = self._get(key)
        if node is None:
            return ()
        if isinstance(node, yaml.MappingNode):
            return (Block(self.path, node, self._named(key)),)
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(key, f"holds {_sort(node)}, expected a list")
        found = []
        for n, item in enumerate(node.value, start=1):
            if not isinstance(item, yaml.MappingNode):
                raise CharterError(
                    f"{self.path}:{item.start_mark.line + 1}",
                    f"{self._named(key)}, entry {n}, holds {_sort(item)}, expected keys with values",
                )
            found.append(Block(self.path, item, f"{self._named(key)}[{n}]"))
        return tuple(found)

    def table(self, key: str) -> Mapping[str, Block]:
        """The blocks under a key, by their ids, in the order of the file."""
        inner = self.block(key)
        if inner is None:
            return {}
        found = {}
        for name in inner.written():
            below = inner.block(name)
            if below is None:
                raise inner.wrong(name, "holds nothing, expected keys with values")
            found[name] = below
        return found

    def over(self, base: Block) -> Block:
        """This block laid over another: its keys replace theirs, the rest stays."""
        pairs = [(k, v) for k, v in base.node.value if k.value not in self._values]
        node = yaml.MappingNode(self.node.tag, [*self.node.value, *pairs], self.node.start_mark, self.node.end_mark)
        return Block(self.path, node, self.where)

    def finish(self) -> None:
        """Refuse every key nobody asked for.

        Raises:
            CharterError: with the nearest key that is known here.
        """
        for key in self._values:
            if key not in self._asked:
                known = sorted(self._asked)
                raise self.wrong(key, f"is no key that is known here (known: {', '.join(known)})", nearest(key, known))


def _sort(node: yaml.Node | None) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a block of keys"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "nothing" if node is None or not node.value else f"the text {node.value!r}"
