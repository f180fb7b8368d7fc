"""The errors that reach a user, each in words: where, what was found, what was expected, what to do."""

from __future__ import annotations


class FoedusError(Exception):
    """A mistake in what was given: a file, a charter, a ledger, an argument.

    `where` is the file (and line, where known) or the act concerned. Doors print it and exit; nothing else catches it.
    """

    exit_code = 3

    def __init__(self, where: str, what: str, do: str = "") -> None:
        self.where = where
        self.what = what
        self.do = do
        super().__init__(f"{where}: {what}" + (f". {do}" if do else ""))
