"""Repairs of a text that keep, for every character, where it came from.

Start at `repair`. What reads names and verbs matches on `Repaired.text`; evidence is shown from the page as
received, so `Repaired.origin` leads every slice back. A text without damage comes back unchanged.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# A page font without the character leaves its reading behind it: 領(lǐng). The reading has a tone mark,
# but for the few toneless ones, which are taken only where another artefact stands beside them.
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_READING = re.compile(rf"(?<=[{_HAN}])[(（]([a-zü{_TONED}]{{1,6}})[)）]")
_HAS_TONE = re.compile(rf"[{_TONED}]")

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000e-\u001f\u007f\u0080-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0b\uff0d\uff0e\uff0f]")
_HAS_HAN = re.compile(f"[{_HAN}]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7a3]")
_CLUSTER = re.compile("[^\u0300-\u036f\\s][\u0300-\u036f]+")

# Half-width marks that stand for full-width ones beside Han characters.
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_MARK = re.compile(f"(?<=[{_HAN}”’》）」』〉】])[,;:?!()]|[,;:?!()](?=[{_HAN}“‘《（「『〈【])")
_DOUBLED = re.compile("[，,]+[，、]")

# What is left of 。” when its bytes were cut in the wrong place and the rest shown as question marks.
_SWALLOWED = re.compile(r"\?!\?|[。！？]\?|\?!|[。！？]?\ufffd+\??")
_SWALLOWED_IS = {"?!?": "。”", "。?": "。”", "！?": "！”", "？?": "？”", "?!": "？！”"}

_SPACED = re.compile(rf"[{_HAN}](?: [{_HAN}，。、；：？！]){{5}}")
_ONE_SPACED = re.compile(rf"[{_HAN}] (?=[{_HAN}，。、；：？！“”])")
_SPACE_BETWEEN = re.compile(rf"(?<=[{_HAN}，。、；：？！“”]) +(?=[{_HAN}，。、；：？！“”])")

_LINE_END = re.compile(r"[ \t\u3000]*\r?\n[ \t\u3000]*")
_RUNS_ON = re.compile(rf"[{_HAN}，。、；：？！“”《》（）0-9A-Za-z]")

# Suspicious pairs: UTF-8 read as Latin-1 or Windows-1252, and as Windows-1251.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
    "|[РСГ][\u0080-\u00bf\u0402-\u040f\u0452-\u045f\u201a\u201e\u2026\u2020-\u2022\u20ac\u2030\u2039\u2018-\u201d"
    "\u2013\u2014\u2122\u203a\u0490\u0491\u0406\u0456\u0451\u2116]"
)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A clean text and where each of its characters came from.

    Character i of `text` came from characters `_starts[i]` to `_ends[i]` (end excluded) of the page; both
    are empty where nothing was repaired, and offset i is then `base` + i.
    """

    text: str
    base: int = 0
    length: int = 0
    _starts: Sequence[int] = field(default=(), repr=False, hash=False)
    _ends: Sequence[int] = field(default=(), repr=False, hash=False)

    @property
    def is_changed(self) -> bool:
        """Whether anything was repaired."""
        return bool(self._starts) or len(self.text) != self.length

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the page of the characters that gave `text[start:end]`; empty for an empty slice.

        Raises:
            IndexError: not a slice of the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"{start}:{end} is no slice of {len(self.text)} characters")
        if not self.is_changed:
            return self.base + start, self.base + end
        if start == end:
            at = self._starts[start] if start < len(self.text) else self.length
            return self.base + at, self.base + at
        return self.base + self._starts[start], self.base + self._ends[end - 1]

    def clean_at(self, offset: int) -> int:
        """The offset into `text` of what stands at an offset of the page.

        What was dropped there gives the next character kept; before the text 0, past its end its length.
        """
        inside = offset - self.base
        if not self.is_changed:
            return min(max(inside, 0), len(self.text))
        at = bisect_right(self._starts, inside) - 1
        if at >= 0 and inside < self._ends[at]:  # several characters may share one origin: take the first
            return bisect_left(self._starts, self._starts[at])
        return bisect_left(self._starts, inside)


