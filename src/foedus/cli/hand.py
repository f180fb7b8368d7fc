"""`foedus add`, `foedus correct` and `foedus retract`: acts and corrections by hand, with source, who and why."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.desk import Desk, UsageError, command, day_of, me, say
from foedus.cli.play import act_given, changes_of

Who = Annotated[str | None, typer.Option("--who", metavar="NAME", help="Who does this; the user's name if left out.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in words.")]
Where = Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it is said: an address, or a document.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of an act.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    example = """foedus add --act '{"kind": "deploy", "org": "csto", "actors": ["RUS"], "date": "2022-01-06"}'"""
    command(
        app, "add", f"{example} --source https://example.org/1 --why 'read by eye' --ledger csto.db", looks_back=False
    )(add)
    correction = "--set date=2022-01-07 --source https://example.org/1 --why 'a slip' --ledger csto.db"
    command(app, "correct", f"foedus correct csto-2022-01-06-deploy-1a2b3c {correction}", looks_back=False)(correct)
    retraction = "--source https://example.org/1 --why 'withdrawn by the outlet' --ledger csto.db"
    command(app, "retract", f"foedus retract csto-2022-01-06-deploy-1a2b3c {retraction}", looks_back=False)(retract)


def add(
    desk: Desk,
    act: Annotated[str, typer.Option("--act", metavar="JSON", help="The act as JSON, @FILE, or - for stdin.")],
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

    row = act_given(act)
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

    with desk.ledger(write=True) as ledger:
        shipped = next((one for one in desk.records() if one.id == act), None)
        stored = ledger.correct(act, changes_of(changes), who or me(), why, source, of=shipped)
    if desk.json:
        desk.document(views.act_json(stored))
    else:
        desk.show(views.act_text(stored, lang=desk.lang, charters=desk.charters))


def retract(desk: Desk, act: Id, source: Where, why: Why, who: Who = None) -> None:
    """Takes back an act, a claim, or a page with all its claims. The log keeps it."""
    with desk.ledger(write=True) as ledger:
        shipped = next((one for one in desk.records() if one.id == act), None)
        ledger.retract(act, who or me(), why, source, of=shipped)
    if desk.json:
        desk.document({"retracted": act, "who": who or me(), "why": why, "source": source})
    else:
        say(f"{act} is retracted")
