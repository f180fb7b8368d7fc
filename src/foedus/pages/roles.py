"""Roles of a doing: from a cue found in a sentence to drafts with doer, body, target, date, place and modality.

Start at `read_cues` (which cues stand in a sentence) and `fill` (what they make).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from foedus.languages import Cue, span_of
from foedus.pages.agents import Agent
from foedus.pages.context import Context, Line, Speech
from foedus.pages.doers import VAGUE, is_body, is_governed
from foedus.pages.drafts import Draft
from foedus.pages.facts import status_in
from foedus.pages.moments import date_at, is_retold, lies_ahead, modality_at
from foedus.pages.sentences import Span
from foedus.pages.several import each_counterpart, each_paper
from foedus.terms import Confidence, Modality, kinds, roles


def read_cues(line: Line, sentence: Span, parts: Sequence[Span]) -> Iterator[tuple[Cue, re.Match[str]]]:
    """Cues that hold in a sentence, in the precedence of the language; no words are read twice."""
    taken: list[tuple[int, int]] = []
    stretch = line.masked[sentence.start : sentence.end]
    for cue in line.language.cues:
        if (cue.needs and not cue.needs.search(stretch)) or (cue.unless and cue.unless.search(stretch)):
            continue
        for match in cue.match.finditer(line.masked, sentence.start, sentence.end):
            start, end = span_of(match, "here") or match.span()
            if not cue.overlaps and any(a < end and start < b for a, b in taken):
                continue
            clause = _clause(parts, start, end)
            near = line.masked[clause.start : clause.end]
            if (cue.near and not cue.near.search(near)) or (cue.far and cue.far.search(near)):
                continue
            if not cue.overlaps:
                taken.append((start, end))
            yield cue, match


@dataclass(frozen=True, slots=True)
class Passage:
    """A cue where it stands: its line, sentence and clauses, who is spoken of and who speaks, and what went before."""

    line: Line
    sentence: Span
    parts: Sequence[Span]
    agents: Sequence[Agent]
    speeches: Sequence[Speech]
    cue: Cue
    match: re.Match[str]
    context: Context
    frame: Mapping[str, Any]

    @property
    def clause(self) -> Span:
        """The clauses the cue touches, as one span."""
        return _clause(self.parts, *self.match.span())


def fill(passage: Passage) -> list[Draft]:
    """The drafts a cue makes: none where its kind needs a doer and nobody is named."""
    line, sentence, clause, match = passage.line, passage.sentence, passage.clause, passage.match
    cue, context = passage.cue, passage.context
    subject = _subject(passage)
    named_for = ""
    if cue.kind == "appoint":
        named_for = _appointed(passage)
        if subject and named_for and subject.person == named_for:
            subject = None
    speech = next((s for s in passage.speeches if match.start() in s.content), None)
    org = _org(passage, subject)
    body = _body(passage, subject)
    actors, named = _actors(passage, subject, body, org)
    if (not actors and not body) or (cue.kind == "convene" and not body):
        return []
    since = match.start() if cue.kind in _WITH_TERM else -1
    day, last, dated = date_at(line, sentence, match.end() - 1, context, clause, since)
    if not dated and body and (met := context.meetings.get(body[0])):
        day = met
    elif not dated and passage.frame.get("own_day"):
        day = context.near
    modality = modality_at(line, sentence, match.start(), match.end(), clause)
    if cue.modality:
        modality = Modality(cue.modality)
    elif modality is Modality.REPORTED and lies_ahead(day, context):
        modality = Modality.PLANNED
    if is_retold(day, context) and subject is not None and subject.weak and body == context.body:
        # The body that met on the page's day need not be the one that acted long before.
        actors, body = (org,), ()
    if cue.kind == "agree":
        with_whom = [a for a in passage.agents if a.sort == "state" and a.start in sentence]
        actors = tuple(dict.fromkeys((*actors, *(p for a in with_whom for p in a.parties))))
    start, end = _evidence(passage, subject)
    draft = Draft(
        kind=cue.kind,
        org=org,
        words=line.words,
        start=start,
        end=end,
        rule=cue.id,
        language=line.block.language,
        actors=actors,
        body=body,
        targets=(named_for,) if named_for else _targets(passage, subject, actors, org),
        place=_place(line, sentence, cue.kind),
        date=day,
        date_end=last,
        modality=modality,
        more=_more(passage) | ({"person": named_for} if named_for else {}),
        attributed=_attributed(speech, actors, context),
        retold=is_retold(day, context),
        confidence=Confidence.EXPLICIT if named else Confidence.INFERRED,
        dated=dated,
        named=named,
        many=bool(passage.frame.get("many")),
        origin=match.start(),
        reach=match.end(),
    )
    if cue.count == "each":
        return each_counterpart(line, draft, subject, passage.agents, match)
    if cue.kind in ("adopt", "sign", "agree"):
        return each_paper(line, draft, sentence, clause, match, cue)
    return [draft]


def _appointed(passage: Passage) -> str:
    """The person appointed: named behind the cue in its clause, else before it; empty where nobody is."""
    persons = [m for m in passage.line.mentions_in(passage.clause) if m.sort == "person"]
    behind = [m.id for m in persons if m.start >= passage.match.start()]
    return next(iter(behind), persons[-1].id if persons else "")


# A sentence longer than this many characters is too much to show as the words a claim rests on.
_SHOWN = {True: 420, False: 160}


def _evidence(passage: Passage, subject: Agent | None) -> tuple[int, int]:
    """The words a claim rests on: its sentence, or where that is long, from the doer to the end of the clause."""
    sentence, match = passage.sentence, passage.match
    if sentence.end - sentence.start <= _SHOWN[passage.line.language.spaced]:
        return sentence.start, sentence.end
    start = min(passage.clause.start, match.start())
    if subject and subject.start in sentence:
        start = min(start, subject.start)
    return _skip_space(passage.line.text, start), max(passage.clause.end, match.end())


def _clause(parts: Sequence[Span], start: int, end: int) -> Span:
    """The clauses a match touches, as one span."""
    touched = [p for p in parts if p.start < end and start < p.end]
    return Span(touched[0].start, touched[-1].end) if touched else Span(start, end)


def _subject(passage: Passage) -> Agent | None:
    """Who does it: where the cue says, else the first free doer of the clause, else of an earlier clause."""
    if span := span_of(passage.match, "who"):
        # A group may begin inside the mask of a name; the whole name is meant.
        inside = [a for a in passage.agents if a.start < span[1] and span[0] < a.end]
        return _joint(inside) if inside else None
    if passage.cue.subject == "none":
        return None
    marks = passage.line.language.marks
    start, end = passage.match.span()
    # Whom it is done to is not who does it: `Egypt was granted the status`.
    whom = span_of(passage.match, "whom") or (0, 0)
    agents = [a for a in passage.agents if not whom[0] <= a.start < whom[1]]
    speech = next((s for s in reversed(passage.speeches) if start in s.content), None)
    speaker = speech.speaker if speech else None
    allowed = set(passage.frame.get("actor", ()))
    if passage.cue.subject in ("after", "either"):
        behind = [a for a in agents if a.start >= end and a.start - end < 40 and a.sort in allowed]
        if behind and passage.cue.subject == "after":
            return behind[0]
    for part in reversed([part for part in passage.parts if part.start <= start]):
        floor = max(part.start, speech.content.start) if speech else part.start
        inside = [a for a in agents if floor <= a.start < part.end and a.start <= start and a.end <= end]
        free = [a for a in inside if a.sort in allowed and not is_governed(passage.line, a, passage.sentence)]
        if free:
            # The speaker's own state in the speech (`美方`) is the speaker.
            one = free[0]
            return speaker if speaker and set(one.parties) <= set(speaker.parties) else one
        if marks.we and marks.we.search(passage.line.masked, part.start, min(part.end, end)):
            return _we(passage)
        if speech and part.start <= speech.content.start:
            may_speak = speaker and speaker.sort in allowed and passage.frame.get("speaker", False)
            return speaker if may_speak else None
    if passage.cue.subject == "either" and behind:
        return behind[0]
    if passage.context.subject and passage.context.subject.sort in allowed and passage.frame.get("speaker", False):
        return replace(passage.context.subject, weak=True)
    return None


def _joint(agents: Sequence[Agent]) -> Agent:
    parties = tuple(dict.fromkeys(p for a in agents for p in a.parties))
    return replace(agents[0], parties=parties, end=agents[-1].end) if len(agents) > 1 else agents[0]


def _we(passage: Passage) -> Agent | None:
    """`我们` of a speech: the speaker, or the speaker's state; in papers and meetings the organisation."""
    context, at = passage.context, passage.match.start()
    said = next((s.speaker for s in reversed(passage.speeches) if at in s.content and s.speaker), None)
    speaker = said or context.speaker or context.page_speaker
    if speaker and (said or context.speaker or passage.cue.kind in ("meet", "agree", "notify", "challenge")):
        return replace(speaker, start=-1, end=-1, weak=True)
    if passage.cue.kind in ("challenge", "state", "propose", "object"):
        return None
    org = context.setting.org
    if passage.cue.kind == "submit" and context.body:
        return Agent(-1, -1, "body", context.body, org=org, weak=True)
    return Agent(-1, -1, "org", (org,), org=org, weak=True) if org else None


