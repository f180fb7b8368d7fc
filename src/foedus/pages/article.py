"""The article of a page: which lines are its title, date line, body and captions, and what the rest is.

Start at `read_article`. No line is judged alone: the body is the stretch of the page where paragraphs outweigh
what stands between them, and each line is typed by where it stands to that stretch.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from foedus.pages.datelines import full_dates
from foedus.pages.lines import Line, lines_of
from foedus.pages.page import Page
from foedus.pages.repair import Repaired, repair
from foedus.pages.tongue import UNTOLD
from foedus.terms import Day


class BlockType(StrEnum):
    """What a block of a page is."""

    TITLE = "title"
    DATELINE = "dateline"
    BYLINE = "byline"
    SUBHEAD = "subhead"
    BODY = "body"
    CAPTION = "caption"
    CHROME = "chrome"
    HEADLINES = "headlines"
    RELATED = "related"
    CONTACT = "contact"
    LEGAL = "legal"
    COMMENTS = "comments"
    COUNTS = "counts"
    TAGS = "tags"
    GALLERY = "gallery"
    SHARE = "share"
    REPEATED_TITLE = "repeated_title"
    NUMBER = "number"
    SOURCE = "source"
    OTHER = "other"

    @property
    def is_article(self) -> bool:
        """Whether it belongs to the article; the other types are furniture."""
        return self in _ARTICLE

    @property
    def holds_evidence(self) -> bool:
        """Whether a claim may rest on it."""
        return self in _EVIDENCE


_EVIDENCE = frozenset({BlockType.TITLE, BlockType.SUBHEAD, BlockType.BODY, BlockType.CAPTION})
_ARTICLE = _EVIDENCE | {BlockType.DATELINE}


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page: characters `start` to `end` (end excluded, no space around), its number from 1, its type.

    Where a page of fixed width broke a paragraph into lines, the block is the whole paragraph, `line` its first
    line and `last_line` its last; elsewhere both are the same.
    `language` is BCP 47 (zh-Hans, zh-Hant, vi, ru, en, pt ...), `und` where the page has none to tell it by.
    """

    start: int
    end: int
    line: int
    type: BlockType
    language: str
    last_line: int = 0

    def __post_init__(self) -> None:
        if not self.last_line:
            object.__setattr__(self, "last_line", self.line)


@dataclass(frozen=True, slots=True)
class Article:
    """A page read as article and furniture.

    `blocks` are all lines with words, in order. `title` is repaired text. `published` comes from the manifest or
    the page's metadata, else from a date line of the article itself, else from the title; never from a list of
    other articles. `listed_dates` are the days that stand in furniture, ascending: the page was made on or after
    the last of them, which says nothing of the article. `languages` are those of the body, the fullest first.
    """

    page: Page
    blocks: tuple[Block, ...]
    title: str | None
    dateline: Block | None
    published: Day | None
    listed_dates: tuple[Day, ...]
    outlet: str | None
    languages: tuple[str, ...]

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks that evidence may lie in: title, subheads, body, captions inside the body."""
        return tuple(block for block in self.blocks if block.type.holds_evidence)

    @property
    def article_lines(self) -> tuple[int, ...]:
        """Numbers, from 1, of the lines that are title, date line, subheads or body; captions are left out.

        A title that the page says again above the body's end counts each time.
        """
        last = max((b.start for b in self.blocks if b.type is BlockType.BODY), default=0)
        return tuple(
            line
            for b in self.blocks
            for line in range(b.line, b.last_line + 1)
            if (b.type.is_article and b.type is not BlockType.CAPTION)
            or (b.type is BlockType.REPEATED_TITLE and b.start < last)
        )

    @property
    def furniture(self) -> Mapping[BlockType, tuple[Block, ...]]:
        """The blocks that are not article, by type, each in the order of the page."""
        found: dict[BlockType, list[Block]] = {}
        for block in self.blocks:
            if not block.type.is_article:
                found.setdefault(block.type, []).append(block)
        return {kind: tuple(blocks) for kind, blocks in found.items()}

    def words(self, block: Block) -> Repaired:
        """The clean text of a block; its `origin` gives offsets into the page's text."""
        unwrap = block.last_line > block.line
        return repair(self.page.text[block.start : block.end], block.start, unwrap=unwrap)


