"""How entries get into a store: writers take turns, those of one process share a commit, appends are brought together.

`Turns.writing` is one turn, in which a writer reads and then adds; `Turns.append` is for what asks nothing first.
"""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from foedus.ledger.chain import COLUMNS, Row, rows_of
from foedus.ledger.entries import Entry, Readable, instant, readable, text_hash
from foedus.terms import FoedusError

INSERT_ENTRY = f"insert into entries ({COLUMNS}) values ({','.join('?' * 14)})"  # noqa: S608
INSERT_TEXT = "insert into texts (sha256, text) values (?, ?) on conflict do nothing"
_MOST_TOGETHER = 256


class InWords:
    """Turns errors into the `FoedusError` that tells them, where there is one. May be entered again and again."""

    __slots__ = ("_tell",)

    def __init__(self, tell: Callable[[BaseException], FoedusError | None]) -> None:
        self._tell = tell

    def __enter__(self) -> None:
        """Nothing is done before something fails."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        told = None if error is None else self._tell(error)
        if told is not None:
            raise told from error


@dataclass(frozen=True, slots=True)
class Group:
    """What was stored at once: its number, those of its first and last entry, and the instant they share."""

    number: int
    first: int
    last: int
    recorded: str


@dataclass(slots=True)
class _Batch:
    """Writers of one process whose entries go to the disk in one commit; each waits until it is done."""

    size: int = 0
    done: bool = False
    error: BaseException | None = None


class _Post:
    """Entries that wait for whoever leads to put them into the store, and a lock held until that is done."""

    __slots__ = ("done", "entries", "error", "group", "leads", "wake")

    def __init__(self, entries: Sequence[Readable]) -> None:
        self.entries = entries
        self.group: Group | None = None
        self.error: BaseException | None = None
        self.done = self.leads = False
        self.wake = threading.Lock()
        self.wake.acquire()

    def lead(self) -> None:
        """Let its writer go on, as the one who puts in what waits."""
        self.leads = True
        self.wake.release()


class Turns(ABC):
    """The writing side of a store, shared by threads.

    Writers come one after the other; where several wait, they are committed together, and none returns before that
    commit is on the disk. What a batch has not yet committed is seen by its writers alone.
    """

    def __init__(self, path: str, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._clock = clock
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._settled = threading.Condition()
        self._posts: list[_Post] = []
        self._is_led = False
        self._waiting = 0
        self._together = True
        self._batch: _Batch | None = None
        self._tail: Row | None = None
        self._stamped: int | None = None
        self._writer = 0
        self._in_words = InWords(self._told)

    # What a file and a server each do in their own way

    @abstractmethod
    def tail(self) -> Row | None:
        """The last entry, None where there is none."""

    @abstractmethod
    def link(self, seq: int) -> bytes:
        """The link of the entry of a number, that of the beginning for 0."""

    @abstractmethod
    def count_after(self, seq: int) -> int:
        """How many entries are numbered above one."""

    @abstractmethod
    def keeps_text(self, sha256: str) -> bool:
        """Whether a text of that SHA-256 is kept."""

    @abstractmethod
    def _insert(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows in the transaction of the batch."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin a transaction alone in writing, among all processes."""

    def _stamp(self) -> int | None:
        """A number that another connection's commit changes, asked within a transaction; None where there is none."""
        return None

    @abstractmethod
    def _commit(self) -> None:
        """Make the transaction last; when this returns it is on the disk."""

    @abstractmethod
    def _rollback(self) -> None:
        """Undo the transaction, be there one or none."""

    @abstractmethod
    def _do(self, sql: str) -> None:
        """Run a statement that gives no rows in the transaction."""

    @abstractmethod
    def _told(self, error: BaseException) -> FoedusError | None:
        """What the store complains of in words that name it, None for an error that is none of its complaints."""

    def in_words(self) -> contextlib.AbstractContextManager[None]:
        """Turns what the store complains of into a `FoedusError` that names it."""
        return self._in_words

    # What is the same for both

    def append(self, entries: Iterable[Entry]) -> Group | None:
        """The group that some entries are stored as, all or nothing; None where there are none.

        Of threads that append at once, the first puts in what all of them brought, in one commit, while more come.

        Raises:
            FoedusError: one of them could not be read back, or names nobody in `who`; or as `writing`.
        """
        post = _Post([readable(entry) for entry in entries])
        with self._count:
            self._posts.append(post)
            if not self._is_led:
                self._is_led = True
                post.lead()
        try:
            post.wake.acquire()
            if not post.done:
                self._deliver(post)
        except BaseException:
            self._take_back(post)
            raise
        self._see(post.error)
        return post.group

    def _deliver(self, own: _Post) -> None:
        """Put in what waits, and hand over to the first of those who came meanwhile."""
        posts = [own]
        try:
            with self.writing() as writing:
                with self._count:
                    posts, self._posts = self._posts[:_MOST_TOGETHER], self._posts[_MOST_TOGETHER:]
                for post in posts:
                    post.group = writing.put(post.entries)
        except BaseException as error:
            for post in posts:
                post.error = error
            raise
        finally:
            with self._count:
                # Where no turn of writing was to be had, the leader's own still waits.
                self._posts = [post for post in self._posts if post is not own]
                self._hand_over()
            for post in posts:
                post.done = True
                if post is not own:
                    post.wake.release()

    def _take_back(self, post: _Post) -> None:
        """Entries of a writer interrupted while waiting are not written later, when nobody asks for it any more."""
        with self._count:
            if post in self._posts:
                self._posts.remove(post)
                if post.leads:
                    self._hand_over()

    def _hand_over(self) -> None:
        self._is_led = bool(self._posts)
        if self._posts:
            self._posts[0].lead()

    def _see(self, error: BaseException | None) -> None:
        """Raise anew what failed a writer's entries in the hands of another, if anything did."""
        if isinstance(error, FoedusError):
            raise FoedusError(error.where, error.what, error.do) from error
        if isinstance(error, Exception):
            raise error
        if error is not None:
            raise FoedusError(self.path, "writing was interrupted", "Nothing of it was written; try again") from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """One turn of writing: all that is added in it is stored, or nothing is; it is on the disk on leaving.

        Raises:
            FoedusError: the disk is full, another process keeps writing, the store is damaged or gone.
        """
        with self.in_words():
            batch = self._take_turn()
            shared, before = batch.size > 0, self._tail
            try:
                if shared:
                    self._do("savepoint turn")
                writing = Writing(self)
                yield writing
                if writing.failed:
                    raise writing.failed
                batch.size += 1
            except BaseException as error:
                self._undo(batch, shared, before, error)
                raise
            finally:
                self._end_turn(batch)
            if not batch.done:
                with self._settled:
                    self._settled.wait_for(lambda: batch.done)
            self._see(batch.error)

    def _take_turn(self) -> _Batch:
        with self._count:
            self._waiting += 1
        try:
            self._turn.acquire()
        except BaseException:
            self._leave_queue()
            raise
        with self._count:
            self._waiting -= 1
        try:
            if self._batch is None:
                self._begin()
                self._batch = _Batch()
                stamp = self._stamp()
                if stamp is None or stamp != self._stamped:
                    self._tail, self._stamped = None, stamp
            self._writer = threading.get_ident()
            return self._batch
        except BaseException:
            if self._batch is not None and not self._batch.size:
                self._rollback()
                self._batch = None
            self._turn.release()
            raise

    def _leave_queue(self) -> None:
        """Interrupted while waiting: whoever counted on this writer to commit must not be left waiting."""
        with self._count:
            self._waiting -= 1
            # Where somebody has the turn, they commit at its end, as nobody waits any more.
            if self._waiting or not self._turn.acquire(blocking=False):
                return
        try:
            if self._batch:
                self._finish(self._batch)
        finally:
            self._turn.release()

    def _undo(self, batch: _Batch, shared: bool, before: Row | None, error: BaseException) -> None:
        """Take back what a turn wrote; where the store cannot, the whole batch fails."""
        failed = error
        try:
            if shared:
                self._do("rollback to turn")
                self._tail = before
                return
        except Exception as worse:
            # Those who share the batch are told what failed them, not what failed this one.
            failed = worse
        self._rollback()
        self._batch = self._tail = None
        self._settle(batch, failed)

    def _end_turn(self, batch: _Batch) -> None:
        """Commit, or leave that to a writer who waits already."""
        self._writer = 0
        with self._count:
            if not batch.done and self._together and self._waiting and batch.size < _MOST_TOGETHER:
                self._turn.release()
                return
        try:
            if not batch.done:
                self._finish(batch)
        finally:
            self._turn.release()

    def _finish(self, batch: _Batch) -> None:
        self._batch = None
        failed: BaseException | None = None
        try:
            with self.in_words():
                self._commit()
        except BaseException as error:
            # A failed commit may have rolled back by itself.
            self._rollback()
            self._tail = None
            failed = error
        self._settle(batch, failed)

    def _settle(self, batch: _Batch, error: BaseException | None) -> None:
        with self._settled:
            batch.error, batch.done = error, True
            self._settled.notify_all()

    def _is_writing(self) -> bool:
        return self._writer == threading.get_ident()


