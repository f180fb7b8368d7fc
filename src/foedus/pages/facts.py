"""Standing facts an article reports: members, counts, who chairs, who is secretary general, when founded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from foedus.languages import load_persons, span_of
from foedus.pages.context import Context, Line
from foedus.pages.dates import find_dates, resolve
from foedus.pages.drafts import Draft
from foedus.pages.sentences import Span
from foedus.terms import Confidence, Modality


def facts_in(line: Line, context: Context, sentence: Span | None = None) -> list[Draft]:
    """The standing facts a block, or one sentence of it, reports of the organisation spoken of."""
    start, end = (sentence.start, sentence.end) if sentence else (0, len(line.text))
    found: list[Draft] = []
    # A list of states told as observers is no list of members.
    taken: list[tuple[int, int]] = []
    for fact, shape in line.language.marks.facts:
        for match in shape.finditer(line.masked, start, end):
            listed = span_of(match, "s")
            if listed and any(a < listed[1] and listed[0] < b for a, b in taken):
                continue
            value = _value(line, match, context)
            org = _org(line, start, match.start(), context)
            founders = line.language.marks.founders
            if (
                fact.startswith("member")
                and founders
                and founders.search(line.text, max(start, match.start() - 16), match.end())
            ):
                continue
            if not value or not org:
                continue
            if listed and fact.endswith("s"):
                taken.append(listed)
            more = {"fact": fact, "value": value}
            if context.story and context.story.is_exact:
                more["as_of"] = context.story.edtf[:7]
            found.append(
                Draft(
                    kind="fact",
                    org=org,
                    words=line.words,
                    start=match.start(),
                    end=match.end(),
                    rule=f"{line.language.code}.fact.{fact}",
                    language=line.block.language,
                    modality=Modality.REPORTED,
                    more=more,
                    origin=match.start(),
                )
            )
            if fact == "statement_silent_on":
                found.append(_silence(found[-1], value))
    return found


def implied(drafts: Sequence[Draft]) -> list[Draft]:
    """The facts that other words of the page imply: who is to take the chair is the next to hold it; where a person
    chairs the council, the person's state has the chair."""
    found: list[Draft] = []
    for draft in drafts:
        if draft.kind == "take_chair" and draft.modality is Modality.PLANNED and len(draft.actors) == 1:
            fact, value = "next_chair", draft.actors[0]
        elif draft.more.get("fact") == "chair_of_council" and draft.more["value"] in load_persons():
            fact, value = "chair", load_persons()[draft.more["value"]].state
        else:
            continue
        if not value:
            continue
        more = {key: draft.more[key] for key in ("as_of",) if key in draft.more}
        found.append(
            Draft(
                kind="fact",
                org=draft.org,
                words=draft.words,
                start=draft.start,
                end=draft.end,
                rule=f"{draft.rule}.implied",
                language=draft.language,
                more={"fact": fact, "value": value, **more},
                confidence=Confidence.INFERRED,
                origin=draft.origin,
            )
        )
    return found


def _silence(fact: Draft, value: str) -> Draft:
    """The same as a claim of kind silence: a document reported not to mention something."""
    return replace(fact, kind="silence", targets=(value,), more={"fact": fact.more["fact"], "value": value})


def _value(line: Line, match: re.Match[str], context: Context) -> str:
    groups = {key: value for key, value in match.groupdict().items() if value is not None}
    for key in groups:
        span = match.span(key)
        # A pattern may begin inside the mask of a long name, so look a name back.
        inside = [m for m in line.mentions_in(Span(span[0] - 60, span[1])) if span[0] < m.end]
        if key.startswith("n"):
            text = line.text[slice(*span)]
            number = int(text) if text.isdecimal() else line.language.marks.numbers.get(text.lower(), 0)
            return str(number) if number else ""
        if key.startswith("s"):
            states = sorted({m.id for m in inside if m.sort == "state"})
            return " ".join(states)
        if key.startswith("p"):
            return next((m.id for m in inside if m.sort == "person"), "")
        if key.startswith("t"):
            said = find_dates(line.text[slice(*span)], line.language.dates)
            day = resolve(said[0], context.anchor) if said else None
            return day.edtf if day else ""
        if key.startswith("w"):
            return " ".join(dict.fromkeys(status_in(line.text[slice(*match.span(k))], line) for k in sorted(groups)))
    return ""


def status_in(text: str, line: Line) -> str:
    """The status a few words speak of, in the words of charters; empty where they speak of none."""
    return next((status for status, shape in line.language.marks.status.items() if shape.search(text)), "")


def _org(line: Line, floor: int, at: int, context: Context) -> str:
    """The organisation nearest before the words in the same sentence, else the page's."""
    near = [m for m in line.mentions_in(Span(floor, at + 61)) if m.sort in ("org", "body")]
    if not near:
        return context.setting.org
    # `UN Secretary General`: the organisation right before an office owns it.
    if touching := [m for m in near if m.sort == "org" and m.end <= at <= m.end + 2]:
        return touching[-1].id
    orgs = [m.id.split(":")[0] for m in near]
    return context.setting.org if context.setting.org in orgs else orgs[-1]
