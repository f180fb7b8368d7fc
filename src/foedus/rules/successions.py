"""What changes by itself: members that have given notice leave, chairs pass on, terms of office and seats end.

Start at `exits`, `chairs`, `terms` and `seats`. Each asks the roster, the chair and the holders that a state asks.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from foedus.charters import Body, ChairRule, Need, Office, OfficeTerm, Renewable, Rule, Status, StatusHolder, Succession
from foedus.rules.docket import day_after_months, done_by, eve_of
from foedus.rules.governance import (
    OTHER_SESSIONS,
    chair_on,
    choices_of_chair,
    holders_on,
    next_in_chair,
    seated_on,
)
from foedus.rules.membership import leaves_on, roster_on
from foedus.rules.outlook import Due, Matter, Outlook
from foedus.rules.terms_of_office import end_of_term, office_of
from foedus.rules.wording import named, party_words, say
from foedus.terms import Act, Day, Mark, Modality, Verified
from foedus.terms import Due as Standing

ONE_DAY = timedelta(1)
# How long before its first day a seat has been filled at the earliest.
ELECTED_DAYS = 366
# How long before a note was received leaving can have been announced.
ANNOUNCED_DAYS = 31


# -- who leaves --------------------------------------------------------------------------------------------------------


def exits(out: Outlook) -> Iterator[Due]:
    """Withdrawals of which notice was given: those that came about, and those that lie ahead of the day one stands on.

    What came about is a difference between two rosters. What lies ahead is reckoned from the notice, as somebody had to
    on that day: the table of the charter has the day that later acts set.
    Source: the articles on withdrawal (NATO: Treaty, art. 13, one year; CSTO: Charter, art. 19, six months; EU: TEU,
    art. 50, two years unless an agreement has another day or all prolong the time).
    """
    for status in out.charter.statuses.values():
        notices = list(_notices(out, status))
        for notice in notices:
            if notice.leaves is not None and _has_come(out, notice.leaves):
                if out.spans(Day.of(notice.leaves)) and _leaves(out, status, notice):
                    yield _exit(out, status, notice, Day.of(notice.leaves))
            elif out.on is None:
                if notice.leaves and out.spans(Day.of(notice.leaves)) and _leaves(out, status, notice):
                    yield _exit(out, status, notice, Day.of(notice.leaves), sure=False)
            elif out.until > out.on and _holds(out, status, notice.party, out.on):
                day = _reckoned(out, status, notice)
                if out.spans(day):
                    yield _exit(out, status, notice, day, sure=False)


@dataclass(frozen=True, slots=True)
class _Notice:
    """That a party leaves a status: the day of its notice, and the first day without it, by the table or the act.

    `of_table` is false of what an act tells; its day of leaving is reckoned from the rule or stated by the act itself.
    """

    party: str
    notified: Day
    leaves: date | None
    mark: Mark
    source: str = ""
    of_table: bool = False


def _notices(out: Outlook, status: Status) -> Iterator[_Notice]:
    """The notices given by the day one stands on: by the table, and by acts of which no line of it tells."""
    told: list[_Notice] = []
    for row in status.holders:
        notified, ends = row.moments.get("notified"), row.interval.until
        if notified is not None and ends is not None and (out.on is None or notified.first <= out.on):
            source = out.charter.sourced(row.source)
            told.append(_Notice(row.party, notified, ends, row.mark, source, of_table=True))
    for act in out.told.reported("withdraw"):
        about = out.told.status_of(act)
        if act.forced or act.date is None or about not in ("", status.id):
            continue
        leaves = leaves_on(out.told, act)
        if not about and act.role("status") and (leaves is None or not _has_come(out, leaves)):
            # It names something else than a status of this charter, such as an integrated command.
            continue
        for party in act.actors:
            if not any(one.party == party and _is_told_by(one, act.date, leaves) for one in told):
                told.append(_Notice(party, act.date, leaves, act.mark))
    yield from told


def _is_told_by(notice: _Notice, day: Day, leaves: date | None) -> bool:
    """Whether an act of a day is a notice that has been told already."""
    return notice.leaves == leaves or abs((notice.notified.first - day.last).days) <= ANNOUNCED_DAYS


def _has_come(out: Outlook, day: date) -> bool:
    return out.now is not None and day <= out.now


def _leaves(out: Outlook, status: Status, notice: _Notice) -> bool:
    """Whether the roster has the party until the day it leaves, and no longer for sure from then on."""
    day = notice.leaves
    return (
        day is not None
        and _holds(out, status, notice.party, eve_of(Day.of(day)))
        and not _holds(out, status, notice.party, day)
    )


def _reckoned(out: Outlook, status: Status, notice: _Notice) -> Day:
    """The day of leaving as somebody had to reckon it; any later day where no rule gives one still ahead."""
    assert out.on is not None
    runs_to: date | None = notice.leaves
    if notice.of_table:
        asked = _notice(out, status, notice)
        runs_to = day_after_months(notice.notified.last, asked.months) if asked.months else None
    if runs_to is not None and runs_to > out.on:
        return Day.of(runs_to)
    return Day.parse(f"{out.on}/..")


def _exit(out: Outlook, status: Status, notice: _Notice, day: Day, *, sure: bool = True) -> Due:
    party, notified = notice.party, notice.notified
    told = [
        act
        for act in out.told.reported("withdraw", "freeze", "suspend", "end_status")
        if party in (act.actors if act.kind in ("withdraw", "freeze") else act.targets)
        and out.told.status_of(act) in ("", status.id)
        and done_by(act, day.last)
        and _is_about(act, notified)
    ]
    instead = _suspended(out, status, notice)
    asked = _notice(out, status, notice)
    articles = instead.articles if instead else asked.articles
    # Of one who stands in the table as disputed nobody can tell whether it has left.
    disputed = day.is_exact and party in roster_on(out.whole, status, day.last).untold
    name = named(status.names)
    return Due(
        org=out.charter.org,
        matter=Matter.EXIT,
        day=day,
        what=say("due.suspended" if instead else "due.exit", status=name),
        about=status.id,
        who=(party,),
        articles=articles,
        instruments=out.titles(articles),
        rule=asked.rule,
        acts=tuple(act.id for act in told),
        source=notice.source,
        stands=Standing.UNKNOWN if disputed and sure else out.stands(day),
        sure=sure and not disputed,
        covered=status.covered is not None and (day.last if day.is_exact else day.first) in status.covered,
        verified=asked.verified,
        mark=notice.mark,
        note=_why(notice, asked, day, disputed=disputed and sure),
    )


def _why(notice: _Notice, asked: _Asked, day: Day, *, disputed: bool) -> str:
    """In words, how the day follows from the notice, or why it cannot be told."""
    runs_to = day_after_months(notice.notified.last, asked.months) if asked.months else None
    parts = {"day": notice.notified, "months": asked.months, "until": runs_to}
    if disputed:
        return say("due.exit_disputed", day=notice.notified)
    if not day.is_exact:
        return say("due.notice_run", **parts) if runs_to else say("due.notice_open", day=notice.notified)
    if runs_to is not None and Day.of(runs_to) != day:
        return say("due.notice", **parts)
    return say("due.notice_given", day=notice.notified)


def _is_about(act: Act, notified: Day) -> bool:
    """Whether an act came after a notice, or announced it shortly before."""
    return act.date is not None and (notified.first - act.date.last).days <= ANNOUNCED_DAYS


def _suspended(out: Outlook, status: Status, notice: _Notice) -> Status | None:
    """The status that the party gave notice for instead, by the table: its part is suspended and has not ended."""
    return next(
        (
            other
            for other in out.charter.statuses.values()
            if other.in_place_of == status.id
            for row in other.holders
            if row.party == notice.party and row.moments.get("notified") == notice.notified
        ),
        None,
    )


def _holds(out: Outlook, status: Status, party: str, day: date) -> bool:
    return party in roster_on(out.whole, status, day).held_by


@dataclass(frozen=True, slots=True)
class _Asked:
    """The months of notice asked for, with the rule and its articles; none where a body decides on the day."""

    months: int = 0
    rule: str = ""
    articles: tuple[str, ...] = ()
    verified: Verified | None = None


def _notice(out: Outlook, status: Status, notice: _Notice) -> _Asked:
    """What was asked of one leaving a status on the day of its notice: by a rule, else by the status itself."""
    if _suspended(out, status, notice) is not None:
        return _Asked()
    for rule in out.charter.rules_for("withdraw"):
        need = max((need for need in rule.needs if need.notice_months), key=_months, default=None)
        about = rule.when.get("status", ())
        if need is None or (about and status.id not in about) or not rule.interval.covers(notice.notified):
            continue
        return _Asked(_months(need), rule.id, need.articles or rule.articles, rule.verified)
    leaving = status.leaving
    if leaving is None or leaving.interval.covers(notice.notified) is False:
        return _Asked()
    return _Asked(leaving.notice_months, "", leaving.articles, leaving.verified)


def _months(need: Need) -> int:
    return need.notice_months or 0


# -- chairs ------------------------------------------------------------------------------------------------------------


def chairs(out: Outlook) -> Iterator[Due]:
    """Chairs passing from one state to another: as table and acts show it, then as the charter's rules expect it.

    Source: the chair rules of each body (CSTO: Charter, art. 13; Provisional Rules of the Security Council, rule 18).
    """
    for body in out.charter.chaired():
        days = {term.interval.since for term in body.chair_terms if term.interval.since}
        days |= {
            act.date.last
            for act in out.told.reported("take_chair")
            if act.date and act.date.last < date.max and (not act.body or body.id in act.body)
        }
        shown = sorted(day for day in days if out.on is None or day <= out.on)
        found = [row for day in shown if (row := _shown(out, body, day))]
        found += _expected(out, body, shown[-1]) if shown else ()
        yield from found
        yield from _ended(out, body, {row.day for row in found})


def _ended(out: Outlook, body: Body, told: Container[Day]) -> Iterator[Due]:
    """The terms of a table after which it has nobody in the chair, and no rule tells who follows.

    Standing on a day, a term that has not ended by it is told of only where it is the last of the table: of the others
    the table has the day on which the next one came, which may have been set later.
    """
    last = max((term.interval.since or date.min for term in body.chair_terms), default=None)
    for term in body.chair_terms:
        since, until = term.interval.since or date.min, term.interval.until
        if until is None or Day.of(until) in told or not out.spans(Day.of(until)):
            continue
        if out.on is not None and (since > out.on or (until > out.on and since != last)):
            continue
        # By an act of that very day, or of an earlier one, another may have taken the chair.
        if chair_on(out.whole, body, until) is not None or _taken_before(out, body, until, since):
            continue
        rule = _rule_on(body, until)
        note = say("due.chair_ends", state=term.state)
        made = _chair(out, body, rule, Day.of(until), (), sure=_has_come(out, until), covered=False, note=note)
        yield replace(made, source=out.charter.sourced(term.source), mark=term.mark)


def _taken_before(out: Outlook, body: Body, until: date, since: date) -> bool:
    """Whether another was in the chair already on the last day of a term, so that nothing ended then."""
    eve = chair_on(out.whole, body, until - ONE_DAY)
    return eve is None or eve.since is None or eve.since.first != since


def _shown(out: Outlook, body: Body, day: date) -> Due | None:
    """The chair that began on a day, where another state, or nobody known, was in it before."""
    chair = chair_on(out.whole, body, day)
    before = None if day == date.min else chair_on(out.whole, body, day - ONE_DAY)
    if chair is None or (before is not None and before.state == chair.state):
        return None
    since = chair.since or Day.of(day)
    if since.last != day or not out.spans(since):
        return None
    rule = _rule_on(body, day)
    note = say("due.chair_before", state=before.state) if before else say("due.chair_before_untold")
    made = _chair(out, body, rule, since, (chair.state,), acts=chair.acts, note=note)
    return replace(made, source=chair.source, mark=chair.mark)


def _expected(out: Outlook, body: Body, last: date) -> Iterator[Due]:
    """The chairs that follow the last one shown, as long as somebody's turn can be told."""
    chair = chair_on(out.whole, body, last)
    state, day = chair.state if chair else "", last
    while step := _next_passing(out, body, day):
        rule, moment = step
        if moment.first > out.until:
            return
        who, acts, sure, note = _who_follows(out, body, rule, state, moment)
        if out.spans(moment):
            covered = seated_on(out.whole, body.id, moment.first)[1]
            yield _chair(out, body, rule, moment, who, acts=acts, sure=sure, covered=covered, note=note)
        if not who or (not moment.is_exact and not _called(out, body, day)):
            # Of a session that nobody has called none can tell whether it comes at all: all that follows hangs on it.
            return
        state, day = who[0], moment.last


