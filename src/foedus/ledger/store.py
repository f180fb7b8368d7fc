"""What every store of a ledger does: entries in, in one order; entries out; nothing changed, nothing taken away.

`Store` holds what is the same for all: questions to entries here, and writing them in `turns.py`. `sqlite.py` and
`postgres.py` say how a file and a server do it; `opening.py` finds out which one is meant.
"""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any

from foedus.ledger.chain import COLUMNS, Row, entry_of, origin
from foedus.ledger.entries import Entry, EntryType, instant, plain
from foedus.ledger.turns import Turns
from foedus.terms import FoedusError

FORM = 2
KEEP = "Nothing was written to it. Keep a copy, put a backup in its place, or read the pages into a new ledger"
PATIENCE_S = 60.0
INSERT_META = "insert into meta (key, value) values (?, ?)"


class NoLedgerError(FoedusError):
    """A ledger is to be opened where none stands."""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def new_identity(now: datetime) -> dict[str, str]:
    """What a new ledger says of itself: a name nobody else has, and when it was begun."""
    return {"ledger": secrets.token_hex(16), "began": instant(now)}


class Store(Turns):
    """One open store. Use `Ledger`; this class knows entries, and nothing of what they mean. Threads may share it."""

    brought_from: int = 0
    """The form it had before it was brought forward on opening, 0 where it had the present one."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query, `?` standing for values; within a turn of writing, on what the batch has written."""

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query that gives few."""
        return list(self._rows(sql, values))

    @abstractmethod
    def complaints(self) -> Iterator[str]:
        """What is wrong with the store itself, beneath entries: damaged pages of a file, guards that guard nothing."""

    # Reading

    def identity(self) -> dict[str, str]:
        """What the ledger says of itself: under `ledger` its name, `began` when, `from` the ledgers it joins.

        Raises:
            FoedusError: it no longer says which ledger it is.
        """
        said = self._said()
        if "ledger" not in said:
            raise FoedusError(self.path, "a damaged ledger (it does not say which one it is)", KEEP)
        return said

    def _said(self) -> dict[str, str]:
        with self.in_words():
            return dict(self._all("select key, value from meta where key <> 'form'"))

    def rows(self, until: str | None = None, of: EntryType | None = None, after: int = 0) -> Iterator[Row]:
        """Rows in the order of writing: recorded by the instant `until`, of one type, numbered above `after`."""
        where, given = ["seq > ?"], [after]
        if until is not None:
            where.append("seq <= ?")
            given.append(self.last(until))
        if of is not None:
            where.append(f"type = '{of.value}'")
        return self._found(" and ".join(where), given)

    def entries(self, until: str | None = None, of: EntryType | None = None, after: int = 0) -> Iterator[Entry]:
        """Entries in the order of writing, chosen as by `rows`."""
        return map(self._entry, self.rows(until, of, after))

    def named(self, of: EntryType, name: str) -> list[Entry]:
        """Entries of one type about one thing, in the order of writing."""
        return self._few("type = ? and id = ?", (of.value, name))

    def concerning(self, org: str, until: str | None = None) -> list[Entry]:
        """Entries that what an organisation did can be derived from, in the order of writing.

        Its claims and acts, all that persons joined, parted, corrected or took back, the claims and acts these name,
        those that claims took the place of, and the pages of the claims. Where a person gave the organisation what was
        told of another or of none, or joined the two, all claims of that kind told of the other: what an act is made of
        depends on them.
        """
        last = self.last(until)
        with self.in_words():
            found = {row.seq: row for row in self._picked(" org = ? and kind is not null", org)}
            by_hand = {row.seq: row for row in self._picked(" about is null and kind is null")}
            decisions = [(frozenset(_names_in(row)), _gives(row) == org) for row in by_hand.values()]
            found |= by_hand
            groups: set[tuple[str | None, str | None]] = set()
            new: Iterable[Row] = found.values()
            held: set[str] = set()
            while new:
                held |= {row.id for row in new if row.kind}
                wanted = {name for row in new for name in _names_in(row)} - held
                new = [row for name in sorted(wanted) for row in self._rows_of(name) if row.seq not in found]
                held |= wanted
                if not new:
                    wider = _joined(found.values(), decisions, org, groups)
                    groups |= wider
                    new = [row for group in wider for row in self._told_of(*group) if row.seq not in found]
                found |= {row.seq: row for row in new}
            for sha256 in {row.about for row in found.values() if row.type == EntryType.CLAIM and row.about}:
                found |= {row.seq: row for row in self._rows_of(sha256) if row.type == EntryType.PAGE}
        return [self._entry(found[seq]) for seq in sorted(found) if seq <= last]

    def _picked(self, where: str, *values: str) -> list[Row]:
        return [Row(*row) for row in self._all(_SELECT + where, values)]

    def _told_of(self, org: str | None, kind: str | None) -> list[Row]:
        """Claims and acts of one kind, told of one organisation or of none."""
        if org is None:
            return self._picked(" org is null and kind is not null and kind = ?", kind or "")
        return self._picked(" org = ? and kind is not null and kind = ?", org, kind or "")

    def _rows_of(self, name: str) -> list[Row]:
        return self._picked(" id = ?", name)

    def claims_of(self, org: str | None, after: int = 0) -> list[Entry]:
        """Claims told of an organisation, or of none, numbered above `after`, in the order of writing."""
        of = "org is null" if org is None else "org = ?"
        return self._few(f"{of} and kind is not null and type = 'claim' and seq > ?", (*([org] if org else ()), after))

    def charters(self) -> list[Entry]:
        """Entries on charters, of every organisation, in the order of writing."""
        # Written out: an index of these entries alone is found only by the very words it was made with.
        return self._few(f"type = '{EntryType.CHARTER.value}'", ())

    def about(self, of: EntryType, name: str) -> list[Entry]:
        """Entries of pages by name, of claims by the SHA-256 of their page, of charters by organisation.

        Also those since retracted.
        """
        return self._few("about = ? and type = ?", (name, of.value))

    def _few(self, where: str, values: Sequence[Any]) -> list[Entry]:
        with self.in_words():
            rows = self._all(f"select {COLUMNS} from entries where {where} order by seq", values)  # noqa: S608
        return [self._entry(Row(*row)) for row in rows]

    def _found(self, where: str, values: Sequence[Any]) -> Iterator[Row]:
        with self.in_words():
            for row in self._rows(f"select {COLUMNS} from entries where {where} order by seq", values):  # noqa: S608
                yield Row(*row)

    def _entry(self, row: Row) -> Entry:
        try:
            return entry_of(row)
        except (ValueError, KeyError, TypeError) as error:
            raise FoedusError(self.path, f"entry {row.seq} is damaged ({error})", KEEP) from error

    def tail(self) -> Row | None:
        """The last entry, None where there is none."""
        with self.in_words():
            rows = self._all(f"select {COLUMNS} from entries order by seq desc limit 1")  # noqa: S608
        return Row(*rows[0]) if rows else None

    def last(self, until: str | None = None) -> int:
        """The number of the last entry recorded by an instant, 0 where there is none."""
        with self.in_words():
            high = self._all("select max(seq) from entries")[0][0] or 0
            if until is None:
                return whole(high, self.path)
            # Moments grow with numbers, so that no index of moments need be kept.
            low, high = 0, whole(high, self.path)
            while low < high:
                middle = (low + high + 1) // 2
                found = self._all("select recorded from entries where seq = ?", (middle,))
                low, high = (middle, high) if found and found[0][0] <= until else (low, middle - 1)
            return low

    def count_after(self, seq: int) -> int:
        """How many entries are numbered above one."""
        with self.in_words():
            return whole(self._all("select count(*) from entries where seq > ?", (seq,))[0][0], self.path)

    def strays(self) -> int:
        """How many entries are numbered below 1, where none ever was: no question finds them."""
        with self.in_words():
            return whole(self._all("select count(*) from entries where seq < 1")[0][0], self.path)

    def link(self, seq: int) -> bytes:
        """The link of the entry of a number, that of the beginning for 0."""
        if not seq:
            return origin(self._said())
        with self.in_words():
            rows = self._all("select link from entries where seq = ?", (seq,))
        return bytes(rows[0][0]) if rows else b""

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Every text kept, in UTF-8, under its SHA-256."""
        with self.in_words():
            for sha256, text in self._rows("select sha256, text from texts order by sha256"):
                # A damaged file may give anything in the place of a text; it is then not the one its hash names.
                yield str(sha256), text if isinstance(text, bytes) else b""

    def keeps_text(self, sha256: str) -> bool:
        """Whether a text of that SHA-256 is kept, be it whole or not."""
        with self.in_words():
            return bool(self._all("select 1 from texts where sha256 = ?", (sha256,)))

    def text(self, sha256: str) -> str | None:
        """The text of a page or a charter by its SHA-256, None where it is not kept."""
        with self.in_words():
            rows = self._all("select text from texts where sha256 = ?", (sha256,))
        if not rows:
            return None
        try:
            return bytes(rows[0][0]).decode("utf8", "surrogatepass")
        except (ValueError, TypeError) as error:
            raise FoedusError(self.path, f"the text {sha256} is damaged ({error})", KEEP) from error