_CUE_TYPES = {
    "related": BlockType.RELATED,
    "comments": BlockType.COMMENTS,
    "share": BlockType.SHARE,
    "tags": BlockType.TAGS,
    "contact": BlockType.CONTACT,
    "legal": BlockType.LEGAL,
    "byline": BlockType.BYLINE,
    "source": BlockType.SOURCE,
    "caption": BlockType.CAPTION,
    "chrome": BlockType.CHROME,
    "counts": BlockType.COUNTS,
}

# Cues that may also open a paragraph of the article: believed only in lines this wide or less.
_BELIEVED_TO = {
    "share": 160,
    "tags": 200,
    "contact": 160,
    "byline": 100,
    "source": 100,
    "caption": 300,
    "chrome": 160,
    "counts": 60,
    "related": 220,
    "comments": 220,
}


def read_article(page: Page) -> Article:
    """The article of a page. A page without one has no title and no body, and all its blocks are furniture."""
    lines = lines_of(page.text)
    main = _main_language(lines)
    first, last = _stretch(lines, main, page.heading)
    types = [BlockType.OTHER] * len(lines)
    title, _ = _title(lines, first, last, page.heading, main)
    _type_inside(lines, types, first, last, title, main)
    _type_above(lines, types, first, title)
    _type_below(lines, types, last, title)
    dateline = _dateline(lines, types, first, last, title)
    blocks = tuple(
        Block(line.start, line.end, line.number, kind, line.language if line.language != UNTOLD else main, line.last)
        for line, kind in zip(lines, types, strict=True)
    )
    named = page.outlet or _named_source(lines, types)
    weights: Counter[str] = Counter()
    for block in blocks:
        if block.type in (BlockType.BODY, BlockType.TITLE):
            weights[block.language] += block.end - block.start
    day_first = main != "en"
    published = page.published
    if published is None and dateline is not None:
        published = next((d for _, _, d in full_dates(lines[dateline].clean, day_first=day_first or None)), None)
    if published is None and title is not None:
        published = _dated_title(lines[title].clean, day_first)
    return Article(
        page=page,
        blocks=blocks,
        title=lines[title].clean if title is not None else None,
        dateline=blocks[dateline] if dateline is not None else None,
        published=published,
        listed_dates=_listed(lines, types, day_first),
        outlet=named,
        languages=tuple(language for language, _ in weights.most_common()),
    )


def _believed(line: Line) -> str | None:
    """The table of the line's cue words, where they may be believed in a line of that length."""
    if line.cue is None:
        return None
    if line.width > _BELIEVED_TO.get(line.cue.table, 10**9) and not line.cue.whole:
        return None
    if line.cue.table == "byline" and line.is_prose:
        return None
    return line.cue.table


def _base(language: str) -> str:
    return language.split("-")[0]


def _main_language(lines: Sequence[Line]) -> str:
    """The language most paragraphs are in, legal notices aside; else of all lines."""
    weights: Counter[str] = Counter()
    for line in lines:
        if line.is_prose and _believed(line) is None:
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
    table = _believed(line)
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
# So many lines without prose, and the article is taken to be leaving.
_PATIENCE = 6


def _worths(lines: Sequence[Line], main: str) -> list[float]:
    """What each line is worth where it stands.

    Less after the article was signed or the comments opened, in long runs of litter, and in lists.
    """
    prose = Counter[str]()
    for line in lines:
        if line.is_prose and _believed(line) is None:
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
                worth = min(worth * 0.4, 60.0 if line.width < 250 else 150.0)
        else:
            idle += worth < 0
            if idle > _PATIENCE:
                worth *= 2
            if read > _ENOUGH:
                table = _believed(line)
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
        table = _believed(lines[near])
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


_STRETCHES = 40


