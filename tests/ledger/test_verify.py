"""A ledger changed behind the curtain: an entry, a page, the order, the tail. Each change is found and named."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_pages import Clock, claim, page

from foedus.ledger import Ledger
from foedus.ledger.chain import link_of
from foedus.ledger.checkpoint import (
    Key,
    checkpoint_of,
    new_key,
    public_half,
    read_checkpoint,
    read_key,
    sign,
)
from foedus.ledger.copying import copy
from foedus.ledger.union import unite
from foedus.ledger.verify import Verified, verify
from foedus.terms import FoedusError

COLUMNS = ("grp", "type", "id", "payload", "who", "why", "valid", "known", "recorded", "link", "about", "org", "kind")


def fill(where: str, pages: int = 4) -> None:
    """Pages of two claims each, and a correction."""
    with Ledger.open(where, clock=Clock()) as ledger:
        for n in range(pages):
            name = f"{n}.txt"
            found = [claim("meet", name, at, f"2022-0{n + 1}-{at + 1:02d}", actors=("RUS",)) for at in range(2)]
            ledger.add_page(page(name, text=f"{page().text}{n}"), found, "reader 1")
        ledger.correct(ledger.acts()[0].id, {"place": "Moscow, RUS"}, "analyst", "read again")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A closed ledger of 13 entries."""
    path = tmp_path / "l.db"
    fill(str(path))
    return path


def tampered(path: Path, *sql: str, values: tuple[Any, ...] = ()) -> Verified:
    """The ledger verified after somebody with the file in hand has changed it, guards and all."""
    db = apsw.Connection(str(path))
    guards = [str(text) for (text,) in db.execute("select sql from sqlite_master where type = 'trigger'")]
    names = [str(name) for (name,) in db.execute("select name from sqlite_master where type = 'trigger'")]
    for name in names:
        db.execute(f"drop trigger {name}")
    for statement in sql:
        db.execute(statement, values)
    for guard in guards:
        db.execute(guard)
    db.close()
    return verified(path)


def verified(path: Path, **more: Any) -> Verified:
    """What a check of the ledger at a path finds."""
    with Ledger.open(path, read_only=True) as ledger:
        return verify(ledger.store, **more)


def test_a_ledger_left_alone_holds(filled: Path) -> None:
    found = verified(filled)
    assert (found.holds, found.entries, found.texts, found.not_kept) == (True, 13, 4, 0)
    assert len(found.link) == 32


@pytest.mark.parametrize("column", COLUMNS)
def test_any_changed_column_of_an_entry_is_found(filled: Path, column: str) -> None:
    number = "grp + 1" if column == "grp" else f"coalesce({column}, '') || 'x'"
    change = "randomblob(32)" if column == "link" else number
    found = tampered(filled, f"update entries set {column} = {change} where seq = 5")
    assert [fault.seq for fault in found.faults][:1] == [5]


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), seq=st.integers(1, 13))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_of_a_payload_is_found(tmp_path: Path, at: int, bit: int, seq: int) -> None:
    path = tmp_path / "byte.db"
    for left in tmp_path.glob("byte.db*"):
        left.unlink()
    fill(str(path))
    db = apsw.Connection(str(path))
    (was,) = db.execute("select cast(payload as blob) from entries where seq = ?", (seq,)).fetchall()[0]
    db.close()
    assert isinstance(was, bytes)
    changed = bytearray(was)
    changed[at % len(was)] ^= 1 << bit
    sql = "update entries set payload = cast(? as text) where seq = ?"
    found = tampered(path, sql, values=(bytes(changed), seq))
    assert found.faults[0].seq == seq


def test_a_changed_page_is_found(filled: Path) -> None:
    (fault,) = tampered(
        filled,
        "update texts set text = cast(replace(cast(text as text), '007 word', '007 work') as blob) "
        "where sha256 = (select min(sha256) from texts)",
    ).faults
    assert "is not the one that was read" in fault.what


def test_a_page_gone_or_put_in_is_found(filled: Path) -> None:
    found = tampered(filled, "delete from texts where sha256 = (select min(sha256) from texts)")
    assert ["of a page is gone" in fault.what for fault in found.faults] == [True]
    found = tampered(filled, "insert into texts values ('aa', x'00')")
    assert any("no page or charter speaks of it" in fault.what for fault in found.faults)


def test_an_entry_gone_is_found_with_its_number(filled: Path) -> None:
    found = tampered(filled, "delete from entries where seq in (6, 7)")
    assert (found.faults[0].seq, "6 to 7 are missing" in found.faults[0].what) == (6, True)


