"""What a ledger learnt between two moments: which acts came, changed, were joined, parted or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from foedus.ledger.derive import Derived
from foedus.ledger.entries import Entry, EntryType
from foedus.terms import Act, doing_to_json

_BY_HAND = (EntryType.MERGE, EntryType.SPLIT, EntryType.CORRECTION, EntryType.RETRACTION)


class Fate(StrEnum):
    """What became of an act."""

    CAME = "came"
    CHANGED = "changed"
    JOINED = "joined"
    PARTED = "parted"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one act between two moments.

    `before` is None for one that came or was parted from another, `after` for one that is gone or was joined to
    another; `other` is the id of that other. `roles` has what it said and says, as in an act's JSON, by role, only
    where the two differ; `sources` where it is told since. `entries` are those in which somebody decided so.
    """

    fate: Fate
    before: Act | None = None
    after: Act | None = None
    other: str = ""
    roles: Mapping[str, tuple[Any, Any]]
    sources: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def act(self) -> Act:
        """The act as it is, or as it last was."""
        act = self.after or self.before
        assert act is not None
        return act

    def to_json(self) -> dict[str, Any]:
        """The change as plain JSON."""
        return {
            "act": self.act.id,
            "fate": self.fate.value,
            "other": self.other or None,
            "before": self.before and doing_to_json(self.before),
            "after": self.after and doing_to_json(self.after),
            "roles": {role: {"before": was, "after": now} for role, (was, now) in self.roles.items()},
            "sources": list(self.sources),
            "entries": [
                {"seq": e.seq, "type": e.type.value, "who": e.who, "why": e.why, "recorded": e.recorded}
                for e in self.entries
            ],
        }


def compare(
    was: Sequence[Act], now: Sequence[Act], before: Derived, after: Derived, entries: Iterable[Entry]
) -> tuple[Change, ...]:
    """What became of acts, those of the later moment in their order and then those gone; untouched ones are left out.

    Args:
        was: the acts of the earlier moment in their corrected form.
        now: those of the later.
        before: what the log amounted to at the earlier moment.
        after: what it amounts to at the later.
        entries: those written between.
    """
    held, holds = _acts_by_claim(before), _acts_by_claim(after)
    decided = _decisions(entries, held, holds)
    earlier, later = {act.id: act for act in was}, {act.id: act for act in now}
    found = []
    for act in now:
        one = _change(earlier.get(act.id), act, decided[act.id])
        if one.before is None:
            # A claim of an act that still stands without it was parted from that act.
            parents = {held[claim] for claim in act.claims if claim in held} & later.keys()
            one = _moved(one, Fate.PARTED, parents)
        if one.before is None or one.roles or one.sources or one.entries:
            found.append(one)
    for act in was:
        if act.id not in later:
            heirs = {holds[claim] for claim in act.claims if claim in holds}
            found.append(_moved(_change(act, None, decided[act.id]), Fate.JOINED, heirs))
    return tuple(found)


def _change(before: Act | None, after: Act | None, entries: Sequence[Entry]) -> Change:
    fate = Fate.CAME if before is None else Fate.GONE if after is None else Fate.CHANGED
    roles: dict[str, tuple[Any, Any]] = {}
    sources: tuple[str, ...] = ()
    if before and after:
        said, says = doing_to_json(before), doing_to_json(after)
        roles = {
            role: (said.get(role), says.get(role))
            for role in dict.fromkeys((*said, *says))
            if said.get(role) != says.get(role)
        }
    if after:
        known = {source.where for source in before.sources} if before else set()
        sources = tuple(dict.fromkeys(source.where for source in after.sources if source.where not in known))
    return Change(fate=fate, before=before, after=after, roles=roles, sources=sources, entries=tuple(entries))


def _moved(one: Change, fate: Fate, others: Iterable[str]) -> Change:
    other = min(others, default="")
    if not other:
        return one
    return replace(one, fate=fate, other=other)


def _acts_by_claim(at: Derived) -> dict[str, str]:
    return {claim.id: name for name, one in at.merged.items() for claim in one.claims}


def _decisions(
    entries: Iterable[Entry], held: Mapping[str, str], holds: Mapping[str, str]
) -> defaultdict[str, list[Entry]]:
    """Entries in which somebody decided on an act, by its id; reading a page is no decision."""
    decided: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.type not in _BY_HAND:
            continue
        claims = (*entry.payload.get("claims", ()), *entry.payload.get("rest", ()))
        touched = {entry.id, *(acts[claim] for acts in (held, holds) for claim in claims if claim in acts)}
        for name in touched:
            decided[name].append(entry)
    return decided
