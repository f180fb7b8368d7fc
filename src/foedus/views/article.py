"""One page as article and furniture: what is told, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.terms import Day
from foedus.views.frames import add_row, fields_of, heading, plain_table
from foedus.views.quote import PageLike
from foedus.views.safe import harmless, on_one_line

SHOWN = 60
"""Characters shown of each block of furniture."""


class BlockLike(Protocol):
    """A line of a page: where it stands in the text, its number, its type, its language."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def type(self) -> Any: ...
    @property
    def language(self) -> str: ...


class ArticleLike(Protocol):
    """What a view needs of an article: the page, its blocks by type, and what was found of it."""

    @property
    def page(self) -> PageLike: ...
    @property
    def blocks(self) -> Sequence[BlockLike]: ...
    @property
    def title(self) -> str | None: ...
    @property
    def published(self) -> Day | None: ...
    @property
    def outlet(self) -> str | None: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def article_lines(self) -> Sequence[int]: ...
    @property
    def furniture(self) -> Mapping[Any, Sequence[BlockLike]]: ...


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a page is article and how much furniture, in characters of its blocks, without the space between."""

    article: int
    furniture: int

    @property
    def percent(self) -> int | None:
        """Furniture in whole per cent, None for a page without words."""
        whole = self.article + self.furniture
        return round(100 * self.furniture / whole) if whole else None


def share_of(article: ArticleLike) -> Share:
    """How much of a page is article and how much furniture."""
    furniture = sum(_length(blocks) for blocks in article.furniture.values())
    return Share(_length(article.blocks) - furniture, furniture)


def article_text(article: ArticleLike, *, lang: str = "en") -> RenderableType:
    """What was found of a page, its article lines with their numbers, then its furniture by type."""
    share = share_of(article)
    about = {
        "Title": on_one_line(article.title or "none found"),
        "Published": str(article.published) if article.published else "not known",
        "Outlet": on_one_line(article.outlet or "not known"),
        "Languages": ", ".join(article.languages) or "not told",
        "Furniture": f"{share.percent} % of {share.article + share.furniture:,} characters"
        if share.percent is not None
        else "–",
    }
    kept = set(article.article_lines)
    lines = plain_table(">line", "type", "article")
    for block in article.blocks:
        if block.line in kept:
            add_row(lines, str(block.line), str(block.type.value), words_of(article, block))
    parts: list[RenderableType] = [heading(on_one_line(article.page.name)), fields_of(about), Text(), lines]
    rest = plain_table(">lines", "furniture", "begins")
    for kind, blocks in article.furniture.items():
        first = words_of(article, blocks[0])
        add_row(rest, str(len(blocks)), str(kind.value), first[:SHOWN] + ("…" if len(first) > SHOWN else ""))
    if article.furniture:
        parts += [Text(), rest]
    return Group(*parts)


def article_json(article: ArticleLike) -> dict[str, Any]:
    """An article as plain JSON: `page`, `article_lines` (from 1), what was found, and all blocks with their offsets."""
    share = share_of(article)
    return {
        "page": article.page.name,
        "title": article.title,
        "published": article.published and article.published.edtf,
        "outlet": article.outlet,
        "languages": list(article.languages),
        "article_lines": list(article.article_lines),
        "furniture": {str(kind.value): [block.line for block in blocks] for kind, blocks in article.furniture.items()},
        "characters": {"article": share.article, "furniture": share.furniture},
        "blocks": [
            {
                "line": block.line,
                "start": block.start,
                "end": block.end,
                "type": str(block.type.value),
                "language": block.language,
            }
            for block in article.blocks
        ],
    }


def words_of(article: ArticleLike, block: BlockLike) -> str:
    """The words of a block as received, made harmless."""
    return harmless(article.page.text[block.start : block.end])


def _length(blocks: Iterable[BlockLike]) -> int:
    return sum(block.end - block.start for block in blocks)
