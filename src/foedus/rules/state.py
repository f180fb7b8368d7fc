"""The organisation on a day: who holds which status, who is in the chair, what is open, granted, deployed, planned.

Start at `state_on`. Every line carries the ids of the acts that show it, and the charter's source where it comes from
a table. What is beyond coverage says so; it is never an empty list that reads as *none*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from foedus.charters import Charter, Rule, as_known
from foedus.rules.assistance import (
    Decision,
    Deployment,
    Request,
    decisions_on,
    deployments_on,
    requests_on,
    same_host,
)
from foedus.rules.docket import Docket, done_by, in_time, is_before, is_played
from foedus.rules.governance import chair_on, holders_on
from foedus.rules.held import EFFECTIVE, MOMENTS, Chair, Holding, OfficeHolder, Roster
from foedus.rules.membership import has_status, rosters_on
from foedus.rules.verdict import duties, judged
from foedus.rules.wording import ENGLISH, speaking
from foedus.terms import Act, Day, Due, Mark, Modality, Obligation

# How far back something decided or fulfilled, and how far ahead something announced, still belongs on the page.
RECENT_DAYS = 31
# How long after a request an act of the kind its rule names can still be its answer.
ANSWER_DAYS = 366


@dataclass(frozen=True, slots=True)
class Planned:
    """Something announced, planned or proposed and not reported as done by that day."""

    act: str
    kind: str
    parties: tuple[str, ...]
    targets: tuple[str, ...]
    date: Day | None
    modality: Modality
    mark: Mark


@dataclass(frozen=True, slots=True)
class Pending:
    """A status applied for and not granted by that day."""

    party: str
    status: str
    since: Day
    acts: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Owed:
    """What must follow an act, as it stands on the day."""

    after: str
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class State:
    """One organisation at the end of one day.

    `rosters` is keyed by status, in the order of the charter. `requests` holds those open and those answered within
    a month. `untold` holds the ids of acts cited whose publication day is unknown, so that it cannot be told whether
    they were known by `known`; empty where `known` was not given.
    """

    org: str
    day: Day
    known: Day | None
    rule: str
    rosters: Mapping[str, Roster]
    chairs: tuple[Chair, ...]
    chairs_not_covered: tuple[str, ...]
    offices: tuple[OfficeHolder, ...]
    offices_not_covered: tuple[str, ...]
    requests: tuple[Request, ...]
    decisions: tuple[Decision, ...]
    deployments: tuple[Deployment, ...]
    planned: tuple[Planned, ...]
    pending: tuple[Pending, ...]
    obligations: tuple[Owed, ...]
    untold: tuple[str, ...]

    @property
    def members(self) -> tuple[Holding, ...]:
        """The holders of the first status of the charter: its members."""
        return next(iter(self.rosters.values())).holdings if self.rosters else ()

    @property
    def chair(self) -> Chair | None:
        """The chair of the first body that has one; None where not covered."""
        return self.chairs[0] if self.chairs else None

    @property
    def open_requests(self) -> tuple[Request, ...]:
        """The requests neither decided nor withdrawn, oldest first."""
        return tuple(request for request in self.requests if request.is_open)

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON, keys in a fixed order."""
        plain: dict[str, Any] = _plain(self)
        for row, request in zip(plain["requests"], self.requests, strict=True):
            row["open"] = request.is_open
        return plain


def state_on(
    charter: Charter,
    acts: Iterable[Act],
    day: Day,
    known: Day | None = None,
    recorded: str | None = None,
    rule: str = EFFECTIVE,
    language: str = ENGLISH,
) -> State:
    """The organisation at the end of a day, as the charter's tables and the acts show it.

    Args:
        acts: any acts in any order; those of other organisations are passed over.
        day: its last day counts, where it is not known to the day.
        known: only acts first published by then, and the charter as it stood then (`as_known`); acts of unknown
            publication stay in and are listed in `untold`, but for what was done after that day, which nobody could
            have said.
        recorded: only acts the ledger had learnt by that instant (RFC 3339, or its beginning such as a date, which
            means the end of that day); shipped records always were there.
        rule: the legal moment by which statuses count: signed, ratified, in_force, notified or effective.
        language: in which remarks and obligations are worded: en, ru, zh, vi; another is English.
    Raises:
        ValueError: `rule` is none of these.
    """
    if rule not in MOMENTS:
        raise ValueError(f"rule is {rule!r}, expected one of {', '.join(MOMENTS)}")
    kept = [a for a in acts if (known is None or may_be_known(a, known)) and was_recorded(a, recorded)]
    if known is not None:
        charter = as_known(charter, known.last)
    with speaking(language):
        return _state(charter, kept, day, known, rule)