def _next_passing(out: Outlook, body: Body, day: date) -> tuple[ChairRule, Day] | None:
    """The next moment after a day at which a rule has the chair pass on; a span where its day is not known."""
    found: list[tuple[ChairRule, Day]] = []
    for rule in _rules_known(out, body):
        after = max(day + ONE_DAY, rule.interval.since or date.min)
        if rule.succession is Succession.YEAR:
            moment = Day.of(after if (after.month, after.day) == (1, 1) else date(after.year + 1, 1, 1))
        elif rule.succession is Succession.MONTH:
            moment = Day.of(after if after.day == 1 else day_after_months(after.replace(day=1), 1))
        elif rule.succession is Succession.SESSION:
            moment = _session(out, body, rule, day)
        else:
            continue
        if moment.first in rule.interval:
            found.append((rule, moment))
    return min(found, key=lambda row: row[1].first, default=None)


def _rules_known(out: Outlook, body: Body) -> Iterator[ChairRule]:
    """The rules by which somebody reckons: standing on a day, that in force on it, and as if it had no end.

    The charter has the day on which another rule took its place, and not the day on which that was decided.
    """
    for rule in body.chair_rules:
        if out.on is None:
            yield rule
        elif out.on in rule.interval:
            yield replace(rule, interval=replace(rule.interval, until=None))


