"""One mapping of a charter file: whoever reads it asks for each key it knows, and the rest is refused.

Start at `open_block`. Every complaint names file, line and key, and the nearest known word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from foedus.terms import Day, FoedusError, Interval
from foedus.yamlfile import Listing, Table, nearest, parse_yaml

# Far above any charter (the longest shipped has some 50 kB); below what a hostile file needs to hurt.
MAX_BYTES = 4_000_000

E = TypeVar("E", bound=StrEnum)


class CharterError(FoedusError):
    """A charter file that cannot be accepted: where, what was found, what was expected."""


def open_block(path: Path) -> Block:
    """The outermost mapping of a YAML file.

    Raises:
        CharterError: as `charter_text` and `block_of`.
    """
    return block_of(charter_text(path), str(path))


def charter_text(path: Path) -> str:
    """The text of a charter file.

    Raises:
        CharterError: unreadable, too large, or not in UTF-8.
    """
    try:
        with path.open("rb") as file:
            # One byte more than may be, so that a file without an end is given up as soon.
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise _too_large(str(path), max(path.stat().st_size, len(raw)))
        return raw.decode("utf-8")
    except OSError as error:
        raise CharterError(str(path), f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError as error:
        raise CharterError(str(path), f"is not UTF-8 text (byte {error.start})") from None


def block_of(text: str, where: str) -> Block:
    """The outermost mapping of a YAML text.

    Args:
        where: what complaints call the text: a file, or a charter of a ledger.
    Raises:
        CharterError: too large, too deep, with anchors used again, not YAML, or no mapping at the top.
    """
    if len(text) > MAX_BYTES:
        raise _too_large(where, len(text))
    try:
        return Block(where, parse_yaml(text, where))
    except FoedusError as error:
        raise CharterError(error.where, error.what, error.do) from None


def _too_large(where: str, size: int) -> CharterError:
    return CharterError(where, f"has {size:,} bytes, more than the {MAX_BYTES:,} a charter may have")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question naming the nearest known word, empty where none is near."""
    near = nearest(word, known)
    return f"Did you mean {near!r}?" if near else ""


@dataclass(slots=True)
class Block:
    """One mapping of a file, with the keys asked for so far; `path` is what complaints call the file."""

    path: str
    table: Table
    where: str = ""
    _asked: set[str] = field(default_factory=set)

    def _named(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def wrong(self, key: str, what: str, do: str = "") -> CharterError:
        """A complaint about one key: file, line, the key with its path, and what is wrong."""
        return CharterError(f"{self.path}:{self.table.line_of(key)}", f"{self._named(key)} {what}", do)

    def has(self, key: str) -> bool:
        """Whether the key is written, also with nothing after it."""
        self._asked.add(key)
        return key in self.table

    def written(self) -> tuple[str, ...]:
        """The keys as written, in the order of the file."""
        return tuple(self.table)

    def _get(self, key: str) -> object:
        self._asked.add(key)
        value = self.table.get(key)
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

    def text(self, key: str, default: str | None = None) -> str:
        """The text of a key.

        Raises:
            CharterError: missing without a default, or a list or block where text is expected.
        """
        value = self._get(key)
        if value is None:
            if default is not None:
                return default
            near = nearest(key, set(self.table) - self._asked)
            where = f"{self.path}:{self.table.line_of(near)}"
            raise CharterError(
                where, f"key {self._named(key)} is missing", f"Is {near!r} meant for it?" if near else ""
            )
        if not isinstance(value, str):
            raise self.wrong(key, f"holds {_sort(value)}, expected text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key: none, one, or a list of them."""
        value = self._get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, Listing):
            raise self.wrong(key, f"holds {_sort(value)}, expected text or a list of texts")
        for item in value:
            if not isinstance(item, str):
                raise self.wrong(key, f"holds a list with {_sort(item)} in it, expected texts only")
        return tuple(value)

    def choice(self, key: str, words: type[E], default: E | None = None) -> E:
        """One of a closed list of words."""
        text = self.text(key, None if default is None else default.value)
        try:
            return words(text)
        except ValueError:
            known = [word.value for word in words]
            raise self.wrong(
                key, f"is {text!r}, expected one of {', '.join(known)}", did_you_mean(text, known)
            ) from None

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
        if not re.fullmatch(r"[0-9]{1,5}", text):
            raise self.wrong(key, f"is {text!r}, expected a whole number of at most five digits")
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
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, Table):
            raise self.wrong(key, f"holds {_sort(value)}, expected keys with values")
        return Block(self.path, value, self._named(key))

    def blocks(self, key: str) -> tuple[Block, ...]:
        """The list of blocks under a key; a single block counts as a list of one."""
        value = self._get(key)
        if value is None:
            return ()
        if isinstance(value, Table):
            return (Block(self.path, value, self._named(key)),)
        if not isinstance(value, Listing):
            raise self.wrong(key, f"holds {_sort(value)}, expected a list")
        found = []
        for number, (item, line) in enumerate(zip(value, value.lines, strict=True), start=1):
            if not isinstance(item, Table):
                what = f"{self._named(key)}, entry {number}, holds {_sort(item)}, expected keys with values"
                raise CharterError(f"{self.path}:{line}", what)
            found.append(Block(self.path, item, f"{self._named(key)}[{number}]"))
        return tuple(found)

    def blocks_by_id(self, key: str) -> Mapping[str, Block]:
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
        joined = Table(self.table.line)
        joined.update({**base.table, **self.table})
        joined.lines.update({**base.table.lines, **self.table.lines})
        return Block(self.path, joined, self.where)

    def finish(self) -> None:
        """Refuse every key nobody asked for.

        Raises:
            CharterError: with the nearest key that is known here.
        """
        self.only(self._asked)

    def only(self, keys: Iterable[str]) -> None:
        """Refuse every key that is not among these; asked before reading, where one part leans on another."""
        known = sorted(keys)
        for key in self.table:
            if key not in known:
                raise self.wrong(
                    key, f"is no key that is known here (known: {', '.join(known)})", did_you_mean(key, known)
                )


def _sort(value: object) -> str:
    if isinstance(value, Table):
        return "a block of keys"
    if isinstance(value, Listing):
        return "a list"
    return f"the text {value!r}" if value else "nothing"
