"""Pages read from end to end: bytes to article to claims, one page at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from foedus.charters import Charter
from foedus.pages.article import Article, read_article
from foedus.pages.claims import Reader
from foedus.pages.files import receive
from foedus.pages.manifest import Manifest
from foedus.pages.page import Page, Unreadable
from foedus.terms import Claim, OrgCode


@dataclass(frozen=True, slots=True)
class Reading:
    """One page with its article and the claims read from it, weak ones included."""

    page: Page
    article: Article
    claims: tuple[Claim, ...]


def read_pages(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    manifest: Manifest | None = None,
    charters: Mapping[OrgCode, Charter] | None = None,
) -> Iterator[Reading | Unreadable]:
    """Readings of files and folders, each made when asked for; what cannot be read is a finding in its place.

    Args:
        charters: whose names the reader knows; None for those shipped.
    """
    reader = Reader(charters)
    for page in receive(paths, manifest):
        if isinstance(page, Unreadable):
            yield page
        else:
            article = read_article(page)
            yield Reading(page, article, reader.read(article))


def read_claims(article: Article) -> tuple[Claim, ...]:
    """The claims of one article, read with the names of the shipped charters."""
    return _shipped_reader().read(article)


@cache
def _shipped_reader() -> Reader:
    return Reader()