def _called(out: Outlook, body: Body, day: date) -> list[Day]:
    """The days for which a regular session after a day has been called."""
    return [
        act.date
        for act in out.told.acts
        if act.kind == "convene"
        and act.modality is Modality.PLANNED
        and body.id in act.body
        and act.role("format") not in OTHER_SESSIONS
        and act.date is not None
        and act.date.first > day
    ]


def _session(out: Outlook, body: Body, rule: ChairRule, day: date) -> Day:
    """The day of the next regular session where one has been called, else any day from now on under the rule."""
    if called := _called(out, body, day):
        return min(called, key=lambda one: one.sort_key)
    begins = max(day + ONE_DAY, out.on or date.min, rule.interval.since or date.min)
    ends = rule.interval.until
    return Day.parse(f"{begins}/{ends - ONE_DAY if ends and ends > begins else '..'}")


def _who_follows(
    out: Outlook, body: Body, rule: ChairRule, state: str, moment: Day
) -> tuple[tuple[str, ...], tuple[str, ...], bool, str]:
    """Who takes the chair, the acts that tell so, whether that is sure, and why; nobody where it cannot be told."""
    session = say("due.next_session") if not moment.is_exact else ""
    if rule.chosen_by is not None:
        chosen = choices_of_chair(out.told, rule.chosen_by, moment)
        states = tuple(dict.fromkeys(party for act in chosen[-1:] for party in act.targets))
        note = say("due.chosen" if states else "due.not_chosen", body=party_words(out.charter, rule.chosen_by))
        return states, tuple(act.id for act in chosen[-1:]), bool(states), note
    for act in out.told.by_kind.get("take_chair", ()):
        if act.modality is not Modality.PLANNED or not act.actors or (act.body and body.id not in act.body):
            continue
        if act.date is not None and act.date.may_be(moment):
            return act.actors[:1], (act.id,), False, say("due.announced")
    turn = next_in_chair(out.whole, body, rule, state, moment.first)
    if turn is None or not _seats_are_known(out, body, moment.first):
        return (), (), False, say("due.turn_untold", state=state)
    return (turn,), (), False, session or say("due.in_turn", state=state)


