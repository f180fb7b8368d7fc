"""What does not fit between charters and records, as a table and as JSON: the unexplained first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.rules.audit import AuditFinding, unexplained
from foedus.terms import OrgCode
from foedus.views.frames import add_row, heading, plain_table
from foedus.views.labels import Labels
from foedus.views.safe import on_one_line


def audit_text(
    found: Mapping[str, Sequence[AuditFinding]],
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """One table for each organisation with findings, then one line for the whole; `found` is keyed by organisation."""
    labels = Labels(lang, charters or {})
    parts: list[RenderableType] = []
    for org, rows in found.items():
        if not rows:
            continue
        table = plain_table("", "finding", "act or line", "words", "explained")
        for row in sorted(rows, key=lambda row: bool(row.explained)):
            sign = "–" if row.explained else "!"
            cells = (row.trouble.value, row.place, row.words, row.explained)
            add_row(table, sign, *(on_one_line(cell) for cell in cells))
        parts += [heading(labels.party(org), _counted(rows)), table, Text()]
    every = [row for rows in found.values() for row in rows]
    names = ", ".join(found)
    return Group(*parts, Text(f"{names}: {_counted(every)}" if every else f"{names}: nothing that does not fit"))


def audit_json(found: Mapping[str, Sequence[AuditFinding]]) -> list[dict[str, Any]]:
    """Every finding as plain JSON, by organisation."""
    return [row.to_json() for rows in found.values() for row in rows]


def _counted(rows: Iterable[AuditFinding]) -> str:
    rows = list(rows)
    left = len(unexplained(rows))
    return f"{len(rows)} findings, {left} unexplained" if len(rows) != 1 else f"1 finding, {left} unexplained"
