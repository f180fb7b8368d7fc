"""The ledger: durable appends, bulk, threads, as-of, a million acts. Each figure stands beside the raw one of the run.

    python bench/ledger.py [--folder DIR] [--acts 1000000] [--most 1000000] [PART ...]

Raw is SQLite itself through the same library and settings (write-ahead log, every commit flushed): rows of 313 bytes,
one table, no index. The folder decides what a flush costs, so it should be on the disk that matters. As-of is asked of
`Standing`, which holds the intervals in memory, and of a bare table of them with covering indexes. `--most 10000000`
draws the growth to ten million intervals (four gigabytes of memory) as build/growth.svg.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import apsw

from foedus.ledger import Entry, Ledger
from foedus.ledger.chain import origin, rows_of
from foedus.ledger.entries import Readable, instant, readable
from foedus.ledger.sqlite import SqliteStore, begin
from foedus.ledger.store import new_identity, utc_now
from foedus.rules.at_hand.standing import Line, Standing
from foedus.terms import Act, Claim, Day, Evidence, Origin, Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RAW_ROW = "x" * 300
FLUSHES_S = (0.0001, 0.001)
CLAIMS_EACH = 2
_DAYS = [Day.of(date(2022, 1, 1) + timedelta(n)) for n in range(300)]


def full_act(n: int, org: str = "csto", kind: str = "consult") -> list[Entry]:
    """The entries of an act as a desk stores it: the act with its source, and two claims that speak of it."""
    day = _DAYS[n % len(_DAYS)]
    act = Act(
        id=f"{org}-{n}",
        kind=kind,
        org=org,
        actors=("KAZ", "RUS"),
        body=(f"{org}:CSC",),
        date=day,
        more={"detail": f"consultation {n}"},
        origin=Origin.PERSON,
        sources=(Source("https://example.org/report", day, "met in the capital"),),
    )
    entries = [Entry.of_act(act, "desk")]
    for turn in range(CLAIMS_EACH):
        claim = Claim(
            kind="meet",
            org=org,
            actors=("RUS",),
            date=day,
            page="report.txt",
            evidence=Evidence(0, 18, "met in the capital"),
            id=f"{n:x}c{turn}",
        )
        entries.append(Entry.of_claim(claim, "ab" * 32, "reader", known=day))
    return entries


def raw_table(path: Path, vfs: str | None = None) -> apsw.Connection:
    """A table in a file with the settings of the ledger."""
    db = apsw.Connection(str(path), vfs=vfs)
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "full")
    db.execute("create table t (id integer primary key, v text)")
    return db


def rate(number: int, work: Callable[[], object]) -> float:
    """How many a second."""
    gc.collect()
    start = time.perf_counter()
    work()
    return number / (time.perf_counter() - start)


def raw_single(db: apsw.Connection, number: int) -> float:
    """Raw inserts a second, each flushed."""

    def work() -> None:
        for _ in range(number):
            db.execute("begin immediate")
            db.execute("insert into t (v) values (?)", (RAW_ROW,))
            db.execute("commit")

    return rate(number, work)


def show(what: str, value: float, unit: str, *ratios: tuple[str, float, float]) -> None:
    """A figure, and its ratio to others with what was asked."""
    print(f"{what:44}{value:>14,.0f} {unit}")
    for name, ratio, asked in ratios:
        print(f"    {ratio:8.2f} x {name} (asked {asked:g})")


def appends(folder: Path) -> None:
    """Single durable appends, bulk, and many threads."""
    db = raw_table(folder / "raw.db")
    raw_single(db, 300)
    acts = [full_act(n) for n in range(4000)]
    singles, raws = [], []
    with Ledger.open(folder / "single.db") as ledger:
        for turn in range(4):
            raws.append(raw_single(db, 1000))
            own = acts[turn * 1000 : turn * 1000 + 1000]
            singles.append(rate(1000, lambda own=own: [ledger.append(one) for one in own]))  # type: ignore[misc]
    raw, single = statistics.median(raws), statistics.median(singles)
    show("raw single inserts, flushed", raw, "rows/s")
    show("full acts, one by one, flushed", single, "acts/s", ("raw single", single / raw, 0.5))

    rows = 200_000
    raw_bulk = rate(rows, lambda: _raw_bulk(db, rows))
    show("raw bulk", raw_bulk, "rows/s")
    entries = [entry for n in range(20_000) for entry in full_act(n)]
    with Ledger.open(folder / "bulk.db") as ledger:
        bulk = rate(len(entries), lambda: ledger.append(entries))
    show("full acts in bulk, their entries", bulk, "entries/s", ("raw bulk", bulk / raw_bulk, 0.1))
    per_act = bulk / (1 + CLAIMS_EACH)
    peer = eventsourcing(folder, 20_000)
    show("the same as acts", per_act, "acts/s")
    show("eventsourcing, application layer, in bulk", peer, "events/s", ("of ours to it, entries", bulk / peer, 2))

    together = by_threads(folder / "threads.db", 12_000)
    show("full acts by 64 threads", together, "acts/s", ("raw single", together / raw, 4))

    for flush in FLUSHES_S:
        disk = SlowDisk(f"slow{flush}", flush)
        raw = raw_single(raw_table(folder / f"raw-{flush}.db", vfs=disk.name), 300)
        show(f"where a flush takes {flush * 1000:g} ms more: raw single", raw, "rows/s")
        single = by_threads(folder / f"one-{flush}.db", 300, threads=1, vfs=disk.name)
        show("full acts, one by one", single, "acts/s", ("raw single", single / raw, 0.5))
        together = by_threads(folder / f"threads-{flush}.db", 6_000, vfs=disk.name)
        show("full acts by 64 threads", together, "acts/s", ("raw single", together / raw, 4))
        disk.unregister()


class SlowDisk(apsw.VFS):
    """The system's files, each flush taking so many seconds more, as on disks that keep what they acknowledge."""

    def __init__(self, name: str, flush: float) -> None:
        super().__init__(name, "")
        self.name = name
        self.flush = flush

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """A file whose flushes take longer."""
        return _SlowFile(self, name, flags)


