"""Values in the cells of a table, and back: several values in one cell, and cells that no spreadsheet takes for code.

Several values are joined by `; `; a `;` or `\\` inside one has a `\\` before it. A cell that begins with a character a
spreadsheet may take for the start of a formula gets an apostrophe before it, and so does one that begins with an
apostrophe: taking one apostrophe away gives the value back. A value that is there and empty is one apostrophe alone, an
empty cell is no value. The list of characters is that of the OWASP page on CSV injection, with their full-width twins.
Half a character, which a damaged page can hold and no file in UTF-8, is written as `\\ud800`; backslashes before such
letters are doubled, so that text which says the same is told from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EMPTY = "'"
"""The guarded cell of a value that is there and empty."""

_CODE = tuple("=+-@\t\r\n＝＋－＠'")
# A run of backslashes is looked at once, however long.
_HALF = re.compile(r"(?<!\\)(\\*)(?:([\ud800-\udfff])|(ud[89a-f][0-9a-f]{2}))")


def guarded(text: str) -> str:
    """A cell that a spreadsheet shows and never runs, and that a file can hold."""
    whole = _HALF.sub(_spelt, text)
    return f"'{whole}" if whole.startswith(_CODE) else whole


def unguarded(cell: str) -> str:
    """What a guarded cell holds."""
    return _HALF.sub(_meant, cell.removeprefix("'"))


def _spelt(found: re.Match[str]) -> str:
    slashes, half, letters = found.groups()
    return f"{slashes * 2}\\u{ord(half):04x}" if half else f"{slashes * 2}{letters}"


def _meant(found: re.Match[str]) -> str:
    slashes, half, letters = found.groups()
    own = slashes[: len(slashes) // 2]
    return f"{own}{chr(int(letters[1:], 16))}" if letters and len(slashes) % 2 else f"{own}{letters or half}"


def joined(values: Iterable[str], separator: str = ";") -> str:
    """Several values as one cell; one empty value alone is an empty cell, as none is: `EMPTY` tells them apart."""
    return f"{separator} ".join(value.replace("\\", "\\\\").replace(separator, f"\\{separator}") for value in values)


def parted(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The values of a cell, as `joined` put them; none for an empty cell."""
    if not cell:
        return ()
    if "\\" not in cell:
        first, *rest = cell.split(separator)
        return (first, *(value.removeprefix(" ") for value in rest))
    values = [""]
    characters = iter(cell)
    for character in characters:
        if character == "\\":
            values[-1] += next(characters, "\\")
        elif character == separator:
            values.append("")
        else:
            values[-1] += character
    # The space after a separator is ours; a value that begins with one of its own keeps it.
    return (values[0], *(value.removeprefix(" ") for value in values[1:]))
