"""`foedus charter keep`, `give-up` and `kept`: the charters that a ledger holds, each since the day it was taken up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.desk import AS_IT_IS, Desk, UsageError, command, counted, me, say
from foedus.cli.hand import Who

if TYPE_CHECKING:
    from foedus.charters import Charter
    from foedus.ledger import Ledger

Reason = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in words.")]


def register(group: typer.Typer) -> None:
    """Adds the commands of this module to the group of charters."""
    command(
        group, "keep", "foedus charter keep towns.yaml --why 'as amended in May' --ledger towns.db", refuses=AS_IT_IS
    )(keep)
    command(group, "give-up", "foedus charter give-up towns --why 'a slip' --ledger towns.db", refuses=AS_IT_IS)(
        give_up
    )
    command(group, "kept", "foedus charter kept --ledger towns.db --recorded 2026-05-01", refuses=("known",))(kept)


def keep(
    desk: Desk,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A charter file.")],
    why: Reason = "",
    who: Who = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="TEXT", help="Where the text comes from; the file's name if left out."),
    ] = None,
) -> None:
    """Takes a text for an organisation's charter in the ledger, from now on; tells how it differs from the one before.

    The text is checked, and kept letter for letter. It stands in the place of the shipped charter in every answer from
    this ledger; with --recorded, in answers as of a moment since which it stood. A file of --charters goes before it.
    """
    from foedus.charters import charter_of, charter_text
    from foedus.charters.changes import revisions, undated
    from foedus.views.charter import revisions_json, revisions_text

    path = Path(file)
    text = charter_text(path)
    charter = charter_of(text, file)
    with desk.ledger(write=True) as ledger:
        before = _standing(ledger, charter.org)
        is_new = ledger.keep_charter(charter.org, text, who or me(), why, path.name if source is None else source)
        where = ledger.path
    found = revisions(before, charter) if before and is_new else ()
    besides = undated(before, charter) if before and is_new else ()
    if desk.json:
        told: dict[str, Any] = {"charter": charter.org, "kept": is_new, "revisions": revisions_json(charter, found)}
        told["undated"] = list(besides)
        desk.document(told)
    elif before and is_new:
        desk.show(revisions_text(charter, found, lang=desk.lang, charters={charter.org: charter}))
    if not is_new:
        say(f"{where} keeps this charter of {charter.org} already")
        return
    what = f"it differs from the one before in {counted(len(found), 'line')}" if before else "there was none before"
    what += f", and in its {', '.join(besides)}" if besides else ""
    say(f"{where} keeps this charter of {charter.org} from now on; {what}")


def give_up(
    desk: Desk,
    org: Annotated[str, typer.Argument(metavar="ORG", help="An organisation whose charter the ledger keeps.")],
    why: Reason = "",
    who: Who = None,
) -> None:
    """Goes back to the shipped charter of an organisation, or to none. What the ledger kept stays in its log."""
    with desk.ledger() as ledger:
        if org.lower() not in ledger.charters():
            _refuse(ledger, org)
    with desk.ledger(write=True) as ledger:
        ledger.give_up_charter(org.lower(), who or me(), why)
        where = ledger.path
    if desk.json:
        desk.document({"given_up": org.lower(), "who": who or me(), "why": why})
    else:
        say(f"{where} keeps no charter of {org.lower()} from now on")


def kept(
    desk: Desk,
    org: Annotated[str | None, typer.Argument(metavar="[ORG]", help="One organisation; else all.")] = None,
    text: Annotated[
        bool, typer.Option("--text", metavar="", help="Print the text that stands, as it was kept.")
    ] = False,
) -> None:
    """Lists the charters the ledger took up, replaced or gave up: when, who, why, from where, and which stand."""
    from foedus import views

    if text and org is None:
        raise UsageError("--text", "needs an organisation", "Name one, such as: foedus charter kept csto --text")
    with desk.ledger() as ledger:
        turns = ledger.charter_turns(desk.given.recorded)
        if org is not None:
            turns = tuple(turn for turn in turns if turn.org == org.lower())
        found = {str(code): one for code, one in ledger.charters(desk.given.recorded).items()} if text else {}
        if org is not None and (not turns or (text and org.lower() not in found)):
            _refuse(ledger, org, desk.given.recorded)
    if not text:
        if desk.json:
            desk.document(views.kept_json(turns))
        else:
            desk.show(views.kept_text(turns))
        return
    one = found[str(org).lower()]
    if desk.json:
        desk.document({"charter": one.org, "text": one.text, "text_sha256": one.sha256, "recorded": one.recorded})
    else:
        # Letter for letter into a file; a terminal gets no signs that would move its cursor.
        desk.out.file.write(views.harmless(one.text) if desk.out.is_terminal else one.text)


def _standing(ledger: Ledger, org: str) -> Charter | None:
    """The charter by which this ledger judged so far: kept, else shipped; None where neither is there or loads."""
    from foedus.charters import CharterError, load_charters
    from foedus.terms import OrgCode

    charters = load_charters().over_shipped(ledger.charters().values())
    try:
        return charters.get(OrgCode(org))
    except CharterError as error:
        say(f"The charter kept so far does not load: {error}")
        return None


def _refuse(ledger: Ledger, org: str, recorded: str | None = None) -> None:
    known = ", ".join(ledger.charters(recorded)) or "none"
    when = f" by {recorded}" if recorded else ""
    raise UsageError(org, f"the ledger keeps no charter of that name{when}", f"It keeps {known}")
