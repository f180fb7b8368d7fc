"""The sources of acts as BibTeX or RIS, for those who cite them.

Formats: BibTeX 0.99d entries of type `misc`, in UTF-8; RIS (2011) records of type ELEC or GEN. Drops: everything of
acts but where they are said, and sources that are only recalled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from foedus.archive.citations import Cited, bibtex, ris, sources
from foedus.exchange.goods import Goods, tell


def write_bibtex(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Write the sources as BibTeX; what was left out, in words."""
    return _write(goods, out, bibtex)


def write_ris(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Write the sources as RIS; what was left out, in words."""
    return _write(goods, out, ris)


def _write(goods: Goods, out: BinaryIO, style: Callable[[Iterable[Cited]], str]) -> tuple[str, ...]:
    cited = sources(goods.acts, goods.pages)
    out.write(style(cited).encode("utf8", "replace"))
    resting = {name for one in cited for name in one.acts}
    bare = sum(act.id not in resting for act in goods.acts)
    return tuple(tell(bare, "act", "without a source to cite"))
