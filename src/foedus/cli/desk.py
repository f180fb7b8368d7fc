"""What every command shares: the options accepted before or after its name, the ledger, the charters, the two outputs.

Start at `Desk`; `command` registers a function as a command and gives it the desk.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_type_hints

import typer
from rich.console import Console, RenderableType

from foedus.terms import FoedusError

if TYPE_CHECKING:
    from foedus.archive.material import Material
    from foedus.charters import Charter
    from foedus.ledger import Ledger
    from foedus.terms import Act, Day, OrgCode

EVERYWHERE = "Options of every command"
# Width of what goes to a file or a pipe where COLUMNS does not say one: wide, so that one row is mostly one line.
PLAIN_WIDTH = 200


class Findings(typer.Exit):
    """Leaves with 1: what `--check` asked about was found."""

    def __init__(self) -> None:
        super().__init__(1)


class Language(StrEnum):
    """Languages that labels come in."""

    en = "en"
    ru = "ru"
    zh = "zh"
    vi = "vi"


class UsageError(FoedusError):
    """An argument that cannot be: a day that is none, an organisation nobody knows."""

    exit_code = 2


def counted(number: int, thing: str) -> str:
    """A number with its thing: `1 page`, `1,200 pages`, `2 entries`."""
    if number != 1:
        thing = f"{thing[:-1]}ies" if thing.endswith("ry") else f"{thing}s"
    return f"{number:,} {thing}"


def say(message: str) -> None:
    """Words for the person at the terminal, on stderr, so that stdout stays the result alone; no password is said."""
    # Where both go to one place, they stand in the order they were said.
    sys.stdout.flush()
    print(unsecret(message), file=sys.stderr, flush=True)  # noqa: T201


def unsecret(message: str) -> str:
    """Words without the passwords of servers, whose URLs people also write where no ledger is asked for."""
    if "postgres" not in message.lower():
        return message
    from foedus.ledger.places import told

    return told(message)


@dataclass(slots=True, kw_only=True)
class Given:
    """The options of every command as given so far; None where not given."""

    ledger: str | None = None
    no_records: bool | None = None
    charters: tuple[Path, ...] = ()
    lang: Language | None = None
    json: bool | None = None
    known: str | None = None
    recorded: str | None = None

    def over(self, earlier: Given) -> Given:
        """These options, and where they are silent the earlier ones; folders of charters add up."""
        return Given(
            ledger=self.ledger or earlier.ledger,
            no_records=self.no_records or earlier.no_records,
            charters=(*earlier.charters, *self.charters),
            lang=self.lang or earlier.lang,
            json=self.json or earlier.json,
            known=self.known or earlier.known,
            recorded=self.recorded or earlier.recorded,
        )


@dataclass
class Desk:
    """Where one command works: what was asked for everywhere, and the rooms opened at first need."""

    given: Given = field(default_factory=Given)

    @property
    def json(self) -> bool:
        """Whether the answer goes out as JSON."""
        return bool(self.given.json)

    @property
    def lang(self) -> str:
        """The language of labels."""
        return (self.given.lang or Language.en).value

    @cached_property
    def ledger_path(self) -> str | None:
        """Where the ledger lies, a path or a URL: the option, else FOEDUS_LEDGER, else none."""
        return self.given.ledger or os.environ.get("FOEDUS_LEDGER") or None

    @cached_property
    def known(self) -> Day | None:
        """The day of publication looked back from, None where all that was ever said counts."""
        return one_day(self.given.known, "--known") if self.given.known else None

    # What goes out

    @cached_property
    def out(self) -> Console:
        """Rich on stdout: colours at a terminal, plain and of one width into a pipe or file."""
        if sys.stdout.isatty():
            return Console(highlight=False)
        width = os.environ.get("COLUMNS", "")
        return Console(highlight=False, width=int(width) if width.isdigit() else PLAIN_WIDTH)

    def show(self, *views: RenderableType) -> None:
        """Views on stdout, one below the other; into a pipe or file without the spaces that fill up lines."""
        with self.out.capture() as caught:
            for view in views:
                self.out.print(view)
        text = caught.get()
        if not self.out.is_terminal:
            text = "\n".join(line.rstrip() for line in text.split("\n"))
        sys.stdout.write(text)

    def line(self, value: object) -> None:
        """One value as one line of JSON."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    def document(self, value: object) -> None:
        """One value as JSON over several lines."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        """A bar on stderr while something long runs; nothing where stderr is no terminal. Call it once per step."""
        if not sys.stderr.isatty():
            yield lambda: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # Rich would print on the bar's console whatever goes to stdout meanwhile: a file would stay empty.
        shared, console = sys.stdout.isatty(), Console(stderr=True)
        with Progress(*columns, console=console, transient=True, redirect_stdout=shared) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)

    # What comes in

    @cached_property
    def charters(self) -> Mapping[OrgCode, Charter]:
        """Every charter: shipped, over them those the ledger kept by `--recorded`, over all those of `--charters`.

        Each stands as it did on the day of `--known`.
        """
        from foedus.ledger.store import NoLedgerError

        try:
            with self.material() as material:
                return material.charters
        except NoLedgerError:
            # One that is yet to be begun keeps none; whoever needs it to be there says so.
            return self._made_of(None).charters

    def charter(self, org: str) -> Charter:
        """The charter of an organisation.

        Raises:
            UsageError: no such organisation, with the nearest known.
        """
        found = {code.lower(): code for code in self.charters}.get(org.lower())
        return self.charters[found] if found else self.refuse_org(org, list(self.charters))

    def refuse_org(self, org: str, known: Sequence[str]) -> NoReturn:
        """Refuses an organisation nobody knows, naming the nearest."""
        from difflib import get_close_matches

        near = get_close_matches(org.lower(), known, 1, 0.5)
        do = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(known))}"
        raise UsageError(org, "no charter of that name", f"{do}; --charters DIR adds others")

    @contextmanager
    def ledger(self, *, write: bool = False) -> Iterator[Ledger]:
        """The ledger, closed afterwards.

        Raises:
            UsageError: none was named, or it is to be read and is not there.
        """
        from foedus.ledger import Ledger

        path = self.ledger_path
        if path is None:
            raise UsageError("ledger", "none was named", "Give one with --ledger FILE, or set FOEDUS_LEDGER")
        with Ledger.open(path, create=write, read_only=not write) as ledger:
            if ledger.store.brought_from and write:
                say(f"{ledger.path}: brought forward from form {ledger.store.brought_from}, nothing lost")
            yield ledger

    def records(self) -> tuple[Act, ...]:
        """The shipped acts, none with `--no-records`."""
        from foedus.records import load_records

        return () if self.given.no_records else load_records()

    @contextmanager
    def material(self) -> Iterator[Material]:
        """Records, ledger if one was named, and charters, as of `--known` and `--recorded`; closed afterwards."""
        if self.ledger_path is None:
            yield self._made_of(None)
            return
        with self.ledger() as ledger:
            yield self._made_of(ledger)

    def _made_of(self, ledger: Ledger | None) -> Material:
        from foedus.archive.material import Material
        from foedus.archive.moments import Moments
        from foedus.charters import load_charters

        moments = Moments(known=self.known, recorded=self.given.recorded)
        return Material(load_charters(self.given.charters), self.records(), ledger, moments)

    def acts(self, org: str | None = None) -> tuple[Act, ...]:
        """The shipped acts as the ledger corrects them, then the acts of the ledger, as of `--known` and `--recorded`.

        Args:
            org: only those of one organisation.
        """
        with self.material() as material:
            return material.every_act if org is None else material.acts_of(org)

    def acts_under(self, *charters: Charter) -> tuple[Act, ...]:
        """The acts that some charters of one organisation look at: its own, or those of all where one looks abroad.

        In a large ledger an organisation's own are found without reading the rest.
        """
        return self.acts(None if any(charter.looks_abroad for charter in charters) else charters[0].org)


def me() -> str:
    """The name of whoever sits at the terminal, as the system knows it."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "a person"