class _SlowFile(apsw.VFSFile):
    def __init__(self, disk: SlowDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.disk = disk

    def xSync(self, flags: int) -> None:  # noqa: N802
        time.sleep(self.disk.flush)
        super().xSync(flags)


def by_threads(path: Path, number: int, *, threads: int = 64, vfs: str | None = None) -> float:
    """Full acts a second, appended by so many threads to one ledger."""
    begin(path, new_identity(NOW))
    many = [full_act(n) for n in range(number)]
    store = SqliteStore.open(path, create=False, read_only=False, clock=utc_now, vfs=vfs)
    with Ledger(store) as ledger:
        parts = [many[n::threads] for n in range(threads)]
        hands = [Thread(target=lambda own=own: [ledger.append(one) for one in own]) for own in parts]

        def work() -> None:
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()

        return rate(number, work)


def _raw_bulk(db: apsw.Connection, rows: int) -> None:
    db.execute("begin immediate")
    db.executemany("insert into t (v) values (?)", ((RAW_ROW,) for _ in range(rows)))
    db.execute("commit")


def eventsourcing(folder: Path, events: int) -> float:
    """Events a second through the application layer of the peer: aggregates of ten events, saved a thousand at once."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Doing(Aggregate):
        @event("Begun")
        def __init__(self, org: str) -> None:
            self.org = org
            self.told: list[str] = []

        @event("Told")
        def tell(self, detail: str) -> None:
            self.told.append(detail)

    class Desk(Application[Any]):
        env: ClassVar[dict[str, str]] = {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "events.db"),
        }

    desk: Any = Desk()

    def work() -> None:
        for _ in range(events // 10_000):
            made = []
            for n in range(1000):
                one = Doing("csto")
                for turn in range(9):
                    one.tell(f"{RAW_ROW[:200]} {n} {turn}")
                made.append(one)
            desk.save(*made)

    return rate(events, work)


# As of a day, as recorded on another

_FIRST = date(1970, 1, 1)
_SPAN = 20_000


def intervals(number: int, chance: random.Random) -> Iterator[Line]:
    """Organisations of 200 subjects with 25 intervals each, a twentieth of them withdrawn since."""
    days = [_FIRST + timedelta(n) for n in range(_SPAN + 500)]
    for org in range(number // 5_000):
        for subject in range(200):
            changes = sorted(chance.sample(range(_SPAN), 25))
            for place, since in enumerate(changes):
                until = days[changes[place + 1]] if place < 24 else None
                withdrawn = days[since + 430] if chance.random() < 0.05 else None
                yield Line(f"org{org}", f"S{subject:03}", "member", days[since], until, days[since + 30], withdrawn)


def bare(path: Path, lines: Sequence[Line]) -> apsw.Connection:
    """The same intervals in a bare table with covering indexes."""
    db = apsw.Connection(str(path))
    db.pragma("journal_mode", "wal")
    db.execute("create table i (org text, sub text, vf int, vt int, rf int, rt int, val text)")
    far = date.max.toordinal()

    def row(line: Line) -> tuple[str, str, int, int, int, int, str]:
        since = line.since.toordinal() if line.since else 0
        recorded = line.recorded.toordinal() if line.recorded else 0
        until = line.until.toordinal() if line.until else far
        return line.org, line.party, since, until, recorded, (line.withdrawn or date.max).toordinal(), line.status

    with db:
        db.executemany("insert into i values (?,?,?,?,?,?,?)", map(row, lines))
        db.execute("create index by_subject on i (org, sub, vf desc, vt, rf, rt, val)")
        db.execute("create index by_org on i (org, vt, vf, rf, rt, sub, val)")
    db.execute("analyze")
    return db


_ONE = "select val from i where org=? and sub=? and vf<=? and vt>? and rf<=? and rt>? order by vf desc limit 1"
_ALL = "select sub, val from i where org=? and vt>? and vf<=? and rf<=? and rt>?"


def timed(asked: Sequence[Any], ask: Callable[[Any], object]) -> list[float]:
    """Microseconds of each question, sorted."""
    took = []
    for one in asked:
        start = time.perf_counter_ns()
        ask(one)
        took.append((time.perf_counter_ns() - start) / 1000)
    return sorted(took)


def as_of(folder: Path, number: int, *, quiet: bool = False) -> tuple[float, float, float, float]:
    """Median microseconds: one subject and a whole organisation, ours and the bare table's."""
    chance = random.Random(1)  # noqa: S311
    lines = list(intervals(number, chance))
    db = bare(folder / f"bare{number}.db", lines)
    standing = Standing(lines)
    orgs = number // 5_000
    asked = []
    for _ in range(5_000):
        on = _FIRST + timedelta(chance.randrange(_SPAN))
        recorded = on + timedelta(chance.randrange(600))
        asked.append((f"org{chance.randrange(orgs)}", f"S{chance.randrange(200):03}", on, recorded))

    def bare_one(one: tuple[str, str, date, date]) -> object:
        org, sub, on, recorded = one
        day, known = on.toordinal(), recorded.toordinal()
        return db.execute(_ONE, (org, sub, day, day, known, known)).fetchall()

    def bare_all(one: tuple[str, str, date, date]) -> list[Any]:
        org, _, on, recorded = one
        day, known = on.toordinal(), recorded.toordinal()
        return db.execute(_ALL, (org, day, day, known, known)).fetchall()

    def own_one(one: tuple[str, str, date, date]) -> object:
        return standing.holds(one[0], one[1], "member", one[2], one[3])

    def own_all(one: tuple[str, str, date, date]) -> list[Any]:
        return standing.standing(one[0], one[2], one[3])

    for one in asked[:300]:
        assert {name for name, _ in bare_all(one)} == {held.party for held in own_all(one)}
        assert bool(bare_one(one)) == bool(own_one(one))
    took = [timed(asked, ask) for ask in (own_one, bare_one, own_all, bare_all)]
    db.close()
    middle = [statistics.median(each) for each in took]
    if not quiet:
        late = [each[int(len(each) * 0.99)] for each in took]
        print(f"as of, over {number:,} intervals (median, 99th of a hundred)")
        for what, n, asked_ratio in (("one subject", 0, 2.0), ("a whole organisation", 2, 2.0)):
            own, other = f"{middle[n]:9.1f} {late[n]:9.1f} µs", f"{middle[n + 1]:9.1f} {late[n + 1]:9.1f} µs"
            ratio = middle[n] / middle[n + 1]
            print(f"    {what:22}{own}; bare index {other} = {ratio:.2f} x (asked at most {asked_ratio:g})")
    return middle[0], middle[1], middle[2], middle[3]


def growth(folder: Path, most: int) -> None:
    """The same questions over ever more intervals, as a table and a plot."""
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= most]
    print(f"{'intervals':>12} {'one':>9} {'bare':>9} {'whole':>9} {'bare':>9}   µs, medians")
    found = []
    for size in sizes:
        found.append(as_of(folder, size, quiet=True))
        print(f"{size:>12,} " + " ".join(f"{value:9.1f}" for value in found[-1]))
        gc.collect()
    path = Path(__file__).parent.parent / "build" / "growth.svg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(plot(sizes, found), "utf8")
    print(f"drawn in build/{path.name}")