def repair(text: str, base: int = 0, *, unwrap: bool = False) -> Repaired:
    """The clean text of a stretch of page.

    Args:
        text: a block of a page, or any stretch of one.
        base: where it starts in the page, so that origins are offsets into the page.
        unwrap: whether line ends inside it were made by a page of fixed width and are to be taken out again.
    """
    draft = _Draft(text)
    if unwrap:
        draft.edit(_line_ends)
    if not text.isascii():
        if _MOJIBAKE.search(text):
            draft.edit(_unmojibake)
        draft.edit(_drop_unseen)
        draft.edit(_plain_spaces)
        draft.edit(_narrow)
        draft.edit(_composed)
        if _HAS_HAN.search(draft.text):
            draft.edit(_drop_readings)
            draft.edit(_close_up)
            draft.edit(_closing_quotes)
            draft.edit(_full_marks)
            draft.edit(_doubled_marks)
            draft.edit(_simplified)
    else:
        draft.edit(_drop_unseen)
    return draft.done(base)


_Edit = tuple[int, int, str]
"""Characters start to end are to read so; a replacement of the same length keeps each character's own origin."""


class _Draft:
    """A text under repair: `text[i]` came from `starts[i]` to `ends[i]`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.length = len(text)
        self.starts: array[int] | None = None
        self.ends: array[int] | None = None

    def edit(self, find: Callable[[str], Iterator[_Edit]]) -> None:
        edits = list(find(self.text))
        if not edits:
            return
        if all(end - start == len(new) for start, end, new in edits):
            self.text = "".join(self._pieces(edits))
            if self.starts is None:
                self._begin()
            return
        if self.starts is None:
            self._begin()
        assert self.starts is not None and self.ends is not None
        starts, ends = array("I"), array("I")
        at = 0
        for start, end, new in edits:
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            if end - start == len(new):
                starts += self.starts[start:end]
                ends += self.ends[start:end]
            elif new:
                starts += array("I", [self.starts[start]] * len(new))
                ends += array("I", [self.ends[end - 1]] * len(new))
            at = end
        starts += self.starts[at:]
        ends += self.ends[at:]
        self.text = "".join(self._pieces(edits))
        self.starts, self.ends = starts, ends

    def _pieces(self, edits: list[_Edit]) -> Iterator[str]:
        at = 0
        for start, end, new in edits:
            yield self.text[at:start]
            yield new
            at = end
        yield self.text[at:]

    def _begin(self) -> None:
        self.starts = array("I", range(self.length))
        self.ends = array("I", range(1, self.length + 1))

    def done(self, base: int) -> Repaired:
        if self.starts is None or self.ends is None:
            return Repaired(self.text, base, self.length)
        return Repaired(self.text, base, self.length, self.starts, self.ends)


def _unmojibake(text: str) -> Iterator[_Edit]:
    """UTF-8 once read as a single-byte encoding, word by word; each character came from as many as it has bytes."""
    import ftfy

    for run in re.finditer(r"[^\x00-\x7f][^\n]*[^\x00-\x7f]|[^\x00-\x7f]", text):
        fixed = ftfy.fix_text(run.group(), config=_ftfy_config())
        if fixed == run.group():
            continue
        at = run.start()
        aligned = _aligned(run.group(), fixed)
        if aligned is None:
            yield run.start(), run.end(), fixed
            continue
        for length, char in aligned:
            if length != 1 or text[at] != char:
                yield at, at + length, char
            at += length


def _aligned(bad: str, fixed: str) -> list[tuple[int, str]] | None:
    """How many characters of the bad text each character of the fixed one came from, where that can be told."""
    out: list[tuple[int, str]] = []
    at = 0
    for char in fixed:
        size = len(char.encode("utf-8"))
        if at < len(bad) and bad[at] == char:
            size = 1
        if at + size > len(bad):
            return None
        out.append((size, char))
        at += size
    return out if at == len(bad) else None


@cache
def _ftfy_config() -> Any:
    import ftfy

    return ftfy.TextFixerConfig(
        uncurl_quotes=False,
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_terminal_escapes=False,
        remove_control_chars=False,
        normalization=None,
        replace_lossy_sequences=False,
        restore_byte_a0=False,
        explain=False,
    )


def _line_ends(text: str) -> Iterator[_Edit]:
    """A line end inside a paragraph: nothing beside a Han character, else a space."""
    for match in _LINE_END.finditer(text):
        above, below = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        both_run_on = _RUNS_ON.fullmatch(above) and _RUNS_ON.fullmatch(below)
        beside_han = bool(both_run_on) and not (above + below).isascii()
        yield match.start(), match.end(), "" if beside_han else " "


def _drop_unseen(text: str) -> Iterator[_Edit]:
    for match in _UNSEEN.finditer(text):
        yield match.start(), match.end(), ""


def _plain_spaces(text: str) -> Iterator[_Edit]:
    for match in _SPACES.finditer(text):
        yield match.start(), match.end(), " "


def _narrow(text: str) -> Iterator[_Edit]:
    for match in _WIDE.finditer(text):
        yield match.start(), match.end(), chr(ord(match.group()) - 0xFEE0)


def _composed(text: str) -> Iterator[_Edit]:
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _CLUSTER.finditer(text):
        whole = unicodedata.normalize("NFC", match.group())
        if whole != match.group():
            yield match.start(), match.end(), whole


def _drop_readings(text: str) -> Iterator[_Edit]:
    found = list(_READING.finditer(text))
    if any(_HAS_TONE.search(match.group(1)) for match in found):
        for match in found:
            yield match.start(), match.end(), ""


def _close_up(text: str) -> Iterator[_Edit]:
    """Text set with a space after every character, closed up again."""
    if not _SPACED.search(text):
        return
    spaced, han = len(_ONE_SPACED.findall(text)), len(_HAS_HAN.findall(text))
    if spaced < 0.6 * han:
        return
    for match in _SPACE_BETWEEN.finditer(text):
        yield match.start(), match.end(), ""


def _closing_quotes(text: str) -> Iterator[_Edit]:
    """The closing quote a wrong decoding swallowed, at a sentence's end while a quote stands open."""
    if "“" not in text:
        return
    for match in _SWALLOWED.finditer(text):
        after = text[match.end() : match.end() + 1]
        if after and not (after.isspace() or after in "“《" or _HAS_HAN.match(after)):
            continue
        opened, closed = text.rfind("“", 0, match.start()), text.rfind("”", 0, match.start())
        following = text.find("”", match.end()), text.find("“", match.end())
        if opened <= closed or (following[0] >= 0 and (following[1] < 0 or following[0] < following[1])):
            continue
        yield match.start(), match.end(), _SWALLOWED_IS.get(match.group(), "。”")


