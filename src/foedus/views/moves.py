"""What may be done next: kind, who, to whom, by which article, in what form, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.rules import Admissible, Move
from foedus.terms import OrgCode, Verified
from foedus.views.frames import ByWidth, add_row, folded, heading, indented, plain_table
from foedus.views.labels import ENGLISH, Labels
from foedus.views.safe import on_one_line

# From how many holders on a status stands for them all.
MANY = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """Moves that differ only in who does them, or only in whom and with what they are done: one line of the view.

    Each of `doers` may do it on its own, to each of `targets`, with each of `roles`; `moves` holds them all.
    """

    moves: tuple[Move, ...]
    doers: tuple[str, ...]
    targets: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def move(self) -> Move:
        """One of them, for what all share: kind, article, form, deadline."""
        return self.moves[0]


def choices_of(moves: Iterable[Move], labels: Labels, org: str) -> tuple[Choice, ...]:
    """The moves drawn together, those that are due first, else in the order given; bodies of `org` without its code."""
    by_doer: dict[tuple[object, ...], list[Move]] = {}
    for move in moves:
        by_doer.setdefault((*_rest(move), move.target, move.more), []).append(move)
    drawn: dict[tuple[object, ...], list[list[Move]]] = {}
    for row in by_doer.values():
        doers = tuple((move.actor, move.body) for move in row)
        drawn.setdefault((*_rest(row[0]), doers), []).append(row)
    found = [
        Choice(
            tuple(move for row in rows for move in row),
            _each(labels.joint((*move.actor, *move.body), org) for move in rows[0]),
            _each(labels.joint(row[0].target, org) for row in rows),
            _roles((row[0].more for row in rows), labels, org),
        )
        for rows in drawn.values()
    ]
    return tuple(sorted(found, key=lambda choice: not choice.move.due))


def numbered_moves(admissible: Admissible) -> tuple[tuple[Move, ...], ...]:
    """The moves behind each line of the view, in the order of its numbers."""
    return tuple(choice.moves for choice in choices_of(admissible, Labels(), admissible.charter.org))


def admissible_text(
    admissible: Admissible,
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
    numbered: bool = False,
) -> RenderableType:
    """The acts in order next, drawn together: what, by any of whom, to any of whom, with, article, form, by when.

    Args:
        numbered: each line opens with its number, from 1; `numbered_moves` gives the moves behind it.
    """
    labels = Labels(lang, charters or {admissible.charter.org: admissible.charter})
    choices = choices_of(admissible, labels, admissible.charter.org)
    title = heading(labels.named(admissible.charter.org), labels.word("when.end_of_day", day=admissible.day))
    if not choices:
        return Group(title, Text(labels.word("move.none")))
    has_deadline = any(deadline_of(choice.move, labels) for choice in choices)
    columns = ["what", "any_of", "to_any", "with", "article", "form", *(["due"] * has_deadline)]
    table = plain_table(*([">"] * numbered), *labels.columns(*columns))
    narrow: list[RenderableType] = []
    for number, choice in enumerate(choices, 1):
        move = choice.move
        rank = "" if move.verified is Verified.TEXT else f" ({labels.verified(move.verified, short=True)})"
        articles = ", ".join(move.article) + rank
        doers, targets = (_together(words, admissible, labels) for words in (choice.doers, choice.targets))
        to = f" → {', '.join(targets)}" if targets else ""
        start = f"{number:>2}  " * numbered
        line = Text.assemble(start, (labels.kind(move.kind), "bold"), f"  {', '.join(doers)}{to}")
        narrow.append(folded(line))
        deadline = deadline_of(move, labels)
        due = labels.word("move.due", day=deadline) if deadline else ""
        about = " · ".join(part for part in (due, "; ".join(choice.roles), articles, on_one_line(move.form)) if part)
        narrow.append(indented(Text(about, "dim"), 4))
        add_row(
            table,
            *([str(number)] * numbered),
            Text(labels.kind(move.kind), "bold"),
            ", ".join(doers),
            ", ".join(targets),
            "; ".join(choice.roles),
            articles,
            on_one_line(move.form),
            *([deadline] * has_deadline),
        )
    total = sum(len(choice.moves) for choice in choices)
    count = labels.word("move.count", n=total)
    ranks = dict.fromkeys(c.move.verified for c in choices if c.move.verified is not Verified.TEXT)
    notes = _prefix_note(admissible, labels)
    for rank in ranks:
        notes.append(labels.word("move.verified", short=labels.verified(rank, short=True), how=labels.verified(rank)))
    last = folded(Text(" ".join(notes), "dim"))
    return Group(title, ByWidth(table, Group(*narrow)), Text(f"\n{count}"), last)


def admissible_json(admissible: Admissible) -> dict[str, Any]:
    """The acts in order next as plain JSON, each on its own: `org`, `day`, `moves`."""
    moves: Sequence[Move] = tuple(admissible)
    return {
        "org": admissible.charter.org,
        "day": admissible.day.edtf,
        "variant": admissible.charter.variant or None,
        "moves": [move.to_json() for move in moves],
    }


def _together(words: Sequence[str], admissible: Admissible, labels: Labels) -> Sequence[str]:
    """Parties in words, with all holders of a large status as one: `every member (32)`."""
    if len(words) <= MANY:
        return words
    for status in admissible.charter.statuses:
        held = admissible.holders(status)
        missing = [party for party in held if party not in words]
        if len(held) > MANY and len(missing) < 2:
            name = labels.status(admissible.charter.org, status)
            every = labels.word("move.every", status=name, n=len(held))
            if missing:
                every = labels.word("move.every_but", status=name, n=len(held), party=missing[0])
            return every, *(word for word in words if word not in held)
    return words


def deadline_of(move: Move, labels: Labels) -> str:
    """Until when a move is due; empty where nothing asks for it."""
    if move.deadline:
        return str(move.deadline)
    return labels.word("when.at_once") if move.due else ""


def _prefix_note(admissible: Admissible, labels: Labels) -> list[str]:
    """How a body or office named without its organisation is written in an act; nothing where none is named."""
    org = admissible.charter.org
    named = [p for move in admissible for p in (*move.actor, *move.body, *move.target) if p.startswith(f"{org}:")]
    if not named:
        return []
    return [labels.word("move.prefix", org=org, whole=named[0], short=named[0].removeprefix(f"{org}:"))]


def _rest(move: Move) -> tuple[object, ...]:
    return move.kind, move.rule, move.article, move.form, move.deadline, move.due


def _roles(several: Iterable[Sequence[tuple[str, str]]], labels: Labels, org: str) -> tuple[str, ...]:
    """Further roles, each with the values it may take: `status: observer or partner`."""
    found: dict[str, dict[str, None]] = {}
    for roles in several:
        for name, value in roles:
            found.setdefault(name, {})[_value(name, value, labels, org)] = None
    either = labels.word("join.or")
    return tuple(
        labels.word("move.role", role=labels.role(name).lower(), values=either.join(values))
        for name, values in found.items()
    )


def _value(role: str, value: str, labels: Labels, org: str) -> str:
    """A status or office by its name; in English by its code, which is what a person types."""
    if role not in ("status", "office"):
        return labels.value(role, value)
    if labels.lang == ENGLISH:
        return on_one_line(value).replace("_", " ")
    return labels.status(org, value) if role == "status" else labels.party(f"{org}:{value.removeprefix(f'{org}:')}")


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
