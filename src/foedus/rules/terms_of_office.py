"""Whether an appointment keeps to the term of its office: its length, and whether the same person may go on.

Start at `in_term`. An appointment whose term nobody told is not asked. Source: the terms of each office in the charter
(SCO Charter, art. 11: three years without a second term).
"""

from __future__ import annotations

from datetime import date

from foedus.charters import Office, OfficeTerm, Renewable
from foedus.rules.docket import Docket, day_after_months, eve_of
from foedus.rules.findings import Finding, broken, met
from foedus.rules.governance import holders_on
from foedus.rules.wording import say
from foedus.terms import Act, Day

# Terms end with a session or a year, not on the very day: so many days more are still the same term.
SLACK_DAYS = 31


def in_term(docket: Docket, act: Act) -> list[Finding]:
    """What the term of an office asks of an appointment: nothing where the charter or the act tells none."""
    office = office_of(docket, act)
    span = _span(act)
    if office is None or span is None:
        return []
    begins, ends = span
    term = next((row for row in office.terms if begins in row.interval), None)
    if term is None:
        return []
    article = ", ".join(term.articles)
    words = say("need.term", years=term.years)
    if (ends - day_after_months(begins, 12 * term.years)).days > SLACK_DAYS:
        return [broken(words, say("why.term", until=ends), (act.id,), article=article)]
    return [met(words, (act.id,), article=article), *_again(docket, office, term, act, begins, ends)]


def _again(docket: Docket, office: Office, term: OfficeTerm, act: Act, begins: date, ends: date) -> list[Finding]:
    """Whether the person may hold the office on: only asked where a text says how often."""
    if term.renewable in (None, Renewable.YES):
        return []
    words = say("need.renewable" if term.renewable is Renewable.ONCE else "need.not_renewable")
    article = ", ".join(term.articles)
    person = act.role("person") or (act.targets[0] if act.targets else "")
    before = [
        row for row in holders_on(docket, office, eve_of(Day.of(begins))) if row.person == person and not row.acting
    ]
    since = next((row.since.first for row in before if row.since), None)
    terms = 2 if term.renewable is Renewable.ONCE else 1
    if since is None or (ends - day_after_months(since, 12 * term.years * terms)).days <= SLACK_DAYS:
        return [met(words, (act.id,), article=article)]
    shown = tuple(name for row in before for name in row.acts)
    return [broken(words, say("why.renewed", person=person, since=since), shown, article=article)]


def office_of(docket: Docket, act: Act) -> Office | None:
    """The office an appointment fills."""
    name = (act.role("office") or "").split(":")[-1]
    return next((row for key, row in docket.charter.offices.items() if key.split(":")[-1] == name), None)


def _span(act: Act) -> tuple[date, date] | None:
    """The first and the last day of the term, where the act tells both."""
    ends = end_of_term(act)
    try:
        begins = Day.parse((act.role("duration") or "").split("/")[0])
    except ValueError:
        return None
    return (begins.first, ends.last) if ends is not None and date.min < begins.first else None


def end_of_term(act: Act) -> Day | None:
    """The last day of the term an appointment is for, as closely as it is told; None where it is not."""
    bounds = (act.role("duration") or "").split("/")
    try:
        ends = Day.parse(bounds[1]) if len(bounds) == 2 else None
    except ValueError:
        return None
    return ends if ends is not None and ends.last < date.max else None
