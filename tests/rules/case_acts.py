"""Acts for tests of the rules, written as short as in the case files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foedus.terms import Act, Day, Mark, Origin, Source, doing_from_json


def an_act(org: str, row: Mapping[str, Any], *, played: bool = False, number: int = 0) -> Act:
    """The act of a row such as {act: deploy, on: 2022-01-06, actors: [RUS], targets: [KAZ]}.

    It tells of the world, with a source, unless `played`. Without an id it is named after its kind and number.
    """
    roles = {key: value for key, value in row.items() if key not in ("act", "on", "id", "mark", "published")}
    doing = doing_from_json({"kind": row["act"], "org": org, "date": row.get("on"), **roles})
    return Act(
        **doing,
        id=row.get("id") or f"{row['act']}-{number}",
        origin=Origin.PERSON if played else Origin.RECORD,
        sources=() if played else (Source("a page"),),
        published=Day.parse(row["published"]) if "published" in row else None,
        mark=Mark(row.get("mark", "sourced")),
    )
