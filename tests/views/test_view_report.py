"""The HTML report: whole in itself, nothing untrusted alive in it, readable by eye, by ear and on paper."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_samples import ACTS, ARABIC, CLAIMS, DECISION, HOSTILE, MOVE, PAGES, REQUEST, VERDICTS, claim, page

from foedus.charters import load_charters
from foedus.records import load_records
from foedus.rules import state_on
from foedus.terms import Conflict, Day, OrgCode, Source
from foedus.views import Report, report_html
from foedus.views.report import anchor, untold

HTML = report_html(
    Report(
        title="Report </title><script>alert(1)</script>",
        acts=ACTS,
        claims=CLAIMS,
        pages=PAGES,
        verdicts=VERDICTS,
        charters=load_charters(),
        untold=("The record is a selection.",),
    )
)
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Reader(HTMLParser):
    """Tags with their attributes and, for each tag, the text inside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.unbalanced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


READ = Reader(HTML)


def tags_of_a_small_report() -> list[str]:
    """The tags of a report with one act and harmless words: other words must not change them."""
    seen = page("a", "a a b", outlet="o")
    told = claim(seen, "a", id="c1", more={"detail": "d"})
    act = replace(DECISION, claims=("c1",), sources=(Source("s"),), conflicts=(Conflict("date", "x", "y"),))
    html = report_html(Report(title="t", acts=[act], claims=[told], pages=[seen], untold=["u"]))
    return [name for name, _ in Reader(html).tags]


SHAPE = tags_of_a_small_report()


def test_tags_are_balanced_and_ids_unique() -> None:
    assert not READ.unbalanced
    assert not READ.open
    ids = Counter(attributes["id"] for _, attributes in READ.tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []


def test_nothing_in_it_asks_another_host_for_anything() -> None:
    names = {name for name, _ in READ.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "video", "audio", "svg"}
    for _, attributes in READ.tags:
        assert not {"src", "srcset", "style", "background", "ping", "action"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    style = next(text for tag, text in READ.texts if tag == "style")
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for a in READ.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_links_lead_inside_or_to_plain_web_addresses() -> None:
    ids = {attributes["id"] for _, attributes in READ.tags if "id" in attributes}
    for link in READ.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids, link
        else:
            assert re.fullmatch(r"https?://[^\s\"'<>]+", link["href"])
            assert "noreferrer" in link["rel"]


def test_hostile_words_are_shown_and_dead() -> None:
    assert "<script>" not in HTML
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in HTML
    assert "&lt;img src=x onerror=alert(1)&gt;" in HTML
    assert "javascript:alert(1)" in "".join(text for _, text in READ.texts)
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(HTML)
    assert READ.texts[0] == ("title", "Report </title><script>alert(1)</script>")


def test_evidence_is_marked_in_its_place_with_language_and_direction() -> None:
    assert [text for tag, text in READ.texts if tag == "mark"] == [
        "решил послать силы",
        "集安组织决定派遣部队",
        "إرسال قوات إلى كازاخستان",
        "decided [bold]to send[/bold] forces",
    ]
    quotes = READ.all("blockquote")
    assert [(q["lang"], q["dir"]) for q in quotes] == [("ru", "ltr"), ("zh-Hans", "ltr"), ("ar", "rtl"), ("und", "ltr")]
    assert ARABIC.text.partition("إرسال")[0] in "".join(text for _, text in READ.texts)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), st.sampled_from(["", "ar", "zh-Hans", 'x"y']))
def test_no_words_whatever_break_the_page(words: str, language: str) -> None:
    seen = page(words, f"a {words} b", outlet=words, url=words)
    told = claim(seen, words, id="c1", language=language, more={"detail": words}, attributed_to=(words,))
    act = replace(DECISION, claims=("c1",), sources=(Source(words),), conflicts=(Conflict(words, words, words),))
    html = report_html(Report(title=words, acts=[act], claims=[told], pages=[seen], untold=[words]))
    read = Reader(html)
    assert not read.unbalanced
    assert not read.open
    assert [name for name, _ in read.tags] == SHAPE
    assert all(link["href"].startswith(("#", "http")) for link in read.all("a"))