_SELECT = f"select {COLUMNS} from entries where"  # noqa: S608


def _names_in(row: Row) -> list[str]:
    """The claims and acts that an entry cannot be read without."""
    if row.type == EntryType.CLAIM:
        return [plain(row.payload)["succeeds"]] if '"succeeds"' in row.payload else []
    if row.kind or row.type == EntryType.PAGE:
        return []
    payload = plain(row.payload)
    return [row.id, *payload.get("claims", ()), *payload.get("rest", ())]


def _gives(row: Row) -> str | None:
    """The organisation that a correction gives an act to."""
    changes = plain(row.payload).get("changes") or {} if row.type == EntryType.CORRECTION else {}
    given: str | None = changes.get("org")
    return given


def _joined(
    rows: Iterable[Row],
    decisions: Iterable[tuple[frozenset[str], bool]],
    org: str,
    groups: AbstractSet[tuple[str | None, str | None]],
) -> set[tuple[str | None, str | None]]:
    """Organisations and kinds, beside those of `org` and `groups`, that decisions bring claims of into theirs."""
    told: dict[str, tuple[str | None, str | None]] = {row.id: (row.org, row.kind) for row in rows if row.kind}
    wider: set[tuple[str | None, str | None]] = set()
    for names, gives in decisions:
        named = {told[name] for name in names if name in told}
        strange = {group for group in named if group[0] != org and group not in groups}
        if strange and (gives or len(strange) < len(named)):
            wider |= strange
    return wider


def whole(value: object, where: str) -> int:
    """A whole number out of a store.

    Raises:
        FoedusError: it is none.
    """
    if not isinstance(value, int):
        raise FoedusError(where, f"a damaged ledger (a number in it is {value!r})", KEEP)
    return value


def see_form(where: str, form: int | str | None) -> None:
    """See that a store has a form this foedus knows, given as a number or its digits; None where none is given.

    Raises:
        FoedusError: it is newer, or none that ever was.
    """
    if form is None:
        raise FoedusError(where, "a damaged ledger (it does not say of which form it is)", KEEP)
    number = int(form) if isinstance(form, int) or (form.isascii() and form.isdigit() and len(form) < 20) else 0
    if number > FORM:
        raise FoedusError(
            where,
            f"written by a newer foedus: form {number}, and this one reads up to {FORM}",
            "Bring foedus up to date; nothing was changed",
        )
    if number < 1:
        raise FoedusError(where, f"its form is given as {form}, which never was", KEEP)
