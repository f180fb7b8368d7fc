"""The file: what is refused and in which words, what is never changed, and what outlives a killed writer."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from made_pages import Clock, claim, page

from foedus.ledger import Entry, EntryType, Group, Ledger
from foedus.ledger.copying import copy
from foedus.ledger.sqlite import APPLICATION_ID, SqliteStore
from foedus.ledger.store import utc_now
from foedus.ledger.verify import verify
from foedus.terms import Act, Day, FoedusError, Origin


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A closed ledger with five pages and thirty claims."""
    path = tmp_path / "filled.db"
    with Ledger.open(path) as ledger:
        for n in range(5):
            name = f"{n}.txt"
            found = [claim("meet", name, at, f"2022-01-{at + 1:02d}", actors=("RUS", "KAZ")) for at in range(6)]
            ledger.add_page(page(name), found, "reader 1")
    return path


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match=r"none\.db: there is no such ledger"):
        Ledger.open(tmp_path / "none.db", create=False)
    with pytest.raises(FoedusError, match=r"none\.db: there is no such ledger"):
        Ledger.open(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FoedusError, match="there is no folder"):
        Ledger.open(tmp_path / "no" / "such.db")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file, not a ledger"),
        (b"page,url\n1,2\n", "no ledger: it begins with b'page,url"),
        (hashlib.sha512(b"noise").digest() * 80, "no ledger"),
        (b"SQLite format 3\0" + b"\0" * 20, "cut short"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "given.db"
    path.write_bytes(content)
    with pytest.raises(FoedusError, match=words) as refused:
        Ledger.open(path)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["given.db"]


def test_a_folder_and_another_database_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match="a folder, not a ledger"):
        Ledger.open(tmp_path)
    other = tmp_path / "other.db"
    db = apsw.Connection(str(other))
    db.execute("create table t (x)")
    db.close()
    with pytest.raises(FoedusError, match="a database, but no ledger of foedus"):
        Ledger.open(other)


def test_a_newer_form_is_refused(filled: Path) -> None:
    db = apsw.Connection(str(filled))
    db.pragma("user_version", 99)
    db.close()
    before = filled.read_bytes()
    with pytest.raises(FoedusError, match=r"newer foedus: form 99, and this one reads up to 2.*up to date"):
        Ledger.open(filled)
    assert filled.read_bytes() == before


def test_a_ledger_cut_anywhere_is_refused(filled: Path, tmp_path: Path) -> None:
    whole = filled.read_bytes()
    chance = random.Random(11)  # noqa: S311
    for size in [
        1,
        15,
        16,
        50,
        99,
        100,
        4095,
        4096,
        len(whole) - 1,
        *(chance.randrange(1, len(whole)) for _ in range(30)),
    ]:
        cut = tmp_path / "cut.db"
        cut.write_bytes(whole[:size])
        with pytest.raises(FoedusError, match=r"cut\.db: (a ledger cut short|no ledger)"):
            Ledger.open(cut)
        assert cut.read_bytes() == whole[:size]


def test_a_damaged_ledger_answers_in_words_or_rightly(filled: Path, tmp_path: Path) -> None:
    """A byte changed anywhere: either the acts are read, or the damage is said; nothing else gets out."""
    whole = filled.read_bytes()
    chance = random.Random(5)  # noqa: S311
    said = 0
    for at in [*range(16, 100, 3), *(chance.randrange(100, len(whole)) for _ in range(150))]:
        hurt = tmp_path / "hurt.db"
        changed = bytearray(whole)
        changed[at] ^= 1 + chance.randrange(255)
        hurt.write_bytes(bytes(changed))
        try:
            with Ledger.open(hurt, create=False) as ledger:
                ledger.acts()
                ledger.pages()
        except FoedusError as error:
            assert "hurt.db" in str(error) or "entry" in str(error)
            said += 1
    assert said > 20


def test_settings_of_the_file(filled: Path) -> None:
    store = SqliteStore.open(filled, create=False, read_only=False, clock=utc_now)
    assert store._writing_hand().pragma("journal_mode") == "wal"
    assert store._writing_hand().pragma("synchronous") == 2
    assert store._writing_hand().pragma("application_id") == APPLICATION_ID
    store.close()


