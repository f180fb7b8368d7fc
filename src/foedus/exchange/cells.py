"""Values in the cells of a table, and back: several values in one cell, and cells that no spreadsheet takes for code.

Several values are joined by `; `; a `;` or `\\` inside one has a `\\` before it. A cell that begins with a character a
spreadsheet may take for the start of a formula gets an apostrophe before it, and so does one that begins with an
apostrophe: taking one apostrophe away gives the value back. The list of characters is that of the OWASP page on CSV
injection, with their full-width twins.
"""

from __future__ import annotations

from collections.abc import Iterable

_CODE = tuple("=+-@\t\r\n＝＋－＠'")


def guarded(text: str) -> str:
    """A cell that a spreadsheet shows and never runs."""
    return f"'{text}" if text.startswith(_CODE) else text


def unguarded(cell: str) -> str:
    """What a guarded cell holds."""
    return cell[1:] if cell.startswith("'") else cell


def joined(values: Iterable[str], separator: str = ";") -> str:
    """Several values as one cell. One empty value alone cannot be told from none."""
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
