"""Acts as Parquet: typed columns, lists as lists, days as text and as their two bounds.

Standard: Apache Parquet, written by Arrow. The file's metadata hold `foedus`, `citation` and `coverage` (JSON).
Drops: nothing of an act; half a character, which a damaged page can hold, becomes a replacement mark.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from foedus.exchange.goods import Goods
from foedus.terms import Act, Day, Precision, roles

_PLAIN = ("id", "kind", "org", "place", "modality", "origin", "mark", "note")
_LISTS = ("actors", "body", "targets", "claims")
_DAYS = ("date", "date_end", "published")


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes one table; nothing is dropped."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [_row(act) for act in goods.acts]
    about = {
        "foedus": goods.version,
        "citation": goods.citation,
        "coverage": json.dumps(dict(goods.coverage), ensure_ascii=False),
    }
    columns = arrow_columns()
    schema = pa.schema(columns, metadata={key.encode(): value.encode() for key, value in about.items()})
    data = [pa.array([row[name] for row in rows], kind) for name, kind in columns]
    pq.write_table(pa.Table.from_arrays(data, schema=schema), out, compression="zstd")
    return ()


def arrow_columns() -> list[tuple[str, Any]]:
    """Names and Arrow types of the columns, in order; every role of the vocabulary has one."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    source = pa.struct([("where", text), ("published", text), ("words", text)])
    conflict = pa.struct([("field", text), ("says", text), ("source", text)])
    found: dict[str, Any] = {"id": text, "kind": text, "org": text, "actors": texts, "body": texts, "targets": texts}
    found["place"] = text
    for name in _DAYS:
        found |= {name: text, f"{name}_first": pa.date32(), f"{name}_last": pa.date32()}
    found |= {"date_precision": text, "date_uncertain": pa.bool_(), "modality": text}
    found |= {name: text for name in roles() if name not in found}
    found |= {"origin": text, "sources": pa.list_(source), "claims": texts, "conflicts": pa.list_(conflict)}
    found |= {"mark": text, "note": text, "recorded": pa.timestamp("us", "UTC"), "forced": pa.bool_()}
    return list(found.items())


def _row(act: Act) -> dict[str, Any]:
    row = act.to_json()
    found: dict[str, Any] = dict.fromkeys(roles())
    found |= {name: _whole(value) for name, value in act.more.items()}
    found |= {name: _whole(row[name]) for name in _PLAIN}
    found |= {name: [_whole(one) for one in row[name] or ()] for name in _LISTS if name != "body"}
    found["body"] = [_whole(one) for one in act.body]
    for name in ("sources", "conflicts"):
        found[name] = [{key: _whole(value) for key, value in one.items()} for one in row[name]]
    for name, day in zip(_DAYS, (act.date, act.date_end, act.published), strict=True):
        first, last = bounds(day)
        found |= {name: day and day.edtf, f"{name}_first": first, f"{name}_last": last}
    found["date_precision"] = act.date and act.date.precision.value
    found["date_uncertain"] = act.date and act.date.uncertain
    found["recorded"] = datetime.fromisoformat(act.recorded) if act.recorded else None
    found["forced"] = act.forced
    return found


def bounds(day: Day | None) -> Sequence[date | None]:
    """The first and last calendar day of a day, None on a side that is open."""
    if day is None or day.precision is Precision.OPEN_YEAR:
        return None, None
    return None if day.first == date.min else day.first, None if day.last == date.max else day.last


def _whole(text: str | None) -> str | None:
    return None if text is None else text.encode("utf8", "replace").decode()