def _stretch(lines: Sequence[Line], main: str, heading: str | None) -> tuple[int, int]:
    """First and last line (included) of the article's stretch; (0, -1) where no line is worth anything.

    The stretch worth most, unless one under the page's heading, or one with a title of its own higher up the
    page, comes near it: comments and terms of use may be longer than the article they stand below.
    """
    worths = _worths(lines, main)
    found: list[tuple[float, int, int]] = []
    open_ranges = [(0, len(lines))]
    while open_ranges and len(found) < _STRETCHES:
        start, end = open_ranges.pop(0)
        total, first, last = _best(worths, start, end)
        if total > 20:
            found.append((total, first, last))
            open_ranges += [(start, first), (last + 1, end)]
            open_ranges.sort(key=lambda r: r[0] - r[1])
    if not found:
        return 0, -1
    wanted = _grams(heading, main) if heading else frozenset()
    weighed = []
    for total, first, last in found:
        weight = min(total, 3000) * (1.3 if first == min(f for _, f, _ in found) else 1.0)
        if wanted and any(_alike(_grams(near.clean, main), wanted) for near in lines[max(0, first - 30) : first + 3]):
            weight *= 10
        title, score = _title(lines, first, last, heading, main)
        if title is not None:
            weight *= 1 + min(score, 3.0) / 3
        weighed.append((weight, first, last))
    _, first, last = max(weighed)
    return first, last


def _alike(some: frozenset[str], other: frozenset[str]) -> bool:
    return len(some) >= 2 and len(some & other) >= 0.6 * max(len(some), 0.6 * len(other))


_NO_TITLE_ENDS = (".", "。", ";", "；", ":", "：", ",", "，", "…")
_TITLE_WIDTH = (10, 260)


def _title(lines: Sequence[Line], first: int, last: int, heading: str | None, main: str) -> tuple[int | None, float]:
    """The line that is the title, and how surely: near the body's head, and its words are the body's."""
    if last < first:
        return None, 0.0
    inside = lines[first : last + 1]
    body = " ".join(line.clean for line in inside if line.is_prose and _believed(line) != "caption")[:20_000]
    grams = _grams(body, main)
    wanted = _grams(heading, main) if heading else frozenset()
    head = first
    while head <= last and not lines[head].is_prose:
        head += 1
    dated = {
        at
        for at in range(max(0, first - 40), min(head, len(lines) - 1))
        if lines[at + 1].is_date and _is_item(lines[at])
    }
    best, found = 0.9, None
    scores: dict[int, float] = {}
    for at in range(max(0, first - 40), min(head + 1, last + 1)):
        line = lines[at]
        table = _believed(line)
        if not _TITLE_WIDTH[0] <= line.width <= _TITLE_WIDTH[1] or line.is_date or line.is_number:
            continue
        if table is not None and table != "caption":
            continue
        if line.is_prose and (at != first or line.ends) and not _asks(line):
            continue
        own = _grams(line.clean, main)
        if not own:
            continue
        score = 3 * len(own & grams) / max(len(own), 5)
        if wanted:
            score += 4 * len(own & wanted) / max(len(own), len(wanted))
        score += 0.6 if 1 < line.times <= 4 else 0
        score -= 0.06 * max(0, head - at)
        score -= 1.0 if line.clean.endswith(_NO_TITLE_ENDS) else 0
        score -= 1.5 if table == "caption" else 0
        score -= 0.5 if line.width < 16 else 0
        score -= 1.0 if line.separated else 0
        if at in dated:  # a title has its date below it; so has each item of a dated list
            score += 0.4 if len(dated) == 1 else -0.5
        score -= 0.8 * min(1.0, max(0, line.width - 90) / 90)
        score -= 0.7 if _in_list(lines, at) else 0
        scores[at] = score
        if score > best:
            best, found = score, at
    if found is not None:  # of a headline and the deck under it, the headline is the title
        for at in range(found - 1, max(-1, found - 4), -1):
            wanted_score = 0.4 if at == found - 1 and lines[found].width > 70 else max(0.9, 0.55 * best)
            widest = lines[found].width * (1.2 if at == found - 1 else 1.0)
            if lines[at].key == lines[found].key or lines[at].separated or lines[at].width > widest:
                continue
            if scores.get(at, 0.0) > wanted_score:
                found = at
                break
    return found, best


def _asks(line: Line) -> bool:
    """Whether a line is one question or exclamation, as long headlines are, or a short quotation."""
    return line.width <= 150 and line.stops <= 1 and line.clean.endswith(("?", "!", "？", "！", "”", '"', "»"))


