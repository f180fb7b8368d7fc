"""`foedus steps` and `foedus power`: what leads to an act, and who can block a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.answers import On, Org
from foedus.cli.desk import Desk, UsageError, command, one_day, say


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "steps", "foedus steps csto deploy --for KAZ --on 2022-01-06")(steps)
    command(app, "power", "foedus power un --on 2022-02-25")(power)


def steps(
    desk: Desk,
    org: Org,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of act that is aimed at, such as deploy.")],
    party: Annotated[
        str, typer.Option("--for", metavar="PARTY", help="Whom it is for, such as KAZ; else the newest of each counts.")
    ] = "",
    on: On = "today",
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the drawing to this file.")] = None,
) -> None:
    """Shows the steps that lead to an act under the rules: done, due, skipped, or cannot be told."""
    from foedus import views
    from foedus.rules import course_to
    from foedus.terms import kinds
    from foedus.yamlfile import nearest

    charter = desk.charter(org)
    known = [name for name, row in kinds().items() if row.is_act]
    if kind not in known:
        near = nearest(kind, known)
        raise UsageError(kind, "is no kind of act", f"Did you mean {near}?" if near else f"Known: {', '.join(known)}")
    whom, spoken = party.upper() if len(party) == 3 else party, "en" if desk.json else desk.lang
    found = course_to(charter, desk.acts_under(charter), kind, one_day(on, "--on"), whom, spoken)
    if svg is not None:
        drawn = views.course_svg(found, lang=desk.lang, charters=desk.charters)
        try:
            svg.write_text(drawn, "utf8")
        except OSError as wrong:
            raise UsageError(f"--svg {svg}", f"cannot be written ({wrong.strerror or wrong})") from None
        say(f"The drawing is in {svg}")
    if desk.json:
        desk.document(found.to_json())
    else:
        desk.show(views.course_text(found, lang=desk.lang, charters=desk.charters))


def power(desk: Desk, org: Org, on: On = "today") -> None:
    """Tells who can block a decision of each body on a day, and how much each voice weighs."""
    from foedus import views
    from foedus.rules import powers_on

    charter = desk.charter(org)
    found = powers_on(charter, desk.acts_under(charter), one_day(on, "--on"))
    if desk.json:
        desk.document([row.to_json() for row in found])
    else:
        desk.show(views.powers_text(found, lang=desk.lang, charters=desk.charters))
