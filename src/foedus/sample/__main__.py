"""What `make run` does: the commands of the story one after another, each shown before its output.

    python -m foedus.sample [PAGES] [--build DIR]

Without PAGES it tells the story of the bundled sample; with PAGES it reads that file or folder in the same way. The
ledger and the report go to the folder `build`; doing it again adds nothing twice.
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from foedus.cli.app import run

HERE = Path(__file__).parent


def story(build: Path) -> Iterator[Sequence[str]]:
    """The commands of the sample's story."""
    sample, ledger = shown(HERE), ("--ledger", shown(build / "sample.db"))
    pages = (f"{sample}/pages", "--manifest", f"{sample}/manifest.jsonl")
    yield "read", *pages, *ledger, "--json", ">", shown(build / "claims.jsonl")
    yield "show", the_request(build / "sample.db"), *ledger
    yield "judge", "csto", "--from", "2022-01-05", "--to", "2022-01-07", "--brief", "--no-records", *ledger
    yield "state", "csto", "--on", "2022-01-06"
    yield "play", "csto", "--on", "2022-06-06", "--act", f"@{sample}/story.jsonl", "--brief", *ledger
    yield "report", "--out", shown(build / "report.html"), *ledger


def the_request(ledger: Path) -> str:
    """The id of the request for assistance that most of the pages read tell of."""
    from foedus import Ledger

    with Ledger.open(ledger, create=False, read_only=True) as opened:
        found = [act for act in opened.acts() if act.kind == "request_assistance" and act.claims]
    return max(found, key=lambda act: (len(act.claims), act.id)).id if found else "csto-2022-01-05-request"


def any_pages(pages: Path, build: Path) -> Iterator[Sequence[str]]:
    """The commands for pages of one's own: their ledger is named after them."""
    ledger = ("--ledger", shown(build / f"{pages.resolve().stem or 'pages'}.db"))
    yield "read", shown(pages), *ledger, "--json", ">", shown(build / "claims.jsonl")
    yield "acts", "--no-records", *ledger
    yield "report", "--out", shown(build / "report.html"), *ledger


def shown(path: Path) -> str:
    """A path as a person would write it: from here on, where it lies below."""
    with contextlib.suppress(ValueError):
        return path.resolve().relative_to(Path.cwd()).as_posix()
    return str(path)


def tell(words: Sequence[str]) -> int:
    """Shows one command, runs it, and hands on its exit code; `>` and a file take its output."""
    print("$ foedus", " ".join(word if word == ">" else shlex.quote(word) for word in words), flush=True)  # noqa: T201
    if ">" not in words:
        return run(words)
    command, target = list(words[: words.index(">")]), words[words.index(">") + 1]
    with Path(target).open("w", encoding="utf8") as file, contextlib.redirect_stdout(file):
        return run(command)


def main() -> None:
    """Tells the story and leaves with the worst exit code of its commands."""
    parser = argparse.ArgumentParser(prog="python -m foedus.sample", description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "pages", nargs="?", type=Path, help="a page or a folder of pages; the bundled sample if left out"
    )
    parser.add_argument("--build", type=Path, default=Path("build"), help="where ledger and report go")
    given = parser.parse_args()
    if given.pages and not given.pages.exists():
        parser.error(f"{given.pages} is not there")
    given.build.mkdir(parents=True, exist_ok=True)
    worst = 0
    for words in any_pages(given.pages, given.build) if given.pages else story(given.build):
        worst = max(worst, tell(words))
        print(flush=True)  # noqa: T201
    print(f"Open {shown(given.build / 'report.html')} in a browser.")  # noqa: T201
    sys.exit(worst)


if __name__ == "__main__":
    main()
