"""The hash chain: every entry holds the SHA-256 of its own canonical JSON, which holds that of the entry before.

Whoever changes, removes or moves an entry must recompute every link after it; a signed checkpoint kept elsewhere
(`checkpoint.py`) then shows that this was done. The first entry follows the hash of what the ledger says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from foedus.ledger.entries import Entry, EntryType, Readable, canonical, plain
from foedus.terms import Day

COLUMNS = "seq, grp, type, id, payload, who, why, valid, known, recorded, link, about, org, kind"
"""The columns of a row, by their names in a store."""


class Row(NamedTuple):
    """An entry as it is stored: texts and numbers, the 32 bytes of its link, and what it is found by.

    `about` is the name of a page, or for a claim the SHA-256 of its page; `org` and `kind` are those of a claim or an
    act. All three only repeat what the payload says, so the link does not cover them; `found_by` gives them anew.
    """

    seq: int
    group: int
    type: str
    id: str
    payload: str
    who: str
    why: str
    valid: str | None
    known: str | None
    recorded: str
    link: bytes
    about: str | None
    org: str | None
    kind: str | None

    def holds(self) -> tuple[str | None, str | None, str | None]:
        """What the row says it is found by."""
        return self.about, self.org, self.kind


def origin(identity: Mapping[str, str]) -> bytes:
    """The link that the first entry of a ledger follows: SHA-256 of what the ledger says of itself."""
    return hashlib.sha256(canonical(identity).encode()).digest()


def link_of(row: Row, previous: bytes) -> bytes:
    """The link of an entry after that of the entry before: SHA-256 of the UTF-8 of `linked`."""
    return hashlib.sha256(linked(row, previous).encode()).digest()


def linked(row: Row, previous: bytes) -> str:
    """The canonical JSON that a link covers: every field of the entry, and under `prev` the link before it in hex.

    The payload stands in it as stored, letter for letter, so that no changed byte of it goes unseen.
    """
    return _linked(*row[:10], previous)


def _linked(
    seq: int,
    group: int,
    type: str,  # noqa: A002
    id: str,  # noqa: A002
    payload: str,
    who: str,
    why: str,
    valid: str | None,
    known: str | None,
    recorded: str,
    previous: bytes,
) -> str:
    return (
        f'{{"group":{group},"id":{quoted(id)},"known":{_or_null(known)},"payload":{payload},'
        f'"prev":"{previous.hex()}","recorded":{quoted(recorded)},"seq":{seq},"type":{quoted(type)},'
        f'"valid":{_or_null(valid)},"who":{quoted(who)},"why":{quoted(why)}}}'
    )


def _or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def rows_of(entries: Iterable[Readable], seq: int, group: int, recorded: str, previous: bytes) -> Iterator[Row]:
    """Entries as rows of one group that follow the entry numbered `seq`, whose link is `previous`."""
    for type_, name, payload, who, why, valid, known, about, org, kind in entries:
        seq += 1
        text = _linked(seq, group, type_, name, payload, who, why, valid, known, recorded, previous)
        previous = hashlib.sha256(text.encode()).digest()
        yield Row(seq, group, type_, name, payload, who, why, valid, known, recorded, previous, about, org, kind)


def entry_of(row: Row) -> Entry:
    """The entry of a row.

    Raises:
        KeyError, ValueError, TypeError: the row is no entry.
    """
    return Entry(
        seq=row.seq,
        group=row.group,
        type=EntryType(row.type),
        id=row.id,
        payload=plain(row.payload),
        who=row.who,
        why=row.why,
        valid=Day.parse(row.valid) if row.valid else None,
        known=Day.parse(row.known) if row.known else None,
        recorded=row.recorded,
    )
