"""Who can block a decision, and how much each voice weighs, as a table for each way of deciding.

Start at `powers_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.rules import Power
from foedus.terms import OrgCode
from foedus.views.frames import add_row, heading, indented, plain_table
from foedus.views.labels import Labels
from foedus.views.safe import on_one_line


def powers_text(
    powers: Iterable[Power], *, lang: str = "en", charters: Mapping[OrgCode, Charter] | None = None
) -> RenderableType:
    """One table for each way of deciding in each body: those of equal weight share a line."""
    labels = Labels(lang, charters or {})
    parts = [part for power in powers for part in _one(power, labels)]
    return Group(*parts) if parts else Text(labels.word("power.none"))


def _one(power: Power, labels: Labels) -> Iterable[RenderableType]:
    title = labels.word("power.title", body=labels.party(power.body), way=labels.way(power.way))
    yield heading(title, labels.word("power.on", day=power.day, n=len(power.voters)))
    if not power.covered:
        yield indented(Text(labels.word("power.not_covered")))
        if not power.voters:
            return
    yield indented(Text(_blocking(power, labels)))
    weights: dict[tuple[Fraction, Fraction], list[str]] = {}
    for party in power.voters:
        weights.setdefault((power.shapley_shubik[party], power.banzhaf[party]), []).append(party)
    table = plain_table(*labels.columns("who", "shapley", "banzhaf", "each_of"))
    for (shapley, banzhaf), parties in sorted(weights.items(), reverse=True):
        shown = ", ".join(on_one_line(party) for party in parties[:15]) + (" …" if len(parties) > 15 else "")
        add_row(table, shown, f"{float(shapley):.4f}", f"{float(banzhaf):.4f}", str(len(parties)))
    yield table


def _blocking(power: Power, labels: Labels) -> str:
    """Who can block alone, and how many of the others together, in words."""
    if len(power.alone) == len(power.voters):
        return labels.word("power.each_alone")
    alone = labels.word("join.names").join(labels.party(party) for party in power.alone)
    words = labels.word("power.alone", who=alone) if alone else labels.word("power.nobody_alone")
    if power.blocking is not None:
        words += labels.word("power.others_together" if alone else "power.they_together", n=power.blocking)
    return words
