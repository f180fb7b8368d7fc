"""Feeds as pages: each item of an RSS or Atom file with its words is one page.

Standard: RSS 0.9 to 2.0, Atom (RFC 4287), as feedparser reads them from bytes; nothing is fetched. An item's fullest
words are taken: its content, else its summary. Drops: enclosures, comments, items without words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from foedus.pages.bundles import of_bundle
from foedus.pages.manifest import Entry
from foedus.pages.page import LIMIT, Page, Unreadable, in_words, page_of
from foedus.terms import Day


def pages_of_feed(path: Path, entry: Entry | None = None, *, limit: int = LIMIT) -> Iterator[Page | Unreadable]:
    """One page for each item, in the order of the file; what gives no page is a finding in its place."""
    import feedparser

    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        yield Unreadable(str(path), in_words(error), "Check the path and the right to read it")
        return
    if len(data) > limit:
        yield Unreadable(str(path), f"is a feed of more than {limit:,} bytes", "Split it into several")
        return
    found = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        yield Unreadable(str(path), "is a feed without items", "Fetch it again")
        return
    outlet = (entry and entry.outlet) or found.feed.get("title") or None
    # As plain mappings: feedparser's own answers a missing key with another's value.
    for number, item in enumerate(map(dict, found.entries), 1):
        key = str(item.get("id") or item.get("link") or number)
        name = of_bundle(path, key)
        known = Entry(str(path), item.get("link") or None, _published(item), outlet, number)
        yield page_of(_as_html(item).encode("utf8", "replace"), name, f"{path}, item {number} ({key[:80]})", known)


def _as_html(item: Mapping[str, Any]) -> str:
    """The page of an item: its title as a heading, then its words."""
    title, words = str(item.get("title", "")), _words(item)
    # A title may hold markup of its own; in a heading that does no harm, and in the title it must be text.
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
