"""A ledger in one file: SQLite in write-ahead mode, every commit flushed to the disk before it is acknowledged.

The file is begun under another name and put in place whole, so that a ledger half begun never stands at its path.
Entries and texts are guarded by triggers: the file itself refuses to change or delete them.
"""

from __future__ import annotations

import contextlib
import os
import re
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from foedus.ledger.chain import Row
from foedus.ledger.forms import bring_forward
from foedus.ledger.store import FORM, INSERT_META, KEEP, PATIENCE_S, NoLedgerError, Store, new_identity, see_form, whole
from foedus.ledger.turns import INSERT_ENTRY, INSERT_TEXT, InWords
from foedus.terms import FoedusError

if TYPE_CHECKING:
    import apsw

APPLICATION_ID = 0x666F6564  # "foed"
MEMORY = ":memory:"
DRAFT_S = 24 * 60 * 60
"""Seconds after which nobody is still at work on a draft that was not written to."""

SCHEMA = """
create table meta (key text primary key, value text not null) strict, without rowid;
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
    recorded text not null,
    link blob not null,
    about text,
    org text,
    kind text
) strict;
create index entries_by_id on entries (id);
create index entries_by_about on entries (about) where about is not null;
create index entries_by_org on entries (org) where kind is not null;
create index entries_by_hand on entries (seq) where about is null and kind is null;
create index entries_on_charters on entries (seq) where type = 'charter';
create table texts (sha256 text primary key, text blob not null) strict, without rowid;
"""
GUARDS = """
create trigger entries_stay before update on entries begin select raise(abort, 'an entry is never changed'); end;
create trigger entries_kept before delete on entries begin select raise(abort, 'an entry is never deleted'); end;
create trigger texts_stay before update on texts begin select raise(abort, 'a text is never changed'); end;
create trigger texts_kept before delete on texts begin select raise(abort, 'a text is never deleted'); end;
create trigger meta_stay before update on meta begin select raise(abort, 'this is never changed'); end;
create trigger meta_kept before delete on meta begin select raise(abort, 'this is never deleted'); end;
"""
_TABLES = "('meta', 'entries', 'texts')"


