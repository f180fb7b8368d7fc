"""`foedus read` and `foedus article`: pages in; claims, or the article without its furniture, out."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus import __version__
from foedus.cli.desk import AS_IT_IS, Desk, UsageError, command, counted, say

if TYPE_CHECKING:
    from foedus.ledger import SeenPage
    from foedus.pages import Reading
    from foedus.pages.manifest import Manifest
    from foedus.pages.page import Unreadable
    from foedus.terms import Day

READER = f"the reader of foedus {__version__}"

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Pages, feeds, web archives (WARC, WET), or folders of them.")
]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="What is known of where the pages came from: JSON Lines or CSV with path, url, published, outlet.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "read", "foedus read pages/ --manifest pages.jsonl --ledger csto.db", refuses=AS_IT_IS)(read)
    command(app, "article", "foedus article pages/bishkek.html")(article)


def read(
    desk: Desk,
    paths: Paths,
    manifest: ManifestFile = None,
    weak: Annotated[bool, typer.Option("--weak", metavar="", help="Show claims of weak confidence as well.")] = False,
    reread: Annotated[
        bool,
        typer.Option(
            "--reread", metavar="", help="Read pages again that the ledger knows, after a change of the reader."
        ),
    ] = False,
    no_pages: Annotated[
        bool,
        typer.Option(
            "--no-pages", metavar="", help="Keep no text of pages in the ledger: hashes and evidence words only."
        ),
    ] = False,
) -> None:
    """Reads pages and prints what they claim, each claim with the words it rests on.

    Nothing is written unless a ledger is named: then pages and claims go into it. The same page twice adds nothing.
    """
    from foedus import views
    from foedus.pages import read_pages
    from foedus.pages.page import Unreadable
    from foedus.terms import Confidence

    if no_pages and not desk.ledger_path:
        raise UsageError("--no-pages", "says what a ledger keeps, and none was named", "Give one with --ledger FILE")
    tally = Tally()
    told = new = retracted = gone_by_hand = 0
    with ExitStack() as doors:
        entry = known_pages(manifest)
        ledger = doors.enter_context(desk.ledger(write=True)) if desk.ledger_path else None
        step = doors.enter_context(desk.progress("Reading", total(paths)))
        for reading in read_pages(paths, entry, desk.charters):
            step()
            if isinstance(reading, Unreadable):
                tally.miss(reading)
                continue
            tally.read += 1
            if ledger:
                added = ledger.add_page(seen_page(reading, kept=not no_pages), reading.claims, READER, reread=reread)
                new, told, retracted = new + added.is_new, told + added.claims, retracted + added.retracted
                gone_by_hand += added.taken_back
            claims = [claim for claim in reading.claims if weak or claim.confidence is not Confidence.WEAK]
            tally.found += len(claims)
            if desk.json:
                for row in views.claims_json(claims):
                    desk.line(row)
            else:
                desk.show(views.claims_text(reading.page, claims, lang=desk.lang, charters=desk.charters))
    if ledger:
        gone = f", {counted(retracted, 'claim')} retracted" if retracted else ""
        say(f"{ledger.path}: {counted(new, 'new page')}, {counted(told, 'new claim')}{gone}")
        if tally.read > new and not reread:
            known = counted(tally.read - new, "page")
            say(f"{known} known already: --reread reads again, and takes in what a manifest says of them")
        if gone_by_hand:
            say(f"{counted(gone_by_hand, 'page')} taken back by somebody and left so; foedus reinstate brings one back")
    tally.leave("claim")


def article(desk: Desk, paths: Paths, manifest: ManifestFile = None) -> None:
    """Prints the true text of pages, with title, date, outlet and languages, and their furniture by type."""
    from foedus import views
    from foedus.pages.article import read_article
    from foedus.pages.files import receive
    from foedus.pages.page import Unreadable

    tally = Tally()
    with desk.progress("Reading", total(paths)) as step:
        for page in receive(paths, known_pages(manifest)):
            step()
            if isinstance(page, Unreadable):
                tally.miss(page)
                continue
            tally.read += 1
            found = read_article(page)
            tally.found += len(found.article_lines)
            if desk.json:
                desk.line(views.article_json(found))
            else:
                desk.show(views.article_text(found, lang=desk.lang))
    tally.leave("article line")


def known_pages(manifest: Path | None) -> Manifest | None:
    """The manifest of a file, where one was given."""
    from foedus.pages.manifest import read_manifest

    return read_manifest(manifest) if manifest else None


def total(paths: list[Path]) -> int | None:
    """How many pages are to be read, where no folder, feed or archive makes it unknown."""
    from foedus.pages.bundles import is_bundle

    return None if any(path.is_dir() or is_bundle(path) for path in paths) else len(paths)


def seen_page(reading: Reading, *, kept: bool = True) -> SeenPage:
    """The page of a reading in the form a ledger keeps."""
    from foedus.ledger import SeenPage

    page, found = reading.page, reading.article
    return SeenPage(
        name=page.name,
        sha256=page.sha256,
        text=page.text,
        url=page.url or "",
        published=page.published or found.published or no_later_than(page.fetched),
        outlet=page.outlet or found.outlet or "",
        media=page.media,
        encoding=page.encoding,
        title=found.title or "",
        languages=found.languages,
        kept=kept,
    )


def no_later_than(day: date | None) -> Day | None:
    """When a page was published of which is known only the day it was fetched."""
    from foedus.terms import Day

    return Day.parse(f"../{day.isoformat()}") if day else None


class Tally:
    """How many files were read, how many not, and how many things were found in them."""

    def __init__(self) -> None:
        self.read = self.found = self.missed = 0

    def miss(self, unreadable: Unreadable) -> None:
        """Says at once what could not be read, and counts it."""
        self.missed += 1
        say(f"foedus: {unreadable}")

    def leave(self, thing: str) -> None:
        """Says what was done; leaves with 3 where no file could be read, with 4 where some could not.

        Raises:
            Exit: a file could not be read.
        """
        say(f"{counted(self.read, 'page')} read, {counted(self.found, thing)}")
        if self.missed:
            say(f"{counted(self.missed, 'file')} could not be read, see above")
            raise typer.Exit(4 if self.read else 3)
