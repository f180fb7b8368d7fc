"""Many hands on one ledger: threads that share a commit, processes that take turns, a reader among them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest
from made_pages import claim, page

from foedus.ledger import Entry, EntryType, Group, Ledger
from foedus.ledger.verify import verify
from foedus.terms import Act, FoedusError, Origin


def consult(detail: str) -> Act:
    """An act that differs from others by a word."""
    return Act(id="", kind="consult", org="csto", actors=("KAZ",), more={"detail": detail}, origin=Origin.PERSON)


def test_threads_write_together_and_each_is_acknowledged_once_stored(place: str) -> None:
    with Ledger.open(place) as ledger:
        with ThreadPoolExecutor(16) as pool:
            made = list(pool.map(lambda n: ledger.perform(consult(f"{n}"), f"desk {n}"), range(200)))
        entries = ledger.entries()
        assert sorted(act.id for act in made) == sorted(entry.id for entry in entries)
        assert [entry.seq for entry in entries] == list(range(1, 201))
        assert len({entry.group for entry in entries}) == 200
        assert [e.recorded for e in entries] == sorted({e.recorded for e in entries})
        assert verify(ledger.store).holds


def test_a_turn_that_fails_takes_nobody_with_it(place: str) -> None:
    """Threads whose evidence is wrong, or whose entry is refused, fail alone, in the midst of others."""
    with Ledger.open(place) as ledger:
        start = threading.Barrier(12)

        def work(n: int) -> str:
            start.wait()
            for turn in range(5):
                try:
                    if n % 3 == 0:
                        bad = Entry(type=EntryType.MERGE, id="x", payload={"acts": []}, who="me")
                        ledger.append([Entry(type=EntryType.SPLIT, id="a", payload=PARTED, who="me"), bad])
                    else:
                        ledger.perform(consult(f"{n} {turn}"), "desk")
                except FoedusError as error:
                    assert "cannot be read back" in str(error)
            return "done"

        with ThreadPoolExecutor(12) as pool:
            assert list(pool.map(work, range(12))) == ["done"] * 12
        entries = ledger.entries()
        assert len(entries) == 8 * 5
        assert {entry.type for entry in entries} == {EntryType.ACT}
        assert verify(ledger.store).holds


PARTED = {"act": "a", "claims": [], "rest": []}


def test_what_was_undone_is_not_remembered(place: str) -> None:
    """A turn undone leaves numbers free; the acts derived meanwhile must not stand in for those that come after."""
    with Ledger.open(place) as ledger:
        ledger.perform(consult("one"), "me")
        with pytest.raises(FoedusError), ledger.store.writing() as writing:
            writing.add([_entry("two")])
            assert len(ledger.acts()) == 2
            writing.add([Entry(type=EntryType.MERGE, id="x", payload={}, who="me")])
        assert [act.more["detail"] for act in ledger.acts()] == ["one"]
        ledger.perform(consult("three"), "me")
        assert [act.more["detail"] for act in ledger.acts()] == ["one", "three"]


def _entry(detail: str) -> Entry:
    act = Act(id=detail, kind="consult", org="csto", more={"detail": detail}, origin=Origin.PERSON)
    return Entry(type=EntryType.ACT, id=detail, payload=act.to_json(), who="me")


_WRITER = """
import sys
from foedus.ledger import Ledger
from foedus.terms import Act, Origin
with Ledger.open(sys.argv[1]) as ledger:
    for n in range(int(sys.argv[3])):
        act = Act(id="", kind="consult", org="csto", actors=("KAZ",), more={"detail": f"{sys.argv[2]} {n}"},
                  origin=Origin.PERSON)
        print(ledger.perform(act, sys.argv[2]).id, flush=True)
"""


@pytest.mark.parametrize("kind", ["file", "server"])
def test_two_processes_write_and_one_reads(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """No complaint about locks reaches anybody; a reader sees prefixes that only grow; each writer's order holds."""
    each = 120
    if kind == "server":
        made: Callable[[], str] = request.getfixturevalue("on_server")
        where = made()
    else:
        where = str(tmp_path / "l.db")
    Ledger.open(where).close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, where, name, str(each)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("anna", "ben")
    ]
    seen: list[list[int]] = []
    with Ledger.open(where, read_only=True) as reader:
        while any(writer.poll() is None for writer in writers):
            seen.append([entry.seq for entry in reader.entries()])
        entries = reader.entries()
        assert verify(reader.store).holds
    for writer in writers:
        out, err = writer.communicate(timeout=60)
        assert (writer.returncode, err) == (0, "")
        assert len(out.split()) == each
        assert set(out.split()) <= {entry.id for entry in entries}
    assert len(entries) == 2 * each
    for name in ("anna", "ben"):
        own = [int(str(entry.payload["detail"]).split()[1]) for entry in entries if entry.who == name]
        assert own == list(range(each))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)
    assert [len(numbers) for numbers in seen] == sorted(len(numbers) for numbers in seen)


