"""The power goes at any moment: nothing acknowledged is lost, nothing is corrupt; with weaker settings, it would be."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from disk import Done, Recorder, after_cut
from scripts import steps

from foedus.ledger import Ledger
from foedus.ledger.copying import copy
from foedus.ledger.sqlite import SqliteStore
from foedus.ledger.store import utc_now
from foedus.ledger.verify import verify
from foedus.terms import FoedusError

_NAMES = itertools.count()
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: what is asked is what SQLite does, not what this disk does."""
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as made:
        yield Path(made)


@dataclass(frozen=True, slots=True)
class Session:
    """A script that ran: the file before it, everything done to files, and what was acknowledged when.

    `acknowledged` has pairs: so many things had been done to files, and so many entries were then acknowledged.
    """

    before: dict[str, bytes]
    log: list[Done]
    acknowledged: list[tuple[int, int]]


def session(folder: Path, chance: random.Random, length: int, synchronous: str) -> Session:
    """A random script on a ledger through the noting layer, with closings and openings in between."""
    path = folder / "l.db"
    for left in folder.glob("l.db*"):
        left.unlink()
    Ledger.open(path).close()
    before = {path.name: path.read_bytes()}
    layer = Recorder(f"noted{next(_NAMES)}")
    acknowledged: list[tuple[int, int]] = []
    done = 0
    while done < length:
        store = SqliteStore.open(path, create=False, read_only=False, clock=utc_now, vfs=layer.name)
        store._writing_hand().pragma("synchronous", synchronous)
        # Checkpoints come often enough that cuts fall into them, too.
        store._writing_hand().pragma("wal_autocheckpoint", chance.choice((4, 16, 1000)))
        with Ledger(store) as ledger:
            for _ in zip(range(chance.randint(3, length)), steps(ledger, chance, f"s{done}"), strict=False):
                acknowledged.append((len(layer.log), store.last()))
                done += 1
    layer.unregister()
    return Session(before, layer.log, acknowledged)


def left_by(path: Path, files: dict[str, bytes]) -> tuple[int, str]:
    """How many entries a ledger holds after a cut, and what is wrong with it."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    for name, data in files.items():
        (path.parent / name.replace("l.db", path.name)).write_bytes(data)
    try:
        with Ledger.open(path, create=False) as ledger:
            found = verify(ledger.store)
            return found.entries, "; ".join(fault.what for fault in found.faults)
    except FoedusError as error:
        return 0, str(error)


@dataclass(slots=True)
class Cuts:
    """What came of many cuts: how often acknowledged entries were gone, and how often something was corrupt."""

    cuts: int = 0
    lost: int = 0
    worst: int = 0
    corrupt: int = 0
    example: str = ""


def cut_power(folder: Path, seed: int, cuts: int, synchronous: str, *, each: int = 250) -> Cuts:
    """Cut the power at random moments of random scripts, `each` cuts a script."""
    told = Cuts()
    while told.cuts < cuts:
        chance = random.Random(f"{seed} {told.cuts}")  # noqa: S311
        ran = session(folder, chance, 25, synchronous)
        for _ in range(each):
            at = chance.randint(0, len(ran.log))
            promised = max((entries for when, entries in ran.acknowledged if when <= at), default=0)
            held, wrong = left_by(folder / "cut.db", after_cut(ran.before, ran.log[:at], chance))
            told.cuts += 1
            told.corrupt += bool(wrong)
            told.lost += not wrong and held < promised
            told.worst = max(told.worst, promised - held)
            if (wrong or held < promised) and not told.example:
                told.example = f"cut at {at} of {len(ran.log)}: {held} of {promised} entries; {wrong}"
    return told


def see_nothing_lost(folder: Path, seed: int, cuts: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Cut, and hold the outcome to the promise."""
    told = cut_power(folder, seed, cuts, "full")
    with capsys.disabled():
        print(f"FULL: {told.cuts:,} cuts, {told.lost} lost something acknowledged, {told.corrupt} corrupt")  # noqa: T201
    assert (told.lost, told.corrupt) == (0, 0), f"seed {seed}: {told.example}"