def _org(passage: Passage, subject: Agent | None) -> str:
    """The organisation the doing belongs to: that of the words for membership, of the doer's body, else the page's."""
    if passage.cue.kind in ("apply_status", "accede", "withdraw", "grant_status", "freeze"):
        clause = passage.clause
        near = [a for a in passage.agents if a.org and a.start in clause and a.sort in ("org", "body")]
        inside = [a for a in near if passage.match.start() <= a.start < passage.match.end()]
        if inside:
            return inside[-1].org
        if near:
            return min(near, key=lambda a: abs(a.start - passage.match.start())).org
        return passage.context.setting.org
    if subject and subject.sort == "body" and subject.org:
        return subject.org
    if subject and subject.sort == "org" and passage.cue.kind not in ("state", "challenge", "meet"):
        return subject.parties[0]
    return passage.context.setting.org


def _body(passage: Passage, subject: Agent | None) -> tuple[str, ...]:
    """The body in which it is done: named in the clause, of the seat the cue speaks of, or the one that met."""
    if not passage.frame.get("body"):
        return ()
    if subject and subject.sort == "body" and is_body(subject.parties[0]):
        return tuple(p for p in subject.parties if is_body(p))
    if passage.cue.kind == "convene":
        for stretch in (passage.clause, passage.sentence):
            here = [
                a
                for a in passage.agents
                if stretch.start <= a.start < stretch.end and a.sort == "body" and is_body(a.parties[0])
            ]
            strong = [a for a in here if not a.weak] or here
            if strong:
                return tuple(dict.fromkeys(p for a in strong[:3] for p in a.parties if is_body(p)))
    if seat := passage.cue.gives.get("seat"):
        org = subject.org if subject and subject.org else passage.context.setting.org
        if body := passage.context.setting.body_of(seat, org):
            return (body,)
    if (
        passage.cue.kind in ("adopt", "appoint", "establish")
        and passage.context.body
        and (not subject or subject.sort in ("org", "body"))
    ):
        return passage.context.body
    if passage.cue.kind == "convene":
        summit = passage.line.language.marks.summit
        if summit and summit.search(passage.line.text, passage.clause.start, passage.clause.end):
            near = [a.org for a in passage.agents if a.sort == "org" and a.start in passage.sentence]
            return (
                passage.context.setting.body_of("heads", near[0] if near else "")
                or (near or [passage.context.setting.org])[0],
            )
        return passage.context.body
    return ()


