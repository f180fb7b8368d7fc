"""Who is in the chair, who holds an office, who is seated in a body, and whose turn it is.

Start at `chair_on`, `seated_on` and `turn_in_chair`. The chair comes from the charter's table of terms; acts of taking
the chair show it, and carry it on where the table ends or where a person or scenario changes the world.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from foedus.charters import Body, ChairRule, Office, Seat, Succession
from foedus.rules.docket import Docket, as_day, done_by, eve_of, is_before, is_played, is_subject, moves_the_world
from foedus.rules.findings import Finding, broken, met, open_
from foedus.rules.held import Chair, OfficeHolder
from foedus.rules.membership import roster_on
from foedus.rules.wording import party_words, say, value_words
from foedus.terms import Act, Day, Mark, Met, StateCode, states

# What a body does at its regular sessions, where chairs pass on; help is decided whenever it is asked for.
SITTINGS = ("convene", "adopt", "appoint", "grant_status", "suspend")
# Acts by which a body chooses who shall chair.
CHOICES = ("appoint", "adopt", "grant_status")
OTHER_SESSIONS = ("extraordinary", "jubilee")


def chair_on(docket: Docket, body: Body, day: date, without: str = "") -> Chair | None:
    """Who is in the chair of a body at the end of a day; None where neither table nor acts reach that day.

    Source: the chair rules of the body in the charter.
    """
    if without and (without not in docket.by_id or docket.by_id[without].kind != "take_chair"):
        without = ""
    key = (body.id, day, without)
    if key not in docket.chairs:
        docket.chairs[key] = _chair_on(docket, body, day, without)
    return docket.chairs[key]


def _chair_on(docket: Docket, body: Body, day: date, without: str) -> Chair | None:
    found: Chair | None = None
    first = min((term.interval.since for term in body.chair_terms if term.interval.since), default=None)
    for term in body.chair_terms:
        if day in term.interval:
            since = as_day(term.interval.since)
            shown = tuple(
                act.id
                for act in docket.reported("take_chair")
                if term.state in act.actors and act.date and since and act.date.may_be(since)
            )
            source = docket.charter.sourced(term.source)
            found = Chair(body.id, term.state, term.person, since, shown, source, term.mark, term.note)
    # Who took the chair before a term of the table had ended does not come back once it has.
    over = max(
        (term.interval.until for term in body.chair_terms if term.interval.until and term.interval.until <= day),
        default=None,
    )
    known = found is not None or (first is not None and day < first)
    for act in docket.reported("take_chair"):
        if act.id == without or act.forced or not done_by(act, day) or act.date is None or not act.actors:
            continue
        if not _is_of(docket, body, act):
            continue
        carries = not known and (over is None or act.date.last >= over)
        later = found is None or found.since is None or act.date.first > found.since.first
        if is_subject(act.actors[0]) and later and (moves_the_world(act) or carries):
            person = act.role("person") or ""
            found = Chair(body.id, act.actors[0], person, act.date, (act.id,), "", act.mark, act.note)
    return found


def _is_of(docket: Docket, body: Body, act: Act) -> bool:
    """Whether an act is of taking the chair of this body: of another it is by its body, or by the office it names."""
    office = act.role("office") or ""
    return body.id in act.body if act.body else office == body.chair_office or office not in docket.charter.offices


def holders_on(docket: Docket, office: Office, day: date) -> tuple[OfficeHolder, ...]:
    """Who holds an office at the end of a day, as the table and later appointments show; empty is *not known*."""
    key = (office.id, day)
    if key not in docket.holders:
        docket.holders[key] = _holders_on(docket, office, day)
    return docket.holders[key]


def _holders_on(docket: Docket, office: Office, day: date) -> tuple[OfficeHolder, ...]:
    found = []
    for row in office.holders_on(day):
        since = as_day(row.interval.since)
        shown = tuple(
            act.id for act in docket.reported("appoint") if done_by(act, day) and _names(act, office, row.person)
        )
        source = docket.charter.sourced(row.source)
        found.append(
            OfficeHolder(office.id, row.person, row.state, since, row.acting, shown, source, row.mark, row.note)
        )
    for act in docket.reported("appoint"):
        person = act.role("person") or (act.targets[0] if act.targets else "")
        if not person or act.forced or not moves_the_world(act) or not _names(act, office, person):
            continue
        since = _begins(act)
        if since and since.last <= day:
            found = [OfficeHolder(office.id, person, "", since, False, (act.id,), "", act.mark, act.note)]
    return tuple(found)


def _names(act: Act, office: Office, person: str) -> bool:
    """Whether an appointment is of that person to that office."""
    named = (act.role("office") or "").split(":")[-1]
    return named == office.id.split(":")[-1] and person in (act.role("person"), *act.targets)


def _begins(act: Act) -> Day | None:
    """The first day of an appointment's term: the start of its duration where that is a date, else its own day."""
    start = (act.role("duration") or "").split("/")[0]
    try:
        return Day.parse(start) if start else act.date
    except ValueError:
        return act.date


