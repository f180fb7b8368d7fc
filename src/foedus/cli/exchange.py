"""`foedus export` and `foedus import`: what goes out to other tools, and what comes in from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from foedus import __version__
from foedus.cli.acts import Since, Until, of_org, within
from foedus.cli.desk import AS_IT_IS, Desk, UsageError, command, counted, day_of, me, say
from foedus.cli.due import asked_of, falling_due, span_of
from foedus.cli.files import written
from foedus.cli.hand import Who
from foedus.terms import FoedusError

if TYPE_CHECKING:
    from foedus.exchange import Form, Goods, Read, ReadActs, ReadClaims, WholeLedger
    from foedus.ledger import Ledger
    from foedus.rules import Due
    from foedus.terms import Act

PASSED_ON = "taken over from another ledger, where it came from a {origin}, as {id}"
"""The note of an act that came in although no person performed it; its sources stay with it."""


HEAD = 65_536
"""Bytes that tell a form: more than the first line of the widest data set."""

FEW = 20
"""Organisations of one file that are looked through one by one; of more, the whole ledger is."""


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app, "export", "foedus export csv csto --from 2022-01-01 --out csto.csv")(export)
    command(app, "import", "foedus import my.csv --map my.toml --ledger csto.db", refuses=AS_IT_IS)(import_)


def export(
    desk: Desk,
    form: Annotated[
        str | None, typer.Argument(metavar="[FORM]", help="acts, csv, xlsx, parquet, atom ...: --list shows all.")
    ] = None,
    org: Annotated[str | None, typer.Argument(metavar="[ORG]", help="An organisation, such as csto.")] = None,
    since: Since = None,
    until: Until = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out, for forms of text.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", metavar="", help="Show the forms, what each carries and drops.")
    ] = False,
    schema: Annotated[bool, typer.Option("--schema", metavar="", help="Print the JSON Schema of an act.")] = False,
    mapping: Annotated[
        bool,
        typer.Option("--mapping", metavar="", help="Print the mapping of our CSV, to begin one of your own with."),
    ] = False,
) -> None:
    """Writes acts, or a whole ledger, in a form that other tools read; says on stderr what the form left out.

    With --json one line tells what went into the FILE of --out and what was left out, and --list comes as JSON; the
    form itself stays what it is.
    """
    from foedus.exchange.act_schema import schema_text
    from foedus.exchange.mapping import own_text

    if schema or mapping:
        sys.stdout.write(schema_text() if schema else own_text())
        return
    if list_:
        _list(desk)
        return
    if form is None:
        raise UsageError("export", "names no form", "foedus export --list shows them")
    wanted = _form(form)
    if wanted.write is None:
        raise UsageError(form, "only comes in", "foedus export --list shows what goes out")
    if out is None and not wanted.is_text:
        raise UsageError(form, "is no text", f"Say where to: --out acts{wanted.endings[0]}")
    if wanted.whole and (org or since or until or desk.known):
        raise UsageError(form, "is a whole ledger, from the first entry on", "Leave out ORG, --from, --to and --known")
    goods = _whole_ledger(desk) if wanted.whole else _goods(desk, wanted, org, since, until)
    with written(out) as stream:
        dropped = wanted.write(goods, stream)
    things, number = ("entries", len(goods.ledger.rows)) if goods.ledger else ("acts", len(goods.acts))
    if out and desk.json:
        left_out = {"dropped": list(dropped), "leaves_out": wanted.drops}
        desk.line({"form": form, "file": str(out), things: number, **left_out})
        return
    if out:
        say(f"{out}: {counted(number, 'entry' if goods.ledger else 'act')}")
    for words in dropped:
        say(f"{form}: {words}")
    say(f"{form} leaves out: {wanted.drops}")


def import_(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What is to come in.")],
    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help="Its form, where its name and first line do not tell.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="How the columns of a CSV map onto acts, in TOML.")
    ] = None,
    who: Who = None,
) -> None:
    """Takes acts, a ledger or a coded data set into a ledger. The same file twice adds nothing."""
    from foedus.exchange import WholeLedger

    if desk.ledger_path is None:
        raise UsageError("ledger", "none was named", "Give one with --ledger FILE, or set FOEDUS_LEDGER")
    found = _read(file, form, mapping)
    if isinstance(found, WholeLedger):
        if who is not None:
            raise UsageError("--who", "cannot be said of a whole ledger", "Its entries say who wrote them")
        told = take_ledger(desk.ledger_path, found)
    else:
        with desk.ledger(write=True) as ledger:
            told = _take_in(desk, ledger, found, who or me(), file)
    if desk.json:
        desk.document(told.to_json())
        return
    for line in told.words():
        say(f"{file}: {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What an import did: how many things came new and how many were there, and in words what was left out."""

    things: str
    new: int
    known: int
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON."""
        return {"things": self.things, "new": self.new, "known": self.known, "notes": list(self.notes)}

    def words(self) -> Iterator[str]:
        """The same in words."""
        yield f"{self.new:,} new {self.things}, {self.known:,} known already"
        yield from self.notes


def _form(name: str) -> Form:
    from foedus.exchange import form_named

    try:
        return form_named(name)
    except FoedusError as wrong:
        raise UsageError(wrong.where, wrong.what, wrong.do) from None


def _list(desk: Desk) -> None:
    from foedus.exchange import FORMS

    if desk.json:
        desk.document([form.to_json() for form in FORMS.values()])
        return
    for form in FORMS.values():
        ways = " and ".join(way for way, there in (("out", form.write), ("in", form.read)) if there)
        sys.stdout.write(f"{form.name} ({ways}; {', '.join(form.endings)})\n")
        sys.stdout.write(f"    carries {form.carries}\n    drops   {form.drops}\n")


def _goods(desk: Desk, form: Form, org: str | None, since: str | None, until: str | None) -> Goods:
    from foedus.exchange import gather

    with ExitStack() as doors:
        ledger = doors.enter_context(desk.ledger()) if desk.ledger_path else None
        every = desk.acts()
        acts = within(every, since, until)
        if org is not None:
            acts = of_org(desk, acts, org)
        return gather(
            acts,
            desk.charters,
            ledger,
            recorded=desk.given.recorded,
            records=not desk.given.no_records,
            dues=_dues(desk, org, every, since, until) if form.dues else (),
            org=(org or "").lower(),
            version=__version__,
        )


def _dues(desk: Desk, org: str | None, acts: Sequence[Act], since: str | None, until: str | None) -> Sequence[Due]:
    """What falls due from a day on, from today where none is named; nothing where all that is asked about is past."""
    from datetime import date

    if since is None and until is not None and day_of(until, "--to").last < date.today():
        return ()
    return falling_due(desk, asked_of(desk, org), acts, *span_of(since or "today", until))


def _whole_ledger(desk: Desk) -> Goods:
    from foedus.exchange import gather_ledger

    with desk.ledger() as ledger:
        return gather_ledger(ledger, desk.given.recorded)


def _read(file: Path, form: str | None, mapping: Path | None) -> Read:
    from foedus.exchange import form_of_file, read_mapping, table

    try:
        with file.open("rb") as stream:
            found = _form(form) if form else form_of_file(file.name, _head(stream))
            if found is None or found.read is None:
                what = f"{form} only goes out" if found else "neither its name nor its first line tells a form"
                raise FoedusError(str(file), what, "Name one with --form; foedus export --list shows them")
            if mapping is None:
                return found.read(stream, str(file))
            if found.name != "csv":
                raise UsageError(
                    f"--map {mapping}", f"is for a CSV, and {file} is {found.name}", "Leave one of them out"
                )
            return table.read(stream, str(file), read_mapping(mapping))
    except OSError as error:
        raise FoedusError(str(file), f"cannot be read ({error.strerror or error})", "Check the path") from None


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD)
    stream.seek(0)
    return head


def _take_in(desk: Desk, ledger: Ledger, found: ReadActs | ReadClaims, who: str, file: Path) -> TakenIn:
    from foedus.exchange import ReadActs

    if isinstance(found, ReadActs):
        return take_acts(ledger, found, desk.records(), who, f"imported from {file.name}")
    return take_claims(ledger, found, who)


def take_acts(
    ledger: Ledger,
    found: ReadActs,
    shipped: Iterable[Act],
    who: str,
    why: str,
) -> TakenIn:
    """Performs acts that came in.

    Acts of a person or a scenario go in as they are. Those of a record or a page were not performed by anybody here:
    they go in as a person's, with their sources and a note that says where they come from. A shipped record, or an act
    of this ledger, that comes back as it is needs no second place.
    """
    from foedus.ledger.retelling import is_same_doing
    from foedus.terms import Origin

    ground = tuple(shipped)
    unchanged = {act.id: act for act in ground}
    # An act that this ledger corrects is known as it was exported: corrected.
    here = {act.id: act for org in _orgs_of(found.acts) for act in ledger.over(ground, org=org)}
    others = [act for act in found.acts if unchanged.get(act.id) != act]
    fresh = [act for act in others if act.id not in here or not tells_nothing_new(act, here[act.id])]
    own = {Origin.PERSON, Origin.SCENARIO}
    passed_on = sum(act.origin not in own for act in fresh)
    taken = (act if act.origin in own else handed_over(act, is_free=act.id not in here) for act in fresh)
    new = ledger.perform_all(taken, who, why)
    notes = list(found.left_out)
    if passed_on:
        notes.append(f"{counted(passed_on, 'act')} of records or pages taken over as a person's, each with a note")
    there = [(act, here[act.id]) for act in fresh if act.id in here]
    again = sum(act.origin in own and held.origin in own and is_same_doing(act, held) for act, held in there)
    if again:
        notes.append(f"{counted(again, 'act')} known here, now with what the file tells besides")
    if beside := len(there) - again:
        do = "`foedus correct` mends one in its place"
        notes.append(f"{counted(beside, 'act')} told otherwise than under the same id here, kept beside it: {do}")
    if records := len(found.acts) - len(others):
        notes.append(f"{counted(records, 'act')} passed over: the shipped records have them")
    if stood := len(others) - len(fresh):
        notes.append(f"{counted(stood, 'act')} passed over: they stand here as they are")
    return TakenIn(things="acts", new=new, known=len(found.acts) - new, notes=tuple(notes))


def _orgs_of(acts: Iterable[Act]) -> Iterable[str | None]:
    """Whose acts are to be looked through: those of a few organisations, else all."""
    orgs = {act.org for act in acts}
    return (None,) if None in orgs or len(orgs) > FEW else sorted(filter(None, orgs))


def tells_nothing_new(act: Act, there: Act) -> bool:
    """Whether an act tells of the same doing as one that is there, from no source and with no doubt that it lacks."""
    from foedus.terms.acts import doing_to_json

    named = {source.where for source in there.sources}
    return (
        doing_to_json(act) == doing_to_json(there)
        and act.forced == there.forced
        and all(source.where in named for source in act.sources)
        and set(act.conflicts) <= set(there.conflicts)
    )


def handed_over(act: Act, *, is_free: bool = True) -> Act:
    """An act of a record or a page as a person may perform it: its claims stay behind, a note tells of them.

    Where its id is not free, since the record or the page stands here too, it is given one of its own.
    """
    from foedus.terms import Origin

    words = PASSED_ON.format(origin=act.origin.value, id=act.id)
    note = f"{act.note}; {words}" if act.note else words
    return replace(act, id=act.id if is_free else "", origin=Origin.PERSON, claims=(), note=note)


def take_claims(ledger: Ledger, found: ReadClaims, who: str) -> TakenIn:
    """Adds a coded data set as a page with its claims."""
    added = ledger.add_page(found.page, found.claims, who, found.why)
    notes = (*found.left_out, found.why)
    return TakenIn(things="claims", new=added.claims, known=len(found.claims) - added.claims, notes=notes)


def take_ledger(where: str, found: WholeLedger) -> TakenIn:
    """Begins a ledger with the entries and texts of one that came in: same name, numbers, links and moments.

    Raises:
        FoedusError: another ledger stands there.
    """
    from foedus.ledger import Ledger
    from foedus.ledger.opening import StandsThereError, begin_store
    from foedus.ledger.places import file_of, is_server, shown

    if is_server(where) or not file_of(where).exists():
        try:
            begin_store(where, found.identity, found.rows, ((name, text_bytes(t)) for name, t in found.texts.items()))
            return TakenIn(things="entries", new=len(found.rows), known=0)
        except StandsThereError:
            pass  # it may be the same one
    with Ledger.open(where, create=False, read_only=True) as ledger:
        there = ledger.store.identity(), tuple(ledger.store.rows())
    if there[0] != found.identity or there[1][: len(found.rows)] != found.rows:
        raise FoedusError(shown(where), "another ledger stands there", "Give a new place; foedus merge joins ledgers")
    return TakenIn(things="entries", new=0, known=len(found.rows))


def text_bytes(text: str) -> bytes:
    """A text as a ledger keeps it; half a character, which a damaged page can hold, stays what it is."""
    return text.encode("utf8", "surrogatepass")
