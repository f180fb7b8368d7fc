"""Producer 1: pages to articles to claims. Start at `page.py` (what a page is), then `article.py`, `claims.py`."""

from foedus.pages.reading import Reading, read_claims, read_pages

__all__ = ["Reading", "read_claims", "read_pages"]
