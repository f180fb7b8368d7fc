"""Whether an act was in order: the rules that speak of it, each requirement, obligations, challenges, cautions.

Start at `judge`. A rule permits; an act is in order if one rule in force that day is met in all it asks, out of order
if none is and the record shows so, and cannot be told where the record is silent. What no rule speaks of is not
governed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from foedus.charters import Charter, Duty, Rule
from foedus.charters.expressions import Compiled
from foedus.rules.answers import answers_to, when_met
from foedus.rules.assistance import hosts, same_host
from foedus.rules.conditions import cases
from foedus.rules.deciding import contested
from foedus.rules.docket import Docket, done_by, is_before, is_played, is_subject, own_part, speaks_for
from foedus.rules.findings import Finding
from foedus.rules.requirements import OutsideError, look_into
from foedus.rules.wording import ENGLISH, any_of, kept_words, kind_words, role_words, say, speaking, value_words
from foedus.terms import (
    Act,
    Day,
    Due,
    Mark,
    Met,
    Modality,
    Obligation,
    Outcome,
    Verdict,
    Verified,
    kinds,
)

# How long before a challenge the act it contests may lie, where it names none.
CHALLENGE_DAYS = 60
CONTESTABLE = ("request_assistance", "decide_assistance", "deploy", "contribute")
_BEST = (Outcome.IN_ORDER, Outcome.UNDETERMINED, Outcome.OUT_OF_ORDER)


def judge(charter: Charter, acts: Iterable[Act], act: Act, language: str = ENGLISH) -> Verdict:
    """Whether one act was in order under a charter, over the acts of a record.

    Args:
        acts: any acts in any order; those of other organisations are passed over. `act` may be among them or not.
        language: in which the verdict speaks: en, ru, zh, vi; another is English.
    Returns:
        The verdict by the rule that fits best, with what it asks, what must follow, and what rests unverified.
    """
    with speaking(language):
        return judged(Docket.of(charter, acts), act)


def judge_all(
    charter: Charter,
    acts: Iterable[Act],
    since: Day | None = None,
    until: Day | None = None,
    language: str = ENGLISH,
) -> tuple[Verdict, ...]:
    """The verdicts on every act of the charter's organisation, in order of time.

    Args:
        since: leaves out acts that surely ended before the first day of it.
        until: leaves out acts that surely began after the last day of it (that day is included).
        language: in which the verdicts speak.
    """
    docket = Docket.of(charter, acts)
    with speaking(language):
        return tuple(judged(docket, act) for act in docket.acts if _within(act, since, until))


def _within(act: Act, since: Day | None, until: Day | None) -> bool:
    if act.date is None:
        return since is None and until is None
    return (since is None or act.date.last >= since.first) and (until is None or act.date.first <= until.last)


def judged(docket: Docket, act: Act) -> Verdict:
    """The verdict on an act over a docket; reached once for each act the docket holds."""
    known = docket.by_id.get(act.id) is act
    if known and act.id in docket.verdicts:
        return docket.verdicts[act.id]
    docket.under_way.add(act.id)
    try:
        verdict = _judge(docket, act)
    finally:
        docket.under_way.discard(act.id)
    if docket.charter.kept is not None:
        verdict = replace(verdict, details={**verdict.details, "charter": kept_words(docket.charter.kept)})
    if known:
        docket.verdicts[act.id] = verdict
    return verdict


def _rest(docket: Docket, act: Act) -> Verdict | None:
    """The verdict on an act another rests on; None while that very verdict is being reached."""
    return None if act.id in docket.under_way else judged(docket, act)


def _judge(docket: Docket, act: Act) -> Verdict:
    charter = docket.charter
    foreign = act.org != charter.org
    if not foreign and act.parties and not _ours(charter, act):
        return _outside(docket, act, say("outside.org"))
    if act.modality is not Modality.REPORTED:
        return _as_if(docket, act)
    rules = [rule for rule in charter.rules_for(act.kind) if rule.of_others is foreign]
    if foreign and not rules:
        return _outside(docket, act, say("outside.org"))
    if charter.stub:
        return _outside(docket, act, charter.stub)
    if not rules:
        return _outside(docket, act, charter.outside.get(act.kind) or say("outside.kind"))
    in_force = [rule for rule in rules if act.date is None or rule.interval.covers(act.date) is not False]
    if not in_force:
        return _outside(docket, act, say("outside.day", day=act.date))
    found = _by_rules(docket, act, in_force)
    if found.outcome is not Outcome.UNDETERMINED:
        return found
    return _by_cases(docket, act, in_force) or found


def _by_cases(docket: Docket, act: Act, rules: list[Rule]) -> Verdict | None:
    """The verdict every way agrees on in which the open conditions may turn out; None where they do not agree.

    Kleene's logic is too careful where two rules divide the cases between them: one asks a condition, the other its
    contrary.
    """
    answers: list[Verdict] = []
    for case in cases(docket, _conditions(docket, rules), act):
        taken = {(act.id, condition): so for condition, so in case.items()}
        docket.assumed.update(taken)
        try:
            answers.append(_by_rules(docket, act, rules))
        finally:
            for key in taken:
                del docket.assumed[key]
        if answers[-1].outcome is not answers[0].outcome:
            return None
    if not answers or answers[0].outcome is Outcome.UNDETERMINED:
        return None
    return replace(answers[0], details={**answers[0].details, "by_cases": say("details.by_cases")})


def _conditions(docket: Docket, rules: list[Rule]) -> list[Compiled]:
    """Every condition that bears on an act under some rules."""
    ways = [docket.charter.deciding[key] for rule in rules for key in rule.decided_by if key in docket.charter.deciding]
    needs = [need for rule in rules for need in rule.needs]
    needs += [one for need in needs for one in need.one_of]
    found = [*(rule.condition for rule in rules), *(way.condition for way in ways), *(need.condition for need in needs)]
    return [condition for condition in found if condition is not None]


def _by_rules(docket: Docket, act: Act, rules: list[Rule]) -> Verdict:
    """The verdict of the rule that fits best, or of a prohibition that bars what another rule would allow."""
    reason, best, barred = "", None, None
    for rule in rules:
        try:
            verdict = under(docket, rule, act)
        except OutsideError as outside:
            # What is said of addressee or actor tells more than that a rule is about another case.
            reason = str(outside) if reason in ("", say("outside.scope")) else reason
            continue
        if rule.forbids:
            barred = verdict if barred is None or _BEST.index(verdict.outcome) > _BEST.index(barred.outcome) else barred
        elif best is None or _BEST.index(verdict.outcome) < _BEST.index(best.outcome):
            best = verdict
    # What is forbidden is not put in order by another rule that would allow it.
    if barred and (best is None or _BEST.index(barred.outcome) > _BEST.index(best.outcome)):
        return barred
    return best or _outside(docket, act, reason)


def _ours(charter: Charter, act: Act) -> bool:
    """Whether somebody acts who is not merely a body or office of another organisation."""
    return any(":" not in p or own_part(charter, p) or speaks_for(p) or is_subject(p) for p in act.parties)


def _outside(docket: Docket, act: Act, reason: str) -> Verdict:
    return Verdict(
        act.id, docket.charter.org, Outcome.NOT_GOVERNED, challenges=challenges_to(docket, act), reason=reason
    )


def _as_if(docket: Docket, act: Act) -> Verdict:
    """Not governed, since it is not reported as done; `details` tell how it would stand if it were."""
    verdict = _outside(docket, act, say("outside.modality", modality=value_words(act.modality)))
    done = _judge(docket, replace(act, modality=Modality.REPORTED))
    details = {
        "as_if_done": done.outcome.value,
        "rule": done.rule,
        "article": ", ".join(done.articles),
        "reason": done.reason,
    }
    return replace(verdict, details={key: value for key, value in details.items() if value})


def under(docket: Docket, rule: Rule, act: Act) -> Verdict:
    """The verdict of one rule alone, whatever others say.

    Raises:
        OutsideError: the rule does not speak of the act.
    """
    findings = look_into(docket, rule, act, _rest)
    stands = {finding.requirement.met for finding in findings}
    outcome = (
        Outcome.OUT_OF_ORDER
        # A rule that may not speak of the act at all breaks nothing.
        if Met.BROKEN in stands and not any(finding.scope for finding in findings)
        else Outcome.UNDETERMINED
        if stands - {Met.MET}
        else Outcome.IN_ORDER
    )
    decisive = Met.BROKEN if outcome is Outcome.OUT_OF_ORDER else Met.NOT_IN_RECORD
    reasons = dict.fromkeys(f.why for f in findings if f.requirement.met is decisive and f.why)
    return Verdict(
        act=act.id,
        org=docket.charter.org,
        outcome=outcome,
        rule=rule.id,
        articles=rule.articles,
        verified=rule.verified,
        requirements=tuple(finding.requirement for finding in findings),
        obligations=() if outcome is Outcome.OUT_OF_ORDER else obligations_of(docket, rule, act),
        challenges=challenges_to(docket, act),
        cautions=_cautions(docket, rule, act, findings),
        reason="; ".join(reasons),
        details={key: value for finding in findings for key, value in finding.details.items() if value},
    )


def _cautions(docket: Docket, rule: Rule, act: Act, findings: list[Finding]) -> tuple[str, ...]:
    """What a verdict rests on that nobody has verified, each once."""
    found = []
    if docket.charter.variant and rule == docket.charter.variants[docket.charter.variant].rules.get(rule.id):
        found.append(say("caution.variant", variant=docket.charter.variant))
    if rule.verified is not Verified.TEXT:
        found.append(say("caution.verified", rule=rule.id, verified=value_words(rule.verified)))
    if act.mark is not Mark.SOURCED:
        found.append(say("caution.mark", act=act.id, mark=value_words(act.mark)))
    differ = dict.fromkeys(conflict.field for conflict in act.conflicts if conflict.field in ("date", "actors", "body"))
    found += [say("caution.conflict", field=role_words(field), act=act.id) for field in differ]
    if is_played(act) and any(f.requirement.met is Met.BROKEN and not f.requirement.acts for f in findings):
        found.append(say("caution.play"))
    found += [caution for finding in findings for caution in finding.cautions]
    return tuple(dict.fromkeys(found))


# -- what must follow ------------------------------------------------------------------------------------------------


def obligations_of(docket: Docket, rule: Rule, act: Act, on: Day | None = None) -> tuple[Obligation, ...]:
    """What a rule requires after an act, as it stands on a day, or at the end of the record.

    Met where the record shows it; open until the time has run; then overdue in an exercise, where nothing happens
    unrecorded, and unknown in a record of the world, where silence proves nothing.
    Source: Collective Security Treaty (1992), art. 4, for notice to the Security Council.
    """
    return tuple(_obligation(docket, rule, duty, act, on) for duty in rule.must_follow)


def duties(
    docket: Docket, on: Day | None, matters: Callable[[Act, Rule], bool]
) -> Iterator[tuple[Act, Rule, Duty, Obligation]]:
    """The obligations that acts done by the end of a day, or of the record, brought with them, as they then stand.

    An act that was out of order, or that another rule puts in order, brings none of the rule's.

    Args:
        matters: whether the obligations of an act under a rule matter at all; the others are not judged, which is
            what takes time.
    """
    for kind in docket.by_kind:
        for rule in docket.charter.rules_for(kind):
            if not rule.must_follow:
                continue
            for act in docket.reported(kind):
                if (on is not None and not done_by(act, on.last)) or not matters(act, rule):
                    continue
                verdict = judged(docket, act)
                if verdict.rule != rule.id or verdict.outcome is Outcome.OUT_OF_ORDER:
                    continue
                for duty, stands in zip(rule.must_follow, obligations_of(docket, rule, act, on), strict=True):
                    yield act, rule, duty, stands


def _obligation(docket: Docket, rule: Rule, duty: Duty, act: Act, on: Day | None) -> Obligation:
    charter = docket.charter
    message = "duty.at_once" if duty.at_once else "duty"
    text = say(
        message,
        what=kind_words(duty.act),
        to=say("duty.to", who=any_of(charter, duty.to)) if duty.to else "",
        by=say("duty.by", who=any_of(charter, duty.by)) if duty.by else "",
    )
    article = ", ".join(duty.articles)
    done = answers_to(docket, rule, duty, act, on)
    # With its year or its end left open, an act has no last day to count from.
    is_open = act.date is None or act.date.last > date.max - timedelta(duty.days)
    last = None if is_open or act.date is None else act.date.last + timedelta(duty.days)
    by = None if duty.at_once or last is None else Day.of(last)
    if done:
        return Obligation(text, Due.MET, by, tuple(row.id for row in done), article, when_met(act, done, by))
    now = on.last if on is not None else docket.horizon
    if now is None or last is None:
        return Obligation(text, Due.UNKNOWN, by, (), article)
    if now <= last:
        return Obligation(text, Due.OPEN, by, (), article)
    return Obligation(text, Due.OVERDUE if is_played(act) else Due.UNKNOWN, by, (), article)


# -- who contests it -------------------------------------------------------------------------------------------------


def challenges_to(docket: Docket, act: Act) -> tuple[str, ...]:
    """The ids of reported challenges that contest an act, in order of time: beside the verdict, never part of it."""
    if docket.challenged is None:
        docket.challenged = _tie(docket)
    return docket.challenged.get(act.id, ())


def _tie(docket: Docket) -> dict[str, tuple[str, ...]]:
    """Every act that is contested, with its challenges.

    A challenge names acts, or kinds of act, or nothing. Kinds and nothing are tied to the latest acts of those kinds
    (of assistance, where none is named) in the two months up to the challenge that share a party with it.
    """
    found: dict[str, list[str]] = {}
    for challenge in docket.reported("challenge"):
        named = contested(challenge)
        ids = [name for name in named if name in docket.by_id]
        # Words that are neither an act nor a kind tell as little as none.
        told = [name for name in named if name in kinds()]
        for kind in told or ([] if ids else CONTESTABLE):
            ids += [row.id for row in _nearest(docket, kind, challenge)]
        for name in dict.fromkeys(ids):
            if name != challenge.id:
                found.setdefault(name, []).append(challenge.id)
    return {name: tuple(rows) for name, rows in found.items()}


def _nearest(docket: Docket, kind: str, challenge: Act) -> list[Act]:
    if challenge.date is None:
        return []
    parties = {party for party in challenge.targets if not own_part(docket.charter, party)}
    near = []
    for row in docket.reported(kind):
        if row.date is None or is_before(row, challenge) is False:
            continue
        if (challenge.date.last - row.date.last).days > CHALLENGE_DAYS:
            continue
        if parties and not parties & {*row.targets, *row.actors, *hosts(row)}:
            continue
        near.append(row)
    latest = max((row.date.last for row in near if row.date), default=None)
    first = [row for row in near if row.date and row.date.last == latest]
    # Acts of the same kind for the same state are one course of events: all of it is contested.
    return [row for row in near if any(same_host(row, other) for other in first)]