@pytest.mark.parametrize(
    "sql", ["update entries set who = 'x'", "delete from entries", "update texts set text = x''", "delete from texts"]
)
def test_the_file_itself_refuses_to_change_or_delete(filled: Path, sql: str) -> None:
    db = apsw.Connection(str(filled))
    with pytest.raises(apsw.ConstraintError, match="is never"):
        db.execute(sql)
    db.close()


def test_reading_only_writes_nothing(filled: Path) -> None:
    before = filled.read_bytes()
    with Ledger.open(filled, read_only=True) as ledger:
        assert len(ledger.acts()) == 6
        with pytest.raises(FoedusError, match="opened for reading"):
            ledger.add_page(page("new.txt"), [], "reader")
    assert filled.read_bytes() == before


class WriteProtected(apsw.VFS):
    """The system's own files as a folder has them in which none can be made: what is not there cannot be opened."""

    def __init__(self) -> None:
        self.base = apsw.vfs_names()[0]
        super().__init__("write protected", self.base)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is not None and (flags[0] & apsw.SQLITE_OPEN_WAL or not Path(path).exists()):
            raise apsw.CantOpenError("read-only file system")
        return super().xOpen(name, flags)


@pytest.fixture
def write_protected() -> Iterator[str]:
    """The name of a layer beneath SQLite in which no file can be made."""
    layer = WriteProtected()
    yield "write protected"
    layer.unregister()


def protected(path: Path, layer: str) -> Ledger:
    """A ledger of a write-protected folder, opened for reading."""
    return Ledger(SqliteStore.open(path, create=False, read_only=True, clock=utc_now, vfs=layer))


def test_a_ledger_in_a_write_protected_folder_is_read_as_it_lies(tmp_path: Path, write_protected: str) -> None:
    # What a URL would take for its own is a name like any other.
    path = tmp_path / "a?b#c%20 é.db"
    with Ledger.open(path) as ledger:
        ledger.add_page(page("1.txt"), [claim("meet", "1.txt", at, actors=("RUS",)) for at in range(3)], "r")
    before = path.read_bytes()
    with protected(path, write_protected) as ledger, Ledger.open(path, read_only=True) as plain:
        assert verify(ledger.store).faults == []
        assert copy(ledger.store, tmp_path / "b.db") == 4
        assert (ledger.acts(), ledger.entries()) == (plain.acts(), plain.entries())
        with pytest.raises(FoedusError, match="opened for reading"):
            ledger.add_page(page("2.txt"), [], "r")
    assert path.read_bytes() == before


def test_entries_beside_a_write_protected_ledger_are_not_passed_over(filled: Path, write_protected: str) -> None:
    with Ledger.open(filled) as ledger:
        ledger.add_page(page("1.txt"), [], "r")
        ledger.add_page(page("new.txt"), [], "r")
        assert Path(f"{filled}-wal").stat().st_size
        with pytest.raises(FoedusError, match=r"its last entries lie in filled\.db-wal.*Copy both files"):
            protected(filled, write_protected)


def test_a_write_protected_ledger_that_somebody_writes_to_is_not_read_on(filled: Path, write_protected: str) -> None:
    with protected(filled, write_protected) as reader:
        assert len(reader.entries()) == 35
        with Ledger.open(filled) as ledger:
            ledger.add_page(page("new.txt"), [], "r")
            with pytest.raises(FoedusError, match="somebody wrote to it while it was read"):
                reader.entries()
        with pytest.raises(FoedusError, match="somebody wrote to it while it was read"):
            reader.entries()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write to any folder")
def test_a_folder_without_the_right_to_write_is_enough_to_read(filled: Path) -> None:
    filled.parent.chmod(0o555)
    try:
        with Ledger.open(filled, read_only=True) as ledger:
            assert len(ledger.acts()) == 6
        with pytest.raises(FoedusError, match="may be"):
            Ledger.open(filled).add_page(page("new.txt"), [], "r")
    finally:
        filled.parent.chmod(0o755)


