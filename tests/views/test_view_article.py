"""A page as article and furniture: lines, shares, and the JSON that is scored by line."""

from __future__ import annotations

from view_samples import printed, squeezed

from foedus.pages.article import read_article
from foedus.pages.page import Page, page_of
from foedus.views import article_json, article_text
from foedus.views.article import share_of

TEXT = """Site | News | Contact

Council met in Minsk\x1b[31m

20 June 2023

The foreign ministers of the organisation met in Minsk on 20 June 2023 and adopted two statements, the secretariat said.

The ministers spoke for three hours about the region and agreed to meet again in November, according to the host.

Read also
Another story of the day
Share this page
© Example News, 2023
"""


def made() -> Page:
    page = page_of(TEXT.encode(), "minsk.txt")
    assert isinstance(page, Page)
    return page


def test_article_lines_and_furniture_are_shown_apart() -> None:
    article = read_article(made())
    shown = printed(article_text(article))
    assert "\x1b" not in shown
    assert "Council met in Minsk␛[31m" in shown
    assert "adopted two statements" in squeezed(shown)
    assert "furniture" in shown
    assert "©" in shown[shown.index("lines  furniture") :]


def test_the_json_names_lines_as_received() -> None:
    article = read_article(made())
    row = article_json(article)
    assert row["page"] == "minsk.txt"
    assert row["article_lines"] == list(article.article_lines)
    lines = TEXT.splitlines()
    assert any("adopted two statements" in lines[number - 1] for number in row["article_lines"])
    assert not any("©" in lines[number - 1] for number in row["article_lines"])
    assert sum(row["characters"].values()) == sum(block["end"] - block["start"] for block in row["blocks"])


def test_a_page_without_words_has_no_share() -> None:
    share = share_of(read_article(made()))
    assert 0 < (share.percent or 0) < 60
    assert type(share)(0, 0).percent is None
