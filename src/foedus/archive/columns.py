"""Which columns each frame has, of which type and meaning, and the data frames made by that.

Start at `FRAMES`. Types are those that Arrow carries without loss: `string`, `category`, `Int64`, `boolean`,
`datetime64[s]`. A day of the record is three columns: its EDTF text, and its first and last calendar day. Several
parties, acts or sources in one cell are one text, joined by `; `: pandas does not read its own lists back from Parquet,
and no spreadsheet or Stata file has them. Missing is missing (`pd.NA`, `NaT`), never zero or an empty text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, overload

import numpy as np
import pandas as pd

from foedus.rules import MOMENTS
from foedus.rules.voting import Position
from foedus.terms import Confidence, Day, Mark, Modality, Origin, families, kinds, roles


class Type(StrEnum):
    """What a column holds."""

    STRING = "string"
    CATEGORY = "category"
    NUMBER = "Int64"
    TRUTH = "boolean"
    LIST = "list"
    DATE = "datetime64[s]"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type and meaning; `choices` is the closed list of a category, empty where it is open."""

    name: str
    type: Type
    meaning: str
    choices: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns of the frame it becomes: a day becomes three."""
        return (self.name, f"{self.name}_first", f"{self.name}_last") if self.type is Type.DAY else (self.name,)


def _text(name: str, meaning: str) -> Column:
    return Column(name, Type.STRING, meaning)


def _one_of(name: str, meaning: str, choices: Iterable[str] = ()) -> Column:
    return Column(name, Type.CATEGORY, meaning, tuple(choices))


def _number(name: str, meaning: str) -> Column:
    return Column(name, Type.NUMBER, meaning)


def _truth(name: str, meaning: str) -> Column:
    return Column(name, Type.TRUTH, meaning)


def _list(name: str, meaning: str) -> Column:
    return Column(name, Type.LIST, meaning)


def _day(name: str, meaning: str) -> Column:
    return Column(name, Type.DAY, meaning)


def _date(name: str, meaning: str) -> Column:
    return Column(name, Type.DATE, meaning)


def _role(name: str) -> Column:
    role = roles()[name]
    return _one_of(name, role.meaning, role.choices) if role.choices else _text(name, role.meaning)


KINDS = tuple(kinds())
PAPERS = ("adopt", "sign", "submit", "propose", "agree")
MEETINGS = ("convene", "meet")
_ORG = _one_of("org", "the organisation, by code")
_KIND = _one_of("kind", "kind of act, of the vocabulary", KINDS)
_ACT = _text("act", "id of the act")
_DATE = _day("date", "when, or when it began")
_BODY = _list("body", "the bodies it was done in")
_ACTORS = _list("actors", "who did it, as ids of parties")
_MODALITY = _one_of("modality", "how the words stand to the doing", (m.value for m in Modality))
_MARK = _one_of("mark", "how far it may be relied upon", (m.value for m in Mark))
_ORIGIN = _one_of("origin", "which side it came from", (o.value for o in Origin))
_SOURCES = _list("sources", "where it is said, each once")
_FURTHER = tuple(
    _role(name)
    for name in (
        *("outcome", "phase", "size", "votes", "document", "status", "office", "person", "ground", "legal_basis"),
        *("duration", "command", "stance", "contests", "participants", "format", "public", "detail"),
    )
)
_UNIT = (
    _number("cow", "Correlates of War number at the end of the period; missing where not in that list"),
    _number("gw", "Gleditsch-Ward number at the end of the period; missing where not in that list"),
)
_STATE = _one_of("iso3", "the state, by ISO 3166-1 alpha-3, or a code so marked in state_numbers.csv")
_YEAR = _number("year", "calendar year")

_MEMBERSHIPS = (
    _ORG,
    _one_of("status", "the status held, by the charter's name"),
    _text("party", "who holds it: a state by code, else the id of a party"),
    _truth("is_member", "whether the status is the charter's first: that of its members"),
    _one_of("rule", "the legal moment by which it counts", MOMENTS),
    _day("since", "the first day held, by that moment"),
    _one_of(
        "moment",
        "which moment `since` (under `notified`, `until`) is of: the rule's, or the legal effect where the charter "
        "does not give it",
        MOMENTS,
    ),
    _date("until", "the first day no longer held; missing where not ended by `seen_until`"),
    _date("seen_until", "the first day the record no longer covers; missing where the status has no coverage"),
    _truth("certain", "missing where it cannot be told over these days: disputed, or the moment is not known"),
    _list("acts", "ids of the acts that show it"),
    _MARK,
    _text("source", "the charter's source, where its table shows it"),
    _text("note", "what the charter remarks"),
)

FRAMES: Mapping[str, tuple[Column, ...]] = {
    "acts": (
        _text("id", "id of the act"),
        _KIND,
        _one_of("family", "family of the kind", families()),
        _ORG,
        _ACTORS,
        _BODY,
        _list("targets", "to whom, for whom, against what, as ids of parties"),
        _text("place", "where"),
        _DATE,
        _day("date_end", "the last day, where it lasted"),
        _MODALITY,
        *_FURTHER,
        _ORIGIN,
        _MARK,
        _truth("forced", "whether a person performed it although it was out of order"),
        _number("claims", "how many claims speak of it"),
        _number("conflicts", "on how many points sources differ"),
        _SOURCES,
        _day("published", "when a source first said so; missing where not known"),
        _text("recorded", "when the ledger learnt it, RFC 3339 in UTC; missing for a shipped record"),
        _text("note", "what a reader should know"),
    ),
    "claims": (
        _text("id", "id of the claim"),
        _text("page", "name of the page"),
        _text("act", "id of the act it speaks of; missing where it makes none"),
        _KIND,
        _ORG,
        _ACTORS,
        _BODY,
        _list("targets", "to whom, for whom, against what, as ids of parties"),
        _text("place", "where"),
        _DATE,
        _day("date_end", "the last day, where it lasted"),
        _MODALITY,
        *_FURTHER,
        _truth("retold", "whether history is told again"),
        _list("attributed_to", "who says so, nearest speaker first"),
        _one_of("confidence", "how far it rests on the words themselves", (c.value for c in Confidence)),
        _one_of("language", "language of the words"),
        _number("start", "first character of the evidence in the page's text as received"),
        _number("end", "first character after the evidence"),
        _text("evidence", "the words it rests on"),
        _text("rule", "the reader's rule that found it"),
        _day("published", "when its page was published"),
    ),
    "pages": (
        _text("name", "name of the page"),
        _text("sha256", "SHA-256 of its bytes, in hex"),
        _text("title", "title"),
        _text("url", "address"),
        _text("outlet", "who published it"),
        _one_of("media", "kind of outlet"),
        _list("languages", "languages of the article"),
        _list("chain", "who said it to whom, speaker first, each as kind and name"),
        _text("encoding", "encoding of the bytes"),
        _number("characters", "length of its text in characters"),
        _number("claims", "how many claims stand that were read from it"),
        _day("published", "when it was published"),
    ),
    "facts": (
        _text("id", "id of the claim"),
        _text("page", "name of the page"),
        _ORG,
        _one_of("fact", "which standing fact"),
        _text("value", "its value as told"),
        _day("as_of", "the day it is said to hold"),
        _DATE,
        _list("attributed_to", "who says so, nearest speaker first"),
        _one_of("confidence", "how far it rests on the words themselves", (c.value for c in Confidence)),
        _text("evidence", "the words it rests on"),
        _day("published", "when its page was published"),
    ),
    "memberships": _MEMBERSHIPS,
    "history": (
        *_MEMBERSHIPS,
        _text(
            "recorded", "when the ledger came to hold it so, RFC 3339 in UTC; missing where it is so without the ledger"
        ),
        _text("withdrawn", "when the ledger came to hold it otherwise; missing where it still holds it so"),
    ),
    "meetings": (
        _ACT,
        _one_of("kind", "convene: a body met; meet: parties met", MEETINGS),
        _ORG,
        _BODY,
        _list("attending", "who took part, as far as told"),
        _number("n_attending", "how many parties are told of; missing where none is"),
        _text("place", "where"),
        _DATE,
        _day("date_end", "the last day, where it lasted"),
        _MODALITY,
        _role("format"),
        _text("detail", "in words of the record"),
        _ORIGIN,
        _MARK,
        _SOURCES,
    ),
    "documents": (
        _ACT,
        _one_of("kind", "what was done with it", PAPERS),
        _ORG,
        _text("document", "the paper, as the record names it"),
        _BODY,
        _ACTORS,
        _DATE,
        _MODALITY,
        _role("outcome"),
        _text("votes", "the vote as told"),
        _ORIGIN,
        _MARK,
        _SOURCES,
    ),
    "votes": (
        _ACT,
        _KIND,
        _ORG,
        _BODY,
        _text("document", "the paper voted on"),
        _DATE,
        _MODALITY,
        _text("voter", "the party that voted, or was absent; missing where the vote is told in numbers alone"),
        _one_of("position", "where it stood", (p.value for p in Position)),
        *(_number(f"n_{p.value}", f"how many were {p.value} in all; missing where not told") for p in Position),
        _ORIGIN,
        _MARK,
        _SOURCES,
    ),
    "requests": (
        _ORG,
        _list("by", "who asked; several where they asked together"),
        _list("to", "whom they asked"),
        _DATE,
        _text("ground", "the situation it stands on"),
        _list("acts", "ids of the acts that speak of the request"),
        _list("consulted", "ids of the consultations that answered it"),
        _list("decided", "ids of the decisions that answered it"),
        _list("deployed", "ids of the deployments to the asker after it, within a year and before it asked again"),
        _truth("withdrawn", "whether it was withdrawn"),
        _day("decision", "day of the first decision"),
        _role("outcome"),
        _day("deployment", "day of the first deployment"),
        _number(
            "days_to_decision", "days from request to first decision; missing where unknown, or a day is not exact"
        ),
        _number("days_to_deployment", "days from request to first deployment; missing likewise"),
        _MARK,
    ),
    "deployments": (
        _ORG,
        _text("by", "whose forces: a state, or the organisation"),
        _text("where", "in which state; missing where not told"),
        _day("since", "when they came, as first told"),
        _date("leaving", "the day by which their withdrawal had begun; missing where not told"),
        _date("until", "the day by which they had left; missing where not told"),
        _date("last_told", "the last day on which an act tells of them there: beyond it a stay without an end is open"),
        _number("days", "days from `since` to `until`; missing where they have not left, or either day is not exact"),
        _list("acts", "ids of the acts that show them there"),
        _list("ended_by", "ids of the acts that show them gone"),
        _text("operation", "the operation it belongs to: stays with the same one are counted once in `org-year`"),
        _MARK,
    ),
    "state-year": (
        _STATE,
        *_UNIT,
        _YEAR,
        _ORG,
        _truth("member", "held the status on any day; missing where not on a covered day and not all days are covered"),
        _truth("member_all_year", "held it on every day of the calendar year"),
        _truth("member_on_dec31", "held it on 31 December"),
        _number("days_member", "on how many days it held it; missing unless every day of the year can be told"),
    ),
    "state-month": (
        _STATE,
        *_UNIT,
        _YEAR,
        _number("month", "calendar month, 1 to 12"),
        _ORG,
        _truth("member", "held the status on any day; missing where not on a covered day and not all days are covered"),
        _truth("member_all_month", "held it on every day of the month"),
        _truth("member_on_last_day", "held it on the last day"),
        _number("days_member", "on how many days it held it; missing unless every day of the month can be told"),
    ),
    "dyad-year": (
        _one_of("iso3_a", "the first state; of an undirected dyad the one earlier in the alphabet"),
        _one_of("iso3_b", "the second state"),
        *(Column(f"{c.name}_{side}", c.type, c.meaning) for side in "ab" for c in _UNIT),
        _YEAR,
        _ORG,
        _truth("joint_member", "both held the status on some day of the year, not needfully the same"),
        _truth("joint_all_year", "both held it on every day of the calendar year"),
        _truth("joint_on_dec31", "both held it on 31 December"),
    ),
    "org-year": (
        _ORG,
        _YEAR,
        _number("members", "how many surely were members on 31 December; missing beyond coverage"),
        _number("members_in_doubt", "of how many more it cannot be told: disputed, or the moment is not known"),
        _number("members_any_day", "how many surely were members on any day; missing unless all days are covered"),
        _number("members_any_day_in_doubt", "of how many more it cannot be told; likewise"),
        _one_of("chair", "the state in the chair of the first body that has one, on 31 December; missing if not known"),
        _number("meetings", "meetings told of; a selection, so missing where there is none"),
        _number("documents", "documents adopted; likewise"),
        _number("requests", "requests for assistance; likewise"),
        _number("deployments", "operations of forces that began, each counted once whoever tells of it; likewise"),
    ),
}
"""Every frame with its columns, in order.

