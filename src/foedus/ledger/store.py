"""The file under a ledger: SQLite in write-ahead mode, every commit flushed to the disk before it is acknowledged.

The file is begun under another name and put in place whole, so that a ledger half begun never stands at its path.
Entries and texts are guarded by triggers: the file itself refuses to change or delete them.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.ledger.entries import Entry, EntryType, canonical, instant
from foedus.terms import Day, FoedusError

if TYPE_CHECKING:
    import apsw

APPLICATION_ID = 0x666F6564  # "foed"
VERSION = 1
MEMORY = ":memory:"

_SCHEMA = """
create table entries (
    seq integer primary key,
    grp integer not null,
    type text not null,
    id text not null,
    payload text not null,
    who text not null,
    why text not null,
    valid text,
    known text,
    recorded text not null
) strict;
create index entries_by_id on entries (type, id);
create index entries_by_moment on entries (recorded);
create index pages_by_name on entries (payload ->> '$.name') where type = 'page';
create index claims_by_page on entries (payload ->> '$.sha256') where type = 'claim';
create table texts (sha256 text primary key, text blob not null) strict, without rowid;
create trigger entries_stay before update on entries begin select raise(abort, 'an entry is never changed'); end;
create trigger entries_kept before delete on entries begin select raise(abort, 'an entry is never deleted'); end;
create trigger texts_stay before update on texts begin select raise(abort, 'a text is never changed'); end;
create trigger texts_kept before delete on texts begin select raise(abort, 'a text is never deleted'); end;
"""
_COLUMNS = "seq, grp, type, id, payload, who, why, valid, known, recorded"
_KEEP = "Nothing was written to it. Keep a copy, put a backup in its place, or read the pages into a new ledger"
_BUSY_MS = 20_000


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Store:
    """One open ledger file. Use `Ledger`; this class knows entries, and nothing of what they mean."""

    def __init__(self, path: Path | str, connection: apsw.Connection, clock: Callable[[], datetime]) -> None:
        self.path = str(path)
        self._db = connection
        self._clock = clock

    @classmethod
    def open(cls, path: Path | str, *, create: bool, read_only: bool, clock: Callable[[], datetime] = utc_now) -> Store:
        """The store at a path, begun there if `create` and nothing stands there.

        Raises:
            FoedusError: nothing there, not a ledger, from a newer foedus, cut short, damaged, or not to be opened.
        """
        import apsw

        if str(path) == MEMORY:
            store = cls(path, apsw.Connection(MEMORY), clock)
            _lay_out(store._db)
            return store
        path = Path(path)
        if not path.exists():
            if read_only or not create:
                raise FoedusError(str(path), "no ledger there", "Give another path, or read pages into a new ledger")
            _begin(path)
        _see_file(path)
        flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
        with _in_words(path):
            store = cls(path, apsw.Connection(str(path), flags=flags), clock)
            try:
                store._set_up(read_only)
            except BaseException:
                store.close()
                raise
        return store

    def _set_up(self, read_only: bool) -> None:
        self._db.set_busy_timeout(_BUSY_MS)
        mark, version = self._db.pragma("application_id"), self._db.pragma("user_version")
        if mark != APPLICATION_ID:
            raise FoedusError(self.path, "a database, but no ledger of foedus", "Give another path")
        if version > VERSION:
            raise FoedusError(
                self.path,
                f"written by a newer foedus: form {version}, and this one reads up to {VERSION}",
                "Bring foedus up to date; nothing was changed",
            )
        if version < 1:
            raise FoedusError(self.path, f"its form is given as {version}, which never was", _KEEP)
        if not read_only:
            self._db.pragma("journal_mode", "wal")
        self._db.pragma("synchronous", "full")
        self._db.execute("select seq from entries order by seq desc limit 1").fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction, alone in writing: all that is added in it is stored, or nothing is.

        Raises:
            FoedusError: the disk is full, another process keeps writing, or the file is damaged.
        """
        with _in_words(self.path):
            self._db.execute("begin immediate")
            try:
                yield Writing(self._db, self._clock)
                self._db.execute("commit")
            except BaseException:
                # A failed commit may have rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def entries(self, until: str | None = None, of: EntryType | None = None, after: int = 0) -> Iterator[Entry]:
        """Entries in the order of writing: recorded by the instant `until`, of one type, numbered above `after`."""
        where = ["seq > ?"]
        given: list[int | str] = [after]
        if until is not None:
            where.append("recorded <= ?")
            given.append(until)
        if of is not None:
            where.append("type = ?")
            given.append(of.value)
        with _in_words(self.path):
            for row in self._db.execute(
                f"select {_COLUMNS} from entries where {' and '.join(where)} order by seq",  # noqa: S608
                given,
            ):
                yield self._read(row)

    def named(self, of: EntryType, name: str) -> list[Entry]:
        """Entries of one type about one thing, in the order of writing."""
        return self._found("type = ? and id = ?", (of.value, name))

    def pages_named(self, name: str) -> list[Entry]:
        """Entries of pages that go by a name."""
        return self._found("type = 'page' and payload ->> '$.name' = ?", (name,))

    def claims_on(self, sha256: str) -> list[Entry]:
        """Entries of claims read from a page, those since retracted among them."""
        return self._found("type = 'claim' and payload ->> '$.sha256' = ?", (sha256,))

    def _found(self, where: str, values: tuple[str, ...]) -> list[Entry]:
        with _in_words(self.path):
            rows = self._db.execute(f"select {_COLUMNS} from entries where {where} order by seq", values)  # noqa: S608
            return [self._read(row) for row in rows]

    def _read(self, row: tuple[Any, ...]) -> Entry:
        try:
            return _entry(row)
        except (ValueError, KeyError, TypeError) as error:
            raise FoedusError(self.path, f"entry {row[0]} is damaged ({error})", _KEEP) from error

    def last(self, until: str | None = None) -> int:
        """The number of the last entry recorded by an instant, 0 where there is none."""
        where, values = ("where recorded <= ?", (until,)) if until else ("", ())
        with _in_words(self.path):
            rows = self._db.execute(f"select seq from entries {where} order by seq desc limit 1", values).fetchall()  # noqa: S608
        return _whole(rows[0][0]) if rows else 0

    def text(self, sha256: str) -> str | None:
        """The text of a page by the SHA-256 of its bytes, None where it is not kept."""
        with _in_words(self.path):
            rows = self._db.execute("select text from texts where sha256 = ?", (sha256,)).fetchall()
        if not rows:
            return None
        try:
            kept = rows[0][0]
            if not isinstance(kept, bytes):
                raise ValueError("no bytes")
            return kept.decode("utf8", "surrogatepass")
        except ValueError as error:
            raise FoedusError(self.path, f"the text of page {sha256} is damaged ({error})", _KEEP) from error


