"""The refusal of an expression, with the place in its text."""

from __future__ import annotations

import unicodedata

from foedus.terms import FoedusError

# Wide enough to see the neighbourhood of a mistake, narrow enough for a terminal.
_AROUND = 50


class ExpressionError(FoedusError):
    """An expression that cannot be accepted: `column` counts characters from 1, `what` was found, `do` this next.

    `shown` is the line concerned with a caret under the place, two lines; empty where the text is not at hand.
    """

    def __init__(self, text: str, column: int, what: str, do: str = "") -> None:
        self.text = text
        self.column = column
        super().__init__(f"column {column}", what, do)
        self.shown = _with_caret(text, column) if text else ""

    def __str__(self) -> str:
        return super().__str__() + (f"\n{self.shown}" if self.shown else "")


def _with_caret(text: str, column: int) -> str:
    at = min(max(column - 1, 0), len(text))
    begins = text.rfind("\n", 0, at) + 1
    ends = text.find("\n", at)
    first = max(begins, at - _AROUND)
    last = min(len(text) if ends < 0 else ends, at + _AROUND)
    before, after = ("".join(c if c.isprintable() else " " for c in part) for part in (text[first:at], text[at:last]))
    if first > begins:
        before = "... " + before
    # Chinese characters take two places of a terminal.
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)
    return f"  {before}{after}\n  {' ' * width}^"
