"""Articles told from their furniture: small pages with litter in each language, and the pages at hand as a floor."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.pages.article import Article, BlockType, read_article
from foedus.pages.files import receive
from foedus.pages.page import Page, page_of

SHARED = Path(__file__).parents[3] / "shared"


def article_of(text: str, name: str = "page.txt") -> Article:
    page = page_of(text.encode(), name)
    assert isinstance(page, Page)
    return read_article(page)


def kinds(article: Article) -> dict[int, str]:
    return {block.line: block.type.value for block in article.blocks}


CHINESE = """远山新闻网
首页 国内 国际 财经 登录 注册
当前位置：首页 > 国际

五国外长在海边小城签署备忘录
2021-03-04 09:15 来源：远山新闻网 浏览 312
分享到：微信 微博

五国外交部长3月3日在海边小城举行会议，讨论了共同关心的边界问题，并签署了一份备忘录。
会场外的旗帜。远山新闻网资料图
会议主席说，备忘录将提交各国议会审议，预计年内生效，届时将设立联合委员会。
各方反应
“这是重要的一步。”一名与会代表对记者表示，但他没有透露更多细节，只说下次会议将在秋天举行。
问：秘书处设在哪里？
答：还没有定。

责任编辑：林远
标签：外长会议 备忘录
相关阅读
城市地铁新线开通试运行，票价三元
2021-03-05 10:00
秋天的果园迎来丰收，游客纷纷前来采摘
2021-03-05 11:30
网友评论
山里人：写得不错，希望以后多报道这样的消息，谢谢编辑同志们。
未经授权不得转载。联系电话：000-0000-0000
All rights reserved. No part of this page may be copied or used in any form without permission of the site.
"""

RUSSIAN = """Вестник залива
Главная | Политика | Спорт
Пять министров подписали меморандум в приморском городе
4 марта 2021, 09:15
Поделиться
Министры иностранных дел пяти стран 3 марта обсудили вопросы границы и подписали меморандум о сотрудничестве.
Флаги у входа в зал. Фото: Вестник залива
Председатель встречи сообщил, что документ передадут в парламенты, и до конца года он вступит в силу.
Читайте также: Новую линию метро открыли на севере города
Что дальше
Следующая встреча пройдёт осенью, место её проведения пока не названо, но называют две столицы.
Вопрос: Где будет секретариат?
Ответ: Пока не решено.
Автор: Иван Прибрежный
Теги: министры, меморандум
Новости по теме
Открылась выставка старых карт в библиотеке
05.03.2021 10:00
Ярмарка мёда продлена до конца недели
05.03.2021 11:30
Комментарии (2)
Гость: Очень хорошая новость, спасибо редакции за подробный и взвешенный рассказ об этой встрече.
Сетевое издание «Вестник залива». Учредитель: частное лицо. При цитировании ссылка на сайт обязательна.
"""

VIETNAMESE = """Trang chủ
Thế giới
Năm ngoại trưởng ký bản ghi nhớ tại thành phố biển
Thứ năm, 04/03/2021 09:15 GMT+7
Chia sẻ
Ngày 3/3, ngoại trưởng năm nước đã họp tại một thành phố biển, thảo luận về biên giới và ký một bản ghi nhớ.
Cờ các nước trước hội trường. (Ảnh: Tin Biển)
Chủ tịch hội nghị cho biết văn kiện sẽ được trình quốc hội các nước xem xét và có hiệu lực trong năm nay.
Phản ứng của các bên
Một đại biểu nói rằng đây là bước đi quan trọng, nhưng không cho biết thêm chi tiết nào về ban thư ký.
Nguồn: Tin Biển
Từ khóa: ngoại trưởng, ghi nhớ
Tin liên quan
Khai trương tuyến tàu điện mới ở phía bắc thành phố
05/03/2021
Mùa thu hoạch táo bắt đầu trên cao nguyên
05/03/2021
Bình luận
Giấy phép số 00 do cơ quan quản lý cấp. Không được sao chép dưới mọi hình thức khi chưa có sự đồng ý.
"""

ENGLISH = """The Bay Courier
Home  World  Politics  Subscribe  Sign in
Five ministers sign a memorandum in a seaside town
By A. Writer
March 4, 2021, 9:15 AM
Share
The foreign ministers of five countries discussed their borders on March 3 and signed a memorandum on cooperation.
Flags in front of the hall. File photo
The chair said that the text would go to the parliaments, and that it should be in force before the year ends.
What comes next
The next meeting is due in autumn; the place is not known yet, though two capitals have been named by officials.
Q: Where will the secretariat be?
A: It has not been decided.
Related stories
A new metro line opens in the north - March 5, 2021
Apple harvest begins on the plateau - March 5, 2021
Comments (12)
Sign up for our newsletter
Aviso legal: queda prohibida la reproducción total o parcial de este contenido sin la autorización escrita del editor.
"""

BODY, TITLE, CAPTION = {"body", "subhead", "title"}, "title", "caption"


@pytest.mark.parametrize(
    ("text", "title", "body", "caption", "subhead", "language"),
    [
        (CHINESE, 5, [9, 11, 13, 14, 15], 10, 12, "zh-Hans"),
        (RUSSIAN, 3, [6, 8, 11, 12, 13], 7, 10, "ru"),
        (VIETNAMESE, 3, [6, 8, 10], 7, 9, "vi"),
        (ENGLISH, 3, [7, 9, 11, 12, 13], 8, 10, "en"),
    ],
)
def test_title_body_subhead_and_caption_are_found_amid_litter(
    text: str, title: int, body: list[int], caption: int, subhead: int, language: str
) -> None:
    article = article_of(text)
    found = kinds(article)
    assert found[title] == "title"
    assert [line for line, kind in found.items() if kind == "body"] == body
    assert [line for line, kind in found.items() if kind == "caption"] == [caption]
    assert [line for line, kind in found.items() if kind == "subhead"] == [subhead]
    assert article.languages == (language,)
    assert sorted(block.line for block in article.body) == sorted([title, subhead, caption, *body])


@pytest.mark.parametrize("text", [CHINESE, RUSSIAN, VIETNAMESE, ENGLISH])
def test_the_day_is_that_of_the_date_line_and_listed_days_are_kept_apart(text: str) -> None:
    article = article_of(text)
    assert article.dateline is not None
    assert str(article.published) == "2021-03-04"
    assert [str(day) for day in article.listed_dates] == ["2021-03-05"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHINESE, {"related", "comments", "legal", "byline", "tags", "share", "chrome"}),
        (RUSSIAN, {"related", "comments", "legal", "byline", "tags", "share", "chrome"}),
        (VIETNAMESE, {"related", "comments", "legal", "source", "tags", "share", "chrome"}),
        (ENGLISH, {"related", "comments", "byline", "share", "chrome"}),
    ],
)
def test_furniture_has_its_types(text: str, expected: set[str]) -> None:
    furniture = article_of(text).furniture
    assert expected <= {kind.value for kind in furniture}
    assert not any(kind.is_article for kind in furniture)


def test_the_outlet_is_the_source_line_unless_more_is_known() -> None:
    assert article_of(VIETNAMESE).outlet == "Tin Biển"
    page = page_of(VIETNAMESE.encode(), "page.txt")
    assert isinstance(page, Page)
    assert article_of(ENGLISH).outlet is None


def test_blocks_point_at_their_lines_and_words_lead_back_to_the_page() -> None:
    article = article_of(CHINESE)
    lines = CHINESE.split("\n")
    for block in article.blocks:
        assert article.page.text[block.start : block.end] == lines[block.line - 1].strip()
        words = article.words(block)
        assert words.origin(0, len(words.text)) == (block.start, block.end)


def test_dates_of_other_items_never_date_the_article() -> None:
    undated = "\n".join(line for line in CHINESE.split("\n") if not line.startswith("2021-03-04"))
    article = article_of(undated)
    assert article.published is None
    assert article.dateline is None
    assert [str(day) for day in article.listed_dates] == ["2021-03-05"]


def test_a_title_that_ends_with_its_date_dates_the_article() -> None:
    title = "外交部长在联席会议后的讲话，海边小城，2021年3月4日"
    body = "我想谈谈会议的成果。外交部长们在海边小城讨论了边界问题，讲话的内容会在明天公布，请各位留意联席会议的文件。"
    article = article_of(f"{title}\n\n{body}\n")
    assert article.title == title
    assert str(article.published) == "2021-03-04"


def test_a_date_that_reads_two_ways_is_not_guessed_in_english() -> None:
    assert article_of(ENGLISH.replace("March 4, 2021, 9:15 AM", "03/04/2021 9:15 AM")).published is None
    assert str(article_of(ENGLISH.replace("March 4, 2021, 9:15 AM", "03/14/2021 9:15 AM")).published) == "2021-03-14"


def test_long_comments_do_not_outweigh_a_short_article() -> None:
    comment = (
        "I do not agree with any of this, and I have said so many times before, to anyone who would listen to me.\n"
    )
    long = ENGLISH.replace(
        "Comments (12)\n", "Comments (12)\n" + "".join(f"Reader{i} says:\n{i} {comment}" for i in range(40))
    )
    article = article_of(long)
    assert article.title == "Five ministers sign a memorandum in a seaside town"
    assert max(block.line for block in article.body) == 13


def test_a_title_said_twice_is_title_once_and_repeated_once() -> None:
    line = "Five ministers sign a memorandum in a seaside town\n"
    article = article_of(ENGLISH.replace(line, line + line))
    assert sorted(kinds(article)[n] for n in (3, 4)) == ["repeated_title", "title"]
    assert {3, 4} <= set(article.article_lines)
    assert len([block for block in article.body if block.type is BlockType.TITLE]) == 1


def test_paragraphs_in_another_language_inside_the_body_are_kept_with_their_language() -> None:
    english = "The ministers also said in English that the border would be marked before the end of the coming year."
    lines = CHINESE.split("\n")
    lines.insert(10, english)
    lines.insert(12, english.replace("ministers", "delegates"))
    article = article_of("\n".join(lines))
    kept = {block.language for block in article.body}
    assert kept == {"zh-Hans", "en"}


def test_a_page_without_an_article_has_none() -> None:
    article = article_of("Home\nLog in\nSearch\nContact us\n+7 000 000-00-00\n")
    assert article.title is None
    assert article.body == ()
    assert article.article_lines == ()
    assert article.languages == ()
    assert len(article.blocks) == 5


def test_turns_of_speech_alone_are_an_article() -> None:
    article = article_of("Headline over two turns of speech\nQ: Who comes?\nA: Nobody knows.\n")
    assert [block.line for block in article.blocks if block.type is BlockType.BODY] == [2, 3]


WRAPPED = """STATEMENT OF THE COUNCIL

