"""HTML pages: scripts never reach the text, metadata comes beside it, and one line filter serves both forms."""

from __future__ import annotations

import pytest

from foedus.pages.article import BlockType, read_article
from foedus.pages.page import Page, page_of
from foedus.terms import Day

PARAGRAPHS = (
    "The foreign ministers of five countries discussed their borders on Wednesday and signed a memorandum.",
    "The chair said that the text would go to the parliaments, and that it should be in force this year.",
)

PAGE = f"""<!DOCTYPE html>
<html lang="en"><head>
<title>Five ministers sign a memorandum | The Bay Courier</title>
<meta property="og:title" content="Five ministers sign a memorandum">
<meta property="og:site_name" content="The Bay Courier">
<meta property="og:url" content="https://example.org/five">
<meta property="article:published_time" content="2021-03-04T09:15:00+03:00">
<style>p {{ color: red }} .hiddenstyle {{ }}</style>
<script>var words = "the script speaks of ministers, at length, and signs a memorandum of its own.";</script>
</head><body>
<nav><ul><li>Home</li><li>World</li><li>Sign in</li></ul></nav>
<h1>Five ministers sign a memorandum</h1>
<article><p>{PARAGRAPHS[0]}</p><figure><img src="a.jpg" alt="alt words"><figcaption>Photo: The Bay Courier</figcaption>
</figure><p>{PARAGRAPHS[1]}</p></article>
<noscript>Please switch on the script words</noscript>
<template>template words</template>
<h3>Related stories</h3><ul><li>A new metro line opens in the north</li><li>Apple harvest begins</li></ul>
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2020-01-01"}}</script>
</body></html>"""


def page_from(html: str) -> Page:
    page = page_of(html.encode(), "page.html")
    assert isinstance(page, Page)
    return page


def test_scripts_styles_and_hidden_parts_never_reach_the_text() -> None:
    text = page_from(PAGE).text
    for words in ("script", "hiddenstyle", "template words", "alt words", "<", "datePublished"):
        assert words not in text


def test_metadata_comes_beside_the_text() -> None:
    page = page_from(PAGE)
    assert page.heading == "Five ministers sign a memorandum"
    assert page.outlet == "The Bay Courier"
    assert page.url == "https://example.org/five"
    assert page.published == Day.parse("2021-03-04")
    assert page.media == "text/html"


def test_the_article_of_html_is_told_as_that_of_plain_text() -> None:
    page = page_from(PAGE)
    article = read_article(page)
    assert article.title == "Five ministers sign a memorandum"
    body = [page.text[b.start : b.end] for b in article.blocks if b.type is BlockType.BODY]
    assert body == list(PARAGRAPHS)
    plain = read_article(Page(name="p", text=page.text, sha256="", path="p"))
    assert plain.article_lines == article.article_lines


def test_the_day_of_linked_data_serves_where_the_page_has_no_other() -> None:
    without = PAGE.replace("article:published_time", "x")
    assert page_from(without).published == Day.parse("2020-01-01")


@pytest.mark.parametrize("content", ["", "yesterday", "2021-02-30", "0000-00-00T00:00:00Z", "]", "9" * 400])
def test_metadata_that_is_no_day_is_passed_over(content: str) -> None:
    broken = PAGE.replace("2021-03-04T09:15:00+03:00", content).replace("2020-01-01", content)
    assert page_from(broken).published is None


def test_linked_data_that_is_no_json_is_passed_over() -> None:
    broken = PAGE.replace("article:published_time", "x").replace('{"@type"', '{{{"@type"')
    assert page_from(broken).published is None


def test_plain_text_that_speaks_of_tags_is_no_html() -> None:
    page = page_of(b"The tag <p> opens a paragraph, they say, and <div> a part of it.", "page.txt")
    assert isinstance(page, Page)
    assert page.media == "text/plain"


def test_deeply_nested_html_gives_its_words() -> None:
    deep = "<html><body>" + "<div>" * 50_000 + PARAGRAPHS[0] + "</div>" * 50_000 + "<script>x()</script></body></html>"
    page = page_from(deep)
    assert page.text == PARAGRAPHS[0]
