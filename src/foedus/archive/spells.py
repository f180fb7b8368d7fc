"""What lasts: who held which status from when to when, which forces stood where, how long a request waited.

Start at `standings`: the rosters of a status between the days on which they change. The frames and the panels are
made of it, so that neither can say what `rules.state_on` does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from foedus.archive.citations import attrs
from foedus.archive.columns import FRAMES, frame_of
from foedus.archive.operations import operations
from foedus.charters import Status
from foedus.rules import Deployment, Holding, Request
from foedus.rules.assistance import deployments_on, has_left, hosts, requests_on
from foedus.rules.docket import Docket, is_before, is_played, own_part
from foedus.rules.held import EFFECTIVE
from foedus.rules.membership import days_of_change, parties_of, roster_of
from foedus.rules.state import ANSWER_DAYS
from foedus.terms import Act, Day, Interval, OrgCode

if TYPE_CHECKING:
    from foedus.archive.material import Material


@dataclass(frozen=True, slots=True)
class Standing:
    """One party holding one status over some days: `holding` as it was on the last of them.

    `holding` is None where it cannot be told whether it held it. `interval` is bounded by the days looked at alone,
    not by coverage.
    """

    party: str
    interval: Interval
    holding: Holding | None


def standings(archive: Material, org: OrgCode, status: Status, rule: str) -> tuple[Standing, ...]:
    """Every stretch over which a party held a status, or it cannot be told, by party and then by time.

    Days after that of `as_of(on=...)` are not looked at: what was held on that day has no end.
    """
    docket = archive.docket(org)
    last = archive.moments.on.last if archive.moments.on else date.max
    parties = parties_of(docket, status, rule)
    return tuple(row for party in parties for row in stretches(docket, status, party, rule, last))


def stretches(docket: Docket, status: Status, party: str, rule: str, last: date) -> Iterator[Standing]:
    """The stretches of one party, earliest first."""
    since: date | None = None
    held: Holding | None = None
    for day in days_of_change(docket, status, rule, party):
        if day > last or day == date.max:
            break
        roster = roster_of(docket, status, party, day, rule) if day in status.interval else None
        now = roster.holdings[0] if roster and roster.holdings else None
        stands = roster is not None and bool(roster.holdings or roster.untold)
        if since is not None and not (stands and (now is None) is (held is None)):
            yield Standing(party, _between(since, day), held)
            since = None
        if stands:
            since, held = since or day, now
    if since is not None:
        yield Standing(party, _between(since, None), held)


def seen(archive: Material, status: Status) -> Interval | None:
    """Over which days a status existed and is told in full, cut off after the days of `as_of`; None where nowhere."""
    covered = status.covered and held_in(status.covered, status.interval)
    if covered is None:
        return None
    # Of the days after that on which it was known nothing was known yet.
    asked = (day.last for day in (archive.moments.on, archive.moments.known) if day)
    ends = (day + timedelta(1) for day in asked if day < date.max)
    until = min((day for day in (covered.until, *ends) if day), default=None)
    return None if until and covered.since and until <= covered.since else Interval(covered.since, until)


def coverage(archive: Material, orgs: Iterable[OrgCode], status: str | None = None) -> dict[str, Any]:
    """Since and until when a status of each organisation is told in full, as plain JSON; None where nowhere."""
    told = {}
    for org in orgs:
        own = status_of(archive, org, status)
        span = own and seen(archive, own)
        told[str(org)] = span and {
            "since": span.since and span.since.isoformat(),
            "until": span.until and span.until.isoformat(),
        }
    return told


def status_of(archive: Material, org: OrgCode, name: str | None) -> Status | None:
    """A status of an organisation by its id, by default its first: that of members; None where it has none such."""
    statuses = archive.charter(org).statuses
    return next(iter(statuses.values()), None) if name is None else statuses.get(name)


def memberships(archive: Material, rule: str, orgs: Iterable[OrgCode]) -> pd.DataFrame:
    """One row for each standing, by organisation, status in the charter's order, party and time."""
    listed = tuple(orgs)
    rows = (row for org in listed for row in _memberships(archive, org, rule))
    return frame_of(
        FRAMES["memberships"],
        rows,
        attrs(archive, frame="memberships", rule=rule, coverage=coverage(archive, listed)),
    )