class Writing:
    """A transaction under way: what is read in it cannot be changed by another writer before it ends."""

    def __init__(self, db: apsw.Connection, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    def add(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """The entries as stored: one group, numbered on from the last, with one instant later than any before.

        The instant is that of the clock, or the last one and a microsecond where the clock has gone back.
        """
        if not entries:
            return ()
        last = self._db.execute("select seq, grp, recorded from entries order by seq desc limit 1").fetchall()
        seq, group, latest = (_whole(last[0][0]), _whole(last[0][1]), str(last[0][2])) if last else (0, 0, "")
        now = instant(self._clock())
        if now <= latest:
            now = instant(datetime.fromisoformat(latest) + timedelta(microseconds=1))
        stored = tuple(
            replace(entry, seq=seq + n, group=group + 1, recorded=now) for n, entry in enumerate(entries, start=1)
        )
        self._db.executemany(f"insert into entries ({_COLUMNS}) values (?,?,?,?,?,?,?,?,?,?)", map(_row, stored))  # noqa: S608
        return stored

    def keep_text(self, sha256: str, text: str) -> None:
        """Keep the text of a page, once."""
        self._db.execute(
            "insert or ignore into texts (sha256, text) values (?, ?)", (sha256, text.encode("utf8", "surrogatepass"))
        )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.seq,
        entry.group,
        entry.type.value,
        entry.id,
        canonical(entry.payload),
        entry.who,
        entry.why,
        entry.valid and entry.valid.edtf,
        entry.known and entry.known.edtf,
        entry.recorded,
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, group, sort, name, payload, who, why, valid, known, recorded = row
    return Entry(
        seq=seq,
        group=group,
        type=EntryType(sort),
        id=name,
        payload=json.loads(payload),
        who=who,
        why=why,
        valid=Day.parse(valid) if valid else None,
        known=Day.parse(known) if known else None,
        recorded=recorded,
    )


def _lay_out(db: apsw.Connection) -> None:
    with db:
        db.execute(_SCHEMA)
        db.pragma("application_id", APPLICATION_ID)
        db.pragma("user_version", VERSION)


def _begin(path: Path) -> None:
    import apsw

    if not path.parent.is_dir():
        raise FoedusError(str(path), f"there is no folder {path.parent}", "Make the folder first")
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    with _in_words(path):
        try:
            draft.unlink(missing_ok=True)
            db = apsw.Connection(str(draft))
            try:
                db.pragma("journal_mode", "wal")
                db.pragma("synchronous", "full")
                _lay_out(db)
            finally:
                db.close()
            _put_in_place(draft, path)
        finally:
            for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
                left.unlink(missing_ok=True)


def _put_in_place(draft: Path, path: Path) -> None:
    """Give a whole ledger its name. A link, not a rename: where another process was quicker, its ledger stays."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        # Some disks know no links.
        if not path.exists():
            draft.rename(path)
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _see_file(path: Path) -> None:
    """Look at the bytes before SQLite does: it takes an empty file for a new one, and learns of a cut too late."""
    if path.is_dir():
        raise FoedusError(str(path), "a folder, not a ledger", "Give the path of a file")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise FoedusError(str(path), f"cannot be read: {error.strerror}") from None
    if not head:
        raise FoedusError(str(path), "an empty file, not a ledger", "Remove it to begin a ledger there")
    if len(head) < 100 and head.startswith(b"SQLite format 3"[: len(head)]):
        raise FoedusError(str(path), f"a ledger cut short: {size} bytes are left", _KEEP)
    if not head.startswith(b"SQLite format 3\0"):
        raise FoedusError(str(path), f"no ledger: it begins with {head[:12]!r}", "Give another path")
    (raw,) = struct.unpack(">H", head[16:18])
    page_size = 65536 if raw == 1 else raw
    (pages,) = struct.unpack(">I", head[28:32])
    # With a write-ahead file beside it, an interrupted checkpoint may leave the file short for good reason.
    beside = Path(f"{path}-wal")
    if size < pages * page_size and not (beside.exists() and beside.stat().st_size):
        raise FoedusError(str(path), f"a ledger cut short: {size} bytes of {pages * page_size}", _KEEP)


@contextlib.contextmanager
def _in_words(path: Path | str) -> Iterator[None]:
    import apsw

    try:
        yield
    except (apsw.NotADBError, apsw.CorruptError, apsw.SQLError, apsw.FormatError, UnicodeDecodeError) as error:
        raise FoedusError(str(path), f"a damaged ledger ({error})", _KEEP) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise FoedusError(str(path), "another process keeps writing to it", "Try again when it is done") from error
    except (apsw.FullError, apsw.IOError) as error:
        raise FoedusError(
            str(path),
            f"the disk does not take it ({error})",
            "What was acknowledged is kept; make room, try again",
        ) from error
    except apsw.ReadOnlyError as error:
        raise FoedusError(str(path), "opened for reading, or not to be written", "Open it for writing") from error
    except (apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError) as error:
        raise FoedusError(str(path), f"cannot be opened ({error})", "See that file and folder may be read") from error
    except apsw.ConstraintError as error:
        raise FoedusError(str(path), f"refused by the ledger: {error}") from error
    except OSError as error:
        raise FoedusError(str(path), f"cannot be opened: {error.strerror}") from error
