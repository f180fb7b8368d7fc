"""foedus: collective security as a running system.

One ledger of sourced acts, one charter per organisation that runs over it. The names a newcomer needs are
here; each loads its room when first asked for, so that `import foedus` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.archive import Archive, open  # noqa: A004
    from foedus.charters import Charter, load_charter, load_charters
    from foedus.ledger import Ledger
    from foedus.pages import read_pages
    from foedus.records import load_records
    from foedus.rules import State, admissible, judge, judge_all, state_on
    from foedus.terms import Act, Claim, Day, FoedusError, Interval, Party, Verdict

__version__ = "0.1.0"

_ROOMS = {
    "terms": ("Act", "Claim", "Day", "FoedusError", "Interval", "Party", "Verdict"),
    "charters": ("Charter", "load_charter", "load_charters"),
    "records": ("load_records",),
    "ledger": ("Ledger",),
    "pages": ("read_pages",),
    "archive": ("Archive", "open"),
    "rules": ("State", "admissible", "judge", "judge_all", "state_on"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Act",
    "Archive",
    "Charter",
    "Claim",
    "Day",
    "FoedusError",
    "Interval",
    "Ledger",
    "Party",
    "State",
    "Verdict",
    "admissible",
    "judge",
    "judge_all",
    "load_charter",
    "load_charters",
    "load_records",
    "open",
    "read_pages",
    "state_on",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        from difflib import get_close_matches

        near = get_close_matches(name, __all__, 1)
        raise AttributeError(f"foedus has no {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    value = getattr(import_module(f"foedus.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