def _memberships(archive: Material, org: OrgCode, rule: str) -> Iterator[dict[str, Any]]:
    for status in archive.charter(org).statuses.values():
        for row in standings(archive, org, status, rule):
            yield membership(archive, org, status, row, rule)


def membership(archive: Material, org: OrgCode, status: Status, row: Standing, rule: str) -> dict[str, Any]:
    """The row of a frame for one standing."""
    held, first, span = row.holding, row.interval.since, seen(archive, status)
    return {
        "org": org,
        "status": status.id,
        "party": row.party,
        "is_member": status is status_of(archive, org, None),
        "rule": rule,
        "since": _since(held, first),
        "moment": held and _moment(status, row, rule),
        "until": row.interval.until,
        "seen_until": span and span.until,
        "certain": None if held is None else True,
        "acts": held.acts if held else (),
        "mark": held and held.mark.value,
        "source": held and held.source,
        "note": "; ".join(held.notes) if held else None,
    }


def _since(held: Holding | None, first: date | None) -> Day | None:
    """The first day held, as sharply as it is told: the day of the table, unless it began again since."""
    if held is not None and held.since is not None and (first is None or held.since.last >= first):
        return held.since
    return Day.of(first) if first else held.since if held else None


def _moment(status: Status, row: Standing, rule: str) -> str:
    """The legal moment by which a stretch is bounded: that of the rule where the charter gives it, else the effect."""
    given = [line.moments[rule] for line in status.holders if line.party == row.party and rule in line.moments]
    ends = rule == "notified"
    bound = row.interval.until if ends else row.interval.since
    return rule if any(bound == (day.first if ends else day.last) for day in given) else EFFECTIVE


def _between(since: date, until: date | None) -> Interval:
    return Interval(None if since == date.min else since, until)


def requests(archive: Material, orgs: Iterable[OrgCode]) -> pd.DataFrame:
    """One row for each request to an organisation, by organisation and time."""
    rows = (row for org in orgs for row in requests_made(archive, org))
    return frame_of(FRAMES["requests"], rows, attrs(archive, frame="requests"))


def requests_made(archive: Material, org: OrgCode) -> list[dict[str, Any]]:
    """Requests to an organisation; what several parties ask by the same acts is one."""
    docket = archive.docket(org)
    together: dict[tuple[str, ...], list[Request]] = {}
    for request in requests_on(docket, archive.last_day):
        together.setdefault(request.acts, []).append(request)
    return [_request(docket, org, tuple(requests), archive.last_day) for requests in together.values()]


def _request(docket: Docket, org: OrgCode, together: tuple[Request, ...], last: date) -> dict[str, Any]:
    request = together[0]
    first = docket.by_id[request.acts[0]]
    decided = tuple(dict.fromkeys(name for one in together for name in one.decided))
    decisions = [docket.by_id[name] for name in decided]
    sent = [
        act for act in docket.reported("deploy") if any(_answers(docket, act, one, first, last) for one in together)
    ]
    decision, deployment = _earliest(decisions), _earliest(sent)
    decided_on, deployed_on = decision.date if decision else None, deployment.date if deployment else None
    return {
        "org": org,
        "by": tuple(one.by for one in together),
        "to": request.to,
        "date": request.on,
        "ground": request.ground,
        "acts": request.acts,
        "consulted": tuple(dict.fromkeys(name for one in together for name in one.consulted)),
        "decided": decided,
        "deployed": tuple(act.id for act in sent),
        "withdrawn": all(one.withdrawn for one in together),
        "decision": decided_on,
        "outcome": decision and decision.role("outcome"),
        "deployment": deployed_on,
        "days_to_decision": _days(request.on, decided_on),
        "days_to_deployment": _days(request.on, deployed_on),
        "mark": request.mark.value,
    }


