"""The main job over a folder of pages: read, merged and judged in a fresh process, against the raw limit.

    python bench/main_job.py [DIR]

Prints seconds and peak memory of two fresh processes: one reads the bytes, decodes them and runs one regular
expression over the text; the other does the whole job. The ratio is what to watch from commit to commit, since
the machine cancels out of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

SAMPLE = Path(str(files("foedus"))) / "sample" / "pages"


def raw(folder: Path) -> dict[str, int]:
    """What nobody can do without: the bytes read, decoded, and gone through once."""
    import re

    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    texts = [path.read_bytes().decode("utf8", "replace") for path in paths]
    return {"pages": len(texts), "words": sum(len(re.findall(r"\w+", text)) for text in texts)}


def whole(folder: Path) -> dict[str, int]:
    """The job: pages to claims, claims to acts in a ledger, acts judged under every charter."""
    from foedus import Ledger, judge_all, load_charters, load_records, read_pages
    from foedus.cli.read import READER, seen_page
    from foedus.pages import Reading

    pages = claims = judged = 0
    with Ledger.open(":memory:") as ledger:
        for reading in read_pages([folder]):
            if isinstance(reading, Reading):
                ledger.add_page(seen_page(reading), reading.claims, READER)
                pages, claims = pages + 1, claims + len(reading.claims)
        acts = (*load_records(), *ledger.acts())
        for charter in load_charters().values():
            judged += len(tuple(judge_all(charter, acts)))
    return {"pages": pages, "claims": claims, "acts": len(acts), "judged": judged}


JOBS: dict[str, Callable[[Path], dict[str, int]]] = {"raw": raw, "whole": whole}


def measured(job: str, folder: Path, times: int) -> dict[str, float]:
    """The fastest of several fresh processes, from start to end: seconds, peak mebibytes, and what was counted."""
    best: dict[str, float] = {}
    for _ in range(times):
        begun = time.perf_counter()
        command = [sys.executable, __file__, str(folder), "--job", job]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        seconds = time.perf_counter() - begun
        if not best or seconds < best["seconds"]:
            best = {"seconds": seconds, **json.loads(done.stdout.splitlines()[-1])}
    return best


def main() -> None:
    """Prints both measurements and their ratios."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--job", choices=sorted(JOBS), help="do one job in this process and print what was counted")
    parser.add_argument("--times", type=int, default=3, help="processes per job; the fastest counts")
    given = parser.parse_args()
    if given.job:
        counted = JOBS[given.job](given.folder)
        # Linux counts in KiB, macOS in bytes.
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        print(json.dumps({**counted, "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}))
        return
    limit, job = measured("raw", given.folder, given.times), measured("whole", given.folder, given.times)
    for name, row in (("raw limit", limit), ("whole job", job)):
        rest = ", ".join(f"{value:,.0f} {key}" for key, value in row.items() if key not in ("seconds", "MiB"))
        print(f"{name}  {row['seconds']:6.2f} s  {row['MiB']:6.0f} MiB   {rest}")
    print(f"ratio      {job['seconds'] / limit['seconds']:6.1f}    {job['MiB'] / limit['MiB']:6.1f}")


if __name__ == "__main__":
    main()
