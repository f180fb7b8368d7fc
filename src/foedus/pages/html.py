"""HTML to tag-free text, one block per line, for the same line filter that tag-free pages go through.

Start at `read_html`. Recall comes first: nothing a reader sees is left out here. Scripts and styles never reach
the text. What the page says of itself in its metadata (title, day, site) is handed on beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from foedus.pages.manifest import day_of
from foedus.terms import Day

_SKIPPED = [
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "math",
    "iframe",
    "object",
    "canvas",
    "select",
    "button",
    "head",
]

# Deeper nesting than any written page has; a parser's recursion ends somewhere below.
_DEEPEST = 2_000

_PUBLISHED = (
    ("property", "article:published_time"),
    ("property", "og:published_time"),
    ("itemprop", "datePublished"),
    ("name", "pubdate"),
    ("name", "publishdate"),
    ("name", "date"),
    ("name", "DC.date.issued"),
    ("name", "mediatime"),
)


@dataclass(frozen=True, slots=True)
class MadeText:
    """Tag-free text of an HTML page, and its metadata where it has any."""

    text: str
    title: str | None
    published: Day | None
    outlet: str | None
    url: str | None


def read_html(source: str) -> MadeText | None:
    """The text and metadata of an HTML page, or None where it cannot be parsed."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    source = source.replace("\x00", "")
    if _depth(source) > _DEEPEST:
        return MadeText(_stripped(source), None, None, None, None)
    try:
        tree = HTMLTree.parse(source)
        text = extract_plain_text(
            tree,
            preserve_formatting=True,
            main_content=False,
            list_bullets=False,
            alt_texts=False,
            links=False,
            form_fields=False,
            noscript=False,
            skip_elements=_SKIPPED,
        )
        title, published, outlet, url = _metadata(tree)
    except (ValueError, RuntimeError, MemoryError):
        return None
    lines = (line.strip() for line in text.split("\n"))
    return MadeText("\n".join(lines), title, published, outlet, url)


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})")
_VOID = frozenset(
    {"br", "img", "hr", "meta", "link", "input", "source", "wbr", "area", "base", "col", "embed", "track"}
)


def _depth(source: str) -> int:
    """How deep tags are nested, roughly: paragraphs and list items left open do not count."""
    deepest = depth = 0
    for match in _TAG.finditer(source):
        name = match.group(2).lower()
        if name in _VOID or name in ("p", "li", "option", "tr", "td", "th", "dd", "dt"):
            continue
        if match.group(1):
            depth = max(0, depth - 1)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


_UNSEEN = re.compile(r"<(script|style|template|noscript|svg)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)


def _stripped(source: str) -> str:
    """Text of HTML no parser should be given: tags taken out one by one, in linear time."""
    from html import unescape

    text = re.sub(r"<(?=[a-zA-Z/!?])[^<>]*>?", "\n", _UNSEEN.sub("\n", source))
    return "\n".join(line.strip() for line in unescape(text).split("\n") if line.strip())


def _metadata(tree: Any) -> tuple[str | None, Day | None, str | None, str | None]:
    metas: dict[tuple[str, str], str] = {}
    document = tree.document
    for element in document.get_elements_by_tag_name("meta"):
        content = element.getattr("content")
        if not content:
            continue
        for key in ("property", "name", "itemprop"):
            name = element.getattr(key)
            if name:
                metas.setdefault((key, name.lower()), content.strip())
    ld = list(_json_ld(document))
    title = metas.get(("property", "og:title")) or _first(ld, "headline") or (tree.title or "").strip() or None
    outlet = metas.get(("property", "og:site_name")) or _publisher(ld)
    published = None
    for key, name in _PUBLISHED:
        published = published or _day(metas.get((key, name.lower())))
    published = published or _day(_first(ld, "datePublished"))
    return title, published, outlet, metas.get(("property", "og:url"))


def _json_ld(document: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for element in document.get_elements_by_tag_name("script"):
        if (element.getattr("type") or "").lower() != "application/ld+json" or len(element.text) > 200_000:
            continue
        try:
            data = json.loads(element.text)
        except (ValueError, RecursionError):
            continue
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            if isinstance(row, dict):
                graph = row.get("@graph")
                found.extend(r for r in graph if isinstance(r, dict)) if isinstance(graph, list) else found.append(row)
    return [row for row in found if "Article" in str(row.get("@type")) or "Report" in str(row.get("@type"))]


def _first(rows: list[dict[str, Any]], key: str) -> str | None:
    return next((row[key].strip() for row in rows if isinstance(row.get(key), str) and row[key].strip()), None)


def _publisher(rows: list[dict[str, Any]]) -> str | None:
    for row in rows:
        publisher = row.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return str(publisher["name"]).strip() or None
    return None


def _day(text: str | None) -> Day | None:
    if not text:
        return None
    try:
        return day_of(text)
    except ValueError:
        return None
