"""Repairs: each kind of damage mended, sound text left alone, and every character led back to where it came from."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.pages.repair import repair


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("六國領(lǐng)導(dǎo)人", "六国领导人"),
        ("危機(jī)應(yīng)對", "危机应对"),
        ("他說(shuō)話(huà)是為(de)了", "他说话是为了"),
        ("他说：“我们会回应的?!?", "他说：“我们会回应的。”"),
        ("他说：“我们会回应的。?", "他说：“我们会回应的。”"),
        ("他说：“真是这样吗？?", "他说：“真是这样吗？”"),
        ("各方同意,会议结束", "各方同意，会议结束"),
        ("他问:谁会来?答案是没有", "他问：谁会来？答案是没有"),
        ("会议(特别会议)结束", "会议（特别会议）结束"),
        ("２０２２年１月", "2022年1月"),
        ("ＣＳＴＯ成员", "CSTO成员"),
        ("会议,,在北京,、上海", "会议，在北京、上海"),
        ("衛 生 署 表 示 ， 一 名 病 人", "卫生署表示，一名病人"),
        ("這意味著著名的衞生組織", "这意味着著名的卫生组织"),
        ("Tiê\u0301ng Viê\u0323t", "Tiếng Việt"),
        ("1\u00a0января 2022\u202fг.", "1 января 2022 г."),
        ("Mins\u00adk, Be\u200blarus", "Minsk, Belarus"),
        ("ÐŸÑ€ÐµÐ·Ð¸Ð´ÐµÐ½Ñ‚", "Президент"),
        ("РџСЂРµР·РёРґРµРЅС‚", "Президент"),
        ("dÃ©claration", "déclaration"),
    ],
)
def test_each_kind_of_damage_is_mended(damaged: str, clean: str) -> None:
    assert repair(damaged).text == clean


@pytest.mark.parametrize(
    "sound",
    [
        "",
        "The ministers met in Minsk (Belarus), and “agreed”: yes!?",
        "Министры встретились в Минске: «Всё готово?!» — спросил он.",
        "Ngày 20/6, các bộ trưởng đã họp (lần thứ ba).",
        "真的吗？！他说：“不。”",
        "12:30 会议开始；13,000人参加。",
        "组织（CSTO）与北约（NATO）",
        "他的著作很著名，成绩显著",
        "Он сказал: “Да?!?",
    ],
)
def test_sound_text_is_left_alone(sound: str) -> None:
    mended = repair(sound, 7)
    assert mended.text == sound
    assert not mended.is_changed
    assert mended.origin(0, len(sound)) == (7, 7 + len(sound))


def test_a_swallowed_quote_needs_a_quote_that_stands_open() -> None:
    assert repair("谁会来?!? 没有人。").text.count("”") == 0
    assert repair("“好”，谁会来?!?").text.count("”") == 1
    assert repair("“好。”他说，“再见?!?").text == "“好。”他说，“再见。”"


def test_a_gloss_in_brackets_is_no_font_artefact() -> None:
    assert "nato" in repair("北约(nato)成员").text
    assert "lǐng" not in repair("领(lǐng)导人").text


def test_origin_and_clean_at_lead_to_each_other_over_what_was_dropped() -> None:
    page = "前文。六國領(lǐng)導(dǎo)人一致"
    mended = repair(page[3:], 3)
    at = mended.text.index("领导人")
    start, end = mended.origin(at, at + 3)
    assert page[start:end] == "領(lǐng)導(dǎo)人"
    assert mended.clean_at(start) == at
    assert mended.clean_at(start + 3) == at + 1  # inside the dropped reading: the next character kept
    assert mended.clean_at(0) == 0
    assert mended.clean_at(len(page) + 9) == len(mended.text)


def test_a_closing_quote_points_at_what_is_left_of_it() -> None:
    text = "他说：“不?!?"
    mended = repair(text)
    start, end = mended.origin(mended.text.index("。"), len(mended.text))
    assert text[start:end] == "?!?"


def test_a_slice_that_is_none_is_refused() -> None:
    with pytest.raises(IndexError, match="no slice of 2"):
        repair("ab").origin(1, 3)


HAN = st.sampled_from("國领導人会議應对和北約的在,，。“”?!（）() 1０Ａa")
LATIN = st.sampled_from("ệeê\u0301\u0323 ơưaÃ©\u00a0\u200b.,")
CYRILLIC = st.sampled_from("Министр,.- й\u0306РџСЂ\u00ad")
ARTEFACT = st.sampled_from(["領(lǐng)", "(dǎo)", "?!?", "。?", ",,", "ế", "國 家 的 人 民 在 "])
# What decoding gives: no lone surrogates, which no page can hold.
TEXTS = st.lists(st.one_of(HAN, LATIN, CYRILLIC, ARTEFACT, st.characters(codec="utf-8")), max_size=60).map("".join)


@given(TEXTS, st.integers(0, 1000), st.data())
def test_every_slice_comes_from_characters_that_give_it(text: str, base: int, data: st.DataObject) -> None:
    mended = repair(text, base)
    size = len(mended.text)
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    left, right = mended.origin(start, end)
    assert base <= left <= right <= base + len(text)
    assert (start == end) == (left == right)
    # Origins run in the order of the text, and slices that follow each other overlap only in one shared origin.
    spans = [mended.origin(i, i + 1) for i in range(size)]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))
    assert all(a == b or a[1] <= b[0] for a, b in pairwise(spans))
    # A character that was not changed is where its origin says.
    for char, (a, b) in zip(mended.text, spans, strict=True):
        source = text[a - base : b - base]
        assert source
        if b - a == 1 and not unicodedata.category(char).startswith(("P", "Z")) and source.isascii():
            assert char == source


@given(TEXTS)
def test_clean_at_undoes_origin(text: str) -> None:
    mended = repair(text, 5)
    for at in range(len(mended.text)):
        start, _ = mended.origin(at, at + 1)
        back = mended.clean_at(start)
        assert mended.origin(back, back + 1) == mended.origin(at, at + 1)


@given(st.text("абвгдеёжзийклмнопрст АБВ,.!?«»—-0123456789abcdefghABC:;'", max_size=80))
def test_text_of_plain_letters_is_never_changed(text: str) -> None:
    assert repair(text).text == text


@given(st.text("的一是在会议国家组织和对，。！：；（）“”《》0123456789", max_size=80))
def test_simplified_text_with_its_own_marks_is_never_changed(text: str) -> None:
    if "，，" not in text:
        assert repair(text).text == text


@given(TEXTS)
def test_repairing_twice_is_repairing_once_for_marks_and_spaces(text: str) -> None:
    once = repair(text).text
    twice = repair(once).text
    assert len(twice) <= len(once) + once.count("?") * 2
