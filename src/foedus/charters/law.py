"""The law of a charter: how bodies decide, who may do what under which article, procedures and variants.

Start at `read_rule`. Each function reads one block of the file, asks for every key it knows and refuses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from foedus.charters.blocks import Block, did_you_mean
from foedus.charters.references import References
from foedus.charters.schema import (
    Abstaining,
    Binds,
    DecisionRule,
    Duty,
    How,
    Need,
    Procedure,
    Rule,
    ShareOf,
    Sort,
    Step,
    Variant,
)
from foedus.terms import Verified, roles

# What "at once" is reckoned as: the treaties give no number of days, so an obligation stays open this long.
AT_ONCE_DAYS = 3
SEATS = "seats"
CONCERNED, THE_CHAIR = "the state concerned", "the chair"
# The keys of a way of deciding that only some ways have.
OF_SOME_WAYS = {"share_of": (How.VOTE, How.UNANIMITY), "veto": (How.VOTE,), "days": (How.SILENCE,)}
# The keys of a need that narrow which earlier act meets it.
OF_AN_EARLIER_ACT = (
    *("by", "for", "outcome", "document", "under", "body", "org", "after"),
    *("or_later", "in_force", "run_out", "none", "within_days", "even_unlawful"),
)


# -- how bodies decide -----------------------------------------------------------------------------------------------


def read_decision(refs: References, key: str, block: Block) -> DecisionRule:
    """One way of deciding."""
    if block.text("how", "") == "majority":
        raise block.wrong("how", "is majority, which votes can be of several kinds", "Write how: vote, more_than: 1/2")
    of = refs.statuses(block, "of", (SEATS,))
    if not of:
        raise block.wrong("of", "is missing: whose voice counts", f"Write a status, or {SEATS}")
    made = DecisionRule(
        id=key,
        how=block.choice("how", How),
        of=() if of == (SEATS,) else of,
        without=refs.statuses(block, "without", (CONCERNED, THE_CHAIR)),
        bodies=refs.bodies(block, "bodies"),
        at_least=_threshold(block, "at_least"),
        more_than=_share(block, "more_than"),
        share_of=block.choice("share_of", ShareOf, ShareOf.VOTING),
        veto=refs.statuses(block, "veto"),
        abstaining=block.choice("abstaining", Abstaining, Abstaining.ALLOWED),
        blocked_if_opting_out=_share(block, "blocked_if_opting_out"),
        quorum=_share(block, "quorum"),
        days=block.number("days"),
        condition=refs.condition(block),
        only_if=block.text("only_if", ""),
        binds=block.choice("binds", Binds, Binds.EVERYONE),
        may_join_later=block.flag("may_join_later"),
        interval=block.interval(),
        articles=refs.articles(block),
        verified=block.choice("verified", Verified),
        note=block.text("note", ""),
    )
    asks = (made.at_least is not None) + (made.more_than is not None)
    if made.how is How.VOTE and asks != 1:
        raise block.wrong("how", "is vote, which needs one of at_least (9, or 2/3) and more_than (1/2)")
    if made.how is not How.VOTE and asks:
        raise block.wrong("at_least" if made.at_least is not None else "more_than", "counts votes: how must be vote")
    for key, ways in OF_SOME_WAYS.items():
        if block.has(key) and made.how not in ways:
            known = " or ".join(way.value for way in ways)
            raise block.wrong(key, f"says nothing of {made.how.value}: how must be {known}")
    if made.blocked_if_opting_out is not None and made.abstaining is not Abstaining.OPTS_OUT:
        raise block.wrong("blocked_if_opting_out", "counts those that opt out", "Write abstaining: opts out")
    if SEATS in of and len(of) > 1:
        raise block.wrong("of", f"names {SEATS} beside statuses, expected either")
    block.finish()
    return made


def _threshold(block: Block, key: str) -> int | Fraction | None:
    """A number of votes, or a share of them; None where the key is missing."""
    text = block.text(key, "")
    if "/" in text or not text:
        return _share(block, key)
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise block.wrong(key, f"is {text!r}, expected a number of votes such as 9, or a share such as 2/3")
    return int(text)


def _share(block: Block, key: str) -> Fraction | None:
    """A share such as 2/3, None where the key is missing."""
    text = block.text(key, "")
    if not text:
        return None
    parts = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    if not parts or not 0 < int(parts[1]) <= int(parts[2]):
        raise block.wrong(key, f"is {text!r}, expected a share such as 2/3")
    return Fraction(int(parts[1]), int(parts[2]))


# -- rules -----------------------------------------------------------------------------------------------------------


def read_rule(refs: References, key: str, block: Block) -> Rule:
    """One rule: who may, or must not, do acts of a kind."""
    forbids = block.has("must_not")
    verb = "must_not" if forbids else "may"
    if forbids and block.has("may"):
        raise block.wrong("must_not", "stands beside may, expected one of them")
    made = Rule(
        id=key,
        title=block.text("title"),
        kinds=tuple(refs.kind(block, verb, name) for name in (block.texts(verb) or (block.text(verb),))),
        forbids=forbids,
        of_others=_of_others(block),
        condition=refs.condition(block),
        who=refs.classes(block, "who"),
        reserved=block.flag("reserved"),
        silent_on_others=block.flag("silent_on_others"),
        when=_when(block),
        addressed_to=refs.classes(block, "addressed_to"),
        for_=refs.classes(block, "for"),
        not_for=refs.classes(block, "not_for"),
        needs=tuple(_need(refs, row) for row in block.blocks("needs")),
        decided_by=tuple(
            refs.known(block, "decided_by", name, refs.deciding_ids, "decision rule")
            for name in block.texts("decided_by")
        ),
        must_follow=tuple(_duty(refs, row) for row in block.blocks("must_follow")),
        answered_by=tuple(refs.kind(block, "answered_by", name) for name in block.texts("answered_by")),
        form=block.text("form", ""),
        interval=block.interval(),
        articles=refs.articles(block),
        verified=block.choice("verified", Verified),
        note=block.text("note", ""),
    )
    block.finish()
    for word, classes in (("for", made.for_), ("not_for", made.not_for)):
        for wanted in classes:
            if wanted.sort is not Sort.STATUS and not (word == "for" and wanted.sort is Sort.ANY_STATE):
                raise block.wrong(word, f"names {wanted.text!r}, expected a status of this charter")
    if not made.who:
        raise block.wrong("who", "is missing: a rule says who may act")
    if not made.articles:
        raise block.wrong("article", "is missing: a rule names its article")
    return made


def _of_others(block: Block) -> bool:
    words = block.text("acts_of", "")
    if words not in ("", "other organisations"):
        raise block.wrong("acts_of", f"is {words!r}, expected 'other organisations' or nothing")
    return bool(words)


def _when(block: Block) -> Mapping[str, tuple[str, ...]]:
    """The values by role that narrow the acts a rule speaks of."""
    when = block.block("when")
    if when is None:
        return {}
    narrowed = {}
    for role in when.written():
        if role not in roles():
            raise when.wrong(role, "is no role of the vocabulary", did_you_mean(role, roles()))
        narrowed[role] = when.texts(role)
        choices = roles()[role].choices
        for value in narrowed[role]:
            if choices and value not in choices:
                raise when.wrong(
                    role, f"is {value!r}, expected one of {', '.join(choices)}", did_you_mean(value, choices)
                )
    return narrowed


def _need(refs: References, block: Block) -> Need:
    after = block.text("after", "")
    whose = {}
    each = ""
    for key in ("by", "for"):
        whose[key] = block.text(key, "")
        if key == "by" and whose[key].startswith("each "):
            each = refs.known(block, key, whose[key].removeprefix("each "), refs.status_ids, "status")
            whose[key] = ""
        if whose[key] not in ("", "target", "actor"):
            raise block.wrong(key, f"is {whose[key]!r}, expected target, actor or (by) each and a status")
    org = block.text("org", "")
    if org and not re.fullmatch(r"[a-z][a-z0-9]*", org):
        raise block.wrong("org", f"is {org!r}, expected the code of an organisation such as un, or same")
    body = block.text("body", "")
    made = Need(
        acts=tuple(refs.kind(block, "act", name) for name in block.texts("act")),
        by=whose["by"],
        each=each,
        for_=whose["for"],
        outcome=block.texts("outcome"),
        document=block.texts("document"),
        under=_under(refs, block),
        # The body of another organisation is written with its code, as un:SC.
        body=refs.party(block, "body", body) if org and ":" in body else refs.body(block, "body"),  # type: ignore[arg-type]
        org=org,
        after=refs.kind(block, "after", after) if after else "",
        or_later=block.flag("or_later"),
        in_force=block.flag("in_force"),
        run_out=block.flag("run_out"),
        none=block.flag("none"),
        within_days=block.number("within_days"),
        even_unlawful=block.flag("even_unlawful"),
        one_of=tuple(_need(refs, row) for row in block.blocks("one_of")),
        turn=refs.body(block, "turn"),
        not_in_chair=refs.body(block, "not_in_chair"),
        notice_months=block.number("notice_months"),
        status_exists=block.flag("status_exists"),
        condition=refs.condition(block),
        in_words=block.text("in_words", ""),
        articles=refs.articles(block),
    )
    asked = (
        made.acts,
        made.one_of,
        made.turn,
        made.not_in_chair,
        made.notice_months,
        made.status_exists,
        made.condition,
    )
    if sum(map(bool, asked)) != 1:
        raise block.wrong(
            "act",
            "must be given, or else one of one_of, turn, not_in_chair, notice_months, status_exists, if, and only one",
        )
    if not made.acts:
        for key in OF_AN_EARLIER_ACT:
            if block.has(key):
                raise block.wrong(key, "says something of an earlier act, and the need names none", "Add act:")
    if made.in_words and made.condition is None:
        raise block.wrong("in_words", "gives a condition in words, and there is none", "Add if:")
    block.finish()
    return made


def _under(refs: References, block: Block) -> tuple[str, ...]:
    for article in block.texts("under"):
        word = article.split()[0] if article.split() else ""
        if word not in refs.instruments:
            what = f"is {article!r}, and {word!r} is not among the instruments"
            raise block.wrong("under", what, did_you_mean(word, refs.instruments))
    return block.texts("under")


def _duty(refs: References, block: Block) -> Duty:
    act = refs.kind(block, "act", block.text("act"))
    words = block.text("within")
    days = re.fullmatch(r"(\d{1,5}) days?", words)
    if words != "at once" and not days:
        raise block.wrong("within", f"is {words!r}, expected 'at once' or a number of days such as '10 days'")
    made = Duty(
        act,
        refs.classes(block, "to"),
        refs.classes(block, "by"),
        int(days[1]) if days else AT_ONCE_DAYS,
        not days,
        block.flag("each"),
        refs.articles(block),
    )
    block.finish()
    return made


def read_outside(refs: References, top: Block, rules: Mapping[str, Rule]) -> Mapping[str, str]:
    """The kinds of act no rule speaks of, each with the reason in words."""
    inner = top.block("outside")
    if inner is None:
        return {}
    governed = {kind: rule.id for rule in rules.values() for kind in rule.kinds}
    for kind in inner.written():
        refs.kind(inner, kind, kind)
        if kind in governed:
            raise inner.wrong(kind, f"is said to be outside the charter, but the rule {governed[kind]} speaks of it")
    return {kind: inner.text(kind) for kind in inner.written()}


def refuse_contradictions(top: Block, rules: Mapping[str, Rule]) -> None:
    """Nothing, where no two rules of one body, act and condition share days.

    Raises:
        CharterError: one permits what another forbids, or two versions of one rule overlap.
    """
    inner = top.block("rules")
    listed = list(rules.values())
    for at, rule in enumerate(listed):
        for other in listed[at + 1 :]:
            if inner is None or not _same_case(rule, other) or not rule.interval.overlaps(other.interval):
                continue
            if rule.forbids is not other.forbids:
                what = f"and {rule.id} say opposite things of the same act by the same"
            else:
                what = f"and {rule.id} are both in force, for the same act by the same in the same case"
            raise inner.wrong(other.id, what, "Give them other intervals, or narrow one with when, for or if")


def _same_case(rule: Rule, other: Rule) -> bool:
    return (
        bool(set(rule.kinds) & set(other.kinds))
        and {wanted.ids or wanted.sort for wanted in rule.who} == {wanted.ids or wanted.sort for wanted in other.who}
        and rule.when == other.when
        and (rule.addressed_to, rule.for_, rule.not_for) == (other.addressed_to, other.for_, other.not_for)
        and (rule.condition, rule.of_others) == (other.condition, other.of_others)
    )


# -- procedures and variants -----------------------------------------------------------------------------------------


def read_procedure(refs: References, key: str, block: Block) -> Procedure:
    """The steps towards an act as the organisation tells them."""
    made = Procedure(
        key,
        block.text("title"),
        block.text("trigger", ""),
        tuple(_step(refs, row) for row in block.blocks("steps")),
        block.interval(),
        refs.articles(block),
        block.choice("verified", Verified),
        refs.source(block),
    )
    block.finish()
    return made


def _step(refs: References, block: Block) -> Step:
    act, rule = block.text("act", ""), block.text("rule", "")
    made = Step(
        block.text("step"),
        refs.kind(block, "act", act) if act else "",
        refs.known(block, "rule", rule, refs.rule_ids, "rule") if rule else "",
        refs.articles(block),
    )
    block.finish()
    return made


def read_variant(refs: References, key: str, block: Block, rules: Mapping[str, Block]) -> Variant:
    """Rules that would replace others, or stand beside them."""
    made: dict[str, Rule] = {}
    for rule_id, changed in block.blocks_by_id("change").items():
        refs.known(block, "change", rule_id, tuple(rules), "rule")
        made[rule_id] = read_rule(refs, rule_id, changed.over(rules[rule_id]))
    for rule_id, added in block.blocks_by_id("add").items():
        if rule_id in rules:
            raise block.wrong("add", f"holds {rule_id!r}, which is a rule already", "Write it under change")
        made[rule_id] = read_rule(refs, rule_id, added)
    variant = Variant(
        key,
        block.text("title"),
        refs.known(block, "from", block.text("from"), tuple(refs.instruments), "instrument"),
        made,
        block.text("note", ""),
    )
    block.finish()
    return variant
