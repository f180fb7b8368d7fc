"""Which stays of forces are one operation, so that no source makes two of what another tells of as one.

Start at `operations`. One source names the states that sent forces, another the organisation, a third its force; so
stays at one place that overlap in time count as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from foedus.rules.docket import Docket, own_part
from foedus.terms import Act, Origin


@dataclass(slots=True)
class Operation:
    """Stays of forces that are one operation of an organisation.

    `recorded` tells whether a shipped record tells of it; `since` is the first day told, of the record where it is.
    `forces` are the forces and bodies of the organisation that are named.
    """

    id: str
    since: date
    recorded: bool
    stays: list[dict[str, Any]]
    forces: set[str]


def operations(docket: Docket, stays: Iterable[dict[str, Any]]) -> list[Operation]:
    """The operations that some stays amount to; each stay belongs to one.

    Those of the record come first, and what pages tell of the same place and time belongs to them: it can be
    another name for them. Two forces or bodies of the organisation that the same side names, by different acts, are
    two operations.

    Args:
        stays: rows as `spells.deployed` makes them, in any order.
    """
    found: list[Operation] = []
    for stay in sorted(stays, key=lambda stay: _order(docket, stay)):
        unrecorded, acts = _acts(docket, stay)
        named = stay["by"] if own_part(docket.charter, stay["by"]) and stay["by"] != docket.charter.org else ""
        for one in found:
            may_be = one.recorded and unrecorded
            if any(_overlap(docket, other, stay, anywhere=may_be) for other in one.stays) and (
                may_be
                or not named
                or not one.forces - {named}
                or any(other["where"] == stay["where"] and {*other["acts"]} & {*stay["acts"]} for other in one.stays)
            ):
                one.stays.append(stay)
                one.forces |= {named} - {""}
                break
        else:
            first = acts[0]
            assert first.date is not None
            name = f"{first.id} {stay['where']}" if stay["where"] else first.id
            found.append(Operation(name, first.date.first, not unrecorded, [stay], {named} - {""}))
    return found


def _order(docket: Docket, stay: dict[str, Any]) -> tuple[object, ...]:
    """Stays of the record first, then by the first act that tells of them."""
    unrecorded, acts = _acts(docket, stay)
    return unrecorded, acts[0].date.sort_key if acts[0].date else (), stay["where"] or "", stay["by"]


def _acts(docket: Docket, stay: dict[str, Any]) -> tuple[bool, list[Act]]:
    """Whether no record tells of a stay, and the acts that do, earliest first: those of the record where there are."""
    acts = [act for name in stay["acts"] if (act := docket.by_id[name]).kind == "deploy"]
    recorded = [act for act in acts if act.origin is Origin.RECORD]
    return not recorded, sorted(recorded or acts, key=lambda act: (act.date.sort_key if act.date else (), act.id))


def _overlap(docket: Docket, one: dict[str, Any], other: dict[str, Any], *, anywhere: bool) -> bool:
    """Whether two stays can be of one time and place; `anywhere`: one whose place is not told can be at any."""
    if one["where"] != other["where"] and not (anywhere and not (one["where"] and other["where"])):
        return False
    begins = [_acts(docket, stay)[1][0].date for stay in (one, other)]
    ends = [stay.get("until") or date.max for stay in (one, other)]
    return all(begin is not None and begin.first <= end for begin, end in zip(begins, reversed(ends), strict=True))
