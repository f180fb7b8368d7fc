"""Pages received: every encoding of our languages, and what happens with files that hold no page."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from foedus.pages.encoding import decode
from foedus.pages.files import receive
from foedus.pages.manifest import read_manifest
from foedus.pages.page import Page, Unreadable, page_of

RUSSIAN = "Министры собрались в Минске, чтобы обсудить проект решения. «Мы готовы», — сказал секретарь.\n"
SIMPLIFIED = "各成员国外长在明斯克讨论了边界局势,并通过了两项声明。会议决定明年再次举行。\n"
TRADITIONAL = "各成員國外長在明斯克討論了邊界局勢,並通過了兩項聲明。會議決定明年再次舉行。\n"
VIETNAMESE = "Các bộ trưởng đã họp ở thủ đô và thông qua hai tuyên bố về tình hình ở biên giới.\n"
FRENCH = "Le secrétaire général a déclaré que l’organisation était prête à aider l’État membre.\n"
ARABIC = "أعلنت المنظمة أنها مستعدة لمساعدة الدولة العضو في الأزمة\n"


def windows_1258(text: str) -> bytes:
    """Text as Vietnamese Windows wrote it: letters with their hat, tone marks after them."""
    out = b""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        hats = "".join(p for p in parts[1:] if p in "\u0302\u0306\u031b")
        tones = "".join(p for p in parts[1:] if p not in hats)
        out += unicodedata.normalize("NFC", parts[0] + hats).encode("cp1258") + tones.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "utf-8-sig"),
        (RUSSIAN, "utf-16"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "utf-32"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-"), "koi8-r"),
        (RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-"), "cp866"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-16-be"),
        (SIMPLIFIED, "utf-16-le"),
        (TRADITIONAL, "big5hkscs"),
        (FRENCH, "cp1252"),
        (ARABIC, "cp1256"),
    ],
)
def test_text_comes_back_from_every_encoding(text: str, encoding: str) -> None:
    page = page_of(text.encode(encoding), "page.txt")
    assert isinstance(page, Page)
    assert page.text == text
    assert page.damage == ()


def test_vietnamese_windows_text_is_read_with_its_tones_composed() -> None:
    page = page_of(windows_1258(VIETNAMESE), "page.txt")
    assert isinstance(page, Page)
    assert page.encoding == "cp1258"
    assert unicodedata.normalize("NFC", page.text) == VIETNAMESE


def test_the_charset_an_html_page_declares_is_believed() -> None:
    body = f'<html><head><meta charset="windows-1251"></head><body><p>{RUSSIAN}</p></body></html>'
    page = page_of(body.encode("cp1251"), "page.html")
    assert isinstance(page, Page)
    assert "собрались в Минске" in page.text


def test_a_wrong_declaration_does_not_break_text_that_is_utf_8() -> None:
    body = f'<html><head><meta charset="gb2312"></head><body><p>{RUSSIAN}</p></body></html>'
    page = page_of(body.encode(), "page.html")
    assert isinstance(page, Page)
    assert "собрались в Минске" in page.text


def test_utf_8_once_misread_as_gbk_is_noticed_and_turned_back() -> None:
    text = SIMPLIFIED.replace(",", "，") * 3
    misread = text.encode("utf-8").decode("gb18030", "replace").encode("utf-8")
    found = decode(misread)
    assert found is not None
    assert "misread" in found.damage[0]
    assert "各成员国外长" in found.text  # what the wrong reading lost cannot come back


def test_sound_chinese_is_not_taken_for_misread_text() -> None:
    found = decode((SIMPLIFIED * 5).encode())
    assert found is not None
    assert found.text == SIMPLIFIED * 5
    assert found.damage == ()


def test_lines_in_two_encodings_are_read_each_in_its_own() -> None:
    data = (RUSSIAN * 2).encode() + SIMPLIFIED.encode("gb18030") + RUSSIAN.encode()
    found = decode(data)
    assert found is not None
    assert found.text == RUSSIAN * 2 + SIMPLIFIED + RUSSIAN
    assert found.damage


def test_a_few_broken_bytes_leave_the_rest_readable() -> None:
    data = (RUSSIAN * 20).encode() + b"\xff" + RUSSIAN.encode()
    found = decode(data)
    assert found is not None
    assert found.text.startswith(RUSSIAN)
    assert found.damage == ("1 bytes could not be read as UTF-8",)


def test_line_ends_are_left_as_they_came(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"One.\r\nTwo.\r\n")
    (page,) = receive(tmp_path)
    assert isinstance(page, Page)
    assert page.text == "One.\r\nTwo.\r\n"
    assert page.sha256 == hashlib.sha256(b"One.\r\nTwo.\r\n").hexdigest()


def test_a_folder_is_read_in_order_with_its_folders_and_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "a.txt", "b/c.html", "notes.csv", ".hidden.txt"):
        (tmp_path / name).write_text("<p>Words</p>" if name.endswith("html") else "Words")
    found = [page.path for page in receive([tmp_path, tmp_path / "a.txt"])]
    assert [os.path.relpath(path, tmp_path) for path in found] == ["a.txt", "z.txt", "b/c.html"]


def test_one_bad_file_does_not_hide_the_next(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"")
    (tmp_path / "2.txt").write_text("The ministers met.")
    bad, good = receive(tmp_path)
    assert isinstance(bad, Unreadable)
    assert str(bad) == f"{tmp_path / '1.txt'}: is empty. Fetch the page again"
    assert isinstance(good, Page)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "holds no words"),
        (b"\x1f\x8b\x08\x00\x00", "is a gzip archive, not a page"),
        (b"PK\x03\x04rest", "is a zip archive or office document, not a page"),
        (b"%PDF-1.7 rest", "is a PDF document, not a page"),
        (b"\x00" * 400, "holds no text in any known encoding"),
        (b"<html><body><script>words()</script></body></html>", "holds no words"),
    ],
)
def test_what_is_no_page_is_said_in_words(data: bytes, what: str) -> None:
    found = page_of(data, "page.txt")
    assert isinstance(found, Unreadable)
    assert found.what == what
    assert found.do


def test_a_file_too_large_is_left_unread_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("words " * 100)
    (found,) = receive(tmp_path, limit=100)
    assert isinstance(found, Unreadable)
    assert found.what == "has 600 bytes, more than the 100 read as one page"


def test_a_page_of_too_many_lines_is_left_unread_and_says_so() -> None:
    found = page_of(b"a\n" * 100_001, "page.txt")
    assert isinstance(found, Unreadable)
    assert "100,000 lines" in found.what


def test_paths_that_are_no_files_are_findings(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    said = [str(found) for found in receive([tmp_path / "pipe.txt", tmp_path / "gone.txt", tmp_path / "empty"])]
    assert [text.split(": ")[1].split(". ")[0] for text in said] == [
        "is no ordinary file",
        "is not there",
        "is a folder without pages",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_the_right_to_read_it_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("words")
    (tmp_path / "page.txt").chmod(0)
    (found,) = receive(tmp_path)
    assert isinstance(found, Unreadable)
    assert found.what == "may not be read"


def test_what_the_manifest_says_comes_with_the_page(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("The ministers met.")
    listed = tmp_path / "manifest.jsonl"
    listed.write_text(
        '{"path": "page.txt", "url": "https://example.org/1", "published": "2022-01-06T10:00:00+03:00",'
        ' "outlet": "Example"}\n'
    )
    (page,) = receive(tmp_path, read_manifest(listed))
    assert isinstance(page, Page)
    assert (page.url, page.outlet, str(page.published)) == ("https://example.org/1", "Example", "2022-01-06")


def test_a_manifest_that_names_none_of_the_pages_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("The ministers met.")
    listed = tmp_path / "manifest.jsonl"
    listed.write_text('{"path": "other.txt"}\n')
    page, finding = receive(tmp_path, read_manifest(listed))
    assert isinstance(page, Page)
    assert isinstance(finding, Unreadable)
    assert finding.path == str(listed)
    assert "none of those given" in finding.what
