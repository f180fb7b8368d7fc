"""The log of everything seen, read, performed, joined, parted, corrected and taken back, and the acts it amounts to.

Start at `Ledger`. What is stored is entries, and only entries (`entries.py`), each linked to the one before
(`chain.py`); `turns.py` lets writers in, `store.py` answers; the store is a file (`sqlite.py`, `forms.py`)
or a schema on a server (`postgres.py`). Acts are derived: claims of the same doing are found (`likeness.py`), brought
together (`merge.py`) and woven into one act (`weave.py`); `derive.py` puts what persons performed and decided on top;
`changes.py` says what became of acts between two moments; `kept.py` says which charters a ledger holds. Whoever looks
after a ledger has `verify.py`, `checkpoint.py`, `copying.py` and `union.py`.
"""

from foedus.ledger.changes import Change, Fate
from foedus.ledger.entries import Added, Entry, EntryType, SeenPage
from foedus.ledger.kept import CharterTurn, KeptCharter, Turn
from foedus.ledger.ledger import Ledger
from foedus.ledger.merge import ByHand, Merged, merge_claims
from foedus.ledger.turns import Group

__all__ = [
    "Added",
    "ByHand",
    "Change",
    "CharterTurn",
    "Entry",
    "EntryType",
    "Fate",
    "Group",
    "KeptCharter",
    "Ledger",
    "Merged",
    "SeenPage",
    "Turn",
    "merge_claims",
]