def test_an_entry_gone_and_the_rest_moved_up_is_found(filled: Path) -> None:
    found = tampered(filled, "delete from entries where seq = 6", "update entries set seq = seq - 1 where seq > 6")
    assert found.faults[0].seq == 6


def test_two_entries_changed_about_are_found(filled: Path) -> None:
    found = tampered(
        filled,
        "update entries set seq = -1 where seq = 5",
        "update entries set seq = 5 where seq = 6",
        "update entries set seq = 6 where seq = -1",
    )
    assert found.faults[0].seq == 5


def test_what_the_ledger_says_of_itself_is_held_too(filled: Path) -> None:
    found = tampered(filled, "update meta set value = '2020-01-01T00:00:00.000000Z' where key = 'began'")
    assert found.faults[0].seq == 1


def test_a_guard_taken_away_is_said(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    db.execute("drop trigger entries_stay")
    db.close()
    assert "the guard entries_stay is gone" in verified(filled).faults[0].what


def swallowing(what: str) -> str:
    """A trigger that lets one type of entry, or every text, vanish on its way in."""
    when = "" if what == "texts" else f"when new.type = '{what}'"
    table = "texts" if what == "texts" else "entries"
    return f"create trigger zz before insert on {table} {when} begin select raise(ignore); end"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (swallowing("retraction"), "the trigger zz was put in by somebody"),
        (swallowing("texts"), "the trigger zz was put in by somebody"),
        ("create unique index sole on texts (length(text))", "the unique index sole was put in by somebody"),
        ("drop trigger meta_kept", "the guard meta_kept is gone"),
    ],
)
def test_what_was_put_into_a_file_or_taken_out_is_said(filled: Path, sql: str, words: str) -> None:
    db = apsw.Connection(str(filled))
    db.execute(sql.replace("length(text)", "length(text) || sha256"))
    db.close()
    assert [words in fault.what for fault in verified(filled).faults] == [True]