def test_some_cuts_lose_nothing(folder: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    see_nothing_lost(folder, seed, 250, capsys)


@pytest.mark.long
def test_twenty_thousand_cuts_lose_nothing(folder: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    see_nothing_lost(folder, seed, 20_000, capsys)


def test_the_same_cuts_on_weaker_settings_do_lose(folder: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The control: a harness that finds nothing wrong with NORMAL would find nothing wrong with anything."""
    told = cut_power(folder, seed, 250, "normal")
    with capsys.disabled():
        print(f"NORMAL: {told.cuts:,} cuts, {told.lost} lost up to {told.worst} entries, {told.corrupt} corrupt")  # noqa: T201
    assert told.lost > 25


def test_without_any_flush_files_are_corrupt(folder: Path, seed: int) -> None:
    told = cut_power(folder, seed, 250, "off")
    assert told.corrupt > 10


def test_a_full_copy_of_the_log_is_the_file_itself(folder: Path, seed: int) -> None:
    """The rebuilding is right: with everything on the disk, it gives the very files that are there."""
    chance = random.Random(seed)  # noqa: S311
    ran = session(folder, chance, 10, "full")
    everything = type("All", (random.Random,), {"random": lambda self: 0.49, "shuffle": lambda self, x: None})(1)
    everything.randint = lambda low, high: high
    rebuilt = after_cut(ran.before, ran.log, everything)
    shutil.copy(folder / "l.db", folder / "kept.db")
    assert rebuilt["l.db"] == (folder / "kept.db").read_bytes()


@dataclass(slots=True)
class Begun:
    """The making of one ledger: everything done to the draft, when it got its name, and when that was flushed."""

    log: list[Done]
    named: int
    flushed: int | None


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, source: Path | None) -> Begun:
    """Make a ledger, empty or a copy of another, beneath it the noting layer, and note its name being given."""
    path = folder / "l.db"
    path.unlink(missing_ok=True)
    layer = Recorder(f"noted{next(_NAMES)}", makedefault=True)
    found: dict[str, int] = {}
    link, fsync = os.link, os.fsync
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", lambda a, b: (found.setdefault("named", len(layer.log)), link(a, b)))
        patched.setattr(os, "fsync", lambda folder: (found.setdefault("flushed", len(layer.log)), fsync(folder)))
        try:
            if source is None:
                Ledger.open(path).close()
            else:
                with Ledger.open(source, read_only=True) as ledger:
                    copy(ledger.store, path)
        finally:
            layer.unregister()
    log = [done for done in layer.log[: found["named"]] if ".new" in done.file]
    return Begun(log, len(log), found.get("flushed"))


def cut_making(folder: Path, begun: Begun, chance: random.Random, cuts: int) -> tuple[int, int]:
    """How often a ledger was gone whose making had been acknowledged, and how often one stood there that is not whole.

    The name is the second one of the draft's file: where it reached the disk, it shows what of the file did.
    """
    gone = broken = 0
    end = len(begun.log)
    for _ in range(cuts):
        # The moment just after the making was acknowledged is the one that matters most: a tenth of the cuts.
        at = end + 1 if chance.random() < 0.1 else chance.randint(0, end)
        left = after_cut({}, begun.log[:at], chance)
        sure = begun.flushed is not None and at > end
        is_named = sure or (at >= begun.named and chance.random() < 0.5)
        data = next((bytes(data) for name, data in left.items() if name.endswith(".new")), None)
        if not is_named or data is None:
            gone += at > end
            continue
        _, wrong = left_by(folder / "cut.db", {"l.db": data})
        broken += bool(wrong)
    return gone, broken


@pytest.mark.parametrize("size", [0, 12])
def test_a_ledger_half_made_never_stands_at_its_path(
    size: int, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)  # noqa: S311
    source = None
    if size:
        source = folder / "source.db"
        with Ledger.open(source) as ledger:
            for _ in zip(range(size), steps(ledger, chance, "source"), strict=False):
                pass
    begun = made(folder, monkeypatch, source)
    assert begun.flushed is not None, "the folder was not flushed"
    assert cut_making(folder, begun, chance, 200) == (0, 0), f"seed {seed}"


def test_the_same_cuts_on_a_folder_never_flushed_lose_it(
    folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the name alone, unflushed, does not last."""
    begun = replace(made(folder, monkeypatch, None), flushed=None)
    gone, _ = cut_making(folder, begun, random.Random(seed), 400)  # noqa: S311
    assert gone > 0