`org-year` has two further columns for each other status, `n_STATUS` and `n_STATUS_in_doubt`.
"""

STRINGS = pd.StringDtype("pyarrow")
JOIN = "; "


def frame_of(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], attrs: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """The data frame of rows: a value for each column by name, None or nothing at all where it is missing."""
    listed = list(rows)
    made: dict[str, pd.Series[Any]] = {}
    for column in columns:
        made |= series_of(column, [row.get(column.name) for row in listed])
    frame = pd.DataFrame(made)
    frame.attrs.update(attrs or {})
    return frame


def series_of(column: Column, values: Sequence[Any]) -> dict[str, pd.Series[Any]]:
    """The column, or the three of a day, keyed by name."""
    name = column.name
    if column.type is Type.DAY:
        first, last = [_bound(v, "first") for v in values], [_bound(v, "last") for v in values]
        texts = pd.Series([v.edtf if v else None for v in values], dtype=STRINGS)
        return {name: texts, f"{name}_first": _dates(first), f"{name}_last": _dates(last)}
    if column.type is Type.DATE:
        return {name: _dates(values)}
    if column.type is Type.CATEGORY:
        return {name: pd.Series(values, dtype=category(column, values))}
    if column.type is Type.LIST:
        return {name: pd.Series([joined(v) if v else None for v in values], dtype=STRINGS)}
    if column.type is Type.STRING:
        return {name: pd.Series([clean(v) or None for v in values], dtype=STRINGS)}
    return {name: pd.Series(list(values), dtype="boolean" if column.type is Type.TRUTH else "Int64")}


def category(column: Column, values: Iterable[str | None] = ()) -> pd.CategoricalDtype:
    """The category of a closed vocabulary, else of the values there are, in alphabetical order."""
    found = column.choices or tuple(sorted({value for value in values if value}))
    return pd.CategoricalDtype(pd.Index(found, dtype=STRINGS))


@overload
def clean(text: str) -> str: ...
@overload
def clean(text: None) -> None: ...
def clean(text: str | None) -> str | None:
    """A text that Arrow can carry: a lone surrogate, which damaged pages hold, becomes U+FFFD."""
    return None if text is None else text.encode("utf8", "surrogatepass").decode("utf8", "replace")


def joined(parts: Iterable[str]) -> str:
    """Several texts as one; the blank after a semicolon inside one of them does not break, so that none ends there."""
    return JOIN.join(clean(part.replace(JOIN, ";\u00a0")) for part in parts)


def _dates(values: Iterable[date | None]) -> pd.Series[Any]:
    return pd.Series(np.array(list(values), dtype="datetime64[s]"))


def _bound(day: Day | None, side: str) -> date | None:
    """One calendar bound of a day; None where it is open."""
    found: date | None = getattr(day, side) if day else None
    return None if found in (date.min, date.max) else found
