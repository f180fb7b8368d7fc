"""Requests, decisions and deployments: what is open, granted and in place on a day.

Start at `requests_on`. Source: Collective Security Treaty (1992), arts 2 and 4; Agreement on peacekeeping activities
(2007), art. 3, as each charter's rules on these kinds say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from foedus.rules.docket import Docket, done_by, in_time, is_before, is_subject, own_part
from foedus.rules.governance import chair_on
from foedus.terms import Act, Day, Mark

GRANTS = ("grant", "partial")
REFUSALS = ("refuse", "failed")
# How far apart two sources may date one request: a night, a time zone, a day of report.
SAME_REQUEST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """A request for assistance: by whom, since when, consulted on and decided by which acts.

    `age` is in whole days on the day asked about; a day known only roughly counts from its last day and sets
    `imprecise`. `acts` are the acts that speak of this request, of any origin.
    """

    by: str
    to: tuple[str, ...]
    on: Day
    acts: tuple[str, ...]
    consulted: tuple[str, ...]
    decided: tuple[str, ...]
    withdrawn: tuple[str, ...]
    ground: str
    age: int
    imprecise: bool
    mark: Mark

    @property
    def is_open(self) -> bool:
        """Whether it is neither decided nor withdrawn."""
        return not self.decided and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on assistance not recorded as ended: by which body, for whom, since when.

    `untold` is true where nothing says how long it runs and a year has passed.
    """

    body: tuple[str, ...]
    for_: tuple[str, ...]
    on: Day
    outcome: str
    acts: tuple[str, ...]
    untold: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Deployment:
    """Forces of one party in one place: since when, and whether their withdrawal has begun."""

    by: str
    where: str
    since: Day
    leaving: bool
    acts: tuple[str, ...]
    mark: Mark


def requests_on(docket: Docket, day: date) -> tuple[Request, ...]:
    """The requests made to the organisation by the end of a day, oldest first.

    Acts of one party within a few days of each other are one request: sources of several origins date it differently.
    """
    courses: list[tuple[str, list[Act]]] = []
    for act in docket.reported("request_assistance"):
        if not done_by(act, day) or not to_the_organisation(docket, act):
            continue
        for party in askers(act):
            known = next((acts for by, acts in courses if by == party and is_one_course(acts[0], act)), None)
            if known is None:
                courses.append((party, [act]))
            else:
                known.append(act)
    return tuple(_request(docket, by, acts, day) for by, acts in courses)


def askers(act: Act) -> tuple[str, ...]:
    """Who asks: the states among the actors where there are any, since a person asks for the state."""
    return tuple(party for party in act.actors if is_subject(party)) or act.actors


def is_one_course(one: Act, other: Act) -> bool:
    """Whether two requests of one party can be the same, told with different days."""
    if one.date is None or other.date is None:
        return False
    near = abs((other.date.first - one.date.last).days) <= SAME_REQUEST_DAYS
    return near or one.date.may_be(other.date)


def _request(docket: Docket, by: str, acts: list[Act], day: date) -> Request:
    first = acts[0]
    assert first.date is not None
    withdrawn = tuple(
        act.id
        for act in docket.denied("request_assistance")
        if by in act.actors and done_by(act, day) and is_before(first, act) and act.date != first.date
    )
    return Request(
        by,
        tuple(dict.fromkeys(target for act in acts for target in act.targets)),
        first.date,
        tuple(act.id for act in acts),
        _after(docket, acts, day, by, "consult"),
        _after(docket, acts, day, by, "decide_assistance"),
        withdrawn,
        next((ground for act in acts if (ground := act.role("ground"))), ""),
        (day - first.date.last).days,
        not first.date.is_exact,
        first.mark,
    )


def _after(docket: Docket, request: list[Act], day: date, by: str, kind: str) -> tuple[str, ...]:
    """The acts of a kind that answer a request by the end of a day: after it, of a body, for the one that asked."""
    return tuple(
        act.id
        for act in docket.reported(kind)
        if done_by(act, day)
        and is_before(request[0], act)
        and (not hosts(act) or by in hosts(act))
        and (kind != "decide_assistance" or any(own_part(docket.charter, party) for party in act.parties))
        and not _newer_request(docket, request, act, by)
    )


def _newer_request(docket: Docket, request: list[Act], answer: Act, by: str) -> bool:
    """Whether a later request stands between a request and an answer: of the same party, or of any if unnamed."""
    mine = {act.id for act in request}
    last = request[0].date
    for other in docket.reported("request_assistance"):
        if other.id in mine or not (by in other.actors or not hosts(answer)):
            continue
        if other.date and last and other.date.first > last.last and is_before(other, answer):
            return True
    return False


def to_the_organisation(docket: Docket, act: Act) -> bool:
    """Whether a request is put to the organisation, and not only to a single state or somebody else."""
    if not act.targets:
        return True
    return any(own_part(docket.charter, target) for target in act.targets)


def addressed_to_chair(docket: Docket, act: Act) -> str | None:
    """The state among the addressees that was in the chair of a body that day, None where none was."""
    if act.date is None:
        return None
    for body in docket.charter.chaired():
        chair = chair_on(docket, body, act.date.last)
        if chair and chair.state in act.targets:
            return chair.state
    return None


def hosts(act: Act) -> tuple[str, ...]:
    """The states an act of assistance is for: its targets, or else the place where that is a state."""
    states = tuple(party for party in act.targets if is_subject(party))
    return states or ((act.place,) if act.place and is_subject(act.place) else ())


