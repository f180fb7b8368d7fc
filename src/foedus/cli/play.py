"""`foedus play`: a person performs acts under the rules; each is judged first, then stored with who did it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.desk import AS_IT_IS, Desk, Findings, UsageError, command, counted, me, one_day, say, see_words
from foedus.terms import FoedusError

if TYPE_CHECKING:
    from foedus.ledger import Ledger
    from foedus.live import Session
    from foedus.rules import Move
    from foedus.terms import Act, Verdict

ASK = "A number, an act as JSON, `state`, or Enter to leave: "
ASK_ONE = "{what}\n{options}\nA number, or `back`: "
ASK_ROLES = "Its roles so far: {roles}\nChange or add as role=value, then Enter alone to perform it, or `back`: "


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    example = (
        """foedus play csto --on 2022-01-05 --ledger my.db --act '{"kind": "request_assistance", "actors": ["ARM"]}'"""
    )
    command(app, "play", example, refuses=AS_IT_IS)(play)


def play(
    desk: Desk,
    org: Annotated[str, typer.Argument(metavar="ORG", help="An organisation with a charter, such as csto.")],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="The day it is.")] = "today",
    act: Annotated[
        list[str] | None,
        typer.Option(
            "--act",
            metavar="JSON",
            help="An act to perform, as JSON, - for stdin, or @FILE with one act a line; may be given several times.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", metavar="", help="Store an act that is out of order all the same, so marked.")
    ] = False,
    who: Annotated[
        str | None, typer.Option("--who", metavar="NAME", help="Who performs it; the user's name if left out.")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", metavar="", help="One line for each act, and no more.")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What it is performed for.")] = "a play",
) -> None:
    """Performs acts under the organisation's rules. Each is judged first, then stored; then what may be done next.

    Without --act it lists what may be done, by number, and asks. An act out of order is stored only with --force. A
    line of a FILE may be an act, or an act with its day: {"act": {...}, "on": DAY, "force": true, "note": TEXT}.
    """
    from foedus.live import Session

    charter, day = desk.charter(org), one_day(on, "--on")
    with desk.ledger(write=True) as ledger:
        table = Table(desk, ledger, Session(charter, ledger.over(desk.records()), day), who or me(), why, brief)
        if act is None:
            table.ask()
        else:
            for given in lines_of(act):
                table.perform(given, force)
            table.show_outcome()
        if table.refused:
            raise Findings


class Table:
    """One play under way at the terminal: the session, the ledger that keeps it, and what came of each act."""

    def __init__(self, desk: Desk, ledger: Ledger, session: Session, who: str, why: str, brief: bool) -> None:
        self.desk = desk
        self.ledger = ledger
        self.session = session
        self.who = who
        self.why = why
        self.brief = brief
        self.refused = 0
        self.moves: list[dict[str, Any]] = []
        self.judged: list[tuple[Verdict, Act]] = []

    def perform(self, given: Mapping[str, Any], force: bool) -> None:
        """Judges one act, stores it unless it is out of order and not forced, and says what came of it."""
        from foedus.live import may_store

        given, day, force, note = unwrapped(given, force)
        if day:
            self.session.day = one_day(day, "on")
        if note and "note" not in given:
            given = {**given, "note": note}
        move = self.session.attempt(given)
        stands = any(move.act.id == other.id for other in self.session.acts)
        stored = stands or may_store(move.verdict, force)
        if stored and not stands:
            self.ledger.perform(self.session.keep(move, force=force), self.who, self.why)
        self.refused += not stored
        self.moves.append({**move.to_json(), "stored": stored, "stood_already": stands})
        self.judged.append((move.verdict, move.act))
        if not self.desk.json:
            if not self.brief:
                self.show_verdicts([(move.verdict, move.act)])
            if stands and not self.brief:
                say(f"{move.act.id}: stands already; nothing is added")
            elif not stored:
                say(f"{move.act.id}: not stored, since it is out of order; --force stores it all the same, so marked")

    def show_verdicts(self, judged: Sequence[tuple[Verdict, Act]]) -> None:
        """Verdicts on acts just performed, or tried."""
        from foedus import views

        acts = (*self.session.acts, *(act for _, act in judged))
        verdicts = [verdict for verdict, _ in judged]
        self.desk.show(
            views.verdicts_text(verdicts, acts, lang=self.desk.lang, charters=self.desk.charters, brief=self.brief)
        )

    def show_outcome(self) -> None:
        """The state after the acts, and what may be done next; where it is to be brief, the verdicts line by line."""
        from foedus import views

        state, following = self.session.state(), self.session.next()
        if self.desk.json:
            self.desk.document(
                {"moves": self.moves, "state": views.state_json(state), "next": views.admissible_json(following)}
            )
            return
        if self.brief:
            self.show_verdicts(self.judged)
            if again := sum(move["stood_already"] for move in self.moves):
                say(f"{counted(again, 'act')} stood already; nothing is added for them")
            return
        self.desk.show(views.state_text(state, lang=self.desk.lang, charters=self.desk.charters))
        self.desk.show(views.admissible_text(following, lang=self.desk.lang, charters=self.desk.charters))

    def ask(self) -> None:
        """Lists what may be done and takes choices until there are no more."""
        from foedus import views

        choices = self.list_moves()
        while answer := asked(ASK):
            try:
                if answer == "state":
                    self.desk.show(
                        views.state_text(self.session.state(), lang=self.desk.lang, charters=self.desk.charters)
                    )
                    continue
                chosen = act_given(answer) if answer.startswith("{") else self.chosen(answer, choices)
                if chosen is not None:
                    self.perform(chosen, force=False)
            except FoedusError as wrong:
                # At the table a slip is no reason to leave.
                say(f"foedus: {wrong}")
                continue
            choices = self.list_moves()
        if self.desk.json:
            self.show_outcome()
        # Whoever sits at the table has seen what was refused.
        self.refused = 0

    def list_moves(self) -> tuple[tuple[Move, ...], ...]:
        """Lists what may be done, drawn together by number; the moves behind each number."""
        from foedus import views

        following = self.session.next()
        if not self.desk.json:
            self.desk.show(
                views.admissible_text(following, lang=self.desk.lang, charters=self.desk.charters, numbered=True)
            )
        return views.numbered_moves(following)

    def chosen(self, answer: str, choices: tuple[tuple[Move, ...], ...]) -> dict[str, Any] | None:
        """The act of a number: one of its moves, with the roles the person adds; None where the person steps back.

        Raises:
            UsageError: no number of the list.
        """
        from foedus.terms import doing_to_json

        if not answer.isdigit() or not 1 <= int(answer) <= len(choices):
            raise UsageError(answer, f"is no number from 1 to {len(choices)}, and no act", 'Write 1, or {"kind": ...}')
        moves = choices[int(answer) - 1]
        for what, told in (
            ("Who does it?", lambda move: ", ".join((*move.actor, *move.body))),
            ("To or for whom?", lambda move: ", ".join(move.target)),
            ("With what?", lambda move: ", ".join(f"{role}: {value}" for role, value in move.more)),
        ):
            moves = narrowed(moves, what, told)
            if not moves:
                return None
        act = moves[0].act(self.session.charter.org, self.session.day)
        row = {name: value for name, value in doing_to_json(act).items() if value not in (None, [], "")}
        row.pop("date_precision", None)
        while added := asked(ASK_ROLES.format(roles=json.dumps(row, ensure_ascii=False))):
            if added == "back":
                return None
            row |= changes_of([added])
        return row


def narrowed(moves: tuple[Move, ...], what: str, told: Callable[[Move], str]) -> tuple[Move, ...]:
    """The moves that agree on one point the person chooses; all where they agree already, none to step back."""
    options: dict[str, list[Move]] = {}
    for move in moves:
        options.setdefault(told(move) or "nobody in particular", []).append(move)
    if len(options) == 1:
        return moves
    listed = "\n".join(f"{number:>3}  {name}" for number, name in enumerate(options, 1))
    while (answer := asked(ASK_ONE.format(what=what, options=listed))) and answer != "back":
        if answer.isdigit() and 1 <= int(answer) <= len(options):
            return tuple(list(options.values())[int(answer) - 1])
        say(f"foedus: {answer} is no number from 1 to {len(options)}")
    return ()


def asked(question: str) -> str:
    """What the person answers, empty at the end of the input; the question goes to stderr."""
    print(question, end="", file=sys.stderr, flush=True)  # noqa: T201
    return sys.stdin.readline().strip()


def lines_of(given: list[str]) -> Iterator[Mapping[str, Any]]:
    """The acts of `--act`: JSON, `-` for stdin, `@FILE` with one act a line.

    Raises:
        FoedusError: a file that cannot be read, or a line that is no JSON object, with its place.
    """
    for one in given:
        if one != "-" and not one.startswith("@"):
            yield act_given(one)
            continue
        where = "stdin" if one == "-" else one[1:]
        try:
            text = sys.stdin.read() if one == "-" else Path(where).read_text("utf8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise FoedusError(where, f"cannot be read ({wrong})", "Give a file with one act of JSON a line") from None
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield act_given(line, f"{where}:{number}")


def act_given(text: str, where: str = "--act") -> dict[str, Any]:
    """The JSON object of an act.

    Raises:
        FoedusError: no JSON, or no object.
    """
    try:
        row = json.loads(text)
    except json.JSONDecodeError as wrong:
        do = """Write for instance '{"kind": "request_assistance", "actors": ["KAZ"]}'"""
        raise _refusal(where)(f"{where}, column {wrong.colno}", f"is no JSON: {wrong.msg}", do) from None
    if not isinstance(row, dict):
        raise _refusal(where)(where, f"is {type(row).__name__}, expected an object", 'Write {"kind": ...}')
    see_words(json.dumps(row, ensure_ascii=False), where)
    return row


def _refusal(where: str) -> type[FoedusError]:
    return UsageError if where == "--act" else FoedusError


def unwrapped(row: Mapping[str, Any], force: bool) -> tuple[Mapping[str, Any], str, bool, str]:
    """An act, the day it is, whether it is forced, and its note, out of a line that may hold these beside the act."""
    if not isinstance(row.get("act"), dict):
        return row, "", force, ""
    return row["act"], str(row.get("on") or ""), force or row.get("force") is True, str(row.get("note") or "")


def changes_of(given: list[str]) -> dict[str, Any]:
    """Roles and values of `ROLE=VALUE`, parties as lists, an empty value as none.

    Raises:
        UsageError: no equals sign.
    """
    from foedus.terms import roles

    changes: dict[str, Any] = {}
    for one in given:
        role, sign, value = one.partition("=")
        role, value = role.strip(), value.strip()
        if not sign or not role:
            raise UsageError(one, "is no ROLE=VALUE", "Write for instance date=2022-01-06")
        if not value:
            changes[role] = None
        elif role in roles() and roles()[role].values == "parties":
            changes[role] = [part.strip() for part in value.split(",")]
        else:
            changes[role] = value
    return changes
