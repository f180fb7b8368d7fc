"""Sentences and clauses of a block, by the marks of its language; offsets are into the repaired text of the block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foedus.languages import Marks


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, `end` excluded."""

    start: int
    end: int

    def __contains__(self, at: int) -> bool:
        return self.start <= at < self.end


def sentences(text: str, marks: Marks) -> Iterator[Span]:
    """Sentences in order; closing quotes and brackets stay with the sentence they close."""
    start = 0
    for match in marks.sentence_end.finditer(text):
        if _is_abbreviation(text, match.start(), marks):
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
    return tuple(Span(a, b) for a, b in zip(edges, edges[1:], strict=False) if text[a:b].strip())


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _is_abbreviation(text: str, dot: int, marks: Marks) -> bool:
    if text[dot] != ".":
        return False
    word = text[:dot].rsplit(None, 1)[-1:] or [""]
    bare = word[0].lstrip("(«“\"'")
    return bare in marks.abbreviations or (len(bare) == 1 and bare.isupper())
