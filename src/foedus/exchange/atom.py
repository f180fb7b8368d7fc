"""Acts as an Atom feed, newest first, one entry an act.

Standard: Atom (RFC 4287); ids are tag URIs (RFC 4151), the same on every export; the feed of one organisation has one
of its own. `updated` is when the ledger last learnt something of the act: the act, a claim of it, a correction. Else it
is when a source first said so; where nothing tells either, the last day the act can have been done.
Drops: roles beyond kind, parties and organisation, claims and conflicts; acts without any of those days.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from datetime import date
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from foedus.exchange.goods import Goods, tell
from foedus.exchange.names import headline
from foedus.ledger import Entry, EntryType
from foedus.terms import Act, Day, Precision

ATOM = "http://www.w3.org/2005/Atom"
# A tag names whoever mints it and a day on which the name was theirs; ours is the project, from its first year on.
TAG = "tag:foedus,2026"
# What XML 1.0 cannot hold at all, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes a feed; tells how many acts have no day to be sorted by, and how many only their own."""
    learnt = _learnt(goods.entries)
    dated = [(moment, act) for act in goods.acts if (moment := updated(act, learnt))]
    dated.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    about = goods.names.get(goods.org, goods.org) if goods.org else "security organisations"
    _add(feed, "title", f"Acts of {about}")
    _add(feed, "id", f"{TAG}:acts/{quote(goods.org, safe='-._~')}" if goods.org else f"{TAG}:acts")
    _add(feed, "updated", dated[0][0] if dated else "2026-01-01T00:00:00Z")
    _add(_add(feed, "author"), "name", "foedus")
    _add(feed, "rights", goods.citation)
    for moment, act in dated:
        _entry(feed, act, moment, goods)
    ET.indent(feed, " ")
    out.write(ET.tostring(feed, "utf-8", xml_declaration=True) + b"\n")
    own = sum(not _moments(act, learnt) and act.published is None for _, act in dated)
    return (
        *tell(len(goods.acts) - len(dated), "act", "without any day left out"),
        *tell(own, "act", "dated by their own day: nothing tells when they were published"),
    )


def tag_of(act_id: str) -> str:
    """The tag URI of an act."""
    return f"{TAG}:act/{quote(act_id, safe='-._~', errors='replace')}"


def updated(act: Act, learnt: Mapping[str, str] | None = None) -> str:
    """The moment of an entry, an RFC 3339 instant; empty where nothing tells one.

    Args:
        learnt: when the ledger last learnt something, by the id of an act or claim.
    """
    if moments := _moments(act, learnt or {}):
        return max(moments)
    for day in (act.published, act.date):
        if day and (told := _last_of(day)):
            return f"{told.isoformat()}T00:00:00Z"
    return ""


def _moments(act: Act, learnt: Mapping[str, str]) -> list[str]:
    named = (learnt.get(name, "") for name in (act.id, *act.claims))
    return [moment for moment in (act.recorded, *named) if moment]


def _learnt(entries: Iterable[Entry]) -> dict[str, str]:
    """The last moment at which something was written of an act or claim, by its id; of an act also by its claims."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.type is EntryType.PAGE:
            continue
        for name in (entry.id, *entry.payload.get("claims", ())):
            found[name] = entry.recorded
    return found


def _last_of(day: Day) -> date | None:
    if day.precision is Precision.OPEN_YEAR:
        return None
    return day.last if day.last != date.max else day.first if day.first != date.min else None


def _entry(feed: ET.Element, act: Act, moment: str, goods: Goods) -> None:
    entry = _add(feed, "entry")
    _add(entry, "title", f"{act.date.edtf + ': ' if act.date else ''}{headline(act, goods.names)}")
    _add(entry, "id", tag_of(act.id))
    _add(entry, "updated", moment)
    for term in (act.kind, act.org):
        if term:
            _add(entry, "category").set("term", _clean(term))
    for address in dict.fromkeys(source.where for source in act.sources):
        if is_address(address):
            link = _add(entry, "link")
            link.set("rel", "via")
            link.set("href", _clean(address))
    words = "\n".join(part for part in (act.role("detail"), act.note, *(s.words for s in act.sources)) if part)
    _add(entry, "content", words or headline(act, goods.names)).set("type", "text")


def is_address(text: str) -> bool:
    """Whether a text is an address of the web; no other scheme may become a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"]", text)


def _add(under: ET.Element, name: str, text: str = "") -> ET.Element:
    made = ET.SubElement(under, f"{{{ATOM}}}{name}")
    made.text = _clean(text) or None
    return made


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
