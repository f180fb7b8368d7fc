"""Untrusted words made harmless to look at: page text may hold terminal commands and signs that reorder a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# What moves the cursor, recolours or retitles a terminal, reorders text against reading order, or hides letters:
# C0 and C1 controls, bidi marks, overrides and isolates, line and paragraph separators, interlinear signs, tags,
# and lone surrogates, which no encoding can write. Joiners stay: Persian and Indic words need them.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[\s\u2028\u2029]+")
# Scripts written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and the Arabic presentation forms.
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LTR = re.compile("[A-Za-z\u00c0-\u02af\u0370-\u058f\u0900-\ud7ff\uf900-\ufaff]")
RTL_LANGUAGES: Final = frozenset({"ar", "fa", "he", "ur", "ps", "dv", "syr", "yi", "ckb"})


def _shown(match: re.Match[str]) -> str:
    point = ord(match.group())
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= point <= 0xDFFF else f"\u2039U+{point:04X}\u203a"


def harmless(text: str) -> str:
    """The text with every control, bidi and hidden sign written out (␛, ‹U+202E›); line ends and tabs stay."""
    return _HARMFUL.sub(_shown, text.replace("\r\n", "\n"))


def on_one_line(text: str) -> str:
    """The harmless text with all runs of white space as one space."""
    return harmless(_SPACES.sub(" ", text).strip())


def direction(text: str, language: str = "") -> str:
    """`rtl` or `ltr`: by the language where it is known, else by the first letter of a script that tells."""
    if language:
        return "rtl" if language.split("-")[0] in RTL_LANGUAGES else "ltr"
    rtl, ltr = _RTL.search(text), _LTR.search(text)
    return "rtl" if rtl and (not ltr or rtl.start() < ltr.start()) else "ltr"


def is_web_address(text: str) -> bool:
    """Whether a source may be made a link: http or https alone, so that no script hides in an address."""
    return bool(re.fullmatch(r"https?://[^\s\"'<>`\\]+", text))


def tidy(row: Mapping[str, object]) -> dict[str, object]:
    """The pairs that hold something."""
    return {key: value for key, value in row.items() if value not in (None, "", (), [], {})}