def turn_in_chair(docket: Docket, body: Body, act: Act, article: str) -> list[Finding]:
    """Whether it is the turn of the state that takes the chair, and whether the moment is the right one.

    Source: the chair rules of the body (CSTO: Charter, art. 13; SCO: Charter, art. 5).
    """
    need = say("need.turn", body=party_words(docket.charter, body.id))
    if act.date is None:
        return [open_(need, say("why.day"), article=article)]
    rule = next((row for row in body.chair_rules if row.interval.covers(act.date) is not False), None)
    if rule is None:
        return [open_(need, say("why.no_order"), article=article)]
    moment = _moment(docket, body, rule, act, article)
    if rule.chosen_by is not None:
        return [_chosen(docket, rule.chosen_by, act, article), *moment]
    order = _order(docket, body, rule, act.date.last, act.id)
    if not order:
        return [open_(need, say("why.no_order"), article=article)]
    before = chair_on(docket, body, eve_of(act.date), without=act.id)
    if before is None:
        return [open_(need, say("why.previous_untold"), article=article), *moment]
    turn = _next(rule, order, before.state)
    shown = before.acts
    parts = {"previous": before.state, "next": turn or "?"}
    if turn is not None and turn in act.actors:
        caution = say("caution.chair", mark=value_words(before.mark)) if before.mark is not Mark.SOURCED else ""
        found = met(need, shown, article=article, cautions=(caution,) if caution else ())
    elif rule.binding and turn is not None and not _passed_over(docket, body, rule, before.state, turn, act):
        found = broken(need, say("why.turn", **parts), shown, article=article)
    elif not rule.binding and (chosen := _chosen(docket, body.id, act, article)).requirement.met is Met.MET:
        found = chosen
    else:
        found = open_(need, say("why.turn_untold", **parts), shown, article=article)
    return [found, *moment]


def _passed_over(docket: Docket, body: Body, rule: ChairRule, previous: str, turn: str, act: Act) -> bool:
    """Whether a state between the previous chair and the next may be seated: then whose turn it is cannot be told."""
    if act.date is None or previous not in rule.order or turn not in rule.order:
        return False
    statuses = {seat.one_for_each for seat in body.seats if act.date.last in seat.interval}
    rosters = [roster_on(docket, docket.charter.statuses[key], act.date.last, act.id) for key in statuses]
    untold = {party for roster in rosters for party in roster.untold}
    at = rule.order.index(previous)
    following = (*rule.order[at + 1 :], *rule.order[:at])
    return bool(untold & set(following[: following.index(StateCode(turn))]))


def _chosen(docket: Docket, by: str, act: Act, article: str) -> Finding:
    """Whether a body chose the state that takes the chair. Source: OSCE, Helsinki Document (1992)."""
    words = say("need.chosen", body=party_words(docket.charter, by))
    rows = [row for row in docket.reported(*CHOICES) if by in row.parties and is_before(row, act) is not False]
    rows = [row for row in rows if _of_chair(row) and any(is_subject(party) for party in row.targets)]
    for_then = [row for row in rows if _for_then(row, act.date)]
    mine = [row for row in for_then if set(act.actors) & set(row.targets)]
    if mine:
        return met(words, (mine[-1].id,), article=article)
    others = [row for row in for_then if row.role("duration")]
    if others:
        who = ", ".join(others[-1].targets)
        return broken(words, say("why.chosen", who=who), (others[-1].id,), article=article)
    denied = [row for kind in CHOICES for row in docket.denied(kind) if by in row.parties and _of_chair(row)]
    denied = [row for row in denied if set(act.actors) & set(row.targets) and _for_then(row, act.date)]
    if denied:
        return broken(words, say("why.denied", what=words), (denied[-1].id,), article=article)
    if is_played(act):
        return broken(words, say("why.silent_play", what=words), article=article)
    return open_(words, say("why.silent", what=words), article=article)


def _for_then(row: Act, day: Day | None) -> bool:
    """Whether a choice is for the time of a day: its duration covers it, or it names none."""
    bounds = (row.role("duration") or "").split("/")
    try:
        first, last = Day.parse(bounds[0]), Day.parse(bounds[-1])
    except ValueError:
        return True
    return day is not None and first.first <= day.last and day.first <= last.last


def _of_chair(row: Act) -> bool:
    """Whether a choice is of a chair: it names no office, or one of that sort."""
    office = (row.role("office") or "").casefold()
    return not office or any(word in office for word in ("chair", "presiden"))


