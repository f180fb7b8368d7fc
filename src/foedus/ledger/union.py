"""Several analysts' ledgers into one: the same page, claim, act or decision once, whatever they differ in kept.

Entries keep who, why and the moment at which somebody first recorded them, so that the union as of any moment is what
the ledgers held together then. Where two decide otherwise about one thing, both decisions stay in the log, the later
holds, as it would had both worked in one ledger, and the difference is told.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby, permutations
from pathlib import Path
from typing import Any

from foedus.ledger.chain import Row, link_of, origin
from foedus.ledger.derive import derive
from foedus.ledger.entries import EntryType, canonical, claim_of, found_by, instant, is_by_reading, plain, text_beside
from foedus.ledger.hand import Hand
from foedus.ledger.merge import free_act_id
from foedus.ledger.opening import begin_store, open_store
from foedus.ledger.retelling import changed, is_same_doing, names_for, told_again
from foedus.ledger.store import Store, new_identity, utc_now
from foedus.terms import Act, FoedusError, fingerprint
from foedus.terms.ids import act_id


@dataclass(frozen=True, slots=True)
class Difference:
    """Something two ledgers do not agree on: what it is about, and what each says, with the path of the ledger."""

    about: str
    what: str
    said: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Union:
    """What came of joining ledgers: entries written, entries that said what another had said, and differences."""

    entries: int = 0
    alike: int = 0
    differences: list[Difference] = field(default_factory=list)


def unite(stores: Sequence[Store], target: Path | str) -> Union:
    """Join what several stores hold in a new ledger at a place where nothing stands.

    Raises:
        FoedusError: fewer than two stores, one of them does not hold, or something stands at the target.
    """
    if len(stores) < 2:
        raise FoedusError(str(target), "needs two ledgers to join", "Name two or more")
    identity = new_identity(utc_now())
    heads = [(store.identity()["ledger"], store.tail()) for store in stores]
    identity["from"] = " ".join(f"{name}@{tail.seq}:{tail.link.hex()}" for name, tail in heads if tail)
    joining = _Joining(stores)
    begin_store(target, identity, joining.rows(origin(identity)), joining.texts())
    with contextlib.closing(open_store(target, create=False, read_only=True)) as store:
        joining.compare(derive(store.entries()).ids)
    return joining.union


@dataclass(slots=True)
class _Ledger:
    """One of the ledgers: how what it names is called in the union, and what stood in it by itself."""

    path: str
    names: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)
    dealt: dict[str, str] = field(default_factory=dict)
    claim_of: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    stands: set[str] = field(default_factory=set)
    took_back: dict[str, str] = field(default_factory=dict)
    corrected: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    charters: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    hand: Hand = field(default_factory=Hand)


class _Joining:
    """The union as far as it has come."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self.union = Union()
        self._stores = stores
        self._ledgers = [_Ledger(store.path) for store in stores]
        within = [any(_is_part_of(store, other) for other in stores) for store in stores]
        # What a part of another ledger says, that one knew, and went on from.
        self._by_themselves = [ledger for ledger, is_part in zip(self._ledgers, within, strict=True) if not is_part]
        self._seen: set[bytes] = set()
        self._pages: dict[str, dict[str, Any]] = {}
        self._page_names: dict[str, str] = {}
        self._claims: dict[tuple[str, str], str] = {}
        self._standing: set[str] = set()
        self._gone: set[str] = set()
        self._acts: dict[str, Act] = {}
        self._shown: dict[str, Act] = {}
        self._of_pages: frozenset[str] | None = None
        self._dealt: dict[str, str] = {}
        self._taken: set[str] = set()
        self._texts: dict[str, str] = {}
        self._charters: dict[str, str | None] = {}

    def rows(self, previous: bytes) -> Iterator[Row]:
        """Entries of all ledgers by the moment they were recorded, numbered and linked anew."""
        moment, group = "", 0
        for recorded, n, entries in heapq.merge(*(_groups(n, store) for n, store in enumerate(self._stores))):
            kept = [row for entry in entries if (row := self._taken_in(entry, n))]
            self.union.alike += len(entries) - len(kept)
            if not kept:
                continue
            moment = recorded if recorded > moment else _after(moment)
            group += 1
            for row in kept:
                self.union.entries += 1
                numbered = row._replace(seq=self.union.entries, group=group, recorded=moment)
                previous = link_of(numbered, previous)
                yield numbered._replace(link=previous)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """The texts that pages and charters of the union speak of, each from a ledger that has it whole.

        Raises:
            FoedusError: none of them has.
        """
        left = dict(self._texts)
        for store in self._stores:
            for sha256, text in store.texts():
                if sha256 in left and hashlib.sha256(text).hexdigest() == sha256:
                    del left[sha256]
                    yield sha256, text
        for sha256, path in sorted(left.items()):
            what = f"the text {sha256} is gone, or not the one that was kept"
            raise FoedusError(path, what, "Nothing was joined. See `foedus verify`")

    def _taken_in(self, row: Row, n: int) -> Row | None:
        """An entry as the union has it, None where it says nothing that another did not say."""
        ledger = self._ledgers[n]
        payload = plain(row.payload)
        match EntryType(row.type):
            case EntryType.PAGE:
                made = self._page(row.id, payload, ledger)
            case EntryType.CLAIM:
                made = self._claim(payload, ledger)
            case EntryType.ACT:
                made = self._act(row.id, payload, ledger)
            case EntryType.RETRACTION:
                made = self._retraction(row, payload, ledger)
            case EntryType.CHARTER:
                made = self._charter(row, payload, ledger, is_known=_content(row, row.id, payload) in self._seen)
            case _:
                made = self._decision(row, payload, ledger)
        if made is None:
            return None
        name, payload = made
        # As the union calls things, so that a ledger that was joined before says nothing new.
        content = _content(row, name, payload)
        if content in self._seen:
            return None
        self._seen.add(content)
        about, org, kind = found_by(row.type, payload)
        known = payload["published"] if row.type in (EntryType.PAGE, EntryType.ACT) else row.known
        return row._replace(id=name, payload=canonical(payload), known=known, about=about, org=org, kind=kind)

    def _page(self, sha256: str, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, Any] | None:
        ledger.stands.add(sha256)
        own = payload["name"]
        known = self._pages.get(sha256)
        if known is None:
            name = own if self._page_names.get(own, sha256) == sha256 else f"{own}#{sha256[:8]}"
            new = {**payload, "name": name}
        elif sha256 in ledger.pages:
            new = _seen_again(known, ledger.pages[sha256], payload)
        else:
            new = self._filled_in(known, payload, ledger)
        ledger.names[own], ledger.pages[sha256] = new["name"], payload
        if new.get("kept", True):
            self._texts.setdefault(new["text_sha256"], ledger.path)
        if new == known:
            return None
        self._pages[sha256], self._page_names[new["name"]] = new, sha256
        return sha256, new

    def _filled_in(self, known: dict[str, Any], payload: Mapping[str, Any], ledger: _Ledger) -> dict[str, Any]:
        """What the union knows of a page, with what a second ledger knows besides."""
        new = dict(known)
        for key, value in payload.items():
            if key in ("name", "kept") or value in (None, "", []):
                continue
            if known.get(key) in (None, "", []):
                new[key] = value
            elif known[key] != value:
                self._differ(f"page {known['name']}", key, ("the first", str(known[key])), (ledger.path, str(value)))
        if payload.get("kept", True) and payload["text_sha256"] == known["text_sha256"]:
            new.pop("kept", None)
        return new

    def _claim(self, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, Any] | None:
        own = payload["id"]
        is_first = own not in ledger.claims
        before = payload.get("succeeds")
        ledger.dealt[own] = ledger.dealt[before] if before else free_act_id(claim_of(payload), ledger.taken)
        ledger.claim_of.setdefault(ledger.dealt[own], own)
        new = {**payload, "page": ledger.names.get(payload["page"], payload["page"])}
        if before:
            new["succeeds"] = ledger.claims.get(before, before)
        said = {key: value for key, value in new.items() if key not in ("id", "succeeds")}
        content = new["sha256"], canonical(said)
        if content not in self._claims:
            # Another page of that name may have a claim of that id.
            self._claims[content] = fingerprint(new["sha256"], own) if own in self._dealt else own
        name = self._claims[content]
        is_new = name not in self._dealt
        ledger.claims[own] = new["id"] = name
        ledger.stands.add(name)
        if is_new:
            heir = new.get("succeeds")
            held = self._dealt.get(heir) if heir else None
            self._dealt[name] = held or free_act_id(claim_of(new), self._taken)
            if heir and not held:
                del new["succeeds"]
        # Whoever reads what somebody took back has decided nothing, nor has an older reader that found more.
        if name in self._standing or name in self._gone or (is_first and not is_new):
            return None
        self._standing.add(name)
        return name, new

    def _act(self, name: str, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, Any] | None:
        act = Act.from_json(payload)
        own = next(one for one in names_for(act) if self._may_go_by(one, act))
        held = self._acts.get(own)
        if own != name:
            act, payload = replace(act, id=own), {**payload, "id": own}
            if held is None and not (name in self._acts and is_same_doing(self._acts[name], act)):
                self._differ(f"act {name}", "another act of that id", ("the first", name), (ledger.path, own))
        ledger.acts[name] = own
        ledger.stands.add(own)
        told = told_again(held, act) if held else act
        if told == held:
            return None
        self._acts[own], self._shown[own] = told, self._shown.get(own, told)
        self._standing.add(own)
        return own, told.to_json() if held else payload

    def _may_go_by(self, name: str, act: Act) -> bool:
        """Whether an act may have an id: nothing had it, or it stands and says the same, as entered or as corrected."""
        if name in self._named_by_claims():
            return False
        held = self._acts.get(name)
        if held is None:
            return True
        return name in self._standing and (is_same_doing(held, act) or is_same_doing(self._shown[name], act))

    def _named_by_claims(self) -> frozenset[str]:
        """Of the ids of acts that were entered those that acts of pages have, or may have in the union."""
        if self._of_pages is None:
            entered = {row.id for store in self._stores for row in store.rows(of=EntryType.ACT)}
            claims = (claim_of(plain(row.payload)) for store in self._stores for row in store.rows(of=EntryType.CLAIM))
            may = {act_id(claim, claim.id, digits) for claim in claims for digits in (6, 12)} if entered else set()
            self._of_pages = frozenset(entered & may)
        return self._of_pages

    def _charter(self, row: Row, payload: dict[str, Any], ledger: _Ledger, *, is_known: bool) -> tuple[str, Any] | None:
        text = text_beside(row.type, row.payload)
        told = f"{payload['characters']} characters, {payload['source'] or 'no source'}" if text else "given up"
        ledger.charters[row.id] = text, _decided(f"{told},", row)
        if is_known or self._charters.get(row.id) == text:
            return None
        self._charters[row.id] = text
        if text:
            self._texts.setdefault(text, ledger.path)
        return row.id, payload

    def _retraction(self, row: Row, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, Any]:
        name, new = self._renamed(row, payload, ledger)
        gone = {name, *new["claims"]}
        if new["of"] == "restored":
            ledger.stands |= gone
            self._standing |= gone
            self._gone -= gone
        else:
            ledger.stands -= gone
            self._standing -= gone
            if not is_by_reading(new, row.why):
                self._gone |= gone
                ledger.took_back[name] = _decided("taken back", row)
        return name, new

    def _decision(self, row: Row, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, Any]:
        name, new = self._renamed(row, payload, ledger)
        for role, value in new.get("changes", {}).items():
            # The last word comes last.
            ledger.corrected.pop((name, role), None)
            ledger.corrected[name, role] = _plainly(value), _decided("corrected", row)
        if name in self._shown and new.get("changes"):
            self._shown[name] = changed(self._shown[name], new["changes"])
        match EntryType(row.type):
            case EntryType.MERGE:
                ledger.hand.join(new["claims"], _decided("joined", row))
            case EntryType.SPLIT:
                ledger.hand.part(new["claims"], new["rest"], _decided("parted", row))
            case EntryType.CORRECTION if len(new["claims"]) > 1:
                ledger.hand.keep(new["claims"], _decided("corrected as one", row))
            case _:
                pass
        return name, new

    def _renamed(self, row: Row, payload: dict[str, Any], ledger: _Ledger) -> tuple[str, dict[str, Any]]:
        new = dict(payload)
        for key in ("claims", "rest"):
            if key in new:
                new[key] = sorted(ledger.claims.get(claim, claim) for claim in new[key])
        if "acts" in new:
            new["acts"] = sorted(self._act_named(name, ledger) for name in new["acts"])
        if "act" in new:
            new["act"] = self._act_named(new["act"], ledger)
        if row.type == EntryType.RETRACTION and "claim" in (new["of"], new.get("thing")):
            return ledger.claims.get(row.id, row.id), new
        return self._act_named(row.id, ledger), new

    def _act_named(self, name: str, ledger: _Ledger) -> str:
        """What the union calls an act: by the claim that gave it its id, or by the id it was performed under."""
        if name in ledger.claim_of:
            return self._dealt[ledger.claims[ledger.claim_of[name]]]
        return ledger.acts.get(name, name)

    def _differ(self, about: str, what: str, *said: tuple[str, str]) -> None:
        self.union.differences.append(Difference(about, what, said))

    def compare(self, ids: Mapping[str, str]) -> None:
        """Tell what persons decided otherwise: one took back what another holds, both corrected one role, one joined
        what another parted, or each keeps another charter of an organisation.

        Args:
            ids: the id that an act of the union has, by any it ever had.
        """
        corrected: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
        for ledger in self._by_themselves:
            for (name, role), (value, how) in ledger.corrected.items():
                corrected[ids.get(name, name), role][ledger.path] = value, how
            for name, why in ledger.took_back.items():
                holders = [
                    other.path for other in self._by_themselves if other is not ledger and name in self._held(other)
                ]
                if holders and name not in ledger.stands:
                    self._differ(name, "taken back", (ledger.path, why), *((path, "held") for path in holders))
        for org in dict.fromkeys(org for ledger in self._by_themselves for org in ledger.charters):
            told = {ledger.path: ledger.charters[org] for ledger in self._by_themselves if org in ledger.charters}
            if len({text for text, _ in told.values()}) > 1:
                self._differ(f"charter {org}", "its text", *((path, words) for path, (_, words) in told.items()))
        for (name, role), said in corrected.items():
            if len({value for value, _ in said.values()}) > 1:
                self._differ(name, role, *((path, f"{value}, {how}") for path, (value, how) in said.items()))
        for one, other in permutations(self._by_themselves, 2):
            for claim in _undone(one.hand, other.hand):
                name = ids.get(self._dealt[claim], self._dealt[claim])
                self._differ(name, "one act or several", *((at.path, at.hand.why[claim][-1]) for at in (one, other)))

    def _held(self, ledger: _Ledger) -> set[str]:
        """What a ledger holds by itself: pages, claims, acts performed, and acts of pages by any of their claims."""
        return ledger.stands | {self._dealt[name] for name in ledger.stands if name in self._dealt}


