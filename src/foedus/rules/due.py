"""What falls due between two days: what must happen, or changes by itself.

Start at `due`. `outlook.py` says over what one looks; `successions.py` knows who leaves and who follows, `expiries.py`
what runs out or was called for a day. Obligations come from the very place where a state takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from foedus.charters import Charter, Duty, Rule, Sort
from foedus.rules.docket import Docket, is_played, is_subject
from foedus.rules.expiries import entries, mandates, plans, silences
from foedus.rules.governance import chair_on
from foedus.rules.outlook import Due, Matter, Outlook
from foedus.rules.successions import chairs, exits, seats, terms
from foedus.rules.verdict import duties
from foedus.rules.wording import ENGLISH, speaking
from foedus.terms import Act, Day, Obligation, Precision
from foedus.terms import Due as Standing

__all__ = ["Due", "Matter", "due", "in_order"]

_MATTERS = tuple(Matter)


def due(
    charter: Charter,
    acts: Iterable[Act],
    since: Day,
    until: Day,
    on: Day | None = None,
    language: str = ENGLISH,
) -> tuple[Due, ...]:
    """What falls due between two days, both included: what must happen, or changes by itself.

    Args:
        acts: any acts in any order; those of other organisations count as far as the charter looks at them.
        since: its first day counts, `until`'s last; what is known to a month or a year is in if it can fall between.
        on: the day one stands on: only acts done, and notices given, by its end count, and what lies ahead of it is
            reckoned from the rules. None looks back from the end of the record, with the tables of the charter.
        language: in which it is worded: en, ru, zh, vi; another is English.
    Returns:
        0..n items by day; where `on` lies in between, what is overdue on it comes first, of earlier days too.
    Raises:
        ValueError: `until` ends before `since` begins.
    """
    if until.last < since.first:
        raise ValueError(f"{since} to {until} ends before it begins")
    with speaking(language):
        out = Outlook.over(charter, acts, since, until, on)
        found = [row for part in _PARTS for row in part(out)]
    return in_order(found, late_first=out.is_within)


def in_order(dues: Iterable[Due], *, late_first: bool = False) -> tuple[Due, ...]:
    """Things that fall due by day, of one organisation or several; with `late_first` after what is overdue."""
    return tuple(sorted(dues, key=lambda row: (not late_first or row.stands is not Standing.OVERDUE, *_by_day(row))))


def _by_day(row: Due) -> tuple[object, ...]:
    # What comes on some day of a span belongs where that span begins.
    place = row.day.first if row.day.precision is Precision.INTERVAL else row.day.last
    return place, row.day.first, row.org, _MATTERS.index(row.matter), row.what, row.who, row.acts


def _obligations(out: Outlook) -> Iterator[Due]:
    """What acts oblige somebody to do, on its last day; what is due at once on the day of the act.

    Source: the duties of each rule (Collective Security Treaty, art. 4: notice to the Security Council at once).
    """
    on = None if out.on is None else Day.of(out.on)

    def matters(act: Act, rule: Rule) -> bool:
        # What was played before the span may still be overdue in it.
        may_be_late = out.is_within and is_played(act)
        return may_be_late or any(act.date and out.spans(_time_of(act.date, duty)) for duty in rule.must_follow)

    for act, rule, duty, stands in duties(out.whole, on, matters):
        if act.date is None:
            continue
        day = stands.by or act.date
        is_late = out.is_within and stands.due is Standing.OVERDUE and day.first <= out.until
        if is_late or out.spans(day) or (stands.by is None and out.spans(_time_of(act.date, duty))):
            yield _obligation(out, act, rule, duty, stands, day)


def _time_of(day: Day, duty: Duty) -> Day:
    """The days from an act to the last on which its obligation can be met."""
    last = day.last if day.last > date.max - timedelta(duty.days) else day.last + timedelta(duty.days)
    return Day.parse(f"{day.first}/{last}") if last < date.max else day


def _obligation(out: Outlook, act: Act, rule: Rule, duty: Duty, stands: Obligation, day: Day) -> Due:
    articles = duty.articles or rule.articles
    return Due(
        org=out.charter.org,
        matter=Matter.OBLIGATION,
        day=day,
        what=stands.text,
        about=duty.act,
        who=_owed_by(out.whole, duty, act) or act.parties,
        articles=articles,
        instruments=out.titles(articles),
        rule=rule.id,
        acts=(act.id, *stands.acts),
        stands=stands.due,
        at_once=stands.by is None,
        covered=out.covers(day),
        verified=rule.verified,
        mark=act.mark,
        note=stands.note,
    )


def _owed_by(docket: Docket, duty: Duty, act: Act) -> tuple[str, ...]:
    """Those of whom one is to do it, as far as they can be named: bodies, offices, the state in the chair that day."""
    found: list[str] = []
    for wanted in duty.by:
        if wanted.sort is Sort.CHAIR and act.date is not None:
            chair = chair_on(docket, docket.charter.bodies[wanted.ids[0]], act.date.last)
            found += [chair.state] if chair else []
        elif wanted.sort in (Sort.BODY, Sort.OFFICE, Sort.PARTY, Sort.ORGANISATION, Sort.JOINT):
            found += wanted.ids
        elif wanted.sort is Sort.STATUS:
            # Where one of them asks another, the one asked is to answer.
            found += [party for party in act.targets if is_subject(party)] if act.kind == "request_assistance" else []
    return tuple(dict.fromkeys(found))


_PARTS = (_obligations, exits, chairs, terms, seats, mandates, silences, entries, plans)
