"""What a researcher holds: one archive to open, narrowed to a moment, and data frames out of it.

Start at `open` and `Archive`. `columns.py` says which columns each frame has and makes them; `happenings.py` makes the
frames of acts, claims and pages, `spells.py` those of things that last, `panels.py` units by time. `cards.py` shows one
act, verdict or state in a notebook; `citations.py` writes what to cite. pandas loads with the first frame.
"""

from foedus.archive.archive import Archive, open  # noqa: A004
from foedus.archive.moments import Moments

__all__ = ["Archive", "Moments", "open"]
