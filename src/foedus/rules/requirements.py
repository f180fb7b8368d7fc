"""What a rule asks of an act, looked into one by one: who, addressed to whom, for whom, after what, decided how.

Start at `look_into`. Silence proves nothing: an act nobody has recorded leaves a requirement *not in the record*.
Two things are closed: statuses and seats inside their coverage, and the world of an exercise, where what has not
been played or recorded has not been done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from foedus.charters import Need, PartyClass, Rule, Sort, Status
from foedus.charters.expressions import Compiled, print_expression
from foedus.rules.assistance import addressed_to_chair, hosts, to_the_organisation
from foedus.rules.conditions import holds
from foedus.rules.deciding import decided
from foedus.rules.docket import ANY_STATE, Docket, day_after_months, is_subject, own_part
from foedus.rules.doers import belongs
from foedus.rules.earlier import Judge, Sought
from foedus.rules.findings import Finding, broken, met, open_
from foedus.rules.governance import chair_on, turn_in_chair
from foedus.rules.membership import doubts, has_status, lacks_status
from foedus.rules.terms_of_office import in_term
from foedus.rules.wording import any_of, class_words, enumerated, kind_words, party_words, say, value_words
from foedus.terms import Act, Day, Mark, Met, Requirement

_ORDER = (Met.MET, Met.NOT_IN_RECORD, Met.BROKEN)


class OutsideError(Exception):
    """The rule does not speak of this act; the reason in words."""


def look_into(docket: Docket, rule: Rule, act: Act, judge: Judge) -> list[Finding]:
    """Every requirement of a rule as it stands for an act.

    Raises:
        OutsideError: the rule does not speak of such an act (another case, another addressee, a state's own doing).
    """
    findings = _in_scope(docket, rule, act)
    if rule.forbids:
        return [_forbidden(docket, rule, act), *findings, *_for(docket, rule, act)]
    if act.date is None:
        findings.append(open_(say("need.day"), say("why.day")))
    findings.append(_who(docket, rule, act))
    findings += _addressed(docket, rule, act)
    findings += _for(docket, rule, act)
    for need in rule.needs:
        findings += _need(docket, rule, need, act, judge)
    if rule.decided_by:
        findings.append(decided(docket, rule, act))
    if act.kind == "appoint":
        findings += in_term(docket, act)
    return findings


def _article(rule: Rule, need: Need | None = None) -> str:
    return ", ".join(need.articles if need and need.articles else rule.articles)


# -- whether the rule speaks of the act at all ----------------------------------------------------------------------


def _in_scope(docket: Docket, rule: Rule, act: Act) -> list[Finding]:
    """Nothing, or what leaves open whether the rule speaks of the act.

    Raises:
        OutsideError: it does not.
    """
    for role, wanted in rule.when.items():
        value = act.role(role)
        if value is None:
            continue
        if role == "status":
            status = docket.charter.status_named(value)
            value = status.id if status else value
        if value not in wanted:
            raise OutsideError(say("outside.scope"))
    untold = []
    if rule.condition is not None:
        finding = _condition(docket, rule.condition, act, _article(rule))
        if finding.requirement.met is Met.BROKEN:
            raise OutsideError(say("outside.scope"))
        untold = [replace(finding, scope=True)] if finding.requirement.met is Met.NOT_IN_RECORD else []
    if rule.reserved or rule.of_others or rule.forbids or not act.parties:
        return untold
    answers = [belongs(docket, wanted, act) for wanted in rule.who]
    if any(answer is not False for answer in answers):
        return untold
    open_to_states = any(wanted.sort in (Sort.STATUS, Sort.ANY_STATE) for wanted in rule.who)
    ours = any(own_part(docket.charter, party) for party in act.parties)
    if rule.silent_on_others or (not open_to_states and not ours):
        raise OutsideError(say("outside.own") if not ours else say("outside.scope"))
    return untold


def _forbidden(docket: Docket, rule: Rule, act: Act) -> Finding:
    """A prohibition: broken by whom it binds.

    Raises:
        OutsideError: whoever acts is not among those it binds, or it is not of the class it speaks of.
    """
    words = any_of(docket.charter, rule.who)
    need = say("need.forbidden", what=kind_words(act.kind), who=words)
    answers = {belongs(docket, wanted, act) for wanted in rule.who}
    if True in answers:
        found = ", ".join(party_words(docket.charter, party) for party in act.parties)
        return broken(need, say("why.forbidden", found=found, who=words), (act.id,), article=_article(rule))
    if None in answers:
        day = act.date or "?"
        untold = say("why.status_untold", party=", ".join(act.parties), status=words, day=day)
        return open_(need, untold, article=_article(rule))
    raise OutsideError(say("outside.scope"))


# -- who -------------------------------------------------------------------------------------------------------------


def _who(docket: Docket, rule: Rule, act: Act) -> Finding:
    words = any_of(docket.charter, rule.who)
    need, article = say("need.who", who=words), _article(rule)
    if not act.parties or (
        set(act.parties) == {docket.charter.org} and all(w.sort is not Sort.ORGANISATION for w in rule.who)
    ):
        return open_(need, say("why.who_untold"), article=article)
    if gone := _not_existing(docket, act):
        return broken(need, say("why.no_such_body", body=gone, day=act.date or "?"), article=article)
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


def _not_existing(docket: Docket, act: Act) -> str:
    """The body among those that acted which did not exist on the day, in words; empty where all did."""
    if act.date is None:
        return ""
    known = (docket.charter.bodies[party] for party in act.parties if party in docket.charter.bodies)
    gone = [party_words(docket.charter, body.id) for body in known if body.interval.covers(act.date) is False]
    return ", ".join(gone)


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
        return (say("caution.chair", mark=value_words(chair.mark)),) if chair and chair.mark is not Mark.SOURCED else ()
    if wanted.sort is not Sort.STATUS:
        return ()
    status = docket.charter.statuses[wanted.ids[0]]
    return tuple(
        say("caution.holder", party=party, status=status.id, mark=value_words(mark))
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
    # Who tells of a letter to the United Nations leaves open whether it went to the body that the article names.
    parts = [one for wanted in rule.addressed_to if wanted.sort is Sort.PARTY for one in wanted.ids]
    if whole := next((target for target in act.targets for part in parts if part.startswith(f"{target}:")), None):
        return [open_(need, say("why.addressed_whole", whole=whole.upper()), article=article)]
    raise OutsideError(say("outside.addressed"))


def _is_addressee(docket: Docket, wanted: PartyClass, target: str, act: Act) -> bool:
    if wanted.sort is Sort.STATUS and act.date is not None and is_subject(target):
        return has_status(docket, target, docket.charter.statuses[wanted.ids[0]], act.date, act.id) is True
    return target in wanted.ids


def _for(docket: Docket, rule: Rule, act: Act) -> Iterator[Finding]:
    """Whether those it is for hold the status the rule asks for, and none the rule excludes."""
    wanted_statuses = [wanted for wanted in rule.for_ if wanted.sort is Sort.STATUS]
    if wanted_statuses:
        words = any_of(docket.charter, wanted_statuses)
        need = say("need.for", who=words)
        statuses = [docket.charter.statuses[wanted.ids[0]] for wanted in wanted_statuses]
        answers = {party: _holds_one(docket, party, statuses, act) for party in hosts(act)}
        if answers:
            yield _all_of(answers, need, words, "why.for", act, rule)
        else:
            yield open_(need, say("why.for_untold"), article=_article(rule))
    for wanted in rule.not_for:
        words = class_words(docket.charter, wanted)
        status = docket.charter.statuses[wanted.ids[0]]
        lacking: Mapping[str, Day | bool | None] = {
            p: act.date and lacks_status(docket, p, status, act.date, act.id) for p in act.targets if p != ANY_STATE
        }
        yield _all_of(lacking, say("need.not_for", who=words), words, "why.not_for", act, rule)


def _holds_one(docket: Docket, party: str, statuses: list[Status], act: Act) -> bool | None:
    """Whether a party holds one of several statuses; None where that cannot be told."""
    if act.date is None:
        return None
    answers = {has_status(docket, party, status, act.date, act.id) for status in statuses}
    return True if True in answers else None if None in answers else False


def _all_of(
    answers: Mapping[str, Day | bool | None], need: str, words: str, message: str, act: Act, rule: Rule
) -> Finding:
    """Met if it is so of every party, broken if it is not so of one, else not in the record."""
    wrong = [party for party, answer in answers.items() if answer is False]
    untold = [party for party, answer in answers.items() if answer is None]
    if wrong:
        return broken(need, say(message, party=", ".join(wrong), status=words), article=_article(rule))
    if untold:
        day = act.date or say("day.unknown")
        why = say("why.status_untold", party=", ".join(untold), status=words, day=day)
        return open_(need, why, article=_article(rule))
    return met(need, article=_article(rule))


# -- after what ------------------------------------------------------------------------------------------------------


def _need(docket: Docket, rule: Rule, need: Need, act: Act, judge: Judge) -> list[Finding]:
    article = _article(rule, need)
    if need.turn is not None:
        if act.body and need.turn not in act.body:
            raise OutsideError(say("outside.scope"))
        return turn_in_chair(docket, docket.charter.bodies[need.turn], act, article)
    if need.not_in_chair is not None:
        return [_not_in_chair(docket, need.not_in_chair, act, article)]
    if need.condition is not None:
        return [_condition(docket, need.condition, act, article, need.in_words)]
    if need.one_of:
        return [_one_of(docket, rule, need, act, judge)]
    if need.notice_months:
        return [_notice(need.notice_months, act, article)]
    if need.status_exists:
        return [_status_exists(docket, act, article)]
    return [Sought(docket, need, act, article, judge).finding()]


def _condition(docket: Docket, condition: Compiled, act: Act, article: str, in_words: str = "") -> Finding:
    """A condition of the charter, in its own words or with the atoms that settle it or leave it open."""
    truth = holds(docket, condition, act)
    words = say("need.condition", text=in_words or print_expression(condition.expression))
    if truth.value:
        return met(words, article=article)
    if truth.value is False:
        atoms = [in_words] if in_words else [atom.text for atom in truth.atoms if atom.value is False] or [words]
        return broken(words, say("why.condition", text=", ".join(atoms)), article=article)
    atoms = [in_words] if in_words else [atom.text for atom in truth.atoms if atom.value is None] or [words]
    return open_(words, say("why.condition_untold", text=", ".join(atoms)), article=article)


def _one_of(docket: Docket, rule: Rule, need: Need, act: Act, judge: Judge) -> Finding:
    """Alternatives: the one that stands best, with the words of all."""
    found = [finding for one in need.one_of for finding in _need(docket, rule, one, act, judge)]
    best = min(found, key=lambda finding: _ORDER.index(finding.requirement.met))
    stands = best.requirement.met
    text = say("need.one_of", alternatives=enumerated(finding.requirement.text for finding in found))
    whys = [finding.why for finding in found if finding.requirement.met is stands and finding.why]
    article = best.requirement.article if stands is Met.MET else _article(rule, need)
    shown = dict.fromkeys(a for f in found if f.requirement.met is stands for a in f.requirement.acts)
    requirement = Requirement(text, stands, tuple(shown), article)
    return Finding(requirement, "; ".join(dict.fromkeys(whys)), best.cautions, best.details)


def _not_in_chair(docket: Docket, body: str, act: Act, article: str) -> Finding:
    """That no state the act is for presides over it. Source: Protocol on the AU Peace and Security Council, art. 8."""
    name = party_words(docket.charter, body)
    words = say("need.not_in_chair", body=name)
    chair = act.date and chair_on(docket, docket.charter.bodies[body], act.date.last, act.id)
    if not chair:
        return open_(words, say("why.chair_untold", body=name), article=article)
    if chair.state in hosts(act):
        return broken(words, say("why.in_chair", state=chair.state, body=name), chair.acts, article=article)
    return met(words, chair.acts, article=article)


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
