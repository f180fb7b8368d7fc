"""What is stored: entries, and only entries. Each says who, why, and three times.

`valid` is when it was so in the world, `known` when a source first said so, `recorded` when this ledger learnt it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from foedus.terms import Act, Claim, Day, Doing, FoedusError, kinds, roles


class EntryType(StrEnum):
    """What an entry tells."""

    PAGE = "page"
    CLAIM = "claim"
    ACT = "act"
    MERGE = "merge"
    SPLIT = "split"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    CHARTER = "charter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log, never changed after it is written.

    `seq`, `recorded` and `group` are given by the ledger inside the commit: they are 0, "" and 0 before.
    `id` names the thing: SHA-256 of a page, id of a claim or an act, organisation of a charter. `payload` is plain
    JSON. `recorded` is an RFC 3339 instant in UTC with microseconds, the same for all entries of a group and later than
    that of any group before, so that a moment always names a whole number of groups.
    """

    type: EntryType
    id: str
    payload: Mapping[str, Any]
    who: str
    why: str = ""
    valid: Day | None = None
    known: Day | None = None
    seq: int = 0
    recorded: str = ""
    group: int = 0
    written: str = field(default="", init=False, repr=False, compare=False)
    """The payload in canonical form where it was made here of typed values; it need not be proven to read back."""

    @classmethod
    def of_page(cls, page: SeenPage, who: str, why: str = "") -> Entry:
        """That a page was seen."""
        return cls._of(EntryType.PAGE, page.sha256, page.to_json(), who, why, None, page.published)

    @classmethod
    def of_claim(
        cls, claim: Claim, sha256: str, who: str, why: str = "", *, known: Day | None = None, succeeds: str = ""
    ) -> Entry:
        """That a claim was read on the page whose bytes have that SHA-256, in the place of an earlier one if any.

        Raises:
            FoedusError: a role or its value is none of the vocabulary.
        """
        _see_roles(claim, claim.id, lost=False)
        payload = claim_payload(claim, sha256) | ({"succeeds": succeeds} if succeeds else {})
        return cls._of(EntryType.CLAIM, claim.id, payload, who, why, claim.date, known)

    @classmethod
    def of_act(cls, act: Act, who: str, why: str = "") -> Entry:
        """That an act was performed.

        Raises:
            FoedusError: a role or its value is none of the vocabulary.
        """
        _see_roles(act, act.id, lost=True)
        return cls._of(EntryType.ACT, act.id, act.to_json(), who, why, act.date, act.published)

    @classmethod
    def _of(
        cls,
        of: EntryType,
        name: str,
        payload: dict[str, Any],
        who: str,
        why: str,
        valid: Day | None,
        known: Day | None,
    ) -> Entry:
        entry = cls(type=of, id=name, payload=payload, who=who, why=why, valid=valid, known=known)
        object.__setattr__(entry, "written", canonical(payload))
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """A page as it came, with what is known of where and when it came from.

    `sha256` is that of the bytes received, in hex; `text` what evidence offsets count in: decoded, not repaired.
    `chain` tells who said it to whom as pairs (kind, name), speaker first: `(("agency", "TASS"), ("outlet", ...))`.
    Of a page that is not `kept` a ledger has the hashes and the words that claims rest on; its `text` is then empty.
    """

    name: str
    sha256: str
    text: str
    url: str = ""
    published: Day | None = None
    outlet: str = ""
    media: str = ""
    encoding: str = ""
    title: str = ""
    languages: tuple[str, ...] = ()
    chain: tuple[tuple[str, str], ...] = ()
    kept: bool = True

    def to_json(self) -> dict[str, Any]:
        """The page as plain JSON, its text replaced by the hash and the number of characters."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "text_sha256": text_hash(self.text),
            "characters": len(self.text),
            "url": self.url,
            "published": self.published and self.published.edtf,
            "outlet": self.outlet,
            "media": self.media,
            "encoding": self.encoding,
            "title": self.title,
            "languages": list(self.languages),
            "chain": [list(link) for link in self.chain],
            **({} if self.kept else {"kept": False}),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any], text: str = "") -> SeenPage:
        """The page of plain JSON with its text, which is kept elsewhere.

        Raises:
            KeyError, ValueError: no name or hash, or a publication day that is no EDTF.
        """
        return cls(
            name=row["name"],
            sha256=row["sha256"],
            text=text,
            url=row.get("url", ""),
            published=Day.parse(row["published"]) if row.get("published") else None,
            outlet=row.get("outlet", ""),
            media=row.get("media", ""),
            encoding=row.get("encoding", ""),
            title=row.get("title", ""),
            languages=tuple(row.get("languages") or ()),
            chain=tuple((kind, name) for kind, name in row.get("chain") or ()),
            kept=row.get("kept", True),
        )


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a page did: the name it goes by, whether it was new, and how many claims came and went.

    `taken_back`: nothing was added, since a person took the page back.
    """

    page: str
    is_new: bool
    claims: int = 0
    retracted: int = 0
    ids: tuple[str, ...] = field(default=())
    taken_back: bool = False