def _actors(passage: Passage, subject: Agent | None, body: tuple[str, ...], org: str) -> tuple[tuple[str, ...], bool]:
    """The doers' ids, and whether the sentence names them."""
    allowed = passage.frame.get("actor", ())
    if subject and subject.sort in allowed:
        if subject.office == "secretary_general" and passage.cue.kind in _FORCES:
            # Who heads the secretariat tells of forces, and sends none.
            return (subject.org,), False
        return subject.parties, not subject.weak
    default = passage.frame.get("default", "")
    if body and default:
        return body, True
    if org and (default == "org" or (default == "body" and passage.cue.kind != "convene")):
        return (org,), False
    return (), False


# Kinds whose words may hold a year that is a term and not the day: `the plan for 2024`, `extended until 2022`.
_WITH_TERM = frozenset(("adopt", "sign", "agree", "appoint"))
_FORCES = frozenset(("deploy", "contribute", "withdraw_forces"))
# Kinds that are for a state: where no preposition leads to it, the state named in the sentence is meant.
_FOR_A_STATE = frozenset(("deploy", "decide_assistance", "contribute", "withdraw_forces", "grant_status"))


def _targets(passage: Passage, subject: Agent | None, actors: tuple[str, ...], org: str) -> tuple[str, ...]:
    """To whom, for whom: where the cue says, else who stands under a preposition or behind the cue."""
    allowed = passage.frame.get("target", ())
    if not allowed:
        return ()
    if span := span_of(passage.match, "whom"):
        return _ids([a for a in passage.agents if a.start < span[1] and span[0] < a.end], actors)
    free = [a for a in passage.agents if a.sort in allowed and a is not subject and not set(a.parties) <= set(actors)]
    inside = [a for a in free if passage.clause.start <= a.start < passage.clause.end]
    chosen = [a for a in inside if a.start >= passage.match.start() or is_governed(passage.line, a, passage.sentence)]
    if not chosen and passage.cue.kind in _FOR_A_STATE:
        # The state of whoever says so is not whom it is for.
        tell = next((s.speaker for s in passage.speeches if passage.match.start() in s.content and s.speaker), None)
        told_by = set(tell.parties) if tell else set()
        chosen = [a for a in free if a.sort == "state" and a.start in passage.sentence and not told_by & set(a.parties)]
    if passage.cue.kind == "offer_cooperation":
        own = {p.split(":")[0] for p in actors}
        chosen = [a for a in chosen if a.org not in own or not a.org]
    if passage.cue.kind == "grant_status":
        chosen = [a for a in chosen if a.sort != "org" or a.org != org]
        # `dialogue partners` are what it becomes, not whom it is granted to, where a state is named.
        chosen = [a for a in chosen if a.sort != "group"] or chosen
    if passage.cue.kind == "request_assistance":
        chosen = sorted(
            (a for a in free if a.sort in ("org", "body")), key=lambda a: a.org != passage.context.setting.org
        )[:1]
    found = _ids(chosen, actors)
    if passage.cue.kind == "challenge":
        found = tuple(dict.fromkeys((*found, *_ids([a for a in free if a.start in passage.sentence], actors))))
        if passage.context.setting.org not in found:
            found = (passage.context.setting.org, *found)
        return found
    if not found and passage.frame.get("to") == "org":
        return (passage.context.setting.org,)
    return found


