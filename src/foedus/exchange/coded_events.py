"""Acts as coded events: PLOVER event, mode and context with the CAMEO code beside, as CSV, our kind kept.

Standard: PLOVER 0.8 (Political Language Ontology for Verifiable Event Records) and CAMEO, by the table `plover.toml`.
Drops: bodies and rules of decision, statuses, documents, votes and offices, conflicts; acts without a year. Where an
act has no equivalent the event is empty and `fit` is `none`: procedure cannot be seen in event data.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from foedus.exchange.cells import guarded, joined
from foedus.exchange.goods import Goods, tell
from foedus.exchange.parquet import bounds
from foedus.terms import Act, Claim, Modality, Precision

COLUMNS = (
    *("event_id", "date", "date_first", "date_last", "source_actors", "target_actors"),
    *("plover_event", "plover_mode", "plover_context", "cameo", "fit"),
    *("future", "hypothetical", "negation", "historical", "kind", "org", "sources"),
)


@dataclass(frozen=True, slots=True)
class Coded:
    """The code of an act: `event` is empty where PLOVER has none; `fit` is good, fair, weak or none."""

    event: str
    mode: str
    context: str
    cameo: str
    fit: str
    auxiliary: str


@cache
def plover() -> Mapping[str, Any]:
    """The table as data: rows by kind, what becomes of events to come, and auxiliary modes by modality."""
    return tomllib.loads((files("foedus.exchange") / "plover.toml").read_text("utf8"))


def coded(act: Act) -> Coded:
    """The code of an act. What is to come is coded as consent to it, or as yielding: the manual's two reversals."""
    table = plover()
    row = next(row for row in table["kind"][act.kind] if _holds(row.get("when", {}), act))
    event, mode, cameo = row["event"], row.get("mode", ""), row.get("cameo", "")
    to_come = table["future"].get(event)
    if act.modality is Modality.PLANNED and to_come:
        event, mode, cameo = to_come["event"], "", to_come["cameo"]
    return Coded(event, mode, row.get("context", ""), cameo, row["fit"], table["modality"][act.modality.value])


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes coded events; tells how many acts have no year, no equivalent, or only a weak one."""
    text = io.TextIOWrapper(out, "utf-8", newline="", errors="backslashreplace", write_through=True)
    table = csv.writer(text)
    table.writerow(COLUMNS)
    undated = without = 0
    for act in goods.acts:
        if act.date is None or act.date.precision is Precision.OPEN_YEAR:
            undated += 1
            continue
        row = _row(act, goods.claims_of(act))
        without += not row["plover_event"]
        table.writerow([guarded(row[name]) for name in COLUMNS])
    text.detach()
    return (
        *tell(undated, "act", "without a date or with its year open left out"),
        *tell(without, "act", "written without a PLOVER event: it has none for them"),
    )


def _row(act: Act, claims: Sequence[Claim]) -> dict[str, str]:
    code = coded(act)
    assert act.date is not None
    first, last = bounds(act.date)
    auxiliary = {name: "yes" if code.auxiliary == name else "" for name in ("future", "hypothetical", "negation")}
    return {
        "event_id": act.id,
        "date": act.date.edtf,
        "date_first": first.isoformat() if first else "",
        "date_last": last.isoformat() if last else "",
        "source_actors": joined(act.parties),
        "target_actors": joined(act.targets or ((act.org,) if act.org and act.parties else ())),
        "plover_event": code.event,
        "plover_mode": code.mode,
        "plover_context": code.context,
        "cameo": code.cameo,
        "fit": code.fit,
        **auxiliary,
        "historical": "yes" if claims and all(claim.retold for claim in claims) else "",
        "kind": act.kind,
        "org": act.org or "",
        "sources": joined(source.where for source in act.sources),
    }


def _holds(when: Mapping[str, str], act: Act) -> bool:
    told = {**act.more, "modality": act.modality.value, "actors": "one" if len(act.actors) == 1 else "several"}
    return all(told.get(name) == value for name, value in when.items())
