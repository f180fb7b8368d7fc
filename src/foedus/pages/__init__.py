"""Producer 1: pages to articles to claims. Start at `page.py` (what a page is), then `article.py`, `claims.py`."""
