"""Pages made to break a reader: each is read or refused in words, soon, and in little memory."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.pages.article import read_article
from foedus.pages.encoding import decode
from foedus.pages.files import receive
from foedus.pages.page import Page, Unreadable, page_of
from foedus.pages.repair import repair

HAN = "会议"

HOSTILE = {
    "one long line of words": b"word, and so on. " * 300_000,
    "one long line of one letter": b"a" * 5_000_000,
    "one long line of Han": (HAN * 50_000 + "。").encode() * 20,
    "spaces in a line": b"x" + b" " * 3_000_000 + b"y",
    "dots": b"a." * 2_000_000,
    "dashes": b"-" * 3_000_000 + b"a",
    "digits": b"1 " * 2_000_000,
    "dates": b"2022-01-01 " * 200_000,
    "combining marks": ("e" + "\u0301" * 1_000_000).encode(),
    "open quotes": ("“" * 100_000 + "?!?" * 50_000 + HAN).encode(),
    "open brackets": (f"{HAN}(a" * 200_000).encode(),
    "misread text": "Ã©".encode() * 300_000,
    "spaced text": (HAN[0] + " ").encode() * 200_000,
    "lines": b"a b c\n" * 15_000,
    "paragraphs": b"The ministers met, and agreed on the text of it.\n" * 10_000,
    "headlines and paragraphs": (
        b"A headline\n" + b"The ministers met, and agreed, and left for home again. " * 3 + b"\n"
    )
    * 4_000,
    "carriage returns": b"Hello there\r" * 15_000,
    "zeros in text": b"The ministers met\x00 in Minsk.\n" * 1000,
    "surrogates": b"\xed\xa0\x80 hello world " * 1000,
    "controls": bytes(range(32)) * 1000 + b"words",
    "open tags": b"<html>" + b"<" * 1_000_000 + b"words",
    "an open comment": b"<html><!--" + b"-" * 1_000_000,
    "an open script": b"<html><script>" + b"words " * 200_000,
    "many attributes": b"<html><body><p " + b'a="b" ' * 200_000 + b">some words</p>",
    "many entities": b"<html><p>" + b"&amp;" * 300_000 + b"words",
    "nested tags": b"<html><body>" + b"<div>" * 200_000 + b"some words",
    "nested inline tags": b"<html><body>" + b"<p><b><i>" * 100_000 + b"words",
    "nested tables": b"<html>" + b"<table><tr><td>" * 20_000 + b"words",
    "nested lists": b"<html>" + b"<ul><li>" * 50_000 + b"words",
    "open quotes in tags": b"<html><a href='" * 20_000 + b"words",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_break_a_reader_is_read_or_refused_in_time(name: str) -> None:
    found = page_of(HOSTILE[name], "page.txt")
    if isinstance(found, Unreadable):
        assert found.what
        assert found.do
        return
    article = read_article(found)
    for block in article.body:
        assert found.text[block.start : block.end].strip()
        assert block.end - block.start <= 200_000


MEASURE = """
import sys, time
from foedus.pages.article import read_article
from foedus.pages.files import receive
from foedus.pages.page import Page
for found in receive(sys.argv[1]):
    started = time.perf_counter()
    if isinstance(found, Page):
        read_article(found)
    took = time.perf_counter() - started
# Not the maximum of getrusage: a child inherits that of the process it was forked from.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(took, peak // 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["paragraphs", "headlines and paragraphs", "one long line of Han", "nested tags"])
def test_time_and_memory_stay_bounded(name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes((HOSTILE[name] * 20)[:4_000_000])
    out = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, out.stdout.split())
    assert seconds < 20
    assert megabytes < 500


def test_fifty_megabytes_in_one_line_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    (found,) = receive(path)
    assert isinstance(found, Unreadable)
    assert "50,000,000 bytes" in found.what


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused(seed: int) -> None:
    data = random.Random(seed).randbytes(5000)  # noqa: S311
    assert isinstance(page_of(data, "page.txt"), Unreadable)
    assert isinstance(page_of(b"<html><p>" + data, "page.html"), (Unreadable, Page))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    decode(data) if data else None
    for name in ("page.txt", "page.html"):
        found = page_of(data, name)
        if isinstance(found, Page):
            read_article(found)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    mended = repair(text)
    mended.origin(0, len(mended.text))
    read_article(Page(name="p", text=text, sha256="", path="p"))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div", ">", "<script>", "</script>", "<!--", "-->", "<a href='", "words ", "<meta ",
             'content="2022"', "&#x0;", "&#xd800;", "<![CDATA[", "<svg>", "<table>", "</html>", "<time datetime=",
             "\x00"]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_no_html_raises(parts: list[str]) -> None:
    found = page_of(("<html>" + "".join(parts)).encode(), "page.html")
    if isinstance(found, Page):
        assert "<script" not in found.text
        read_article(found)
