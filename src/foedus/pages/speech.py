"""Who says what: speech in a sentence, whose it is, and the positions it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from foedus.pages.agents import Agent, agents_in
from foedus.pages.article import BlockType
from foedus.pages.context import Context, Line, Speech
from foedus.pages.doers import VAGUE, is_adjective, is_governed
from foedus.pages.drafts import Draft
from foedus.pages.moments import date_at, modality_at
from foedus.pages.sentences import Span, sentences
from foedus.terms import Confidence, Modality

# Experts a page can name; more are noise, and each is looked for in every sentence.
_EXPERTS = 40


def speeches_in(
    line: Line, sentence: Span, parts: Sequence[Span], agents: Sequence[Agent], context: Context
) -> list[Speech]:
    """The speeches of a sentence, in order; a speech reaches to the next verb of speech or the sentence's end."""
    marks = line.language.marks
    _according(line, sentence, context)
    verbs = list(marks.speech.finditer(line.masked, sentence.start, sentence.end))
    found: list[Speech] = []
    for n, verb in enumerate(verbs):
        until = verbs[n + 1].start() if n + 1 < len(verbs) else sentence.end
        after = marks.said_after.match(line.masked, verb.start()) if marks.said_after else None
        if n + 1 < len(verbs):
            # The words end where the next speaker is named.
            nxt = _speaker(line, sentence, parts, agents, verbs[n + 1].start())
            until = nxt.start if nxt and verb.end() < nxt.start < until else until
        speaker = _speaker(line, sentence, parts, agents, verb.start())
        spoken_of = context.person or context.subject
        if spoken_of and _is_pronoun(line, sentence, verb.start()):
            speaker = replace(spoken_of, start=verb.start(), end=verb.start())
        content = Span(verb.end(), until)
        since = found[-1].end if found else sentence.start
        if speaker and line.language.spaced and until - verb.end() < 30 and speaker.start - since > 40:
            # `"...", the president said.`: what is told stands before its speaker.
            content = Span(since, speaker.start)
        if quoted := _quoted_before(line, sentence, verb.end(), until):
            content = quoted
        inverted = speaker is None or _BREAK.search(line.text, sentence.start, verb.start())
        if after and inverted and (behind := _behind(agents, verb.end(), until, line)):
            speaker = behind
            # The words stand before the verb: `..., said the minister`.
            since = found[-1].end if found else sentence.start
            if verb.start() - since > 24:
                content = Span(since, until)
        if (
            speaker is None
            and context.sides
            and marks.sides
            and marks.sides.search(line.masked, sentence.start, verb.end())
        ):
            at = marks.sides.search(line.masked, sentence.start, verb.end())
            speaker = Agent(at.start() if at else verb.start(), verb.start(), "state", context.sides, weak=True)
        if (
            speaker is None
            and marks.pronoun
            and context.subject
            and marks.pronoun.search(line.text, sentence.start, verb.start())
        ):
            speaker = replace(context.subject, start=verb.start(), end=verb.start())
        if speaker is None and found:
            speaker = found[-1].speaker
        if speaker is None and not found and context.subject and _starts_bare(line, sentence, agents, verb.start()):
            speaker = replace(context.subject, weak=True)
        before = found[-1].speaker if found else None
        if speaker and before and set(speaker.parties) < set(before.parties):
            # `the minister said: our country calls on ...`: the state a person speaks for is that person still.
            speaker = before
        expert = _is_expert(line, sentence, verb.start(), verb.end(), context)
        found.append(Speech(verb.start(), verb.end(), speaker, content, expert))
    return found or _in_words_of(line, sentence, agents)


def _quoted_before(line: Line, sentence: Span, verb: int, until: int) -> Span | None:
    """The quotation that closes right before a sentence which only says whose it is: `“……。”外长说。`"""
    if until - verb > 1 or line.language.spaced or not line.text[: sentence.start].endswith(("”", "」")):
        return None
    opens = max(line.text.rfind("“", 0, sentence.start), line.text.rfind("「", 0, sentence.start))
    return Span(opens, sentence.start) if opens >= 0 else None


def _in_words_of(line: Line, sentence: Span, agents: Sequence[Agent]) -> list[Speech]:
    """`According to the president, ...`: speech told without a verb of speech."""
    shape = line.language.marks.in_words
    for match in shape.finditer(line.masked, sentence.start, sentence.end) if shape else ():
        named = next((a for a in agents if match.end() <= a.start <= match.end() + 5), None)
        if named and (named.person or named.office):
            rest = Span(named.end, sentence.end)
            told = Span(sentence.start, match.start()) if rest.end - rest.start < 24 else rest
            return [Speech(match.start(), named.end, named, told, False)]
    return []


def _is_pronoun(line: Line, sentence: Span, verb: int) -> bool:
    """Whether a pronoun stands right before the verb: `..., he argued, ...`."""
    shape = line.language.marks.pronoun
    return bool(shape and shape.search(line.text, max(sentence.start, verb - 8), verb))


