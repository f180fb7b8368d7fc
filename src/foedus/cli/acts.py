"""`foedus acts`, `foedus show` and `foedus diff`: what was done, one act with all that is said of it, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from foedus.cli.desk import Desk, UsageError, command, day_of
from foedus.terms import Day, FoedusError

if TYPE_CHECKING:
    from foedus.archive.material import Material
    from foedus.ledger import SeenPage
    from foedus.terms import Act, Claim

Since = Annotated[str | None, typer.Option("--from", metavar="DAY", help="Leave out what came before that day.")]
Until = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Leave out what came after that day.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "acts", "foedus acts csto --from 2022-01-01 --to 2022-01-31 --party KAZ")(acts)
    command(app, "show", "foedus show csto-2022-01-05-request")(show)
    command(app, "diff", "foedus diff --recorded 2026-11-01 2026-11-21 --ledger csto.db", refuses=("known",))(diff)


def acts(
    desk: Desk,
    org: Annotated[str | None, typer.Argument(metavar="[ORG]", help="An organisation, such as csto.")] = None,
    since: Since = None,
    until: Until = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="One kind of act, such as deploy.")] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="ID", help="A party to it: KAZ, csto:CSC, party:reuters ...")
    ] = None,
) -> None:
    """Lists acts by day: of one organisation or of all, from the shipped records and the ledger."""
    from foedus import views

    alone = org.lower() if org and org.lower() in desk.charters else None
    found = within(desk.acts(alone), since, until)
    if org is not None:
        found = of_org(desk, found, org)
    if kind is not None:
        found = [act for act in found if act.kind == known_kind(kind)]
    if party is not None:
        wanted = known_party(party)
        found = [act for act in found if wanted in (*act.parties, *act.targets, act.place, act.role("person"))]
    if desk.json:
        for row in views.acts_json(found):
            desk.line(row)
    else:
        desk.show(views.acts_text(found, lang=desk.lang))


def show(desk: Desk, act: Annotated[str, typer.Argument(metavar="ACT", help="The id of an act.")]) -> None:
    """Shows one act: every claim of it in its own script, evidence marked, who said it to whom, where they differ."""
    from foedus import views
    from foedus.rules import judge
    from foedus.terms import Origin, Outcome

    with desk.material() as material:
        every = material.every_act
        found = material.act_by_id.get(act) or _by_former_id(material, act) or _refuse(material, act)
        claims: list[Claim] = []
        pages: list[SeenPage] = []
        reasons: tuple[str, ...] = ()
        if material.ledger and found.origin is Origin.PAGE:
            claims = [claim for claim in material.claims_read if claim.id in found.claims]
            pages = [material.pages_seen[name] for name in sorted({claim.page for claim in claims})]
            reasons = material.ledger.explain(found.id, desk.given.recorded, desk.known)
    verdicts = [judge(charter, every, found, desk.lang) for charter in desk.charters.values()]
    verdicts = [v for v in verdicts if v.org == found.org or v.outcome is not Outcome.NOT_GOVERNED]
    if desk.json:
        desk.document({**views.act_json(found, claims, pages, verdicts), "joined": list(reasons)})
        return
    desk.show(views.act_text(found, claims, pages, verdicts, lang=desk.lang, charters=desk.charters))
    if reasons:
        desk.show(views.reasons_text(reasons))


def diff(
    desk: Desk,
    until: Annotated[
        str | None, typer.Argument(metavar="[UNTIL]", help="The later moment, a day or an instant; now if left out.")
    ] = None,
    org: Annotated[str | None, typer.Option("--org", metavar="ORG", help="One organisation, such as csto.")] = None,
) -> None:
    """Tells what the ledger learnt after the moment of `--recorded`: what came, was corrected, joined, taken back.

    Charters that the ledger took up, replaced or gave up stand first.
    """
    from foedus import views

    since = desk.given.recorded
    if since is None:
        raise UsageError("diff", "no earlier moment", "Give it as --recorded DAY")
    with desk.ledger() as ledger:
        found = ledger.changes(since, until, desk.records())
        turns = ledger.charter_changes(since, until)
    if org is not None:
        turns = tuple(turn for turn in turns if turn.org == org.lower())
        kept = {act.id for act in of_org(desk, [change.act for change in found], org, {turn.org for turn in turns})}
        found = tuple(change for change in found if change.act.id in kept)
    if desk.json:
        for row in (*views.turns_json(turns), *views.changes_json(found)):
            desk.line(row)
        return
    if turns:
        desk.show(views.turns_text(turns))
    if found or not turns:
        desk.show(views.changes_text(found, lang=desk.lang))


def _by_former_id(material: Material, name: str) -> Act | None:
    """An act of pages by an id it had before claims joined it."""
    if material.ledger is None:
        return None
    try:
        return material.act_by_id.get(material.ledger.act(name, material.moments.recorded).id)
    except FoedusError:
        return None


def _refuse(material: Material, name: str) -> NoReturn:
    from foedus.ledger.ledger import REINSTATE, told_of

    if material.ledger and (gone := material.ledger.taken_back(name)):
        raise UsageError(name, told_of(gone), REINSTATE)
    refuse_act(material.every_act, name)


def refuse_act(acts: Sequence[Act], name: str) -> NoReturn:
    """Refuses an id that no act has, naming the nearest ones."""
    near = get_close_matches(name, [act.id for act in acts], 3, 0.5)
    do = f"Did you mean {' or '.join(near)}?" if near else "`foedus acts` lists ids"
    raise UsageError(name, "no act has that id", do)


def within(acts: Sequence[Act], since: str | None, until: str | None) -> list[Act]:
    """Acts that may fall between two days, both included, by day; one without a date only where no day is asked."""
    first = day_of(since, "--from") if since else None
    last = day_of(until, "--to") if until else None
    if first and last and first.first > last.last:
        raise UsageError(f"--from {since} --to {until}", "ends before it begins")
    # One span, so that a day whose year is left open is held against its months.
    span = Day.parse(f"{first.first if first else '..'}/{last.last if last else '..'}") if first or last else None
    kept = [act for act in acts if span is None or (act.date is not None and act.date.may_be(span))]
    return sorted(kept, key=lambda act: (act.date is None, act.date.sort_key if act.date else (), act.id))


def of_org(desk: Desk, acts: Sequence[Act], org: str, further: Iterable[str] = ()) -> list[Act]:
    """Acts of one organisation, be it one with a charter or one that acts only speak of.

    Args:
        further: organisations known besides.
    Raises:
        UsageError: nobody knows it.
    """
    known = {*desk.charters, *(act.org for act in acts if act.org), *further}
    if org.lower() not in known:
        desk.refuse_org(org, sorted(known))
    return [act for act in acts if act.org == org.lower()]


def known_kind(kind: str) -> str:
    """A kind of the vocabulary.

    Raises:
        UsageError: no such kind, with the nearest.
    """
    from foedus.terms import kinds

    if kind in kinds():
        return kind
    near = get_close_matches(kind, kinds(), 1, 0.5)
    raise UsageError(
        f"--kind {kind}",
        "no kind of the vocabulary",
        f"Did you mean {near[0]}?" if near else f"Kinds are {', '.join(kinds())}",
    )


def known_party(text: str) -> str:
    """The id of a party; a state's code may be written small, and its English name stands for it.

    Raises:
        UsageError: no id has that spelling.
    """
    from foedus.terms import Party, Sort, states

    if text.upper() in states():
        return text.upper()
    if named := next((code for code, name in states().items() if name.casefold() == text.casefold()), None):
        return named
    try:
        party = Party.parse(text)
    except ValueError as wrong:
        raise UsageError(f"--party {text}", str(wrong)) from None
    if party.sort is Sort.STATE:
        raise UsageError(f"--party {text}", "no code of a state", "Write it as in ISO 3166-1 alpha-3, or by its name")
    return party.id
