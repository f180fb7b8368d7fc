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
from foedus.views.frames import ByWidth, add_row, heading, indented, plain_table
from foedus.views.labels import VERIFIED, Labels
from foedus.views.safe import on_one_line


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
            _roles((row[0].more for row in rows), labels),
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
    when = f"at the end of {admissible.day}"
    if not choices:
        return Group(heading(labels.named(admissible.charter.org), when), Text("Nothing is admissible."))
    has_deadline = any(deadline_of(choice.move) for choice in choices)
    columns = [">"] * numbered + ["what", "by any of", "to or for any of", "with", "article", "form"]
    table = plain_table(*columns, *(["due"] * has_deadline))
    narrow: list[RenderableType] = []
    for number, choice in enumerate(choices, 1):
        move = choice.move
        articles = ", ".join(move.article) + ("" if move.verified is Verified.TEXT else f" ({move.verified.value})")
        to = f" → {', '.join(choice.targets)}" if choice.targets else ""
        start = f"{number:>2}  " * numbered
        narrow.append(Text.assemble(start, (labels.kind(move.kind), "bold"), f"  {', '.join(choice.doers)}{to}"))
        due = f"due {deadline_of(move)}" if deadline_of(move) else ""
        about = " · ".join(part for part in (due, "; ".join(choice.roles), articles, on_one_line(move.form)) if part)
        narrow.append(indented(Text(about, "dim"), 4))
        add_row(
            table,
            *([str(number)] * numbered),
            Text(labels.kind(move.kind), "bold"),
            ", ".join(choice.doers),
            ", ".join(choice.targets),
            "; ".join(choice.roles),
            articles,
            on_one_line(move.form),
            *([deadline_of(move)] * has_deadline),
        )
    total = sum(len(choice.moves) for choice in choices)
    count = f"{total} act{'' if total == 1 else 's'} would be in order."
    words = dict.fromkeys(c.move.verified for c in choices if c.move.verified is not Verified.TEXT)
    notes = _prefix_note(admissible)
    notes += [f"{verified.value}: article {VERIFIED[verified]}." for verified in words]
    last = Text(" ".join(notes), "dim")
    return Group(
        heading(labels.named(admissible.charter.org), when), ByWidth(table, Group(*narrow)), Text(f"\n{count}"), last
    )


def admissible_json(admissible: Admissible) -> dict[str, Any]:
    """The acts in order next as plain JSON, each on its own: `org`, `day`, `moves`."""
    moves: Sequence[Move] = tuple(admissible)
    return {
        "org": admissible.charter.org,
        "day": admissible.day.edtf,
        "variant": admissible.charter.variant or None,
        "moves": [move.to_json() for move in moves],
    }


def deadline_of(move: Move) -> str:
    """Until when a move is due; empty where nothing asks for it."""
    if move.deadline:
        return str(move.deadline)
    return "at once" if move.due else ""


def _prefix_note(admissible: Admissible) -> list[str]:
    """How a body or office named without its organisation is written in an act; nothing where none is named."""
    org = admissible.charter.org
    named = [p for move in admissible for p in (*move.actor, *move.body, *move.target) if p.startswith(f"{org}:")]
    if not named:
        return []
    return [f"Bodies and offices are those of {org}: write {named[0]} for {named[0].removeprefix(f'{org}:')}."]


def _rest(move: Move) -> tuple[object, ...]:
    return move.kind, move.rule, move.article, move.form, move.deadline, move.due


def _roles(several: Iterable[Sequence[tuple[str, str]]], labels: Labels) -> tuple[str, ...]:
    """Further roles, each with the values it may take: `status: observer or partner`."""
    found: dict[str, dict[str, None]] = {}
    for roles in several:
        for name, value in roles:
            words = on_one_line(value).replace("_", " ") if name in ("status", "office") else on_one_line(value)
            found.setdefault(name, {})[words] = None
    return tuple(f"{labels.role(name).lower()}: {' or '.join(values)}" for name, values in found.items())


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
