"""When a doing was, and how the words stand to it: dates in their sentence, modality, history told again."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.pages.context import Context, Line
from foedus.pages.dates import DateMention, first_and_last, resolve
from foedus.pages.sentences import Span
from foedus.terms import Day, Modality


def date_at(
    line: Line, sentence: Span, at: int, context: Context, clause: Span | None = None, since: int = -1
) -> tuple[Day | None, Day | None, bool]:
    """The first and last day of what stands at a place, and whether the sentence itself gives them.

    The nearest date before it in its clause, else before it in the sentence, else after it in its clause (where
    words are spaced, in the sentence: Russian and English put the day last), else the day last spoken of. A bare year
    inside the words themselves, from `since` on, names the term of a paper and not its day.
    """
    marks = line.language.marks
    papers = [m.span() for m in marks.document.finditer(line.text, sentence.start, sentence.end)]
    said = [d for d in line.dates_in(sentence) if not any(a <= d.start < b for a, b in papers)]
    if since >= 0:
        said = [d for d in said if d.m or d.y is None or d.season or not since < d.start <= at]
    if any(d.d or d.rd is not None or d.wd is not None for d in said):
        # Beside a day, a bare year says for when it holds (`takes the chair for next year`), not when it was done.
        said = [d for d in said if d.ry is None or d.m or d.season]
    inside = [d for d in said if clause and clause.start <= d.start < clause.end]
    before = [d for d in inside if d.start <= at][-1:]
    # Chinese puts the day first; what follows far behind is the date of something else.
    after = [d for d in inside if d.start > at and (line.language.spaced or d.start - at < 4)][:1]
    late = [d for d in said if d.start > at][:1] if line.language.spaced else []
    for one in (*before, *after, *[d for d in said if d.start <= at][-1:], *late):
        ahead = is_ahead(line, one)
        day, last = first_and_last(resolve(one, context.anchor, _last_before(said, one, context), ahead=ahead))
        if day:
            return day, last, True
    return (context.near if context.chronicle else context.last or context.story), None, False


def is_ahead(line: Line, said: DateMention) -> bool:
    """Whether the words around a date say that it is still to come."""
    planned = line.language.marks.modality.get("planned")
    return bool(planned and planned.search(line.masked, max(0, said.start - 12), said.end + 14))


def _last_before(said: Sequence[DateMention], one: DateMention, context: Context) -> Day | None:
    """The day last spoken of before a mention: `on the 6th ... two days later` counts from the 6th."""
    last = context.last
    for other in said:
        if other.start < one.start and (other.d or other.rd is not None or other.same is not None):
            day, _ = first_and_last(resolve(other, context.anchor, last))
            last = day if day and day.is_exact else last
    return last


def modality_at(line: Line, sentence: Span, start: int, end: int, clause: Span | None = None) -> Modality:
    """The modality of words: from the marks before them in their clause (denial: right before)."""
    stretch = clause or Span(sentence.start, end)
    # The title of a paper (`计划`, `План`) says nothing of when.
    words = line.masked[stretch.start : sentence.end]
    text = line.language.marks.document.sub(lambda m: " " * len(m.group()), words)
    while end < sentence.end and line.masked[end].isalpha() and line.language.spaced:
        # A cue may end inside a word whose ending tells the tense.
        end += 1
    before = text[: start - stretch.start]
    whole = text[: end - stretch.start]
    for name, shape in line.language.marks.modality.items():
        if shape.search(before if name in ("denied", "proposed") else whole):
            return Modality(name)
    return Modality.REPORTED


def lies_ahead(day: Day | None, context: Context) -> bool:
    """Whether a day comes after the page's own date."""
    reference = context.anchor.reference if context.anchor.own else None
    return bool(day and reference and day.first.year > 1 and day.first > reference and "X" not in day.edtf)


def is_retold(day: Day | None, context: Context) -> bool:
    """Whether it is history told again: more than two months before the day the page tells of."""
    story = context.story
    if not day or not story or "X" in day.edtf or "X" in story.edtf:
        return False
    return (story.first - day.last).days > 62
