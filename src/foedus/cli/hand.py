"""What a person changes by hand, with who and why: `foedus add`, `correct`, `retract`, `reinstate`, `join`, `part`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.desk import AS_IT_IS, Desk, UsageError, command, day_of, me, say
from foedus.cli.play import changes_of, lines_of
from foedus.terms import FoedusError

if TYPE_CHECKING:
    from foedus.ledger import Ledger
    from foedus.terms import Act

Who = Annotated[str | None, typer.Option("--who", metavar="NAME", help="Who does this; the user's name if left out.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in words.")]
Where = Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it is said: an address, or a document.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of an act.")]
Thing = Annotated[str, typer.Argument(metavar="ID", help="The id of an act or a claim, or the name of a page.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    example = """foedus add --act '{"kind": "deploy", "org": "csto", "actors": ["RUS"], "date": "2022-01-06"}'"""
    command(
        app, "add", f"{example} --source https://example.org/1 --why 'read by eye' --ledger csto.db", refuses=AS_IT_IS
    )(add)
    correction = "--set date=2022-01-07 --source https://example.org/1 --why 'a slip' --ledger csto.db"
    command(app, "correct", f"foedus correct csto-2022-01-06-deploy-1a2b3c {correction}", refuses=AS_IT_IS)(correct)
    retraction = "--source https://example.org/1 --why 'withdrawn by the outlet' --ledger csto.db"
    command(app, "retract", f"foedus retract csto-2022-01-06-deploy-1a2b3c {retraction}", refuses=AS_IT_IS)(retract)
    why = "--why 'one meeting, told twice' --ledger csto.db"
    command(app, "reinstate", f"foedus reinstate csto-2022-01-06-deploy-1a2b3c {retraction}", refuses=AS_IT_IS)(
        reinstate
    )
    command(
        app, "join", f"foedus join csto-2022-01-06-meet-1a2b3c csto-2022-01-06-meet-4d5e6f {why}", refuses=AS_IT_IS
    )(join)
    parting = "--why 'of another day' --ledger csto.db"
    command(app, "part", f"foedus part csto-2022-01-06-meet-1a2b3c b4d12458f6c1 {parting}", refuses=AS_IT_IS)(part)


def add(
    desk: Desk,
    act: Annotated[
        str,
        typer.Option(
            "--act", metavar="JSON", help="The act as JSON, or - for stdin or @FILE with the act on one line."
        ),
    ],
    source: Where,
    why: Why,
    who: Who = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DAY", help="When the source said so, where known.")
    ] = None,
) -> None:
    """Adds an act by hand. It is marked as performed by a person, never as read from a page."""
    from foedus import views
    from foedus.live import read_act
    from foedus.terms import Day, OrgCode

    row = _one_of(act)
    if "org" not in row:
        raise UsageError("--act", "names no organisation", 'Add "org", such as "csto"')
    said = day_of(published, "--published") if published else None
    row["sources"] = [{"where": source, "published": said and said.edtf}]
    # An act whose day nobody knows stays without one.
    given = read_act({"date": None, **row}, OrgCode(""), Day.parse("XXXX"))
    with desk.ledger(write=True) as ledger:
        stored = ledger.perform(given, who or me(), why)
    if desk.json:
        desk.document(views.act_json(stored))
    else:
        desk.show(views.act_text(stored, lang=desk.lang, charters=desk.charters))


def _one_of(given: str) -> dict[str, Any]:
    """The one act of `--act`.

    Raises:
        FoedusError: as `lines_of`, or there is none, or another beside it.
    """
    rows = list(islice(lines_of([given]), 2))
    if len(rows) != 1:
        what = "holds more than one act" if rows else "holds no act"
        raise UsageError(f"--act {given[:60]}", what, "Give one act, on one line; foedus import takes a file of many")
    return dict(rows[0])


def correct(
    desk: Desk,
    act: Id,
    source: Where,
    why: Why,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="ROLE=VALUE", help="The right value; several parties with commas; empty takes it away."
        ),
    ],
    who: Who = None,
) -> None:
    """Corrects an act. What it said before stays in the log, and stands beside as a point on which sources differ."""
    from foedus import views

    with _asked_of(act), desk.ledger(write=True) as ledger:
        shipped = next((one for one in desk.records() if one.id == act), None)
        stored = ledger.correct(act, changes_of(changes), who or me(), why, source, of=shipped)
    if desk.json:
        desk.document(views.act_json(stored))
    else:
        desk.show(views.act_text(stored, lang=desk.lang, charters=desk.charters))


def retract(desk: Desk, thing: Thing, source: Where, why: Why, who: Who = None) -> None:
    """Takes back an act, a claim, or a page with all its claims. The log keeps it."""
    with _asked_of(thing), desk.ledger(write=True) as ledger:
        shipped = next((one for one in desk.records() if one.id == thing), None)
        ledger.retract(thing, who or me(), why, source, of=shipped)
    if desk.json:
        desk.document({"retracted": thing, "who": who or me(), "why": why, "source": source})
    else:
        say(f"{thing} is retracted")


def reinstate(desk: Desk, thing: Thing, source: Where, why: Why, who: Who = None) -> None:
    """Brings back an act, a claim or a page that was retracted, with the claims it had."""
    with _asked_of(thing), desk.ledger(write=True) as ledger:
        ledger.restore(thing, who or me(), why, source)
    if desk.json:
        desk.document({"reinstated": thing, "who": who or me(), "why": why, "source": source})
    else:
        say(f"{thing} stands again")


def join(
    desk: Desk,
    acts: Annotated[list[str], typer.Argument(metavar="ID ID ...", help="Ids of acts read from pages.")],
    why: Why,
    who: Who = None,
) -> None:
    """Joins acts that pages tell of as several and that are one. They stay one whatever is read later.

    The act goes by the id of the one written first; the other ids lead to it.
    """
    with _asked_of(*acts), desk.ledger(write=True) as ledger:
        _tell(desk, ledger, [ledger.merge(acts, who or me(), why)])


def part(
    desk: Desk,
    act: Id,
    claims: Annotated[list[str], typer.Argument(metavar="CLAIM ...", help="Ids of claims, as `foedus show` has them.")],
    why: Why,
    who: Who = None,
) -> None:
    """Parts claims from an act that they do not speak of. They make an act of their own, and stay parted."""
    with _asked_of(act), desk.ledger(write=True) as ledger:
        _tell(desk, ledger, ledger.split(act, claims, who or me(), why))


@contextmanager
def _asked_of(*names: str) -> Iterator[None]:
    """Hands on what the ledger refuses; where it speaks of what a person named, the argument was wrong and no file.

    Raises:
        UsageError: no such id, or not one of which this can be done.
    """
    try:
        yield
    except FoedusError as wrong:
        # Of several acts all are named, the first one first.
        if wrong.where.split(" ")[0].rstrip(",") in names:
            raise UsageError(wrong.where, wrong.what, wrong.do) from None
        raise


def _tell(desk: Desk, ledger: Ledger, acts: Iterable[Act]) -> None:
    """What acts of pages now are, each with why its claims are one."""
    from foedus import views

    for act in acts:
        claims, reasons = ledger.claims_of(act.id), ledger.explain(act.id)
        pages = [page for name in {claim.page for claim in claims} if (page := ledger.page(name))]
        if desk.json:
            desk.line({**views.act_json(act, claims, pages), "joined": list(reasons)})
        else:
            text = views.act_text(act, claims, pages, lang=desk.lang, charters=desk.charters)
            desk.show(text, views.reasons_text(reasons))