def plot(sizes: Sequence[int], found: Sequence[Sequence[float]]) -> str:
    """Medians over sizes on two logarithmic axes, as SVG."""
    import math

    names = ("one subject, ours", "one subject, bare index", "organisation, ours", "organisation, bare index")
    marks = ("#0b5fa5", "#7a7a7a", "#b3541e", "#bdbdbd")
    low, high = math.log10(sizes[0]), math.log10(max(sizes[-1], sizes[0] * 10))

    def place(size: float, micro: float) -> str:
        across = 70 + 420 * (math.log10(size) - low) / (high - low)
        return f"{across:.0f},{300 - 70 * math.log10(max(micro, 0.1)) - 20:.0f}"

    lines = [
        f'<polyline fill="none" stroke="{mark}" stroke-width="2" points="'
        + " ".join(place(size, row[n]) for size, row in zip(sizes, found, strict=True))
        + f'"/><text x="500" y="{120 + 22 * n}" fill="{mark}">{name}</text>'
        for n, (name, mark) in enumerate(zip(names, marks, strict=True))
    ]
    ticks = [f'<text x="{place(size, 1).split(",")[0]}" y="320" text-anchor="middle">{size:,}</text>' for size in sizes]
    levels = [
        f'<text x="8" y="{place(sizes[0], micro).split(",")[1]}">{micro:g} µs</text>' for micro in (1, 10, 100, 1000)
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340" font-family="sans-serif" font-size="13">'
        "<title>As-of questions over ever more intervals</title>" + "".join((*lines, *ticks, *levels)) + "</svg>\n"
    )