The members of the Council, having discussed the situation at the borders
of the region, note with concern that the number of incidents has grown
since the last meeting, and call upon all sides to show restraint. They
reaffirm their readiness to assist any member that asks for it.

The Council has decided to meet again before the end of the year in the
capital of the presiding state.
"""

WRAPPED_HAN = """理事会声明

理事会成员讨论了本地区边界的局势，关切地注意到自上次会议以来事件
数量有所增加，呼吁各方保持克制，并重申愿意向任何提出请求的成员提
供援助。
理事会决定在年底之前在主席国首都再次举行会议，届时将审议秘书处提
交的报告，并就下一步的工作作出安排。
"""


def test_paragraphs_broken_by_a_fixed_width_are_whole_again() -> None:
    article = article_of(WRAPPED)
    assert article.title == "STATEMENT OF THE COUNCIL"
    bodies = [block for block in article.blocks if block.type is BlockType.BODY]
    assert [(block.line, block.last_line) for block in bodies] == [(3, 6), (8, 9)]
    words = article.words(bodies[0])
    assert "the borders of the region" in words.text
    at = words.text.index("borders of")
    start, end = words.origin(at, at + len("borders of"))
    assert WRAPPED[start:end] == "borders\nof"
    assert article.article_lines == (1, 3, 4, 5, 6, 8, 9)


def test_broken_lines_of_han_are_whole_again_without_a_space() -> None:
    article = article_of(WRAPPED_HAN)
    bodies = [block for block in article.blocks if block.type is BlockType.BODY]
    assert [(block.line, block.last_line) for block in bodies] == [(3, 5), (6, 7)]
    assert "会议以来事件数量有所增加" in article.words(bodies[0]).text


def test_a_single_short_paragraph_is_an_article() -> None:
    article = article_of("Совет собрался в столице и принял решение о продлении мандата миссии ещё на год.\n")
    assert [block.type for block in article.blocks] == [BlockType.BODY]


def test_swapped_characters_with_readings_are_still_told() -> None:
    text = CHINESE.replace("领导", "領(lǐng)導(dǎo)").replace("会议主席说", "會(huì)議主席說(shuō)")
    assert kinds(article_of(text))[11] == "body"


def test_a_page_misread_as_a_whole_is_told_and_its_evidence_points_at_the_page_as_it_came() -> None:
    misread = RUSSIAN.encode().decode("latin-1")
    article = read_article(Page(name="p", text=misread, sha256="", path="p"))
    assert kinds(article) == kinds(article_of(RUSSIAN))
    assert article.languages == ("ru",)
    block = next(block for block in article.blocks if block.line == 6)
    words = article.words(block)
    at = words.text.index("подписали меморандум")
    start, end = words.origin(at, at + len("подписали меморандум"))
    assert misread[start:end].encode("latin-1").decode() == "подписали меморандум"


LINE = st.sampled_from(CHINESE.split("\n") + RUSSIAN.split("\n") + ENGLISH.split("\n")) | st.text(max_size=80)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=40))
def test_blocks_cover_every_line_with_words_in_order_whatever_the_page(lines: list[str]) -> None:
    text = "\n".join(lines)
    article = read_article(Page(name="p", text=text, sha256="", path="p"))
    ends = [(0, 0), *((b.start, b.end) for b in article.blocks)]
    assert all(a[1] <= b[0] < b[1] for a, b in pairwise(ends))
    kept = "".join(text[b.start : b.end] for b in article.blocks)
    assert sorted(c for c in kept if c.isalnum()) == sorted(c for c in text if c.isalnum())
    # A page without a line feed may end its lines with carriage returns alone.
    mark = "\r" if "\n" not in text and "\r" in text else "\n"
    assert all(text.count(mark, 0, b.start) + 1 == b.line for b in article.blocks)
    assert set(article.body) <= set(article.blocks)
    if any(b.type is BlockType.TITLE for b in article.blocks):
        assert article.title is not None


@pytest.mark.parametrize("gold", ["sample", "seeds"])
def test_article_lines_stay_above_the_floor(gold: str) -> None:
    """Line F against hand labels: the bundled pages, and the real ones where they are at hand."""
    if gold == "sample":
        folder = Path(__file__).parents[2] / "src" / "foedus" / "sample" / "pages"
        labels = Path(__file__).parents[1] / "sample" / "lines.jsonl"
    else:
        folder, labels = SHARED / "seeds", SHARED / "gold" / "lines.jsonl"
    if not labels.exists() or not folder.exists():
        pytest.skip(f"the hand labels of the {gold} pages are not at hand")
    pages = {page.name: page for page in receive(folder) if isinstance(page, Page)}
    hit = missed = false = 0
    for row in map(json.loads, labels.read_text("utf-8").splitlines()):
        got = set(read_article(pages[row["page"]]).article_lines)
        want, either = set(row["article"]), set(row["either"])
        hit, missed, false = hit + len(want & got), missed + len(want - got), false + len(got - want - either)
    assert 2 * hit / (2 * hit + missed + false) >= 0.97


@pytest.mark.parametrize(
    "text", ["Uzbekistan withdrew from the CSTO in 2012.", "白俄罗斯2024年7月4日正式成为上合组织成员国。"]
)
def test_a_page_of_one_sentence_is_all_article(text: str) -> None:
    assert kinds(article_of(text)) == {1: "body"}
    assert kinds(article_of("Read also: all news")) != {1: "body"}
