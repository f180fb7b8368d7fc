"""`foedus report`: one HTML file with everything, for reading, printing and passing on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.acts import Since, Until, within
from foedus.cli.desk import Desk, command, counted, one_day, say
from foedus.terms import FoedusError, OrgCode, Origin

if TYPE_CHECKING:
    from foedus.charters import Charter
    from foedus.ledger import SeenPage
    from foedus.pages.article import Article
    from foedus.terms import Act, Day


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "report", "foedus report --out report.html --ledger csto.db")(report)


def report(
    desk: Desk,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The HTML file to write.", dir_okay=False)],
    orgs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ORG]...", help="Organisations; those the ledger tells of if left out, or all."),
    ] = None,
    since: Since = None,
    until: Until = None,
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="DAY",
            help="A day to show the state of, else the last of the acts; may be given several times.",
        ),
    ] = None,
) -> None:
    """Writes one HTML file: state, timeline, verdicts, acts with claims and evidence, sources, what cannot be told.

    It asks nothing of any other host, holds no script, and prints well.
    """
    from foedus import views
    from foedus.records import coverage
    from foedus.rules import judge_all, state_on
    from foedus.terms import Origin

    every = desk.acts()
    # A ledger's report is about the organisations that the ledger is about, with what the records hold on them.
    named = orgs or sorted(
        {str(act.org) for act in every if act.org in desk.charters and act.origin is not Origin.RECORD}
    )
    charters = {OrgCode(org.lower()): desk.charter(org) for org in named} if named else dict(desk.charters)
    chosen = [act for act in within(every, since, until) if not named or act.org in charters]
    asked = {act.id for act in chosen}
    days = [one_day(day, "--on") for day in on or ()]
    with desk.material() as material:
        claims, pages = material.claims_read, tuple(material.pages_seen.values())
    shown = [(charter, day) for day in days for charter in charters.values()] or last_days(charters, chosen)
    states = [state_on(charter, every, day, language=desk.lang) for charter, day in shown]
    verdicts = [
        v for charter in charters.values() for v in judge_all(charter, every, language=desk.lang) if v.act in asked
    ]
    whole = views.Report(
        states=states,
        acts=chosen,
        # What a state or verdict cites from outside the days is shown apart: every line leads to its acts.
        background=every,
        claims=claims,
        pages=pages,
        verdicts=verdicts,
        charters=desk.charters,
        articles=_articles(pages),
        untold=() if desk.given.no_records else [f"{org}: {coverage(org).words}" for org in charters],
        lang=desk.lang,
    )
    html = views.report_html(whole)
    _write(out, html)
    if desk.json:
        desk.document(
            {
                "written": str(out),
                "acts": len(chosen),
                "verdicts": len(verdicts),
                "claims": len(claims),
                "pages": len(pages),
            }
        )
    else:
        say(f"{out}: {counted(len(chosen), 'act')}, {counted(len(verdicts), 'verdict')}, {counted(len(pages), 'page')}")


def last_days(charters: Mapping[OrgCode, Charter], acts: Sequence[Act]) -> list[tuple[Charter, Day]]:
    """For each organisation the last day of its acts in the ledger, or of any act where the ledger has none."""
    found = []
    for org, charter in charters.items():
        own = [act for act in acts if act.org == org and act.date and act.date.is_exact]
        days = [act.date for act in own if act.origin is not Origin.RECORD] or [act.date for act in own]
        if days:
            found.append((charter, max((day for day in days if day), key=lambda day: day.last)))
    return found


def _articles(pages: tuple[SeenPage, ...]) -> dict[str, Article]:
    """The pages read as article and furniture once more, from the text the ledger keeps; keyed by name."""
    from foedus.pages.article import read_article
    from foedus.pages.page import Page

    return {
        page.name: read_article(
            Page(
                name=page.name,
                text=page.text,
                sha256=page.sha256,
                path=page.name,
                url=page.url or None,
                published=page.published,
                outlet=page.outlet or None,
                encoding=page.encoding,
                media=page.media,
            )
        )
        for page in pages
    }


def _write(out: Path, text: str) -> None:
    """The file whole or not at all: written beside its place and moved there; a pipe or device is written into.

    Raises:
        FoedusError: it cannot be written.
    """
    place = out.resolve() if out.is_symlink() and out.is_file() else out
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        if out.exists() and not out.is_file() and not out.is_dir():
            out.write_text(text, "utf8", errors="backslashreplace")
            return
        draft.write_text(text, "utf8", errors="backslashreplace")
        draft.replace(place)
    except OSError as wrong:
        draft.unlink(missing_ok=True)
        do = "Make room, or name another file" if out.parent.is_dir() else "Name a file in a folder that is there"
        raise FoedusError(str(out), f"cannot be written ({wrong.strerror})", do) from None
