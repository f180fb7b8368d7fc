"""Charters that a ledger keeps: which text it took for the rules of an organisation, when, and who did so.

This room knows a charter's text and its hash alone; that the text is a charter which loads is seen by whoever keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from foedus.ledger.entries import GIVEN_UP, KEPT, Entry, EntryType, text_hash
from foedus.terms import OrgCode


class Turn(StrEnum):
    """What an entry did to the charter of an organisation."""

    TAKEN_UP = "taken up"
    REPLACED = "replaced"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCharter:
    """The text a ledger holds for the charter of an organisation, since the moment it was `recorded` (RFC 3339, UTC).

    `source` says where the text comes from, in the words of `who` kept it; `ledger` where the ledger lies.
    """

    org: OrgCode
    ledger: str
    text: str = field(repr=False)
    sha256: str
    source: str
    who: str
    why: str
    recorded: str
    seq: int


@dataclass(frozen=True, slots=True)
class CharterTurn:
    """One entry on a charter: what it did; `before` is the entry it took the place of, None where none stood."""

    turn: Turn
    entry: Entry
    before: Entry | None

    @property
    def org(self) -> OrgCode:
        """The organisation whose charter it is."""
        return OrgCode(self.entry.id)

    @property
    def source(self) -> str:
        """Where the text comes from; empty where a charter was given up."""
        return str(self.entry.payload.get("source", ""))

    def to_json(self) -> dict[str, Any]:
        """The turn as plain JSON."""
        entry = self.entry
        return {
            "charter": entry.id,
            "fate": self.turn.value,
            "source": self.source,
            "text_sha256": entry.payload.get("text_sha256"),
            "before": self.before and self.before.payload.get("text_sha256"),
            "entry": entry.seq,
            "who": entry.who,
            "why": entry.why,
            "recorded": entry.recorded,
        }


def turns_of(entries: Iterable[Entry]) -> tuple[CharterTurn, ...]:
    """What each entry on a charter did, in the order of writing, of all of them from the first on."""
    last: dict[str, Entry] = {}
    found = []
    for entry in entries:
        before = last.pop(entry.id, None)
        if is_kept(entry):
            last[entry.id] = entry
        turn = Turn.GIVEN_UP if not is_kept(entry) else Turn.REPLACED if before else Turn.TAKEN_UP
        found.append(CharterTurn(turn, entry, before))
    return tuple(found)


def standing(entries: Iterable[Entry]) -> dict[OrgCode, Entry]:
    """The entry that holds for each organisation, in alphabetical order: the last one, where it gives nothing up."""
    last = {OrgCode(entry.id): entry for entry in entries}
    return {org: entry for org, entry in sorted(last.items()) if is_kept(entry)}


def is_kept(entry: Entry) -> bool:
    """Whether an entry takes up a text, rather than giving one up."""
    return bool(entry.payload["of"] == KEPT)


def keeping(org: str, text: str, who: str, why: str, source: str) -> Entry:
    """The entry by which a ledger takes a text for the charter of an organisation."""
    told = {"of": KEPT, "org": org, "text_sha256": text_hash(text), "characters": len(text), "source": source}
    return Entry(type=EntryType.CHARTER, id=org, payload=told, who=who, why=why)


def giving_up(org: str, who: str, why: str) -> Entry:
    """The entry by which a ledger gives the charter of an organisation up."""
    return Entry(type=EntryType.CHARTER, id=org, payload={"of": GIVEN_UP, "org": org}, who=who, why=why)
