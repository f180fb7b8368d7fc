"""What runs out or was called for a day: mandates, drafts under silence, instruments, what was planned.

Start at `mandates`, `silences`, `entries` and `plans`. Acts are matched as the rules on mandates and on silence do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from foedus.charters import How, Need, Rule
from foedus.rules.assistance import REFUSALS, ended_on, hosts, left_on, same_host
from foedus.rules.deciding import against, alike, under_silence
from foedus.rules.docket import in_time, is_played, own_part
from foedus.rules.earlier import SAME
from foedus.rules.outlook import Due, Matter, Outlook
from foedus.rules.wording import kind_words, party_words, say, value_words
from foedus.terms import Act, Day, Modality
from foedus.terms import Due as Standing

MANDATES = ("establish", "decide_assistance", "renew")
MEETINGS = ("convene", "meet", "consult")
# Acts by which a state or an instrument comes to be bound.
ENTRIES = ("accede", "establish", "grant_status")
AHEAD = (Modality.PLANNED, Modality.PROPOSED, Modality.CONDITIONAL)
# How far from its day a meeting can still be the one that was planned, and how much later any other act.
ABOUT_DAYS = 31
LATER_DAYS = 366


# -- mandates ----------------------------------------------------------------------------------------------------------


def mandates(out: Outlook) -> Iterator[Due]:
    """Mandates, decisions and deployments on their last day, where nothing had prolonged or ended them before.

    Source: the rules on lapse (UN Charter, art. 29; Rules of Procedure of the OSCE, II-A), else those on renewal.
    """
    found: list[tuple[list[Act], Due]] = []
    for act in (*out.told.reported(*MANDATES), *out.told.reported("deploy")):
        ends = act.date_end
        if ends is None or ends.last == date.max or not out.spans(ends) or not _is_mandate(out, act):
            continue
        rule, need = _on_mandates(out, ends)
        twin = next((row for row, _ in found if _is_twin(row[0], act, need)), None)
        if twin is not None:
            twin.append(act)
        elif not _prolonged(out, act, need) and not _ended(out, act, ends):
            found.append(([act], _mandate(out, act, ends, rule)))
    for acts, made in found:
        answers = _lapses(out, acts[0], made.day)
        made = replace(made, acts=tuple(dict.fromkeys((*(act.id for act in acts), *answers))))
        if made.stands is Standing.MET and not answers and acts[0].kind != "deploy" and not is_played(acts[0]):
            # Of a renewal that no record has told nobody would know: silence proves nothing.
            made = replace(made, stands=Standing.UNKNOWN, sure=False, note=say("due.renewal_untold"))
        yield made


def _is_mandate(out: Outlook, act: Act) -> bool:
    if act.role("outcome") in REFUSALS:
        return False
    return act.kind == "deploy" or any(own_part(out.charter, party) for party in act.parties)


def _on_mandates(out: Outlook, ends: Day) -> tuple[Rule | None, Need | None]:
    """The rule by which a mandate lapses, with what it asks for; else the rule by which one is renewed."""
    for rule in out.charter.rules_for("lapse"):
        for need in rule.needs:
            if need.run_out and rule.interval.covers(ends) is not False:
                return rule, need
    rules = (rule for rule in out.charter.rules_for("renew") if rule.interval.covers(ends) is not False)
    return next(rules, None), None


def _is_same(one: Act, other: Act, need: Need | None) -> bool:
    """Whether two acts are on one mandate: for the same state, and of the same name where the charter tells by it."""
    if not same_host(one, other) or bool(hosts(one)) != bool(hosts(other)):
        return False
    mine, theirs = one.role("document"), other.role("document")
    by_name = need is not None and need.document == (SAME,)
    return not (by_name and mine and theirs) or alike(mine or "", theirs or "")


def _is_twin(one: Act, other: Act, need: Need | None) -> bool:
    """Whether two acts tell of the same last day of one mandate."""
    return one.kind == other.kind and one.date_end == other.date_end and _is_same(one, other, need)


def _prolonged(out: Outlook, act: Act, need: Need | None) -> bool:
    """Whether another act, no later than the last day, has the mandate run on."""
    ends = act.date_end
    for other in out.told.reported(*MANDATES):
        if other.id == act.id or other.date is None or act.date is None or ends is None:
            continue
        if not _is_mandate(out, other) or not _is_same(act, other, need) or act.kind == "deploy":
            continue
        if other.date.first > ends.last or in_time(other) < in_time(act):
            continue
        if other.date_end is None:
            # A further decision that names no last day says nothing of this one; a renewal does.
            if other.kind == "renew":
                return True
        elif other.date_end.last > ends.last:
            return True
    return False


def _ended(out: Outlook, act: Act, ends: Day) -> bool:
    """Whether those sent had all left before the last day."""
    if act.kind == "deploy":
        left = left_on(out.told, act, replace(act, id="", date=ends))
    else:
        left = ended_on(out.told, act, ends.last) if act.kind == "decide_assistance" else None
    return left is not None and left < ends.first


def _lapses(out: Outlook, act: Act, ends: Day) -> tuple[str, ...]:
    """The acts that tell of its end: a lapse on the last day or within a week after it."""
    return tuple(
        row.id
        for row in out.told.reported("lapse")
        if row.date is not None
        and timedelta(0) <= row.date.first - ends.first <= timedelta(7)
        and same_host(act, row)
        and bool(hosts(act)) == bool(hosts(row))
        and alike(act.role("document") or "", row.role("document") or "")
    )


def _mandate(out: Outlook, act: Act, ends: Day, rule: Rule | None) -> Due:
    is_deployment = act.kind == "deploy"
    rule = None if is_deployment else rule
    articles = _articles(out, act, rule) if rule else ()
    words = act.role("document") or kind_words(act.kind)
    return Due(
        org=out.charter.org,
        matter=Matter.MANDATE,
        day=ends,
        what=say("due.deployment" if is_deployment else "due.mandate", what=words),
        about=act.role("document") or act.kind,
        who=hosts(act) or act.targets or act.parties,
        articles=articles,
        instruments=out.titles(articles),
        rule=rule.id if rule else "",
        stands=out.stands(ends),
        covered=out.covers(ends),
        verified=rule.verified if rule else None,
        mark=act.mark,
        note="" if is_deployment or out.stands(ends) is Standing.MET else say("due.unless_renewed"),
    )


def _articles(out: Outlook, act: Act, rule: Rule) -> tuple[str, ...]:
    """The articles of a rule; of several mandates it speaks of, the one this act is on, where its name tells."""
    titles = {key: row.title for key, row in out.charter.instruments.items()}
    name = act.role("document") or ""
    own = [article for article in rule.articles if name and alike(name, titles.get(article.split()[0], ""))]
    general = dict.fromkeys(article for need in rule.needs for article in need.articles)
    return tuple(dict.fromkeys((*general, *own))) if name and general else rule.articles


# -- silence -----------------------------------------------------------------------------------------------------------


def silences(out: Outlook) -> Iterator[Due]:
    """Drafts put under silence, on the day it ends; without a day told, after the days the charter gives.

    Source: the deciding rules by silence (OSCE Rules of Procedure, annex 1).
    """
    for draft in under_silence(out.told):
        way = next(
            (
                way
                for way in out.charter.deciding.values()
                if way.how is How.SILENCE and draft.date and way.interval.covers(draft.date) is not False
            ),
            None,
        )
        ends = draft.date_end
        if ends is None and way is not None and way.days and draft.date and draft.date.last < date.max:
            ends = Day.of(min(draft.date.last, date.max - timedelta(way.days)) + timedelta(way.days))
        if ends is None or not out.spans(ends):
            continue
        broken = against(out.told, draft)
        who = tuple(dict.fromkeys(party for row in broken for party in row.actors))
        articles = way.articles if way else ()
        yield Due(
            org=out.charter.org,
            matter=Matter.SILENCE,
            day=ends,
            what=say("due.silence", what=draft.role("document") or kind_words(draft.kind)),
            about=draft.role("document") or draft.kind,
            who=tuple(party for party in (*draft.body, *draft.targets) if own_part(out.charter, party)),
            articles=articles,
            instruments=out.titles(articles),
            rule=way.id if way else "",
            acts=(draft.id, *(row.id for row in broken)),
            stands=Standing.MET if broken else out.stands(ends),
            covered=out.covers(ends),
            verified=way.verified if way else None,
            mark=draft.mark,
            note=say("due.silence_broken", who=", ".join(who)) if broken else "",
        )


# -- what was called or planned for a day ------------------------------------------------------------------------------


def entries(out: Outlook) -> Iterator[Due]:
    """Instruments that entered into force later than they were signed, by the charter's own list."""
    for instrument in out.charter.instruments.values():
        day = instrument.in_force
        if day is None or not out.spans(day) or day == instrument.signed or day.first > out.seen:
            continue
        yield Due(
            org=out.charter.org,
            matter=Matter.ENTRY,
            day=day,
            what=say("due.entry", what=instrument.title),
            about=instrument.id,
            who=(out.charter.org,),
            articles=(instrument.id,),
            instruments=(instrument.title,),
            source=out.charter.sourced(instrument.source),
            stands=out.stands(day),
            covered=out.covers(day),
        )


