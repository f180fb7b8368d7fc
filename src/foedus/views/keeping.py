"""What a check of a ledger found, what came of joining several, and which charters one keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.ledger.kept import CharterTurn, is_kept
from foedus.ledger.union import Union
from foedus.ledger.verify import Verified
from foedus.views.frames import add_row, folded, heading, indented, plain_table
from foedus.views.safe import harmless, on_one_line


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
    entries = f"{found.entries:,} {'entry' if found.entries == 1 else 'entries'}"
    kept = f"{found.texts:,} {'text' if found.texts == 1 else 'texts'}"
    pages = f"{found.not_kept:,} {'page' if found.not_kept == 1 else 'pages'}"
    kept += f", {pages} without text by choice" if found.not_kept else ""
    if found.holds:
        lines.append(Text(harmless(f"{path} holds: {entries}, {kept}"), style="green"))
        if found.link:
            lines.append(Text(f"last entry of {found.recorded}, link {found.link.hex()}", style="dim"))
    else:
        what = f"{path} does not hold: {entries} and {kept} looked at"
        lines.append(Text(harmless(what), style="bold red"))
    return Group(*lines)


def kept_json(turns: Sequence[CharterTurn]) -> list[dict[str, Any]]:
    """Each time a charter was taken up, replaced or given up; `stands` is true of the text that holds now."""
    last = _last(turns)
    return [{**turn.to_json(), "stands": turn is last[turn.org] and is_kept(turn.entry)} for turn in turns]


def kept_text(turns: Sequence[CharterTurn]) -> RenderableType:
    """The same as a table, in the order of writing."""
    if not turns:
        return Text("no charter is kept")
    last = _last(turns)
    table = plain_table("!recorded", "!charter", "what", "who", "why", "text from", "")
    for turn in turns:
        entry = turn.entry
        stands = "stands" if turn is last[turn.org] and is_kept(entry) else ""
        words = (on_one_line(text) for text in (entry.who, entry.why, turn.source))
        add_row(table, f"{entry.recorded[:19]}Z", on_one_line(turn.org), turn.turn.value, *words, stands)
    return table


def _last(turns: Sequence[CharterTurn]) -> dict[str, CharterTurn]:
    return {turn.org: turn for turn in turns}


def union_json(found: Union, names: Mapping[str, str]) -> dict[str, Any]:
    """What came of joining, as plain JSON.

    Args:
        names: what a person calls a thing, by the hash or id under which a difference speaks of it.
    """
    return {
        "entries": found.entries,
        "alike": found.alike,
        "differences": [
            {
                "about": one.about,
                "name": names.get(one.about, one.about),
                "what": one.what,
                "said": [{"by": by, "value": value} for by, value in one.said],
            }
            for one in found.differences
        ],
    }


def union_text(found: Union, names: Mapping[str, str]) -> RenderableType:
    """The differences one below the other, with what each ledger says, whole however narrow the terminal."""
    if not found.differences:
        return Text("no differences")
    lines: list[RenderableType] = [
        heading("Differences", "all sides are kept; `foedus show` tells what holds of an act")
    ]
    for one in found.differences:
        name = on_one_line(names.get(one.about, one.about))
        lines.append(folded(Text.assemble((name, "bold"), f"  {on_one_line(one.what)}")))
        lines += [indented(Text(f"{on_one_line(by)}: {on_one_line(value)}"), 4) for by, value in one.said]
    return Group(*lines)
