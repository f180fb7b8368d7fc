"""The title of an article: the line near the body's head whose words are the body's.

Start at `title_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from foedus.pages.datelines import full_dates
from foedus.pages.lines import Line
from foedus.terms import Day

# Marks a headline does not end with; a question or exclamation mark it may.
_NO_TITLE_ENDS = (".", "。", ";", "；", ":", "：", ",", "，", "…")
_NARROWEST, _WIDEST = 10, 260
# How far above the body a title is looked for, in lines: menus may stand between.
_REACH = 40
# What the best line must score to be a title at all.
_ENOUGH = 0.9


def title_of(lines: Sequence[Line], first: int, last: int, heading: str | None, main: str) -> tuple[int | None, float]:
    """The line that is the title of a stretch of article, and how surely.

    Args:
        lines: all lines of the page.
        first, last: the stretch, both included.
        heading: the title the page's metadata gives.
        main: the language of the page.
    Returns:
        the place of the title in `lines`, None where no line will do; and its score, 0.9 upwards.
    """
    if last < first:
        return None, 0.0
    body = " ".join(line.clean for line in lines[first : last + 1] if line.is_prose and line.table != "caption")
    said = grams(body[:20_000], main)
    wanted = grams(heading, main) if heading else frozenset()
    head = next((at for at in range(first, last + 1) if lines[at].is_prose), last + 1)
    near = range(max(0, first - _REACH), min(head, last) + 1)
    dated = {at for at in near if at + 1 < len(lines) and lines[at + 1].is_date and is_item(lines[at])}
    scores: dict[int, float] = {}
    for at in near:
        own = grams(lines[at].clean, main) if _may_be_title(lines[at], at == first) else frozenset()
        if own:
            scores[at] = _score(lines, at, head, dated) + _likeness(own, said, wanted)
    if not scores:
        return None, _ENOUGH
    found = max(scores, key=lambda at: (scores[at], -at))
    best = scores[found]
    return (None, _ENOUGH) if best <= _ENOUGH else (_above_deck(lines, found, scores), best)


def _may_be_title(line: Line, opens: bool) -> bool:
    if not _NARROWEST <= line.width <= _WIDEST or line.is_date or line.is_number:
        return False
    if line.table not in (None, "caption"):
        return False
    return not line.is_prose or (opens and not line.ends) or _asks(line)


def _likeness(own: frozenset[str], said: frozenset[str], wanted: frozenset[str]) -> float:
    """How far the words of a line are those of the body, and of the page's heading."""
    score = 3 * len(own & said) / max(len(own), 5)
    return score + (4 * len(own & wanted) / max(len(own), len(wanted)) if wanted else 0.0)


def _score(lines: Sequence[Line], at: int, head: int, dated: set[int]) -> float:
    """What speaks for a line as the title by where and how it stands, its words aside."""
    line = lines[at]
    score = -0.06 * max(0, head - at) - 0.8 * min(1.0, max(0, line.width - 90) / 90)
    if 1 < line.times <= 4:  # pages like to say their title again
        score += 0.6
    if at in dated:  # a title has its date below it; so has each item of a dated list
        score += 0.4 if len(dated) == 1 else -0.5
    if line.clean.endswith(_NO_TITLE_ENDS):
        score -= 1.0
    if line.table == "caption":
        score -= 1.5
    if line.width < 16:
        score -= 0.5
    if line.separated:
        score -= 1.0
    if _in_list(lines, at):
        score -= 0.7
    return score


def _above_deck(lines: Sequence[Line], found: int, scores: dict[int, float]) -> int:
    """Of a headline and the longer deck under it, whose words the body has more of: the headline."""
    deck = lines[found]
    for at in range(found - 1, max(-1, found - 4), -1):
        line, touches = lines[at], at == found - 1
        if line.key == deck.key or line.separated or line.width > deck.width * (1.2 if touches else 1.0):
            continue
        if scores.get(at, 0.0) > (0.4 if touches and deck.width > 70 else max(_ENOUGH, 0.55 * scores[found])):
            return at
    return found


def _asks(line: Line) -> bool:
    """Whether a line is one question or exclamation, as long headlines are, or a short quotation."""
    return line.width <= 150 and line.stops <= 1 and line.clean.endswith(("?", "!", "？", "！", "”", '"', "»"))


def _in_list(lines: Sequence[Line], at: int) -> bool:
    """Whether a line stands among others of its like, two above or two below."""
    above, below = lines[max(0, at - 2) : at], lines[at + 1 : at + 3]
    return (len(above) == 2 and all(map(is_item, above))) or (len(below) == 2 and all(map(is_item, below)))


def is_item(line: Line) -> bool:
    """Whether a line may be an item of a list of headlines."""
    return is_bare(line) and not line.is_date and not line.is_number and not line.has_date and line.width >= 16


_WORD = re.compile(r"[^\W_]+")


def grams(text: str, language: str) -> frozenset[str]:
    """What two texts are compared by: pairs of Han characters, stems of words."""
    if language.startswith(("zh", "ja")):
        found = {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}
        return frozenset(found)
    return frozenset(word.casefold()[:5] for word in _WORD.findall(text) if len(word) > 2)


def is_alike(some: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a line's words are those of a heading, which may carry the site's name as well."""
    return len(some) >= 2 and len(some & other) >= 0.6 * max(len(some), 0.6 * len(other))


def is_bare(line: Line) -> bool:
    """Whether a line is neither sentence nor list item and says nothing of itself: a headline or subhead."""
    return not (line.is_prose or line.is_sentence or line.bullet or line.table is not None)


_LAST_DATE = re.compile(r"[\s.)）。]*$")


def dated_title(title: str, day_first: bool) -> Day | None:
    """The full date a title ends with."""
    for _, end, day in full_dates(title, day_first=day_first or None):
        if _LAST_DATE.match(title, end):
            return day
    return None
