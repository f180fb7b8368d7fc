"""The stretch of a page that is its article: where paragraphs outweigh what stands between them.

Start at `stretch_of`. What each line of it is, is told afterwards (`article.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from foedus.pages.lines import Line
from foedus.pages.title import grams, is_alike, title_of
from foedus.pages.tongue import UNTOLD


def _base(language: str) -> str:
    return language.split("-")[0]


def main_language(lines: Sequence[Line]) -> str:
    """The language most paragraphs are in, legal notices aside; else of all lines."""
    weights: Counter[str] = Counter()
    for line in lines:
        if line.is_prose and line.table is None:
            weights[line.language] += line.width
    if not weights:
        for line in lines:
            weights[line.language] += line.width
    return weights.most_common(1)[0][0] if weights else UNTOLD


# No paragraph has so many characters; a whole page without a line end may have nearly as many.
_LONGEST = 200_000


def _worth(line: Line, foreign: bool) -> float:
    """What a line adds to a stretch of article, or takes from it."""
    if line.end - line.start > _LONGEST:
        return -400
    table = line.table
    if table == "turns":
        return 60
    if table in ("related", "comments"):
        assert line.cue is not None
        return -400 if line.cue.whole and line.cue.closes else -60
    if table == "legal":
        return -120
    if table == "caption":
        return -2
    if line.times > 3 and line.key:  # "reply", "report abuse": what a page says again and again is not its article
        return -120
    if table in ("byline", "source"):
        return -10
    if table:
        return -40
    if foreign:
        return -80
    if line.is_prose:
        return min(line.width, 400)
    if line.is_date or line.is_number or line.opens_with_time:
        return -30
    if line.times > 2:
        return -40
    if line.is_sentence:
        return 12 if line.width >= 24 else 2
    if line.bullet:
        return -12
    return -18


# Once a stretch has this much prose, a line that opens the comments is believed to open them.
_ENOUGH = 500
# With less, a line that opens the terms of use may still be one of a menu at the top.
_FEW = 150
# So many lines without prose, and the article is taken to be leaving.
_PATIENCE = 6


def _worths(lines: Sequence[Line], main: str) -> list[float]:
    """What each line is worth where it stands.

    Less after the article was signed or the comments opened, in long runs of litter, and in lists.
    """
    prose = Counter[str]()
    for line in lines:
        if line.is_prose and line.table is None:
            prose[_base(line.language)] += line.width
    full = {language for language, width in prose.items() if width >= 0.25 * prose[_base(main)]}
    worths: list[float] = []
    read, idle, in_comments, signed = 0, 0, False, False
    for at, line in enumerate(lines):
        foreign = line.language != UNTOLD and _base(line.language) not in full and line.width >= 30
        worth = _worth(line, foreign)
        if worth > 12:
            read += line.width
            idle = 0
            if in_comments or signed:
                worth *= 0.2
            elif line.bullet and _is_listed(lines, at):
                worth = -12
            elif line.is_prose and _stands_alone(lines, at):
                worth = min(worth * 0.4, 40.0 if line.width < 250 else 120.0)
        else:
            idle += worth < 0
            if idle > _PATIENCE:
                worth *= 2
            table = line.table
            if read > _FEW and table == "legal" and line.cue is not None and line.cue.whole:
                in_comments = True  # terms of use, in many paragraphs
            if read > _ENOUGH:
                in_comments = in_comments or table == "comments"
                if table in ("source", "byline") and line.width < 80 and not signed:
                    signed = True
                    worth = -60
        worths.append(worth)
    return worths


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    """Whether a paragraph has bare lines above and below, as the teasers of a list do."""
    for near in (at - 1, at + 1):
        if not 0 <= near < len(lines):
            continue
        table = lines[near].table
        if lines[near].is_prose or lines[near].is_sentence or table in ("turns", "caption"):
            return False
    return True


def _is_listed(lines: Sequence[Line], at: int) -> bool:
    """Whether an item stands in a list of headlines: beside an item without an end mark."""
    return any(0 <= near < len(lines) and lines[near].bullet and not lines[near].ends for near in (at - 1, at + 1))


def _best(worths: Sequence[float], start: int, end: int) -> tuple[float, int, int]:
    """Worth, first and last line of the stretch worth most between two lines."""
    best, span = 0.0, (start, start - 1)
    total, since = 0.0, start
    for at in range(start, end):
        total += worths[at]
        if total <= 0:
            total, since = 0.0, at + 1
        elif total > best:
            best, span = total, (since, at)
    return best, *span


# Stretches weighed against each other, the longest ranges of the page searched first.
_STRETCHES = 40
# Lines of a page too short to be weighed, and characters of each.
_FEW, _WIDE = 6, 600
# A stretch worth no more is no article.
_LEAST = 20


def stretch_of(lines: Sequence[Line], main: str, heading: str | None) -> tuple[int, int]:
    """First and last line (included) of the article's stretch; (0, -1) where no line is worth anything.

    A page of nothing but a few whole sentences, however short, is article from end to end.

    The stretch worth most, unless one under the page's heading, or one with a title of its own higher up the
    page, comes near it: comments and terms of use may be longer than the article they stand below.
    """
    worths = _worths(lines, main)
    found: list[tuple[float, int, int]] = []
    open_ranges = [(0, len(lines))]
    while open_ranges and len(found) < _STRETCHES:
        start, end = open_ranges.pop(0)
        total, first, last = _best(worths, start, end)
        if total > _LEAST:
            found.append((total, first, last))
            open_ranges += [(start, first), (last + 1, end)]
            open_ranges.sort(key=lambda r: r[0] - r[1])
    if not found:
        whole = 0 < len(lines) <= _FEW and all(line.ends and line.width <= _WIDE for line in lines)
        return (0, len(lines) - 1) if whole else (0, -1)
    wanted = grams(heading, main) if heading else frozenset()
    weighed = []
    for total, first, last in found:
        weight = min(total, 3000) * (1.3 if first == min(f for _, f, _ in found) else 1.0)
        if wanted and any(is_alike(grams(near.clean, main), wanted) for near in lines[max(0, first - 30) : first + 3]):
            weight *= 10
        title, score = title_of(lines, first, last, heading, main)
        if title is not None:
            weight *= 1 + min(score, 3.0) / 3
        weighed.append((weight, first, last))
    _, first, last = max(weighed)
    return first, last
