"""What became of acts between two moments of a ledger: each with what it said and says, and who decided so and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from foedus.ledger import Change, Fate
from foedus.views.frames import fields_of
from foedus.views.labels import Labels, when
from foedus.views.safe import on_one_line

_FATES = {
    Fate.CAME: "came",
    Fate.CHANGED: "changed",
    Fate.JOINED: "joined to",
    Fate.PARTED: "parted from",
    Fate.GONE: "gone",
}


def changes_text(changes: Iterable[Change], *, lang: str = "en") -> RenderableType:
    """Changes one below the other: the act, role by role what it said and says, new sources, decisions."""
    labels = Labels(lang)
    parts: list[RenderableType] = []
    for change in changes:
        act = change.act
        fate = " ".join(filter(None, (_FATES[change.fate], on_one_line(change.other))))
        parts.append(Text.assemble((fate, "bold"), "  ", on_one_line(act.id), "  ", when(act), "  ", labels.doing(act)))
        rows = {role: f"{_said(was)} → {_said(now)}" for role, (was, now) in change.roles.items()}
        if change.sources:
            rows["told by"] = ", ".join(map(on_one_line, change.sources))
        for entry in change.entries:
            why = f": {on_one_line(entry.why)}" if entry.why else ""
            rows[f"entry {entry.seq}"] = f"{entry.type.value} by {on_one_line(entry.who)}, {entry.recorded[:10]}{why}"
        if rows:
            parts.append(Padding(fields_of(rows), (0, 0, 0, 2)))
    return Group(*parts) if parts else Text("Nothing changed.")


def changes_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as plain JSON, in the order given."""
    return [change.to_json() for change in changes]


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value) or "—"
    return on_one_line(str(value)) if value not in (None, "") else "—"
