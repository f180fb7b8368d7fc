"""One ledger to another place, entry by entry: a backup, its way back, a move from a file to a server.

The copy has the same name, entries, links and moments. Every link is proven on the way, so that a copy that was made
is a ledger that holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from foedus.ledger.chain import Row, link_of
from foedus.ledger.entries import text_beside
from foedus.ledger.opening import begin_store
from foedus.ledger.store import Store
from foedus.terms import FoedusError


def copy(source: Store, target: Path | str, step: Callable[[], None] = lambda: None) -> int:
    """Copy what a store holds now to a place where nothing stands, and give the number of entries.

    Args:
        target: a path or URL; the ledger stands there whole, or not at all.
        step: called for every entry.
    Raises:
        FoedusError: an entry or a text of the source does not hold, or something stands at the target.
    """
    proof = Proof(source, step)
    begin_store(target, source.identity(), proof.rows(), proof.texts())
    return proof.entries


class Proof:
    """What a store holds at one moment, each part proven as it goes by: first `rows`, then `texts`."""

    def __init__(self, source: Store, step: Callable[[], None] = lambda: None, until: str | None = None) -> None:
        self.entries = 0
        self._source = source
        self._step = step
        self._until = until
        self._wanted: set[str] = set()

    def rows(self) -> Iterator[Row]:
        """Entries recorded by the instant, each linked to the one before.

        Raises:
            FoedusError: one is not.
        """
        previous = self._source.link(0)
        for row in self._source.rows(self._until):
            if row.seq != self.entries + 1 or link_of(row, previous) != row.link:
                raise self.fails(f"entry {row.seq} does not hold")
            if text := text_beside(row.type, row.payload):
                self._wanted.add(text)
            self.entries, previous = row.seq, row.link
            self._step()
            yield row

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """The texts of those entries in UTF-8, under their SHA-256.

        Raises:
            FoedusError: one is gone, or not the one that was read.
        """
        left = set(self._wanted)
        for sha256, text in self._source.texts():
            # A text that was added meanwhile is left out, as its entry is.
            if sha256 in left:
                if hashlib.sha256(text).hexdigest() != sha256:
                    raise self.fails(f"the text {sha256} is not the one that was read")
                left.discard(sha256)
                yield sha256, text
        if left:
            raise self.fails(f"the text {min(left)} of a page or a charter is gone")

    def fails(self, what: str) -> FoedusError:
        """What to raise where something of it does not hold."""
        return FoedusError(
            self._source.path, what, "Nothing was copied. `foedus verify` tells more; put a backup in its place"
        )