def test_a_group_is_all_or_nothing(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        good = Entry(type=EntryType.SPLIT, id="a", payload={"act": "a", "claims": [], "rest": []}, who="me")
        for bad, words in (
            (Entry(type=EntryType.CLAIM, id="c", payload={"kind": "deploy"}, who="me"), "cannot be read back"),
            (Entry(type=EntryType.SPLIT, id="a", payload=good.payload, who=" "), "says not who"),
            (Entry(type=EntryType.MERGE, id="", payload={"acts": [], "claims": []}, who="me"), "has no id"),
            (Entry(type=EntryType.CORRECTION, id="a", payload={"changes": {}}, who="me"), "cannot be read back"),
            (Entry(type=EntryType.SPLIT, id="a", payload={**good.payload, "x": float("nan")}, who="me"), "read back"),
            (
                Entry(type=EntryType.SPLIT, id="a", payload={**good.payload, "x": ("a", "b")}, who="me"),
                "not plain JSON",
            ),
        ):
            with pytest.raises(FoedusError, match=words):
                ledger.append([good, bad])
        assert ledger.entries() == ()
        group = ledger.append([good, good])
        first, second = ledger.entries()
        assert (first.seq, first.group, second.seq, second.group) == (1, 1, 2, 1)
        assert group == Group(1, 1, 2, first.recorded) == Group(1, 1, 2, second.recorded)
        assert ledger.append([]) is None


def test_the_moment_never_goes_back(tmp_path: Path) -> None:
    clock = Clock("2026-11-21T12:00:00+00:00")
    with Ledger.open(tmp_path / "l.db", clock=clock) as ledger:
        ledger.add_page(page("1"), [], "r")
        clock.set("2020-01-01T00:00:00")
        ledger.add_page(page("2"), [], "r")
        first, second = ledger.entries()
    assert first.recorded == "2026-11-21T12:00:02.000000Z"
    assert second.recorded == "2026-11-21T12:00:02.000001Z"


def test_two_processes_begin_one_ledger(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    code = (
        "import sys; from foedus.ledger import Ledger; from foedus.terms import Act, Origin, Day\n"
        "with Ledger.open(sys.argv[1]) as l:\n"
        "    for n in range(10): l.perform(Act(id='', kind='consult', org='csto', actors=('KAZ',), "
        "more={'detail': f'{sys.argv[2]} {n}'}, origin=Origin.PERSON), sys.argv[2])\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), f"w{n}"]) for n in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with Ledger.open(path) as ledger:
        entries = ledger.entries()
    assert len(entries) == 20
    assert [e.seq for e in entries] == list(range(1, 21))
    assert [e.recorded for e in entries] == sorted({e.recorded for e in entries})
    assert [p.name for p in tmp_path.iterdir()] == ["l.db"]


def test_a_reader_sees_whole_pages_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    Ledger.open(path).close()
    seen: list[int] = []

    def write() -> None:
        with Ledger.open(path) as ledger:
            for n in range(20):
                name = f"{n}.txt"
                ledger.add_page(page(name), [claim("meet", name, at, actors=("RUS",)) for at in range(5)], "r")

    writer = threading.Thread(target=write)
    writer.start()
    with Ledger.open(path, read_only=True) as ledger:
        while writer.is_alive():
            seen.append(len(ledger.entries()))
        seen.append(len(ledger.entries()))
    writer.join()
    assert seen[-1] == 120
    assert all(n % 6 == 0 for n in seen)
    assert seen == sorted(seen)


_WRITER = """
import sys
from foedus.ledger import Ledger
from foedus.terms import Act, Origin
with Ledger.open(sys.argv[1]) as ledger:
    n = int(sys.argv[2])
    while True:
        n += 1
        act = Act(id="", kind="consult", org="csto", actors=("KAZ",), more={"detail": str(n)}, origin=Origin.PERSON)
        ledger.perform(act, "writer")
        print(n, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    acknowledged = 0
    chance = random.Random(3)  # noqa: S311
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(acknowledged)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout
        last = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.01, 0.1))
        os.kill(writer.pid, signal.SIGKILL)
        rest = [line for line in writer.stdout.read().splitlines() if line]
        writer.wait()
        writer.stdout.close()
        acknowledged = max([last, *(int(line) for line in rest)])
        with Ledger.open(path) as ledger:
            held = {int(act.more["detail"]) for act in ledger.acts()}
            assert set(range(1, acknowledged + 1)) <= held
            assert len(held) == len(ledger.entries())
        # What was written and not yet acknowledged is there too; the next writer goes on from it.
        acknowledged = max(held)
    assert acknowledged > 5


def test_a_reader_killed_in_a_folder_leaves_whole_pages(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        ledger.add_page(page("1.txt"), [claim("meet", "1.txt", at, actors=("RUS",)) for at in range(3)], "r")
        wrong = [
            claim("meet", "2.txt", 0, actors=("RUS",)),
            claim("meet", "2.txt", 1, actors=("RUS",), words="not in it."),
        ]
        with pytest.raises(FoedusError, match="the evidence of a claim of kind meet"):
            ledger.add_page(page("2.txt"), wrong, "r")
        assert [p.name for p in ledger.pages()] == ["1.txt"]
        assert len(ledger.claims()) == 3


def test_drafts_left_behind_are_taken_away_after_a_day(filled: Path, tmp_path: Path) -> None:
    old, young = time.time() - 25 * 60 * 60, time.time() - 23 * 60 * 60

    def draft(name: str, ages: dict[str, float]) -> list[str]:
        for ending, age in ages.items():
            file = tmp_path / f"{name}{ending}"
            file.write_bytes(b"left")
            os.utime(file, (age, age))
        return [f"{name}{ending}" for ending in ages]

    draft(".b.db.11.12.new", {"": old, "-wal": old, "-shm": old})
    draft(".b.db.11.13.new", {"-wal": old})
    # Still written to, of another ledger, or of nobody who makes ledgers.
    stay = draft(".b.db.21.12.new", {"": old, "-wal": young, "-shm": old})
    stay += draft(".b.db.22.12.new", {"": young})
    stay += draft(".cb.db.11.12.new", {"": old}) + draft(".bxdb.11.12.new", {"": old})
    stay += draft(".b.db.11.new", {"": old}) + draft(".b.db.11.12.new.txt", {"": old})
    with Ledger.open(filled, read_only=True) as ledger:
        assert copy(ledger.store, tmp_path / "b.db") == 35
    there = {path.name for path in tmp_path.iterdir() if not path.name.startswith("filled.db")}
    assert there == {"b.db", *stay}


def test_a_draft_of_a_killed_making_has_the_name_looked_for(tmp_path: Path) -> None:
    code = (
        "import os, sys; from foedus.ledger.opening import begin_store\n"
        "def rows():\n    os.kill(os.getpid(), 9)\n    yield\n"
        "begin_store(sys.argv[1], {'ledger': 'x'}, rows(), ())\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "l.db")])
    left = list(tmp_path.iterdir())
    assert left
    Ledger.open(tmp_path / "l.db").close()
    assert {path.name for path in tmp_path.iterdir()} == {"l.db", *(path.name for path in left)}
    (tmp_path / "l.db").unlink()
    for path in left:
        os.utime(path, (0, 0))
    Ledger.open(tmp_path / "l.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["l.db"]


def test_a_ledger_is_begun_on_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add_page(page("a.txt"), [], "r")
    assert [p.name for p in tmp_path.iterdir()] == ["l.db"]


def test_a_copy_is_a_ledger(filled: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.db"
    shutil.copy(filled, other)
    with Ledger.open(filled) as one, Ledger.open(other) as two:
        assert one.entries() == two.entries()
        assert one.acts() == two.acts()
        one.perform(
            Act(id="", kind="consult", actors=("KAZ",), date=Day.parse("2022-01-05"), origin=Origin.PERSON), "me"
        )
        assert len(two.entries()) == len(one.entries()) - 1