def _seats_are_known(out: Outlook, body: Body, day: date) -> bool:
    """Whether the seats to which states are elected are told for a day: those of members go on by themselves."""
    statuses = (out.charter.statuses[seat.one_for_each] for seat in body.seats if day in seat.interval)
    elected = [status for status in statuses if status.at == body.id]
    return all(
        roster_on(out.whole, status, day).covered
        and all(_was_elected(out, status, row) for row in status.holders if day in row.interval)
        for status in elected
    )


def _was_elected(out: Outlook, status: Status, row: StatusHolder) -> bool:
    """Whether somebody standing on the day could know who was to hold a seat that begins later."""
    since = row.interval.since
    if out.on is None or since is None or since <= out.on:
        return True
    return any(
        row.party in act.targets
        and act.role("office") == status.id
        and act.date is not None
        # Not the election to an earlier term.
        and (since - act.date.last).days <= ELECTED_DAYS
        for act in out.told.reported("appoint")
    )


def _chair(
    out: Outlook,
    body: Body,
    rule: ChairRule | None,
    day: Day,
    who: tuple[str, ...],
    *,
    acts: tuple[str, ...] = (),
    sure: bool = True,
    covered: bool = True,
    note: str = "",
) -> Due:
    articles = rule.articles if rule else body.articles
    return Due(
        org=out.charter.org,
        matter=Matter.CHAIR,
        day=day,
        what=say("due.chair", body=party_words(out.charter, body.id)),
        about=body.id,
        who=who,
        articles=articles,
        instruments=out.titles(articles),
        acts=acts,
        stands=out.stands(day),
        sure=sure,
        covered=covered,
        verified=rule.verified if rule else None,
        note=note,
    )


