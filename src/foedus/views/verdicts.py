"""Verdicts: whether acts were in order, by which article, what shows it, and who contests them, beside the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.terms import Act, OrgCode, Outcome, Verdict
from foedus.views.frames import ByWidth, add_row, folded, heading, indented, plain_table
from foedus.views.labels import DUE, MET, SIGNS, Labels, between, cited
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
        return Text(labels.word("verdict.none"))
    last = folded(Text("\n" + count_of(listed, labels)))
    if brief:
        return Group(_brief(listed, known, labels), *_charters_of(listed, labels), last)
    return Group(*(verdict_text(v, known, labels) for v in listed), last)


def _brief(verdicts: Sequence[Verdict], acts: Mapping[str, Act], labels: Labels) -> RenderableType:
    table = plain_table(*labels.columns("!verdict", "!day", "what", "who_whom", "article", "!act"))
    lines: list[RenderableType] = []
    for verdict in verdicts:
        act = acts.get(verdict.act)
        outcome = Text(_outcome(verdict, labels), STYLES[verdict.outcome])
        contested = labels.word("verdict.contested_by", n=len(verdict.challenges)) if verdict.challenges else ""
        what = (labels.doing(act) if act else "") + contested
        day, who = (labels.when(act), between(act)) if act else ("", "")
        articles = ", ".join(on_one_line(article) for article in verdict.articles)
        add_row(table, outcome, day, what, who, articles, on_one_line(verdict.act))
        lines.append(Text.assemble(outcome, *(f"  {part}" for part in (day, what, who) if part)))
        lines.append(indented(Text(" · ".join(p for p in (on_one_line(verdict.act), articles) if p), "dim"), 4))
    return ByWidth(table, Group(*lines))


def verdicts_json(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as plain JSON, in the order given; `challenges` stand beside `outcome` and never change it."""
    return [verdict.to_json() for verdict in verdicts]


def count_of(verdicts: Sequence[Verdict], labels: Labels | None = None) -> str:
    """How many of each outcome: `12 acts: 5 in order, 1 out of order, 4 cannot be told, 2 not governed`."""
    labels = labels or Labels()
    counts = {o: sum(v.outcome is o for v in verdicts) for o in Outcome}
    of_each = [labels.word("verdict.count_of", n=n, outcome=labels.outcome(o)) for o, n in counts.items() if n]
    return labels.word("verdict.count", n=len(verdicts), told=labels.word("join.comma").join(of_each))


def _outcome(verdict: Verdict, labels: Labels) -> str:
    return f"{SIGNS[verdict.outcome]} {labels.outcome(verdict.outcome)}"


def verdict_line(verdict: Verdict, labels: Labels) -> Text:
    """The one line of judgement: sign, outcome in words, organisation, article, how far the article was verified."""
    outcome = (_outcome(verdict, labels), f"bold {STYLES[verdict.outcome]}")
    line = Text.assemble(outcome, f" · {labels.party(verdict.org)}")
    if verdict.articles:
        line.append(f" · {', '.join(on_one_line(article) for article in verdict.articles)}")
    if verdict.verified:
        line.append(labels.word("verdict.article", how=labels.verified(verdict.verified)), "dim")
    return folded(line)


