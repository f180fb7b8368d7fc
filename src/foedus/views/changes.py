"""What became of acts and charters between two moments of a ledger: what each said and says, who decided so and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from foedus.ledger import Change, CharterTurn, Fate
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
            what = "reinstatement" if entry.payload.get("of") == "restored" else entry.type.value
            rows[f"entry {entry.seq}"] = f"{what} by {on_one_line(entry.who)}, {entry.recorded[:10]}{why}"
        if rows:
            parts.append(Padding(fields_of(rows), (0, 0, 0, 2)))
    return Group(*parts) if parts else Text("Nothing changed.")


def turns_text(turns: Iterable[CharterTurn]) -> RenderableType:
    """What became of charters, one below the other, each with who did so and why."""
    parts: list[RenderableType] = []
    for turn in turns:
        entry = turn.entry
        parts.append(Text.assemble((f"charter {turn.turn}", "bold"), "  ", on_one_line(turn.org)))
        why = f": {on_one_line(entry.why)}" if entry.why else ""
        rows = {"text from": on_one_line(turn.source)} if turn.source else {}
        rows[f"entry {entry.seq}"] = f"by {on_one_line(entry.who)}, {entry.recorded[:10]}{why}"
        parts.append(Padding(fields_of(rows), (0, 0, 0, 2)))
    return Group(*parts)


def turns_json(turns: Iterable[CharterTurn]) -> list[dict[str, Any]]:
    """What became of charters as plain JSON, in the order given."""
    return [turn.to_json() for turn in turns]


def changes_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as plain JSON, in the order given."""
    return [change.to_json() for change in changes]


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value) or "—"
    return on_one_line(str(value)) if value not in (None, "") else "—"
