"""What a rule asks of an act, looked into one by one: who, addressed to whom, for whom, after what, decided how.

Start at `look_into`. Silence proves nothing: an act nobody has recorded leaves a requirement *not in the record*.
Two things are closed: statuses and seats inside their coverage, and the world of an exercise, where what has not
been played or recorded has not been done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from foedus.charters import Need, PartyClass, Rule, Sort
from foedus.rules.assistance import (
    addressed_to_chair,
    ended_on,
    hosts,
    same_host,
    to_the_organisation,
)
from foedus.rules.docket import (
    ANY_STATE,
    Docket,
    day_after_months,
    in_time,
    is_before,
    is_played,
    is_state,
    own_part,
    stands_for,
)
from foedus.rules.findings import Finding, broken, met, open_
from foedus.rules.governance import chair_on, decided, holders_on, turn_in_chair
from foedus.rules.membership import doubts, has_status, lacks_status
from foedus.rules.wording import any_of, kind_words, party_words, say
from foedus.terms import Act, Day, Mark, Modality, Outcome, Verdict

Judge = Callable[[Docket, Act], Verdict | None]


# How much later an act may come and still be the one that was needed before.
LATE_DAYS = 60


class OutsideError(Exception):
    """The rule does not speak of this act; the reason in words."""


def look_into(docket: Docket, rule: Rule, act: Act, judge: Judge) -> list[Finding]:
    """Every requirement of a rule as it stands for an act.

    Raises:
        OutsideError: the rule does not speak of such an act (another case, another addressee, a state's own doing).
    """
    _in_scope(docket, rule, act)
    findings = []
    if act.date is None:
        findings.append(open_(say("need.day"), say("why.day")))
    findings.append(_who(docket, rule, act))
    findings += _addressed(docket, rule, act)
    findings += _for(docket, rule, act)
    for need in rule.needs:
        findings += _need(docket, rule, need, act, judge)
    if rule.decided_by:
        findings.append(decided(docket, rule, act))
    return findings


def _article(rule: Rule, need: Need | None = None) -> str:
    return ", ".join(need.articles if need and need.articles else rule.articles)


# -- whether the rule speaks of the act at all ----------------------------------------------------------------------


def _in_scope(docket: Docket, rule: Rule, act: Act) -> None:
    for role, wanted in rule.when.items():
        value = act.role(role)
        if value is None:
            continue
        if role == "status":
            status = docket.charter.status_named(value)
            value = status.id if status else value
        if value not in wanted:
            raise OutsideError(say("outside.scope"))
    if rule.reserved or not act.parties:
        return
    answers = [belongs(docket, wanted, act) for wanted in rule.who]
    if any(answer is not False for answer in answers):
        return
    open_to_states = any(wanted.sort in (Sort.STATUS, Sort.ANY_STATE) for wanted in rule.who)
    ours = any(own_part(docket.charter, party) for party in act.parties)
    if rule.silent_on_others or (not open_to_states and not ours):
        raise OutsideError(say("outside.own") if not ours else say("outside.scope"))


# -- who -------------------------------------------------------------------------------------------------------------


def _who(docket: Docket, rule: Rule, act: Act) -> Finding:
    words = any_of(docket.charter, rule.who)
    need, article = say("need.who", who=words), _article(rule)
    if not act.parties or (
        set(act.parties) == {docket.charter.org} and all(w.sort is not Sort.ORGANISATION for w in rule.who)
    ):
        return open_(need, say("why.who_untold"), article=article)
    answers = [(wanted, belongs(docket, wanted, act)) for wanted in rule.who]
    for wanted, answer in answers:
        if answer:
            return met(need, _shows(docket, wanted, act), article=article, cautions=_rests(docket, wanted, act))
    if any(answer is None for _, answer in answers):
        day = act.date.edtf if act.date else "?"
        untold = say("why.status_untold", party=", ".join(act.parties), status=words, day=day)
        return open_(need, untold, article=article)
    found = ", ".join(party_words(docket.charter, party) for party in act.parties)
    return broken(need, say("why.who", found=found, who=words), article=article)


def belongs(docket: Docket, wanted: PartyClass, act: Act) -> bool | None:
    """Whether an act is done by a class of parties: true, false, or None where that cannot be told."""
    doers = set(act.parties)
    if wanted.sort in (Sort.BODY, Sort.PARTY):
        return wanted.ids[0] in doers
    if wanted.sort is Sort.JOINT:
        return set(wanted.ids) <= doers
    if wanted.sort is Sort.ORGANISATION:
        return any(p == wanted.ids[0] or p.startswith(f"{wanted.ids[0]}:force:") for p in doers)
    if wanted.sort is Sort.ANY_STATE:
        return any(is_state(p) or ":" not in p for p in act.actors)
    if wanted.sort is Sort.OFFICE:
        return wanted.ids[0] in doers or _person_in(docket, wanted.ids[0], act)
    if wanted.sort is Sort.CHAIR:
        return _in_chair(docket, wanted.ids[0], act)
    states = [p for p in act.actors if is_state(p)]
    if not states:
        # A person, a group or an outlet may act for a member; the record does not say.
        return None if any(stands_for(p) for p in act.actors) else False
    if act.date is None:
        return None
    status = docket.charter.statuses[wanted.ids[0]]
    answers = [has_status(docket, party, status, act.date, act.id) for party in states]
    return False if False in answers else None if None in answers else True


def _person_in(docket: Docket, office: str, act: Act) -> bool:
    known = docket.charter.offices.get(office)
    if known is None or act.date is None:
        return False
    return any(holder.person in act.actors for holder in holders_on(docket, known, act.date.last))


def _in_chair(docket: Docket, body: str, act: Act) -> bool | None:
    states = [party for party in act.actors if is_state(party)]
    offices = {f"{docket.charter.org}:chair", f"{docket.charter.org}:chair_of_council"}
    if offices & set(act.actors):
        return True
    if not states or (act.body and body not in act.body):
        return False
    if act.date is None:
        return None
    chairs = {chair_on(docket, docket.charter.bodies[body], on, act.id) for on in (act.date.first, act.date.last)}
    known = {chair.state for chair in chairs if chair}
    if not known or None in chairs:
        return None
    return known <= set(states) if len(known) == 1 else None


def _shows(docket: Docket, wanted: PartyClass, act: Act) -> tuple[str, ...]:
    if wanted.sort is Sort.CHAIR and act.date is not None:
        chair = chair_on(docket, docket.charter.bodies[wanted.ids[0]], act.date.last, act.id)
        return chair.acts if chair else ()
    return ()


def _rests(docket: Docket, wanted: PartyClass, act: Act) -> tuple[str, ...]:
    """What the answer on who rests on that nobody has verified."""
    if act.date is None:
        return ()
    if wanted.sort is Sort.CHAIR:
        chair = chair_on(docket, docket.charter.bodies[wanted.ids[0]], act.date.last, act.id)
        return (say("caution.chair", mark=chair.mark.value),) if chair and chair.mark is not Mark.SOURCED else ()
    if wanted.sort is not Sort.STATUS:
        return ()
    status = docket.charter.statuses[wanted.ids[0]]
    return tuple(
        say("caution.holder", party=party, status=status.id, mark=mark.value)
        for party in act.actors
        if (mark := doubts(docket, party, status, act.date)) is not Mark.SOURCED
    )


# -- to whom and for whom --------------------------------------------------------------------------------------------


def _addressed(docket: Docket, rule: Rule, act: Act) -> list[Finding]:
    """Whether it is put to those the rule names; an act that names no addressee is not asked."""
    if not rule.addressed_to or not act.targets:
        return []
    need, article = say("need.addressed", who=any_of(docket.charter, rule.addressed_to)), _article(rule)
    if any(_is_addressee(docket, wanted, target, act) for wanted in rule.addressed_to for target in act.targets):
        return [met(need, article=article)]
    if any(w.sort is Sort.CHAIR for w in rule.addressed_to) and (chair := addressed_to_chair(docket, act)):
        return [open_(need, say("why.capacity", who=chair), article=article)]
    if act.kind == "request_assistance" and to_the_organisation(docket, act):
        return [broken(need, say("why.who", found=", ".join(act.targets), who=need), article=article)]
    raise OutsideError(say("outside.addressed"))


def _is_addressee(docket: Docket, wanted: PartyClass, target: str, act: Act) -> bool:
    if wanted.sort is Sort.STATUS and act.date is not None and is_state(target):
        return has_status(docket, target, docket.charter.statuses[wanted.ids[0]], act.date, act.id) is True
    return target in wanted.ids


def _for(docket: Docket, rule: Rule, act: Act) -> Iterator[Finding]:
    for wanted in rule.for_:
        if wanted.sort is not Sort.STATUS:
            continue
        status = docket.charter.statuses[wanted.ids[0]]
        need, article = say("need.for", who=any_of(docket.charter, (wanted,))), _article(rule)
        parties = hosts(act)
        if not parties:
            yield open_(need, say("why.for_untold"), article=article)
            continue
        name = status.names["en"][0]
        answers = {p: act.date and has_status(docket, p, status, act.date, act.id) for p in parties}
        if False in answers.values():
            wrong = ", ".join(p for p, answer in answers.items() if answer is False)
            yield broken(need, say("why.for", party=wrong, status=name), article=article)
        elif None in answers.values():
            untold = ", ".join(p for p, answer in answers.items() if answer is None)
            yield open_(need, say("why.status_untold", party=untold, status=name, day=act.date), article=article)
        else:
            yield met(need, article=article)
    for wanted in rule.not_for:
        status = docket.charter.statuses[wanted.ids[0]]
        need, article = say("need.not_for", who=any_of(docket.charter, (wanted,))), _article(rule)
        name = status.names["en"][0]
        parties = tuple(p for p in act.targets if p != ANY_STATE)
        lacking = {p: act.date and lacks_status(docket, p, status, act.date, act.id) for p in parties}
        if False in lacking.values():
            wrong = ", ".join(p for p, answer in lacking.items() if answer is False)
            yield broken(need, say("why.not_for", party=wrong, status=name), article=article)
        elif None in lacking.values():
            untold = ", ".join(p for p, answer in lacking.items() if answer is None)
            yield open_(need, say("why.status_untold", party=untold, status=name, day=act.date), article=article)
        else:
            yield met(need, article=article)


# -- after what ------------------------------------------------------------------------------------------------------


def _need(docket: Docket, rule: Rule, need: Need, act: Act, judge: Judge) -> list[Finding]:
    article = _article(rule, need)
    if need.turn is not None:
        if act.body and need.turn not in act.body:
            raise OutsideError(say("outside.scope"))
        return turn_in_chair(docket, docket.charter.bodies[need.turn], act, article)
    if need.notice_months:
        return [_notice(need.notice_months, act, article)]
    if need.status_exists:
        return [_status_exists(docket, act, article)]
    return [_earlier(docket, need, act, article, judge)]


def _notice(months: int, act: Act, article: str) -> Finding:
    """Source: CSTO Charter, art. 19 (six months); SCO Charter, art. 13 (twelve)."""
    words = say("need.notice", months=months)
    if act.date is None:
        return open_(words, say("why.day"), article=article)
    until = day_after_months(act.date.first, months)
    if act.date_end is not None and act.date_end.last < until:
        return broken(words, say("why.notice", end=act.date_end, until=until), article=article)
    return met(words, article=article)


def _status_exists(docket: Docket, act: Act, article: str) -> Finding:
    name = act.role("status")
    words = say("need.status", status=name or "?")
    if not name:
        return open_(words, say("why.status_unnamed"), article=article)
    status = docket.charter.status_named(name)
    if status is None:
        return open_(words, say("why.status_unknown", status=name), article=article)
    if act.date is None:
        return open_(words, say("why.day"), article=article)
    exists = status.interval.covers(act.date)
    if exists is None:
        return open_(words, say("why.day"), article=article)
    if exists:
        return met(words, article=article)
    if status.interval.since and act.date.last < status.interval.since:
        return broken(words, say("why.status", status=status.id, since=status.interval.since), article=article)
    return broken(words, say("why.status_gone", status=status.id, until=status.interval.until), article=article)


def _earlier(docket: Docket, need: Need, act: Act, article: str, judge: Judge) -> Finding:
    """Whether the act a rule needs before this one stands in the record, was refused, came later, or is not there."""
    what = kind_words(need.act)
    words = say(
        "need.act",
        what=what,
        whose={"target": " by the one it is for", "actor": " by the same"}.get(need.by, ""),
        narrow={"target": " for the same", "actor": " for the same"}.get(need.for_, ""),
        when=" since the request"
        if need.after
        else " still open"
        if need.in_force and need.act == "request_assistance"
        else " in force"
        if need.in_force
        else ""
        if need.or_later
        else " before it",
    )
    floor = _floor(docket, need, act)
    fitting = [row for row in docket.reported(need.act) if _fits(docket, need, row, act)]
    timely: list[Act] = []
    later: list[Act] = []
    untold: list[Act] = []
    for row in fitting:
        order = is_before(row, act)
        if order is False and need.or_later and _soon_after(act, row, LATE_DAYS):
            order = True
        if floor is not None and is_before(floor, row) is False:
            continue
        if order or order is None:
            (timely if order else untold).append(row)
        elif _soon_after(act, row, need.within_days or LATE_DAYS):
            later.append(row)
    granted = [row for row in timely if not need.outcome or (row.role("outcome") or "grant") in need.outcome]
    refused = [row for row in timely if row not in granted]
    return _standing(docket, need, act, words, what, article, granted, refused, later, untold, judge)


def _standing(
    docket: Docket,
    need: Need,
    act: Act,
    words: str,
    what: str,
    article: str,
    granted: list[Act],
    refused: list[Act],
    later: list[Act],
    untold: list[Act],
    judge: Judge,
) -> Finding:
    alive: list[Act] = []
    ended: list[tuple[Act, date]] = []
    for row in granted:
        end = _over(docket, row, act) if need.in_force else None
        if end is not None and act.date is not None and end < act.date.first:
            ended.append((row, end))
        else:
            alive.append(row)
    verdicts = [(row, None if need.even_unlawful else judge(docket, row)) for row in alive]
    sound = [row for row, verdict in verdicts if verdict is None or verdict.outcome is Outcome.IN_ORDER]
    shaky = [row for row, verdict in verdicts if verdict and verdict.outcome is Outcome.UNDETERMINED]
    void = [row for row, verdict in verdicts if verdict and verdict.outcome is Outcome.OUT_OF_ORDER]
    other = [row for row, verdict in verdicts if verdict and verdict.outcome is Outcome.NOT_GOVERNED]
    if sound or other:
        shown = _newest([*sound, *other])
        return met(words, _ids(shown), article=article, cautions=_marks(shown))
    # An act of the competent body stands until it is shown to be out of order.
    presumed = [row for row in shaky if _by_who_may(docket, row)]
    if presumed:
        shown = _newest(presumed)
        doubt = say("caution.presumed", what=what, day=_on(shown[-1]))
        return met(words, _ids(shown), article=article, cautions=(doubt, *_marks(shown)))
    if shaky:
        return open_(words, say("why.shaky", what=what, day=_on(shaky[-1])), _ids(shaky), article=article)
    if void:
        return broken(words, say("why.void", what=what, day=_on(void[-1])), _ids(void), article=article)
    if refused:
        return broken(words, say("why.refused", what=what, day=_on(refused[-1])), _ids(refused), article=article)
    if ended:
        row, end = ended[-1]
        why = say("why.ended", what=what, day=_on(row), end=end)
        if is_played(act) or row.date_end is not None:
            return broken(words, why, (row.id,), article=article)
        # That all had left is our reading of its end; the record may lack a second decision, or misdate a retelling.
        return open_(words, why, (row.id,), article=article)
    denied = [row for row in docket.denied(need.act) if _fits(docket, need, row, act) and _same_time(row, act)]
    if denied:
        return broken(words, say("why.denied", what=what), _ids(denied), article=article)
    if later:
        return broken(words, say("why.later", what=what, day=_on(later[0])), (later[0].id,), article=article)
    if untold:
        return open_(words, say("why.imprecise", what=what), _ids(untold), article=article)
    if is_played(act):
        return broken(words, say("why.silent_play", what=what), article=article)
    return open_(words, say("why.silent", what=what), article=article)


def _soon_after(act: Act, row: Act, days: int) -> bool:
    """Whether a later act belongs to the same course of events, so that it shows the order was turned round."""
    return act.date is not None and row.date is not None and (row.date.first - act.date.last).days <= days


def _over(docket: Docket, row: Act, act: Act) -> date | None:
    """When an earlier act had ceased to stand by the day of this one: a decision ended, a request decided."""
    if act.date is None:
        return None
    if row.kind != "request_assistance":
        return ended_on(docket, row, act.date.first)
    decisions = (
        other.date.last
        for other in docket.reported("decide_assistance")
        if other.date and is_before(row, other) and set(row.actors) & set(hosts(other) or row.actors)
    )
    return min(decisions, default=None)


def _by_who_may(docket: Docket, row: Act) -> bool:
    """Whether an act is by somebody whom a rule on its kind lets act."""
    return any(
        belongs(docket, wanted, row)
        for rule in docket.charter.rules_for(row.kind)
        if row.date is None or rule.interval.covers(row.date) is not False
        for wanted in rule.who
    )


def _floor(docket: Docket, need: Need, act: Act) -> Act | None:
    """The latest act of the kind this need must not precede: the newest request that the act can be about."""
    if not need.after:
        return None
    rows = [
        row
        for row in docket.reported(need.after)
        if row.id != act.id
        and is_before(row, act)
        and to_the_organisation(docket, row)
        and (not hosts(act) or set(hosts(act)) & set(row.actors))
    ]
    return max(rows, key=in_time, default=None)


def _fits(docket: Docket, need: Need, row: Act, act: Act) -> bool:
    """Whether an act is of the sort a need asks for, whatever its date and outcome."""
    if row.id == act.id:
        return False
    asked, mine = hosts(act), set(act.actors)
    if need.by == "target" and asked and not set(asked) & set(row.actors):
        return False
    if need.by == "actor" and not mine & set(row.actors):
        return False
    if need.for_ == "target" and not same_host(row, act):
        return False
    if need.for_ == "actor" and row.targets and not mine & set(row.targets):
        return False
    if need.act == "request_assistance" and not to_the_organisation(docket, row):
        return False
    if need.act == "consult" and not _is_on(docket, row, asked):
        return False
    if need.act == "decide_assistance" and not any(own_part(docket.charter, party) for party in row.parties):
        return False
    if need.body is not None and need.body not in row.parties:
        return False
    if need.within_days and row.date and act.date and (act.date.last - row.date.last).days > need.within_days:
        return False
    if need.document:
        text = f"{row.role('document') or ''} {row.role('detail') or ''}".casefold()
        if text.strip() and not any(word.casefold() in text for word in need.document):
            return False
    return True


def _is_on(docket: Docket, consultation: Act, asked: tuple[str, ...]) -> bool:
    """Whether a consultation is on the request of a state: by name, or as the newest request where it names none."""
    if not asked or hosts(consultation):
        return not asked or bool(set(asked) & set(hosts(consultation)))
    requests = [
        row
        for row in docket.reported("request_assistance")
        if is_before(row, consultation) and to_the_organisation(docket, row)
    ]
    return not requests or any(set(asked) & set(row.actors) for row in _newest(requests))


def _same_time(denied: Act, act: Act) -> bool:
    """Whether a denial speaks of the time of the act: within a month of it."""
    if denied.date is None or act.date is None or date.max in (denied.date.last, act.date.last):
        return True
    return abs((denied.date.last - act.date.last).days) <= 31


def _ids(rows: list[Act]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _newest(rows: list[Act]) -> list[Act]:
    """The acts of the latest day among several that each meet a requirement: the course of events at hand."""
    last = max(in_time(row)[0] for row in rows)
    return [row for row in rows if in_time(row)[0] == last]


def _on(row: Act) -> Day | str:
    return row.date or "an unknown day"


def _marks(rows: list[Act]) -> tuple[str, ...]:
    """Cautions on the acts that meet a requirement, unless one of them needs none."""
    if any(row.mark is Mark.SOURCED and row.modality is Modality.REPORTED for row in rows):
        return ()
    return tuple(say("caution.mark", act=row.id, mark=row.mark.value) for row in rows)