def see_words(text: str, where: str) -> None:
    """See that a text can be written down: bytes that are no UTF-8 reach a program as halves of characters.

    Raises:
        UsageError: it holds half a character.
    """
    try:
        text.encode("utf8")
    except UnicodeEncodeError as wrong:
        raise UsageError(f"{where}, character {wrong.start + 1}", "is half a character", "Write it in UTF-8") from None


def day_of(text: str, option: str) -> Day:
    """The day an argument names.

    Raises:
        UsageError: no date.
    """
    from datetime import date

    from foedus.terms import Day

    if text == "today":
        return Day.of(date.today())
    try:
        return Day.parse(text)
    except ValueError as wrong:
        raise UsageError(f"{option} {text}", str(wrong)) from None


def one_day(text: str, option: str) -> Day:
    """The one calendar day an argument names.

    Raises:
        UsageError: no date, or one less precise than a day.
    """
    day = day_of(text, option)
    if not day.is_exact:
        raise UsageError(f"{option} {text}", "names no single day", "Write year, month and day, such as 2022-01-06")
    if not 1 < day.first.year < 9999:
        # The day before or after would be none: intervals are half-open.
        raise UsageError(f"{option} {text}", "lies at the end of the calendar", "Write a day from the year 2 to 9998")
    return day