class SqliteStore(Store):
    """A ledger in a file, or in memory for one that nobody keeps."""

    def __init__(self, path: Path | str, clock: Callable[[], datetime], *, read_only: bool, vfs: str | None) -> None:
        super().__init__(str(path), clock)
        self._read_only = read_only
        self._vfs = vfs
        self._hand: apsw.Connection | None = None  # the one that writes
        self._idle: list[apsw.Connection] = []
        self._open: list[apsw.Connection] = []
        self._sole: threading.RLock | None = None  # held while a ledger in memory is looked at or written to
        self._lies: tuple[int, ...] | None = None  # how the file lay when it was opened as one that nobody writes to

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool,
        read_only: bool,
        clock: Callable[[], datetime],
        vfs: str | None = None,
    ) -> SqliteStore:
        """The store at a path, begun there if `create` and nothing stands there.

        One of an earlier form is brought forward; opened for reading alone, only in memory. `vfs` names the layer of
        SQLite that files go through, where it is not the system's own.

        Raises:
            FoedusError: nothing there, not a ledger, from a newer foedus, cut short, damaged, or not to be opened.
        """
        store = cls(path, clock, read_only=read_only, vfs=vfs)
        if store.path == MEMORY:
            store._remember(None)
            return store
        path = Path(path)
        if vfs is None:
            if not path.exists():
                if read_only or not create:
                    raise NoLedgerError(
                        str(path), "there is no such ledger", "foedus read PAGES --ledger FILE makes one"
                    )
                begin(path, new_identity(clock()))
            _see_file(path)
        try:
            with store.in_words():
                store._set_up()
        except BaseException:
            store.close()
            raise
        return store

    def _set_up(self) -> None:
        db = self._connect()
        mark, form = db.pragma("application_id"), db.pragma("user_version")
        if mark != APPLICATION_ID:
            raise FoedusError(self.path, "a database, but no ledger of foedus", "Give another path")
        see_form(self.path, int(str(form)))
        if form != FORM:
            self.brought_from = int(str(form))
            if self._read_only:
                self._remember(db)
                return
            with self.in_words():
                bring_forward(self._writing_hand(), new_identity(self._clock()))
        db.execute("select link from entries order by seq desc limit 1").fetchall()
        self._idle.append(db)

    def _connect(self) -> apsw.Connection:
        import apsw

        if not self._read_only:
            return self._connected(self.path, apsw.SQLITE_OPEN_READWRITE)
        if self._lies is None:
            db = self._connected(self.path, apsw.SQLITE_OPEN_READONLY)
            try:
                db.pragma("schema_version")
                return db
            except (apsw.CantOpenError, apsw.ReadOnlyError):
                self._see_beside()
                self._lies = _lie_of(self.path)
        # Even a reader makes files beside one in write-ahead mode, and here they cannot be made. Nobody else can write
        # there either, or they have left nothing that is not in the file itself: it may be read as it lies, with no
        # lock. Whoever reaches it by another way and writes all the same is noticed by `_see_lie`.
        as_it_lies = f"file:{quote(str(Path(self.path).absolute()))}?immutable=1"
        return self._connected(as_it_lies, apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)

    def _connected(self, where: str, flags: int) -> apsw.Connection:
        import apsw

        db = apsw.Connection(where, flags=flags, vfs=self._vfs)
        self._open.append(db)
        db.set_busy_timeout(int(PATIENCE_S * 1000))
        return db

    def _see_beside(self) -> None:
        """See that no entries lie beside the file, where only the write-ahead way would find them."""
        if _size(beside := _beside(self.path)):
            what = f"its last entries lie in {beside.name}, which cannot be read in a folder that cannot be written to"
            raise FoedusError(self.path, what, "Copy both files to a folder that can be written to, and open it there")

    def _see_lie(self) -> None:
        """See that a file read as it lies is still the one that was opened."""
        if self._lies is not None and self._lies != _lie_of(self.path):
            raise FoedusError(self.path, "somebody wrote to it while it was read", "Try again when they are done")

    def _remember(self, source: apsw.Connection | None) -> None:
        """Hold the ledger in memory: a new one, or a file of an earlier form as the present form has it."""
        import apsw

        self._hand, self._sole = apsw.Connection(MEMORY), threading.RLock()
        self._together = False
        self._open.append(self._hand)
        if source is None:
            _lay_out(self._hand, new_identity(self._clock()))
            return
        with self._hand.backup("main", source, "main") as copying:
            copying.step()
        bring_forward(self._hand, new_identity(self._clock()))

    def _writing_hand(self) -> apsw.Connection:
        if self._hand is None:
            self._hand = self._connect()
            self._hand.pragma("journal_mode", "wal")
            self._hand.pragma("synchronous", "full")
            # On macOS a plain flush leaves the data in the drive's own memory.
            self._hand.pragma("fullfsync", 1)
            self._hand.pragma("checkpoint_fullfsync", 1)
        return self._hand

    def close(self) -> None:
        """Let go of the file."""
        import apsw

        for db in self._open:
            # What a last tidying up cannot write lies in the write-ahead file all the same.
            with contextlib.suppress(apsw.Error):
                db.close()
        self._open, self._idle, self._hand = [], [], None

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        if self._hand is not None and (self._sole or self._is_writing()):
            with self._sole or contextlib.nullcontext():
                yield self._hand
            return
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
            self._see_lie()
        finally:
            self._idle.append(db)

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._reading() as db:
            yield from db.execute(sql, values)

    # Writing

    def _insert(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._writing_hand().executemany(sql, rows)

    def _begin(self) -> None:
        if self._read_only:
            raise FoedusError(self.path, "opened for reading", "Open it for writing")
        if self._sole:
            self._sole.acquire()
        try:
            self._writing_hand().execute("begin immediate")
        except BaseException:
            if self._sole:
                self._sole.release()
            raise

    def _stamp(self) -> int | None:
        return whole(self._writing_hand().pragma("data_version"), self.path)

    def _commit(self) -> None:
        self._writing_hand().execute("commit")
        if self._sole:
            self._sole.release()

    def _rollback(self) -> None:
        hand = self._writing_hand()
        if hand.in_transaction:
            hand.execute("rollback")
        if self._sole:
            self._sole.release()

    def _do(self, sql: str) -> None:
        self._writing_hand().execute(sql)

    # Care

    def _told(self, error: BaseException) -> FoedusError | None:
        return _told(self.path, error)

    def complaints(self) -> Iterator[str]:
        """What SQLite's own check finds in the file, and tables and guards that are not as they were made."""
        with self.in_words(), self._reading() as db:
            for (found,) in db.execute("pragma integrity_check(20)"):
                if found != "ok":
                    yield f"the file: {found}"
            there, meant = _made(db), _as_made()
            unique = _unique(db)
        for (kind, name), sql in meant.items():
            what = f"the guard {name}" if kind == "trigger" else f"the table {name}"
            if (kind, name) not in there:
                yield f"{what} is gone: somebody made room to change what is stored"
            elif there[kind, name] != sql:
                yield f"{what} is not the one that was made: somebody changed what it does"
        for kind, name in there:
            if (kind, name) not in meant:
                yield f"the {kind} {name} was put in by somebody: it may change or swallow what is written"
        for name in unique:
            yield f"the unique index {name} was put in by somebody: it may swallow what is written"


def _made(db: apsw.Connection) -> dict[tuple[str, str], str]:
    """How the tables of a ledger and the triggers on them were made, in one spelling, by type and name."""
    made = db.execute(
        f"select type, name, sql from sqlite_master where type in ('table', 'trigger') and tbl_name in {_TABLES}"  # noqa: S608
    )
    return {(str(kind), str(name)): " ".join(str(sql).lower().split()) for kind, name, sql in made}


def _unique(db: apsw.Connection) -> list[str]:
    """Unique indexes on the tables of a ledger that are no part of a table: none of its own is."""
    asked = f"select i.name from sqlite_master m, pragma_index_list(m.name) i where m.name in {_TABLES} "  # noqa: S608
    return [str(name) for (name,) in db.execute(f"{asked} and i.origin = 'c' and i.\"unique\"")]


@cache
def _as_made() -> dict[tuple[str, str], str]:
    import apsw

    db = apsw.Connection(MEMORY)
    try:
        db.execute(SCHEMA + GUARDS)
        return _made(db)
    finally:
        db.close()


def begin(
    path: Path,
    identity: Mapping[str, str],
    rows: Iterable[Row] = (),
    texts: Iterable[tuple[str, bytes]] = (),
) -> bool:
    """Begin a ledger at a path, with entries and texts that are already linked; it stands there whole, or not at all.

    Returns:
        False where something stood at the path already: that is left as it is.
    Raises:
        FoedusError: there is no such folder, or the disk does not take it.
    """
    import apsw

    if not path.parent.is_dir():
        raise FoedusError(str(path), f"there is no folder {path.parent}", "Make the folder first")
    _clear_drafts(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    with InWords(partial(_told, path)):
        try:
            draft.unlink(missing_ok=True)
            db = apsw.Connection(str(draft))
            try:
                db.pragma("journal_mode", "wal")
                db.pragma("synchronous", "full")
                _lay_out(db, identity, rows, texts)
            finally:
                db.close()
            return _put_in_place(draft, path)
        finally:
            for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
                left.unlink(missing_ok=True)


def _clear_drafts(path: Path) -> None:
    """Take away what makings of a ledger at a path left behind that were stopped short more than a day ago.

    At a younger draft another process may be at work, or another machine that shares the folder.
    """
    drafts: dict[str, list[Path]] = {}
    named = re.compile(rf"(\.{re.escape(path.name)}\.\d+\.\d+\.new)(-wal|-shm)?")
    with contextlib.suppress(OSError):
        for file in path.parent.iterdir():
            if found := named.fullmatch(file.name):
                drafts.setdefault(found[1], []).append(file)
    for files in drafts.values():
        # What cannot be taken away is in nobody's way but the disk's.
        with contextlib.suppress(OSError):
            # A long making writes to one of its files, while the others look forgotten.
            if time.time() - max(file.stat().st_mtime for file in files) > DRAFT_S:
                for file in files:
                    file.unlink()


def _lay_out(
    db: apsw.Connection,
    identity: Mapping[str, str],
    rows: Iterable[Row] = (),
    texts: Iterable[tuple[str, bytes]] = (),
) -> None:
    with db:
        db.execute(SCHEMA)
        db.executemany(INSERT_META, identity.items())
        db.executemany(INSERT_ENTRY, rows)
        db.executemany(INSERT_TEXT, texts)
        db.execute(GUARDS)
        db.pragma("application_id", APPLICATION_ID)
        db.pragma("user_version", FORM)


def _put_in_place(draft: Path, path: Path) -> bool:
    """Give a whole ledger its name. A link, not a rename: where another process was quicker, its ledger stays."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:
        # Some disks know no links.
        if path.exists():
            return False
        draft.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return True


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
        raise FoedusError(str(path), f"a ledger cut short: {size} bytes are left", KEEP)
    if not head.startswith(b"SQLite format 3\0"):
        raise FoedusError(str(path), f"no ledger: it begins with {head[:12]!r}", "Give another path")
    (raw,) = struct.unpack(">H", head[16:18])
    page_size = 65536 if raw == 1 else raw
    (pages,) = struct.unpack(">I", head[28:32])
    # With a write-ahead file beside it, an interrupted checkpoint may leave the file short for good reason.
    if size < pages * page_size and not _size(_beside(path)):
        raise FoedusError(str(path), f"a ledger cut short: {size} bytes of {pages * page_size}", KEEP)


def _lie_of(path: Path | str) -> tuple[int, ...]:
    """What changes in a file, and beside it, when somebody writes to it."""
    found = Path(path).stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, _size(_beside(path))


def _beside(path: Path | str) -> Path:
    """The write-ahead file of a ledger."""
    return Path(f"{path}-wal")


def _size(path: Path) -> int:
    """How many bytes a file has, none where it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _told(path: Path | str, error: BaseException) -> FoedusError | None:
    """What SQLite or the system complains of in words that name the file, None for what is no complaint of theirs."""
    import apsw

    where = str(path)
    if isinstance(error, apsw.NotADBError | apsw.CorruptError | apsw.SQLError | apsw.FormatError | UnicodeDecodeError):
        return FoedusError(where, f"a damaged ledger ({error})", KEEP)
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return FoedusError(where, "another process keeps writing to it", "Try again when it is done")
    if isinstance(error, apsw.FullError | apsw.IOError):
        what = f"the disk does not take it ({error})"
        return FoedusError(where, what, "What was acknowledged is kept; make room, try again")
    if isinstance(error, apsw.ReadOnlyError):
        return FoedusError(where, "cannot be written", "See that file and folder may be written")
    if isinstance(error, apsw.CantOpenError | apsw.PermissionsError | apsw.AuthError):
        return FoedusError(where, f"cannot be opened ({error})", "See that file and folder may be read and written")
    if isinstance(error, apsw.ConstraintError):
        return FoedusError(where, f"refused by the ledger: {error}")
    if isinstance(error, OSError):
        return FoedusError(where, f"cannot be opened: {error.strerror}")
    return None
