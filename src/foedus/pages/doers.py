"""Who is free to do something in a sentence, and which parties say nothing as a target."""

from __future__ import annotations

from foedus.pages.agents import Agent
from foedus.pages.context import Line
from foedus.pages.sentences import Span

# Groups that name nobody in particular; as a target they say nothing.
VAGUE = frozenset(
    f"group:{name}_states"
    for name in ("all", "member", "observer", "third", "neighbouring", "other", "partner", "post_soviet", "founding")
)


def is_adjective(line: Line, agent: Agent) -> bool:
    """Whether a state's name stands as an adjective of something that does not speak for it: `Russian deserter`."""
    marks = line.language.marks
    if not marks.adjective or agent.sort != "state" or agent.person or agent.office or agent.parts:
        return False
    if not marks.adjective.search(line.text[agent.start : agent.end]):
        return False
    return not (marks.official and marks.official.match(line.text[agent.end : agent.end + 24]))


def is_governed(line: Line, agent: Agent, sentence: Span) -> bool:
    """Whether an agent stands under a preposition or owns what follows, so that it is not the doer."""
    marks = line.language.marks
    before = line.masked[max(sentence.start, agent.start - 24) : agent.start]
    if marks.target.search(before) or is_adjective(line, agent):
        return True
    return bool(marks.kinship and marks.kinship.search(line.text[agent.end : agent.end + 12]))


def is_body(party: str) -> bool:
    """Whether an id names a body, and not an office or the organisation."""
    return ":" in party and party.split(":")[-1][:1].isupper()