# A large ledger

_ASK = """
import sys, time
start = time.perf_counter()
from foedus.ledger import Ledger
ledger = Ledger.open(sys.argv[1], read_only=True)
ledger.store.last()
opened = time.perf_counter()
from foedus.charters import load_charters
from foedus.rules import state_on
from foedus.terms import Day
loaded = time.perf_counter()
acts = ledger.over((), org="csto")
state = state_on(load_charters()["csto"], acts, Day.parse("2022-01-05"))
done = time.perf_counter()
# Not the maximum of getrusage: a child inherits that of the process it was forked from.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(opened - start, done - loaded, peak, len(acts))
"""


def large(folder: Path, acts: int) -> None:
    """A ledger of many acts over two hundred organisations: how soon it opens, what one state question takes."""
    path = folder / "large.db"
    identity = new_identity(NOW)
    kinds = ("consult", "accede", "take_chair", "convene", "adopt", "deploy", "state", "request_assistance")
    orgs = ["csto", *(f"org{n}" for n in range(1, 200))]

    def written() -> Iterator[Readable]:
        for n in range(acts):
            yield readable(full_act(n, orgs[n % len(orgs)], kinds[n // len(orgs) % len(kinds)])[0])

    start = time.perf_counter()
    begin(path, identity, rows_of(written(), 0, 1, instant(NOW), origin(identity)))
    took = time.perf_counter() - start
    print(f"a ledger of {acts:,} acts, written in {took:.0f} s, {path.stat().st_size / 2**20:,.0f} MiB")
    opened, asked, peak = [], [], []
    for _ in range(5):
        out = subprocess.run([sys.executable, "-c", _ASK, str(path)], capture_output=True, text=True, check=True)  # noqa: S603
        one = out.stdout.split()
        opened.append(float(one[0]))
        asked.append(float(one[1]))
        peak.append(float(one[2]))
        number = int(one[3])
    print(f"    opens in {statistics.median(opened):.3f} s, import of the package included (asked below 0.2)")
    print(
        f"    state of one organisation ({number:,} acts of it) in {statistics.median(asked):.2f} s, "
        f"{statistics.median(peak):.0f} MiB at most (asked below 200)"
    )


def _as_of_a_million(folder: Path) -> None:
    as_of(folder, 1_000_000)


PARTS: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "appends": lambda given, folder: appends(folder),
    "as-of": lambda given, folder: _as_of_a_million(folder),
    "large": lambda given, folder: large(folder, given.acts),
    "growth": lambda given, folder: growth(folder, given.most),
}


def main() -> None:
    """Run the parts asked for, all by default."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument(
        "--folder", type=Path, default=Path("build"), help="where ledgers are written, on the disk meant"
    )
    asked.add_argument("--acts", type=int, default=1_000_000)
    asked.add_argument("--most", type=int, default=1_000_000)
    given = asked.parse_args()
    given.folder.mkdir(exist_ok=True)
    for part in given.parts or PARTS:
        folder = Path(tempfile.mkdtemp(prefix="bench-", dir=given.folder))
        try:
            print(f"-- {part} {'-' * 60} {os.cpu_count()} cores")
            PARTS[part](given, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
