"""Looking after a ledger from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from doors import SAMPLE, foedus

from foedus.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with the pages of the sample."""
    path = tmp_path / "a.db"
    assert foedus("read", SAMPLE / "pages", "--ledger", path).code == 0
    return path


def test_verify_says_that_it_holds_and_where_it_does_not(ledger: Path) -> None:
    ran = foedus("verify", "--ledger", ledger)
    assert (ran.code, "a.db holds: " in ran.out) == (0, True)
    db = apsw.Connection(str(ledger))
    db.execute("drop trigger entries_stay; update entries set who = 'x' where seq = 7")
    db.close()
    ran = foedus("verify", "--ledger", ledger)
    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith("entry 7 does not hold: claim ")
    found = foedus("verify", "--ledger", ledger, "--json").json
    assert (found["holds"], found["faults"][0]["seq"]) == (False, 7)


def test_a_checkpoint_shows_a_tail_cut_off(ledger: Path, tmp_path: Path) -> None:
    made = foedus("checkpoint", "--new-key", tmp_path / "desk.key", "--name", "desk")
    assert made.out.startswith("desk+")
    point = tmp_path / "point"
    assert foedus("checkpoint", "--key", tmp_path / "desk.key", "--ledger", ledger, "--out", point).code == 0
    trusted = ("--checkpoint", point, "--trust", made.out.strip(), "--ledger", ledger)
    assert "signed by desk" in foedus("verify", *trusted).out
    db = apsw.Connection(str(ledger))
    guard = db.execute("select sql from sqlite_master where name = 'entries_kept'").fetchall()[0][0]
    last = db.execute("select max(seq) from entries").fetchall()[0][0]
    db.execute("drop trigger entries_kept")
    db.execute("delete from entries where seq = ?", (last,))
    db.execute(str(guard))
    db.close()
    assert foedus("verify", "--ledger", ledger).code == 0
    ran = foedus("verify", *trusted)
    assert (ran.code, "the tail was cut off" in ran.out) == (1, True)


def test_no_key_no_checkpoint_no_trust(ledger: Path, tmp_path: Path) -> None:
    for words, said in (
        (("checkpoint", "--ledger", ledger), "no key to sign with"),
        (("verify", "--ledger", ledger, "--trust", "x"), "is no public key"),
        (("verify", "--ledger", ledger, "--checkpoint", ledger), "is no"),
        (("checkpoint", "--ledger", ledger, "--key", ledger), "is no"),
        (("verify", "--ledger", tmp_path / "none.db"), "there is no such ledger"),
        (("read", SAMPLE / "pages", "--no-pages"), "none was named"),
    ):
        ran = foedus(*words)
        assert ran.code in (2, 3)
        assert said in ran.err
        assert ran.out == ""


def test_a_key_that_others_may_read_is_told(ledger: Path, tmp_path: Path) -> None:
    key = tmp_path / "desk.key"
    made = foedus("checkpoint", "--new-key", key, "--name", "desk", "--json").json
    assert made["public"].startswith("desk+")
    words = ("checkpoint", "--key", key, "--ledger", ledger, "--json")
    ran = foedus(*words)
    assert (ran.json["signed_by"], ran.json["entries"] > 50, ran.err) == ("desk", True, "")
    (tmp_path / "point").write_text(ran.json["note"], "utf8")
    trusted = ("--checkpoint", tmp_path / "point", "--trust", made["public"], "--ledger", ledger)
    assert foedus("verify", *trusted).code == 0
    key.chmod(0o644)
    ran = foedus(*words)
    assert (ran.code, "may be read by others than its owner" in ran.err) == (0, True)
    both = foedus("checkpoint", "--new-key", tmp_path / "b.key", "--key", key, "--ledger", ledger)
    assert (both.code, (tmp_path / "b.key").exists()) == (2, False)


