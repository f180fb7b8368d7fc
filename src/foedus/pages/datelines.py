"""Dates that stand in a page's own lines of date: full dates only, and lines that are little else.

Start at `full_dates`. Dates inside running text are read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from foedus.terms import Day

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en_short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ru_short": "янв фев мар апр май июн июл авг сен окт ноя дек",
}
_MONTH = {name: at for names in _MONTHS.values() for at, name in enumerate(names.split(), 1)} | {
    "sept": 9,
    "setiembre": 9,
}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))

_FORMS = re.compile(
    r"(?<!\d)(?<!\d[-/.])(?P<y1>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m1>\d{1,2})\s?[-/.月]\s?(?P<d1>\d{1,2})(?!\d)日?"
    r"|(?<!\d)(?<!\d[-/.])(?P<d2>\d{1,2})\s?[-/.]\s?(?P<m2>\d{1,2})\s?[-/.]\s?(?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º)?[\s-]+(?:de\s+)?(?P<m3>{_NAMES})\.?,?(?:[\s-]+(?:de\s+|del\s+)?)(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\w)(?P<m4>{_NAMES})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)(?P<d5>\d{1,2})\s+tháng\s+(?P<m5>\d{1,2}),?\s+(?:năm\s+)?(?P<y5>(?:19|20)\d\d)(?!\d)",
    re.I,
)

# What may stand beside the date in a line of date: clock times, weekdays, zones, small words.
_BESIDE = re.compile(
    r"\d{1,2}[:：.h]\d{2}(?:[:：]\d{2})?\s*(?:[ap]\.?m\.?)?|\(?gmt\s*[+-]?\s*\d*\)?|utc\s*[+-]?\s*\d*|\b(?:msk|мск|est|edt|pst|cet|ist|bst|ct|et)\b"
    r"|星期[一二三四五六日天]|周[一二三四五六日]|发布时间|发表时间|发稿时间|更新时间|更新|时间|发布于|发布|日期|发表于"
    r"|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|ngày|cập nhật|lúc|đăng|giờ|xuất bản|sáng|chiều|tối"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|опубликовано|обновлено|дата|\bв\b|\bг\.|года|время|публикации|размещено"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|published|updated|posted|last|date|\bon\b|\bat\b|\bam\b|\bpm\b|created|modified|first|time|release|issued"
    r"|publicado|atualizado|actualizado|publié|modifié|mis à jour|\ble\b|\bà\b|\bem\b|\bel\b|\bde\b",
    re.I,
)


# A time of day, or how long ago: such a line dates an item without telling its day.
_CLOCK = re.compile(
    r"\d{1,2}[:：]\d{2}|\d+\s*(?:小时前|分钟前|天前|hours? ago|minutes? ago|days? ago|час|минут|giờ trước|phút trước)"
)


def full_dates(text: str, *, day_first: bool | None = None) -> Iterator[tuple[int, int, Day]]:
    """Full dates (day, month and year) of a text, with where each stands.

    Args:
        text: repaired text of a line; its first 4,000 characters are read.
        day_first: how 06/01/2022 is to be read; None takes it only where one number cannot be a month.
    """
    for match in _FORMS.finditer(text[:4000]):
        parts = match.groupdict()
        which = next(n for n in "12345" if parts["y" + n])
        year, month, day = parts["y" + which], parts["m" + which], parts["d" + which]
        number = _MONTH.get(month.casefold()) or int(month)
        in_month = int(day)
        if which == "2" and "." not in match.group():
            if in_month <= 12 < number or (day_first is False and number <= 31 and in_month <= 12):
                number, in_month = in_month, number
            elif day_first is None and number <= 12 and in_month <= 12 and number != in_month:
                continue
        try:
            found = date(int(year), number, in_month)
        except ValueError:
            continue
        yield match.start(), match.end(), Day.of(found)


def is_date_line(text: str) -> bool:
    """Whether a line is a date or a clock time, and little else."""
    if len(text) > 160:
        return False
    found = list(full_dates(text, day_first=True))
    if not found:
        return len(text) < 40 and bool(_CLOCK.search(text)) and sum(c.isalpha() for c in text) <= 14
    rest = text
    for start, end, _ in reversed(found):
        rest = rest[:start] + " " + rest[end:]
    rest = _BESIDE.sub(" ", rest)
    return sum(c.isalnum() for c in rest) <= 4
