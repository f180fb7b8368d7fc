"""Acts as JSON Lines: one act a line, as `act.schema.json` publishes it.

Standard: JSON (RFC 8259), one value a line in UTF-8, JSON Schema draft 2020-12.
Drops: nothing of an act. The claims an act rests on are named by id; their words stay in the ledger.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from foedus.exchange.goods import Goods, ReadActs, beyond_reading
from foedus.terms import Act, FoedusError, roles

LONGEST = 20_000_000
"""Bytes of the longest line read."""

INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
"""How a ledger writes moments: RFC 3339, in UTC with microseconds."""

_ONE_A_LINE = "Write one JSON object a line"

TEXTS = ("id", "kind", "org", "place", "date", "date_end", "date_precision", "modality", "origin", "mark", "note")
_TEXTS = frozenset((*TEXTS, "published", "recorded"))
_LISTS = frozenset(("actors", "targets", "claims"))
_ROWS: Mapping[str, frozenset[str]] = {
    "sources": frozenset(("where", "published", "words")),
    "conflicts": frozenset(("field", "says", "source")),
}


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes acts, one a line; nothing is dropped, what cannot come back is told."""
    too_long = []
    for act in goods.acts:
        line = json_line(act.to_json())
        out.write(line)
        if len(line) > LONGEST:
            too_long.append(act.id)
    return tuple(beyond_reading(too_long, f"{LONGEST:,} bytes"))


def read(file: BinaryIO, where: str) -> ReadActs:
    """The acts of JSON Lines, equal to those written.

    Raises:
        FoedusError: a line that is no JSON or no act; names file, line and key.
    """
    return ReadActs(tuple(act_of(row, place) for place, row in json_rows(file, where, LONGEST)))


def json_line(value: object) -> bytes:
    """A value as one line of JSON in UTF-8; half a character, which a damaged page can hold, goes out escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value).encode() + b"\n"


def json_rows(file: BinaryIO, where: str, longest: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of JSON Lines, each with its place (`file:line`); empty lines are passed over.

    Raises:
        FoedusError: a line too long, not UTF-8, no JSON, or no object.
    """
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        place = f"{where}:{number}"
        if len(line) > longest:
            raise FoedusError(place, f"is longer than the {longest:,} bytes read as one line", "Write one value a line")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once)
        except UnicodeDecodeError:
            raise FoedusError(place, "is no UTF-8", "Save the file as UTF-8") from None
        except RecursionError:
            raise FoedusError(place, "is no JSON (too many brackets in brackets)", _ONE_A_LINE) from None
        except _TwiceError as error:
            raise FoedusError(place, f"names {error.args[0][:60]!r} twice", "Leave one of the two") from None
        except ValueError as error:
            # What is no mistake of spelling is a number with more digits than Python turns into one.
            why = str(error) if isinstance(error, json.JSONDecodeError) else "a number of thousands of digits"
            raise FoedusError(place, f"is no JSON ({why})", _ONE_A_LINE) from None
        if not isinstance(row, dict):
            raise FoedusError(place, f"is no JSON object but {str(row)[:40]!r}", _ONE_A_LINE)
        yield place, row


class _TwiceError(ValueError):
    """An object names a key twice: which of the two is meant cannot be told."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def act_of(row: Mapping[str, Any], place: str) -> Act:
    """The act of plain JSON, every key and shape checked.

    Raises:
        FoedusError: an unknown key, with the nearest known, or a value of the wrong shape.
    """
    for key, value in row.items():
        _see(key, value, place)
    try:
        act = Act.from_json(row)
    except KeyError as error:
        raise FoedusError(place, f"has no {error.args[0]}", "foedus export --schema tells what an act needs") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise FoedusError(place, str(error)[:300], "foedus export --schema tells what an act holds") from None
    if act.recorded and not re.fullmatch(INSTANT, act.recorded):
        what = f"recorded is {act.recorded[:60]!r}, no instant such as 2026-11-22T02:11:31.000000Z"
        raise FoedusError(place, what, "Leave it out: the ledger says when it learnt an act")
    told = row.get("date_precision")
    if told is not None and (act.date is None or told != act.date.precision.value):
        raise FoedusError(place, f"date_precision is {told!r}, and the date is {row.get('date')!r}", "Leave it out")
    return act


def _see(key: str, value: object, place: str) -> None:
    if key in _LISTS:
        right, shape = _is_texts(value), "a list of texts"
    elif key == "body":
        right, shape = value is None or isinstance(value, str) or _is_texts(value), "a text, a list of texts or null"
    elif key in _ROWS:
        right = isinstance(value, list) and all(_is_row(one, _ROWS[key]) for one in value)
        shape = f"a list of objects with {', '.join(sorted(_ROWS[key]))}"
    elif key == "forced":
        right, shape = isinstance(value, bool), "true or false"
    elif key in _TEXTS or key in roles():
        right, shape = value is None or isinstance(value, str), "a text"
    else:
        near = difflib.get_close_matches(key, known_keys(), 1, 0.6)
        do = f"The nearest is {near[0]!r}" if near else "foedus export --schema lists the keys"
        raise FoedusError(place, f"{key[:60]!r} is no key of an act", do)
    if not right:
        raise FoedusError(place, f"{key} is {str(value)[:60]!r}, expected {shape}", "foedus export --schema tells more")


def known_keys() -> tuple[str, ...]:
    """Every key that an act may have, those of all acts first."""
    return tuple(dict.fromkeys((*sorted(_TEXTS), *sorted(_LISTS), "body", *_ROWS, "forced", *roles())))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_row(value: object, keys: Iterable[str]) -> bool:
    if not isinstance(value, dict) or not value.keys() <= set(keys):
        return False
    needed = set(keys) - {"published", "words"}
    return needed <= value.keys() and all(
        isinstance(text, str) or (text is None and key == "published") for key, text in value.items()
    )
