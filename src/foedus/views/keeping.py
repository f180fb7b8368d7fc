"""What a check of a ledger found, and what came of joining several."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from foedus.ledger.union import Union
from foedus.ledger.verify import Verified
from foedus.views.safe import harmless


def verified_json(found: Verified) -> dict[str, Any]:
    """The check as plain JSON; `seq` is null for a fault that is of no entry."""
    return {
        "holds": found.holds,
        "entries": found.entries,
        "texts": found.texts,
        "pages_not_kept": found.not_kept,
        "last_sound": {"link": found.link.hex(), "recorded": found.recorded} if found.link else None,
        "faults": [{"seq": fault.seq or None, "what": fault.what} for fault in found.faults],
        "proven": found.proven,
    }


def verified_text(found: Verified, path: str) -> RenderableType:
    """The check in words, the first entry that fails before all."""
    lines = [Text(harmless(f"entry {f.seq} {f.what}" if f.seq else f.what), style="red") for f in found.faults]
    lines += [Text(harmless(f"holds: {one}"), style="green") for one in found.proven]
    kept = f"{found.texts:,} texts" + (f", {found.not_kept:,} pages without text by choice" if found.not_kept else "")
    if found.holds:
        lines.append(Text(harmless(f"{path} holds: {found.entries:,} entries, {kept}"), style="green"))
        if found.link:
            lines.append(Text(f"last entry of {found.recorded}, link {found.link.hex()}", style="dim"))
    else:
        what = f"{path} does not hold: {found.entries:,} entries and {kept} looked at"
        lines.append(Text(harmless(what), style="bold red"))
    return Group(*lines)


def union_json(found: Union) -> dict[str, Any]:
    """What came of joining, as plain JSON."""
    return {
        "entries": found.entries,
        "alike": found.alike,
        "differences": [
            {"about": one.about, "what": one.what, "said": [{"by": by, "value": value} for by, value in one.said]}
            for one in found.differences
        ],
    }


def union_text(found: Union) -> RenderableType:
    """The differences as a table; the log keeps all sides."""
    if not found.differences:
        return Text("no differences")
    table = Table("about", "what", "who says what", title="Differences: all sides are kept, the later holds")
    for one in found.differences:
        said = "\n".join(f"{by}: {value}" for by, value in one.said)
        table.add_row(harmless(one.about), harmless(one.what), harmless(said))
    return table
