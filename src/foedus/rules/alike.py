"""Parties that are interchangeable on a day: of a hundred members that no act names, one verdict answers for all.

Start at `Alike.case`. Two parties are alike for a kind of act where they hold the same statuses on the day and its eve
and no act that a rule on that kind could look at names either. Where a rule asks for a turn in the chair, or names a
party in a condition, nobody is alike.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from foedus.charters import Need
from foedus.charters.expressions import print_expression
from foedus.rules.docket import ANY_STATE, Docket, eve_of, is_subject
from foedus.rules.governance import chair_on
from foedus.rules.membership import roster_on
from foedus.terms import Act, Day

# What a need may look at beside the kinds it names: the course of an assistance. And what a way of deciding does.
COURSE = ("request_assistance", "consult", "decide_assistance", "contribute", "deploy", "withdraw_forces")
DECIDING = ("object", "challenge", "submit", "propose")
_CODE = re.compile(r"\b[A-Z]{3}\b|party:[\w-]+")


class Alike:
    """Which parties are interchangeable in acts of one kind on one day."""

    def __init__(self, docket: Docket, kind: str, day: Day, owed_to: Iterable[str] = ()) -> None:
        self._docket = docket
        self._days = (day.last, eve_of(day))
        rules = docket.charter.rules_for(kind)
        needs = [one for rule in rules for need in rule.needs for one in (need, *need.one_of)]
        # A way may be missing where a charter is asked for its verified rules only.
        deciding = docket.charter.deciding
        ways = [deciding[key] for rule in rules for key in rule.decided_by if key in deciding]
        conditions = [part.condition for part in rules] + [part.condition for part in needs]
        conditions += [way.condition for way in ways]
        self._usable = not any(map(_singles_out, needs)) and not any(
            condition is not None and _CODE.search(print_expression(condition.expression)) for condition in conditions
        )
        looked_at = {kind, *(name for need in needs for name in (*need.acts, need.after) if name)}
        looked_at |= {*(COURSE if needs else ()), *(DECIDING if ways else ())}
        self._named = {*owed_to, ANY_STATE, *self._chairs()}
        if self._usable:
            abroad = (act for (_, name), rows in docket.abroad.items() if name in looked_at for act in rows)
            mine = (act for name in looked_at for act in docket.by_kind.get(name, ()))
            self._named.update(party for rows in (mine, abroad) for act in rows for party in _named_in(act))
        self._profiles: dict[str, Hashable] = {}

    def case(self, *parts: Iterable[str] | Iterable[tuple[str, str]]) -> Hashable | None:
        """What a verdict on an act of these parties and roles can depend on; None where that is who they are."""
        if not self._usable:
            return None
        found: list[Hashable] = []
        for part in parts:
            for one in part:
                # Who is named somewhere is alike to nobody but itself.
                found.append(self._profile(one) if isinstance(one, str) and is_subject(one) else one)
            found.append(None)
        return tuple(found)

    def _profile(self, party: str) -> Hashable:
        if party in self._named:
            return party
        if party not in self._profiles:
            rosters = (
                roster_on(self._docket, status, on)
                for status in self._docket.charter.statuses.values()
                for on in self._days
            )
            self._profiles[party] = tuple((party in roster.held_by, party in roster.untold) for roster in rosters)
        return self._profiles[party]

    def _chairs(self) -> Iterator[str]:
        for body in self._docket.charter.chaired():
            for on in self._days:
                if chair := chair_on(self._docket, body, on):
                    yield chair.state


def _singles_out(need: Need) -> bool:
    """Whether a need may be met by one party and not by another of the same standing."""
    return bool(need.turn or need.not_in_chair)


def _named_in(act: Act) -> Iterator[str]:
    """Every party an act names, in any role."""
    yield from (*act.actors, *act.targets, *act.body)
    yield act.place or ""
    for words in act.more.values():
        yield from _CODE.findall(words)