def plans(out: Outlook) -> Iterator[Due]:
    """What was announced for a day: meetings, entries into force, anything planned; met where it is told as done."""
    for act in out.told.acts:
        if act.modality not in AHEAD or act.date is None or not out.spans(act.date) or _is_announcement(act):
            continue
        done = _done(out, act)
        matter = Matter.MEETING if act.kind in MEETINGS else Matter.ENTRY if act.kind in ENTRIES else Matter.PLANNED
        stands = Standing.MET if done else out.stands(act.date)
        if stands is Standing.MET and not done:
            # In an exercise nothing happens unrecorded; in the world silence proves nothing.
            stands = Standing.OVERDUE if is_played(act) else Standing.UNKNOWN
        body = say("due.of", body=party_words(out.charter, act.body[0])) if len(act.body) == 1 else ""
        what = kind_words(act.kind) + body
        articles = next((rule.articles for rule in out.charter.rules_for(act.kind)), ())
        yield Due(
            org=out.charter.org,
            matter=matter,
            day=act.date,
            what=say("due.planned", what=what, document=_paper(act), modality=value_words(act.modality)),
            about=act.kind,
            who=act.parties,
            articles=articles if matter is Matter.MEETING else (),
            instruments=out.titles(articles) if matter is Matter.MEETING else (),
            acts=(act.id, *done),
            stands=stands,
            sure=False,
            covered=out.covers(act.date),
            mark=act.mark,
        )


def _paper(act: Act) -> str:
    words = act.role("document") or act.role("status") or ""
    return say("due.paper", what=words) if words else ""


def _done(out: Outlook, plan: Act) -> tuple[str, ...]:
    """The acts that can be what was planned: of its kind, by one of the same, about the same time."""
    if plan.date is None:
        return ()
    return tuple(
        row.id
        for row in out.told.reported(plan.kind)
        if row.date is not None
        and (row.date.may_be(plan.date) or _is_about(plan.kind, (row.date.first - plan.date.last).days))
        and (not plan.parties or bool(set(plan.parties) & set(row.parties)))
        and same_host(plan, row)
    )


def _is_about(kind: str, days: int) -> bool:
    """Whether an act so many days after the day planned for can be what was planned."""
    return abs(days) <= ABOUT_DAYS or (kind not in MEETINGS and 0 < days <= LATER_DAYS)


def _is_announcement(act: Act) -> bool:
    """Whether the day is the one on which a plan was told, not the one it is for: a meeting may be that same day."""
    if act.kind in MEETINGS or act.published is None or act.date is None:
        return False
    return act.published.first >= act.date.first
