"""The few frames all terminal views share: a heading, a list of fields, a table without bars.

Chinese writes no spaces: where it stands, a line may break between any two signs, though never before a closing one
nor after an opening one. `folded` makes such a text, `wrapped` plain lines; any other text breaks as Rich breaks it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod, RenderableType, RenderResult
from rich.containers import Lines
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDE = r"\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_OPENING, _CLOSING = "（《「『【〔“(", "）》」』】〕”，。、；：？！),.;:?!"
# What stays together on a line: a wide sign or a word of others, with opening signs before and closing ones behind.
_UNIT = re.compile(rf"\s*(?:[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*\s*|\s+)")


class Folded(Text):
    """A text that holds Chinese, broken between signs."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """The text in lines of at most so many cells."""
        if no_wrap or self.no_wrap:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        lines = Lines()
        for line in self.split(allow_blank=True):
            pieces = line.divide(_breaks(line.plain, width))
            for piece in pieces:
                piece.rstrip_end(width)
            if justify:
                pieces.justify(console, width, justify=justify, overflow=overflow or "fold")
            lines.extend(pieces)
        return lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.plain.splitlines()), default=0)
        return Measurement(max((cell_len(unit.strip()) for unit in _units(self.plain)), default=widest), widest)


def folded(text: Text) -> Text:
    """The text, broken between signs where it holds Chinese."""
    if not re.search(f"[{_WIDE}]", text.plain):
        return text
    own = Folded(text.plain, text.style, justify=text.justify, overflow=text.overflow, no_wrap=text.no_wrap)
    own.spans = list(text.spans)
    return own


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most so many cells; Chinese is broken between signs."""
    if not re.search(f"[{_WIDE}]", text):
        return textwrap.wrap(text, width)
    places = [0, *_breaks(text, width), len(text)]
    return [text[start:end].strip() for start, end in pairwise(places)]


def _units(text: str) -> Iterator[str]:
    return (match.group() for match in _UNIT.finditer(text))


def _breaks(text: str, width: int) -> list[int]:
    """The places where a line is broken so that each piece fits."""
    found: list[int] = []
    place = used = 0
    for unit in _units(text):
        own = cell_len(unit.rstrip())
        if used and used + own > width:
            found.append(place)
            used = 0
        if own > width:
            # A long word of Latin letters, such as an id: cut where the line ends.
            pieces = chop_cells(unit, width)
            for piece in pieces[:-1]:
                place += len(piece)
                found.append(place)
            unit = pieces[-1]
        used += cell_len(unit)
        place += len(unit)
    return found


def heading(title: str, after: str = "") -> Text:
    """A heading with a quieter remark behind it; an empty line goes before."""
    return folded(Text.assemble("\n", (title, "bold underline"), f"  {after}" if after else ""))


def plain_table(*columns: str) -> Table:
    """A table without lines. A column named `>x` is set to the right, one named `!x` keeps ids and days whole.

    Long cells are folded, never cut.
    """
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    for name in columns:
        justify: JustifyMethod = "right" if name.startswith(">") else "left"
        table.add_column(name.lstrip(">!"), justify=justify, overflow="fold", no_wrap=name.startswith("!"))
    return table


def add_row(table: Table, *cells: str | Text) -> None:
    """A row of cells taken as they are: Rich would read commands out of square brackets in a plain string."""
    table.add_row(*(folded(Text(cell) if isinstance(cell, str) else cell) for cell in cells))


def fields_of(rows: Mapping[str, str]) -> Table:
    """Names and values below each other."""
    table = Table(box=None, show_header=False, pad_edge=False, show_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        add_row(table, name, value)
    return table


class ByWidth:
    """A table where the terminal has room for it, else the same on several lines: narrow columns are hard to read."""

    def __init__(self, wide: RenderableType, narrow: RenderableType, room: int = 130) -> None:
        self.wide = wide
        self.narrow = narrow
        self.room = room

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.wide if options.max_width >= self.room else self.narrow


def indented(text: Text, by: int = 2) -> Padding:
    """A text set in from the left, all its lines."""
    return Padding(folded(text), (0, 0, 0, by))