class Writing:
    """A turn of writing under way: what is read in it cannot be changed by another writer before it ends."""

    def __init__(self, store: Turns) -> None:
        self._store = store
        self._last: Row | None = None
        self._meant = 0
        self.failed: BaseException | None = None
        """What kept entries from being added, though others of their group may have gone in."""

    def add(self, entries: Iterable[Entry]) -> Group | None:
        """The group that some entries are stored as, numbered on from the last; None where there are none.

        Its instant is that of the clock, or the last one and a microsecond where the clock has gone back.

        Raises:
            FoedusError: one of them could not be read back or names nobody in `who`, or the store took fewer;
                the whole turn is then undone.
        """
        return self.put(map(readable, entries))

    def put(self, entries: Iterable[Readable]) -> Group | None:
        """As `add`, for entries seen to be readable."""
        store = self._store
        last = store._tail or store.tail()
        seq, group, latest = (last.seq, last.group, last.recorded) if last else (0, 0, "")
        now = instant(store._clock())
        if now <= latest:
            now = instant(datetime.fromisoformat(latest) + timedelta(microseconds=1))
        rows = rows_of(entries, seq, group + 1, now, last.link if last else store.link(0))
        self._meant = 0
        try:
            store._insert(INSERT_ENTRY, self._passing(rows))
            # A trigger or a rule that somebody put there can swallow entries without a word.
            if self._meant and (taken := store.count_after(seq)) != self._meant:
                raise self._swallowed(f"took {taken} of {self._meant} entries")
        except BaseException as error:
            self.failed = error
            raise
        if self._last is None:
            return None
        store._tail, self._last = self._last, None
        return Group(group + 1, seq + 1, store._tail.seq, now)

    def _passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows on their way to the store, none of which is held: there may be millions."""
        for row in rows:
            self._last = row
            self._meant += 1
            yield row

    def keep_text(self, text: str) -> None:
        """Keep the text of a page or a charter, once, under the SHA-256 of itself.

        Raises:
            FoedusError: the store did not take it; the whole turn is then undone.
        """
        sha256 = text_hash(text)
        self._store._insert(INSERT_TEXT, [(sha256, text.encode("utf8", "surrogatepass"))])
        if not self._store.keeps_text(sha256):
            self.failed = self._swallowed(f"did not take the text {sha256}")
            raise self.failed

    def _swallowed(self, what: str) -> FoedusError:
        do = "Nothing of it was written. `foedus verify` tells what stands in the way"
        return FoedusError(self._store.path, f"{what}: something in it swallows what is written", do)
