"""What feeds and web archives share: how a page inside a file is named, and which address is one of the web."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit


def web_address(text: object, base: str = "") -> str | None:
    """An address of the web, made whole by that of the page it stands on; none for any other scheme."""
    try:
        found = urljoin(base, str(text or "").strip().strip("<>"))
        parts = urlsplit(found)
    except ValueError:
        return None
    is_one = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"[\s\x00-\x1f\x7f]", found)
    return found if is_one else None


def of_bundle(path: Path, key: str) -> str:
    """The name of a page inside a bundle, on one line and not without end."""
    return f"{path.name}#{''.join(c if c.isprintable() else '_' for c in key)[:200]}"
