"""Proving that nobody changed a ledger behind the curtain: every link, number, moment and text looked at once more.

What the chain alone can show is that entries fit together. That they are the ones of an earlier day, and that none is
missing at the end, only a checkpoint kept elsewhere can show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from foedus.ledger.chain import Row, link_of
from foedus.ledger.checkpoint import Checkpoint, Key, Signed
from foedus.ledger.entries import EntryType, found_by, plain, text_beside
from foedus.ledger.store import Store
from foedus.terms import FoedusError


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold: at the entry of a number, 0 where it is no entry, and what is wrong with it."""

    seq: int
    what: str


@dataclass(slots=True)
class Verified:
    """What was looked at, and what does not hold; `faults` begin with the first entry that fails.

    `entries` are counted, `sound` is the number of the last one that holds together with all before it.
    """

    entries: int = 0
    sound: int = 0
    texts: int = 0
    not_kept: int = 0
    link: bytes = b""
    recorded: str = ""
    faults: list[Fault] = field(default_factory=list)
    proven: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(
    store: Store,
    checkpoints: Iterable[Signed] = (),
    trusted: Iterable[Key] = (),
    step: Callable[[], None] = lambda: None,
) -> Verified:
    """What holds of a ledger, and what does not. Once an entry fails, those after it are only counted.

    Args:
        store: the store, as it stands; what is written meanwhile is left out.
        checkpoints: what the ledger is known to have held.
        trusted: keys one of which must have signed each checkpoint; where none is given, whoever signed is believed.
        step: called for every entry.
    """
    found, name = Verified(), ""
    try:
        name = store.identity()["ledger"]
    except FoedusError as error:
        found.faults.append(Fault(0, f"the store itself: {error.what}"))
    try:
        found.faults += [Fault(0, text) for text in store.complaints()]
        if strays := store.strays():
            found.faults.append(Fault(0, f"{strays} entries are numbered below 1: somebody put them there"))
    except (FoedusError, TypeError, ValueError) as error:
        found.faults.append(Fault(0, f"the store itself: {error}"))
    signed = list(checkpoints)
    links = {one.checkpoint.size: b"" for one in signed}
    _see_texts(store, found, _see_entries(store, found, links, step))
    keys, last = tuple(trusted), _last(store, found)
    for one in signed:
        _see_checkpoint(name, last, found, one, links[one.checkpoint.size], keys)
    found.faults.sort(key=lambda fault: (not fault.seq, fault.seq))
    return found


def _see_entries(store: Store, found: Verified, links: dict[int, bytes], step: Callable[[], None]) -> dict[str, str]:
    """Walk the chain, note the links that were asked for; the texts kept by hash, each with whose it is in words."""
    texts: dict[str, str] = {}
    previous, before, broken = store.link(0), None, False
    try:
        for row in store.rows():
            step()
            found.entries += 1
            if row.seq in links:
                links[row.seq] = row.link
            if row.type in (EntryType.PAGE, EntryType.CHARTER):
                _see_text_of(row, found, texts)
            if broken:
                continue
            if fault := _fault_in(row, before, previous):
                broken = True
                found.faults.append(Fault(min(row.seq, found.sound + 1), fault))
            else:
                previous, before = row.link, row
                found.sound, found.link, found.recorded = row.seq, row.link, row.recorded
    except (FoedusError, TypeError, ValueError) as error:
        found.faults.append(Fault(found.sound + 1, f"cannot be read: {error}"))
    return texts


def _see_text_of(row: Row, found: Verified, texts: dict[str, str]) -> None:
    try:
        if text := text_beside(row.type, row.payload):
            texts.setdefault(text, "a page" if row.type == EntryType.PAGE else f"the charter of {row.id}")
        elif row.type == EntryType.PAGE:
            found.not_kept += 1
    except (ValueError, KeyError, TypeError, AttributeError):
        # The walk says so with the number of the entry.
        return


def _fault_in(row: Row, before: Row | None, previous: bytes) -> str:
    """What is wrong with an entry after the one before it; empty where it holds."""
    number, group, moment = (before.seq, before.group, before.recorded) if before else (0, 0, "")
    if row.seq == number:
        return "stands twice: two entries have this number"
    if row.seq != number + 1:
        gone = f"{number + 1} is" if row.seq == number + 2 else f"{number + 1} to {row.seq - 1} are"
        return f"is gone: after entry {number} comes entry {row.seq}, {gone} missing"
    try:
        if link_of(row, previous) != row.link:
            return (
                f"does not hold: {row.type} {row.id}, or its place after the entry before, "
                "is not what was written when it was linked"
            )
        payload = plain(row.payload)
        if found_by(row.type, payload) != (row.about, row.org, row.kind):
            return f"is found by {row.about, row.org, row.kind}, and its payload says {found_by(row.type, payload)}"
    except (ValueError, KeyError, TypeError, AttributeError, FoedusError) as error:
        return f"is damaged: {type(error).__name__} {error}"
    new = row.group != group
    if (new and (row.group != group + 1 or row.recorded <= moment)) or (not new and row.recorded != moment):
        return f"is out of turn: group {row.group} of {row.recorded} after group {group} of {moment}"
    return ""


def _see_texts(store: Store, found: Verified, wanted: dict[str, str]) -> None:
    """Each text against its own hash, and against the entries of pages and charters that speak of it."""
    left = dict(wanted)
    try:
        for sha256, text in store.texts():
            found.texts += 1
            if hashlib.sha256(text).hexdigest() != sha256:
                found.faults.append(Fault(0, f"the text {sha256} is not the one that was read"))
            if sha256 not in wanted:
                found.faults.append(Fault(0, f"the text {sha256} is kept, and no page or charter speaks of it"))
            left.pop(sha256, None)
    except (FoedusError, TypeError, ValueError) as error:
        found.faults.append(Fault(0, f"texts cannot be read: {error}"))
    found.faults += [Fault(0, f"the text {sha256} of {whose} is gone") for sha256, whose in sorted(left.items())]


def _last(store: Store, found: Verified) -> int:
    """The highest number an entry has, be it readable or not."""
    try:
        return store.last()
    except FoedusError:
        return max(found.sound, found.entries)


def _see_checkpoint(name: str, last: int, found: Verified, one: Signed, link: bytes, trusted: tuple[Key, ...]) -> None:
    point: Checkpoint = one.checkpoint
    what = f"the checkpoint of {point.recorded} over {point.size} entries"
    if trusted and not any(one.is_by(key) for key in trusted):
        found.faults.append(Fault(0, f"{what}: not signed by a key that is trusted"))
    elif point.ledger != name:
        found.faults.append(Fault(0, f"{what}: it is of another ledger, {point.ledger}"))
    elif point.size > last:
        gone = point.size - last
        what = f"is gone: {what} shows that {gone} more stood here; the tail was cut off"
        found.faults.append(Fault(last + 1, what))
    elif link != point.link or point.size > found.sound:
        found.faults.append(Fault(0, f"{what}: the entries up to {point.size} are not those that were signed"))
    else:
        found.proven.append(f"{what}, signed by {one.name}" + ("" if trusted else " (key not compared with any)"))