@pytest.mark.parametrize(
    ("where", "code", "told"),
    [
        (":memory:", 3, "keeps nothing"),
        ("", 3, "keeps nothing"),
        ("mysql://desk@localhost/x", 3, "mysql is no kind of server known here"),
        ("postgresql://[desk", 3, "the URL of a server: is none"),
        ("none/b.db", 3, "there is no folder none"),
    ],
)
def test_a_place_where_nothing_can_be_kept_is_refused(
    where: str, code: int, told: str, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("copy", ledger, where), ("merge", ledger, ledger, "--into", where)):
        ran = foedus(*words)
        assert (ran.code, told in ran.err) == (code, True), ran.err
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("a.db")] == []
    one = foedus("merge", ledger, "--into", tmp_path / "b.db")
    assert (one.code, "one ledger cannot be joined" in one.err) == (2, True)


def test_backup_restore_and_copy_give_the_same_ledger(ledger: Path, tmp_path: Path) -> None:
    assert foedus("backup", tmp_path / "b.db", "--ledger", ledger).code == 0
    assert foedus("restore", tmp_path / "b.db", "--ledger", tmp_path / "c.db").code == 0
    ran = foedus("copy", f"sqlite:{tmp_path / 'c.db'}", tmp_path / "d.db", "--json")
    assert ran.json["entries"] > 50
    links = {foedus("verify", "--ledger", tmp_path / f"{n}.db", "--json").json["last_sound"]["link"] for n in "abcd"}
    assert len(links) == 1
    again = foedus("restore", tmp_path / "b.db", "--ledger", ledger)
    assert (again.code, "something stands there already" in again.err) == (3, True)


def test_a_ledger_without_a_name_is_refused_in_words(ledger: Path, tmp_path: Path) -> None:
    foedus("checkpoint", "--new-key", tmp_path / "desk.key", "--name", "desk")
    signing = ("checkpoint", "--key", tmp_path / "desk.key", "--ledger", ledger)
    assert foedus(*signing, "--out", tmp_path / "point").code == 0
    db = apsw.Connection(str(ledger))
    db.execute("drop trigger meta_kept; delete from meta")
    db.close()
    ran = foedus("verify", "--ledger", ledger, "--checkpoint", tmp_path / "point")
    assert (ran.code, "it does not say which one it is" in ran.out) == (1, True)
    joined = ("merge", ledger, ledger, "--into", tmp_path / "b.db")
    for words in (signing, joined, ("backup", tmp_path / "b.db", "--ledger", ledger)):
        ran = foedus(*words)
        assert (ran.code, "it does not say which one it is" in ran.err) == (3, True), ran.err


def test_two_analysts_join_their_ledgers(ledger: Path, tmp_path: Path) -> None:
    foedus("backup", tmp_path / "ben.db", "--ledger", ledger)
    act = foedus("acts", "--no-records", "--ledger", ledger, "--json").lines[0]["id"]
    for path, place in ((ledger, "Minsk, BLR"), (tmp_path / "ben.db", "Moscow, RUS")):
        words = ("--set", f"place={place}", "--source", "notes", "--why", "read again", "--ledger", path)
        ran = foedus("correct", act, *words)
        assert ran.code == 0, ran.err
    ran = foedus("merge", ledger, tmp_path / "ben.db", "--into", tmp_path / "both.db", "--json")
    assert ran.code == 0, ran.err
    assert [one["what"] for one in ran.json["differences"]] == ["place"]
    assert foedus("verify", "--ledger", tmp_path / "both.db").code == 0
    union = foedus("merge", ledger, ledger, "--into", tmp_path / "same.db", "--json").json
    assert union["differences"] == []


def test_what_two_analysts_differ_in_goes_by_its_name_and_is_never_cut(ledger: Path, tmp_path: Path) -> None:
    foedus("backup", tmp_path / "ben.db", "--ledger", ledger)
    page = "kazakhstan-2022-en.txt"
    claim = next(row for row in foedus("read", SAMPLE / "pages", "--json").lines if row["page"] != page)
    # Ben goes on from the copy, or what it holds would say nothing against Anna.
    own = ("--source", "x", "--why", "x", "--ledger", tmp_path / "ben.db")
    assert foedus("add", "--act", '{"kind": "meet", "org": "csto", "actors": ["KAZ"]}', *own).code == 0
    for thing in (page, claim["id"]):
        words = ("--source", "x", "--why", "a forgery " * 12, "--ledger", ledger)
        assert foedus("retract", thing, *words).code == 0
    told = foedus("merge", ledger, tmp_path / "ben.db", "--into", tmp_path / "c.db", env={"COLUMNS": "60"})
    assert f"page {page}  taken back" in told.out
    assert " ".join(told.out.split()).count(" ".join(("a forgery " * 12).split())) == 2
    rows = foedus("merge", ledger, tmp_path / "ben.db", "--into", tmp_path / "d.db", "--json").json["differences"]
    assert f"page {page}" in [row["name"] for row in rows]
    assert f"claim {claim['id']} of {claim['page']}" in [row["name"] for row in rows]


