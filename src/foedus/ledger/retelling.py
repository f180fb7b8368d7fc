"""One doing that two persons entered: when it is one, and what the second telling adds."""

from __future__ import annotations

from dataclasses import replace

from foedus.ledger.weave import first_said
from foedus.terms import Act, doing_to_json


def is_same_doing(a: Act, b: Act) -> bool:
    """Whether two acts, performed by persons or scenarios, are one doing; sources, notes and ids aside."""
    return a.origin is b.origin and a.forced == b.forced and doing_to_json(a) == doing_to_json(b)


def told_again(act: Act, again: Act) -> Act:
    """An act with what another telling of the same doing has besides: sources, an earlier publication, a note."""
    return replace(
        act,
        sources=tuple(dict.fromkeys((*act.sources, *again.sources))),
        published=first_said((act.published, again.published)),
        note="; ".join(dict.fromkeys(filter(None, (*act.note.split("; "), *again.note.split("; "))))),
    )
