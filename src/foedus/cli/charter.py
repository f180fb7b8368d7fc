"""`foedus charter`: check charter files, show one in words, tell what changed in it, begin a new one.

`rulebook.py` has the commands by which a ledger keeps one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli import rulebook
from foedus.cli.answers import Org
from foedus.cli.desk import Desk, Findings, UsageError, command, counted, one_day, say

SUFFIXES = (".yaml", ".yml")


def register(app: typer.Typer) -> None:
    """Adds the commands of this module, in a group of their own."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Checks charter files, shows a charter in words, tells what changed in it, begins a new one, keeps it.",
        epilog="Example:  foedus charter show csto --on 2022-01-06",
    )
    command(group, "check", "foedus charter check fivetowns.yaml")(check)
    command(group, "show", "foedus charter show csto --on 2022-01-06")(show)
    command(group, "diff", "foedus charter diff csto 2012-01-01 2013-01-01")(diff)
    command(group, "new", "foedus charter new towns")(new)
    command(group, "schema", "foedus charter schema")(schema)
    rulebook.register(group)
    app.add_typer(group, name="charter")


def check(
    desk: Desk,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|ORG", help="Files, or organisations with a charter; else every charter known."),
    ] = None,
) -> None:
    """Checks charter files. Leaves with 1 and every complaint as file, line, key, what is wrong and what to do.

    Of each rule, body, status or other part the first mistake is told; the next shows once that one is mended.
    """
    from foedus.charters import complaints_of, read_charter
    from foedus.views import harmless

    rows = []
    for path in _paths(desk, files or ()):
        complaints = complaints_of(path)
        rows += [{"file": str(path), "where": one.where, "what": one.what, "do": one.do} for one in complaints]
        if desk.json:
            continue
        if complaints:
            # One line each however narrow the terminal, so that editors and scripts find file and line.
            desk.out.file.write("".join(f"{harmless(str(complaint))}\n" for complaint in complaints))
        else:
            charter = read_charter(path)
            parts = (("rules", charter.rules), ("statuses", charter.statuses), ("bodies", charter.bodies))
            sizes = ", ".join(f"{word}: {len(listed)}" for word, listed in parts)
            desk.out.file.write(f"{path}: fine ({sizes})\n")
    if desk.json:
        desk.document(rows)
    elif rows:
        say(f"{counted(len(rows), 'complaint')} in {counted(len({row['file'] for row in rows}), 'file')}")
    if rows:
        raise Findings


def show(
    desk: Desk,
    org: Org,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="Only what is in force that day, and who held what.")
    ] = None,
) -> None:
    """Shows a charter in words: bodies, statuses and their holders, offices, how decisions are taken, then the rules.

    Each with its article, its interval and how far the article was read. Holders are those of the charter's own
    tables; `foedus state` adds what acts changed.
    """
    from foedus.views.charter import charter_json, charter_text

    _see_ledger(desk)
    charter = desk.charter(org)
    day = one_day(on, "--on").first if on else None
    if desk.json:
        desk.document(charter_json(charter, day))
    else:
        desk.show(charter_text(charter, day, lang=desk.lang, charters=desk.charters))


def diff(
    desk: Desk,
    org: Org,
    first: Annotated[str, typer.Argument(metavar="DAY", help="The earlier day.")],
    second: Annotated[str, typer.Argument(metavar="DAY", help="The later day.")],
) -> None:
    """Tells what changed in a charter after one day and by another: began, ended or replaced, each with its article."""
    from foedus.charters.changes import changes_between
    from foedus.views.charter import changes_json, changes_text

    _see_ledger(desk)
    charter = desk.charter(org)
    begin, end = one_day(first, "DAY").first, one_day(second, "DAY").first
    if end < begin:
        raise UsageError(f"{first} {second}", "the later day comes first", f"Write {second} {first}")
    changes = changes_between(charter, begin, end)
    if desk.json:
        desk.document(changes_json(charter, changes))
    else:
        desk.show(changes_text(charter, changes, begin, end, lang=desk.lang, charters=desk.charters))


def new(
    desk: Desk,
    org: Annotated[str, typer.Argument(metavar="ORG", help="A short code in small letters, such as towns.")],
) -> None:
    """Writes the beginning of a charter, ORG.yaml, into the current folder: it loads at once, and says what to fill in.

    Beside it stands charter.schema.json, by which editors complete keys and mark mistakes.
    """
    from foedus.charters.json_schema import FILE, schema_text
    from foedus.charters.skeleton import skeleton

    if not re.fullmatch(r"[a-z][a-z0-9]*", org):
        raise UsageError(org, "is no code of an organisation", "Write small letters and digits, such as towns")
    path, beside = Path(f"{org}.yaml"), Path(FILE)
    _write(path, skeleton(org))
    if not beside.exists():
        _write(beside, schema_text())
    if desk.json:
        desk.document({"charter": str(path), "schema": str(beside)})
        return
    desk.out.file.write(f"{path}\n")
    say(f"Fill in {path}, then: foedus charter check {path} · foedus play {org} --charters . --ledger {org}.db")


def schema(desk: Desk) -> None:
    """Prints the JSON Schema of a charter file, for editors that complete keys and mark mistakes."""
    from foedus.charters.json_schema import schema_text

    desk.out.file.write(schema_text())


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(str(path), "stands already", "Give another code, or move that file away") from None
    except OSError as wrong:
        raise UsageError(str(path), f"cannot be written ({wrong.strerror or wrong})") from None


def _see_ledger(desk: Desk) -> None:
    """See that a ledger named here is there: these commands need none, but whoever names one means its charter."""
    if desk.given.ledger:
        with desk.ledger():
            pass


def _paths(desk: Desk, named: Sequence[str]) -> Iterator[Path]:
    """The files named: an organisation stands for its charter, no name at all for every charter."""
    from foedus.charters import charter_paths

    known = charter_paths(desk.given.charters)
    for name in named or known:
        if name.endswith(SUFFIXES) or "/" in name or "\\" in name:
            yield Path(name)
        elif name.lower() in known:
            yield known[name.lower()]
        else:
            desk.refuse_org(name, list(known))
