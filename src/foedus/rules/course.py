"""The steps that lead to an act: its rules followed backwards through what they need, and onwards to what must follow.

Start at `course_to`. Each step is a rule of the charter in force on the day, in order of what comes first. Held against
a record it is done, due (all it needs is done), skipped (a later step was done without it), not needed (another
serves instead), or cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from foedus.charters import Charter, Need, Rule, Sort
from foedus.rules.assistance import askers, hosts
from foedus.rules.docket import Docket, done_by, in_time, is_before
from foedus.rules.doers import belongs
from foedus.rules.wording import ENGLISH, any_of, kind_words, say, speaking
from foedus.terms import Act, Day, Modality, Verified


class Stands(StrEnum):
    """How a step stands on a day."""

    DONE = "done"
    DUE = "due"
    SKIPPED = "skipped"
    SPARED = "not needed"
    UNTOLD = "cannot tell"


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One step: what is done, by whom, under which articles; how it stands, and the acts that show it.

    `after` holds the places of the steps it needs, all before its own; steps of one `choice` are alternatives (the
    rule they serve, and the number of the need). `since` is the kind of act it must come after; `owed` is true of what
    must follow the goal.
    """

    kind: str
    rule: str
    title: str
    who: str
    articles: tuple[str, ...]
    verified: Verified | None
    after: tuple[int, ...]
    choice: tuple[str, int] | None
    since: str
    owed: bool
    stands: Stands = Stands.UNTOLD
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """The steps towards an act on a day, first things first; `goal` is the kind of act, `party` whom it is for."""

    org: str
    goal: str
    party: str
    day: Day
    steps: tuple[CourseStep, ...]

    def to_json(self) -> dict[str, Any]:
        """The course as plain JSON."""
        return {
            "org": self.org,
            "goal": self.goal,
            "for": self.party or None,
            "day": self.day.edtf,
            "steps": [
                {
                    "number": number,
                    "kind": step.kind,
                    "rule": step.rule,
                    "title": step.title,
                    "who": step.who,
                    "article": list(step.articles),
                    "verified": step.verified and step.verified.value,
                    "after": [place + 1 for place in step.after],
                    "must_follow": step.owed,
                    "stands": step.stands.value,
                    "acts": list(step.acts),
                }
                for number, step in enumerate(self.steps, start=1)
            ],
        }


def course_to(
    charter: Charter, acts: Iterable[Act], goal: str, day: Day, party: str = "", language: str = ENGLISH
) -> Course:
    """The steps that lead to an act of a kind under the rules in force on a day, and how each stands.

    Args:
        party: whom the act is for; empty for anyone, and then the newest act of each step counts.
    Returns:
        No steps where no rule of that day speaks of the kind.
    """
    docket = Docket.of(charter, acts, only=day.last)
    with speaking(language):
        drawn = _Drawing(charter, day).draw(goal)
        return Course(charter.org, goal, party, day, tuple(_standing(docket, drawn, day, party)))


