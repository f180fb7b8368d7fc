"""Lines of a page and what can be told of each by itself: length, sentence marks, cue words, language.

Start at `lines_of`. Which of them are the article is told by `article.py`, from their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from foedus.pages.datelines import full_dates, is_date_line
from foedus.pages.furniture import Cue, cue_of
from foedus.pages.repair import repair
from foedus.pages.tongue import UNTOLD, language_of

# What a line is judged by: its first characters. Only a line longer than any paragraph has more.
_JUDGED = 4000

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0003ffff]")
_ENDS = re.compile(r"[.!?。！？؟।։:：;；][”\"»“’')）\]】』」]*$|[。！？.!?,，][”\"»’]$")
_STOPS = re.compile(r"[.!?…](?=[”\"»’)]*\s+[^\W\d_a-zа-я])|[。！？؟।։]")
_COMMAS = re.compile("[,，、،;；]")
_BULLET = re.compile(r"^(?:[•·▪■◆◇○●▶►\-–—*✓]|\d{1,2}[.)、．]|[(（]?[一二三四五六七八九十\d]{1,2}[)）、])\s*")
_TIME = re.compile(r"\d{1,2}:\d{2}\s")
# A sentence, then a few words without an end mark: a picture's text and its credit.
_CREDITED = re.compile(r".{5,160}(?:[^\W\d_]{3}[.)]\s+|[。!！)）]\s*)[^\s.。!！?？,，:：][^.。!！?？,，]{1,24}")
_ADDRESS = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.\w|\+?\d[\d\s().-]{7,}\d")
_SEPARATED = re.compile(r"\s[|>»/·•]\s|\s{3,}|\t")


@dataclass(slots=True)
class Line:
    """One line with words in it, or several that a fixed width broke.

    `number` counts from 1, `last` is the number of its last line; `start` and `end` are offsets into the page.
    """

    number: int
    last: int
    start: int
    end: int
    clean: str
    width: int
    ends: bool
    stops: int
    commas: int
    letters: int
    digits: int
    bullet: bool
    addresses: int
    separated: int
    is_date: bool
    has_date: bool
    opens_with_time: bool
    cue: Cue | None
    language: str
    gap: int
    """Empty lines above it."""
    key: str
    """What the line is compared by: its letters and digits."""
    times: int = 1
    """How often the page says it."""
    table: str | None = None
    """The table of furniture.toml its cue words stand in, where they may be believed in a line of its length."""

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a paragraph: long, and made of sentences."""
        if self.width < 60 or self.letters < 0.5 * len(self.clean) or self.addresses > 2:
            return False
        if self.is_cut_off and self.width < 250:
            return False
        if self.ends:
            return self.stops + self.commas > 0 or self.width >= 60
        if self.bullet:
            return False
        return self.width >= 110 and (self.stops >= 1 or self.commas >= 4)

    @property
    def is_sentence(self) -> bool:
        """Whether it is short but ends as a sentence does."""
        return (
            not self.is_prose
            and self.ends
            and not self.is_cut_off
            and self.width >= 12
            and self.letters > 0.5 * len(self.clean)
        )

    @property
    def is_cut_off(self) -> bool:
        """Whether it ends as a teaser does, in the middle of its sentence."""
        return self.clean.endswith(("...", "…", "[…]", "[...]", "[..]"))

    @property
    def is_credited(self) -> bool:
        """Whether it reads as a picture's text with its credit after it."""
        return not self.ends and not self.bullet and self.width < 240 and bool(_CREDITED.fullmatch(self.clean))

    @property
    def is_number(self) -> bool:
        """Whether it holds no words, only a number, a code or a mark or two."""
        return self.letters <= 2 or (self.digits > 2 * self.letters and self.width < 40)


def lines_of(text: str) -> list[Line]:
    """The lines of a page that hold anything, in order; a line ends at each line feed (or lone carriage return)."""
    lines: list[Line] = []
    counts: dict[str, int] = {}
    blank = 0
    for number, start, end in _spans(text):
        if start == end:
            blank += 1
            continue
        lines.append(_line(text, number, number, start, end, blank))
        blank = 0
    lines = list(_unwrapped(text, lines))
    for line in lines:
        counts[line.key] = counts.get(line.key, 0) + 1
    for line in lines:
        line.times = counts[line.key]
        line.table = _believed(line)
    return lines


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


def _believed(line: Line) -> str | None:
    """The table of the line's cue words, where they may be believed in a line of that length."""
    if line.cue is None:
        return None
    if line.width > _BELIEVED_TO.get(line.cue.table, 10**9) and not line.cue.whole:
        return None
    if line.cue.table == "byline" and line.is_prose:
        return None
    return line.cue.table


