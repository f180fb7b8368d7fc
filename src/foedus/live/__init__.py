"""Producer 2: people performing acts at an exercise or a desk, with the charter as referee.

Start at `Session`. An act is read and checked against the vocabulary (`reading.py`), judged before it is stored, and
stored by whoever called: this room knows no ledger (`play.py`).
"""

from foedus.live.play import Move, Session, may_store, perform
from foedus.live.reading import read_act

__all__ = ["Move", "Session", "may_store", "perform", "read_act"]