def _answers(docket: Docket, act: Act, request: Request, first: Act, last: date) -> bool:
    """Whether forces went to the asker after a request, within a year and before it asked again, by some day."""
    if act.date is None or act.date.last > last or request.by not in hosts(act) or not is_before(first, act):
        return False
    if (act.date.first - request.on.last).days > ANSWER_DAYS:
        return False
    return not any(
        request.by in other.actors
        and other.id not in request.acts
        and is_before(first, other)
        and other.date
        and other.date.first > request.on.last
        and is_before(other, act)
        for other in docket.reported("request_assistance")
    )


def _earliest(acts: Iterable[Act]) -> Act | None:
    dated = [act for act in acts if act.date is not None]
    return min(dated, key=lambda act: (act.date.sort_key if act.date else (), act.id), default=None)


def _days(earlier: Day, later: Day | None) -> int | None:
    """Whole days between two days, where both are exact."""
    return (later.first - earlier.first).days if later and earlier.is_exact and later.is_exact else None


def deployments(archive: Material, orgs: Iterable[OrgCode]) -> pd.DataFrame:
    """One row for each stretch of presence, by organisation, place, party and time."""
    rows = (row for org in orgs for row in _in_operations(archive, org))
    return frame_of(FRAMES["deployments"], rows, attrs(archive, frame="deployments"))


def _in_operations(archive: Material, org: OrgCode) -> list[dict[str, Any]]:
    """Stretches of presence, each with the operation it belongs to."""
    docket, stays = archive.docket(org), deployed(archive, org)
    played = [all(is_played(docket.by_id[name]) for name in stay["acts"]) for stay in stays]
    # What was played in an exercise is no part of what was done.
    for side in (True, False):
        for operation in operations(docket, [s for s, is_one in zip(stays, played, strict=True) if is_one is side]):
            for stay in operation.stays:
                stay["operation"] = operation.id
    return stays


def deployed(archive: Material, org: OrgCode) -> list[dict[str, Any]]:
    """Stretches of presence, found by asking `deployments_on` on every day forces moved."""
    docket = archive.docket(org)
    moves = tuple(docket.reported("deploy", "withdraw_forces"))
    days = sorted({act.date.last for act in moves if act.date and act.date.last <= archive.last_day})
    running: dict[tuple[str, str], dict[str, Any]] = {}
    found = []
    for day in days:
        there = {(row.where, row.by): row for row in deployments_on(docket, day)}
        for key in [key for key in running if key not in there]:
            gone = running.pop(key)
            ended = [act for act in moves if act.date and act.date.last == day and _ends(docket, act, *key)]
            exact = gone["since"].is_exact and all(act.date and act.date.is_exact for act in ended)
            found.append(
                {
                    **gone,
                    "until": day,
                    "ended_by": tuple(act.id for act in ended),
                    "last_told": day,
                    "days": (day - gone["since"].first).days if exact else None,
                }
            )
        for key, row in there.items():
            told = max(act.date.last for name in row.acts if (act := docket.by_id[name]).date)
            running[key] = {**running.get(key, {"leaving": None}), **_present(org, row), "last_told": told}
            if row.leaving and running[key]["leaving"] is None:
                running[key]["leaving"] = day
    found += running.values()
    return sorted(found, key=lambda row: (row["where"] or "", row["by"], row["since"].sort_key))


def _ends(docket: Docket, act: Act, where: str, by: str) -> bool:
    """Whether an act takes a party's forces out of a place; one that names no place means every place."""
    from_there = not hosts(act) or not where or where in hosts(act)
    whose = by in act.actors or any(own_part(docket.charter, party) for party in act.actors)
    return has_left(act) and from_there and whose


def _present(org: OrgCode, row: Deployment) -> dict[str, Any]:
    return {
        "org": org,
        "by": row.by,
        "where": row.where or None,
        "since": row.since,
        "acts": row.acts,
        "mark": row.mark.value,
    }


def held_in(interval: Interval, span: Interval) -> Interval | None:
    """The days of an interval that lie inside another; None where there are none."""
    since = max((day for day in (interval.since, span.since) if day), default=None)
    until = min((day for day in (interval.until, span.until) if day), default=None)
    return None if since and until and since >= until else Interval(since, until)
