"""Bytes to text: the encoding found by what the text would look like, and mix-ups undone where they can be.

Start at `decode`. The order: byte order marks, UTF-16 by its pattern of zeros, UTF-8 wherever it fits, the
charset an HTML page declares, then the legacy encodings of our languages by how common their letters would be.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# Enough of a page to tell its encoding; the whole is decoded once.
_SAMPLE = 64_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)

# Names that pages declare and what they mean by them (WHATWG Encoding Standard).
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "utf8": "utf-8",
    "unicode": "utf-8",
}

# The letters that fill running text. Decoded wrongly, bytes give others.
_COMMON_HANS = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与"
    "长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制"
    "身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题"
    "活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决"
    "治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领"
    "共确传师观清今切院让识候带导争运组织哈萨"
)
_COMMON_HANT = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作里裡用道行所"
    "然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與"
    "長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制"
    "身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題"
    "活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決"
    "治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領"
    "共確傳師觀清今切院讓識候帶導爭運組織哈薩"
)
_COMMON_KANA = frozenset(chr(c) for c in range(0x3041, 0x30FF))
_COMMON_RU = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфё«»—№")
_COMMON_VI = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĐ\u0300\u0301\u0303\u0309\u0323“”‘’–—…"
)
_COMMON_WEST = frozenset("àáâãäåçèéêëìíîïñòóôõöøùúûüœßÀÁÂÉÊÑÓÖÜ«»¿¡“”‘’–—…°ºª©®·\u00a0")
_COMMON_AR = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإؤئآ،؟")
_COMMON_EASTERN = frozenset("ąćęłńóśźżĄĆĘŁŚŻáčďéěíňóřšťúůýžőűăâîșțşţ“”‘’–—„")

# (encoding, its common letters, the share of them in running text)
_LEGACY: tuple[tuple[str, frozenset[str], float], ...] = (
    ("gb18030", _COMMON_HANS, 0.5),
    ("big5hkscs", _COMMON_HANT, 0.5),
    ("shift_jis", _COMMON_HANT | _COMMON_KANA, 0.6),
    ("cp1251", _COMMON_RU, 0.9),
    ("koi8-r", _COMMON_RU, 0.9),
    ("cp866", _COMMON_RU, 0.9),
    ("iso8859-5", _COMMON_RU, 0.9),
    ("cp1258", _COMMON_VI, 0.95),
    ("cp1252", _COMMON_WEST, 0.95),
    ("cp1250", _COMMON_EASTERN, 0.97),
    ("cp1256", _COMMON_AR, 0.95),
)

_HAN_PUNCTUATION = "，。、；：？！“”‘’《》（）—…"
_VIETNAMESE_ONLY = frozenset("đơưăĐƠƯĂ")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and what had to be mended, in words."""

    text: str
    encoding: str
    damage: tuple[str, ...] = ()


def decode(data: bytes, *, html: bool = False, charset: str = "") -> Decoded | None:
    """The text of bytes, or None where they hold none.

    Args:
        data: the bytes as they came.
        html: whether a declared charset is to be looked for.
        charset: one declared beside the bytes, tried before that.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decoded(data, name)
    wide = _utf16(data)
    if wide:
        return _decoded(data, wide)
    if _is_binary(data):
        return None
    try:
        return _unmixed(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    mostly = _mostly_utf8(data)
    if mostly:
        return mostly
    declared = _CHARSET.search(data[:8192]) if html else None
    within = declared.group(1).decode("ascii", "replace") if declared else ""
    for told in (charset, within):
        name = _MEANT.get(told.strip().lower(), told.strip().lower())
        if name and name != "utf-8" and _known(name) and _plausibility(data, name) > 0.2:
            return _decoded(data, name)
    scored = [(_plausibility(data, name), name) for name, _, _ in _LEGACY]
    best, name = max(scored, key=lambda pair: pair[0])
    if best < 0.35:
        if _control_share(data) > 0.005 or sum(b >= 0x80 for b in data[:_SAMPLE]) > 0.5 * min(len(data), _SAMPLE):
            return None
        return _decoded(data, "latin-1", ("no encoding fits well; read as Latin-1",))
    return _decoded(data, name)


def _decoded(data: bytes, encoding: str, damage: tuple[str, ...] = ()) -> Decoded | None:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > 20 and lost > 0.2 * len(text):
        return None
    if lost:
        damage = (*damage, f"{lost} characters could not be read as {encoding}")
    return Decoded(text, encoding, damage)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark, told by zeros that stand at every other byte."""
    sample = data[:_SAMPLE]
    if len(sample) < 8 or len(data) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.04 * half and even < 0.005 * half:
        return "utf-16-le"
    if even > 0.04 * half and odd < 0.005 * half:
        return "utf-16-be"
    if _control_share(sample) > 0.02:
        for name in ("utf-16-le", "utf-16-be"):  # Chinese has no zeros to tell it by
            text = sample.decode(name, "replace")
            if sum(c in _COMMON_HANS or c in _COMMON_HANT for c in text) > 0.3 * len(text):
                return name
    return None