def _ids(agents: Sequence[Agent], actors: tuple[str, ...]) -> tuple[str, ...]:
    """Parties of agents: persons left to their states or organisations, groups that name nobody left out."""
    agents = [a for a in agents if not set(a.parties) & VAGUE]
    return tuple(
        dict.fromkeys(p for a in agents for p in a.parties if p not in actors and (" " not in p or len(a.parties) == 1))
    )


def _place(line: Line, sentence: Span, kind: str) -> str:
    """Where it was: a city named in the sentence, for doings that have a place."""
    if kind not in ("convene", "meet", "exercise", "adopt", "sign", "agree"):
        return ""
    return next((m.id for m in line.mentions_in(sentence) if m.sort == "place"), "")


def _attributed(speech: Speech | None, actors: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Who says so, nearest speaker first; nobody is the source of the own doing."""
    speakers = [speech.speaker if speech else None, context.page_speaker]
    names = [
        s.person or context.names.get(s.parties[0], s.parties[0])
        for s in speakers
        if s and not set(s.parties) & set(actors)
    ]
    return tuple(dict.fromkeys((*names, *context.according)))


def _more(passage: Passage) -> dict[str, str]:
    more = {key: value for key, value in passage.cue.gives.items() if key in roles()}
    status = status_in(passage.line.text[passage.clause.start : passage.clause.end], passage.line)
    if status and passage.cue.kind in ("grant_status", "apply_status", "accede", "withdraw"):
        more.setdefault("status", status)
    if passage.cue.kind == "convene" and "format" not in more:
        for name, shape in passage.line.language.marks.format.items():
            if shape.search(passage.line.text, passage.clause.start, passage.clause.end):
                more["format"] = name
                break
    if passage.cue.kind == "withdraw_forces" and (phase := _phase(passage)):
        more.setdefault("phase", phase)
    known = kinds()[passage.cue.kind].roles
    for name, shape in passage.line.language.marks.role.items():
        stretch = passage.clause if name == "size" else passage.sentence
        if name in known and (said := shape.search(passage.line.text, stretch.start, stretch.end)):
            more.setdefault(name, said.group().strip())
    if passage.cue.kind == "challenge":
        more["stance"] = "concern"
        more["contests"] = "request_assistance, decide_assistance, deploy"
    return more


def _phase(passage: Passage) -> str:
    """Which end of a withdrawal the words of its clause tell of; empty where they tell of none, or of both."""
    line, clause = passage.line, passage.clause
    told = [
        name for name, words in line.language.marks.phase.items() if words.search(line.masked, clause.start, clause.end)
    ]
    return told[0] if len(told) == 1 else ""


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\n\r,，、":
        at += 1
    return at
