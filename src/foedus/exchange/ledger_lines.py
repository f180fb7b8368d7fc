"""A whole ledger as JSON Lines: what it says of itself, every entry in the order of writing, every text beside them.

Standard: JSON (RFC 8259), one value a line in UTF-8. Every line has one key: `ledger` (the first line: the form's
number, the ledger's name and when it was begun, how many lines are to come), `entry` (with its link in hex), or `text`
(of a page or a charter, under the SHA-256 of itself). Reading proves every link and every text.
Drops: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from foedus.exchange.act_lines import json_line, json_rows
from foedus.exchange.goods import Goods, WholeLedger
from foedus.ledger import Entry, EntryType
from foedus.ledger.chain import Row, entry_of, link_of, origin, rows_of
from foedus.ledger.entries import readable, text_beside, text_hash
from foedus.terms import Day, FoedusError

FORM = 1

LONGEST = 500_000_000
"""Bytes of the longest line read: a data set is one page, and its text one line."""

_DO = "Export the ledger again: foedus export ledger --ledger FILE"


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes a ledger; nothing is dropped.

    Raises:
        FoedusError: the goods are acts and no ledger.
    """
    whole = goods.ledger
    if whole is None:
        raise FoedusError("ledger", "no ledger is to go out", "Give one with --ledger FILE")
    counts = {"entries": len(whole.rows), "texts": len(whole.texts)}
    out.write(json_line({"ledger": {"form": FORM, "identity": dict(whole.identity), **counts}}))
    for row in whole.rows:
        out.write(json_line({"entry": entry_json(row)}))
    for sha256, text in whole.texts.items():
        out.write(json_line({"text": {"sha256": sha256, "text": text}}))
    return ()


def knows(head: bytes) -> bool:
    """Whether a file begins as a ledger does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b'{"ledger":')


def read(file: BinaryIO, where: str) -> WholeLedger:
    """A ledger equal to the one written.

    Raises:
        FoedusError: a damaged line, an entry that cannot be read back or is not linked to the one before, a text that
            is not the one its page or charter had, or fewer lines than the first one promised.
    """
    lines = json_rows(file, where, LONGEST)
    _, head = next(lines, ("", {}))
    promised = head.get("ledger")
    if not isinstance(promised, dict) or promised.get("form") != FORM or not _is_identity(promised.get("identity")):
        raise FoedusError(f"{where}:1", f"is no ledger in form {FORM}", _DO)
    identity: dict[str, str] = promised["identity"]
    rows: list[Row] = []
    texts: dict[str, str] = {}
    previous = origin(identity)
    for place, line in lines:
        try:
            if "entry" in line:
                rows.append(_row(line["entry"], previous, place))
                previous = rows[-1].link
            else:
                _see_text(line["text"]["sha256"], line["text"]["text"], place)
                texts[line["text"]["sha256"]] = line["text"]["text"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"is neither an entry nor a text ({type(error).__name__} {error})"
            raise FoedusError(place, what, _DO) from None
    for name, found in (("entries", len(rows)), ("texts", len(texts))):
        if promised.get(name) != found:
            raise FoedusError(where, f"holds {found} {name}, and its first line says {promised.get(name)}", _DO)
    for name in texts_of(rows):
        if name not in texts:
            raise FoedusError(where, f"the text {name} of a page or a charter is not there", _DO)
    return WholeLedger(identity, tuple(rows), texts)


def texts_of(rows: list[Row] | tuple[Row, ...]) -> Iterator[str]:
    """The hashes of the texts that the pages and charters among some rows keep."""
    for row in rows:
        if text := text_beside(row.type, row.payload):
            yield text


def entry_json(row: Row) -> dict[str, Any]:
    """An entry as plain JSON, with its link."""
    entry = entry_of(row)
    return {
        "seq": entry.seq,
        "group": entry.group,
        "type": entry.type.value,
        "id": entry.id,
        "payload": dict(entry.payload),
        "who": entry.who,
        "why": entry.why,
        "valid": row.valid,
        "known": row.known,
        "recorded": entry.recorded,
        "link": row.link.hex(),
    }


def _row(line: Mapping[str, Any], previous: bytes, place: str) -> Row:
    """The row of an entry, its link made anew and held against the one it came with."""
    entry = Entry(
        type=EntryType(line["type"]),
        id=line["id"],
        payload=dict(line["payload"]),
        who=line["who"],
        why=line["why"],
        valid=Day.parse(line["valid"]) if line["valid"] else None,
        known=Day.parse(line["known"]) if line["known"] else None,
    )
    try:
        ready = readable(entry)
    except FoedusError as error:
        raise FoedusError(place, str(error), _DO) from None
    (row,) = rows_of([ready], int(line["seq"]) - 1, int(line["group"]), str(line["recorded"]), previous)
    if row.link.hex() != line["link"] or link_of(row, previous) != row.link:
        raise FoedusError(place, f"entry {row.seq} is not linked to the one before it: one was changed or lost", _DO)
    return row


def _see_text(sha256: str, text: str, place: str) -> None:
    if text_hash(text) != sha256:
        raise FoedusError(place, f"the text {sha256} is not the one its page or charter had", _DO)


def _is_identity(value: object) -> bool:
    return isinstance(value, dict) and "ledger" in value and all(isinstance(text, str) for text in value.values())