def verdict_text(verdict: Verdict, acts: Mapping[str, Act], labels: Labels) -> RenderableType:
    """One verdict: the act, the line of judgement, requirements, obligations, cautions, and challenges beside it."""
    parts: list[RenderableType] = [heading(on_one_line(verdict.act), _named(verdict.act, acts, labels))]
    parts.append(verdict_line(verdict, labels))
    parts += _charters_of([verdict], labels)
    if verdict.reason:
        parts.append(indented(Text(on_one_line(verdict.reason))))
    if verdict.details.get("as_if_done") and verdict.details["as_if_done"] != Outcome.NOT_GOVERNED:
        parts.append(indented(Text(_as_if(verdict.details, labels))))
    if verdict.requirements:
        table = plain_table("", *labels.columns("requirement", "stands", "article", "shown_by"))
        for need in verdict.requirements:
            shown = cited(need.acts)
            add_row(
                table, MET[need.met], on_one_line(need.text), labels.met(need.met), on_one_line(need.article), shown
            )
        parts.append(table)
    if verdict.obligations:
        table = plain_table("", *labels.columns("must_follow", "stands", "until", "article", "shown_by"))
        for duty in verdict.obligations:
            by = str(duty.by) if duty.by else labels.word("when.at_once")
            shown = cited(duty.acts)
            stands = on_one_line(duty.note) or labels.due(duty.due)
            cells = (on_one_line(duty.text), stands, by, on_one_line(duty.article), shown)
            add_row(table, DUE[duty.due], *cells)
        parts.append(table)
    if verdict.details.get("binds"):
        bound = labels.word("verdict.binds", who=on_one_line(verdict.details["binds"]))
        out = on_one_line(verdict.details.get("does_not_bind", ""))
        parts.append(indented(Text(bound + (labels.word("verdict.does_not_bind", who=out) if out else ""))))
    cautions = (labels.word("verdict.caution", text=on_one_line(words)) for words in verdict.cautions)
    parts += [indented(Text(caution, "italic")) for caution in cautions]
    if verdict.challenges:
        parts.append(folded(Text(labels.word("verdict.contested"), "dim")))
        parts += [indented(Text(f"{on_one_line(name)}  {_named(name, acts, labels)}")) for name in verdict.challenges]
    return Group(*parts)


def _charters_of(verdicts: Iterable[Verdict], labels: Labels) -> list[RenderableType]:
    """The line that the charter is one a ledger keeps; none where it is not."""
    kept = dict.fromkeys(verdict.details["charter"] for verdict in verdicts if "charter" in verdict.details)
    return [indented(Text(labels.word("verdict.charter", kept=on_one_line(words)), "dim")) for words in kept]


def _as_if(details: Mapping[str, str], labels: Labels) -> str:
    """How an act not reported as done would stand if it had been."""
    outcome = Outcome(details["as_if_done"])
    told = f"{SIGNS[outcome]} {labels.outcome(outcome)}"
    parts = (told, on_one_line(details.get("article", "")), on_one_line(details.get("reason", "")))
    return labels.word("verdict.as_if", verdict=" · ".join(part for part in parts if part))


def _named(name: str, acts: Mapping[str, Act], labels: Labels) -> str:
    act = acts.get(name)
    if act is None:
        return ""
    words = " · ".join(part for part in (labels.when(act), labels.doing(act), between(act)) if part)
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
    title = labels.word("variant.title", name=on_one_line(variant))
    parts: list[RenderableType] = [heading(title, labels.word("variant.what_if"))]
    in_force, changed_by = labels.word("variant.in_force"), labels.word("variant.changed")
    column = max(cell_len(in_force), cell_len(changed_by)) + 2
    moved = [(v, new[v.act]) for v in old if v.act in new and differs(v, new[v.act])]
    for before, after in moved:
        parts.append(heading(before.act, _named(before.act, known, labels)))
        for name, verdict in ((in_force, before), (changed_by, after)):
            padded = name + " " * (column - cell_len(name))
            parts.append(folded(Text.assemble((padded, "dim"), verdict_line(verdict, labels))))
            if verdict.reason:
                parts.append(indented(Text(on_one_line(verdict.reason)), column))
        parts += [indented(Text(line), column) for line in why(before, after, labels)]
    counted = {"n": len(moved), "all": len(old), "rest": len(old) - len(moved)}
    parts.append(Text("\n" + labels.word("variant.count", **counted)))
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


def why(before: Verdict, after: Verdict, labels: Labels | None = None) -> tuple[str, ...]:
    """What makes two verdicts on one act differ, in words: the rule, and what is asked or stands otherwise."""
    labels = labels or Labels()
    lines = []
    if before.rule != after.rule:
        none = labels.word("variant.no_rule")
        lines.append(labels.word("variant.rule", new=after.rule or none, old=before.rule or none))
    old = {need.text: need for need in before.requirements}
    new = {need.text: need for need in after.requirements}
    lines += [labels.word("variant.dropped", text=on_one_line(text)) for text in old if text not in new]
    for text, need in new.items():
        if text not in old:
            lines.append(labels.word("variant.added", text=on_one_line(text), met=labels.met(need.met)))
        elif old[text].met is not need.met:
            stood, stands = labels.met(old[text].met), labels.met(need.met)
            lines.append(labels.word("variant.turned", text=on_one_line(text), old=stood, new=stands))
    return tuple(lines)