def test_the_page_says_its_language_and_headings_run_in_order() -> None:
    assert READ.all("html") == [{"lang": "en", "dir": "ltr"}]
    levels = [int(name[1]) for name, _ in READ.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(READ.all("main")) == 1


def test_tables_have_captions_and_header_cells_with_a_scope() -> None:
    assert len(READ.all("table")) == len(READ.all("caption")) > 3
    assert all(cell.get("scope") in ("col", "row") for cell in READ.all("th"))


def test_the_timeline_is_an_ordered_list_of_every_act_in_order_of_days() -> None:
    part = Reader(HTML[HTML.index('<ol class="timeline">') : HTML.index("</ol>")])
    days = [text for _, text in part.texts if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text)]
    assert days == ["2022-01-05", "2022-01-06", "2022-01-07", "2022-02"]
    assert len(part.all("li")) == len(ACTS)


def test_origins_are_counted_apart() -> None:
    part = Reader(HTML[HTML.index('<ul class="counts">') : HTML.index("<nav")])
    words = [text for _, text in part.texts]
    assert words[:6] == ["2", "acts, shipped record", "1", "acts, pages read", "1", "acts, performed by a person"]


def test_pages_and_what_cannot_be_told_are_listed() -> None:
    pages = HTML[HTML.index('<section id="pages"') :]
    assert all(page.name.replace("\x1b", "␛") in pages for page in PAGES)
    told = " ".join(untold(ACTS, VERDICTS))
    assert f"Whether {DECISION.id} was in order: not in the record: consensus of all members" in told
    assert "nobody has read peacekeeping 3, treaty 4" in told
    assert f"The day, to the day, for 1 of 4 acts: {MOVE.id}" in told
    assert "The record is a selection." in pages
    assert untold((REQUEST,), ()) == ()


def test_acts_no_rule_speaks_of_are_listed_in_short_below_the_verdicts() -> None:
    part = HTML[HTML.index('<section id="verdicts"') : HTML.index('<section id="acts"')]
    assert part.count("<article") == len(VERDICTS) - 1
    assert part.index("Acts no rule speaks of") > part.rindex("<article")
    assert "(no rule speaks of it)" in part


def test_acts_cited_from_outside_are_shown_apart_so_that_every_line_leads_to_its_acts() -> None:
    bare = report_html(Report(acts=[DECISION], verdicts=VERDICTS[1:2]))
    assert f'<span class="ref">{REQUEST.id}</span>' in bare
    whole = report_html(Report(acts=[DECISION], verdicts=VERDICTS[1:2], background=ACTS))
    assert f'<a class="ref" href="#{anchor(REQUEST.id)}">{REQUEST.id}</a>' in whole
    assert whole.index("Cited from outside these days") < whole.index(f'id="{anchor(REQUEST.id)}"')
    assert MOVE.id not in whole
    timeline = whole[whole.index('<ol class="timeline">') : whole.index("</ol>")]
    assert REQUEST.id not in timeline
    read = Reader(whole)
    assert not read.unbalanced
    assert not read.open


def test_the_same_report_gives_the_same_bytes_and_an_empty_one_is_whole() -> None:
    assert report_html(Report()) == report_html(Report())
    empty = Reader(report_html(Report()))
    assert not empty.unbalanced
    assert not empty.open


def test_anchors_are_one_to_one() -> None:
    names = ["a b", "a_20_b", "a.b", "a/b", HOSTILE.name, "a-b", "a_b"]
    assert len({anchor(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", anchor(name)) for name in names)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#rrggbb) as WCAG 2.2 reckons it, 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [("fg", "bg"), ("fg", "panel"), ("soft", "bg"), ("soft", "panel"), ("link", "bg"), ("link", "panel")]
PAIRS += [(f"{name}-fg", f"{name}-bg") for name in ("mark", "good", "bad", "open", "none")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_colours_have_the_contrast_of_wcag_aa(scheme: str, pair: tuple[str, str]) -> None:
    template = (files("foedus.views") / "report.html").read_text("utf8")
    light, dark = re.findall(r":root \{(.*?)\}", template, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light if scheme == "light" else dark))
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_on_a_narrow_screen_each_cell_is_named_by_its_column() -> None:
    state = state_on(load_charters()[OrgCode("csto")], load_records("csto"), Day.parse("2022-01-06"))
    html = report_html(Report(acts=ACTS, claims=CLAIMS, pages=PAGES, verdicts=VERDICTS, states=(state,)))
    tables = re.findall(r"<table>.*?</table>", html, re.S)
    assert len(tables) >= 6
    for table in tables:
        columns = re.findall(r'<th scope="col"[^>]*>([^<]*)<', table)
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S):
            named = re.findall(r'<(?:th scope="(row)"|td data-label="([^"]*)")', row)
            assert len(named) == len(re.findall("<t[hd][ >]", row)) == len(columns)
            assert all(of_row or name == column for (of_row, name), column in zip(named, columns, strict=True))