def _in_list(lines: Sequence[Line], at: int) -> bool:
    """Whether a line stands among others of its like, two above or two below."""
    above, below = lines[max(0, at - 2) : at], lines[at + 1 : at + 3]
    return (len(above) == 2 and all(map(_is_item, above))) or (len(below) == 2 and all(map(_is_item, below)))


def _is_item(line: Line) -> bool:
    return _is_bare(line) and not line.is_date and not line.is_number and not line.has_date and line.width >= 16


_WORD = re.compile(r"[^\W_]+")


def _grams(text: str, language: str) -> frozenset[str]:
    """What two texts are compared by: pairs of Han characters, stems of words."""
    if language.startswith(("zh", "ja")):
        found = {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}
        return frozenset(found)
    return frozenset(word.casefold()[:5] for word in _WORD.findall(text) if len(word) > 2)


def _type_inside(
    lines: Sequence[Line], types: list[BlockType], first: int, last: int, title: int | None, main: str
) -> None:
    same = {lines[title].key} if title is not None else set()
    inset = False
    for at in range(first, last + 1):
        line = lines[at]
        table = _believed(line)
        kind: BlockType
        if at == title:
            kind = BlockType.TITLE
        elif line.key in same:
            kind = BlockType.REPEATED_TITLE
        elif table == "turns":
            kind = BlockType.BODY
        elif table is not None:
            kind = _CUE_TYPES[table]
            if kind is BlockType.CAPTION and line.is_prose and line.stops >= 3:
                kind = BlockType.BODY
        elif line.is_date or (line.has_date and not line.ends and line.width < 120):
            kind = BlockType.DATELINE
        elif line.is_prose:
            kind = BlockType.BODY
        elif line.is_number:
            kind = BlockType.NUMBER
        elif line.is_credited:
            kind = BlockType.CAPTION
        elif line.opens_with_time:
            kind = BlockType.HEADLINES
        elif line.is_sentence:
            kind = BlockType.BODY
        elif inset:
            kind = BlockType.RELATED
        elif line.bullet and line.width >= 8:
            kind = BlockType.BODY
        else:
            kind = _heading_or_not(lines, at, last)
        if kind is BlockType.RELATED and line.cue is not None and (line.cue.whole or line.clean.endswith((":", "："))):
            inset = True
        elif kind in (BlockType.BODY, BlockType.TITLE):
            inset = False
        types[at] = kind


def _heading_or_not(lines: Sequence[Line], at: int, last: int) -> BlockType:
    """A short line without an end mark inside the body: a subhead stands alone above a paragraph."""
    line = lines[at]
    if line.width > 160 or line.separated > 1 or line.times > 2:
        return BlockType.OTHER
    run = 1
    step = at
    while step > 0 and _is_bare(lines[step - 1]):
        step -= 1
        run += 1
    step = at
    while step < last and _is_bare(lines[step + 1]):
        step += 1
        run += 1
    if run >= 4:
        return BlockType.HEADLINES
    if run >= 2 and line.width >= 36:
        return BlockType.RELATED  # headlines of other articles, set into the body
    return BlockType.SUBHEAD


def _is_bare(line: Line) -> bool:
    return not (line.is_prose or line.is_sentence or line.bullet or _believed(line) is not None)


def _type_above(lines: Sequence[Line], types: list[BlockType], first: int, title: int | None) -> None:
    same = {lines[title].key} if title is not None else set()
    for at in range(first):
        line = lines[at]
        if at == title:
            types[at] = BlockType.TITLE
        elif line.key in same:
            types[at] = BlockType.REPEATED_TITLE
        elif title is not None and at > title:
            types[at] = _between(line)
        else:
            types[at] = _furniture(line, BlockType.CHROME)


def _between(line: Line) -> BlockType:
    """A line between title and body."""
    table = _believed(line)
    if table is not None and table != "turns":
        return _CUE_TYPES[table]
    if line.is_date or (line.has_date and not line.ends):
        return BlockType.DATELINE
    if line.is_number:
        return BlockType.NUMBER
    if line.is_prose or line.is_sentence:
        return BlockType.BODY
    if line.is_credited:
        return BlockType.CAPTION
    if line.width >= 30 and not line.separated:
        return BlockType.SUBHEAD
    return BlockType.OTHER


