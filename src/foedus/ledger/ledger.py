"""The ledger a caller holds: append entries, read back what they amount to, now or as of an earlier moment."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from foedus.ledger.changes import Change, compare
from foedus.ledger.derive import Derived, derive, is_after
from foedus.ledger.entries import (
    UNREAD,
    Added,
    Entry,
    EntryType,
    SeenPage,
    claim_of,
    is_by_reading,
    moment_of,
    see_text,
    text_hash,
)
from foedus.ledger.kept import CharterTurn, KeptCharter, giving_up, keeping, standing, turns_of
from foedus.ledger.merge import Merged, free_act_id
from foedus.ledger.opening import open_store
from foedus.ledger.retelling import changed, is_same_doing, names_for, told_again
from foedus.ledger.store import Store, utc_now
from foedus.ledger.turns import Group, Writing
from foedus.ledger.weave import first_said
from foedus.terms import (
    COMMON_ROLES,
    Act,
    Claim,
    Day,
    FoedusError,
    Modality,
    OrgCode,
    Origin,
    doing_from_json,
    doing_to_json,
    fingerprint,
    kinds,
    listed,
    roles,
)
from foedus.terms.spelling import see_party


class Ledger:
    """One ledger, open. Use it as a context manager.

    Nothing in it is updated or deleted: every method that writes appends entries, in one transaction, which is on
    the disk when the method returns. Several processes may hold one ledger; they write one after the other.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._derived: dict[tuple[bytes, bool, str | None], Derived] = {}
        self._dealt: dict[str, tuple[int, bytes, set[str]]] = {}

    @classmethod
    def open(
        cls,
        where: Path | str,
        *,
        create: bool = True,
        read_only: bool = False,
        clock: Callable[[], datetime] = utc_now,
    ) -> Ledger:
        """The ledger at a path or URL, begun there if nothing stands there.

        Args:
            where: a path, `sqlite:PATH`, `postgresql://…`, or `:memory:` for one that nobody keeps.
            create: whether one may be begun.
            read_only: whether nothing may be written.
            clock: gives the moments at which entries are recorded.
        Raises:
            FoedusError: nothing there to open, not a ledger, from a newer foedus, cut short or damaged. What is there
                is left as it is.
        """
        return cls(open_store(where, create=create, read_only=read_only, clock=clock))

    @property
    def store(self) -> Store:
        """Where its entries lie, for those who look after it: verify, copy, sign."""
        return self._store

    @property
    def path(self) -> str:
        """Where it lies."""
        return self._store.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    # Writing

    def append(self, entries: Iterable[Entry]) -> Group | None:
        """The group that some entries are stored as, in one transaction, all or nothing; None where there are none.

        Raises:
            FoedusError: one of them could not be read back, or names nobody in `who`.
        """
        return self._store.append(entries)

    def add_page(
        self, seen: SeenPage, claims: Sequence[Claim], who: str, why: str = "", *, reread: bool = False
    ) -> Added:
        """What came of adding a page with the claims read from it: the page and all its claims, or nothing.

        A page known by its hash adds nothing, unless `reread`: then claims that the new reading found are added, those
        it no longer finds are retracted, and one found in the same words takes the place of the old, with its act's
        id; what a person took back, the page or a claim, stays taken back. Where another page has the name, this one
        goes by the name, `#` and eight digits of its hash.

        Args:
            seen: the page with its text; of one that is not to be `kept`, only hashes and evidence are stored.
            claims: n claims; their evidence must stand in the text at its offsets.
            who: the reader and its version, or a person.
            why: what the page was read for.
            reread: whether a known page is read again.
        Raises:
            FoedusError: evidence that is not in the page.
        """
        for claim in claims:
            _see_evidence(claim, seen)
        with self._store.writing() as writing:
            named = {claim.id: claim for claim in (self._named(claim, seen) for claim in claims)}
            earlier = self._store.named(EntryType.PAGE, seen.sha256)
            known = SeenPage.from_json(earlier[-1].payload) if earlier else None
            if known and not reread:
                return Added(known.name, False, taken_back=self._taken_back(seen.sha256) is not None)
            if self._taken_back(seen.sha256):
                return Added(seen.name, False, taken_back=True)
            page = replace(seen, name=known.name if known else self._free_name(seen))
            held = self._held_on(page.sha256)
            entries: list[Entry] = []
            if not earlier or earlier[-1].payload != page.to_json():
                entries.append(Entry.of_page(page, who, why))
                if page.kept:
                    writing.keep_text(page.text)
            found = [claim for claim in named.values() if claim.id not in held and not self._taken_back(claim.id)]
            new = [replace(claim, page=page.name) for claim in found]
            gone = [claim for claim in held.values() if claim.id not in named]
            heirs = _heirs(gone, new)
            for claim in new:
                before = heirs.get(claim.id, "")
                entries.append(Entry.of_claim(claim, page.sha256, who, why, known=page.published, succeeds=before))
            for claim in gone:
                payload = {"of": "claim", "claims": [claim.id], "source": page.name, "by": "reading"}
                entries.append(
                    Entry(type=EntryType.RETRACTION, id=claim.id, payload=payload, who=who, why=why or UNREAD)
                )
            writing.add(entries)
        return Added(page.name, known is None, len(new), len(gone), tuple(claim.id for claim in new))

    def perform(self, act: Act, who: str, why: str = "") -> Act:
        """The act of a person or a scenario as stored, with its id and moment.

        Without an id it gets one from its roles. The same act again is the one already there, and adds nothing but
        sources it did not have; if it was retracted, it is a new one.

        Raises:
            FoedusError: the act comes from a page or a record, or its id is that of another act.
        """
        with self._store.writing() as writing:
            name, written = self._perform(writing, act, who, why)
            return written or self._act(name, self._now())

    def perform_all(self, acts: Iterable[Act], who: str, why: str = "") -> int:
        """How many of some acts were new: each is performed as by `perform`, all of them or none.

        Raises:
            FoedusError: as `perform`; then nothing was written.
        """
        with self._store.writing() as writing:
            return sum(self._perform(writing, act, who, why)[1] is not None for act in acts)

    def correct(
        self,
        id: str,  # noqa: A002
        changes: Mapping[str, Any],
        who: str,
        why: str = "",
        source: str = "",
        *,
        of: Act | None = None,
    ) -> Act:
        """The act as corrected. What it said before stays in the log and stands beside as a conflict.

        Args:
            id: an act of this ledger, by any id it ever had.
            changes: roles and their values, as in an act's JSON; None takes a role away.
            who: who corrects.
            why: the reason.
            source: where the right value is said.
            of: the act itself where it is not of this ledger: a shipped record.
        Raises:
            FoedusError: no such act, a role that its kind does not have, or a value of the wrong shape.
        """
        with self._store.writing() as writing:
            act = self._corrected(id, of)
            # Whoever corrects an act has looked at its claims as one: they stay together, and the correction with them.
            payload = {"changes": _checked(act, changes), "source": source, "claims": list(act.claims)}
            entry = Entry(type=EntryType.CORRECTION, id=act.id, payload=payload, who=who, why=why, valid=act.date)
            writing.add([entry])
        return self._corrected(id, of)

    def retract(self, id: str, who: str, why: str = "", source: str = "", *, of: Act | None = None) -> None:  # noqa: A002
        """Take back an act, a claim, or a page with all its claims. The log keeps them; `restore` brings them back.

        An act taken back loses the claims it has now: what later pages say makes an act of its own.

        Raises:
            FoedusError: nothing goes by that id.
        """
        self._withdraw(id, who, why, source, of)

    def restore(self, id: str, who: str, why: str = "", source: str = "") -> None:  # noqa: A002
        """Bring back an act, a claim or a page that a person retracted, with the claims it had then.

        Raises:
            FoedusError: it was not retracted, or has been brought back.
        """
        with self._store.writing() as writing:
            found = [self._store.named(EntryType.RETRACTION, name) for name in (id, *self._hashes_of(id))]
            made = next((entries for entries in found if _last_by_person(entries)), None)
            last = _last_by_person(made or ())
            if not made or last is None:
                do = "Give the id of an act or a claim, or the name of a page, that was"
                raise FoedusError(id, "was not retracted, or stands again", do)
            since = max((entry.seq for entry in made if entry.payload["of"] == "restored"), default=0)
            claims = sorted({c for entry in made if entry.seq > since for c in entry.payload["claims"]})
            payload = {"of": "restored", "thing": last.payload["of"], "claims": claims, "source": source}
            entry = Entry(type=EntryType.RETRACTION, id=last.id, payload=payload, who=who, why=why)
            writing.add([entry])

    def taken_back(self, id: str) -> Entry | None:  # noqa: A002
        """The retraction by which a person took back an act, a claim or a page; None where it stands or never was."""
        found = (self._taken_back(name) for name in (id, *self._hashes_of(id)))
        return next((entry for entry in found if entry), None)

    def split(self, act_id: str, claim_ids: Sequence[str], who: str, why: str = "") -> tuple[Act, ...]:
        """The two acts after some claims of one are parted from the rest; they stay parted whatever comes.

        Raises:
            FoedusError: no act of pages by that id, a claim that is not of it, or none would be left on one side.
        """
        with self._store.writing() as writing:
            before = self._now()
            one = self._merged(act_id, before)
            held = {claim.id for claim in one.claims}
            off = set(claim_ids)
            if not off or not off < held:
                strange = ", ".join(sorted(off - held))
                raise FoedusError(
                    act_id,
                    f"does not have the claims {strange}" if strange else "needs a claim on either side to be split",
                    f"Its claims are {', '.join(sorted(held))}",
                )
            payload = {"act": one.act.id, "claims": sorted(off), "rest": sorted(held - off)}
            entry = Entry(type=EntryType.SPLIT, id=one.act.id, payload=payload, who=who, why=why)
            writing.add([entry])
        after = self._now()
        return tuple(act for act in after.acts() if held.intersection(act.claims))

    def merge(self, act_ids: Sequence[str], who: str, why: str = "") -> Act:
        """The act after several of one kind, all from pages, are joined; it goes by the id of the first written.

        Raises:
            FoedusError: an id of no act of pages, fewer than two acts, or acts of two kinds.
        """
        with self._store.writing() as writing:
            before = self._now()
            parts = {one.act.id: one for one in (self._merged(name, before) for name in act_ids)}
            if len(parts) < 2:
                raise FoedusError(", ".join(act_ids), "is one act", "Give the ids of two acts or more")
            if len({(one.act.kind, one.act.modality) for one in parts.values()}) > 1:
                told = ", ".join(f"{one.act.id} ({one.act.modality} {one.act.kind})" for one in parts.values())
                raise FoedusError(told, "are of two kinds or modalities", "Only acts of one kind can be one act")
            claims = sorted(claim.id for one in parts.values() for claim in one.claims)
            entry = Entry(
                type=EntryType.MERGE, id=min(parts), payload={"acts": sorted(parts), "claims": claims}, who=who, why=why
            )
            writing.add([entry])
        return self._act(next(iter(parts)), self._now())

    def keep_charter(self, org: str, text: str, who: str, why: str = "", source: str = "") -> bool:
        """Whether a text was taken for the charter of an organisation from now on; False where it stands already.

        What stood before stays in the log. The caller has seen that the text is a charter of that organisation.

        Args:
            org: its code, such as csto.
            text: the YAML of the charter, stored letter for letter.
            who: who takes it up.
            why: the reason.
            source: where the text comes from: the name of a file, or what the person says.
        Raises:
            FoedusError: no code of an organisation, a text that cannot be stored, or nobody in `who`.
        """
        see_text(text, f"the charter of {org}")
        entry = keeping(org, text, who, why, source)
        with self._store.writing() as writing:
            before = standing(self._store.charters()).get(OrgCode(org))
            if before and before.payload["text_sha256"] == entry.payload["text_sha256"]:
                return False
            writing.keep_text(text)
            writing.add([entry])
        return True

    def give_up_charter(self, org: str, who: str, why: str = "") -> None:
        """Go back to the charter that foedus ships for an organisation, or to none. What was kept stays in the log.

        Raises:
            FoedusError: the ledger keeps no charter of that organisation.
        """
        with self._store.writing() as writing:
            kept = standing(self._store.charters())
            if OrgCode(org) not in kept:
                told = f"It keeps those of {', '.join(kept)}" if kept else "It keeps none"
                raise FoedusError(org, f"{self.path} keeps no charter of that name", told)
            writing.add([giving_up(org, who, why)])

    # Reading

    def entries(self, recorded: str | None = None, type: EntryType | str | None = None) -> tuple[Entry, ...]:  # noqa: A002
        """Entries in the order of writing: all, those recorded by a moment (a day or an instant), those of one type."""
        return tuple(self._store.entries(_until(recorded), EntryType(type) if type else None))

    def moments(self, org: str, kinds: Iterable[str], recorded: str | None = None) -> tuple[str, ...]:
        """The instants, earliest first, at which acts of an organisation of some kinds may have come, gone or changed.

        Args:
            recorded: only those by a day or an instant.
        """
        wanted = {None, *kinds}  # what persons decided has no kind
        entries = self._store.concerning(org, _until(recorded))
        found = (one for one in entries if one.type is not EntryType.PAGE and one.payload.get("kind") in wanted)
        return tuple(sorted({entry.recorded for entry in found}))

    def pages(self, recorded: str | None = None) -> tuple[SeenPage, ...]:
        """Pages in the order they were first seen, each with its text; those recorded by a day or an instant."""
        until = _until(recorded)
        return tuple(self._whole(page, until) for page in self._at(recorded).pages.values())

    def page(self, sha256_or_name: str) -> SeenPage | None:
        """A page with its text, by the hash of its bytes or its name; None where the ledger has none such."""
        pages = self._now().pages
        found = pages.get(sha256_or_name) or next((p for p in pages.values() if p.name == sha256_or_name), None)
        return found and self._whole(found)

    def claims(self, recorded: str | None = None) -> tuple[Claim, ...]:
        """Claims that stand, of every kind and confidence, in the order they were read."""
        return tuple(self._at(recorded).claims.values())

    def acts(self, known: Day | None = None, recorded: str | None = None, *, weak: bool = False) -> tuple[Act, ...]:
        """Acts of this ledger in their corrected form, in the order their first entries were written.

        Args:
            known: passes over what was published after that day; what has no publication day stays in.
            recorded: as this ledger held them at the end of a day, or at an instant.
            weak: whether claims of weak confidence make acts.
        """
        return self._at(recorded, weak=weak).acts(known)

    def over(
        self,
        records: Iterable[Act],
        known: Day | None = None,
        recorded: str | None = None,
        org: str | None = None,
    ) -> tuple[Act, ...]:
        """Shipped records with this ledger's corrections and retractions, then the ledger's own acts on top.

        Args:
            org: only acts of that organisation. In a large ledger they are found without reading the rest.
        """
        at = self._at(recorded, org=org)
        ground = (
            at.corrected(act) for act in records if act.id not in at.retracted and not is_after(act.published, known)
        )
        return tuple(act for act in (*ground, *at.acts(known)) if org is None or act.org == org)

    def changes(self, earlier: str, later: str | None = None, records: Iterable[Act] = ()) -> tuple[Change, ...]:
        """What became of the acts of this ledger, and of shipped records it corrects, between two moments.

        Args:
            earlier: a day, which stands for its end, or an instant; what was recorded after it is told.
            later: the same, now where it is left out.
            records: the shipped records.
        Raises:
            FoedusError: the later moment comes before the earlier, or one is no moment.
        """
        since, until = _between(earlier, later)
        shipped = tuple(records)
        return compare(
            self.over(shipped, recorded=earlier),
            self.over(shipped, recorded=later),
            self._at(earlier),
            self._at(later),
            self._store.entries(until, after=self._store.last(since)),
        )

    def charters(self, recorded: str | None = None) -> Mapping[OrgCode, KeptCharter]:
        """The charters this ledger keeps, by organisation in alphabetical order, as of a day or an instant.

        Where it keeps none, this costs one look into an index.

        Raises:
            FoedusError: a text that is gone, or not the one that was kept.
        """
        return {org: self._kept(entry) for org, entry in standing(self._charter_entries(_until(recorded))).items()}

    def charter_turns(self, recorded: str | None = None) -> tuple[CharterTurn, ...]:
        """Each time a charter was taken up, replaced or given up by a day or an instant, in the order of writing."""
        return turns_of(self._charter_entries(_until(recorded)))

    def charter_changes(self, earlier: str, later: str | None = None) -> tuple[CharterTurn, ...]:
        """The turns that charters took between two moments, which are given as for `changes`.

        Raises:
            FoedusError: the later moment comes before the earlier, or one is no moment.
        """
        since, _ = _between(earlier, later)
        return tuple(turn for turn in self.charter_turns(later) if turn.entry.recorded > since)

    def merged(self, recorded: str | None = None) -> tuple[Merged, ...]:
        """Acts of pages as merged, before correction, with claims, reasons and links."""
        return tuple(self._at(recorded).merged.values())

    def explain(self, act_id: str, recorded: str | None = None, known: Day | None = None) -> tuple[str, ...]:
        """Why an act of pages is one: a reason for each claim that joined, what persons decided, what it is linked to.

        Args:
            recorded: as this ledger held it at the end of a day, or at an instant.
            known: passes over reasons that name a claim published after that day.
        Raises:
            FoedusError: no act of pages by that id.
        """
        at = self._around(act_id, recorded)
        reasons = self._merged(act_id, at).reasons
        if known is None:
            return reasons
        unheard = [one.id for one in at.claims.values() if is_after(at.published.get(one.page), known)]
        return tuple(reason for reason in reasons if not any(claim in reason for claim in unheard))

    def claims_of(self, act_id: str, recorded: str | None = None) -> tuple[Claim, ...]:
        """The claims that speak of an act, in canonical order; none for an act that a person performed.

        Args:
            recorded: as for `explain`.
        Raises:
            FoedusError: no act by that id.
        """
        at = self._around(act_id, recorded)
        name = at.ids.get(act_id, act_id)
        if name in at.performed:
            return ()
        return self._merged(act_id, at).claims

    def act(self, act_id: str, recorded: str | None = None) -> Act:
        """An act in its corrected form, by any id it ever had.

        Args:
            recorded: as for `explain`.
        Raises:
            FoedusError: no act by that id; the nearest are named.
        """
        return self._act(act_id, self._around(act_id, recorded))

    # Within

    def _at(self, recorded: str | None, *, weak: bool = False, org: str | None = None) -> Derived:
        """What the log, or what of it concerns an organisation, amounts to at a moment; derived once for each."""
        until = _until(recorded)
        # By its link, not its number: numbers of a turn undone are given again.
        key = self._store.link(self._store.last(until)), weak, org
        if key not in self._derived:
            if len(self._derived) >= _KEPT:
                self._derived.pop(next(iter(self._derived)))
            entries = self._store.entries(until) if org is None else self._store.concerning(org, until)
            self._derived[key] = derive(entries, weak=weak)
        return self._derived[key]

    def _now(self) -> Derived:
        return self._at(None)

    def _around(self, name: str, recorded: str | None = None) -> Derived:
        """What the log amounts to, as far as an act needs it: by the organisation its id begins with, else all.

        An organisation alone has its acts as they are among all, so in a large ledger the rest need not be read.
        """
        org = name.partition("-")[0]
        alone = self._at(recorded, org=org)
        act = alone.act(name)
        return alone if act and act.org == org else self._at(recorded)

    def _corrected(self, name: str, of: Act | None) -> Act:
        """An act of this ledger, or the shipped record `of` if it is that, with the corrections made to it."""
        if of and of.id == name:
            # What persons decided is among the entries of any organisation.
            return self._at(None, org=str(of.org)).corrected(of)
        return self._act(name, self._around(name))

    def _whole(self, page: SeenPage, until: str | None = None) -> SeenPage:
        if not page.kept:
            return page
        # One read again in another encoding has another text; claims count their words in the one of their time.
        entries = self._store.named(EntryType.PAGE, page.sha256)
        seen = [entry for entry in entries if until is None or entry.recorded <= until]
        hashed = seen[-1].payload["text_sha256"] if seen else ""
        text = self._store.text(hashed)
        if text is None or text_hash(text) != hashed:
            raise FoedusError(self.path, f"the text of page {page.name} is not the one stored", "Read the page again")
        return replace(page, text=text)

    def _charter_entries(self, until: str | None) -> list[Entry]:
        return [entry for entry in self._store.charters() if until is None or entry.recorded <= until]

    def _kept(self, entry: Entry) -> KeptCharter:
        told = entry.payload
        text = self._store.text(told["text_sha256"])
        if text is None or text_hash(text) != told["text_sha256"]:
            what = f"the text of the charter of {entry.id}, entry {entry.seq}, is not the one that was kept"
            raise FoedusError(self.path, what, "`foedus verify` tells more; put a backup in its place")
        return KeptCharter(
            org=OrgCode(entry.id),
            ledger=self.path,
            text=text,
            sha256=told["text_sha256"],
            source=told["source"],
            who=entry.who,
            why=entry.why,
            recorded=entry.recorded,
            seq=entry.seq,
        )

    def _act(self, name: str, at: Derived) -> Act:
        act = at.act(name)
        if act is None:
            raise self._unknown(name, at)
        return act

    def _merged(self, name: str, at: Derived) -> Merged:
        one = at.merged.get(at.ids.get(name, name))
        if one is None:
            if name in at.performed:
                raise FoedusError(name, "was performed, not read: it has no claims", "Give the id of an act of pages")
            raise self._unknown(name, at)
        return one

    def _named(self, claim: Claim, seen: SeenPage) -> Claim:
        """A claim with an id of its own: one without gets one, and so does one whose id a claim of another page has."""
        name = claim.id or fingerprint(seen.sha256, claim.to_json(), dict(claim.more))
        if any(entry.payload["sha256"] != seen.sha256 for entry in self._store.named(EntryType.CLAIM, name)):
            name = fingerprint(seen.sha256, name)
        return replace(claim, id=name)

    def _taken_back(self, name: str) -> Entry | None:
        return _last_by_person(self._store.named(EntryType.RETRACTION, name))

    def _hashes_of(self, page: str) -> tuple[str, ...]:
        """The SHA-256 that pages of a name have."""
        return tuple(dict.fromkeys(entry.id for entry in self._store.about(EntryType.PAGE, page)))

    def _free_name(self, seen: SeenPage) -> str:
        """The page's name, or where another page has it, the name with its hash."""
        return f"{seen.name}#{seen.sha256[:8]}" if self._store.about(EntryType.PAGE, seen.name) else seen.name

    def _held_on(self, sha256: str) -> dict[str, Claim]:
        """Claims of a page that stand, keyed by id."""
        last: dict[str, Entry] = {}
        for entry in self._store.about(EntryType.CLAIM, sha256):
            last[entry.id] = entry
        whole = self._store.named(EntryType.RETRACTION, sha256)
        held = {}
        for name, entry in last.items():
            taken_back = [*whole, *self._store.named(EntryType.RETRACTION, name)]
            if all(later.seq < entry.seq for later in taken_back):
                held[name] = claim_of(entry.payload)
        return held

    def _perform(self, writing: Writing, act: Act, who: str, why: str) -> tuple[str, Act | None]:
        """The id an act goes by, and the act as stored; None where it is there already, told again or not."""
        if act.origin not in (Origin.PERSON, Origin.SCENARIO):
            raise FoedusError(
                act.id or act.kind, f"its origin is {act.origin}", "Only persons and scenarios perform acts"
            )
        see_text(act.id, "the id of an act")
        name = self._id_for(act)
        published = act.published or first_said(source.published for source in act.sources)
        stored = replace(act, id=name, published=published, recorded="")
        if self._stands(name):
            held = Act.from_json(self._store.named(EntryType.ACT, name)[-1].payload)
            told = told_again(held, stored)
            if told != held:
                writing.add([Entry.of_act(told, who, why)])
            return name, None
        group = writing.add([Entry.of_act(stored, who, why)])
        return name, replace(stored, recorded=group.recorded if group else "")

    def _id_for(self, act: Act) -> str:
        """The id an act goes by: that of its equal if it stands, else one that nothing has."""
        for name in names_for(act):
            if name in self._dealt_to(name.partition("-")[0]):
                continue
            there = self._store.named(EntryType.ACT, name)
            if not there or (self._stands(name) and self._is_entered(Act.from_json(there[-1].payload), act)):
                return name
        raise AssertionError("there is always another name")

    def _dealt_to(self, org: str) -> set[str]:
        """The ids that acts of pages of an organisation have, or had; `none` is that of those without.

        Only claims written since it was last asked are read.
        """
        seq, link, taken = self._dealt.get(org, (0, b"", set()))
        if seq and self._store.link(seq) != link:
            # That turn was undone, and its numbers may have been given again.
            seq, taken = 0, set()
        last = seq
        for entry in self._store.claims_of(None if org == "none" else org, seq):
            free_act_id(claim_of(entry.payload), taken)
            last = entry.seq
        if last != seq:
            self._dealt[org] = last, self._store.link(last), taken
        return taken

    def _is_entered(self, there: Act, act: Act) -> bool:
        """Whether an act says what one that stands said, when it was entered or as it has been corrected since."""
        corrected = there
        for entry in self._store.named(EntryType.CORRECTION, there.id):
            corrected = changed(corrected, entry.payload["changes"])
        return is_same_doing(there, act) or is_same_doing(corrected, act)

    def _stands(self, name: str) -> bool:
        """Whether an act was performed under an id and not retracted since."""
        made = self._store.named(EntryType.ACT, name)
        withdrawn = self._store.named(EntryType.RETRACTION, name)
        return bool(made) and not (withdrawn and withdrawn[-1].payload["of"] == "act")

    def _withdraw(self, name: str, who: str, why: str, source: str, of: Act | None) -> None:
        with self._store.writing() as writing:
            at = self._around(name)
            target, payload = self._what(name, at, of)
            entry = Entry(type=EntryType.RETRACTION, id=target, payload={**payload, "source": source}, who=who, why=why)
            writing.add([entry])

    def _unknown(self, name: str, at: Derived) -> FoedusError:
        if gone := self.taken_back(name):
            return FoedusError(name, told_of(gone), REINSTATE)
        near = difflib.get_close_matches(name, [*at.ids, *at.performed], 3, 0.5)
        do = f"Near it: {', '.join(near)}" if near else ""
        return FoedusError(name, "nothing in this ledger goes by that id", do)

    def _what(self, name: str, at: Derived, of: Act | None) -> tuple[str, dict[str, Any]]:
        own = at.ids.get(name, name)
        if own in at.merged:
            return own, {"of": "act", "claims": [claim.id for claim in at.merged[own].claims]}
        if (own in at.performed and own not in at.retracted) or (of and of.id == name):
            return own, {"of": "act", "claims": []}
        if name in at.claims:
            return name, {"of": "claim", "claims": [name]}
        page = next((p for p in at.pages.values() if name in (p.sha256, p.name)), None)
        if page:
            own_claims = [c for c, sha in at.page_of.items() if sha == page.sha256 and c in at.claims]
            return page.sha256, {"of": "page", "claims": own_claims}
        raise self._unknown(name, at)