def next_in_chair(docket: Docket, body: Body, rule: ChairRule, previous: str, day: date) -> str | None:
    """Who follows a chair on a day by the order of the rule; None where it gives none, or leaves it to a choice."""
    order = _order(docket, body, rule, day)
    return _next(rule, order, previous) if order and rule.chosen_by is None else None


def choices_of_chair(docket: Docket, by: str, day: Day) -> list[Act]:
    """The acts by which a body is told to have chosen the chair for the time of a day, earliest first in each kind."""
    rows = (row for row in docket.reported(*CHOICES) if by in row.parties and row.role("duration"))
    return [row for row in rows if _of_chair(row) and any(map(is_subject, row.targets)) and _for_then(row, day)]


def _order(docket: Docket, body: Body, rule: ChairRule, day: date, without: str = "") -> tuple[str, ...]:
    """The order in which those seated follow each other: as written, or by their names in an alphabet."""
    seated, _ = seated_on(docket, body.id, day, without)
    if rule.order:
        return tuple(state for state in rule.order if state in seated or not seated)
    names = {state: _called(rule, state) for state in seated} if rule.alphabet else {}
    return () if None in names.values() else tuple(sorted(names, key=lambda state: alphabetical(names[state] or "")))


def _called(rule: ChairRule, state: str) -> str | None:
    """A state's name in the language of the order, None where the charter does not give it."""
    known = rule.called.get(state)
    return known or (states().get(StateCode(state)) if rule.alphabet == "en" else None)


def alphabetical(name: str) -> str:
    """The key by which a name sorts: without accents, capitals and signs."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum() or c == " ")


def _next(rule: ChairRule, order: tuple[str, ...], previous: str) -> str | None:
    """Who follows the previous chair; it may have left, and then those seated follow its place all the same."""
    if rule.order:
        if previous not in rule.order:
            return None
        at = rule.order.index(previous)
        return next((state for state in (*rule.order[at + 1 :], *rule.order[:at]) if state in order), None)
    name = _called(rule, previous)
    if name is None:
        return None
    keys = {state: alphabetical(_called(rule, state) or "") for state in order}
    after = [state for state in order if keys[state] > alphabetical(name)]
    return next(iter((*after, *order)), None)


def _moment(docket: Docket, body: Body, rule: ChairRule, act: Act, article: str) -> list[Finding]:
    """The day on which the chair may pass: a session of the body, 1 January, or the first of a month."""
    assert act.date is not None
    name = party_words(docket.charter, body.id)
    if rule.succession is Succession.DECISION:
        return []
    if rule.succession in (Succession.YEAR, Succession.MONTH):
        need = say("need.new_year" if rule.succession is Succession.YEAR else "need.new_month", body=name)
        if not act.date.is_exact:
            return [open_(need, say("why.day"), article=article)]
        on = act.date.first
        if on.day != 1 or (rule.succession is Succession.YEAR and on.month != 1):
            why = say("why.new_year", day=act.date)
            return [(broken if rule.binding else open_)(need, why, article=article)]
        return [met(need, article=article)]
    need = say("need.session", body=name)
    shown = tuple(
        row.id
        for row in docket.reported(*SITTINGS)
        if row.id != act.id
        and body.id in row.body
        and row.date
        and row.date.may_be(act.date)
        and row.role("format") not in OTHER_SESSIONS
    )
    if shown:
        return [met(need, shown, article=article)]
    if is_played(act):
        return [broken(need, say("why.silent_play", what=need), article=article)]
    return [open_(need, say("why.silent", what=need), article=article)]


def members_on(docket: Docket, day: date) -> tuple[str, ...]:
    """The states that have a seat in the bodies, in alphabetical order."""
    seats = dict.fromkeys(seat.one_for_each for body in docket.charter.bodies.values() for seat in body.seats)
    parties = {p for key in seats for p in roster_on(docket, docket.charter.statuses[key], day).parties}
    return tuple(sorted(parties))


def seated_on(docket: Docket, body: str, day: date, without: str = "") -> tuple[tuple[str, ...], bool]:
    """The parties seated in a body at the end of a day, in alphabetical order, and whether that is all of them.

    Args:
        without: the id of an act to leave out of account.
    Source: the seats of the body in the charter.
    """
    lines = [seat for seat in docket.charter.bodies[body].seats if day in seat.interval]
    rosters = {key: roster_on(docket, docket.charter.statuses[key], day, without) for key in _statuses(lines)}
    seated = {party for seat in lines for party in rosters[seat.one_for_each].parties if party not in seat.without}
    return tuple(sorted(seated)), bool(lines) and all(roster.covered for roster in rosters.values())


def _statuses(lines: list[Seat]) -> list[str]:
    return list(dict.fromkeys(seat.one_for_each for seat in lines))
