"""Files that hold several pages: feeds (RSS, Atom) and web archives (WARC, WET), told by what they begin with.

Start at `pages_in`: it gives the pages of any file, one for an ordinary page. Each page of a bundle goes by the name of
its file, `#` and its own id there, and is then read like any other.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from foedus.pages.manifest import Entry
from foedus.pages.page import LIMIT, Page, Unreadable, read_page

ENDINGS = (".rss", ".atom", ".warc", ".warc.gz", ".wet", ".wet.gz")
"""Names of bundles inside a folder, beside `.xml` where it is a feed; a file named by itself is told by its bytes."""

_PEEK = 32_768
# The first element of the document, after a declaration, comments and a document type, be its names given one by one.
_FEED = re.compile(
    rb"\s*(?:<\?.{0,1000}?\?>\s*|<!--.{0,20000}?-->\s*|<!DOCTYPE[^>\[]{0,500}(?:\[.{0,20000}?\]\s*)?>\s*)*"
    rb"<(?:[\w.-]{1,20}:)?(?:rss|feed|RDF)[\s>]",
    re.S,
)
_ARCHIVE = re.compile(rb"WARC/[0-9.]{1,8}\r?\n")


def is_bundle(path: Path) -> bool:
    """Whether a file inside a folder is a bundle by its name. XML may be anything, so it must begin as a feed does."""
    name = path.name.lower()
    return name.endswith(ENDINGS) or (name.endswith(".xml") and _is_feed(_head(path)))


def pages_in(
    path: str | os.PathLike[str], entry: Entry | None = None, *, limit: int = LIMIT
) -> Iterator[Page | Unreadable]:
    """The pages of one file: those of a feed or web archive, else the one page it is.

    Args:
        entry: what a manifest says of the file; of a bundle only the outlet is taken, its pages know the rest.
        limit: bytes of the largest page read, and of the largest feed.
    """
    path = Path(path)
    head = _head(path)
    if _ARCHIVE.match(head):
        from foedus.pages.warc import pages_of_archive

        yield from pages_of_archive(path, entry, limit=limit)
    elif _is_feed(head):
        from foedus.pages.feed import pages_of_feed

        yield from pages_of_feed(path, entry, limit=limit)
    else:
        yield read_page(path, entry, limit=limit)


def _is_feed(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[2:].replace(b"\0", b"")
    return _FEED.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def _head(path: Path) -> bytes:
    """The first bytes of a file, unpacked where it is gzip; none where it is no ordinary file."""
    if not path.is_file():
        return b""
    try:
        with path.open("rb") as file:
            head = file.read(_PEEK)
    except OSError:
        return b""  # reading it as a page tells why
    return _unpacked(head) if head.startswith(b"\x1f\x8b") else head


def _unpacked(head: bytes) -> bytes:
    """The beginning of what a gzip file holds, as far as it is sound."""
    packed, found = zlib.decompressobj(wbits=31), b""
    try:
        for start in range(0, len(head), 256):
            found += packed.decompress(head[start : start + 256], _PEEK)
            if len(found) >= _PEEK:
                break
    except zlib.error:
        pass
    return found
