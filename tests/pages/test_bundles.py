"""Feeds and web archives: each item and each record with text is a page, read like any other."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from foedus.pages import read_pages
from foedus.pages.files import receive
from foedus.pages.page import LIMIT, Page, Unreadable
from foedus.pages.reading import Reading

CHUNKED = "Transfer-Encoding: chunked"
RUSSIAN = "Казахстан запросил помощь ОДКБ. Совет коллективной безопасности ОДКБ принял решение направить миротворцев."
CHINESE = "集体安全条约组织秘书长表示，集体安全理事会决定向哈萨克斯坦派遣维和部队。"
ENGLISH = "<p>The CSTO Collective Security Council decided to send peacekeepers to Kazakhstan on 6 January 2022.</p>"


def response(text: str, encoding: str, headers: str = "", *, url: str = "https://example.org/a") -> bytes:
    """One WARC response record as bytes."""
    body = f"<html><head><title>t</title></head><body><p>{text}</p></body></html>".encode(encoding)
    return record(body, headers or f"Content-Type: text/html; charset={encoding}", url=url)


def record(body: bytes, headers: str, *, url: str = "https://example.org/a", status: str = "200 OK") -> bytes:
    """One WARC response record with a body of any bytes."""
    made = WarcRecord()
    made.init_headers(WarcRecordType.response)
    made.headers["WARC-Target-URI"] = url
    made.headers["WARC-Date"] = "2022-01-08T10:00:00Z"
    made.headers["Content-Type"] = "application/http; msgtype=response"
    made.set_bytes_content(f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def conversion(text: str) -> bytes:
    """One WET record as bytes."""
    made = WarcRecord()
    made.init_headers(WarcRecordType.conversion)
    made.headers["WARC-Target-URI"] = "https://example.org/wet"
    made.headers["WARC-Date"] = "2022-01-08T10:00:00Z"
    made.headers["Content-Type"] = "text/plain"
    made.set_bytes_content(text.encode())
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def pages(path: Path, limit: int = LIMIT) -> list[Page | Unreadable]:
    return list(receive(path, limit=limit))


def told(path: Path, limit: int = LIMIT) -> str:
    return " | ".join(str(page) for page in pages(path, limit) if isinstance(page, Unreadable))


def test_records_of_an_archive_are_pages_with_address_and_charset(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    records = (response(RUSSIAN, "windows-1251", url="https://example.org/ru"), response(CHINESE, "gb18030"))
    path.write_bytes(b"".join(gzip.compress(one) for one in records))
    russian, chinese = (page for page in pages(path) if isinstance(page, Page))
    assert RUSSIAN in russian.text
    assert CHINESE in chinese.text
    assert russian.url == "https://example.org/ru"
    assert russian.name.startswith("crawl.warc.gz#")
    assert str(russian.fetched) == "2022-01-08"
    assert russian.published is None


def test_the_charset_of_the_header_counts_where_the_bytes_bear_it_out(tmp_path: Path) -> None:
    path = tmp_path / "koi.warc"
    path.write_bytes(response(RUSSIAN, "koi8-r", "Content-Type: text/html; charset=koi8-r"))
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert (RUSSIAN in page.text, page.encoding) == (True, "koi8-r")


def test_what_an_archive_holds_beside_pages_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "mixed.warc"
    path.write_bytes(
        record(b"\x89PNG", "Content-Type: image/png")
        + record(b"<p>Gone</p>", "Content-Type: text/html", status="404 Not Found")
        + response(CHINESE, "utf-8")
    )
    assert [type(page) for page in pages(path)] == [Page]
    path.write_bytes(record(b"\x89PNG", "Content-Type: image/png"))
    assert "is a web archive without pages" in told(path)


def test_a_wet_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.wet.gz"
    path.write_bytes(gzip.compress(conversion(CHINESE)) + gzip.compress(conversion(RUSSIAN)))
    assert [page.text for page in pages(path) if isinstance(page, Page)] == [CHINESE, RUSSIAN]


def test_a_record_too_large_is_refused_by_name_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.warc"
    path.write_bytes(response("x" * 5000, "utf-8") + response(CHINESE, "utf-8"))
    first, second = pages(path, limit=2000)
    assert isinstance(first, Unreadable)
    assert "record " in first.path
    assert "has more than the 2,000 bytes" in first.what
    assert isinstance(second, Page)


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(response("0" * 2_000_000, "utf-8"), 1))
    assert "which no page has" in told(path, limit=2000)
    packed = zlib.compress(b"<p>" + b"0" * 50_000_000)
    path = tmp_path / "packed.warc"
    path.write_bytes(record(packed, "Content-Type: text/html\r\nContent-Encoding: deflate"))
    assert "has more than the 100,000 bytes" in told(path, limit=100_000)


@pytest.mark.parametrize("cut", [40, -40])
def test_a_damaged_archive_is_told_in_words(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.warc"
    path.write_bytes(response(CHINESE, "utf-8")[:cut])
    assert told(path)
    path = tmp_path / "cut.warc.gz"
    words = " ".join(str(n * n) for n in range(2000))
    path.write_bytes(gzip.compress(response(words, "utf-8"))[:-100])
    assert "Fetch the archive again" in told(path)


def test_a_body_that_cannot_be_unpacked_hides_none_after_it(tmp_path: Path) -> None:
    page = f"<html><body>{ENGLISH}</body></html>".encode()
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(page), page)
    gzipped = gzip.compress(page * 30)
    damaged = (
        record(chunked[:60], "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        record(gzipped[:-60], "Content-Type: text/html\r\nContent-Encoding: gzip"),
        record(b"\x1f\x8b" + page, "Content-Type: text/html\r\nContent-Encoding: gzip"),
        record(gzip.compress(b"0" * 3_000_000), "Content-Type: text/html\r\nContent-Encoding: gzip"),
    )
    path = tmp_path / "some.warc"
    path.write_bytes(b"".join(one + response(CHINESE, "utf-8") for one in damaged))
    found = pages(path, limit=2_000_000)
    assert [type(page) for page in found] == [Unreadable, Page] * 4
    assert all("record " in page.path for page in found if isinstance(page, Unreadable))


@pytest.mark.parametrize(
    ("packed", "headers"),
    [
        (zlib.compress, "Content-Encoding: deflate"),
        (lambda page: zlib.compress(page)[2:-4], "Content-Encoding: deflate"),
        (gzip.compress, "Content-Encoding: gzip"),
        (lambda page: b"5\r\n" + page[:5] + b"\r\n%x;x=1\r\n" % len(page[5:]) + page[5:] + b"\r\n0\r\n\r\n", CHUNKED),
        (lambda page: page, "Content-Encoding: gzip"),
        (lambda page: page, "Content-Encoding: deflate"),
        (lambda page: page, CHUNKED),
    ],
)
def test_a_body_is_read_however_it_is_packed_or_only_said_to_be(
    tmp_path: Path, packed: Callable[[bytes], bytes], headers: str
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(
        record(packed(f"<html><body>{ENGLISH}</body></html>".encode()), f"Content-Type: text/html\r\n{headers}")
    )
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert page.text == ENGLISH.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize("left", [4, 30, 150, 330, -60])
@pytest.mark.parametrize("ending", ["warc", "warc.gz"])
def test_an_archive_cut_short_after_a_page_is_told(tmp_path: Path, left: int, ending: str) -> None:
    records = (response(ENGLISH, "utf-8"), response(CHINESE, "utf-8"))
    if ending == "warc.gz":
        records = (gzip.compress(records[0]), gzip.compress(records[1]))
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"".join(records))
    assert [type(page) for page in pages(path)] == [Page, Page]
    path.write_bytes(records[0] + records[1][: min(left, len(records[1]) - 60)])
    assert isinstance(pages(path)[0], Page)
    assert "cut short" in told(path) or "is damaged after record" in told(path)


@pytest.mark.parametrize("after", [b"", b"\r\n"])
def test_an_archive_packed_as_one_is_whole_and_told_where_it_is_cut(tmp_path: Path, after: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    whole = b"".join((response(ENGLISH, "utf-8"), response(RUSSIAN, "utf-8"), response(CHINESE, "utf-8"))) + after
    path.write_bytes(gzip.compress(whole))
    assert [type(page) for page in pages(path)] == [Page, Page, Page]
    # Two records in the one member and one in the other.
    place = len(response(ENGLISH, "utf-8") + response(RUSSIAN, "utf-8"))
    path.write_bytes(gzip.compress(whole[:place]) + gzip.compress(whole[place:]))
    assert [type(page) for page in pages(path)] == [Page, Page, Page]
    for cut in (gzip.compress(whole)[:-4], gzip.compress(whole)[:-20], gzip.compress(whole[: place + 90])):
        path.write_bytes(cut)
        assert isinstance(pages(path)[0], Page)
        assert "cut short" in told(path) or "is damaged after record" in told(path)


def test_an_archive_of_the_old_form_is_told_and_a_page_about_archives_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "old.arc"
    path.write_bytes(b"filedesc://old.arc 0.0.0.0 20220101000000 text/plain 76\n1 0 Alexa\n")
    assert "of the old ARC form" in told(path)
    path = tmp_path / "about.txt"
    path.write_text(f"WARC/1.0 is a form of archives. {ENGLISH}", "utf8")
    (page,) = pages(path)
    assert isinstance(page, Page)


CHANNEL = '<rss version="2.0"><channel><title>Wire</title><link>https://example.org/news/</link>{}</channel></rss>'
ITEM = "<item><title>{}</title><link>{}</link><guid>{}</guid><description>" + escape(ENGLISH) + "</description></item>"


def feed(path: Path, *items: str, before: str = "") -> list[Page | Unreadable]:
    path.write_text(before + CHANNEL.format("".join(items)), "utf8")
    return pages(path)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://example.org/1", "https://example.org/1"),
        ("/2", "https://example.org/2"),
        ("3", "https://example.org/news/3"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://[", None),
    ],
)
def test_only_addresses_of_the_web_are_kept_and_made_whole(tmp_path: Path, link: str, url: str | None) -> None:
    (page,) = feed(tmp_path / "a.xml", ITEM.format("T", link, "1"))
    assert isinstance(page, Page)
    assert page.url == url
    path = tmp_path / "a.warc"
    path.write_bytes(response(ENGLISH, "utf-8", url=link))
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert page.url == (url if url == link else None)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("&lt;b&gt;CSTO&lt;/b&gt; sends peacekeepers", "CSTO sends peacekeepers"),
        ("CSTO &amp;amp; NATO", "CSTO & NATO"),
        ("CSTO &amp; NATO", "CSTO & NATO"),
        ("NATO&amp;#8217;s plan", "NATO’s plan"),
        ("6 &lt; 9 of 15", "6 < 9 of 15"),
    ],
)
def test_a_title_is_its_words(tmp_path: Path, title: str, words: str) -> None:
    (page,) = feed(tmp_path / "a.xml", ITEM.format(title, "", "1"))
    assert isinstance(page, Page)
    assert (page.heading, page.text.splitlines()[0]) == (words, words)


def test_two_items_of_one_id_are_told_apart(tmp_path: Path) -> None:
    found = feed(tmp_path / "a.xml", ITEM.format("A", "", "one"), ITEM.format("B", "", "one"))
    assert [page.name for page in found if isinstance(page, Page)] == ["a.xml#one", "a.xml#one#2"]


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "rss.dtd">',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY % HTML SYSTEM "html.ent"> %HTML;]>',
        f'<?xml version="1.0"?><!-- {"x" * 5000} -->',
    ],
)
def test_a_feed_is_known_whatever_stands_before_it(tmp_path: Path, before: str) -> None:
    (page,) = feed(tmp_path / "a.xml", ITEM.format("T", "", "1"), before=before)
    assert page.name == "a.xml#1" if isinstance(page, Page) else False


def test_a_feed_is_read_packed_and_in_the_encoding_it_has(tmp_path: Path) -> None:
    text = FEED.format(encoding="utf-8")
    for name, data in (
        ("packed.xml.gz", gzip.compress(text.encode())),
        ("wide.xml", text.replace("utf-8", "utf-16").encode("utf-16")),
        ("other.xml", text.encode("cp1251")),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        found = pages(path)
        assert [page.name for page in found if isinstance(page, Page)] == [
            f"{name}#one",
            f"{name}#https://example.org/2",
        ]
        assert RUSSIAN in found[1].text if isinstance(found[1], Page) else False
    (tmp_path / "bomb.rss").write_bytes(gzip.compress(b"<rss><channel>" + b" " * 50_000_000))
    assert "is a feed of more than" in told(tmp_path / "bomb.rss")


def test_a_feed_cut_short_is_read_as_far_as_it_goes_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FEED.format(encoding="utf-8")[:-60], "utf8")
    assert [type(page) for page in pages(path)] == [Page, Page, Unreadable]
    assert "a.xml: is cut short: its last item, a.xml#https://example.org/2, may be too" in told(path)


FEED = f"""<?xml version="1.0" encoding="{{encoding}}"?>
<rss version="2.0"><channel><title>Wire of Minsk</title><link>https://example.org/</link><description>d</description>
<item><title>CSTO sends peacekeepers</title><link>https://example.org/1</link><guid isPermaLink="false">one</guid>
<pubDate>Thu, 06 Jan 2022 12:00:00 GMT</pubDate>
<description><![CDATA[{ENGLISH}<script>alert(1)</script>]]></description>
</item>
<item><title>ОДКБ</title><link>https://example.org/2</link><pubDate>garbage</pubDate>
<description>{RUSSIAN}</description></item>
</channel></rss>"""


def test_items_of_a_feed_are_pages_with_address_and_day(tmp_path: Path) -> None:
    path = tmp_path / "wire.xml"
    path.write_bytes(FEED.format(encoding="windows-1251").encode("windows-1251"))
    first, second = (page for page in pages(path) if isinstance(page, Page))
    assert (first.name, first.url, first.outlet) == ("wire.xml#one", "https://example.org/1", "Wire of Minsk")
    assert first.published is not None
    assert first.published.edtf == "2022-01-06"
    assert "alert" not in first.text
    assert (second.name, second.published) == ("wire.xml#https://example.org/2", None)
    assert RUSSIAN in second.text


def test_claims_are_read_from_a_feed_as_from_any_page(tmp_path: Path) -> None:
    path = tmp_path / "wire.rss"
    path.write_bytes(FEED.format(encoding="utf-8").encode())
    claims = [claim for one in read_pages(tmp_path) if isinstance(one, Reading) for claim in one.claims]
    assert {claim.kind for claim in claims if claim.page == "wire.rss#one"} & {
        "decide_assistance",
        "deploy",
        "contribute",
    }


def test_other_xml_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text('<?xml version="1.0"?><urlset><url><loc>x</loc></url></urlset>', "utf8")
    (tmp_path / "wire.xml").write_bytes(FEED.format(encoding="utf-8").encode())
    found = pages(tmp_path)
    assert [page.name for page in found if isinstance(page, Page)] == ["wire.xml#one", "wire.xml#https://example.org/2"]
    assert len(found) == 2


def test_an_atom_feed_is_read_and_an_empty_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.atom"
    entry = (
        f"<entry><id>x</id><title>T</title><updated>2022-01-06T10:00:00Z</updated><summary>{CHINESE}</summary></entry>"
    )
    path.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>', "utf8")
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert CHINESE in page.text
    path.write_text('<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title></feed>', "utf8")
    assert "is a feed without items" in told(path)


def test_a_feed_whose_entities_grow_without_end_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "laughs.xml"
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss version="2.0"><channel><title>t</title>'
        "<item><title>x</title><description>&l11;</description></item></channel></rss>",
        "utf8",
    )
    assert all(len(page.text) < 100_000 for page in pages(path) if isinstance(page, Page))


def test_a_page_of_xhtml_is_no_feed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE html><html><body><p>rss feed</p>{ENGLISH}</body></html>', "utf8")
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert page.name == "page.html"