KEPT, GIVEN_UP = "charter", "given_up"
"""What an entry on a charter does, under `of`: it takes a text up, or gives up the one that stands."""


UNREAD = "not found by a later reading"
"""Why a reading retracts a claim, where it gives no other reason."""


def is_by_reading(payload: Mapping[str, Any], why: str) -> bool:
    """Whether a retraction only says that a later reading did not find the claim: that is no person's decision."""
    return payload.get("by") == "reading" or why == UNREAD


def canonical(payload: Mapping[str, Any]) -> str:
    """Plain JSON in one spelling: sorted keys, no spaces, no escapes beyond the needed. Equal values, equal text.

    Half a character, which damaged pages can hold, is escaped: no UTF-8 can hold it.
    """
    try:
        return orjson.dumps(payload, option=_PLAIN).decode()
    except TypeError:
        # Half a character, a number too long, or what is no JSON at all: the slower way knows which.
        return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", _SLOWER(payload))


def plain(text: str) -> Any:
    """The plain JSON of a text in any spelling.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


_PLAIN = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_SLOWER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_HALVES = re.compile("[\ud800-\udfff]")


def _is_whole(text: str) -> bool:
    return text.isascii() or not _HALVES.search(text)


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex; a lone surrogate, which damaged pages can hold, counts as itself."""
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()


