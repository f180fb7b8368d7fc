"""The conditions of a charter held against one act: true, false, or not to be told from the record.

Start at `holds`. An act's own roles are its facts; statuses are looked up in the docket. What the record lacks is
unknown, never false.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from foedus.charters import nature_of
from foedus.charters.expressions import Compiled, Truth, Value, decide
from foedus.charters.expressions.syntax import And, Not
from foedus.rules.docket import Docket
from foedus.rules.membership import has_status
from foedus.rules.voting import Position, parse_votes
from foedus.terms import Act, roles

# Two to the sixth cases are tried at most.
MOST_OPEN = 6
_COUNTS = {
    "act.votes_for": Position.FOR,
    "act.votes_against": Position.AGAINST,
    "act.abstaining": Position.ABSTAINING,
}


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What an act and the record around it tell a condition; None is unknown."""

    docket: Docket
    act: Act

    def get(self, name: str) -> Value | None:
        """The value of a name such as `act.document`."""
        act = self.act
        if name in _COUNTS:
            votes = parse_votes(act.role("votes") or "")
            return None if votes is None else votes[_COUNTS[name]].number
        if name == "org.id":
            return act.org
        if name == "org.nature":
            return self.call("nature_of", (act.org or "",))
        own: dict[str, Value | None] = {
            "act.kind": act.kind,
            "act.actors": act.actors or None,
            "act.targets": act.targets or None,
            "act.body": act.body or None,
            "act.place": act.place,
            "act.day": act.date,
            "act.date_end": act.date_end,
        }
        if name in own:
            return own[name]
        role = name.removeprefix("act.")
        value = act.role(role)
        if value is not None and roles()[role].values == "parties":
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    def call(self, function: str, arguments: tuple[Value, ...]) -> Value | None:
        """The value of a function the record answers; the others the expression answers for itself."""
        if function == "has_status":
            party, status = str(arguments[0]), self.docket.charter.statuses[str(arguments[1])]
            return self.act.date and has_status(self.docket, party, status, self.act.date, self.act.id)
        if function == "nature_of":
            org = str(arguments[0])
            nature = self.docket.charter.nature if org == self.docket.charter.org else nature_of(org)
            return nature and nature.value
        return None


@cache
def _domains() -> Mapping[str, tuple[str, ...]]:
    """The values of the roles that take one of a closed list."""
    return {f"act.{role.name}": role.choices for role in roles().values() if role.choices}


def holds(docket: Docket, condition: Compiled, act: Act) -> Truth:
    """Whether a condition holds of an act, exactly also where one unknown stands in it twice."""
    if (act.id, condition) in docket.assumed:
        return Truth(docket.assumed[act.id, condition], ())
    return decide(condition, ActFacts(docket, act), _domains())


def cases(docket: Docket, conditions: Iterable[Compiled], act: Act) -> Iterator[Mapping[Compiled, bool]]:
    """The ways in which the open ones among some conditions may turn out together; none where nothing is open.

    Beyond six open conditions no case is given, so that nothing is settled by them.
    """
    unknown = [c for c in dict.fromkeys(conditions) if holds(docket, c, act).value is None]
    if not 0 < len(unknown) <= MOST_OPEN:
        return
    facts = ActFacts(docket, act)
    for values in itertools.product((True, False), repeat=len(unknown)):
        parts = [c.expression if so else Not(c.expression) for c, so in zip(unknown, values, strict=True)]
        if decide(And(tuple(parts)) if len(parts) > 1 else parts[0], facts, _domains()).value is not False:
            yield dict(zip(unknown, values, strict=True))
