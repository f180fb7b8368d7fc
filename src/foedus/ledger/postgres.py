"""A ledger on a PostgreSQL server, for a team: the same entries in the same order, in a schema of its own.

Numbers are given under one lock that holds until the commit, so that no reader ever sees a later entry before an
earlier one. A connection that is lost is made anew; whether a commit got through is told by its link.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from foedus.ledger.chain import COLUMNS, Row
from foedus.ledger.places import shown
from foedus.ledger.store import FORM, KEEP, PATIENCE_S, NoLedgerError, Store, new_identity, see_form
from foedus.ledger.turns import InWords
from foedus.terms import FoedusError

if TYPE_CHECKING:
    import psycopg

SCHEMA = "foedus"
OLDEST = 150000
_WRITE = "Write postgresql://user@host/name"

_TABLES = """
create schema if not exists {schema};
create table {schema}.meta (key text primary key, value text not null);
create table {schema}.entries (
    seq bigint primary key,
    grp bigint not null,
    type text not null,
    id text not null,
    payload text not null,
    who text not null,
    why text not null,
    valid text,
    known text,
    recorded text not null,
    link bytea not null,
    about text,
    org text,
    kind text
);
create index entries_by_id on {schema}.entries (id);
create index entries_by_about on {schema}.entries (about) where about is not null;
create index entries_by_org on {schema}.entries (org) where kind is not null;
create index entries_by_hand on {schema}.entries (seq) where about is null and kind is null;
create index entries_on_charters on {schema}.entries (seq) where type = 'charter';
create table {schema}.texts (sha256 text primary key, text bytea not null);
create function {schema}.refuse() returns trigger language plpgsql as $${refusal}$$;
"""
_REFUSAL = " begin raise exception 'what is stored is never changed or deleted'; end "
_GUARD = """
create trigger {table}_stay before update or delete on {schema}.{table}
    for each row execute function {schema}.refuse();
create trigger {table}_kept before truncate on {schema}.{table}
    for each statement execute function {schema}.refuse();
