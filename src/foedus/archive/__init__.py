"""What a researcher holds: one archive to open, narrowed to a moment, and data frames out of it.

Start at `open` and `Archive`. `material.py` is what it is made of, up to a moment. `columns.py` says which columns each
frame has and makes them; `happenings.py` makes the frames of acts, claims and pages, `spells.py` those of things that
last, `history.py` those in two times, `panels.py` units by time. `cards.py` shows one act, verdict or state in a
notebook; `citations.py` writes what to cite, `behind.py` finds the sources behind a view. pandas loads with the first
frame.
"""

from foedus.archive.archive import Archive, open  # noqa: A004
from foedus.archive.moments import Moments

__all__ = ["Archive", "Moments", "open"]
