"""Statuses: who is a member, observer or partner on a day, as the charter's tables and the acts show it.

Start at `rosters_on`. A status is closed-world inside its coverage: who is not in the roster did not hold it.
Outside, the answer is *not covered*. One change has several legal moments: `rule` picks the one that counts, by
default the legal effect. Under `signed`, `ratified` and `in_force` a status begins at that moment; under `notified` it
ends with the notice. Source: the articles of each status in the charter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from foedus.charters import Sort, Status, StatusHolder
from foedus.rules.docket import Docket, as_day, day_after_months, done_by, eve_of, in_time, is_subject, moves_the_world
from foedus.rules.held import EFFECTIVE, Holding, Roster
from foedus.rules.wording import say
from foedus.terms import Act, Day, Interval, Mark

BEGINS = ("establish", "grant_status", "accede")
ENDS = ("end_status", "lapse")
MOVERS = (*BEGINS, *ENDS, "withdraw", "suspend")
# What a holder declares about its status without ending it.
REMARKS = ("freeze", "suspend", "withdraw")
# Acts that begin a status already where an earlier legal moment counts.
EARLIER = {"signed": ("sign",), "ratified": ("ratify",)}


def rosters_on(docket: Docket, day: date, rule: str = EFFECTIVE) -> Mapping[str, Roster]:
    """The roster of every status that exists on a day, keyed by status, in the order of the charter."""
    found = {}
    for status in docket.charter.statuses.values():
        if day in status.interval:
            found[status.id] = roster_on(docket, status, day, rule=rule)
    return found


def roster_on(docket: Docket, status: Status, day: date, without: str = "", rule: str = EFFECTIVE) -> Roster:
    """The roster of one status at the end of a day; the act of id `without` is left out of account."""
    if without and (without not in docket.by_id or docket.by_id[without].kind not in MOVERS):
        without = ""
    key = (status.id, day, without, rule)
    if key not in docket.rosters:
        docket.rosters[key] = _roster(docket, status, day, without, rule)
    return docket.rosters[key]


def roster_of(docket: Docket, status: Status, party: str, day: date, rule: str = EFFECTIVE) -> Roster:
    """The roster of one status at the end of a day as far as one party goes; nobody else stands in it."""
    return _roster(docket, status, day, "", rule, party)


def parties_of(docket: Docket, status: Status, rule: str = EFFECTIVE) -> tuple[str, ...]:
    """Every party that a status was ever held by, or that an act may have given it to, in alphabetical order."""
    told = {row.party for row in (*status.holders, *_merged(docket, status))}
    return tuple(sorted(told.union(*(_moved(act) for act in _movers(docket, status, rule)))))


def _roster(docket: Docket, status: Status, day: date, without: str, rule: str, alone: str = "") -> Roster:
    held: dict[str, Holding] = {}
    untold = set()
    # A status that no line gives the moment of begins and ends as it does in law.
    moment = rule if any(rule in row.moments for row in status.holders) else EFFECTIVE
    lines = (*status.holders, *_merged(docket, status))
    ended = {(row.party, row.interval.until) for row in lines}
    for row in lines:
        if alone and row.party != alone:
            continue
        # A line that goes on where another of its party ended has no moment of its own before that.
        goes_on = moment not in row.moments and (row.party, row.interval.since) in ended
        stands = stands_on(row, day, EFFECTIVE if goes_on else moment)
        if stands is None:
            untold.add(row.party)
        elif stands and row.party not in held:
            held[row.party] = _from_table(docket, status, row, day, moment)
    inside = status.covered is not None and day in status.covered
    for act in _movers(docket, status, rule, alone):
        # Inside its coverage a table is complete: what is told of earlier days is in it already.
        if act.id != without and done_by(act, day) and (moves_the_world(act) or not inside):
            _apply(docket, status, act, day, held, rule)
    for party in [alone] if alone and alone in held else [] if alone else list(held):
        held[party] = _noted(docket, held[party], day)
    covered = inside
    rows = tuple(held[party] for party in sorted(held) if not alone or party == alone)
    note = status.note if covered else say("state.uncovered") + (f" ({status.note})" if status.note else "")
    return Roster(status.id, covered, rows, status.articles, note, tuple(sorted(untold - set(held))))


def days_of_change(docket: Docket, status: Status, rule: str = EFFECTIVE, party: str = "") -> tuple[date, ...]:
    """Every day on which the roster of a status may differ from that of the day before, earliest first.

    Between two of them, and before the first and after the last, the roster stays the same but for its remarks. Of one
    `party` alone, its own days and those of remarks on it.
    """
    days: set[date | None] = {date.min, status.interval.since, status.interval.until}
    if status.covered is not None:
        days |= {status.covered.since, status.covered.until}
    for row in (*status.holders, *_merged(docket, status)):
        if party in ("", row.party):
            days |= {row.interval.since, row.interval.until}
            if moment := row.moments.get(rule):
                days |= {moment.first, moment.last}
    remarks = (act for act in docket.reported(*REMARKS) if party in act.actors) if party else ()
    for act in (*_movers(docket, status, rule, party), *remarks):
        days |= {act.date.last if act.date else None, leaves_on(docket, act) if act.kind == "withdraw" else None}
    return tuple(sorted(day for day in days if day is not None))


def stands_on(row: StatusHolder, day: date, rule: str = EFFECTIVE) -> bool | None:
    """Whether a line of a table holds on a day by one legal moment; None where disputed, or the moment is not known.

    A line holds from its moment on, be that before its legal effect or after it. One whose moment is missing holds
    from its legal effect on; whether it held before cannot be told, but for `in_force`, which is the legal effect
    unless the line says otherwise.
    """
    begins, ends = row.interval.since, row.interval.until
    if rule == "notified" and "notified" in row.moments:
        ends = row.moments["notified"].first
    if ends is not None and day >= ends:
        return False
    moment = row.moments.get(rule) if rule in ("signed", "ratified", "in_force") else None
    if moment is not None:
        if day < moment.first:
            return False
        return None if row.disputed or day < moment.last else True
    if begins is None or day >= begins:
        return None if row.disputed else True
    return None if rule in ("signed", "ratified") else False


def _merged(docket: Docket, status: Status) -> tuple[StatusHolder, ...]:
    """The lines a status takes over from those merged into it, from the day on which they ended."""
    return tuple(
        replace(row, interval=Interval(other.interval.until, None), moments={})
        for other in docket.charter.statuses.values()
        if other.merged_into == status.id and other.interval.until is not None
        for row in other.holders
        if row.interval.until in (None, other.interval.until)
        and all(own.party != row.party or own.interval.until for own in status.holders)
    )


def has_status(docket: Docket, party: str, status: Status, day: Day, without: str = "") -> bool | None:
    """Whether a party holds a status when an act of that day is done: true, false, or None where not covered.

    On the day of a change both the old and the new standing count as held: the record does not give the hour.
    """
    answers: set[bool | None] = set()
    for on in {day.first, day.last, eve_of(day)} if day.first != date.min else {day.last}:
        roster = roster_on(docket, status, on, without)
        holds = party in roster.held_by
        if party in roster.untold:
            answers.add(None)
            continue
        answers.add(holds if roster.covered or (holds and status.covered is None) else None)
    return True if True in answers else None if None in answers else False


def lacks_status(docket: Docket, party: str, status: Status, day: Day, without: str = "") -> bool | None:
    """Whether a party is without a status just before an act of that day; None where not covered."""
    if day.first == date.min:
        return None
    roster = roster_on(docket, status, eve_of(day), without)
    if party in roster.held_by:
        return False
    if party in roster.untold:
        return None
    return True if roster.covered or eve_of(day) not in status.interval else None


def doubts(docket: Docket, party: str, status: Status, day: Day) -> Mark:
    """How far the line may be relied upon that shows a party holding a status."""
    for row in status.holders:
        if row.party == party and day.last in row.interval:
            return row.mark
    return Mark.SOURCED


def _from_table(docket: Docket, status: Status, row: StatusHolder, day: date, rule: str) -> Holding:
    since = row.moments.get(rule) or as_day(row.interval.since) if rule != "notified" else as_day(row.interval.since)
    shown = tuple(
        act.id
        for act in _begun(docket).get((status.id, row.party), ())
        if act.date and since and act.date.may_be(since)
    )
    return Holding(
        row.party,
        status.id,
        since,
        shown,
        docket.charter.sourced(row.source),
        row.mark,
        tuple(part for part in (row.how, row.note) if part),
    )


def _begun(docket: Docket) -> dict[tuple[str, str], list[Act]]:
    """The acts by which a status is said to begin, keyed by status and party."""
    if not docket.begun:
        suspended = [status.id for status in docket.charter.statuses.values() if status.in_place_of is not None]
        for act in docket.reported(*BEGINS, "suspend"):
            parties = act.actors if act.kind in ("establish", "accede") else act.targets
            for status in suspended if act.kind == "suspend" else [docket.status_of(act)]:
                for party in parties:
                    docket.begun.setdefault((status, party), []).append(act)
    return docket.begun


def _movers(docket: Docket, status: Status, rule: str, party: str = "") -> list[Act]:
    """The acts that change a roster beyond what its table already says, earliest first; those on one party alone."""
    key = f"{status.id} {rule}"
    if key not in docket.movers:
        docket.movers[key] = [
            act
            for act in sorted(docket.reported(*MOVERS, *EARLIER.get(rule, ())), key=in_time)
            if act.date is not None
            and not act.forced
            and (moves_the_world(act) or status.covered is None or act.date.first not in status.covered)
        ]
    if not party:
        return docket.movers[key]
    if f"{key} {party}" not in docket.movers:
        docket.movers[f"{key} {party}"] = [act for act in docket.movers[key] if party in _moved(act)]
    return docket.movers[f"{key} {party}"]


def _apply(docket: Docket, status: Status, act: Act, day: date, held: dict[str, Holding], rule: str) -> None:
    parties = [party for party in _moved(act) if moves_the_world(act) or not _told_later(status, party, act)]
    named = docket.status_of(act)
    if act.kind in (*BEGINS, *EARLIER.get(rule, ())) and named == status.id:
        if act.kind == "grant_status" and not _competent(docket, act):
            return
        for party in parties:
            if is_subject(party) or ":" not in party:
                held.setdefault(party, Holding(party, status.id, act.date, (act.id,), "", act.mark))
    elif act.kind in ENDS and named in (status.id, *([""] if act.kind == "end_status" else ())):
        for party in parties:
            held.pop(party, None)
    elif act.kind == "suspend" and _competent(docket, act):
        # The suspended leave the roster they are suspended from, and enter that of the suspended.
        for party in parties:
            if named == status.id or (not named and status.in_place_of is not None):
                held.setdefault(party, Holding(party, status.id, act.date, (act.id,), "", act.mark))
            elif any(other.in_place_of == status.id for other in docket.charter.statuses.values()):
                held.pop(party, None)
    elif act.kind == "withdraw" and named in ("", status.id):
        leaves = act.date.last if rule == "notified" and act.date else leaves_on(docket, act)
        for party in parties:
            if leaves is not None and leaves <= day:
                held.pop(party, None)


def _moved(act: Act) -> tuple[str, ...]:
    """The parties whose standing an act changes."""
    if act.kind in ENDS:
        return (*act.targets, *act.actors)
    return act.targets if act.kind in ("grant_status", "suspend") else act.actors


def _told_later(status: Status, party: str, act: Act) -> bool:
    """Whether the table tells of a change in a party's standing on or after the day of an act: it then holds."""
    rows = (row.interval for row in status.holders if row.party == party)
    bounds = (bound for interval in rows for bound in (interval.since, interval.until))
    return act.date is not None and any(bound >= act.date.first for bound in bounds if bound)


