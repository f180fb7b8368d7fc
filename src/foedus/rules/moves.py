"""What may be done next: a lazy view over the moves that would be in order at the end of a day.

Start at `admissible`. The view asks the same judge as the verdict, so that the two cannot disagree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from foedus.charters import Charter, Need, PartyClass, Rule, Sort
from foedus.rules.alike import Alike
from foedus.rules.assistance import requests_on
from foedus.rules.docket import ANY_STATE, Docket, is_subject
from foedus.rules.governance import chair_on, members_on
from foedus.rules.membership import roster_on
from foedus.rules.requirements import OutsideError
from foedus.rules.verdict import judged, obligations_of, under
from foedus.rules.wording import ENGLISH, say, speaking
from foedus.terms import Act, Day, Due, Origin, Outcome, Verdict, Verified


@dataclass(frozen=True, slots=True)
class Move:
    """One act that may be done: kind, who, in which body, for or to whom, by which article, in what form, until when.

    `more` holds the further roles it would carry (status, outcome, office). `deadline` is the last day where an
    obligation asks for it, None where it may be done at any time or is due *at once* (then `due` says so).
    """

    kind: str
    actor: tuple[str, ...]
    body: tuple[str, ...]
    target: tuple[str, ...]
    more: tuple[tuple[str, str], ...]
    article: tuple[str, ...]
    form: str
    deadline: Day | None
    due: bool
    rule: str
    verified: Verified
    why: str

    def act(self, org: str, day: Day, name: str = "") -> Act:
        """The act that doing this would be, of a person, on that day."""
        return Act(
            id=name or "-".join(("move", self.kind, *self.actor, *self.body, *self.target, *(v for _, v in self.more))),
            origin=Origin.PERSON,
            kind=self.kind,
            org=org,
            actors=self.actor,
            body=self.body,
            targets=self.target,
            date=day,
            more=dict(self.more),
        )

    def to_json(self) -> dict[str, Any]:
        """The move as plain JSON."""
        return {
            "kind": self.kind,
            "actors": list(self.actor),
            "body": list(self.body),
            "targets": list(self.target),
            **dict(self.more),
            "article": list(self.article),
            "form": self.form,
            "deadline": self.deadline and self.deadline.edtf,
            "due": self.due,
            "rule": self.rule,
            "verified": self.verified.value,
            "why": self.why,
        }


class Admissible:
    """The moves in order on a day: iterate, count, ask `act in view` or `why_not(act)`.

    Nothing is worked out before it is asked for; a membership question judges one act and never builds the list.
    Acts that begin after the day are left out of account.
    """

    def __init__(self, charter: Charter, acts: Iterable[Act], day: Day, language: str = ENGLISH) -> None:
        self.charter = charter
        self.language = language
        self.day = day
        self._docket = Docket.of(charter, acts, only=day.last)
        self._moves: tuple[Move, ...] | None = None

    def __iter__(self) -> Iterator[Move]:
        return iter(self._moves) if self._moves is not None else self._kept()

    def _kept(self) -> Iterator[Move]:
        """The moves as they are worked out, kept once somebody has asked for all of them."""
        found = []
        for move in self._work_out():
            found.append(move)
            yield move
        self._moves = tuple(found)

    def __len__(self) -> int:
        if self._moves is None:
            self._moves = tuple(self._work_out())
        return len(self._moves)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def __contains__(self, act: object) -> bool:
        return isinstance(act, Act) and not self.why_not(act)

    def holders(self, status: str) -> tuple[str, ...]:
        """Those that hold a status at the end of the day, in alphabetical order."""
        return roster_on(self._docket, self.charter.statuses[status], self.day.last).parties

    def verdict(self, act: Act) -> Verdict:
        """The verdict the act would have on this day; one without a date counts as done on it."""
        with speaking(self.language):
            return judged(self._docket, replace(act, date=self.day) if act.date is None else act)

    def why_not(self, act: Act) -> str:
        """Why an act is not admissible on this day, in words; empty where it is."""
        with speaking(self.language):
            if act.date is not None and act.date != self.day:
                return say("move.wrong_day", day=self.day, date=act.date)
            verdict = self.verdict(act)
            if verdict.outcome is Outcome.IN_ORDER:
                return ""
            if verdict.outcome is Outcome.NOT_GOVERNED:
                return say("move.not_governed", reason=verdict.reason)
            return verdict.reason

    def _work_out(self) -> Iterator[Move]:
        seen = set()
        due = self._due()
        for rule in self.charter.rules.values():
            if rule.forbids or rule.of_others or rule.interval.covers(self.day) is not True:
                continue
            for kind in rule.kinds:
                owed = [(targets, by) for what, targets, by in due if what == kind]
                alike = Alike(self._docket, kind, self.day, [party for targets, _ in owed for party in targets])
                answers: dict[object, str | None] = {}
                for move in self._of_rule(rule, kind):
                    key = (move.kind, move.actor, move.body, move.target, move.more)
                    if key in seen:
                        continue
                    case = alike.case(move.actor, move.body, move.target, move.more)
                    why = answers[case] if case in answers else self._why_in_order(rule, move)
                    if case is not None:
                        answers[case] = why
                    if why is None:
                        # Another rule may have the same in mind, and allow it.
                        continue
                    seen.add(key)
                    hit = next((by for targets, by in owed if not targets or set(targets) & set(move.target)), None)
                    is_due = any(not targets or set(targets) & set(move.target) for targets, _ in owed)
                    yield replace(move, why=why, deadline=hit, due=is_due)

    def _why_in_order(self, rule: Rule, move: Move) -> str | None:
        """The rule a move is in order under, in words, with the acts that show it; None where it is not in order.

        Several rules may allow it; it is a move of this one if this one alone would do.
        """
        act = move.act(self.charter.org, self.day)
        verdict = judged(self._docket, act)
        if verdict.outcome is not Outcome.IN_ORDER:
            return None
        if verdict.rule != rule.id:
            try:
                verdict = under(self._docket, rule, act)
            except OutsideError:
                return None
            if verdict.outcome is not Outcome.IN_ORDER:
                return None
        shown = dict.fromkeys(name for need in verdict.requirements for name in need.acts)
        known = [name for name in shown if name in self._docket.by_id]
        return rule.title + (f" ({', '.join(known)})" if known else "")

    def _of_rule(self, rule: Rule, kind: str) -> Iterator[Move]:
        """The moves a rule could allow, in order or not: who × for whom × the roles that narrow it."""
        doers = [pair for wanted in rule.who for pair in self._doers(wanted)]
        if any(wanted.sort is Sort.ANY_STATE for wanted in rule.who):
            doers += [((party,), ()) for party in sorted(self._sought(rule, "actor"))]
        roles = [[(role, value) for value in self._values(role, values)] for role, values in rule.when.items()]
        if kind == "apply_status" and "status" not in rule.when:
            roles.append([("status", key) for key, s in self.charter.statuses.items() if s.in_place_of is None])
        for (actor, body), target, more in itertools.product(doers, self._targets(rule), itertools.product(*roles)):
            # Nobody sends forces to itself.
            if not actor or actor != target:
                yield Move(
                    kind, actor, body, target, more, rule.articles, rule.form, None, False, rule.id, rule.verified, ""
                )

    def _values(self, role: str, values: tuple[str, ...]) -> tuple[str, ...]:
        """The values of a role worth a move each: every status and office, the first of several outcomes."""
        plain = tuple(value for value in values if not value.startswith(f"{self.charter.org}:"))
        return plain if role in ("status", "office") else plain[:1]

    def _doers(self, wanted: PartyClass) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Actors and body of everyone in a class, each on its own."""
        if wanted.sort in (Sort.BODY, Sort.JOINT):
            yield (), wanted.ids
        elif wanted.sort is Sort.CHAIR:
            chair = chair_on(self._docket, self.charter.bodies[wanted.ids[0]], self.day.last)
            if chair:
                yield (chair.state,), ()
        elif wanted.sort in (Sort.OFFICE, Sort.PARTY):
            yield wanted.ids, ()
        elif wanted.sort is Sort.STATUS:
            for party in roster_on(self._docket, self.charter.statuses[wanted.ids[0]], self.day.last).parties:
                yield (party,), ()
        elif wanted.sort is Sort.ANY_STATE:
            yield (ANY_STATE,), ()

    def _targets(self, rule: Rule) -> list[tuple[str, ...]]:
        """To or for whom: addressees, members, those that asked or that an act it needs was for, or nobody named."""
        if rule.addressed_to:
            named = [wanted.ids for wanted in rule.addressed_to if wanted.sort in (Sort.ORGANISATION, Sort.PARTY)]
            return named[:1] or [()]
        sought = self._sought(rule, "target")
        if rule.not_for:
            applied = {party for act in self._docket.reported("apply_status") for party in act.actors}
            return [*((party,) for party in sorted(applied | sought)), (ANY_STATE,)]
        if rule.for_ or any("target" in (need.by, need.for_) for need in _flat(rule.needs)):
            asked = {request.by for request in requests_on(self._docket, self.day.last)}
            asked |= {party for wanted in rule.for_ for party in self._holders(wanted)}
            return [(party,) for party in sorted({*members_on(self._docket, self.day.last), *asked, *sought})]
        return [()]

    def _holders(self, wanted: PartyClass) -> tuple[str, ...]:
        """Those that hold the status a class names; none for other classes."""
        if wanted.sort is not Sort.STATUS:
            return ()
        return roster_on(self._docket, self.charter.statuses[wanted.ids[0]], self.day.last).parties

    def _sought(self, rule: Rule, whose: str) -> set[str]:
        """The states that the acts a rule needs were by or for, where its target or actor is asked for by them."""
        found = set[str]()
        for need in _flat(rule.needs):
            for act in self._docket.reported(*need.acts):
                found.update(act.actors if need.by == whose else (), act.targets if need.for_ == whose else ())
        return set(filter(is_subject, found))

    def _due(self) -> list[tuple[str, tuple[str, ...], Day | None]]:
        """What is owed on this day: kind, to whom, by when."""
        found = []
        for act in self._docket.acts:
            for rule in self.charter.rules_for(act.kind):
                if rule.must_follow and judged(self._docket, act).rule == rule.id:
                    duties = zip(rule.must_follow, obligations_of(self._docket, rule, act, self.day), strict=True)
                    for duty, stands in duties:
                        if stands.due in (Due.OPEN, Due.OVERDUE):
                            found.append((duty.act, tuple(t for w in duty.to for t in w.ids), stands.by))
        return found


def _flat(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Needs with the alternatives in them."""
    return (*needs, *(one for need in needs for one in need.one_of))


def admissible(charter: Charter, acts: Iterable[Act], day: Day, language: str = ENGLISH) -> Admissible:
    """The acts that may be done at the end of a day, as a view.

    Args:
        acts: any acts in any order; those that begin after the day are left out of account.
        language: in which the view says why an act is not admissible: en, ru, zh, vi; another is English.
    """
    return Admissible(charter, acts, day, language)