def _rule_on(body: Body, day: date) -> ChairRule | None:
    return next((rule for rule in body.chair_rules if day in rule.interval), None)


# -- terms of office ---------------------------------------------------------------------------------------------------


def terms(out: Outlook) -> Iterator[Due]:
    """Terms of office that end without having been prolonged: as told by an appointment, else as the charter has them.

    Source: the terms of each office in the charter (UN: Charter, art. 97 and resolution 11 (I); SCO: Charter, art. 11).
    """
    presiding = {body.chair_office for body in out.charter.chaired()}
    for office in out.charter.offices.values():
        if office.id in presiding:
            continue
        told: set[tuple[str, Day]] = set()
        for act in out.told.reported("appoint"):
            ends = end_of_term(act)
            person = act.role("person") or (act.targets[0] if act.targets else "")
            # A term that was told of only after its end was cut short, and did not run out.
            if act.date is None or ends is None or act.date.first > ends.last or (person, ends) in told:
                continue
            if office_of(out.told, act) is not office:
                continue
            if out.spans(ends) and _ends_with(out, office, person, ends):
                told.add((person, ends))
                yield _term(out, office, person, ends, acts=(act.id,), mark=act.mark)
        for row in office.holders:
            since = row.interval.since
            term = next((term for term in office.terms if since and since in term.interval), None)
            if term is None or since is None or row.acting or since > out.seen:
                continue
            for turn, ends in _ends_of_terms(out, since, term, row.interval.until):
                if not out.spans(ends) or not _ends_with(out, office, row.person, ends):
                    continue
                if any(person == row.person and day.may_be(ends) for person, day in told):
                    continue
                changes = row.interval.until == ends.last + ONE_DAY and (out.on is None or ends.last <= out.on)
                again = term.renewable in (None, Renewable.YES) or (term.renewable is Renewable.ONCE and turn == 1)
                note = say("due.term_again" if again else "due.term_last", years=term.years, since=since)
                source = out.charter.sourced(row.source)
                yield _term(
                    out, office, row.person, ends, term=term, source=source, mark=row.mark, note=note,
                    sure=changes or not again,
                )  # fmt: skip


def _ends_of_terms(out: Outlook, since: date, term: OfficeTerm, until: date | None) -> Iterator[tuple[int, Day]]:
    """The last day of each term for as long as the office was held, to the first that lies ahead: no other is begun."""
    for turn in range(1, 100):
        ends = day_after_months(since, 12 * term.years * turn) - ONE_DAY
        if ends > out.until or (until is not None and ends >= until):
            return
        yield turn, Day.of(ends)
        if out.now is None or ends > out.now:
            return