def test_readers_in_threads_see_only_what_is_stored(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        done = threading.Event()

        def write(n: int) -> None:
            for turn in range(10):
                name = f"{n}-{turn}.txt"
                ledger.add_page(page(name), [claim("meet", name, at, actors=("RUS",)) for at in range(3)], "r")

        def read() -> list[int]:
            found = []
            while not done.is_set():
                found.append(len(ledger.entries()))
            return found

        with ThreadPoolExecutor(8) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            list(pool.map(write, range(5)))
            done.set()
            for reader in readers:
                found = reader.result()
                assert found == sorted(found)
                # A page comes with its three claims, or not at all.
                assert all(number % 4 == 0 for number in found)
        assert len(ledger.entries()) == 200


def test_threads_that_append_at_once_each_store_a_group_of_their_own(place: str) -> None:
    with Ledger.open(place) as ledger:

        def work(n: int) -> list[Group | None]:
            return [ledger.append([_entry(f"{n} {turn} {k}") for k in range(3)]) for turn in range(10)]

        with ThreadPoolExecutor(16) as pool:
            groups = list(pool.map(work, range(16)))
        for mine in groups:
            numbers = [group.number for group in mine if group]
            assert len(numbers) == 10
            assert numbers == sorted(numbers)
        by_group: dict[int, list[Entry]] = {}
        for entry in ledger.entries():
            by_group.setdefault(entry.group, []).append(entry)
        assert len(by_group) == 160
        for group in (group for mine in groups for group in mine if group):
            stored = by_group[group.number]
            assert [stored[0].seq, stored[-1].seq, stored[0].recorded] == [group.first, group.last, group.recorded]
            assert len({entry.id.rpartition(" ")[0] for entry in stored}) == 1
        assert verify(ledger.store).holds


def test_appending_together_that_fails_is_told_to_all_who_brought_something(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(place) as ledger:
        store = ledger.store

        def told(n: int) -> str:
            with pytest.raises(FoedusError) as wrong:
                ledger.append([_entry(f"{n}")])
            return str(wrong.value)

        def no_room(*given: object) -> None:
            raise FoedusError("the disk", "has no room")

        with ThreadPoolExecutor(5) as pool:
            with store.writing():
                waiting = [pool.submit(told, n) for n in range(5)]
                while len(store._posts) < 5:
                    time.sleep(0.001)
                monkeypatch.setattr(store, "_insert", no_room)
            assert {one.result() for one in waiting} == {"the disk: has no room"}
        monkeypatch.undo()
        assert ledger.entries() == ()
        ledger.append([_entry("after")])
        assert [entry.id for entry in ledger.entries()] == ["after"]


@pytest.fixture
def interrupt() -> Iterator[Callable[[], None]]:
    """Interrupts the main thread as Ctrl-C does; that signal itself may be ignored where tests run side by side."""

    def stop(*given: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, stop)
    yield lambda: os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal on this system")
@pytest.mark.parametrize("leads", [True, False])
def test_who_is_interrupted_while_waiting_leaves_nothing_and_nobody_behind(
    leads: bool, tmp_path: Path, interrupt: Callable[[], None]
) -> None:
    """Be it the writer who would put in what all brought, or one who waits for that."""
    with Ledger.open(tmp_path / "l.db") as ledger:
        store = ledger.store

        def waiting(number: int) -> None:
            while len(store._posts) < number:
                time.sleep(0.001)

        def other() -> None:
            if leads:
                waiting(1)
            ledger.append([_entry("other")])

        def break_in() -> None:
            waiting(2)
            interrupt()

        with ThreadPoolExecutor(3) as pool:
            held, go = threading.Event(), threading.Event()

            def hold() -> None:
                with store.writing() as writing:
                    writing.add([_entry("first")])
                    held.set()
                    go.wait(30)

            holding = pool.submit(hold)
            held.wait()
            beside = pool.submit(other)
            if not leads:
                waiting(1)
            pool.submit(break_in)
            with pytest.raises(KeyboardInterrupt):
                ledger.append([_entry("mine")])
            go.set()
            holding.result()
            beside.result()
        ledger.append([_entry("after")])
        assert [entry.id for entry in ledger.entries()] == ["first", "other", "after"]
        assert verify(store).holds


def test_a_shared_commit_that_fails_is_told_to_each_of_its_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two writers, one commit, no room: both are told so in words, neither entry is there, the next one is."""
    with Ledger.open(tmp_path / "l.db") as ledger:
        store = ledger.store

        def no_room() -> None:
            monkeypatch.undo()
            raise apsw.FullError("made to fail")

        def second() -> str:
            with pytest.raises(FoedusError) as told:
                ledger.perform(consult("second"), "b")
            return str(told.value)

        with ThreadPoolExecutor(1) as pool:
            with pytest.raises(FoedusError, match="the disk does not take it") as told, store.writing() as writing:
                writing.add([_entry("first")])
                other = pool.submit(second)
                while not store._waiting:
                    time.sleep(0.001)
                monkeypatch.setattr(store, "_commit", no_room)
            assert other.result() == str(told.value)
        assert ledger.entries() == ()
        ledger.perform(consult("third"), "c")
        assert [act.more["detail"] for act in ledger.acts()] == ["third"]
        assert verify(store).holds