def test_guards_that_guard_nothing_are_said(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    for name, made in db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall():
        db.execute(f"drop trigger {name}")
        db.execute(str(made).replace(" begin ", " when 0 begin "))
    db.close()
    told = [fault.what for fault in verified(filled).faults]
    assert [what.partition(":")[0].rpartition(" is ")[2] for what in told] == ["not the one that was made"] * 6


def test_a_table_made_otherwise_is_said(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    (made,) = db.execute("select sql from sqlite_master where name = 'meta'").fetchall()[0]
    db.execute("pragma writable_schema = on")
    changed = str(made).replace("value text not null", "value text not null on conflict ignore")
    db.execute("update sqlite_master set sql = ? where name = 'meta'", (changed,))
    db.close()
    assert ["the table meta is not the one that was made" in one.what for one in verified(filled).faults] == [True]


def test_a_file_that_swallows_an_entry_acknowledges_nothing(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    db.execute("create table elsewhere (x)")
    # What is counted are entries, so that a row put elsewhere instead does not pass for one.
    db.execute(swallowing("retraction").replace("begin", "begin insert into elsewhere values (1);"))
    db.close()
    with Ledger.open(filled) as ledger:
        acts = ledger.acts()
        with pytest.raises(FoedusError, match="took 0 of 1 entries: something in it swallows what is written"):
            ledger.retract(acts[0].id, "analyst")
        assert (len(ledger.entries()), ledger.acts()) == (13, acts)
        ledger.correct(acts[0].id, {"place": "Minsk, BLR"}, "analyst")
        assert [entry.seq for entry in ledger.entries()] == list(range(1, 15))


def test_a_file_that_swallows_a_text_acknowledges_no_page(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    db.execute(swallowing("texts"))
    db.close()
    with Ledger.open(filled) as ledger:
        with pytest.raises(FoedusError, match="did not take the text"):
            ledger.add_page(page("new.txt", text=f"{page().text}new"), [], "reader 1")
        assert len(ledger.entries()) == 13
        # A text that is there already need not be taken once more.
        ledger.add_page(page("old.txt", text=f"{page().text}0"), [], "reader 1")
        assert len(ledger.entries()) == 14


def test_a_bit_changed_anywhere_in_the_file_is_found_or_changes_nothing(filled: Path, tmp_path: Path) -> None:
    """Free pages and paddings may change unseen; whatever can be read out of the ledger may not."""

    def content(path: Path) -> tuple[object, ...]:
        with Ledger.open(path, read_only=True) as ledger:
            return tuple(ledger.store.rows()), dict(ledger.store.texts()), ledger.store.identity()

    whole, before, found = filled.read_bytes(), content(filled), 0
    chance = random.Random(7)  # noqa: S311
    for at in chance.sample(range(len(whole)), 400):
        for left in tmp_path.glob("hurt.db*"):
            left.unlink()
        hurt = tmp_path / "hurt.db"
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        hurt.write_bytes(bytes(changed))
        try:
            if verified(hurt).holds:
                assert content(hurt) == before, f"byte {at}"
                continue
        except FoedusError:
            pass
        found += 1
    assert found > 100


def test_an_entry_put_before_the_first_is_found(filled: Path) -> None:
    found = tampered(
        filled,
        "insert into entries select -1, grp, type, id, payload, who, why, valid, known, recorded, link, about, org, "
        "kind from entries where seq = 3",
    )
    assert any("numbered below 1" in fault.what for fault in found.faults)


def test_the_chain_is_the_one_that_is_documented(filled: Path) -> None:
    """Made anew with the standard library alone, from what `docs/ledger.md` says."""

    def digest(value: object) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    with Ledger.open(filled, read_only=True) as ledger:
        previous = digest(ledger.store.identity())
        for row in ledger.store.rows():
            fields = {name: getattr(row, name) for name in ("group", "id", "known", "recorded", "seq", "type", "valid")}
            fields |= {"who": row.who, "why": row.why, "payload": json.loads(row.payload), "prev": previous}
            previous = digest(fields)
            assert row.link.hex() == previous


# Checkpoints


@pytest.fixture
def desk_key(tmp_path: Path) -> Path:
    """A signing key."""
    path = tmp_path / "desk.key"
    new_key(path, "desk")
    return path


def signed_now(path: Path, key: Path, out: Path) -> Path:
    """A checkpoint of the ledger at a path."""
    name, private = read_key(key)
    with Ledger.open(path, read_only=True) as ledger:
        out.write_text(sign(checkpoint_of(ledger.store), name, private), "utf8")
    return out


def rewritten(path: Path, change: Callable[[Any], Any]) -> None:
    """The ledger rewritten by somebody who knows the chain: one entry changed, every link after it made anew."""
    with Ledger.open(path, read_only=True) as ledger:
        rows, previous = list(ledger.store.rows()), ledger.store.link(0)
    db = apsw.Connection(str(path))
    for name in [str(name) for (name,) in db.execute("select name from sqlite_master where type = 'trigger'")]:
        db.execute(f"drop trigger {name}")
    for row in rows:
        new = change(row)
        previous = link_of(new, previous)
        db.execute("update entries set who = ?, link = ? where seq = ?", (new.who, previous, row.seq))
    db.close()


def test_a_cut_tail_and_a_rewritten_ledger_show_against_a_checkpoint(
    filled: Path, desk_key: Path, tmp_path: Path
) -> None:
    point = read_checkpoint(signed_now(filled, desk_key, tmp_path / "cp"))
    key = public_half(desk_key)
    assert verified(filled, checkpoints=[point], trusted=[key]).proven != []
    with Ledger.open(filled) as ledger:
        ledger.retract(ledger.acts()[0].id, "analyst")
    grown = verified(filled, checkpoints=[point], trusted=[key])
    assert (grown.holds, grown.entries) == (True, 14)
    assert tampered(filled, "delete from entries where seq > 12").holds
    cut = verified(filled, checkpoints=[point])
    assert (cut.faults[0].seq, "1 more stood here" in cut.faults[0].what) == (13, True)
    again = tmp_path / "again.db"
    fill(str(again))
    point = read_checkpoint(signed_now(again, desk_key, tmp_path / "cp2"))
    rewritten(again, lambda row: row._replace(who="somebody else") if row.seq == 2 else row)
    told = [fault.what for fault in verified(again, checkpoints=[point]).faults]
    assert any("are not those that were signed" in what for what in told)
    assert not any("does not hold" in what for what in told)


def test_an_entry_gone_from_the_middle_is_no_tail_cut_off(filled: Path, desk_key: Path, tmp_path: Path) -> None:
    point = read_checkpoint(signed_now(filled, desk_key, tmp_path / "cp"))
    with Ledger.open(filled) as ledger:
        ledger.retract(ledger.acts()[0].id, "analyst")
    for gone in ("6", "13", "6, 14"):
        copied = tmp_path / f"{gone}.db"
        copied.write_bytes(filled.read_bytes())
        found = tampered(copied, f"delete from entries where seq in ({gone})")
        found = verified(copied, checkpoints=[point])
        first, *others = [fault.what for fault in found.faults if not fault.what.startswith("the checkpoint")]
        assert (f"{gone[:2].strip(',')} is missing" in first, others) == (True, [])
        assert any("the entries up to 13 are not those that were signed" in fault.what for fault in found.faults)
        # A link further on may be the one that was signed: what it stands for is still not there.
        assert found.proven == []
        cut = tampered(copied, "delete from entries where seq > 11")
        cut = verified(copied, checkpoints=[point])
        assert any((fault.seq, "2 more stood here" in fault.what) == (12, True) for fault in cut.faults)


def test_a_checkpoint_of_another_ledger_or_by_another_key_proves_nothing(
    filled: Path, desk_key: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    fill(str(other))
    point = read_checkpoint(signed_now(other, desk_key, tmp_path / "cp"))
    assert "it is of another ledger" in verified(filled, checkpoints=[point]).faults[0].what
    new_key(tmp_path / "else.key", "desk")
    (fault,) = verified(other, checkpoints=[point], trusted=[public_half(tmp_path / "else.key")]).faults
    assert "not signed by a key that is trusted" in fault.what


@pytest.mark.parametrize("sql", ["delete from meta", "update meta set key = 'name' where key = 'ledger'"])
def test_a_ledger_that_says_not_which_one_it_is_is_told_and_not_passed_on(
    filled: Path, desk_key: Path, tmp_path: Path, sql: str
) -> None:
    point = read_checkpoint(signed_now(filled, desk_key, tmp_path / "cp"))
    tampered(filled, sql)
    told = [fault.what for fault in verified(filled, checkpoints=[point]).faults]
    assert any("it does not say which one it is" in what for what in told)
    assert any("it is of another ledger" in what for what in told)
    with Ledger.open(filled, read_only=True) as ledger:
        for refused in (
            lambda: checkpoint_of(ledger.store),
            lambda: copy(ledger.store, tmp_path / "b.db"),
            lambda: unite([ledger.store, ledger.store], tmp_path / "b.db"),
        ):
            with pytest.raises(FoedusError, match=r"l\.db: a damaged ledger \(it does not say which one it is\)"):
                refused()


@given(at=st.integers(0, 10_000), bit=st.integers(0, 6))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_checkpoint_is_refused_or_not_trusted(tmp_path: Path, at: int, bit: int) -> None:
    path, key = tmp_path / "cp.db", tmp_path / "k.key"
    if not path.exists():
        fill(str(path), 1)
        new_key(key, "desk")
        signed_now(path, key, tmp_path / "note")
    whole = (tmp_path / "note").read_bytes()
    changed = bytearray(whole)
    changed[at % len(whole)] ^= 1 << bit
    (tmp_path / "changed").write_bytes(bytes(changed))
    try:
        point = read_checkpoint(tmp_path / "changed")
    except FoedusError:
        return
    # Base64 has unused bits at its end: a note that decodes to the same bytes is the same note.
    assert not point.is_by(public_half(key)) or point == read_checkpoint(tmp_path / "note")


def test_keys_are_printed_and_read_back(desk_key: Path) -> None:
    key = public_half(desk_key)
    assert Key.parse(str(key)) == key
    assert desk_key.stat().st_mode & 0o077 == 0
    for text in ("", "desk", str(key)[:-2], str(key).replace("desk", "else"), "a+b+c"):
        with pytest.raises(FoedusError, match="is no public key"):
            Key.parse(text)
    with pytest.raises(FoedusError, match="stands there already"):
        new_key(desk_key, "desk")


def test_a_page_not_kept_leaves_hashes_and_words(place: str) -> None:
    with Ledger.open(place) as ledger:
        seen = page("a.txt", kept=False)
        ledger.add_page(seen, [claim("meet", "a.txt", 0, "2022-01-01", actors=("RUS",))], "r")
        assert ledger.store.text(seen.to_json()["text_sha256"]) is None
        (held,) = ledger.pages()
        assert (held.kept, held.text, held.sha256) == (False, "", seen.sha256)
        assert ledger.claims()[0].evidence.text == page().text[:10]
        found = verify(ledger.store)
        assert (found.holds, found.not_kept, found.texts) == (True, 1, 0)
        # Read again and kept, the page has its text.
        ledger.add_page(page("a.txt"), ledger.claims(), "r", reread=True)
        assert ledger.pages()[0].text == page().text
        assert verify(ledger.store).holds


@pytest.fixture
def on_a_server(on_server: Callable[[], str]) -> Iterator[str]:
    """A filled ledger on a server."""
    where = on_server()
    fill(where)
    yield where


def test_a_server_is_verified_as_a_file_is(on_a_server: str) -> None:
    import psycopg

    plain, _, schema = on_a_server.rpartition("schema=")
    with Ledger.open(on_a_server, read_only=True) as ledger:
        assert verify(ledger.store).faults == []
    with psycopg.connect(plain.rstrip("?&"), autocommit=True) as db:
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            db.execute(f'update "{schema}".entries set who = who'.encode())
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            db.execute(f'truncate "{schema}".entries'.encode())
        db.execute(f'alter table "{schema}".entries disable trigger all'.encode())
        db.execute(f"""update "{schema}".entries set who = 'x' where seq = 4""".encode())
    with Ledger.open(on_a_server, read_only=True) as ledger:
        found = verify(ledger.store)
    assert found.faults[0].seq == 4
    assert sum("guard entries" in fault.what for fault in found.faults) == 2


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "create rule zz as on insert to {s}.entries where new.type = 'retraction' do instead nothing",
            ["the rule zz on entries was put in by somebody"],
        ),
        (
            "create function {s}.pass() returns trigger language plpgsql as 'begin return null; end'; "
            "create trigger zz before insert on {s}.texts for each row execute function {s}.pass()",
            ["the trigger zz on texts was put in by somebody"],
        ),
        (
            "create or replace function {s}.refuse() returns trigger language plpgsql as "
            "'begin return coalesce(new, old); end'",
            ["somebody changed the function refuse"],
        ),
        (
            "drop trigger entries_stay on {s}.entries; create trigger entries_stay before update of who or delete "
            "on {s}.entries for each row when (false) execute function {s}.refuse()",
            ["the guard entries_stay is not the one that was made"],
        ),
        ("alter table {s}.meta enable replica trigger meta_stay", ["the guard meta_stay is gone"]),
        ("alter table {s}.entries enable always trigger entries_stay", []),
        ("alter table {s}.entries set unlogged", ["the table entries is unlogged"]),
        ("alter table {s}.texts drop constraint texts_pkey", ["the table texts has no key any more"]),
        ("alter table {s}.texts enable row level security", ["the table texts shows each person other rows"]),
    ],
)
def test_what_was_changed_beneath_a_server_is_said(on_a_server: str, sql: str, words: list[str]) -> None:
    import psycopg

    plain, _, schema = on_a_server.rpartition("schema=")
    with psycopg.connect(plain.rstrip("?&"), autocommit=True) as db:
        db.execute(sql.replace("{s}", f'"{schema}"').encode())
    with Ledger.open(on_a_server, read_only=True) as ledger:
        told = [fault.what for fault in verify(ledger.store).faults]
    assert len(told) == len(words)
    assert all(word in what for word, what in zip(sorted(words), sorted(told), strict=True)), told


@pytest.mark.parametrize("instead", ["nothing", "insert into {s}.texts values (new.link::text, new.link)"])
def test_a_server_that_swallows_an_entry_acknowledges_nothing(on_a_server: str, instead: str) -> None:
    import psycopg

    plain, _, schema = on_a_server.rpartition("schema=")
    rule = "create rule zz as on insert to {s}.entries where new.type = 'retraction' do instead " + instead
    with psycopg.connect(plain.rstrip("?&"), autocommit=True) as db:
        db.execute(rule.replace("{s}", f'"{schema}"').encode())
    with Ledger.open(on_a_server) as ledger:
        acts = ledger.acts()
        with pytest.raises(FoedusError, match="took 0 of 1 entries: something in it swallows what is written"):
            ledger.retract(acts[0].id, "analyst")
        assert (len(ledger.entries()), ledger.acts()) == (13, acts)


def test_an_entry_that_stands_twice_on_a_server_is_said(on_a_server: str) -> None:
    import psycopg

    plain, _, schema = on_a_server.rpartition("schema=")
    with psycopg.connect(plain.rstrip("?&"), autocommit=True) as db:
        db.execute(f'set search_path to "{schema}"'.encode())
        db.execute("alter table entries drop constraint entries_pkey")
        db.execute("insert into entries select * from entries where seq = 3")
    with Ledger.open(on_a_server, read_only=True) as ledger:
        key, twice = sorted(verify(ledger.store).faults, key=lambda fault: fault.seq)
    assert "the table entries has no key any more" in key.what
    assert (twice.seq, twice.what) == (3, "stands twice: two entries have this number")
