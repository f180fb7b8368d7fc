"""Verdicts: whether acts were in order, by which article, what shows it, and who contests them, beside the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.terms import Act, OrgCode, Outcome, Verdict
from foedus.views.frames import ByWidth, add_row, heading, indented, plain_table
from foedus.views.labels import DUE, MET, OUTCOMES, VERIFIED, Labels, between, cited, when
from foedus.views.safe import on_one_line

STYLES = {
    Outcome.IN_ORDER: "green",
    Outcome.OUT_OF_ORDER: "red",
    Outcome.UNDETERMINED: "yellow",
    Outcome.NOT_GOVERNED: "dim",
}


def verdicts_text(
    verdicts: Iterable[Verdict],
    acts: Iterable[Act] = (),
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
    brief: bool = False,
) -> RenderableType:
    """Verdicts one below the other, each opened by its one line of judgement; a count of each outcome at the end.

    Args:
        acts: the acts judged and those that contest them, to name them by day and parties; ids alone where missing.
        brief: one line for each act, without what was asked of it.
    """
    labels, known = Labels(lang, charters or {}), {act.id: act for act in acts}
    listed = list(verdicts)
    if not listed:
        return Text("No acts to judge.")
    last = Text("\n" + count_of(listed))
    if brief:
        return Group(_brief(listed, known, labels), last)
    return Group(*(verdict_text(v, known, labels) for v in listed), last)


def _brief(verdicts: Sequence[Verdict], acts: Mapping[str, Act], labels: Labels) -> RenderableType:
    table = plain_table("!verdict", "!day", "what", "who → whom", "article", "!act")
    lines: list[RenderableType] = []
    for verdict in verdicts:
        act = acts.get(verdict.act)
        sign, words = OUTCOMES[verdict.outcome]
        outcome = Text(f"{sign} {words}", STYLES[verdict.outcome])
        contested = f", contested by {len(verdict.challenges)}" if verdict.challenges else ""
        what = (labels.doing(act) if act else "") + contested
        day, who = (when(act), between(act)) if act else ("", "")
        articles = ", ".join(on_one_line(article) for article in verdict.articles)
        add_row(table, outcome, day, what, who, articles, on_one_line(verdict.act))
        lines.append(Text.assemble(outcome, *(f"  {part}" for part in (day, what, who) if part)))
        lines.append(indented(Text(" · ".join(p for p in (on_one_line(verdict.act), articles) if p), "dim"), 4))
    return ByWidth(table, Group(*lines))


def verdicts_json(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as plain JSON, in the order given; `challenges` stand beside `outcome` and never change it."""
    return [verdict.to_json() for verdict in verdicts]


def count_of(verdicts: Sequence[Verdict]) -> str:
    """How many of each outcome: `12 acts: 5 in order, 1 out of order, 4 cannot be told, 2 not governed`."""
    counts = {o: sum(v.outcome is o for v in verdicts) for o in Outcome}
    told = ", ".join(f"{number} {OUTCOMES[o][1]}" for o, number in counts.items() if number)
    return f"{len(verdicts)} act{'s' if len(verdicts) != 1 else ''}: {told}"


def verdict_line(verdict: Verdict, labels: Labels) -> Text:
    """The one line of judgement: sign, outcome in words, organisation, article, how far the article was verified."""
    sign, words = OUTCOMES[verdict.outcome]
    line = Text.assemble((f"{sign} {words}", f"bold {STYLES[verdict.outcome]}"), f" · {labels.party(verdict.org)}")
    if verdict.articles:
        line.append(f" · {', '.join(on_one_line(article) for article in verdict.articles)}")
    if verdict.verified:
        line.append(f" (article {VERIFIED[verdict.verified]})", "dim")
    return line


