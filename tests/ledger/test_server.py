"""A ledger on a server: what is refused, in which words, and what its URL may say."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from made_pages import claim, page

from foedus.ledger import Ledger
from foedus.terms import FoedusError


def test_a_server_that_is_not_there_is_said_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(FoedusError, match=r"postgresql://desk@127\.0\.0\.1:1/x: the server does not answer") as wrong:
        Ledger.open("postgresql://desk:secret@127.0.0.1:1/x")
    assert "secret" not in str(wrong.value)
    # Not decided by speed: the patience for a server that starts again is a minute.
    assert time.perf_counter() - began < 30


def test_no_database_and_no_ledger_are_said(on_server: Callable[[], str], server: str) -> None:
    head, _, tail = server.partition("/postgres")
    with pytest.raises(FoedusError, match=r"the server does not answer.*no_such_db"):
        Ledger.open(f"{head}/no_such_db{tail}")
    for read_only in (False, True):
        with pytest.raises(FoedusError, match="there is no such ledger"):
            Ledger.open(on_server(), create=False, read_only=read_only)
    with pytest.raises(FoedusError, match="Write it in letters, digits and _"):
        Ledger.open(on_server().replace("schema=", "schema=a-b"))


def test_a_newer_form_is_refused_and_reading_only_writes_nothing(on_server: Callable[[], str], server: str) -> None:
    import psycopg

    where = on_server()
    with Ledger.open(where) as ledger:
        ledger.add_page(page("a"), [claim("meet", "a", 0, "2022-01-01")], "r")
    with Ledger.open(where, read_only=True) as ledger:
        assert len(ledger.acts()) == 1
        with pytest.raises(FoedusError, match="opened for reading"):
            ledger.add_page(page("b"), [], "r")
    schema = where.rpartition("=")[2]
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'alter table "{schema}".meta disable trigger all'.encode())
        db.execute(f"""update "{schema}".meta set value = '99' where key = 'form'""".encode())
    with pytest.raises(FoedusError, match="newer foedus: form 99"):
        Ledger.open(where)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("delete from meta where key = 'form'", "it does not say of which form it is"),
        ("update meta set value = 'x' where key = 'form'", "its form is given as x, which never was"),
        ("update meta set value = '0' where key = 'form'", "its form is given as 0, which never was"),
        ("update meta set value = '٣' where key = 'form'", "which never was"),
        ("drop table meta", "a damaged ledger"),
    ],
)
def test_a_damaged_form_is_said(on_server: Callable[[], str], server: str, sql: str, words: str) -> None:
    import psycopg

    where = on_server()
    Ledger.open(where).close()
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'set search_path to "{where.rpartition("=")[2]}"'.encode())
        db.execute(b"alter table meta disable trigger all")
        db.execute(sql.encode())
    with pytest.raises(FoedusError, match=words) as wrong:
        Ledger.open(where)
    assert where.rpartition("=")[2] in wrong.value.where


def test_two_ledgers_of_one_database_know_nothing_of_each_other(on_server: Callable[[], str]) -> None:
    one, two = on_server(), on_server()
    with Ledger.open(one) as first, Ledger.open(two) as second:
        first.add_page(page("a"), [claim("meet", "a", 0, "2022-01-01")], "r")
        assert (len(first.entries()), len(second.entries())) == (2, 0)
        assert first.store.identity() != second.store.identity()


def test_a_text_with_every_character_comes_back(place: str) -> None:
    """NUL, half a character, both ends of Unicode: what damaged pages hold is kept as it is."""
    text = "a\0b\ud800c\U0010ffff\u202e'\"\\ é \x7f\n" * 3
    with Ledger.open(place) as ledger:
        seen = page("a", text=text)
        ledger.add_page(seen, [claim("meet", "a", 0, "2022-01-01", words=text[0:10])], "r")
        assert ledger.pages()[0].text == text
        assert ledger.claims()[0].evidence.text == text[0:10]


def test_a_writer_who_waited_too_long_may_try_again(
    on_server: Callable[[], str], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from foedus.ledger import postgres

    monkeypatch.setattr(postgres, "PATIENCE_S", 1.0)
    where = on_server()
    schema = where.rpartition("=")[2]
    with Ledger.open(where) as ledger, psycopg.connect(server) as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"foedus {schema}",))
        with pytest.raises(FoedusError, match="another process keeps writing to it"):
            ledger.add_page(page("a"), [], "r")
        other.rollback()
        ledger.add_page(page("a"), [], "r")
        assert len(ledger.entries()) == 1