def _ends_with(out: Outlook, office: Office, person: str, ends: Day) -> bool:
    """Whether a person is in office on the last day of a term, as far as anybody is, and is not known to stay on."""
    holders = holders_on(out.whole, office, ends.first)
    if holders and all(row.person != person for row in holders):
        return False
    for act in out.told.reported("appoint"):
        later = end_of_term(act)
        if later is None or later.first <= ends.last or person not in (act.role("person"), *act.targets):
            continue
        if office_of(out.told, act) is office and act.date is not None and act.date.first <= ends.last:
            return False
    after = ends.last + ONE_DAY
    if not ends.is_exact or out.now is None or after > out.now:
        return True
    return all(row.person != person for row in holders_on(out.whole, office, after))


def _term(
    out: Outlook,
    office: Office,
    person: str,
    ends: Day,
    *,
    term: OfficeTerm | None = None,
    acts: tuple[str, ...] = (),
    source: str = "",
    sure: bool = True,
    mark: Mark = Mark.SOURCED,
    note: str = "",
) -> Due:
    term = term or next((row for row in office.terms if ends.first in row.interval), None)
    articles = term.articles if term else office.articles
    return Due(
        org=out.charter.org,
        matter=Matter.TERM,
        day=ends,
        what=say("due.term", office=named(office.names)),
        about=office.id,
        who=(person,),
        articles=articles,
        instruments=out.titles(articles),
        acts=acts,
        source=source,
        stands=out.stands(ends),
        sure=sure,
        covered=out.covers(ends),
        verified=term.verified if term else office.verified,
        mark=mark,
        note=note,
    )


# -- seats to which states are elected ---------------------------------------------------------------------------------


def seats(out: Outlook) -> Iterator[Due]:
    """Terms of states elected to a seat that end: those that end on one day together.

    A seat is a status that is taken after an appointment to it. Source: UN Charter, art. 23.
    """
    for status, rule in _elected(out).items():
        ending: dict[Day, dict[str, tuple[str, ...]]] = {}
        sources: dict[Day, str] = {}
        for act in out.told.reported("appoint"):
            ends, about = end_of_term(act), out.charter.status_named((act.role("office") or "").split(":")[-1])
            if ends is None or about is None or about.id != status or not out.spans(ends):
                continue
            seated = roster_on(out.whole, about, ends.last)
            for party in act.targets:
                if party in seated.held_by or (not seated.covered and (act.date is None or ends.last > out.seen)):
                    ending.setdefault(ends, {})[party] = (act.id,)
        for row in out.charter.statuses[status].holders:
            until, since = row.interval.until, row.interval.since
            if until is None or since is None or since > out.seen or not out.spans(Day.of(until - ONE_DAY)):
                continue
            ends = Day.of(until - ONE_DAY)
            ending.setdefault(ends, {}).setdefault(row.party, ())
            sources.setdefault(ends, out.charter.sourced(row.source))
        for ends, parties in ending.items():
            acts = tuple(dict.fromkeys(name for shown in parties.values() for name in shown))
            covered = out.charter.statuses[status].covered
            yield Due(
                org=out.charter.org,
                matter=Matter.TERM,
                day=ends,
                what=say("due.term", office=named(out.charter.statuses[status].names)),
                about=status,
                who=tuple(sorted(parties)),
                articles=rule.articles,
                instruments=out.titles(rule.articles),
                rule=rule.id,
                acts=acts,
                source="" if acts else sources.get(ends, ""),
                stands=out.stands(ends),
                covered=covered is not None and ends.last in covered,
                verified=rule.verified,
            )


def _elected(out: Outlook) -> Mapping[str, Rule]:
    """The statuses that are taken after an appointment, each with the rule that says so."""
    return {
        status: rule
        for rule in out.charter.rules_for("accede")
        if any("appoint" in need.acts for need in rule.needs)
        for status in rule.when.get("status", ())
        if status in out.charter.statuses
    }