def verdict_text(verdict: Verdict, acts: Mapping[str, Act], labels: Labels) -> RenderableType:
    """One verdict: the act, the line of judgement, requirements, obligations, cautions, and challenges beside it."""
    parts: list[RenderableType] = [heading(verdict.act, _named(verdict.act, acts, labels))]
    parts.append(verdict_line(verdict, labels))
    if verdict.reason:
        parts.append(indented(Text(on_one_line(verdict.reason))))
    if verdict.requirements:
        table = plain_table("", "requirement", "stands", "article", "shown by")
        for need in verdict.requirements:
            shown = cited(need.acts)
            add_row(table, MET[need.met], on_one_line(need.text), need.met.value, on_one_line(need.article), shown)
        parts.append(table)
    if verdict.obligations:
        table = plain_table("", "must follow", "stands", "by", "article", "shown by")
        for duty in verdict.obligations:
            by = str(duty.by) if duty.by else "at once"
            shown = cited(duty.acts)
            cells = (on_one_line(duty.text), duty.due.value, by, on_one_line(duty.article), shown)
            add_row(table, DUE[duty.due], *cells)
        parts.append(table)
    if verdict.details.get("binds"):
        bound = f"binds: {on_one_line(verdict.details['binds'])}"
        out = on_one_line(verdict.details.get("does_not_bind", ""))
        parts.append(indented(Text(bound + (f"; does not bind: {out}" if out else ""))))
    parts += [indented(Text(f"caution: {on_one_line(words)}", "italic")) for words in verdict.cautions]
    if verdict.challenges:
        parts.append(Text("contested, beside the verdict and no part of it:", "dim"))
        parts += [indented(Text(f"{name}  {_named(name, acts, labels)}")) for name in verdict.challenges]
    return Group(*parts)


def _named(name: str, acts: Mapping[str, Act], labels: Labels) -> str:
    act = acts.get(name)
    if act is None:
        return ""
    words = " · ".join(part for part in (when(act), labels.doing(act), between(act)) if part)
    detail = on_one_line(act.role("detail") or "") if act.kind == "challenge" else ""
    return words + (f": {detail}" if detail else "")


def variant_text(
    variant: str,
    base: Iterable[Verdict],
    changed: Iterable[Verdict],
    acts: Iterable[Act] = (),
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """Which verdicts a variant changes and why; the acts whose verdict stays are counted.

    Args:
        variant: its name, never in force by itself.
        base: verdicts under the rules in force.
        changed: verdicts on the same acts with the variant switched on.
    """
    labels, known = Labels(lang, charters or {}), {act.id: act for act in acts}
    old, new = list(base), {v.act: v for v in changed}
    parts: list[RenderableType] = [heading(f"Variant {on_one_line(variant)}", "a what-if: not in force by itself")]
    moved = [(v, new[v.act]) for v in old if v.act in new and differs(v, new[v.act])]
    for before, after in moved:
        parts.append(heading(before.act, _named(before.act, known, labels)))
        parts.append(Text.assemble(("in force  ", "dim"), verdict_line(before, labels)))
        if before.reason:
            parts.append(indented(Text(on_one_line(before.reason)), 10))
        parts.append(Text.assemble(("variant   ", "dim"), verdict_line(after, labels)))
        if after.reason:
            parts.append(indented(Text(on_one_line(after.reason)), 10))
        parts += [indented(Text(line), 10) for line in why(before, after)]
    unmoved = len(old) - len(moved)
    parts.append(Text(f"\n{len(moved)} of {len(old)} verdicts change; {unmoved} stay as they are."))
    return Group(*parts)


def variant_json(variant: str, base: Iterable[Verdict], changed: Iterable[Verdict]) -> dict[str, Any]:
    """The verdicts a variant changes as plain JSON: each act with both verdicts and why they differ."""
    old, new = list(base), {v.act: v for v in changed}
    moved = [(v, new[v.act]) for v in old if v.act in new and differs(v, new[v.act])]
    rows = [
        {"act": v.act, "in_force": v.to_json(), "variant": other.to_json(), "why": list(why(v, other))}
        for v, other in moved
    ]
    return {
        "variant": variant,
        "changed": rows,
        "unchanged": [v.act for v in old if v.act not in {r["act"] for r in rows}],
    }


def differs(before: Verdict, after: Verdict) -> bool:
    """Whether two verdicts on one act differ in outcome, rule, article or what is asked."""
    return _gist(before) != _gist(after)


def _gist(verdict: Verdict) -> tuple[object, ...]:
    asked = tuple((need.text, need.met) for need in verdict.requirements)
    return verdict.outcome, verdict.rule, verdict.articles, asked


def why(before: Verdict, after: Verdict) -> tuple[str, ...]:
    """What makes two verdicts on one act differ, in words: the rule, and what is asked or stands otherwise."""
    lines = []
    if before.rule != after.rule:
        lines.append(f"judged by {after.rule or 'no rule'} in place of {before.rule or 'no rule'}")
    old = {need.text: need for need in before.requirements}
    new = {need.text: need for need in after.requirements}
    lines += [f"no longer asked: {on_one_line(text)}" for text in old if text not in new]
    for text, need in new.items():
        if text not in old:
            lines.append(f"asked instead: {on_one_line(text)} ({need.met.value})")
        elif old[text].met is not need.met:
            lines.append(f"{on_one_line(text)}: {old[text].met.value}, with the variant {need.met.value}")
    return tuple(lines)