_KEPT = 4


def _until(recorded: str | None) -> str | None:
    return None if recorded is None else moment_of(recorded)


def _between(earlier: str, later: str | None) -> tuple[str, str | None]:
    since, until = moment_of(earlier), _until(later)
    if until is not None and until < since:
        raise FoedusError(f"{earlier} to {later}", "ends before it begins", "Give the earlier moment first")
    return since, until


def _see_evidence(claim: Claim, seen: SeenPage) -> None:
    """No words in the page, no claim."""
    words = claim.evidence
    if not words.text or seen.text[words.start : words.end] != words.text:
        raise FoedusError(
            f"{seen.name}, characters {words.start} to {words.end}",
            f"the evidence of a claim of kind {claim.kind} is {words.text[:40]!r}, "
            f"and the page has {seen.text[words.start : words.end][:40]!r} there",
            "Offsets count characters of the text as received; nothing of the page was stored",
        )


def _heirs(gone: Sequence[Claim], new: Sequence[Claim]) -> dict[str, str]:
    """For claims newly read, the claim each takes the place of: of the same kind, in words that overlap most."""
    left = list(gone)
    heirs: dict[str, str] = {}
    for claim in new:
        shared = [(_shared(claim, old), old) for old in left if old.kind == claim.kind]
        length, best = max(shared, key=lambda pair: (pair[0], pair[1].id), default=(0, None))
        if best is not None and length > 0:
            heirs[claim.id] = best.id
            left.remove(best)
    return heirs


