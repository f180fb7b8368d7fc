"""From entries to what they amount to: pages, claims that stand, acts. Pure functions of the entries; nothing is kept.

Entries that correct, retract, join or part name acts by id. Since any claim of an act gives an id that names it for
good (`merge.act_ids`), such an entry holds on to its act whatever claims come later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from foedus.ledger.entries import Entry, EntryType, SeenPage, claim_of
from foedus.ledger.hand import Hand
from foedus.ledger.merge import Merged, act_ids, merge_claims
from foedus.ledger.weave import weave
from foedus.terms import Act, Claim, Conflict, Day, FoedusError, Order, Source, doing_from_json, doing_to_json


@dataclass(slots=True)
class Derived:
    """What the entries up to some moment amount to. Start at `acts`.

    `pages` by SHA-256, without text. `claims` are those that stand, in the order read. `performed` are acts of persons
    and scenarios, before correction. `ids` leads from every id that an act ever had, by any of its claims, to the
    one it has. `corrections` are keyed by the act's id, earliest first. `seq` has the number of the entry that an act,
    or a claim, came with; `published` the publication days of pages, by name.
    """

    pages: dict[str, SeenPage] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    page_of: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    performed: dict[str, Act] = field(default_factory=dict)
    retracted: set[str] = field(default_factory=set)
    corrections: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    merged: dict[str, Merged] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    seq: dict[str, int] = field(default_factory=dict)
    published: dict[str, Day | None] = field(default_factory=dict)

    def acts(self, known: Day | None = None) -> tuple[Act, ...]:
        """Acts in their corrected form, in the order their first entries were written.

        With `known`, claims and acts published after that day are passed over; what has no publication day stays.
        """
        names = sorted({**self.merged, **self.performed}, key=self.seq.__getitem__)
        return tuple(act for name in names if (act := self.act(name, known)))

    def act(self, name: str, known: Day | None = None) -> Act | None:
        """An act in its corrected form, by any id it ever had; None where none stands by that id, or none was known."""
        own = self.ids.get(name, name)
        act = self._as_known(self.merged[own], known) if own in self.merged else self.performed.get(own)
        if act is None:
            return None
        if own not in self.merged:
            if own in self.retracted or is_after(act.published, known):
                return None
            act = replace(act, sources=tuple(one for one in act.sources if not is_after(one.published, known)))
        return self.corrected(act)

    def _as_known(self, one: Merged, known: Day | None) -> Act | None:
        heard = [claim for claim in one.claims if not is_after(self.published.get(claim.page), known)]
        if not heard:
            return None
        act = one.act if len(heard) == len(one.claims) else weave(one.act.id, heard, self.published)
        return replace(act, recorded=min(self.recorded[claim.id] for claim in one.claims))

    def corrected(self, act: Act) -> Act:
        """An act with the corrections made to it: what it said before becomes a conflict, the reason a note."""
        said: dict[str, str] = {}
        for entry in self.corrections.get(act.id, ()):
            act = amend(act, entry, said)
            said |= dict.fromkeys(entry.payload["changes"], entry.payload["source"] or f"corrected by {entry.who}")
        return act


def derive(entries: Iterable[Entry], *, weak: bool = False) -> Derived:
    """What entries amount to, read in the order of writing; a prefix of the log gives the state at its last moment."""
    log = _Log()
    for entry in entries:
        try:
            log.take(entry)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise FoedusError(
                f"entry {entry.seq} ({entry.type} {entry.id})",
                f"is damaged: {type(error).__name__} {error}",
                "Put a backup of the ledger in its place, or read the pages into a new one",
            ) from error
    out = log.out
    # Ids are dealt over every claim ever read, so that a retraction never hands one on to another act.
    dealt = act_ids(log.every.values())
    for heir, before in log.heirs.items():
        dealt[heir] = dealt[before]
    standing = sorted((c for c in out.claims.values() if c.id not in log.withdrawn), key=lambda c: out.seq[c.id])
    out.published = {page.name: page.published for page in out.pages.values()}
    for one in merge_claims(standing, out.published, by_hand=log.hand.decided(), weak=weak, ids=dealt):
        name = one.act.id
        out.merged[name] = one
        out.seq[name] = min(out.seq[claim.id] for claim in one.claims)
        out.ids |= {dealt[claim.id]: name for claim in one.claims}
    for made_to in list(out.corrections):
        if out.ids.get(made_to, made_to) != made_to:
            held = [*out.corrections[out.ids[made_to]], *out.corrections.pop(made_to)]
            out.corrections[out.ids[made_to]] = sorted(held, key=lambda entry: entry.seq)
    return out


def _because(what: str, entry: Entry) -> str:
    """A decision in words, with who and when."""
    return f"{what} by {entry.who} on {entry.recorded[:10]}" + (f": {entry.why}" if entry.why else "")


@dataclass(slots=True)
class _Log:
    """The entries taken so far."""

    out: Derived = field(default_factory=Derived)
    every: dict[str, Claim] = field(default_factory=dict)
    heirs: dict[str, str] = field(default_factory=dict)
    hand: Hand = field(default_factory=Hand)
    withdrawn: set[str] = field(default_factory=set)

    def take(self, entry: Entry) -> None:
        """Take one entry, the next in the order of writing."""
        out, payload = self.out, entry.payload
        match entry.type:
            case EntryType.PAGE:
                out.pages[entry.id] = SeenPage.from_json(payload)
            case EntryType.CLAIM:
                self._claim(entry)
            case EntryType.ACT:
                # Told again with a further source, it is the act it was.
                held = out.performed.get(entry.id)
                recorded = held.recorded if held else entry.recorded
                out.performed[entry.id] = replace(Act.from_json(payload), recorded=recorded)
                out.seq.setdefault(entry.id, entry.seq)
            case EntryType.MERGE:
                self.hand.join(payload["claims"], _because("joined", entry))
            case EntryType.SPLIT:
                self.hand.part(payload["claims"], payload["rest"], _because("parted", entry))
            case EntryType.CORRECTION:
                out.corrections[entry.id].append(entry)
                if len(payload["claims"]) > 1:
                    self.hand.keep(payload["claims"], _because("kept together, as corrected", entry))
            case EntryType.RETRACTION:
                self._retraction(entry)

    def _claim(self, entry: Entry) -> None:
        claim, before = claim_of(entry.payload), entry.payload.get("succeeds")
        self.out.claims[claim.id] = self.every[claim.id] = claim
        self.out.page_of[claim.id] = entry.payload["sha256"]
        self.out.recorded.setdefault(claim.id, entry.recorded)
        # A claim read better takes the place of the one before it in the order that ids come from.
        self.out.seq.setdefault(claim.id, self.out.seq[before] if before else entry.seq)
        if before:
            self.heirs.setdefault(claim.id, before)
        self.withdrawn.discard(claim.id)

    def _retraction(self, entry: Entry) -> None:
        claims = entry.payload["claims"]
        match entry.payload["of"]:
            case "act":
                self.out.retracted.add(entry.id)
                self.withdrawn.update(claims)
            case "restored":
                self.out.retracted.discard(entry.id)
                self.withdrawn.difference_update(claims)
                if entry.payload.get("thing") in ("claim", "page"):
                    for claim in claims:
                        self.out.claims.setdefault(claim, self.every[claim])
            case _:
                for claim in claims:
                    self.out.claims.pop(claim, None)


def amend(act: Act, entry: Entry, said: Mapping[str, str] | None = None) -> Act:
    """An act with one correction applied.

    Args:
        said: where roles corrected before were said to be so; the others are as the act's first source has them.
    """
    changes: Mapping[str, Any] = entry.payload["changes"]
    before = doing_to_json(act)
    after = {**before, **changes}
    where = act.sources[0].where if act.sources else "as first recorded"
    differing = (
        *act.conflicts,
        *(
            Conflict(role, _said(before[role]), (said or {}).get(role, where))
            for role in changes
            if before.get(role) not in (None, [], "") and before.get(role) != changes[role]
        ),
    )
    # What the act says now is no difference any more, whoever said it first.
    open_still = (one for one in differing if one.field not in changes or one.says != _said(changes[one.field]))
    note = "; ".join(filter(None, (act.note, f"{', '.join(changes)} corrected by {entry.who}: {entry.why}")))
    source = Source(entry.payload["source"], entry.known, entry.why) if entry.payload["source"] else None
    return replace(
        act,
        **doing_from_json(after),
        conflicts=tuple(dict.fromkeys(open_still)),
        sources=(*act.sources, source) if source else act.sources,
        note=note,
    )


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def is_after(published: Day | None, known: Day | None) -> bool:
    """Whether something was surely published after a day; what has no publication day was not surely."""
    return published is not None and known is not None and published.compare(known) is Order.AFTER