def _speaker(line: Line, sentence: Span, parts: Sequence[Span], agents: Sequence[Agent], verb: int) -> Agent | None:
    """The doer before the verb: in its own clause, else in an earlier one of the sentence."""
    for part in reversed([p for p in parts if p.start <= verb]):
        inside = [a for a in agents if part.start <= a.start and a.end <= verb and a.start < part.end]
        free = [a for a in inside if not is_governed(line, a, sentence)]
        if free:
            return next((a for a in free if a.person), free[0])
    pronoun = line.language.marks.pronoun
    for part in parts:
        if part.start <= verb < part.end and not (pronoun and pronoun.search(line.text, part.start, verb)):
            owned = [a for a in agents if part.start <= a.start and a.end <= verb and a.sort in ("org", "body")]
            # Who is named in the words quoted does not speak them.
            owned = [a for a in owned if not _CLOSING.search(line.text, a.end, verb)]
            return replace(owned[-1], weak=True) if owned and line.language.spaced else None
    return None


def _behind(agents: Sequence[Agent], start: int, end: int, line: Line) -> Agent | None:
    """The doer right after the verb, as Russian and English news put it."""
    near = [a for a in agents if start <= a.start < min(end, start + 60) and not is_adjective(line, a)]
    if near and not re.search(r"[,.;:«“\"]", line.text[start : near[0].start]):
        return near[0]
    return None


def _starts_bare(line: Line, sentence: Span, agents: Sequence[Agent], verb: int) -> bool:
    """Whether the sentence's verb comes early with nobody before it: `He also said ...`."""
    return verb - sentence.start < 24 and not any(a.end <= verb for a in agents)


def _is_expert(line: Line, sentence: Span, start: int, end: int, context: Context) -> bool:
    marks = line.language.marks
    if marks.expert_name:
        for match in marks.expert_name.finditer(line.text, sentence.start, sentence.end):
            if len(context.experts) < _EXPERTS:
                context.experts.update(name for name in match.groupdict().values() if name)
    if any(
        name in line.text[max(sentence.start, start - 40) : min(sentence.end, end + 40)] for name in context.experts
    ):
        return True
    shape = marks.expert
    if shape and shape.search(line.text, max(sentence.start, start - 40), min(sentence.end, end + 50)):
        context.expert = True
        return True
    return False


def _according(line: Line, sentence: Span, context: Context) -> None:
    """`according to the agency`: the agency or outlet on whose word the block stands."""
    shape = line.language.marks.according
    if not shape:
        return
    for match in shape.finditer(line.masked, sentence.start, sentence.end):
        span = next((match.span(k) for k, v in match.groupdict().items() if v is not None), match.span())
        named = [context.names.get(m.id, m.id) for m in line.mentions_in(Span(*span)) if m.sort == "party"]
        if named:
            context.according = tuple(dict.fromkeys(named))


def stance_of(line: Line, start: int, end: int) -> str:
    """The stance of some words: the first that speaks in the order of the language's table, else `other`."""
    text = line.text[start:end]
    return next((name for name, shape in line.language.marks.stance.items() if shape.search(text)), "other")


def state_claims(
    line: Line,
    sentence: Span,
    parts: Sequence[Span],
    agents: Sequence[Agent],
    speeches: Sequence[Speech],
    acts: Sequence[Draft],
    context: Context,
    *,
    is_turn: bool,
) -> list[Draft]:
    """Positions taken in a sentence: speech that tells no act of its own, one for each speaker and stance."""
    found: list[Draft] = []
    for speech in speeches:
        speaker = speech.speaker
        if speaker is None or speaker.sort not in ("state", "body", "org"):
            continue
        told = [
            a
            for a in acts
            if a.kind not in ("convene", "meet", "fact")
            and a.origin in Span(min(speech.start, speech.content.start), speech.content.end)
        ]
        if any(a.kind == "challenge" and set(a.actors) & set(speaker.parties) for a in acts):
            continue
        # The verb may itself be part of a cue (`voiced doubts`).
        if told or any(a.origin <= speech.start < a.reach and a.kind not in ("convene", "meet") for a in acts):
            continue
        if speech.content.end - min(sentence.start, speech.content.start) < (14 if not line.language.spaced else 40):
            continue
        found.append(_position(line, sentence, speech, agents, context))
    media = line.language.marks.addresses_media
    if not found and media and context.page_speaker and line.block.type is BlockType.TITLE:
        match = media.search(line.masked, sentence.start, sentence.end)
        if match:
            speech = Speech(match.start(), match.end(), context.page_speaker, Span(match.start(), sentence.end))
            draft = _position(line, sentence, speech, agents, context)
            found.append(replace(draft, more={"stance": "support"}, rule=f"{line.language.code}.media"))
    if not found and is_turn and context.page_speaker:
        speech = Speech(sentence.start, sentence.start, context.page_speaker, sentence)
        found.append(replace(_position(line, sentence, speech, agents, context), rule=f"{line.language.code}.turn"))
    return _distinct(found)


