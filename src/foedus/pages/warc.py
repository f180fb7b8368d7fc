"""Web archives as pages: each response with HTML or plain text, and each conversion to plain text, is one page.

Standard: WARC 1.0 and 1.1 (ISO 28500), plain or in gzip members, and WET files of Common Crawl, read by FastWARC. The
charset is that of the HTTP header where the bytes bear it out. Bodies are unpacked one by one as their headers say, so
that a record that cannot be hides none after it; where a header names a packing the body does not have, as crawlers
leave it, the body is taken as it is. Drops: requests, revisits, metadata, answers other than 200, and all that is
neither HTML nor plain text.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import date
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from foedus.pages.inside import of_bundle, web_address
from foedus.pages.manifest import Entry
from foedus.pages.page import LIMIT, Page, Unreadable, in_words, page_of

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_TEXTS = ("text/html", "application/xhtml+xml", "text/plain")
# A record beyond this many times the largest page is no page: what follows it is not worth unpacking.
_BOMB = 50
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.I)
_BLOCK = 65_536


def pages_of_archive(path: Path, entry: Entry | None = None, *, limit: int = LIMIT) -> Iterator[Page | Unreadable]:
    """One page for each record with text, in the order of the file; what gives no page is a finding in its place."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    pages, last, start, is_cut = 0, "the beginning", 0, False
    try:
        with path.open("rb") as file:
            # All records, also those passed over: only then is it known where the last whole one ends.
            for record in ArchiveIterator(file, parse_http=False):
                key, start = _key(record), record.stream_pos
                last = f"record {key}"
                if not record.record_type & wanted:
                    continue
                place = f"{path}, {last}"
                if record.content_length > limit * _BOMB:
                    size = f"{record.content_length:,} bytes"
                    yield Unreadable(place, f"says it has {size}, which no page has", "What follows it is left unread")
                    return
                if not _is_parsed(record) or not _has_text(record):
                    continue
                raw = record.reader.read(limit + 1)
                if is_cut := len(raw) <= limit and len(raw) < record.content_length:
                    yield Unreadable(place, f"is cut short: {len(raw):,} bytes are left", "Fetch the archive again")
                    continue
                data = raw if len(raw) > limit else _unpacked(raw, record, limit)
                if data is None:
                    yield Unreadable(place, "holds a body that is packed and damaged", "Fetch the page again")
                    continue
                if len(data) > limit:
                    yield Unreadable(place, f"has more than the {limit:,} bytes read as one page", "Leave it out")
                    continue
                pages += 1
                yield _page(data, path, key, record, entry)
            if not is_cut and _is_cut_after(file, start):
                pages += 1
                yield Unreadable(str(path), f"is cut short, at {last} or after it", "Fetch the archive again")
    except OSError as error:
        what = in_words(error) if error.errno else f"is damaged after {last} ({error})"
        yield Unreadable(str(path), what, "Fetch the archive again")
        return
    if not pages:
        yield Unreadable(str(path), "is a web archive without pages", "Give one with responses in HTML or plain text")


def _page(data: bytes, path: Path, key: str, record: WarcRecord, entry: Entry | None) -> Page | Unreadable:
    address = web_address(record.headers.get("WARC-Target-URI", ""))
    known = Entry(str(path), address, None, entry.outlet if entry else None, 0)
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


def _is_parsed(record: WarcRecord) -> bool:
    """Whether a record has the HTTP headers it ought to have; without them nobody knows what it is."""
    try:
        record.parse_http(auto_decode="none")
    except OSError:
        return False
    return True


def _unpacked(raw: bytes, record: WarcRecord, limit: int) -> bytes | None:
    """The body of an answer without its packing, up to a byte beyond the limit; None where the packing is damaged."""
    if not record.is_http:
        return raw
    headers = record.http_headers
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        joined = _dechunked(raw)
        if joined is None:
            return None
        raw = joined
    packing = (headers.get("Content-Encoding") or "").strip().lower()
    if packing == "br":
        return _unbrotlied(raw, limit)
    if packing in ("gzip", "x-gzip", "deflate") and (raw.startswith(b"\x1f\x8b") or packing == "deflate"):
        return _inflated(raw, limit)
    return raw


