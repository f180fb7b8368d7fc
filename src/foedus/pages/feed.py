"""Feeds as pages: each item of an RSS or Atom file with its words is one page.

Standard: RSS 0.9 to 2.0, Atom (RFC 4287), plain or in gzip, as feedparser reads them; nothing is fetched, no entity
grows. An item's fullest words are taken: its content, else its summary. Drops: enclosures, comments, items without
words.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from foedus.pages.encoding import decode
from foedus.pages.inside import of_bundle, web_address
from foedus.pages.manifest import Entry
from foedus.pages.page import LIMIT, Page, Unreadable, in_words, page_of
from foedus.terms import Day

_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_CLOSED = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.I)
_TAG = re.compile(r"</?[A-Za-z][^>]{0,1000}>")


def pages_of_feed(path: Path, entry: Entry | None = None, *, limit: int = LIMIT) -> Iterator[Page | Unreadable]:
    """One page for each item, in the order of the file; what gives no page is a finding in its place."""
    import feedparser

    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
        if data.startswith(b"\x1f\x8b"):
            data = zlib.decompressobj(wbits=31).decompress(data, limit + 1)
    except OSError as error:
        yield Unreadable(str(path), in_words(error), "Check the path and the right to read it")
        return
    except zlib.error as error:
        yield Unreadable(str(path), f"is damaged ({error})", "Fetch it again")
        return
    if len(data) > limit:
        yield Unreadable(str(path), f"is a feed of more than {limit:,} bytes", "Split it into several")
        return
    decoded = decode(data, html=True)
    if decoded is None:
        yield Unreadable(str(path), "holds no text in any known encoding", "Fetch it again")
        return
    # The encoding it has, which need not be the one it declares.
    text = _DECLARED.sub("", decoded.text, 1)
    feed = BytesIO(text.encode("utf8", "replace"))
    found = feedparser.parse(feed, sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        yield Unreadable(str(path), "is a feed without items", "Fetch it again")
        return
    outlet = (entry and entry.outlet) or found.feed.get("title") or None
    home = str(found.feed.get("link") or "")
    keys: Counter[str] = Counter()
    # As plain mappings: feedparser's own answers a missing key with another's value.
    for number, item in enumerate(map(dict, found.entries), 1):
        key = str(item.get("id") or item.get("link") or number)
        keys[key] += 1
        # Ids ought to differ; where they do not, the second is told from the first.
        name = of_bundle(path, key if keys[key] == 1 else f"{key}#{keys[key]}")
        known = Entry(str(path), web_address(item.get("link"), home), _published(item), outlet, number)
        yield page_of(_as_html(item).encode("utf8", "replace"), name, f"{path}, item {number} ({key[:80]})", known)
    if not _CLOSED.search(text, max(0, len(text) - 10_000)):
        what = f"is cut short: its last item, {of_bundle(path, key)}, may be too"
        yield Unreadable(str(path), what, "Fetch it again")


def _as_html(item: Mapping[str, Any]) -> str:
    """The page of an item: its title as a heading, then its words."""
    title, words = str(item.get("title", "")), _words(item)
    # A title may be HTML; its words are what was meant.
    is_html = item.get("title_detail", {}).get("type") != "text/plain"
    title = _TAG.sub("", title)
    title = unescape(title) if is_html else title
    return (
        f"<!DOCTYPE html><html><head><title>{escape(title)}</title></head>"
        f"<body><article><h1>{escape(title)}</h1>\n{words}</article></body></html>"
    )


def _words(item: Mapping[str, Any]) -> str:
    parts = [*item.get("content", ()), item.get("summary_detail", {})]
    part = max(parts, key=lambda one: len(one.get("value", "")))
    value = str(part.get("value", ""))
    if part.get("type") != "text/plain":
        return value
    return "\n".join(f"<p>{escape(line)}</p>" for line in value.splitlines() if line.strip())


def _published(item: Mapping[str, Any]) -> Day | None:
    moment = item.get("published_parsed") or item.get("updated_parsed")
    try:
        return Day.of(date(*moment[:3])) if moment else None
    except (ValueError, TypeError):
        return None
