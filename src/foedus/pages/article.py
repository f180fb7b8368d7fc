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
from foedus.pages.stretch import main_language, stretch_of
from foedus.pages.title import dated_title, is_bare, title_of
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


def read_article(page: Page) -> Article:
    """The article of a page. A page without one has no title and no body, and all its blocks are furniture."""
    lines = lines_of(page.text)
    main = main_language(lines)
    first, last = stretch_of(lines, main, page.heading)
    types = [BlockType.OTHER] * len(lines)
    title, _ = title_of(lines, first, last, page.heading, main)
    _type_inside(lines, types, first, last, title)
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
        published = dated_title(lines[title].clean, day_first)
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


def _type_inside(lines: Sequence[Line], types: list[BlockType], first: int, last: int, title: int | None) -> None:
    same = {lines[title].key} if title is not None else set()
    inset = False
    for at in range(first, last + 1):
        line = lines[at]
        table = line.table
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
        elif (line.bullet and line.width >= 8) or (line.width >= 100 and line.commas):
            kind = BlockType.BODY
        else:
            kind = _heading_or_not(lines, at, last)
        if kind is BlockType.RELATED and line.cue is not None and (line.cue.whole or line.clean.endswith((":", "："))):
            inset = True
        elif kind in (BlockType.BODY, BlockType.TITLE):
            inset = False
        types[at] = kind


# So many bare lines in a row are a list.
_RUN = 4


def _heading_or_not(lines: Sequence[Line], at: int, last: int) -> BlockType:
    """A short line without an end mark inside the body: a subhead stands alone above a paragraph."""
    line = lines[at]
    if line.width > 160 or line.separated > 1 or line.times > 2:
        return BlockType.OTHER
    above = next((n for n in range(_RUN) if at - n <= 0 or not is_bare(lines[at - n - 1])), _RUN)
    below = next((n for n in range(_RUN) if at + n >= last or not is_bare(lines[at + n + 1])), _RUN)
    run = above + 1 + below
    if run >= _RUN:
        return BlockType.HEADLINES
    if run >= 2 and line.width >= 36:
        return BlockType.RELATED  # headlines of other articles, set into the body
    return BlockType.SUBHEAD


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
    table = line.table
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
        table = line.table
        if title is not None and line.key == lines[title].key:
            types[at] = BlockType.REPEATED_TITLE
            continue
        if table in ("related", "comments"):
            section = _CUE_TYPES[table]
        types[at] = _furniture(line, section or BlockType.HEADLINES)


def _furniture(line: Line, otherwise: BlockType) -> BlockType:
    """What a line outside the article is."""
    table = line.table
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
