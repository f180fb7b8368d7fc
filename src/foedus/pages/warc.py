"""Web archives as pages: each response with HTML or plain text, and each conversion to plain text, is one page.

Standard: WARC 1.0 and 1.1 (ISO 28500), plain or in gzip members, and WET files of Common Crawl, read by FastWARC. The
charset is that of the HTTP header where the bytes bear it out. Drops: requests, revisits, metadata, answers other than
200, and all that is neither HTML nor plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.pages.bundles import of_bundle
from foedus.pages.manifest import Entry
from foedus.pages.page import LIMIT, Page, Unreadable, in_words, page_of

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_TEXTS = ("text/html", "application/xhtml+xml", "text/plain")
# A record beyond this many times the largest page is no page: what follows it is not worth unpacking.
_BOMB = 50


def pages_of_archive(path: Path, entry: Entry | None = None, *, limit: int = LIMIT) -> Iterator[Page | Unreadable]:
    """One page for each record with text, in the order of the file; what gives no page is a finding in its place."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    pages, last = 0, "the beginning"
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=wanted, parse_http=True, auto_decode="all"):
                key = _key(record)
                last = f"record {key}"
                place = f"{path}, {last}"
                if record.content_length > limit * _BOMB:
                    size = f"{record.content_length:,} bytes"
                    yield Unreadable(place, f"says it has {size}, which no page has", "What follows it is left unread")
                    return
                if not _has_text(record):
                    continue
                data = record.reader.read(limit + 1)
                if len(data) > limit:
                    yield Unreadable(place, f"has more than the {limit:,} bytes read as one page", "Leave it out")
                    continue
                if not _is_encoded(record) and len(data) < record.content_length:
                    yield Unreadable(place, f"is cut short: {len(data):,} bytes are left", "Fetch the archive again")
                    continue
                pages += 1
                yield _page(data, path, key, record, entry)
    except OSError as error:
        what = in_words(error) if error.errno else f"is damaged after {last} ({error})"
        yield Unreadable(str(path), what, "Fetch the archive again")
        return
    if not pages:
        yield Unreadable(str(path), "is a web archive without pages", "Give one with responses in HTML or plain text")


def _page(data: bytes, path: Path, key: str, record: WarcRecord, entry: Entry | None) -> Page | Unreadable:
    address = record.headers.get("WARC-Target-URI", "") or ""
    known = Entry(str(path), address.strip("<>") or None, None, entry.outlet if entry else None, 0)
    return page_of(
        data,
        of_bundle(path, key),
        f"{path}, record {key}",
        known,
        charset=(record.http_charset or "") if record.is_http else "utf-8",
        fetched=_fetched(record),
    )


def _key(record: WarcRecord) -> str:
    """The record's own id without its wrapping; where it has none, its place in the file."""
    name = (record.record_id or "").strip("<>").removeprefix("urn:uuid:")
    return name or f"at byte {record.stream_pos}"


def _has_text(record: WarcRecord) -> bool:
    if record.is_http:
        status = record.http_headers.status_code
        return status == 200 and (record.http_content_type or "").lower() in _TEXTS
    kind = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return kind in _TEXTS


def _is_encoded(record: WarcRecord) -> bool:
    headers = record.http_headers if record.is_http else None
    return headers is not None and any(name in headers for name in ("Content-Encoding", "Transfer-Encoding"))


def _fetched(record: WarcRecord) -> date | None:
    try:
        return record.record_date.date()
    except (ValueError, OverflowError, AttributeError):
        return None