_UNSEEN = " \t\r\u00a0\u3000\u200b\ufeff\u2003\u2002\u2009"


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each line, the space around it left out."""
    at = 0
    mark = "\r" if "\n" not in text and "\r" in text else "\n"
    for number, whole in enumerate(text.split(mark), 1):
        left = len(whole) - len(whole.lstrip(_UNSEEN))
        right = len(whole.rstrip(_UNSEEN))
        yield number, at + left, max(at + left, at + right)
        at += len(whole) + 1


def _language(received: str, clean: str) -> str:
    """The language of a line: of its repaired text, but for Chinese, whose script the repair changes."""
    language = language_of(received)
    return language if language.startswith("zh") or received == clean else language_of(clean)


def _unwrapped(text: str, lines: list[Line]) -> Iterator[Line]:
    """Lines as they were before a page of fixed width broke them; a page without such breaks comes back as it is."""
    run: list[Line] = []
    for line in lines:
        if run and (line.gap or line.cue or line.is_date or line.is_number or line.bullet or line.width > _WIDEST):
            yield from _joined(text, run)
            run = []
        run.append(line)
    yield from _joined(text, run)


# Lines wider than this are paragraphs, and narrower ones may be broken parts of one.
_WIDEST = 140
_LOWER = re.compile(r"[^\w]*[^\W\d_]")


def _joined(text: str, run: list[Line]) -> Iterator[Line]:
    """The lines of a stretch without empty lines, those put together that were one."""
    full = max((line.width for line in run), default=0)
    han = sum(line.language.startswith("zh") for line in run) > len(run) / 2
    if han:
        # Broken lines of Han are as wide as the page but where a paragraph ends; headlines are of any width.
        broken = [line for line in run if not line.ends and line is not run[-1]]
        is_broken = (
            40 <= full <= _WIDEST
            and len(broken) >= 2
            and all(line.width >= full - 4 and not line.is_cut_off for line in broken)
            and any(line.stops for line in run)
            and sum(line.commas for line in run) >= len(run) / 2
        )
    else:
        # In scripts with capitals, a line that goes on begins with a small letter.
        goes_on = sum(_begins_small(line) and not above.ends for above, line in pairwise(run))
        is_broken = 40 <= full <= _WIDEST and goes_on >= 1 and goes_on >= 0.25 * (len(run) - 1)
    if not is_broken:
        yield from run
        return
    part: list[Line] = []
    for line in run:
        part.append(line)
        if line.ends or line.width < 0.6 * full:
            yield _whole(text, part)
            part = []
    if part:
        yield _whole(text, part)


def _begins_small(line: Line) -> bool:
    match = _LOWER.match(line.clean)
    return match is not None and line.clean[match.end() - 1].islower()


def _whole(text: str, part: list[Line]) -> Line:
    first, last = part[0], part[-1]
    if first is last:
        return first
    return _line(text, first.number, last.number, first.start, last.end, first.gap)


def _line(text: str, number: int, last: int, start: int, end: int, blank: int) -> Line:
    wrapped = last > number
    if end - start > _JUDGED:  # its middle tells nothing more
        opening = repair(text[start : start + _JUDGED - 200], unwrap=wrapped).text
        clean = opening + repair(text[end - 200 : end], unwrap=wrapped).text
    else:
        clean = repair(text[start:end], unwrap=wrapped).text
    clean = clean.strip()
    wide = len(_WIDE.findall(clean))
    letters = sum(c.isalpha() for c in clean)
    width = len(clean) + wide
    return Line(
        number=number,
        last=last,
        start=start,
        end=end,
        clean=clean,
        width=width,
        ends=bool(_ENDS.search(clean)),
        stops=len(_STOPS.findall(clean)),
        commas=len(_COMMAS.findall(clean)),
        letters=letters,
        digits=sum(c.isdigit() for c in clean),
        bullet=bool(_BULLET.match(clean)),
        addresses=len(_ADDRESS.findall(clean)),
        separated=len(_SEPARATED.findall(clean)),
        is_date=is_date_line(clean),
        has_date=width <= 300
        and any(c.isdigit() for c in clean)
        and next(full_dates(clean, day_first=True), None) is not None,
        opens_with_time=bool(_TIME.match(clean)),
        cue=cue_of(clean, width),
        language=_language(text[start : min(end, start + 2000)], clean) if letters else UNTOLD,
        gap=blank,
        key="".join(c for c in clean[:300].casefold() if c.isalnum()),
    )