def _state(charter: Charter, kept: list[Act], day: Day, known: Day | None, rule: str) -> State:
    docket, on = Docket.of(charter, kept), day.last
    chairs, uncovered = [], []
    for body in charter.chaired():
        chair = chair_on(docket, body, on)
        if chair is None:
            uncovered.append(str(body.id))
        else:
            chairs.append(chair)
    offices = {office.id: holders_on(docket, office, on) for office in charter.offices.values() if office.holders}
    requests = tuple(
        request
        for request in (_answered(docket, row, on) for row in requests_on(docket, on))
        if request.is_open or any(_recent(docket.by_id[name], day) for name in request.decided)
    )
    state = State(
        org=charter.org,
        day=day,
        known=known,
        rule=rule,
        rosters=rosters_on(docket, on, rule),
        chairs=tuple(chairs),
        chairs_not_covered=tuple(uncovered),
        offices=tuple(holder for rows in offices.values() for holder in rows),
        offices_not_covered=tuple(str(office) for office, rows in offices.items() if not rows),
        requests=requests,
        decisions=decisions_on(docket, on),
        deployments=deployments_on(docket, on),
        planned=_planned(docket, day),
        pending=_pending(docket, day),
        obligations=_owed(docket, day),
        untold=(),
    )
    if known is None:
        return state
    cited = _cited(state)
    untold = tuple(a.id for a in docket.acts if a.id in cited and a.published is None)
    return _with_untold(state, untold)


def _answered(docket: Docket, request: Request, on: date) -> Request:
    """A request with what answers it where its own rule names other acts than a decision on assistance."""
    if not request.is_open:
        return request
    first = docket.by_id[request.acts[0]]
    rule = docket.charter.rules.get(judged(docket, first).rule)
    if rule is None or not rule.answered_by:
        return request
    answers = [
        row
        for row in docket.reported(*rule.answered_by)
        if row.id not in request.acts
        and done_by(row, on)
        and is_before(first, row) is not False
        and same_host(first, row)
        and row.date is not None
        and first.date is not None
        and (row.date.first - first.date.last).days <= ANSWER_DAYS
    ]
    earliest = min((in_time(row)[0] for row in answers), default=None)
    return replace(request, decided=tuple(row.id for row in answers if in_time(row)[0] == earliest))


def was_recorded(act: Act, by: str | None) -> bool:
    """Whether a ledger had learnt of an act by an instant, or by the end of the day, month or year it begins."""
    return by is None or not act.recorded or act.recorded[: len(by)] <= by


def may_be_known(act: Act, known: Day) -> bool:
    """Whether some source can have told of an act by the end of a day; what lay ahead can only have been announced."""
    if act.published is not None:
        return act.published.first <= known.last
    return act.date is None or act.modality is not Modality.REPORTED or act.date.first <= known.last


def _with_untold(state: State, untold: tuple[str, ...]) -> State:
    values = {field.name: getattr(state, field.name) for field in fields(state)}
    return State(**{**values, "untold": untold})


def _recent(act: Act, day: Day) -> bool:
    return act.date is not None and timedelta(0) <= day.last - act.date.last <= timedelta(RECENT_DAYS)


def _planned(docket: Docket, day: Day) -> tuple[Planned, ...]:
    """What was announced for that day or the month after it.

    Where a source says when it was announced, that must be by the day; otherwise only the date planned for counts.
    """
    found = []
    for act in docket.acts:
        if act.modality not in (Modality.PLANNED, Modality.PROPOSED, Modality.CONDITIONAL) or act.date is None:
            continue
        ahead = (act.date.last - day.last).days
        if not 0 <= ahead <= RECENT_DAYS or (act.published is not None and act.published.first > day.last):
            continue
        found.append(Planned(act.id, act.kind, act.parties, act.targets, act.date, act.modality, act.mark))
    return tuple(found)


def _pending(docket: Docket, day: Day) -> tuple[Pending, ...]:
    found: dict[tuple[str, str], tuple[Act, list[str]]] = {}
    for act in docket.reported("apply_status"):
        status = docket.charter.status_named(act.role("status") or "")
        if status is None or not done_by(act, day.last):
            continue
        for party in act.actors:
            if has_status(docket, party, status, day) is True:
                continue
            found.setdefault((party, status.id), (act, []))[1].append(act.id)
    return tuple(
        Pending(party, status, first.date, tuple(shown), first.mark)
        for (party, status), (first, shown) in found.items()
        if first.date is not None
    )


def _owed(docket: Docket, day: Day) -> tuple[Owed, ...]:
    """What must follow acts of the last month, and whatever is open or overdue."""

    def matters(act: Act, rule: Rule) -> bool:
        # Only in an exercise can anything be overdue; elsewhere nothing is open beyond its days.
        days = max(RECENT_DAYS, *(duty.days for duty in rule.must_follow))
        return is_played(act) or (act.date is not None and (day.last - act.date.last).days <= days)

    found = [
        (in_time(act), Owed(act.id, duty))
        for act, _, _, duty in duties(docket, day, matters)
        if duty.due in (Due.OPEN, Due.OVERDUE) or _recent(act, day)
    ]
    return tuple(owed for _, owed in sorted(found, key=lambda row: (row[0], row[1].obligation.text)))


def _cited(state: State) -> set[str]:
    """The ids of every act a state cites."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, tuple):
            for part in value:
                walk(part)
        elif isinstance(value, Mapping):
            for part in value.values():
                walk(part)
        elif is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                walk(getattr(value, field.name))

    walk(state)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Day):
        return value.edtf
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name.rstrip("_"): _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