def _type_below(lines: Sequence[Line], types: list[BlockType], last: int, title: int | None) -> None:
    section: BlockType | None = None
    for at in range(last + 1, len(lines)):
        line = lines[at]
        table = _believed(line)
        if title is not None and line.key == lines[title].key:
            types[at] = BlockType.REPEATED_TITLE
            continue
        if table in ("related", "comments"):
            section = _CUE_TYPES[table]
        types[at] = _furniture(line, section or BlockType.HEADLINES)


def _furniture(line: Line, otherwise: BlockType) -> BlockType:
    """What a line outside the article is."""
    table = _believed(line)
    if table == "caption":
        return BlockType.GALLERY
    if table is not None and table != "turns":
        return _CUE_TYPES[table]
    if line.is_date:
        return otherwise if otherwise in (BlockType.RELATED, BlockType.COMMENTS) else BlockType.HEADLINES
    if line.addresses and line.width < 120 and next(full_dates(line.clean, day_first=True), None) is None:
        return BlockType.CONTACT
    if line.is_number:
        return BlockType.NUMBER
    if line.width < 16 and otherwise is BlockType.HEADLINES:
        return BlockType.CHROME
    return otherwise


def _dateline(lines: Sequence[Line], types: list[BlockType], first: int, last: int, title: int | None) -> int | None:
    """The article's own line of date: beside the title, above the body, or right below it. Types it so.

    Where several dates stand there, the one nearest the title is taken.
    """
    if last < first:
        return None
    head = title if title is not None else first
    body = next((at for at in range(head + (title is not None), last + 1) if types[at] is BlockType.BODY), first)
    near = list(range(head + 1, body)) + list(range(head - 1, max(-1, head - 4), -1))
    if title is None:
        near = list(range(first - 1, max(-1, first - 4), -1))
    near += list(range(last + 1, min(len(lines), last + 3)))
    found = None
    for at in near:
        line = lines[at]
        if line.width > 200 or line.is_prose:
            continue
        if at > last and not line.is_date:
            continue
        if not line.has_date:
            continue
        if line.is_date:
            found = at
            break
        if found is None and (types[at] in _MAY_HOLD_DATE or types[at] is BlockType.DATELINE):
            found = at
    for at in range(first, last + 1):
        if types[at] is BlockType.DATELINE and at != found:
            types[at] = BlockType.OTHER
    for at in range(first):
        if types[at] is BlockType.DATELINE and at != found:
            types[at] = BlockType.CHROME
    if found is not None:
        types[found] = BlockType.DATELINE
    return found


# A line of date may also name the source, the author or the number of readers.
_MAY_HOLD_DATE = frozenset(
    {BlockType.BYLINE, BlockType.SOURCE, BlockType.OTHER, BlockType.CHROME, BlockType.COUNTS, BlockType.SHARE}
)

_LAST_DATE = re.compile(r"[\s.)）。]*$")


def _dated_title(title: str, day_first: bool) -> Day | None:
    """The full date a title ends with."""
    for _, end, day in full_dates(title, day_first=day_first or None):
        if _LAST_DATE.match(title, end):
            return day
    return None


_SOURCE = re.compile(r"^[\s(（【\[]*[^:：]{2,20}[:：]\s*([^\s:：|,，)）】\]][^:：|,，)）】\]]{1,40})")


def _named_source(lines: Sequence[Line], types: Sequence[BlockType]) -> str | None:
    for line, kind in zip(lines, types, strict=True):
        if kind is BlockType.SOURCE and (match := _SOURCE.match(line.clean)):
            return match.group(1).strip(" .。-–—\"'“”«»") or None
    return None


def _listed(lines: Sequence[Line], types: Sequence[BlockType], day_first: bool) -> tuple[Day, ...]:
    found = {
        day
        for line, kind in zip(lines, types, strict=True)
        if not kind.is_article and kind not in (BlockType.LEGAL, BlockType.CONTACT) and line.digits >= 5
        for _, _, day in full_dates(line.clean, day_first=day_first or None)
    }
    return tuple(sorted(found, key=lambda day: day.sort_key))
