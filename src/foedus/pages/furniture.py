"""What a line says of itself: cue words of legal notices, share buttons, comment sections and the like.

Start at `cue_of`. The words are data (`furniture.toml`), one table per type.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Which type wins where several match: the more telling first.
_ORDER = (
    "turns",
    "comments",
    "related",
    "legal",
    "source",
    "byline",
    "caption",
    "tags",
    "contact",
    "share",
    "counts",
    "chrome",
)

# `within` words of these decide only in short lines: a report may use them too.
_SHORT_ONLY = {"counts": 40, "caption": 220}

# `end` words tell only in lines this wide or less.
_END_WITHIN = 160

_EDGE = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a line's words tell: the table they stand in, and whether they are the whole line."""

    table: str
    whole: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    closes: bool
    whole: frozenset[str]
    start: re.Pattern[str] | None
    within: re.Pattern[str] | None
    end: tuple[str, ...]


def cue_of(line: str, width: int) -> Cue | None:
    """What the words of a line tell, or None.

    Args:
        line: repaired text of the line.
        width: its length, a Han character counted twice.
    """
    low = line.strip().casefold()
    core = _EDGE.sub("", low)
    if not core:
        return None
    for table in _tables():
        if core in table.whole or low in table.whole:
            return Cue(table.name, True, table.closes)
    for table in _tables():
        if table.start and table.start.match(low):
            return Cue(table.name, False, table.closes)
    for table in _tables():
        if table.within and width <= _SHORT_ONLY.get(table.name, 10**9) and table.within.search(low):
            return Cue(table.name, False, table.closes)
    if width <= _END_WITHIN:
        for table in _tables():
            if table.end and core.endswith(table.end):
                return Cue(table.name, False, table.closes)
    return None


def _either(words: Iterable[str], *, opening: bool) -> re.Pattern[str] | None:
    if not words:
        return None
    parts = []
    for word in sorted(words, key=len, reverse=True):
        word = word.casefold()
        # a word of letters with spaces between words ends where it ends; Han characters run on
        bounded = word[-1].isalpha() and not "\u3400" <= word[-1] <= "\u9fff"
        parts.append(re.escape(word) + (r"(?!\w)" if bounded and opening else ""))
    lead = r"[\s\[【(（•*·>\-–—|]*" if opening else ""
    return re.compile(f"{lead}(?:{'|'.join(parts)})")


@cache
def _tables() -> tuple[_Table, ...]:
    data = tomllib.loads((files("foedus.pages") / "furniture.toml").read_text("utf8"))
    tables = []
    for name in _ORDER:
        row = data[name]
        tables.append(
            _Table(
                name=name,
                closes=bool(row.get("closes")),
                whole=frozenset(word.casefold() for word in row.get("whole", ())),
                start=_either(row.get("start", ()), opening=True),
                within=_either(row.get("within", ()), opening=False),
                end=tuple(word.casefold() for word in row.get("end", ())),
            )
        )
    return tuple(tables)