def _seen_again(known: Mapping[str, Any], before: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the union knows of a page, with what changed when one ledger read it a second time."""
    names = (before.keys() | payload.keys()) - {"name"}
    changed = {name for name in names if before.get(name) != payload.get(name)}
    new = {name: value for name, value in known.items() if name not in changed}
    return new | {name: payload[name] for name in changed if name in payload}


def _decided(what: str, row: Row) -> str:
    """A decision in words: by whom, at which moment, so that one sees which is the later, and why."""
    return f"{what} by {row.who} at {row.recorded}" + (f": {row.why}" if row.why else "")


def _plainly(value: object) -> str:
    """The value of a role as a person writes it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else "none" if value is None else str(value)


def _content(row: Row, name: str, payload: Mapping[str, Any]) -> bytes:
    """The hash of all that an entry says, but for its place in the log."""
    said = canonical({"t": row.type, "i": name, "p": payload, "w": row.who, "y": row.why, "r": row.recorded})
    return hashlib.sha256(said.encode()).digest()


def _is_part_of(store: Store, other: Store) -> bool:
    """Whether another ledger is this one gone on, or came of joining this one as it stands, and is more."""
    last, identity = store.tail(), store.identity()
    if last is None or store is other:
        return False
    if f"{identity['ledger']}@{last.seq}:{last.link.hex()}" in other.identity().get("from", "").split():
        return True
    return (
        identity["ledger"] == other.identity()["ledger"]
        and last.seq < other.last()
        and other.link(last.seq) == last.link
    )


def _undone(one: Hand, other: Hand) -> list[str]:
    """Of each set of claims that one parted and the other took for one doing, the first claim."""
    found = [held for held in other.together if any(pair <= held for pair in one.apart)]
    return [min(claim for pair in one.apart if pair <= held for claim in pair) for held in found]


def _groups(n: int, store: Store) -> Iterator[tuple[str, int, list[Row]]]:
    for _, rows in groupby(_proven(store), key=lambda row: row.group):
        entries = list(rows)
        yield entries[0].recorded, n, entries


def _proven(store: Store) -> Iterator[Row]:
    previous = store.link(0)
    for row in store.rows():
        if link_of(row, previous) != row.link:
            raise FoedusError(store.path, f"entry {row.seq} does not hold", "Nothing was joined. See `foedus verify`")
        previous = row.link
        yield row


def _after(moment: str) -> str:
    return instant(datetime.fromisoformat(moment) + timedelta(microseconds=1))