def _dechunked(raw: bytes) -> bytes | None:
    """The chunks of a body joined (RFC 9112, 7.1); a body that begins with none has been joined already."""
    if not _CHUNK.match(raw):
        return raw
    parts: list[bytes] = []
    place = 0
    while found := _CHUNK.match(raw, place):
        length = int(found[1], 16)
        if not length:
            return b"".join(parts)
        place = found.end() + length
        if place > len(raw):
            return None
        parts.append(raw[found.end() : place])
        place += 2
    return None


def _inflated(raw: bytes, limit: int) -> bytes | None:
    """A body packed with gzip or zlib, or without the header of either as old servers send it."""
    for bits in (47, -15):
        packed = zlib.decompressobj(wbits=bits)
        try:
            data = packed.decompress(raw, limit + 1)
        except zlib.error:
            continue
        return data if packed.eof or len(data) > limit else None
    # A header may name a packing that the crawler took off.
    return None if raw.startswith(b"\x1f\x8b") else raw


def _unbrotlied(raw: bytes, limit: int) -> bytes:
    from fastwarc.stream_io import BrotliReader

    try:
        return bytes(BrotliReader(BytesIO(raw)).read(limit + 1))
    except OSError:
        return raw


def _is_cut_after(file: BinaryIO, start: int) -> bool:
    """Whether the file ends within the record that begins at a byte, or within one after it."""
    is_packed = _begins_packed(file, 0)
    if is_packed and not _begins_packed(file, start):
        # Several records in one gzip member: no place in the file is that of the last one.
        return _is_cut_within(file)
    file.seek(start)
    head = file.read(_BLOCK)
    if is_packed:
        return _is_cut_gzip(file, head)
    end = head.find(b"\r\n\r\n")
    if end < 0:
        return b"\n\n" not in head  # lines ended otherwise are no sign
    length = _LENGTH.search(head, 0, end + 4)
    whole = start + end + 4 + int(length[1]) if length else file.seek(0, SEEK_END)
    if whole > file.seek(0, SEEK_END):
        return True
    file.seek(whole)
    return bool(file.read(_BLOCK).strip(b"\r\n"))


def _begins_packed(file: BinaryIO, place: int) -> bool:
    file.seek(place)
    return file.read(2) == b"\x1f\x8b"


def _is_cut_within(file: BinaryIO) -> bool:
    """Whether a packed archive ends within one of its records; it is gone through from the beginning."""
    file.seek(0)
    try:
        with gzip.open(file) as records:
            while line := records.readline(_BLOCK):
                if not line.strip(b"\r\n"):
                    continue
                length = None
                while line.strip(b"\r\n"):
                    length = length or _LENGTH.match(b"\r\n" + line)
                    line = records.readline(_BLOCK)
                if not line:
                    return True
                left = int(length[1]) if length else 0
                while left and (part := records.read(min(left, _BLOCK))):
                    left -= len(part)
                if left:
                    return True
    except (EOFError, OSError, zlib.error):
        return True
    return False


def _is_cut_gzip(file: BinaryIO, data: bytes) -> bool:
    packed = zlib.decompressobj(wbits=31)
    try:
        while data or (data := file.read(_BLOCK)):
            packed.decompress(data, _BLOCK)
            data = packed.unconsumed_tail or packed.unused_data.lstrip(b"\0")
            if packed.eof and (data := data or file.read(_BLOCK)):
                packed = zlib.decompressobj(wbits=31)
    except zlib.error:
        return True
    return not packed.eof


def _fetched(record: WarcRecord) -> date | None:
    try:
        return record.record_date.date()
    except (ValueError, OverflowError, AttributeError):
        return None
