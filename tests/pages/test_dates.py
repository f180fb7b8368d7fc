"""Dates in running text: each language's words, resolved against an anchor, open where nothing fixes them."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.languages import load_languages
from foedus.pages.dates import Anchor, DateMention, find_dates, resolve
from foedus.terms import Day

SHARED = Path(__file__).parents[3] / "shared"
ANCHOR = Anchor(date(2022, 5, 17), 2022)


def read(text: str, lang: str, anchor: Anchor = ANCHOR, last: Day | None = None, *, ahead: bool = False) -> str | None:
    found = find_dates(text, load_languages()[lang].dates)
    fullest = max(found, key=lambda d: (d.is_full, -d.start), default=None)
    day = resolve(fullest, anchor, last, ahead=ahead) if fullest else None
    return day.edtf if day else None


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("峰会于2021年11月3日至5日举行", "zh", "2021-11-03/2021-11-05"),
        ("11月3日", "zh", "2021-11-03"),
        ("上月", "zh", "2022-04"),
        ("上周五", "zh", "2022-05-13"),
        ("两国签署了16份文件", "zh", None),
        ("16日元", "zh", None),
        ("ngày 15-16/9/2022", "vi", "2022-09-15/2022-09-16"),
        ("ngày 11.1", "vi", "2022-01-11"),
        ("Tuyên bố thứ hai", "vi", None),
        ("с 14 по 16 сентября", "ru", "2021-09-14/2021-09-16"),
        ("осенью 2023 года", "ru", "2023-23"),
        ("в 2010-2012 годах", "ru", "2010/2012"),
        ("September 15-16, 2021", "en", "2021-09-15/2021-09-16"),
        ("on Thursday", "en", "2022-05-12"),
        ("in 2010", "en", "2010"),
        ("2,500 troops", "en", None),
        ("from September 26 to October 13, 2021", "en", "2021-09-26/2021-10-13"),
        ("26 December – 3 January", "en", "2021-12-26/2022-01-03"),
        ("с 26 апреля по 13 мая", "ru", "2022-04-26/2022-05-13"),
        ("9月26日至10月13日", "zh", "2021-09-26/2021-10-13"),
        ("2021年9月26日至10月3日", "zh", "2021-09-26/2021-10-03"),
        ("từ ngày 26/9 đến ngày 13/10/2021", "vi", "2021-09-26/2021-10-13"),
        ("ngày 26 tháng 4 đến ngày 3 tháng 5", "vi", "2022-04-26/2022-05-03"),
    ],
)
def test_words(text: str, lang: str, day: str | None) -> None:
    assert read(text, lang) == day


def test_without_an_anchor_the_year_stays_open() -> None:
    assert read("6月25日", "zh", Anchor()) == "XXXX-06-25"
    assert read("去年7月", "zh", Anchor()) == "XXXX-07"
    assert read("昨天", "zh", Anchor()) is None


def test_a_bare_day_stands_in_the_month_last_spoken_of() -> None:
    assert read("16日", "zh", Anchor(), Day.parse("2019-11-05")) == "2019-11-16"
    assert read("6日", "zh", Anchor(), Day.parse("XXXX-06-25")) == "XXXX-06-06"


def test_the_day_after_the_one_spoken_of() -> None:
    assert read("6 января и на следующий день", "ru", ANCHOR) == "2022-01-06"
    assert read("The following day", "en", ANCHOR, Day.parse("2022-01-31")) == "2022-02-01"


def test_what_is_to_come_lies_ahead() -> None:
    assert read("20 ноября", "ru", ANCHOR, ahead=True) == "2022-11-20"
    assert read("20 ноября", "ru", ANCHOR) == "2021-11-20"


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["zh", "vi", "en"]))
def test_a_full_date_is_itself_whatever_the_anchor(day: date, lang: str) -> None:
    words = {
        "zh": f"{day.year}年{day.month}月{day.day}日",
        "vi": f"ngày {day.day}/{day.month}/{day.year}",
        "en": f"{day.day} {day:%B} {day.year}",
    }
    assert read(words[lang], lang, Anchor()) == day.isoformat()


@given(st.text(max_size=200), st.sampled_from(["zh", "vi", "ru", "en"]))
def test_any_text_gives_days_or_nothing(text: str, lang: str) -> None:
    found = find_dates(text, load_languages()[lang].dates)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for one in found:
        assert isinstance(one, DateMention)
        resolve(one, ANCHOR)
        resolve(one, Anchor())


def test_the_phrases_of_the_measuring_stick() -> None:
    stick = SHARED / "gold/dates.jsonl"
    if not stick.is_file():
        pytest.skip("../shared is not here: its dated phrases cannot be read")
    wrong = []
    for line in stick.read_text("utf8").splitlines():
        row = json.loads(line)
        if row["lang"] not in load_languages():
            continue
        reference = date.fromisoformat(row["reference"])
        last = Day.of(reference) if row["text"] == "当天" else None
        if read(row["text"], row["lang"], Anchor(reference, reference.year), last) not in row["accept"]:
            wrong.append(row["text"])
    assert wrong == []
