"""The language of a stretch of text: by script and marker letters first, by a model only where these do not tell.

Start at `language_of`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

UNTOLD = "und"
"""The language of text that has no letters, or too few to tell (BCP 47)."""

# Characters that only one of the two Chinese scripts has, the commonest of each.
_HANS_ONLY = frozenset(
    "国这们个来时说为会过发对后里种没动还进样长从现开关无间问实应当战头产与业东车书见门让达条给军机总变电报设联组织议员确领导结经统权义纪约认论证张强师边济类"
)
_HANT_ONLY = frozenset(
    "國這們個來時說為會過發對後裡種沒動還進樣長從現開關無間問實應當戰頭產與業東車書見門讓達條給軍機總變電報設聯組織議員確領導結經統權義紀約認論證張強師邊濟類"
)

_SCRIPTS = (
    ("han", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 2),
    ("kana", re.compile("[\u3041-\u30fa\u30fd-\u30ff]"), 2),
    ("hangul", re.compile("[\uac00-\ud7a3]"), 2),
    ("cyrillic", re.compile("[\u0400-\u052f]"), 1),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), 1),
    ("arabic", re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]"), 1),
    ("hebrew", re.compile("[\u05d0-\u05ea]"), 1),
    ("greek", re.compile("[\u0370-\u03ff]"), 1),
    ("armenian", re.compile("[\u0531-\u0587]"), 1),
    ("georgian", re.compile("[\u10a0-\u10ff]"), 1),
    ("devanagari", re.compile("[\u0900-\u097f]"), 1),
    ("thai", re.compile("[\u0e01-\u0e5b]"), 1),
    ("khmer", re.compile("[\u1780-\u17ff]"), 1),
)
_ONE_LANGUAGE = {
    "hangul": "ko",
    "hebrew": "he",
    "greek": "el",
    "armenian": "hy",
    "georgian": "ka",
    "devanagari": "hi",
    "thai": "th",
    "khmer": "km",
}

# Letters that tell a language of the Cyrillic script from Russian.
_CYRILLIC = (
    ("be", re.compile("[ўЎ]")),
    ("uk", re.compile("[їЇєЄґҐ]")),
    ("tg", re.compile("[ҷҶҳҲӣӢӯӮ]")),
    ("kk", re.compile("[әӘғҒқҚұҰһҺ]")),
    ("ky", re.compile("[ңҢөӨүҮ]")),
    ("sr", re.compile("[ђЂљЉњЊћЋџЏ]")),
)
_VIETNAMESE = re.compile("[ăâđêôơưĂĐƠƯ\u1ea0-\u1ef9]")

_FREQUENT = {
    "en": "the of and to in is that for on with as by at from was has have be are it its this said will not an were",
    "pt": "de da do que em os as para com não uma um dos das mais na no ao pela pelo foi são",
    "es": "de la que el en los del las por con una para su al se un fue más es",
    "fr": "de la le les des et en du une que dans pour par sur au est qui un pas ce",
    "de": "der die das und den von zu mit des dem ist nicht ein eine auf für im",
    "it": "di il che la per un del della con non una sono le dei nel",
    "vi": "và của các trong cho với là được những đã này về khi người",
    "tr": "ve bir bu için ile olarak da de olan",
}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, default: str = UNTOLD) -> str:
    """The language of a text, as BCP 47 (zh-Hans, zh-Hant, ru, vi, en, pt ...).

    Args:
        text: a block; its first 2,000 characters decide.
        default: what a text too short to tell is taken for, if it is of the same script.
    """
    sample = text[:2000]
    weights = {name: weight * len(shape.findall(sample)) for name, shape, weight in _SCRIPTS}
    script = max(weights, key=weights.__getitem__)
    if not weights[script]:
        return default
    if script in ("han", "kana"):
        if weights["kana"] > 0.1 * weights["han"]:
            return "ja"
        return _chinese(sample, default)
    if script == "cyrillic":
        return _cyrillic(sample, default)
    if script == "latin":
        return _latin(sample, default)
    if script == "arabic":
        return "fa" if re.search("[پچژگک]", sample) else "ar"
    return _ONE_LANGUAGE[script]


def _chinese(text: str, default: str) -> str:
    simplified = sum(c in _HANS_ONLY for c in text)
    traditional = sum(c in _HANT_ONLY for c in text)
    if traditional > simplified:
        return "zh-Hant"
    if simplified or not default.startswith("zh"):
        return "zh-Hans"
    return default


def _cyrillic(text: str, default: str) -> str:
    for language, letters in _CYRILLIC:
        if len(letters.findall(text)) > 0.008 * len(text):
            return language
    if re.search("[ыэёЫЭЁ]", text) or len(text) < 40:
        return default if default in ("be", "kk", "ky", "tg", "mn") and len(text) < 40 else "ru"
    if "і" in text:
        return "uk"
    if len(text) < 120:
        return "ru"
    guess = _model(text)
    return guess if guess in ("bg", "mk", "sr", "uk", "mn", "kk", "ky", "tg", "be") else "ru"


def _latin(text: str, default: str) -> str:
    words = Counter(word.casefold() for word in _WORD.findall(text))
    count = words.total()
    if len(_VIETNAMESE.findall(text)) >= max(2, 0.25 * count):
        return "vi"
    hits = {language: sum(words[w] for w in frequent) for language, frequent in _frequent().items()}
    best = max(hits, key=hits.__getitem__)
    second = max((n for language, n in hits.items() if language != best), default=0)
    if hits[best] >= 2 and hits[best] > 1.3 * second:
        return best
    latin_default = default if not default.startswith(("zh", "ja")) and default not in ("ru", "ar", UNTOLD) else ""
    if len(text) >= 100 and sum(len(w) for w in words) > 60:
        return _model(text)
    if latin_default:
        return latin_default
    if hits[best] and hits[best] > second:
        return best
    return "en" if text.isascii() and count >= 3 else UNTOLD


@cache
def _frequent() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _FREQUENT.items()}


def _model(text: str) -> str:
    import py3langid

    language: str = py3langid.classify(text)[0]
    return language
