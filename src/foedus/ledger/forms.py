"""How the file of a ledger moves forward from form to form: never back, and never half, since all is one transaction.

Form 1 had entries without links, and texts under the hash of their page. Form 2 chains the entries, notes what each is
found by, keeps every text under its own hash, and says which ledger it is. Every
step keeps its own words of SQL, so that a later form never changes what an earlier step did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from foedus.ledger.chain import Row, link_of, origin
from foedus.ledger.entries import found_by, plain
from foedus.ledger.store import KEEP
from foedus.terms import FoedusError

if TYPE_CHECKING:
    import apsw


def bring_forward(db: apsw.Connection, identity: Mapping[str, str]) -> None:
    """Bring the ledger of a connection to the present form, if another process has not done so already.

    Args:
        identity: what the ledger says of itself from now on, where its form did not know such words.
    """
    db.execute("begin immediate")
    try:
        form = int(str(db.pragma("user_version")))
        while form in _STEPS:
            _STEPS[form](db, identity)
            form += 1
            db.pragma("user_version", form)
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def _chain_entries(db: apsw.Connection, identity: Mapping[str, str]) -> None:
    db.execute("""
        drop trigger if exists entries_stay;
        drop trigger if exists entries_kept;
        drop index entries_by_id;
        drop index entries_by_moment;
        drop index pages_by_name;
        drop index claims_by_page;
        drop trigger if exists texts_stay;
        drop trigger if exists texts_kept;
        alter table entries rename to entries_1;
        alter table texts rename to texts_1;
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
        create table texts (sha256 text primary key, text blob not null) strict, without rowid;
    """)
    db.executemany("insert into meta (key, value) values (?, ?)", identity.items())
    before = db.execute(
        "select seq, grp, type, id, payload, who, why, valid, known, recorded from entries_1 order by seq"
    )
    db.executemany(f"insert into entries values ({','.join('?' * 14)})", _linked(before, origin(identity)))  # noqa: S608
    kept = db.execute("select text from texts_1")
    db.executemany(
        "insert or ignore into texts (sha256, text) values (?, ?)",
        ((hashlib.sha256(text).hexdigest(), text) for (text,) in kept),
    )
    db.execute("""
        drop table entries_1;
        drop table texts_1;
        create index entries_by_id on entries (id);
        create index entries_by_about on entries (about) where about is not null;
        create index entries_by_org on entries (org) where kind is not null;
        create index entries_by_hand on entries (seq) where about is null and kind is null;
        create index entries_on_charters on entries (seq) where type = 'charter';
        create trigger entries_stay before update on entries
            begin select raise(abort, 'an entry is never changed'); end;
        create trigger entries_kept before delete on entries
            begin select raise(abort, 'an entry is never deleted'); end;
        create trigger texts_stay before update on texts begin select raise(abort, 'a text is never changed'); end;
        create trigger texts_kept before delete on texts begin select raise(abort, 'a text is never deleted'); end;
        create trigger meta_stay before update on meta begin select raise(abort, 'this is never changed'); end;
        create trigger meta_kept before delete on meta begin select raise(abort, 'this is never deleted'); end;
    """)


def _linked(rows: Iterator[tuple[Any, ...]], previous: bytes) -> Iterator[Row]:
    for fields in rows:
        try:
            row = Row._make((*fields, b"", *found_by(fields[2], plain(fields[4]))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FoedusError(
                f"entry {fields[0]} ({fields[2]} {fields[3]})", f"is damaged: {type(error).__name__} {error}", KEEP
            ) from error
        previous = link_of(row, previous)
        yield row._replace(link=previous)


_STEPS: Mapping[int, Callable[[apsw.Connection, Mapping[str, str]], None]] = {1: _chain_entries}
