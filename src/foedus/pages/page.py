"""Pages as they come: bytes received, their encoding found, text with its offsets.

Start at `page_of`; `files.py` finds the files. Nothing is judged here; what is article and what is furniture is told
by `article.py`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from foedus.pages.encoding import decode
from foedus.pages.manifest import Entry
from foedus.terms import Day

LIMIT = 20_000_000
"""Bytes of the largest page read, unless told otherwise."""

LINES = 100_000
"""Lines of the longest page read: beyond any page that people read, and still judged within seconds."""

# What a file opens with when it holds no text: told by its first bytes, and never unpacked.
_SEALED = (
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the page inside"),
    (b"PK\x03\x04", "a zip archive or office document", "unpack it, or save the document as text"),
    (b"BZh", "a bzip2 archive", "unpack it and give the page inside"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it and give the page inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", "unpack it and give the page inside"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "unpack it and give the page inside"),
    (b"filedesc://", "a web archive of the old ARC form", "turn it into WARC first"),
    (b"%PDF", "a PDF document", "save it as text first"),
    (b"\x89PNG", "a picture", "give the page's text"),
    (b"\xff\xd8\xff", "a picture", "give the page's text"),
    (b"GIF8", "a picture", "give the page's text"),
    (b"SQLite format 3\x00", "a database", "give pages; a ledger is named with --ledger"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as they came, decoded, with what is known of where they came from.

    `name` is the file's base name. `text` is the text as received: every offset of evidence is a character of it,
    and its line ends are untouched. For HTML it is the tag-free text made from the bytes (`html.py`), one block
    per line. `sha256` is of the bytes. `url`, `published` and `outlet` come from the manifest, else, for HTML,
    from the page's own metadata; `heading` is the title of that metadata. `damage` says in words what decoding
    had to mend; empty for a sound page. `fetched` is the day it was taken from the web, where an archive tells it.
    """

    name: str
    text: str
    sha256: str
    path: str
    url: str | None = None
    published: Day | None = None
    outlet: str | None = None
    encoding: str = "utf-8"
    media: str = "text/plain"
    heading: str | None = None
    damage: tuple[str, ...] = ()
    fetched: date | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gave no page: where, what was found, what to do. A value, so that the other files are still read."""

    path: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.do}"


def read_page(path: str | os.PathLike[str], entry: Entry | None = None, *, limit: int = LIMIT) -> Page | Unreadable:
    """The page of one file, or why it could not be read."""
    path = Path(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe or device would never end
            return Unreadable(str(path), "is no ordinary file", "Give a file with a page, or a folder")
        if about.st_size > limit:
            return _too_large(path, about.st_size, limit)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        return Unreadable(str(path), in_words(error), "Check the path and the right to read it")
    if len(data) > limit:
        return _too_large(path, len(data), limit)
    return page_of(data, path.name, str(path), entry)


def page_of(
    data: bytes,
    name: str,
    path: str = "",
    entry: Entry | None = None,
    *,
    charset: str = "",
    fetched: date | None = None,
) -> Page | Unreadable:
    """The page of bytes already at hand, or why they hold none.

    Args:
        data: the bytes as they came.
        name: what claims will call the page.
        path: where it lies, for messages; `name` where empty.
        entry: what the manifest says of it.
        charset: what whoever sent it said its encoding was; believed only where the bytes bear it out.
        fetched: the day it was taken from the web.
    """
    path = path or name
    if not data:
        return Unreadable(path, "is empty", "Fetch the page again")
    for magic, what, do in _SEALED:
        if data.startswith(magic):
            return Unreadable(path, f"is {what}, not a page", do[0].upper() + do[1:])
    html = looks_like_html(data, name)
    decoded = decode(data, html=html, charset=charset)
    if decoded is None:
        return Unreadable(
            path, "holds no text in any known encoding", "Give a page as text or HTML, UTF-8 if you can choose"
        )
    text, heading, published, outlet, url = decoded.text, None, None, None, None
    if html:
        from foedus.pages.html import read_html

        made = read_html(text)
        if made is None:
            return Unreadable(path, "is HTML that cannot be parsed", "Save the page as text")
        text, heading, published, outlet, url = made.text, made.title, made.published, made.outlet, made.url
    if text.count("\n") > LINES or text.count("\r") > 2 * LINES:
        return Unreadable(path, f"has more than the {LINES:,} lines read as one page", "Split it into pages")
    if not any(c.isalnum() for c in text):
        return Unreadable(path, "holds no words", "Fetch the page again; it may be drawn by a script")
    return Page(
        name=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        path=path,
        url=(entry and entry.url) or url,
        published=(entry and entry.published) or published,
        outlet=(entry and entry.outlet) or outlet,
        encoding=decoded.encoding,
        media="text/html" if html else "text/plain",
        heading=heading,
        damage=decoded.damage,
        fetched=fetched,
    )


def looks_like_html(data: bytes, name: str = "") -> bool:
    """Whether bytes are HTML: by what they open with; the file's name alone is not believed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\x00", b"", 4096)[:4096]
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")):
        return True
    if name.lower().endswith((".html", ".htm", ".xhtml", ".shtml")):
        return b"<" in head and b">" in head
    return head.startswith(b"<") and any(tag in head for tag in (b"<p", b"<div", b"<script", b"<meta", b"<article"))


def _too_large(path: Path, size: int, limit: int) -> Unreadable:
    return Unreadable(
        str(path),
        f"has {size:,} bytes, more than the {limit:,} read as one page",
        "Split it into single pages",
    )


def in_words(error: OSError) -> str:
    """Why the system would not read a file, in words."""
    words = {
        FileNotFoundError: "is not there",
        PermissionError: "may not be read",
        IsADirectoryError: "is a folder",
    }
    return words.get(type(error), f"cannot be read ({error.strerror or error})")