def _full_marks(text: str) -> Iterator[_Edit]:
    for match in _MARK.finditer(text):
        yield match.start(), match.end(), _MARKS[match.group()]


def _doubled_marks(text: str) -> Iterator[_Edit]:
    """Commas that copying sites sow twice; the last of each run stands for all."""
    for match in _DOUBLED.finditer(text):
        yield match.start(), match.end(), match.group()[-1]


# What `t2s` leaves: rarer forms of a character that Hong Kong and older pages use, and 著 as a particle.
_VARIANTS = str.maketrans(
    "衞倂吿囘寗徧搾擧曁槪汚涖澁濶煑畧硏窓竝緖羗菓蠭覇踫軆郞鄕隷靑飮騐髙鬪鬬黒",
    "卫并告回宁遍榨举暨概污莅涩阔煮略研窗并绪羌果蜂霸碰体郎乡隶青饮验高斗斗黑",
)
_ZHE = re.compile("(?<![显卓名编原土论专巨昭遗译合])著(?![名作称述者书])")


def _simplified(text: str) -> Iterator[_Edit]:
    """Traditional characters as Simplified ones; a phrase whose length changes keeps the origin of the whole."""
    if _KANA_OR_HANGUL.search(text):
        return
    convert = _t2s()
    new = convert(text)
    if new != text:  # 著 is left as it is in 著名, and in text that was Simplified already
        new = _ZHE.sub("着", new)
    new = new.translate(_VARIANTS)
    if new == text:
        return
    if len(new) == len(text):
        for at, (old, char) in enumerate(zip(text, new, strict=True)):
            if old != char:
                yield at, at + 1, char
        return
    for at, old in enumerate(text):
        char = convert(old).translate(_VARIANTS)
        if char != old:
            yield at, at + 1, char


@cache
def _t2s() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
