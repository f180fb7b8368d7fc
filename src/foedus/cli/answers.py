"""`foedus state`, `foedus judge` and `foedus next`: who was what, was it in order, who may do what."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.acts import Since, Until, within
from foedus.cli.desk import Desk, Findings, UsageError, command, counted, one_day, say

Org = Annotated[str, typer.Argument(metavar="ORG", help="An organisation with a charter, such as csto.")]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="The day asked about, to its end.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "state", "foedus state csto --on 2022-01-06")(state)
    command(app, "judge", "foedus judge csto --from 2022-01-01 --to 2022-01-31")(judge)
    command(app, "next", "foedus next csto --on 2022-01-05")(next_acts)


def state(
    desk: Desk,
    org: Org,
    on: On = "today",
    rule: Annotated[
        str,
        typer.Option(
            "--rule", metavar="MOMENT", help="By which legal moment: signed, ratified, in_force, notified, effective."
        ),
    ] = "effective",
) -> None:
    """Tells the state of an organisation on a day: members, chair, offices, what was open, who was deployed where."""
    from foedus import views
    from foedus.records import coverage
    from foedus.rules import MOMENTS, state_on

    if rule not in MOMENTS:
        raise UsageError(f"--rule {rule}", "is no legal moment", f"Write one of {', '.join(MOMENTS)}")
    charter = desk.charter(org)
    found = state_on(charter, desk.acts(charter.org), one_day(on, "--on"), desk.known, rule=rule, language=desk.lang)
    if desk.json:
        desk.document(views.state_json(found))
        return
    covered = None if desk.given.no_records else coverage(charter.org)
    desk.show(views.state_text(found, lang=desk.lang, charters=desk.charters, coverage=covered))


def judge(
    desk: Desk,
    org: Org,
    since: Since = None,
    until: Until = None,
    variant: Annotated[
        str | None,
        typer.Option("--variant", metavar="NAME", help="Show which verdicts change if a proposal were in force."),
    ] = None,
    verified: Annotated[
        bool,
        typer.Option(
            "--verified-only", metavar="", help="Show which verdicts change if rules nobody has read are left out."
        ),
    ] = False,
    brief: Annotated[
        bool, typer.Option("--brief", metavar="", help="One line for each act, without what was asked of it.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", metavar="", help="Leave with 1 where an act is out of order, a duty overdue or sources differ."
        ),
    ] = False,
) -> None:
    """Judges acts under the organisation's own rules then in force: article, what is met, broken, not in the record."""
    from foedus import views
    from foedus.charters import with_variant
    from foedus.rules import judge_all, verified_only
    from foedus.terms import Due, Outcome

    charter = desk.charter(org)
    if variant is not None and variant not in charter.variants:
        known = ", ".join(charter.variants) or "none"
        raise UsageError(f"--variant {variant}", f"{charter.org} has no such variant", f"It has {known}")
    if variant is not None and verified:
        raise UsageError("--verified-only", "cannot stand beside --variant", "Ask one after the other")
    other = with_variant(charter, variant) if variant is not None else verified_only(charter) if verified else None
    every = desk.acts_under(charter, *([other] if other else []))
    asked = {act.id: act for act in within(every, since, until)}

    verdicts = [v for v in judge_all(charter, every, language=desk.lang) if v.act in asked]
    if other is not None:
        variant = variant or "verified-only"
        changed = [v for v in judge_all(other, every, language=desk.lang) if v.act in asked]
        if desk.json:
            desk.document(views.variant_json(variant, verdicts, changed))
        else:
            desk.show(views.variant_text(variant, verdicts, changed, every, lang=desk.lang, charters=desk.charters))
    elif desk.json:
        for row in views.verdicts_json(verdicts):
            desk.line(row)
    else:
        desk.show(views.verdicts_text(verdicts, every, lang=desk.lang, charters=desk.charters, brief=brief))
    if check:
        wrong = sum(v.outcome is Outcome.OUT_OF_ORDER for v in verdicts)
        late = sum(o.due is Due.OVERDUE for v in verdicts for o in v.obligations)
        differ = sum(bool(asked[v.act].conflicts) for v in verdicts)
        say(f"{counted(wrong, 'act')} out of order, {late} overdue, sources differ on {counted(differ, 'act')}")
        if wrong or late or differ:
            raise Findings


def next_acts(desk: Desk, org: Org, on: On = "today") -> None:
    """Lists what may be done next: kind, actor, body, with article, form and deadline."""
    from foedus import views
    from foedus.rules import admissible

    charter = desk.charter(org)
    found = admissible(charter, desk.acts_under(charter), one_day(on, "--on"), desk.lang)
    if desk.json:
        desk.document(views.admissible_json(found))
    else:
        desk.show(views.admissible_text(found, lang=desk.lang, charters=desk.charters))
