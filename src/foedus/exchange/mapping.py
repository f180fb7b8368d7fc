"""How a table maps onto acts: which column holds which role, what is the same for all, how dates and codes are written.

A mapping is one TOML file. The one of our own CSV, `acts.toml`, shows every key; `examples/spreadsheet/` has one for an
analyst's own table. Unknown keys are refused with the nearest known.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from foedus.terms import Day, FoedusError, Mark, Modality, Origin, Party, Sort, StateCode, kinds, roles, states

TEXTS = ("id", "kind", "org", "place", "date", "date_end", "modality", "origin", "mark", "note", "published")
LISTS = ("actors", "body", "targets", "claims")
ROWS = {
    "source": ("sources", "where"),
    "source_published": ("sources", "published"),
    "source_words": ("sources", "words"),
    "conflict_field": ("conflicts", "field"),
    "conflict_says": ("conflicts", "says"),
    "conflict_source": ("conflicts", "source"),
}
DATES = ("date", "date_end", "published", "source_published")
PARTIES = ("actors", "body", "targets")
_ENUMS: Mapping[str, type[StrEnum]] = {"modality": Modality, "origin": Origin, "mark": Mark}


def fields() -> tuple[str, ...]:
    """What a column may hold: every role of an act, its sources and conflicts taken apart, and what is known of it."""
    own = (*TEXTS, "recorded", "forced", *LISTS, *ROWS)
    return (*own, *(name for name in roles() if name not in own))


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One mapping.

    `columns` gives for each field the columns that hold it, several only for a list. `constants` are fields that are
    the same in every row. `values` translates what stands in a cell, by field. `dates` are tried one after the other:
    `edtf`, or a pattern of strptime such as `%d.%m.%Y`. `delimiter` is empty where the table's first line tells it.
    `guarded` tells that cells have the apostrophe of `cells.py`, `checked` that every party must be an id of the
    vocabulary.
    """

    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    dates: tuple[str, ...] = ("edtf",)
    separator: str = ";"
    delimiter: str = ""
    encoding: str = "utf-8-sig"
    guarded: bool = False
    checked: bool = True


_TABLES = ("columns", "constants", "values")
_WORDS = ("separator", "delimiter", "encoding")
_SWITCHES = ("guarded", "checked")


@cache
def own_mapping() -> ColumnMap:
    """The mapping of the CSV that foedus writes."""
    return mapping_of(own_text(), "acts.toml")


def own_text() -> str:
    """The file of that mapping, with words on every key: a beginning for another."""
    return (files("foedus.exchange") / "acts.toml").read_text("utf8")


def read_mapping(path: Path) -> ColumnMap:
    """The mapping of a file.

    Raises:
        FoedusError: cannot be read, no TOML, a key that none has, with the nearest known, or a value that no act can
            have; names file and key.
    """
    try:
        return mapping_of(path.read_text("utf-8-sig"), str(path))
    except OSError as error:
        raise FoedusError(str(path), f"the mapping cannot be read ({error.strerror})", "Check the path") from None
    except UnicodeDecodeError as error:
        raise FoedusError(str(path), f"byte {error.start} is no UTF-8", "Save the mapping as UTF-8") from None