"""
_GUARDED = ("entries", "texts", "meta")
# What pg_trigger says of the two guards of a table under `tgtype`: of each row (1) before (2) delete (8) and update
# (16); of a statement before (2) truncate (32).
_GUARD_TYPES = {"stay": 1 + 2 + 8 + 16, "kept": 2 + 32}
_FIRES = ("O", "A")


class PostgresStore(Store):
    """A ledger in one schema of a database, `foedus` unless the URL ends in `?schema=NAME`."""

    def __init__(self, url: str, clock: Callable[[], datetime], *, read_only: bool) -> None:
        address, schema = _parts(url)
        super().__init__(shown(url), clock)
        self._address, self._schema, self._read_only = address, schema, read_only
        self._hand: psycopg.Connection[tuple[Any, ...]] | None = None
        self._idle: list[psycopg.Connection[tuple[Any, ...]]] = []
        self._patience = 0.0

    @classmethod
    def open(cls, url: str, *, create: bool, read_only: bool, clock: Callable[[], datetime]) -> PostgresStore:
        """The store at a URL, begun there if `create` and its schema holds no ledger.

        Raises:
            FoedusError: no server there, no ledger in the schema, one from a newer foedus, or not to be opened.
        """
        store = cls(url, clock, read_only=read_only)
        try:
            with store.in_words():
                if not store._is_there():
                    if read_only or not create:
                        raise NoLedgerError(
                            store.path, "there is no such ledger", "foedus read PAGES --ledger URL makes one"
                        )
                    begin(url, new_identity(clock()))
                form = store._all("select value from meta where key = 'form'")
                see_form(store.path, form[0][0] if form else None)
        except BaseException:
            store.close()
            raise
        return store

    def _is_there(self) -> bool:
        with self._reading() as db:
            return is_there(db, self._schema)

    def close(self) -> None:
        """Let go of the connections."""
        for db in (*self._idle, *([self._hand] if self._hand else [])):
            db.close()
        self._idle, self._hand = [], None

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        if self._hand is not None and self._is_writing():
            yield self._hand
            return
        db = self._sound()
        try:
            yield db
        finally:
            # A connection lost, or left in the middle of an answer, is not used again.
            if not db.closed and db.info.transaction_status == 0:
                self._idle.append(db)
            else:
                db.close()

    def _sound(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that answers: the server may have been stopped and started since the last question."""
        import psycopg

        while self._idle:
            db = self._idle.pop()
            try:
                db.execute("select 1")
                return db
            except psycopg.OperationalError:
                db.close()
        return self._connect()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        # One that answered before may be starting again; one that never did is more likely misspelt.
        db = connect(self._address, self._schema, read_only=self._read_only, patience=self._patience)
        self._patience = PATIENCE_S
        return db

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._reading() as db:
            if self._is_writing():
                yield from db.execute(_dollar(sql), values).fetchall()
                return
            with db.cursor() as cursor:
                yield from cursor.stream(_dollar(sql), values, size=500)

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._reading() as db:
            return db.execute(_dollar(sql), values).fetchall()

    # Writing

    def _writing_hand(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._hand is None or self._hand.closed:
            self._hand = self._connect()
        return self._hand

    def _within(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection of the transaction: once lost it is not made anew, since the transaction is lost with it."""
        import psycopg

        if self._hand is None or self._hand.closed:
            raise psycopg.OperationalError("the connection was lost in the middle of a transaction")
        return self._hand

    def _insert(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._within().cursor() as cursor:
            cursor.executemany(_dollar(sql), rows)

    def _begin(self) -> None:
        import psycopg

        if self._read_only:
            raise FoedusError(self.path, "opened for reading", "Open it for writing")
        try:
            self._lock()
        except psycopg.OperationalError:
            # Nothing was asked of the server yet that could be lost with the connection.
            if self._hand is not None and not self._hand.closed:
                self._rollback()
                raise
            self._lock()

    def _lock(self) -> None:
        hand = self._writing_hand()
        hand.execute("begin")
        hand.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"foedus {self._schema}",))

    def _commit(self) -> None:
        import psycopg

        hand = self._within()
        try:
            hand.execute("commit")
        except psycopg.OperationalError:
            # The answer was lost, not always the commit: the chain tells which.
            hand.close()
            tail = self._tail
            if tail is None or self._found_link(tail.seq) != tail.link:
                raise

    def _found_link(self, seq: int) -> bytes:
        self._writer = 0
        rows = self._all("select link from entries where seq = ?", (seq,))
        return bytes(rows[0][0]) if rows else b""

    def _rollback(self) -> None:
        import psycopg

        if self._hand is not None and not self._hand.closed and self._hand.info.transaction_status:
            try:
                self._hand.execute("rollback")
            except psycopg.OperationalError:
                # The server has undone it by itself.
                self._hand.close()

    def _do(self, sql: str) -> None:
        self._within().execute(sql.encode())

    # Care

    def _told(self, error: BaseException) -> FoedusError | None:
        return _told(self.path, error)

    def complaints(self) -> Iterator[str]:
        """Tables and guards that are not as they were made, and a server that does not keep what it acknowledges."""
        yield from self._tables_wrong()
        yield from self._guards_wrong()
        if self._all("select current_setting('fsync')")[0][0] != "on":
            yield "the server runs with fsync off: what it acknowledges may vanish with the power"

    def _tables_wrong(self) -> Iterator[str]:
        for name, kind, lasts, hides, keyed in self._all(
            "select c.relname::text, c.relkind::text, c.relpersistence::text, c.relrowsecurity, "
            "exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace where n.nspname = ? and c.relname = any(?) order by 1",
            (self._schema, list(_GUARDED)),
        ):
            if kind != "r":
                yield f"{name} is no plain table: somebody put something else in its place"
            if lasts != "p":
                yield f"the table {name} is unlogged: what it holds vanishes when the server stops short"
            if not keyed:
                yield f"the table {name} has no key any more: one thing may stand in it twice"
            if hides:
                yield f"the table {name} shows each person other rows (row level security): somebody hides entries"
        for rule, table in self._all(
            "select r.rulename::text, c.relname::text from pg_rewrite r join pg_class c on c.oid = r.ev_class "
            "join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = ? and c.relname = any(?) and c.relkind = 'r' order by 2, 1",
            (self._schema, list(_GUARDED)),
        ):
            yield f"the rule {rule} on {table} was put in by somebody: it may change or swallow what is written"

    def _guards_wrong(self) -> Iterator[str]:
        meant = {(table, f"{table}_{name}"): kind for table in _GUARDED for name, kind in _GUARD_TYPES.items()}
        there = {
            (table, name): (told, fires)
            for table, name, fires, *told in self._all(
                "select c.relname::text, t.tgname::text, t.tgenabled::text, t.tgtype::int, t.tgqual is null, "
                "t.tgattr::text, p.pronamespace = n.oid and p.proname = 'refuse' from pg_trigger t "
                "join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace "
                "join pg_proc p on p.oid = t.tgfoid "
                "where n.nspname = ? and c.relname = any(?) and not t.tgisinternal order by 1",
                (self._schema, list(_GUARDED)),
            )
        }
        for (table, name), kind in meant.items():
            told, fires = there.get((table, name), ([], ""))
            if fires not in _FIRES:
                yield f"the guard {name} is gone: somebody made room to change what is stored"
            elif told != [kind, True, "", True]:
                yield f"the guard {name} is not the one that was made: somebody changed what it does"
        for table, name in sorted(there.keys() - meant.keys()):
            yield f"the trigger {name} on {table} was put in by somebody: it may change or swallow what is written"
        source = self._all(
            "select p.prosrc, l.lanname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            "join pg_language l on l.oid = p.prolang where n.nspname = ? and p.proname = 'refuse'",
            (self._schema,),
        )
        if source != [(_REFUSAL, "plpgsql")]:
            yield "what the guards do is not what was made: somebody changed the function refuse"
        if self._all("select current_setting('session_replication_role')")[0][0] == "replica":
            yield "the server passes the guards over (session_replication_role is replica)"


def begin(
    url: str, identity: Mapping[str, str], rows: Iterable[Row] = (), texts: Iterable[tuple[str, bytes]] = ()
) -> bool:
    """Begin a ledger at a URL, with entries and texts that are already linked: all of it, or nothing.

    Returns:
        False where a ledger stands there already: that is left as it is.
    Raises:
        FoedusError: no server there, too old a one, or no right to make a schema.
    """
    address, schema = _parts(url)
    with InWords(partial(_told, shown(url))), connect(address, schema) as db, db.transaction():
        _see_server(db, shown(url))
        db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"foedus {schema}",))
        if is_there(db, schema):
            return False
        for statements in (_TABLES, *(_GUARD.replace("{table}", table) for table in _GUARDED)):
            db.execute(statements.replace("{schema}", f'"{schema}"').replace("{refusal}", _REFUSAL).encode())
        with db.cursor() as cursor:
            cursor.executemany(
                "insert into meta (key, value) values (%s, %s)", [*identity.items(), ("form", str(FORM))]
            )
            with cursor.copy(f"copy entries ({COLUMNS}) from stdin".encode()) as entries:
                for row in rows:
                    entries.write_row(row)
            with cursor.copy("copy texts (sha256, text) from stdin") as kept:
                for text in texts:
                    kept.write_row(text)
    return True


def connect(
    address: str, schema: str, *, read_only: bool = False, patience: float = 0.0
) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection whose every statement lasts by itself, and whose commits are on the server's disk.

    Args:
        address: the URL without what only foedus understands.
        schema: where the ledger lies.
        read_only: whether the server shall refuse to write.
        patience: seconds to go on asking a server that does not answer: it may be starting.
    Raises:
        FoedusError: the address is no URL of a server.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        # What the library says of it may hold the password.
        raise FoedusError(shown(address), "is not written as the URL of a server is", _WRITE) from None

    settings = {
        "search_path": f'"{schema}"',
        "synchronous_commit": "on",
        "lock_timeout": f"{int(PATIENCE_S)}s",
        "client_min_messages": "warning",
        "default_transaction_read_only": "on" if read_only else "off",
    }
    until = time.monotonic() + patience
    while True:
        try:
            db = psycopg.connect(address, autocommit=True, connect_timeout=10, client_encoding="utf8")
            break
        except psycopg.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.1)
    for name, value in settings.items():
        db.execute("select set_config(%s, %s, false)", (name, value))
    return db


def is_there(db: psycopg.Connection[tuple[Any, ...]], schema: str) -> bool:
    """Whether a schema holds a ledger."""
    return db.execute("select to_regclass(%s) is not null", (f'"{schema}".entries',)).fetchall() == [(True,)]


def _see_server(db: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    if db.info.server_version < OLDEST:
        raise FoedusError(where, f"a server of version {db.info.server_version // 10000}", "Use PostgreSQL 15 or later")
    encoding = db.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise FoedusError(where, f"its database is in {encoding}", "Make one with encoding UTF8: no other holds all")


def _dollar(sql: str) -> bytes:
    return sql.replace("?", "%s").encode()


def _parts(url: str) -> tuple[str, str]:
    """The URL as the server's library reads it, and the schema."""
    # Each reader of URLs takes a raw @ or / in a password for something else, and then shows a part of it.
    person, at, rest = url.partition("://")[2].partition("@")
    if at and ("@" in rest or any(mark in person for mark in "/?#")):
        what = "@, / ? or # stands where it may belong to a password"
        raise FoedusError(shown(url), what, "Write %40, %2F, %3F or %23 for it")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FoedusError("the URL of a server", "is none", _WRITE) from None
    asked = dict(parse_qsl(parts.query))
    schema = asked.pop("schema", SCHEMA)
    if not schema.replace("_", "").isalnum() or not schema.isascii() or len(schema) > 60:
        raise FoedusError(shown(url), f"schema={schema!r}", "Write it in letters, digits and _")
    return urlunsplit(parts._replace(query=urlencode(asked, quote_via=quote))), schema


def _told(where: str, error: BaseException) -> FoedusError | None:
    """What the server complains of in words that name it, None for what is no complaint of its."""
    import psycopg
    from psycopg import errors

    if isinstance(error, errors.LockNotAvailable):
        return FoedusError(where, "another process keeps writing to it", "Try again when it is done")
    if isinstance(error, errors.DiskFull | errors.OutOfMemory):
        what = f"the server has no room ({_first(error)})"
        return FoedusError(where, what, "What was acknowledged is kept; make room, try again")
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return FoedusError(where, "opened for reading, or not to be written", "Open it for writing")
    if isinstance(error, errors.InsufficientPrivilege):
        return FoedusError(where, f"the server refuses ({_first(error)})", "Ask its keeper for the right")
    if isinstance(error, errors.RaiseException):
        return FoedusError(where, f"refused by the ledger: {_first(error)}")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return FoedusError(
            where,
            f"the server does not answer ({_first(error)})",
            "What was acknowledged is kept, this was not written; see that it runs, try again",
        )
    if isinstance(error, psycopg.Error):
        return FoedusError(where, f"a damaged ledger ({_first(error)})", KEEP)
    return None


def _first(error: BaseException) -> str:
    """The first line of what the server says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