def _competent(docket: Docket, act: Act) -> bool:
    """Whether the body that acted is one the charter gives this kind of act to."""
    doers = {*act.body, *act.actors}
    return any(
        doers.intersection(wanted.ids)
        for rule in docket.charter.rules_for(act.kind)
        for wanted in rule.who
        if wanted.sort in (Sort.BODY, Sort.JOINT)
    )


def leaves_on(docket: Docket, act: Act) -> date | None:
    """The day on which a notice of withdrawal takes effect: the notice the charter asks for, or later if stated."""
    if act.date is None:
        return None
    months = max(
        (need.notice_months or 0 for rule in docket.charter.rules_for("withdraw") for need in rule.needs), default=0
    )
    earliest = day_after_months(act.date.last, months or _months_of_status(docket, act))
    return max(earliest, act.date_end.last) if act.date_end else earliest


def _months_of_status(docket: Docket, act: Act) -> int:
    """The months of notice that the statuses tell which an act of leaving can be about; none where they tell none."""
    named = docket.status_of(act)
    asked = (
        status.leaving.notice_months
        for status in docket.charter.statuses.values()
        if status.leaving is not None
        and (named == status.id or not act.role("status"))
        and act.date is not None
        and status.leaving.interval.covers(act.date) is not False
    )
    return max(asked, default=0)


def _noted(docket: Docket, holding: Holding, day: date) -> Holding:
    """The holding with what its holder has declared about it since."""
    notes, shown = list(holding.notes), list(holding.acts)
    for act in docket.reported(*REMARKS):
        if holding.party not in act.actors or not done_by(act, day) or act.body:
            continue
        if holding.since and act.date and act.date.last < holding.since.first:
            continue
        if act.kind == "withdraw":
            leaves = leaves_on(docket, act)
            if leaves is None or leaves <= day:
                continue
            notes.append(say("state.notice", day=leaves))
        else:
            notes.append(say("state.frozen"))
        shown.append(act.id)
    if len(shown) == len(holding.acts):
        return holding
    return Holding(
        holding.party,
        holding.status,
        holding.since,
        tuple(shown),
        holding.source,
        holding.mark,
        tuple(dict.fromkeys(notes)),
    )
