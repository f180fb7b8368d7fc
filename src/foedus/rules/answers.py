"""Which acts answer which: what meets an obligation, and when it was met.

Start at `answers_to`. One act may meet several duties, and one report several uses of force, unless the duty asks
for an act on each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from foedus.charters import Duty, PartyClass, Rule, Sort
from foedus.rules.conditions import holds
from foedus.rules.deciding import alike
from foedus.rules.docket import Docket, in_time, is_before, is_played
from foedus.rules.doers import belongs
from foedus.rules.membership import has_status
from foedus.rules.wording import say
from foedus.terms import Act, Day, Order

# How long after its time an act may come and still be what was required.
LATE_DAYS = 60


def answers_to(docket: Docket, rule: Rule, duty: Duty, act: Act, on: Day | None) -> tuple[Act, ...]:
    """The acts done by the end of a day, or of the record, that can be what a duty requires after an act.

    Source: the duties of each rule; resolution 76/262 asks for a meeting on each veto.
    """
    found = tuple(
        row
        for row in _sort_asked_for(docket, duty, act)
        if _can_answer(row, act, duty.days + LATE_DAYS)
        and (on is None or (row.date is not None and row.date.last <= on.last))
    )
    if not duty.each or not found:
        return found
    mine = _dealt(docket, rule, duty, act).get(act.id, ())
    return tuple(row for row in found if row.id in mine)


def when_met(act: Act, answers: tuple[Act, ...], by: Day | None) -> str:
    """In words, that a duty was met after its last day, or some days after the act where it is due at once; else empty.

    Args:
        answers: the acts that met it, at least one.
        by: its last day, None for *at once*.
    """
    days = [row.date for row in answers if row.date is not None]
    first = min(days, key=lambda day: day.sort_key, default=None)
    if first is None or act.date is None or len(days) < len(answers):
        return ""
    if by is not None:
        return say("due.met_late", day=first) if all(day.compare(by) is Order.AFTER for day in days) else ""
    later = (first.first - act.date.last).days
    if later <= 0:
        return ""
    if not (first.is_exact and act.date.is_exact):
        return say("due.met_on", day=first)
    return say("due.met_next_day" if later == 1 else "due.met_after", day=first, days=later)


def _sort_asked_for(docket: Docket, duty: Duty, act: Act) -> Iterator[Act]:
    """The acts of the kind that a duty asks for, by those and to those it names."""
    for row in docket.reported_of(act.org or docket.charter.org, duty.act):
        if duty.to and not any(_is_told(docket, wanted, row) for wanted in duty.to):
            continue
        if not duty.by or any(belongs(docket, wanted, row) for wanted in duty.by):
            yield row


def _is_told(docket: Docket, wanted: PartyClass, row: Act) -> bool:
    """Whether an act is addressed to a class of parties; of those that hold a status, to one of them."""
    if wanted.sort is not Sort.STATUS:
        return bool(set(wanted.ids) & set(row.targets))
    status, day = docket.charter.statuses[wanted.ids[0]], row.date
    return day is not None and any(has_status(docket, party, status, day, row.id) for party in row.targets)


def _can_answer(row: Act, act: Act, days: int) -> bool:
    """Whether an act came after another and within so many days, or one of them has no clear day."""
    if row.id == act.id or not is_before(act, row):
        return False
    if row.date is None or act.date is None or act.date.last == act.date.last.max:
        return True
    return (row.date.first - act.date.last).days <= days


# -- one act on each ---------------------------------------------------------------------------------------------------


def _dealt(docket: Docket, rule: Rule, duty: Duty, act: Act) -> Mapping[str, tuple[str, ...]]:
    """What answers each of the acts that a rule asks this of, by their ids, where it asks for one act on each.

    An answer that names the paper of one is on that one, and on no other. One that names none is on the earliest that
    nothing has answered and whose time has not run; in an exercise, where nothing happens unrecorded, it may be late.
    What comes later never changes what an earlier act is on.
    """
    known = docket.by_id.get(act.id) is act
    if known and (rule.id, duty) in docket.dealt:
        return docket.dealt[rule.id, duty]
    asking = [row for kind in rule.kinds for row in docket.reported(kind) if _asks(docket, rule, row)]
    asking = sorted([*(row for row in asking if row.id != act.id), act], key=in_time)
    found: dict[str, tuple[str, ...]] = {}
    for _, rows in groupby(sorted(_sort_asked_for(docket, duty, act), key=in_time), key=lambda row: row.date):
        that_day: list[tuple[Act, list[Act]]] = []
        for row in rows:
            # One meeting told by a record and by a page is two acts, and still one meeting.
            twin = next((on for other, on in that_day if _is_beside(row, other)), None)
            that_day.append((row, _on(row, asking, duty, found) if twin is None else twin))
            for one in that_day[-1][1]:
                found[one.id] = (*found.get(one.id, ()), row.id)
    if known:
        docket.dealt[rule.id, duty] = found
    return found


def _asks(docket: Docket, rule: Rule, act: Act) -> bool:
    """Whether a rule speaks of an act, by its day, its roles and those who did it."""
    if act.forced or act.date is None or rule.interval.covers(act.date) is False:
        return False
    if any((value := act.role(role)) is not None and value not in wanted for role, wanted in rule.when.items()):
        return False
    if rule.condition is not None and holds(docket, rule.condition, act).value is False:
        return False
    return any(belongs(docket, wanted, act) is not False for wanted in rule.who)


def _on(row: Act, asking: list[Act], duty: Duty, answered: Mapping[str, tuple[str, ...]]) -> list[Act]:
    """The acts an answer is on: the earliest still open of those whose paper it names, else of those it may be on."""
    before = [act for act in asking if _can_answer(row, act, duty.days + LATE_DAYS)]
    named = [act for act in before if _names(row, act)]
    days = duty.days + (LATE_DAYS if is_played(row) else 0)
    no_other = (act for act in before if _names(row, act) is not False and _can_answer(row, act, days))
    first = next((act for act in named or no_other if act.id not in answered), None)
    return [] if first is None else [act for act in before if act is first or _is_beside(act, first)]


def _names(row: Act, act: Act) -> bool | None:
    """Whether an answer names the paper that an act is on; None where one of them names none."""
    mine, its = row.role("document"), act.role("document")
    return alike(mine, its) if mine and its else None


def _is_beside(act: Act, other: Act) -> bool:
    """Whether two acts are on one paper on one day, as where two members cast a veto."""
    mine, its = act.role("document"), other.role("document")
    return act.date == other.date and (alike(mine, its) if mine and its else not mine and not its)
