"""What the reader holds while it reads: a line of the article, a speech, and what has been spoken of so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from foedus.languages import Language
from foedus.pages.agents import Agent, Setting
from foedus.pages.article import Block
from foedus.pages.dates import Anchor, DateMention
from foedus.pages.drafts import Draft
from foedus.pages.mentions import Mention
from foedus.pages.repair import Repaired
from foedus.pages.sentences import Span
from foedus.terms import Day


@dataclass(slots=True)
class Line:
    """One block of the article in the reader's hands: repaired text, mentions, mask, dates."""

    block: Block
    words: Repaired
    language: Language
    text: str
    mentions: tuple[Mention, ...]
    masked: str
    dates: tuple[DateMention, ...]

    def mentions_in(self, span: Span) -> tuple[Mention, ...]:
        """The mentions that begin in a stretch of the text."""
        return _within(self.mentions, span)

    def dates_in(self, span: Span) -> tuple[DateMention, ...]:
        """The dates that begin in a stretch of the text."""
        return _within(self.dates, span)


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


_Any = TypeVar("_Any", bound=_Placed)


def _within(items: tuple[_Any, ...], span: Span) -> tuple[_Any, ...]:
    """Items in order of place, those that begin in a span; by bisection, since a hostile page is one long line."""
    first = bisect_left(items, span.start, key=lambda item: item.start)
    return items[first : bisect_left(items, span.end, first, key=lambda item: item.start)]


@dataclass(slots=True)
class Context:
    """What has been spoken of so far: it fills what a sentence leaves unsaid."""

    setting: Setting
    anchor: Anchor
    story: Day | None = None
    last: Day | None = None
    near: Day | None = None
    chronicle: bool = False
    subject: Agent | None = None
    speaker: Agent | None = None
    person: Agent | None = None
    page_speaker: Agent | None = None
    body: tuple[str, ...] = ()
    meetings: dict[str, Day] = field(default_factory=dict)
    sides: tuple[str, ...] = ()
    experts: set[str] = field(default_factory=set)
    listing: Draft | None = None
    according: tuple[str, ...] = ()
    expert: bool = False
    first_person: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speech:
    """One verb of speech: where it stands, whose words they are, and the stretch of text they fill."""

    start: int
    end: int
    speaker: Agent | None
    content: Span
    expert: bool = False