def mapping_of(text: str, where: str) -> ColumnMap:
    """The mapping of a text.

    Raises:
        FoedusError: as `read_mapping`.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FoedusError(where, f"is no TOML ({error})", "Mend the line it names") from None
    _known(data, (*_TABLES, *_WORDS, *_SWITCHES, "dates"), where, "")
    for name in _TABLES:
        if not isinstance(data.get(name, {}), dict):
            raise FoedusError(where, f"{name} is no table", f"Write [{name}] on a line of its own")
        _known(data.get(name, {}), fields(), where, name)
    for name in _SWITCHES:
        if not isinstance(data.get(name, False), bool):
            raise FoedusError(where, f"{name} is {data[name]!r}", "Write true or false")
    for name in _WORDS:
        _text(data.get(name, ","), where, name)
    columns = {name: _columns(value, where, name) for name, value in data.get("columns", {}).items()}
    constants = {name: _text(value, where, name) for name, value in data.get("constants", {}).items()}
    for name in sorted(columns.keys() & constants.keys()):
        raise FoedusError(where, f"{name} is a column and a constant", "Keep one of the two")
    if "kind" not in {**columns, **constants}:
        raise FoedusError(where, "tells no kind", "Name its column under [columns], or the kind under [constants]")
    values = {name: _translation(value, where, name) for name, value in data.get("values", {}).items()}
    dates = data.get("dates", ["edtf"])
    if not isinstance(dates, list) or not dates:
        raise FoedusError(where, f"dates is {dates!r}", 'Write a list, such as dates = ["edtf", "%d.%m.%Y"]')
    found = ColumnMap(
        columns,
        constants,
        values,
        tuple(_text(one, where, "dates") for one in dates),
        separator=data.get("separator", ";"),
        delimiter=data.get("delimiter", ""),
        encoding=data.get("encoding", "utf-8-sig"),
        guarded=data.get("guarded", False),
        checked=data.get("checked", True),
    )
    _see_words(found, where)
    _see_meanings(found, where)
    return found


def _see_words(found: ColumnMap, where: str) -> None:
    for name, value in (("separator", found.separator), ("delimiter", found.delimiter or ",")):
        if len(value) != 1 or value in '\\\r\n"':
            raise FoedusError(where, f"{name} is {value!r}", "Write one character, such as , ; | or \\t")
    try:
        "".encode(found.encoding)
    except (LookupError, ValueError):
        raise FoedusError(where, f"encoding is {found.encoding!r}", "Write one such as utf-8 or windows-1251") from None
    for pattern in found.dates:
        if pattern != "edtf" and not _tells_a_year(pattern):
            do = "Write edtf, or a pattern such as %d.%m.%Y: %d is the day, %m the month, %Y the year"
            raise FoedusError(where, f"dates has {pattern!r}, which tells no year", do)


def _tells_a_year(pattern: str) -> bool:
    try:
        written = datetime(2022, 1, 6).strftime(pattern)
        return datetime.strptime(written, pattern).year == 2022
    except ValueError:
        return False


def _see_meanings(found: ColumnMap, where: str) -> None:
    """See that what constants and translated cells mean is what an act can have."""
    for name, text in found.constants.items():
        _see_meaning(name, text, found, f"{where}, constants.{name}")
    for name, meanings in found.values.items():
        for cell, text in meanings.items():
            _see_meaning(name, text, found, f"{where}, values.{name}, {cell[:60]!r}")


def _see_meaning(name: str, text: str, found: ColumnMap, place: str) -> None:
    if choices := choices_of(name):
        if text not in choices:
            near = difflib.get_close_matches(text, choices, 1, 0.6)
            do = f"The nearest is {near[0]!r}" if near else f"Write one of {', '.join(choices)}"
            raise FoedusError(place, no_choice(name, text), do)
    elif name in PARTIES and found.checked:
        see_party(text, place, "Write its id")
    elif name in DATES and not any(_is_day(text, pattern) for pattern in found.dates):
        raise FoedusError(place, f"{text[:60]!r} is no date written as {' or '.join(found.dates)}", "Write it so")


def choices_of(name: str) -> tuple[str, ...]:
    """The values that a field may have, none where it is open."""
    if name == "kind":
        return tuple(kinds())
    if name == "forced":
        return ("true", "false")
    if name in _ENUMS:
        return tuple(one.value for one in _ENUMS[name])
    return roles()[name].choices if name in roles() else ()


def no_choice(name: str, text: str) -> str:
    """What is wrong with a text that is none of the values a field may have."""
    return f"{text[:60]!r} is no {'kind of the vocabulary' if name == 'kind' else f'value of {name}'}"


def see_party(text: str, place: str, do: str) -> None:
    """See that a text is the id of a party, and of a state that there is.

    Raises:
        FoedusError: it is none.
    """
    try:
        party = Party.parse(text)
        if party.sort is Sort.STATE and StateCode(party.id) not in states():
            raise ValueError(f"{text!r} is no code of a state")
    except ValueError as error:
        what = str(error).split(":")[0] if len(text) > 60 else str(error)
        raise FoedusError(place, what[:300], do) from None


def day_of(text: str, pattern: str) -> Day:
    """The day of a text written in EDTF, or in a pattern of strptime and then as precise as the pattern.

    Raises:
        ValueError: it is not written so.
    """
    if pattern == "edtf":
        return Day.parse(text)
    moment = datetime.strptime(text, pattern)
    told = set(re.findall("%(.)", pattern))
    if told & set("djxc"):
        return Day.of(moment.date())
    return Day.ymd(moment.year, moment.month if told & set("mbB") else None)


def _is_day(text: str, pattern: str) -> bool:
    try:
        return bool(day_of(text, pattern))
    except ValueError:
        return False


def _known(table: Mapping[str, Any], known: tuple[str, ...], where: str, name: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.6)
            inside = f"[{name}] has" if name else "has"
            do = f"The nearest is {near[0]!r}" if near else f"Known are {', '.join(known)}"
            raise FoedusError(where, f"{inside} the unknown key {key[:60]!r}", do)


def _columns(value: object, where: str, name: str) -> tuple[str, ...]:
    if isinstance(value, list) and value and name in LISTS:
        named = tuple(_text(one, where, name) for one in value)
        if len(set(named)) < len(named):
            raise FoedusError(where, f"{name} names one column twice", "Name each once")
        return named
    if isinstance(value, list):
        raise FoedusError(where, f"{name} names {len(value)} columns", f"Only {', '.join(LISTS)} may have several")
    return (_text(value, where, name),)


def _translation(value: object, where: str, name: str) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise FoedusError(where, f"[values] has {name} as {value!r}", f"Write [values.{name}] and one line a value")
    return {cell: _text(meant, where, f"values.{name}, {cell[:60]!r},") for cell, meant in value.items()}


def _text(value: object, where: str, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise FoedusError(where, f"{name} is {repr(value)[:60]}, expected text", "Put the text in quotes")
    return value