_Everywhere: dict[str, Any] = {
    "ledger": Annotated[
        str | None,
        typer.Option(
            "--ledger",
            metavar="FILE",
            help="The ledger to use, a file or postgresql:// URL, else that of FOEDUS_LEDGER, else the records alone.",
            rich_help_panel=EVERYWHERE,
        ),
    ],
    "no_records": Annotated[
        bool | None,
        typer.Option("--no-records", metavar="", help="Leave the shipped records out.", rich_help_panel=EVERYWHERE),
    ],
    "charters": Annotated[
        list[Path] | None,
        typer.Option(
            "--charters",
            metavar="DIR",
            help="A folder with further charters; may be given several times.",
            rich_help_panel=EVERYWHERE,
        ),
    ],
    "lang": Annotated[
        Language | None,
        typer.Option(
            "--lang", metavar="LANG", help="Language of labels: en, ru, zh or vi.", rich_help_panel=EVERYWHERE
        ),
    ],
    "json": Annotated[
        bool | None, typer.Option("--json", metavar="", help="Answer as JSON.", rich_help_panel=EVERYWHERE)
    ],
    "known": Annotated[
        str | None,
        typer.Option(
            "--known",
            metavar="DAY",
            help="Only what some source had said by the end of that day, and charters as they stood then.",
            rich_help_panel=EVERYWHERE,
        ),
    ],
    "recorded": Annotated[
        str | None,
        typer.Option(
            "--recorded",
            metavar="INSTANT",
            help="Only what the ledger had learnt by then, such as 2024-05-01 or 2024-05-01T12:00:00Z.",
            rich_help_panel=EVERYWHERE,
        ),
    ],
}


# What to say of options that a command refuses. `AS_IT_IS` is for those that write to a ledger, or keep it.
AS_IT_IS = ("known", "recorded")
_REFUSED: Mapping[str, tuple[str, str]] = {
    "known": ("does not ask what had been published by a day", "Leave it out"),
    "recorded": (
        "takes the ledger as it is now",
        "Leave it out; `export ledger --recorded` writes what it held then",
    ),
}


def _everywhere() -> Iterable[inspect.Parameter]:
    for name, kind in _Everywhere.items():
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _taken(options: dict[str, Any]) -> Given:
    """The options of every command taken out of a command's own."""
    taken = {name: options.pop(name) for name in _Everywhere}
    return Given(**{**taken, "charters": tuple(taken["charters"] or ())})


def everywhere(ctx: typer.Context, **options: Any) -> None:
    """Keeps the options given before a command's name."""
    ctx.obj = _taken(options)


everywhere.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context), *_everywhere()]
)
everywhere.__annotations__ = {"ctx": typer.Context, **_Everywhere}


def command(
    app: typer.Typer, name: str, example: str, *, refuses: Sequence[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers a function as a command: its first parameter is the desk; the options of every command join its own.

    Args:
        name: the word a person types.
        example: one line to copy, shown at the end of the help.
        refuses: options of every command that would change nothing in this one, and that somebody might rely on.
    """

    def keep(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(ctx: typer.Context, **given: Any) -> None:
            earlier = ctx.obj if isinstance(ctx.obj, Given) else Given()
            for option, value in given.items():
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, str):
                        see_words(one, option.upper() if option not in _Everywhere else f"--{option}")
            desk = Desk(_taken(given).over(earlier))
            for option in refuses:
                if getattr(desk.given, option):
                    what, do = _REFUSED[option]
                    raise UsageError(f"--{option}", f"`{name}` {what}", do)
            function(desk, **given)

        hints = get_type_hints(function, include_extras=True)
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
        own = [p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        run.__signature__ = inspect.Signature([context, *own, *_everywhere()])  # type: ignore[attr-defined]
        run.__annotations__ = {"ctx": typer.Context, **{p.name: hints[p.name] for p in own}, **_Everywhere}
        app.command(name, epilog=f"Example:  {example}")(run)
        return function

    return keep