class _Drawing:
    """Rules followed backwards through their needs; a rule already drawn is not drawn again."""

    def __init__(self, charter: Charter, day: Day) -> None:
        self.charter = charter
        self.day = day
        self.steps: list[CourseStep] = []
        self.places: dict[str, int] = {}
        self.under_way: set[str] = set()

    def draw(self, goal: str) -> list[CourseStep]:
        for rule in self._rules(goal):
            self._draw(rule)
        for place, step in enumerate(list(self.steps)):
            rule = self.charter.rules[step.rule]
            if step.kind == goal:
                self.steps += self._owed(rule, place)
        return self.steps

    def _rules(self, kind: str) -> list[Rule]:
        rules = self.charter.rules_for(kind)
        return [r for r in rules if not r.forbids and not r.of_others and r.interval.covers(self.day) is True]

    def _draw(self, rule: Rule, choice: tuple[str, int] | None = None, kind: str = "", since: str = "") -> int | None:
        if rule.id in self.places:
            return self.places[rule.id]
        if rule.id in self.under_way:
            # A rule that needs itself, as a renewal needs an earlier one, begins somewhere.
            return None
        self.under_way.add(rule.id)
        after: list[int] = []
        for number, need in enumerate(rule.needs):
            for needed, what in self._serving(need):
                place = self._draw(needed, (rule.id, number), what, need.after)
                after += [place] if place is not None else []
        self.under_way.discard(rule.id)
        self.places[rule.id] = len(self.steps)
        self.steps.append(
            CourseStep(
                kind or rule.kinds[0],
                rule.id,
                rule.title,
                any_of(self.charter, rule.who),
                rule.articles,
                rule.verified,
                tuple(dict.fromkeys(after)),
                choice,
                since,
                False,
            )
        )
        return self.places[rule.id]

    def _serving(self, need: Need) -> Iterator[tuple[Rule, str]]:
        """The rules under which the act may be done that a need asks for, with the kind of act."""
        for one in need.one_of or (need,):
            if one.none or one.org:
                continue
            for kind in one.acts:
                for rule in self._rules(kind):
                    outcomes = rule.when.get("outcome", ())
                    if one.outcome and outcomes and not set(one.outcome) & set(outcomes):
                        continue
                    bodies = {body for wanted in rule.who for body in wanted.ids if wanted.sort is Sort.BODY}
                    if one.body and bodies and one.body not in bodies:
                        continue
                    yield rule, kind

    def _owed(self, rule: Rule, place: int) -> Iterator[CourseStep]:
        for duty in rule.must_follow:
            to = say("duty.to", who=any_of(self.charter, duty.to)) if duty.to else ""
            message = "duty.at_once" if duty.at_once else "duty"
            title = say(message, what=kind_words(duty.act), to=to, by="")
            who = any_of(self.charter, duty.by)
            articles = duty.articles or rule.articles
            yield CourseStep(duty.act, "", title, who, articles, rule.verified, (place,), None, "", True)


def _standing(docket: Docket, steps: list[CourseStep], day: Day, party: str) -> Iterator[CourseStep]:
    """Each step as it stands, in the same order."""
    shown = [_acts(docket, step, day, party) for step in steps]
    done = [bool(acts) for acts in shown]
    for place, step in enumerate(steps):
        if done[place]:
            stands = Stands.DONE
        elif any(done[other] for other, sibling in enumerate(steps) if step.choice and sibling.choice == step.choice):
            stands = Stands.SPARED
        elif any(done[later] and _leads_to(steps, place, later) for later in range(place + 1, len(steps))):
            stands = Stands.SKIPPED
        elif _is_ready(steps, step, done):
            stands = Stands.DUE
        else:
            stands = Stands.UNTOLD
        yield replace(step, stands=stands, acts=shown[place])


def _leads_to(steps: list[CourseStep], place: int, later: int) -> bool:
    """Whether a step is needed, directly or not, for a later one, and no alternative of it could serve instead."""
    return place in steps[later].after or any(
        _leads_to(steps, place, between) for between in steps[later].after if between > place
    )


def _is_ready(steps: list[CourseStep], step: CourseStep, done: list[bool]) -> bool:
    """Whether all that a step needs is done; of alternatives one is enough."""
    choices: dict[object, list[bool]] = {}
    for place in step.after:
        choices.setdefault(steps[place].choice or place, []).append(done[place])
    return all(any(alternatives) for alternatives in choices.values())


def _acts(docket: Docket, step: CourseStep, day: Day, party: str) -> tuple[str, ...]:
    """The acts of the newest day by which a step was done by the end of a day."""
    rule = docket.charter.rules.get(step.rule)
    begun = [act for act in docket.reported(step.since) if done_by(act, day.last) and _is_for(act, party)]
    floor = max(begun, key=in_time, default=None)
    if step.since and floor is None:
        return ()
    found: list[Act] = []
    for act in docket.reported(step.kind):
        if act.modality is not Modality.REPORTED or not done_by(act, day.last):
            continue
        if not _is_for(act, party) or (floor is not None and is_before(floor, act) is False):
            continue
        if rule is not None and not _under(docket, rule, act):
            continue
        found.append(act)
    last = max((act.date.last for act in found if act.date), default=None)
    return tuple(act.id for act in found if act.date and act.date.last == last)


def _is_for(act: Act, party: str) -> bool:
    """Whether an act is, or can be, for a party; a request is for whoever asks."""
    return not party or party in (askers(act) if act.kind == "request_assistance" else hosts(act) or (party,))


def _under(docket: Docket, rule: Rule, act: Act) -> bool:
    """Whether an act was done by those a rule speaks of, in the case it speaks of."""
    if any((value := act.role(role)) is not None and value not in wanted for role, wanted in rule.when.items()):
        return False
    return any(belongs(docket, wanted, act) is not False for wanted in rule.who)