def test_a_ledger_without_pages_shows_words_and_no_page(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    assert foedus("read", SAMPLE / "pages", "--no-pages", "--ledger", path).code == 0
    assert "6 pages without text by choice" in foedus("verify", "--ledger", path).out
    act = foedus("acts", "--no-records", "--ledger", path, "--json").lines[0]["id"]
    ran = foedus("show", act, "--ledger", path)
    assert ran.code == 0
    assert "something else there" not in ran.out
    text = next((SAMPLE / "pages").iterdir()).read_bytes()[:200]
    assert text not in path.read_bytes()


def test_a_team_works_on_a_server_as_on_a_file(ledger: Path, tmp_path: Path, on_server: Callable[[], str]) -> None:
    where = on_server()
    assert foedus("read", SAMPLE / "pages", "--ledger", where).code == 0
    assert "holds: " in foedus("verify", "--ledger", where).out
    own = foedus("acts", "--no-records", "--ledger", where, "--json").lines
    file = foedus("acts", "--no-records", "--ledger", ledger, "--json").lines
    assert [{**act, "recorded": ""} for act in own] == [{**act, "recorded": ""} for act in file]
    assert foedus("backup", tmp_path / "b.db", "--ledger", where).code == 0
    union = foedus("merge", where, tmp_path / "b.db", "--into", on_server(), "--json")
    assert (union.code, union.json["differences"]) == (0, [])
    state = foedus("state", "csto", "--on", "2022-01-06", "--ledger", where)
    assert state.code == 0
    assert foedus("copy", ledger, where).code == 3


@pytest.mark.parametrize(
    "given",
    [("verify",), ("backup", "b.db"), ("read", SAMPLE / "pages"), ("retract", "x", "--source", "s", "--why", "y")],
)
def test_what_takes_the_ledger_as_it_is_refuses_an_earlier_moment(given: tuple[str, ...], tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db"):
        pass
    for order in ((*given, "--recorded", "2020-01-01"), ("--recorded", "2020-01-01", *given)):
        ran = foedus(*order, "--ledger", tmp_path / "l.db")
        assert (ran.code, f"`{given[0]}` takes the ledger as it is now" in ran.err) == (2, True), ran.err
    assert not (tmp_path / "b.db").exists()


def test_no_message_has_the_password_of_a_server(ledger: Path, tmp_path: Path, on_server: Callable[[], str]) -> None:
    def place() -> str:
        # Of the two ways to write one the server takes this for the key of a certificate, and needs none.
        return f"{on_server()}&sslpassword=SECRET"

    one, two, lines = place(), place(), tmp_path / "l.jsonl"
    ran = [
        foedus("copy", ledger, one),
        foedus("copy", ledger, one),
        foedus("copy", one, tmp_path / "b.db", "--json"),
        foedus("read", SAMPLE / "pages", "--ledger", one),
        foedus("verify", "--ledger", one),
        foedus("verify", "--ledger", one, "--json"),
        foedus("merge", one, ledger, "--into", two),
        foedus("merge", one, ledger, "--into", two),
        foedus("merge", one, ledger, "--into", place(), "--json"),
        foedus("backup", one, "--ledger", ledger),
        foedus("restore", ledger, "--ledger", one),
        foedus("export", "ledger", "--ledger", one, "--out", lines),
        foedus("import", lines, "--ledger", place()),
        foedus("import", lines, "--ledger", one),
        foedus("import", lines, "--ledger", two),
        foedus("verify", "--ledger", place()),
    ]
    assert [one.code for one in ran] == [0, 3, 0, 0, 0, 0, 0, 3, 0, 2, 3, 0, 0, 0, 3, 3], [one.err for one in ran]
    assert all("schema=" in one.out + one.err for one in ran if one.code == 3)
    assert not any("SECRET" in one.out + one.err for one in ran)
