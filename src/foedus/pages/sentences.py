"""Sentences and clauses of a block, by the marks of its language; offsets are into the repaired text of the block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from foedus.languages import Marks


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, `end` excluded."""

    start: int
    end: int

    def __contains__(self, at: int) -> bool:
        return self.start <= at < self.end


# No sentence of a report is longer; a stretch without an end mark is read in pieces of this many characters.
LONGEST = 4000


def sentences(text: str, marks: Marks) -> Iterator[Span]:
    """Sentences in order; closing quotes and brackets stay with the sentence they close."""
    for span in _sentences(text, marks):
        for start in range(span.start, span.end, LONGEST):
            yield Span(start, min(start + LONGEST, span.end))


def _sentences(text: str, marks: Marks) -> Iterator[Span]:
    start = 0
    for match in marks.sentence_end.finditer(text):
        if text[match.start()] == "." and not _ends(text, match.start(), match.end(), marks):
            continue
        if text[start : match.end()].strip():
            yield _trim(text, start, match.end())
        start = match.end()
    if text[start:].strip():
        yield _trim(text, start, len(text))


def clauses(text: str, sentence: Span, marks: Marks) -> tuple[Span, ...]:
    """The clauses of a sentence, in order; together they cover it."""
    cuts = [m.end() for m in marks.clause_end.finditer(text, sentence.start, sentence.end) if m.end() < sentence.end]
    edges = [sentence.start, *cuts, sentence.end]
    return tuple(Span(a, b) for a, b in pairwise(edges) if text[a:b].strip())


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


_OPENING = '“"«(‘[—–-'


def _ends(text: str, dot: int, after: int, marks: Marks) -> bool:
    """Whether a full stop ends its sentence: a capital or figure follows, and it marks no abbreviation or initial."""
    rest = text[after:].lstrip()
    if rest and len(rest) == len(text) - after:
        return False
    head = rest.lstrip(_OPENING).lstrip()[:1]
    if head and not (head.isupper() or head.isdigit() or not head.isalpha()):
        return False
    word = (text[:dot].rsplit(None, 1)[-1:] or [""])[0].lstrip("(«“\"'")
    is_initial = len(word) == 1 and word.isupper() and (word.isascii() or "А" <= word <= "Я")
    return word not in marks.abbreviations and not is_initial