def instant(moment: datetime) -> str:
    """A moment as an RFC 3339 instant in UTC with microseconds: 27 characters, so that text order is time order."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def moment_of(recorded: str) -> str:
    """The instant a person means: an RFC 3339 instant, or a day, which stands for its end in UTC.

    Raises:
        FoedusError: neither.
    """
    try:
        moment = datetime.fromisoformat(recorded)
    except ValueError:
        raise FoedusError(
            f"recorded={recorded}", "is no moment", "Write a day (2026-11-21) or an instant (2026-11-21T21:05:00Z)"
        ) from None
    if len(recorded) <= len("2026-11-21"):
        moment = datetime.combine(moment.date(), time.max)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def claim_payload(claim: Claim, sha256: str) -> dict[str, Any]:
    """The payload of a claim: its line of JSON, the page's hash, and the further roles once more on their own.

    A claim's line has the reader's rule under `rule`, which is a role's name too: on their own, roles read back equal.
    """
    return {**claim.to_json(), "sha256": sha256, "more": dict(claim.more)}


def _see_roles(doing: Doing, name: str, *, lost: bool) -> None:
    """See that a doing says nothing that could not be read back; `lost` where roles unknown to the vocabulary are."""
    if doing.kind not in kinds():
        raise FoedusError(name, f"{doing.kind!r} is no kind of the vocabulary")
    for role, value in doing.more.items():
        known = roles().get(role)
        if (
            type(value) is not str
            or (known is None and lost)
            or (known and known.choices and value not in known.choices)
        ):
            raise FoedusError(name, f"{role} is {value!r}, which the vocabulary does not know")


def claim_of(payload: Mapping[str, Any]) -> Claim:
    """The claim of a payload.

    Raises:
        KeyError, ValueError, TypeError: the payload is no claim.
    """
    return replace(Claim.from_json(payload), more=dict(payload["more"]))


def found_by(of: EntryType | str, payload: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """What an entry is found by, in turn: what it is about, its organisation and its kind.

    A page is about its name, a claim about the SHA-256 of its page, a charter about its organisation. It has no
    organisation of its own, so that a question about the organisation's acts does not meet it.
    """
    if of == EntryType.PAGE:
        return payload["name"], None, None
    if of == EntryType.CLAIM:
        return payload["sha256"], payload.get("org") or None, payload["kind"]
    if of == EntryType.ACT:
        return None, payload.get("org") or None, payload["kind"]
    if of == EntryType.CHARTER:
        return payload["org"], None, None
    return None, None, None


def text_beside(of: EntryType | str, written: str) -> str | None:
    """The SHA-256 of the text kept beside an entry, whose payload is given as written; None where there is none.

    Pages have one unless only their words were kept, charters unless they were given up.
    """
    if of == EntryType.PAGE:
        page = plain(written)
        return str(page["text_sha256"]) if page.get("kept", True) else None
    if of == EntryType.CHARTER:
        charter = plain(written)
        return str(charter["text_sha256"]) if charter["of"] == KEPT else None
    return None


class Readable(NamedTuple):
    """An entry seen to read back, as texts: what is stored of it but for its number, group, moment and link.

    The last three are what it is found by (`found_by`).
    """

    type: str
    id: str
    payload: str
    who: str
    why: str
    valid: str | None
    known: str | None
    about: str | None
    org: str | None
    kind: str | None


def readable(entry: Entry) -> Readable:
    """An entry as texts, its payload in canonical form, seen to read back before it is written for good.

    Raises:
        FoedusError: the payload lacks what its type needs, or nobody stands behind the entry.
    """
    if not entry.who.strip():
        raise FoedusError(_named(entry), "says not who makes it", "Give a name or a function in `who`")
    if not entry.id:
        raise FoedusError(_named(entry), "has no id")
    written = entry.written or _proven(entry)
    about, org, kind = found_by(entry.type, entry.payload)
    shown = f"{entry.id}{entry.who}{entry.why}{about}{org}{kind}"
    if "\0" in shown or not shown.isascii():
        for text in (entry.id, entry.who, entry.why, about, org, kind):
            if text:
                see_text(text, f"entry {entry.type} {entry.id!r}")
    valid, known = entry.valid, entry.known
    return Readable(
        entry.type.value,
        entry.id,
        written,
        entry.who,
        entry.why,
        valid.edtf if valid else None,
        known.edtf if known else None,
        about,
        org,
        kind,
    )


def _named(entry: Entry) -> str:
    return f"entry {entry.type} {entry.id}"


def _proven(entry: Entry) -> str:
    """The payload in canonical form, read back as what its type says."""
    try:
        written = canonical(entry.payload)
        payload = plain(written)
        if payload != entry.payload:
            raise ValueError("not plain JSON")
        if entry.type is EntryType.PAGE:
            SeenPage.from_json(payload)
        elif entry.type is EntryType.CLAIM:
            dict(payload["more"])
            if Claim.from_json(payload).id != entry.id:
                raise ValueError("the claim goes by another id")
        elif entry.type is EntryType.ACT:
            if Act.from_json(payload).id != entry.id:
                raise ValueError("the act goes by another id")
        elif entry.type is EntryType.CHARTER:
            _see_charter(entry.id, payload)
        else:
            for key in _NEEDED[entry.type]:
                payload[key]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise FoedusError(_named(entry), f"cannot be read back: {type(error).__name__} {error}") from None
    return written


def _see_charter(org: str, payload: Mapping[str, Any]) -> None:
    """See that an entry on a charter names its organisation, and the text it takes up if it does."""
    if payload["org"] != org or not re.fullmatch("[a-z][a-z0-9]*", org):
        raise ValueError("the charter is of another organisation, or of none")
    if payload["of"] not in (KEPT, GIVEN_UP):
        raise ValueError(f"a charter is neither kept nor given up: {payload['of']!r}")
    if payload["of"] == KEPT and not (
        re.fullmatch("[0-9a-f]{64}", payload["text_sha256"])
        and type(payload["characters"]) is int
        and type(payload["source"]) is str
    ):
        raise ValueError("the text of the charter is not named")


def see_text(text: str, where: str) -> None:
    """See that a text can be looked for in any store.

    Raises:
        FoedusError: it holds a NUL, or half a character.
    """
    if "\0" in text or not _is_whole(text):
        raise FoedusError(where, f"holds what no text can hold: {text[:40]!r}", "Write it in UTF-8, without a NUL")


_NEEDED: Mapping[EntryType, tuple[str, ...]] = {
    EntryType.MERGE: ("acts", "claims"),
    EntryType.SPLIT: ("act", "claims", "rest"),
    EntryType.CORRECTION: ("changes", "source", "claims"),
    EntryType.RETRACTION: ("of", "source", "claims"),
}