def same_host(one: Act, other: Act) -> bool:
    """Whether two acts can be for the same state: an act that names none contradicts nobody."""
    mine, theirs = hosts(one), hosts(other)
    return not mine or not theirs or bool(set(mine) & set(theirs))


def decisions_on(docket: Docket, day: date) -> tuple[Decision, ...]:
    """The decisions granting assistance that are in force at the end of a day, oldest first."""
    found: list[list[Act]] = []
    for act in docket.reported("decide_assistance"):
        if not done_by(act, day) or act.role("outcome") in REFUSALS:
            continue
        if not any(own_part(docket.charter, party) for party in act.parties):
            continue
        end = ended_on(docket, act, day)
        if end is not None and end <= day:
            continue
        for group in found:
            first = group[0]
            if first.date and act.date and first.date.may_be(act.date) and hosts(first) == hosts(act):
                group.append(act)
                break
        else:
            found.append([act])
    rows = []
    for group in found:
        first = group[0]
        assert first.date is not None
        bodies = tuple(p for p in first.parties if own_part(docket.charter, p))
        outcome = first.role("outcome") or ""
        untold = first.date_end is None and (day - first.date.last).days > 365
        shown = tuple(act.id for act in group)
        rows.append(Decision(bodies, hosts(first), first.date, outcome, shown, untold, first.mark))
    return tuple(rows)


def ended_on(docket: Docket, decision: Act, day: date) -> date | None:
    """When a decision ended by that day: on its own last day, or when all that was sent under it had left.

    Where a source says that the organisation sent forces and another names the states, the states are counted.
    """
    if decision.date is None:
        return None
    if decision.date_end is not None and decision.date_end.last < day:
        return decision.date_end.last
    sent = _movements(docket, decision, day, "deploy")
    if any(is_subject(party) for party in sent):
        sent = {party: on for party, on in sent.items() if is_subject(party)}
    left = _movements(docket, decision, day, "withdraw_forces")
    whole = max((on for party, on in left.items() if own_part(docket.charter, party)), default=date.min)
    gone = {party: max(left.get(party, date.min), whole) for party in sent}
    return max(gone.values()) if sent and all(gone[party] >= on for party, on in sent.items()) else None


def has_left(act: Act) -> bool:
    """Whether a withdrawal is told to be over; one told without a phase has begun, which is the least that is sure."""
    return act.kind == "withdraw_forces" and act.role("phase") == "complete"


def left_on(docket: Docket, sent: Act, act: Act) -> date | None:
    """The day by which those sent had wholly left again, before the day of an act; None where somebody still stays."""
    gone: dict[str, date] = {}
    for row in docket.reported("withdraw_forces"):
        if row.id == act.id or row.date is None or not has_left(row) or not is_before(sent, row):
            continue
        if act.date is not None and row.date.last < act.date.first and same_host(sent, row):
            whole = any(own_part(docket.charter, party) for party in row.actors)
            for party in sent.actors if whole else row.actors:
                gone[party] = max(gone.get(party, row.date.last), row.date.last)
    mine = [party for party in sent.actors if party in act.actors] or list(sent.actors)
    return max(gone[party] for party in mine) if mine and all(party in gone for party in mine) else None


def _movements(docket: Docket, decision: Act, day: date, kind: str) -> dict[str, date]:
    """The last day by which each party moved in, or wholly out, under a decision."""
    found: dict[str, date] = {}
    for act in docket.reported(kind):
        if not done_by(act, day) or act.date is None or (kind == "withdraw_forces" and not has_left(act)):
            continue
        if is_before(decision, act) and same_host(decision, act):
            for party in act.actors:
                found[party] = max(found.get(party, act.date.last), act.date.last)
    return found


def deployments_on(docket: Docket, day: date) -> tuple[Deployment, ...]:
    """Who has forces where at the end of a day, by place and party.

    A withdrawal that has begun, and one told without a phase, leaves them listed: only a completed one ends a stay.

    Forces told of as the organisation's are there as long as those of any state that went with them.
    """
    present: dict[tuple[str, str], Deployment] = {}
    emptied: dict[str, date] = {}
    movements = sorted(
        docket.reported("deploy", "withdraw_forces"), key=lambda act: (in_time(act)[0], act.kind, act.id)
    )
    for act in movements:
        if not done_by(act, day) or act.date is None:
            continue
        places = hosts(act) or ("",)
        if act.kind == "deploy":
            for key in [(host, party) for host in places for party in act.actors]:
                there = present.get(key)
                if there is None or (
                    not is_subject(key[1]) and there.since.first <= emptied.get(key[0], date.min) < act.date.first
                ):
                    # What the organisation had there went with the last of its members' forces: this is a new stay.
                    there = Deployment(key[1], key[0], act.date, False, (), act.mark)
                present[key] = replace(there, acts=tuple(dict.fromkeys((*there.acts, act.id))))
            continue
        whole = any(own_part(docket.charter, party) for party in act.actors)
        for key in [k for k in present if places == ("",) or not k[0] or k[0] in places]:
            if not (whole or key[1] in act.actors):
                continue
            if not has_left(act):
                present[key] = replace(present[key], leaving=True, acts=(*present[key].acts, act.id))
                continue
            del present[key]
            if not any(host == key[0] and is_subject(party) for host, party in present):
                emptied[key[0]] = act.date.last
    return tuple(
        row
        for key, row in sorted(present.items())
        if is_subject(row.by) or key[0] not in emptied or row.since.first > emptied[key[0]]
    )