def _shared(a: Claim, b: Claim) -> int:
    return min(a.evidence.end, b.evidence.end) - max(a.evidence.start, b.evidence.start)


def _checked(act: Act, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes to an act as plain JSON, seen to be roles that its kind has, of the right shape."""
    if not changes:
        raise FoedusError(act.id, "nothing to correct", 'Give roles and values, for instance {"date": "2022-01-06"}')
    own = ("org", "modality", *COMMON_ROLES, *kinds()[act.kind].roles)
    for name in changes:
        if name not in own:
            near = difflib.get_close_matches(name, own, 1, 0.6)
            raise FoedusError(
                act.id,
                f"{act.kind} has no role {name!r}" + (f", the nearest is {near[0]!r}" if near else ""),
                f"Its roles are {', '.join(own)}",
            )
        value = changes[name]
        many = name in roles() and roles()[name].values == "parties"
        is_right = value is None or isinstance(value, str)
        is_right |= many and isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        if not is_right:
            raise FoedusError(act.id, f"{name} is {value!r}", "Give a text" + (" or a list of texts" if many else ""))
        for one in [value] if isinstance(value, str) else value or ():
            # What was read keeps the names a page gives; whoever corrects it writes ids, as whoever adds an act does.
            if many and one not in listed(doing_to_json(act).get(name)):
                see_party(name, one, act.id)
    try:
        doing_from_json({**doing_to_json(act), **changes})
    except (ValueError, TypeError) as error:
        raise FoedusError(act.id, str(error)) from None
    if "modality" in changes:
        Modality(changes["modality"])
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}


REINSTATE = "`foedus reinstate` brings it back; --recorded shows what stood before"


def told_of(gone: Entry) -> str:
    """In words, that somebody took a thing back, and why."""
    return f"was taken back by {gone.who} on {gone.recorded[:10]}" + (f": {gone.why}" if gone.why else "")


def _last_by_person(retractions: Sequence[Entry]) -> Entry | None:
    """Of the retractions of one thing the one that holds, where a person made it; None where it stands."""
    by_person = [entry for entry in retractions if not is_by_reading(entry.payload, entry.why)]
    return by_person[-1] if by_person and by_person[-1].payload["of"] != "restored" else None
