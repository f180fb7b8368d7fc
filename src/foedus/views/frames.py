"""The few frames all terminal views share: a heading, a list of fields, a table without bars."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text


def heading(title: str, after: str = "") -> Text:
    """A heading with a quieter remark behind it; an empty line goes before."""
    return Text.assemble("\n", (title, "bold underline"), f"  {after}" if after else "")


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
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))


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
    return Padding(text, (0, 0, 0, by))
