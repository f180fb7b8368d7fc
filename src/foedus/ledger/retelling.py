"""One doing that two persons entered: when it is one, what the second telling adds, what an act entered goes by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from foedus.ledger.weave import first_said
from foedus.terms import Act, Mark, Source, doing_from_json, doing_to_json, fingerprint
from foedus.terms.ids import act_id

_LEAST_SURE = tuple(Mark)


def is_same_doing(a: Act, b: Act) -> bool:
    """Whether two acts, performed by persons or scenarios, are one doing; sources, notes and ids aside."""
    return a.origin is b.origin and a.forced == b.forced and doing_to_json(a) == doing_to_json(b)


def told_again(act: Act, again: Act) -> Act:
    """An act with what another telling of the same doing has besides, and the less sure mark of both.

    That is: sources, an earlier publication, points on which sources differ, a note. A source told twice, once with the
    day of its publication, is one.
    """
    notes = (part for part in again.note.split("; ") if part and part not in act.note.split("; "))
    return replace(
        act,
        sources=_each_once((*act.sources, *again.sources)),
        published=first_said((act.published, again.published)),
        conflicts=tuple(dict.fromkeys((*act.conflicts, *again.conflicts))),
        mark=max(act.mark, again.mark, key=_LEAST_SURE.index),
        note="; ".join(filter(None, (act.note, *notes))),
    )


def _each_once(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    found: dict[tuple[str, str], Source] = {}
    for one in sources:
        held = found.setdefault((one.where, one.words), one)
        found[one.where, one.words] = replace(held, published=first_said((held.published, one.published)))
    return tuple(found.values())


def changed(act: Act, changes: Mapping[str, Any]) -> Act:
    """An act with other values in some roles, as a correction gives them."""
    return replace(act, **doing_from_json({**doing_to_json(act), **changes}))


def names_for(act: Act) -> Iterator[str]:
    """The ids an act that was entered may go by, best first; without end.

    The one it was given, or one made of its roles; then others made of its roles, for what bears that id already and
    is another act, or was taken back.
    """
    yield act.id or act_id(act)
    for turn in count(2):
        yield act_id(act, fingerprint(doing_to_json(act), turn))
