"""Claims out of an article: what it says was done, by whom, when, according to whom, in which words.

Start at `Reader.read`. Each sentence is searched for the cues of its language (verbs.toml); a cue found is filled
with the roles its kind has (frames.toml) from the agents, dates and papers around it. What is said in somebody's
speech is attributed to that speaker; speech that tells no act of its own is a position (`state`). The reader takes
no claim from any record: with the shipped records removed it finds the same.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from foedus.charters import Charter, load_charters
from foedus.languages import Language, language_of, load_languages
from foedus.pages.agents import Agent, Setting, agents_in
from foedus.pages.anchor import Clues, Held, find_anchor, sums_of_years, years_in_names
from foedus.pages.article import Article, BlockType
from foedus.pages.context import Context, Line, Speech
from foedus.pages.dates import Anchor, find_dates, first_and_last, resolve
from foedus.pages.drafts import Draft, settle
from foedus.pages.facts import facts_in, implied
from foedus.pages.mentions import NOBODY, Lexicon, Mention, mask, surnames, with_surnames
from foedus.pages.moments import is_ahead, lies_ahead
from foedus.pages.roles import Passage, fill, read_cues
from foedus.pages.sentences import Span, clauses, sentences
from foedus.pages.several import proposed_first
from foedus.pages.speech import speeches_in, state_claims, told_in_person
from foedus.terms import Claim, Confidence, Day, Evidence, OrgCode, fingerprint


@cache
def frames() -> Mapping[str, Any]:
    """The frames of every kind and the bodies of every seat, from frames.toml."""
    return tomllib.loads((files("foedus.pages") / "frames.toml").read_text("utf8"))


class Reader:
    """The built-in reader: no network, no model, deterministic; every claim names the cue that found it."""

    def __init__(self, charters: Mapping[OrgCode, Charter] | None = None) -> None:
        self._charters = {str(k): v for k, v in (load_charters() if charters is None else charters).items()}
        self._lexicons: dict[str, Lexicon] = {}
        self._seats = seats(self._charters)

    def read(self, article: Article) -> tuple[Claim, ...]:
        """The claims of an article in the order of their evidence; none where no organisation is spoken of."""
        lines = list(self._lines(article))
        org, focused = main_org(lines, self._charters)
        if not org:
            return ()
        lines = [_with_own_name(line, org) for line in lines]
        setting = Setting(org, self._charters, self._seats)
        context = Context(setting, self._anchor(article, lines, setting), names=_outlet_names())
        context.story = context.last = _story(lines, context)
        context.chronicle = _is_chronicle(lines, context)
        drafts: list[Draft] = []
        for line in lines:
            drafts += _line_drafts(line, context, focused)
        return tuple(_claim(article, draft) for draft in settle([*drafts, *implied(drafts)], setting))

    def _lines(self, article: Article) -> Iterator[Line]:
        found = []
        for block in article.body:
            language = language_of(block.language)
            if language is not None:
                words = article.words(block)
                found.append((block, language, words, self._lexicon(language).find(words.text)))
        full = surnames(m for _, _, _, mentions in found for m in mentions)
        for block, language, words, named in found:
            mentions = with_surnames(words.text, named, full)
            dates = find_dates(words.text, language.dates)
            yield Line(block, words, language, words.text, mentions, mask(words.text, mentions), dates)

    def _lexicon(self, language: Language) -> Lexicon:
        if language.code not in self._lexicons:
            self._lexicons[language.code] = Lexicon(language, self._charters)
        return self._lexicons[language.code]

    def _anchor(self, article: Article, lines: Sequence[Line], setting: Setting) -> Anchor:
        body = [line for line in lines if line.block.type is not BlockType.CAPTION]
        clues = Clues(
            published=article.published,
            head=tuple(d for line in body[:2] for d in line.dates),
            lead=tuple(d for line in lines[:4] for d in line.dates if not is_ahead(line, d)),
            told=tuple(d for line in body for d in line.dates if not is_ahead(line, d)),
            body=tuple(d for line in body for d in line.dates),
            sums=tuple(y for line in body for y in sums_of_years(line.text, line.language.dates)),
            far_sums=tuple(
                sums_of_years("\n".join(line.text for line in body), body[0].language.dates) if body else ()
            ),
            named=tuple(y for line in body for y in years_in_names(line.text)),
            held=tuple(_held(lines, setting)),
            listed=article.listed_dates,
        )
        return find_anchor(clues, self._charters)


def _with_own_name(line: Line, org: str) -> Line:
    """The line with `the organisation`, `该组织` and the like read as the organisation the page is about."""
    shape = line.language.marks.self_org
    if not shape:
        return line
    new = [
        Mention(*m.span(), "org", (org,), m.group())
        for m in shape.finditer(line.text)
        # Words of another name are masked already.
        if line.masked[m.start() : m.end()] == m.group()
    ]
    if not new:
        return line
    mentions = tuple(sorted((*line.mentions, *new), key=lambda m: m.start))
    return replace(line, mentions=mentions, masked=mask(line.text, mentions))


def seats(charters: Mapping[str, Charter]) -> Mapping[str, Mapping[str, str]]:
    """Which body the holders of an office sit in, by seat and organisation: as the charters say, else frames.toml."""
    found = {seat: dict(bodies) for seat, bodies in frames()["seat"].items()}
    for org, charter in charters.items():
        for ident, body in charter.bodies.items():
            for seat, words in frames()["held_by"].items():
                if any(words in held.held_by for held in body.seats):
                    found.setdefault(seat, {}).setdefault(org, str(ident))
    return found


def main_org(lines: Sequence[Line], charters: Collection[str]) -> tuple[str, bool]:
    """The organisation a page is about, and whether it is about it or only names it in passing.

    An organisation without a charter is read too, but gives way to one that has, unless named twice as often.
    """
    count: Counter[str] = Counter()
    lead: set[str] = set()
    for n, line in enumerate(lines):
        for mention in line.mentions:
            if mention.sort not in ("org", "body", "force"):
                continue
            orgs = {i.split(":")[0] for i in mention.ids}
            if len(orgs) == 1:
                org = orgs.pop()
                count[org] += 3 if n == 0 else 1
                if n < 3:
                    lead.add(org)
    if not count:
        return "", False
    org = max(count, key=lambda o: (count[o] * (2 if o in charters else 1), o))
    return org, org in lead or count[org] >= 4


def _held(lines: Sequence[Line], setting: Setting) -> Iterator[Held]:
    """Persons named with an office of a state, or of the organisation, anywhere in the body."""
    for line in lines:
        for agent in agents_in(line.text, line.mentions, setting):
            for one in agent.parts or (agent,):
                if one.person:
                    yield Held(one.person, one.office if one.office != "chair" else "", one.org or setting.org)
        for fact in facts_in(line, Context(setting, Anchor())):
            if fact.more.get("fact") == "chair_of_council":
                yield Held(fact.more["value"], "chair", setting.org)


def _story(lines: Sequence[Line], context: Context) -> Day | None:
    """The day the page tells of: the first exact day of its first lines, else the day of writing."""
    body = [n for n, line in enumerate(lines) if line.block.type in (BlockType.TITLE, BlockType.BODY)]
    for line in lines[: body[3] + 1 if len(body) > 3 else len(lines)]:
        for said in line.dates:
            if said.d is None and said.wd is None and said.rd is None:
                continue
            day, _ = first_and_last(resolve(said, context.anchor))
            if day and (day.is_exact or "X" in day.edtf):
                reference = context.anchor.reference
                if reference and day.is_exact and abs((day.first - reference).days) > 120:
                    continue
                return day
    return Day.of(context.anchor.reference) if context.anchor.reference else None


# Days a page tells of one after the other; with so many, what has no day of its own is on none of them for sure.
_CHRONICLE = 5


def _is_chronicle(lines: Sequence[Line], context: Context) -> bool:
    """Whether a page goes through many days, so that the day it opens with is not that of all it tells."""
    days = {
        (said.m, said.d)
        for line in lines
        if line.block.type is BlockType.BODY
        for said in line.dates
        if said.m and said.d and (said.y is None or said.y == context.anchor.written)
    }
    return len(days) >= _CHRONICLE


@cache
def _outlet_names() -> Mapping[str, str]:
    """Plain English names of agencies and outlets, keyed by party id."""
    english = load_languages().get("en")
    return {i: n[0] for i, n in english.names["party"].items() if n and i != NOBODY} if english else {}


def _line_drafts(line: Line, context: Context, focused: bool) -> list[Draft]:
    """The drafts of one block; the context moves on as it is read."""
    marks = line.language.marks
    if context.listing and (item := _BULLET.match(line.text)):
        return [_listed(line, context.listing, item.end())]
    context.listing = None
    in_title = line.block.type is BlockType.TITLE
    if marks.question and marks.question.search(line.text):
        return []
    context.last = context.story
    context.near = None
    context.subject = None
    context.speaker = None
    context.according = ()
    context.expert = False
    turn = marks.turn.match(line.masked) if marks.turn else None
    if turn:
        context.first_person = context.page_speaker is not None
    if in_title and marks.addresses_media and marks.addresses_media.search(line.masked):
        context.page_speaker = next(
            (a for a in agents_in(line.text, line.mentions, context.setting) if a.person), context.page_speaker
        )
    found: list[Draft] = []
    for sentence in sentences(line.text, marks):
        here = line.mentions_in(sentence)
        if not focused and not any(m.sort in ("org", "body", "force") for m in here):
            continue
        agents = agents_in(line.text, here, context.setting)
        parts = clauses(line.text, sentence, marks)
        speeches = speeches_in(line, sentence, parts, agents, context)
        acts: list[Draft] = []
        for cue, match in read_cues(line, sentence, parts):
            frame = frames()["kind"].get(cue.kind, {})
            acts += fill(Passage(line, sentence, parts, agents, speeches, cue, match, context, frame))
        acts = proposed_first(acts)
        found += acts
        found += facts_in(line, context, sentence)
        found += state_claims(line, sentence, parts, agents, speeches, acts, context, is_turn=bool(turn))
        turn = None
        _remember(line, sentence, agents, speeches, acts, context)
    if context.first_person and not any(d.kind == "state" for d in found):
        found += told_in_person(line, context)
    if line.text.rstrip().endswith((":", "：")):
        context.listing = next((d for d in reversed(found) if d.kind in ("adopt", "sign", "submit")), None)
    if in_title:
        return [replace(d, heading=True) for d in found]
    return [replace(d, caption=True) for d in found] if line.block.type is BlockType.CAPTION else found


# States that `all sides` can stand for; no body of ours seats more.
_SIDES = 60
_BULLET = re.compile(r"\s*(?:[-–—•·*▪●◦]+|\(?\d{1,2}[.)、）]|[一二三四五六七八九十]+、)\s*")


def _listed(line: Line, head: Draft, start: int) -> Draft:
    """A paper of a list: the doing of the sentence above the list, with the paper of this line."""
    title = line.text[start:].strip(' ;；,，.。《》«»“”"')
    return replace(
        head,
        words=line.words,
        start=start,
        end=len(line.text.rstrip()),
        more={**head.more, "document": title[:160]},
        paper=title,
        origin=start,
        reach=start,
    )


def _remember(
    line: Line,
    sentence: Span,
    agents: Sequence[Agent],
    speeches: Sequence[Speech],
    acts: Sequence[Draft],
    context: Context,
) -> None:
    """What the sentence leaves behind for the next ones of the block."""
    for said in line.dates_in(sentence):
        day, _ = first_and_last(resolve(said, context.anchor, context.last))
        # What is still to come is no day on which the next things were done.
        if lies_ahead(day, context):
            continue
        if day and (day.is_exact or (day.edtf.startswith("XXXX-") and said.d)):
            context.last = context.near = day
    if speeches:
        context.subject = speeches[-1].speaker or context.subject
        context.speaker = context.subject
    elif agents:
        context.subject = next((a for a in agents if a.sort in ("state", "body", "org")), context.subject)
    named = [s.speaker for s in speeches if s.speaker and s.speaker.person] or [a for a in agents if a.person]
    context.person = named[-1] if named else context.person
    met = [draft for draft in acts if draft.kind == "meet"]
    if met:
        # Who met each of several others is the host, not one of `all sides`.
        host = set.intersection(*(set(draft.actors) for draft in met)) if len(met) > 1 else set()
        states = [p for draft in met for p in draft.actors if len(p) == 3 and p not in host]
        context.sides = tuple(dict.fromkeys((*context.sides, *states)))[:_SIDES]
    for draft in acts:
        if draft.kind == "convene" and draft.body:
            context.body = draft.body
            if draft.date and draft.date.is_exact and draft.dated:
                context.meetings.update((body, draft.date) for body in draft.body)
        if draft.kind == "submit" and draft.date and draft.dated:
            context.meetings.update((body, draft.date) for body in draft.targets if ":" in body)


def _claim(article: Article, draft: Draft) -> Claim:
    """The draft as a claim, its evidence in characters of the page as received."""
    start, end = draft.words.origin(draft.start, draft.end)
    text = article.page.text[start:end]
    name = article.page.name
    claim = Claim(
        page=name,
        evidence=Evidence(start, end, text),
        kind=draft.kind,
        org=draft.org or None,
        actors=draft.actors,
        body=draft.body,
        targets=draft.targets,
        place=draft.place or None,
        date=draft.date,
        date_end=draft.date_end,
        modality=draft.modality,
        more=dict(draft.more),
        language=draft.language,
        retold=draft.retold,
        attributed_to=draft.attributed,
        confidence=draft.confidence,
        rule=draft.rule,
    )
    row = claim.to_json()
    for key in ("page", "id", "rule"):
        row.pop(key)
    return replace(claim, id=fingerprint(article.page.sha256, row))


def is_shown(claim: Claim, *, weak: bool = False) -> bool:
    """Whether a claim is shown: weak ones only where asked for."""
    return weak or claim.confidence is not Confidence.WEAK
