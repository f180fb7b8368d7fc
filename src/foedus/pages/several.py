"""One cue that tells several doings: each counterpart met, each paper adopted; and two cues that tell one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from foedus.languages import Cue, span_of
from foedus.pages.agents import Agent
from foedus.pages.context import Line
from foedus.pages.doers import is_body
from foedus.pages.drafts import Draft
from foedus.pages.sentences import Span
from foedus.terms import Modality


def each_counterpart(
    line: Line, draft: Draft, subject: Agent | None, agents: Sequence[Agent], match: re.Match[str]
) -> list[Draft]:
    """One draft for each counterpart: `met separately with` five ministers is five meetings."""
    if span := span_of(match, "whom"):
        others = [a for a in agents if span[0] <= a.start < span[1] and _may_meet(a)]
    else:
        clause = Span(draft.start, draft.end)
        others = [a for a in agents if a.start in clause and a.sort == "state" and a is not subject]
    others = [one for a in others for one in (a.parts or (a,)) if not set(one.parties) <= set(draft.actors)]
    if any(one.person or one.office for one in others):
        # Beside named office-holders, bare states only say where from.
        others = [one for one in others if one.person or one.office]
    if not others:
        return [draft] if subject and len([p for p in draft.actors if len(p) == 3]) > 1 else []
    found = []
    for n, other in enumerate(others):
        actors = tuple(dict.fromkeys((*draft.actors, *other.parties)))
        start, end = (draft.start, draft.end) if n == 0 else (other.start, max(other.end, other.start + 1))
        found.append(replace(draft, actors=actors, start=start, end=end))
    return found


def _may_meet(agent: Agent) -> bool:
    """Whether one can meet it: a state, or somebody in office; a body met in session is no counterpart."""
    return agent.sort == "state" or bool(agent.person) or (":" in agent.parties[0] and not is_body(agent.parties[0]))


def each_paper(line: Line, draft: Draft, sentence: Span, clause: Span, match: re.Match[str], cue: Cue) -> list[Draft]:
    """One draft for each paper named; the paper of one without a title is known by the word for its sort."""
    shape = line.language.marks.document
    every = list(shape.finditer(line.text, sentence.start, sentence.end))
    # The papers of the cue's own clause; else those behind it (`adopted papers, namely ...`); else those before.
    inside = [t for t in every if t.start() < clause.end and clause.start < t.end()]
    titles = inside or [t for t in every if t.start() >= match.end()] or every[-1:]
    if cue.count == "documents" and titles:
        return [
            replace(
                draft,
                start=min(t.start(), match.start()) if n == 0 else t.start(),
                end=max(t.end(), match.end()) if n == 0 else t.end(),
                paper=t.group(),
                more={**draft.more, "document": t.group().strip('《》«»“”"')},
            )
            for n, t in enumerate(titles)
        ]
    words = line.text[match.start() : match.end()].strip()
    paper = words if cue.count == "another" else ""
    return [replace(draft, paper=paper, more={**draft.more, "detail": words[:80]})]


_MAY_BE_PROPOSED = frozenset(
    ("grant_status", "establish", "deploy", "decide_assistance", "exercise", "withdraw_forces")
)


def proposed_first(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of a sentence, with what somebody proposes told as proposed, and not told twice."""
    found = list(drafts)
    for proposal in [d for d in drafts if d.kind == "propose"]:
        after = [d for d in found if d.kind in _MAY_BE_PROPOSED and 0 < d.origin - proposal.origin < 40]
        if after and proposal in found:
            at = found.index(after[0])
            who = next((p for p in proposal.actors if " " in p), proposal.actors[0] if proposal.actors else "")
            attributed = tuple(dict.fromkeys((*((who,) if who else ()), *after[0].attributed)))
            actors = proposal.actors or after[0].actors
            told = replace(after[0], modality=Modality.PROPOSED, attributed=attributed, actors=actors)
            found[at] = told if told.dated or told.date else replace(told, date=proposal.date, dated=proposal.dated)
            found.remove(proposal)
    return found