_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 12, 13, 27)) + b"\x7f"


def _control_share(data: bytes) -> float:
    sample = data[:_SAMPLE]
    return (len(sample) - len(sample.translate(None, _CONTROLS))) / len(sample)


def _is_binary(data: bytes) -> bool:
    share = _control_share(data)
    if share <= 0.02:
        return False
    try:  # text with stray zeros is still text
        data[:_SAMPLE].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start < min(len(data), _SAMPLE) - 4 or share > 0.3
    return share > 0.3


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Text that is UTF-8 but for a few bytes, or line by line UTF-8 and another encoding."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    good = sum(c > "\u007f" for c in text) - lost
    if good >= 20 * lost:
        return Decoded(text, "utf-8", (f"{lost} bytes could not be read as UTF-8",))
    lines = data.split(b"\n")
    if good < 30 or len(lines) > 200_000:
        return None
    out: list[str] = []
    broken: list[int] = []
    for number, line in enumerate(lines):
        try:
            out.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            broken.append(number)
            out.append("")
    sound = sum(c > "\u007f" for line in out for c in line)
    if sound < 30:
        return None
    rest = b"\n".join(lines[n] for n in broken)
    best, name = max((_plausibility(rest, name), name) for name, _, _ in _LEGACY)
    if best < 0.35:
        return None
    for number in broken:
        out[number] = lines[number].decode(name, "replace")
    return Decoded("\n".join(out), f"utf-8 and {name}", (f"{len(broken)} lines are {name}, the others UTF-8",))


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _plausibility(data: bytes, encoding: str) -> float:
    """How far bytes read in an encoding look like text of its language, 0 to 1."""
    sample = data[:_SAMPLE]
    text = sample.decode(encoding, "replace")
    beyond = [c for c in text if c > "\u007f"]
    if not beyond:
        return 1.0 if encoding == "cp1252" else 0.0
    row = next((r for r in _LEGACY if r[0] == encoding), None)
    if row is None:
        odd = sum(c == "\ufffd" or "\u0080" <= c < "\u00a0" for c in beyond)
        return 1 - odd / len(beyond)
    _, common, share = row
    bad = sum(c == "\ufffd" or "\u0080" <= c < "\u00a0" or "\ue000" <= c < "\uf900" for c in beyond)
    if common is _COMMON_RU:
        hits = sum(c in common or (c.lower() in common and c.isupper() and 0.3) for c in beyond)
    elif common is _COMMON_VI:
        hits = sum(c in common for c in beyond)
        if not any(c in _VIETNAMESE_ONLY for c in beyond):
            hits = 0
    else:
        hits = sum(c in common for c in beyond)
    if encoding in ("gb18030", "big5hkscs", "shift_jis"):
        marks = sum(c in _HAN_PUNCTUATION for c in beyond)
        beyond_marks = len(beyond) - marks
        if not beyond_marks:
            return 0.0
        return max(0.0, min(1.0, hits / beyond_marks / share) - 5 * bad / len(beyond))
    score = min(1.0, hits / len(beyond) / share) - 2 * bad / len(beyond)
    if common in (_COMMON_WEST, _COMMON_EASTERN) and len(beyond) > 0.35 * len(text):
        score -= 0.5  # accented letters are a spice in these languages, not the meal
    if common in (_COMMON_RU, _COMMON_AR) and len(beyond) < 0.02 * len(text):
        score -= 0.3
    return max(0.0, score)


def _unmixed(text: str) -> Decoded:
    """UTF-8 text, with UTF-8 that was once read as GBK and saved again turned back where nothing was lost."""
    sample = text[:20_000]
    han = [c for c in sample if "\u4e00" <= c <= "\u9fff"]
    if len(han) < 20 or sum(c in _COMMON_HANS or c in _COMMON_HANT for c in han) > 0.2 * len(han):
        return Decoded(text, "utf-8")
    for name in ("gbk", "gb18030"):
        try:
            back = text.encode(name).decode("utf-8")
        except UnicodeError:
            continue
        return Decoded(back, f"utf-8 read as {name}", (f"the text was UTF-8 misread as {name}; turned back",))
    # The usual case: bytes that had no counterpart are lost, and so is every character they belonged to.
    back = text.replace("\ufffd", "?").encode("gbk", "replace").decode("utf-8", "replace")
    mended = [c for c in back[:20_000] if "\u4e00" <= c <= "\u9fff"]
    if len(mended) >= 20 and sum(c in _COMMON_HANS or c in _COMMON_HANT for c in mended) > 0.3 * len(mended):
        what = "the text was UTF-8 misread as GBK; turned back, some characters are lost"
        return Decoded(back, "utf-8 read as gbk", (what,))
    return Decoded(text, "utf-8")