def told_in_person(line: Line, context: Context) -> list[Draft]:
    """The position of a paragraph in which somebody speaks in the first person: one, where it turns on outsiders."""
    speaker = context.page_speaker
    assert speaker
    for sentence in sentences(line.text, line.language.marks):
        agents = agents_in(line.text, line.mentions_in(sentence), context.setting)
        aimed = [a for a in agents if a.sort == "state" and _is_outsider(a, context)]
        if aimed and stance_of(line, sentence.start, sentence.end) in ("condemn", "concern"):
            speech = Speech(sentence.start, sentence.start, speaker, sentence)
            draft = _position(line, sentence, speech, agents, context)
            return [replace(draft, rule=f"{line.language.code}.first_person", confidence=Confidence.INFERRED)]
    return []


def _position(line: Line, sentence: Span, speech: Speech, agents: Sequence[Agent], context: Context) -> Draft:
    speaker = speech.speaker
    assert speaker
    day, last, dated = date_at(line, _spoken_on(line, sentence, speech), speech.start, context)
    if not dated and day and context.story and day.is_exact and context.story.is_exact:
        # What is said without a date of its own is said on the day the page tells of, not on a day it looks back to.
        day = context.story if abs((day.first - context.story.first).days) <= 7 else day
    own = set(speaker.parties)
    targets = [
        p
        for a in agents
        if speech.content.start <= a.start < speech.content.end and a.sort in ("state", "org", "group")
        for p in a.parties
        if p not in own
        and p not in VAGUE
        and (a.sort != "state" or len(p) == 3)
        and (p != context.setting.org or _is_outsider(speaker, context))
    ]
    if _is_outsider(speaker, context) and any(
        a.sort in ("force", "body") and a.org == context.setting.org and a.start >= speech.content.start for a in agents
    ):
        targets.append(context.setting.org)
    kind = "opinion" if speech.expert else "state"
    stance = stance_of(line, speech.start, speech.content.end)
    body = speaker.parties if speaker.sort == "body" and speaker.parties[0].split(":")[-1][:1].isupper() else ()
    return Draft(
        kind=kind,
        org=context.setting.org,
        words=line.words,
        start=min(speaker.start if speaker.start in sentence else speech.start, speech.start, speech.content.start),
        end=max(speech.content.end, speech.end),
        rule=f"{line.language.code}.speech",
        language=line.block.language,
        actors=() if speech.expert else speaker.parties,
        body=() if speech.expert else body,
        targets=tuple(dict.fromkeys(targets)),
        date=day,
        date_end=last,
        modality=Modality.PLANNED
        if modality_at(
            line, sentence, speech.start, speech.end, Span(max(sentence.start, speech.start - 12), speech.end)
        )
        is Modality.PLANNED
        else Modality.REPORTED,
        more={"stance": stance},
        attributed=context.according,
        confidence=Confidence.INFERRED if speaker.weak else Confidence.EXPLICIT,
        dated=dated,
        named=not speaker.weak,
        many=True,
        origin=speech.start,
    )


# What stands right before a verb whose speaker follows it: `"...", said the minister`.
_BREAK = re.compile(r"[,，”»\"'’–—-]\s*\Z")
_CLOSING = re.compile(r"[”»\"’](?=\s*[,，–—-])|[,，][”»\"’]")
# How far behind the verb of speech a date still tells when it was said.
_NEAR = 24


def _spoken_on(line: Line, sentence: Span, speech: Speech) -> Span:
    """The stretch whose dates tell when it was said: up to the verb and right behind it, not what is told."""
    if speech.content.start < speech.start:
        return Span(speech.content.end, sentence.end)
    return Span(sentence.start, min(sentence.end, speech.end + _NEAR))


def _is_outsider(speaker: Agent, context: Context) -> bool:
    """Whether the speaker is a state that never was a member of the organisation."""
    charter = context.setting.charters.get(context.setting.org)
    member = charter.statuses.get("member") if charter else None
    states = {p for p in speaker.parties if len(p) == 3 and p.isupper()}
    return bool(member and states and not states & {str(h.party) for h in member.holders})


def _distinct(found: Sequence[Draft]) -> list[Draft]:
    """One position for each speaker and stance in a sentence; its words reach over all of them."""
    kept: list[Draft] = []
    for draft in found:
        for at, other in enumerate(kept):
            if other.actors == draft.actors and (
                other.more["stance"] == draft.more["stance"] or "other" in (other.more["stance"], draft.more["stance"])
            ):
                stance = other.more["stance"] if other.more["stance"] != "other" else draft.more["stance"]
                targets = tuple(dict.fromkeys((*other.targets, *draft.targets)))
                kept[at] = replace(
                    other,
                    end=max(other.end, draft.end),
                    start=min(other.start, draft.start),
                    targets=targets,
                    more={"stance": stance},
                )
                break
        else:
            kept.append(draft)
    return kept
