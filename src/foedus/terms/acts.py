"""What was done, and what a page says was done: Doing, Claim, Act, with evidence and sources.

A `Claim` is what one article says; an `Act` is derived from claims that speak of the same doing, or comes from
a shipped record, a person or a scenario. Both are doings with the same roles (kinds.toml).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any

from foedus.terms.day import Day
from foedus.terms.kinds import kinds, roles


class Modality(StrEnum):
    """How the words stand to the doing."""

    REPORTED = "reported"
    PLANNED = "planned"
    PROPOSED = "proposed"
    DENIED = "denied"
    CONDITIONAL = "conditional"


class Confidence(StrEnum):
    """How far a claim rests on the words themselves."""

    EXPLICIT = "explicit"
    INFERRED = "inferred"
    WEAK = "weak"


class Origin(StrEnum):
    """Which side an act came from; never mixed up in a view or a count."""

    RECORD = "record"
    PAGE = "page"
    PERSON = "person"
    SCENARIO = "scenario"


class Mark(StrEnum):
    """How far a shipped act or rule may be relied upon."""

    SOURCED = "sourced"
    RECALLED = "recalled"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a claim rests on: characters `start` to `end` (end excluded) of the page text as received."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is said: a web address or a name, when it was published, and the words where known."""

    where: str
    published: Day | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A point on which sources differ: the role concerned, what one of them says, and where."""

    field: str
    says: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A doing with its roles, as vocabulary of kinds.toml; parties are ids of `codes.Party`.

    `body` holds none, one, or several bodies (a joint session). `more` holds the roles that only some kinds use,
    each a string: document, status, outcome, stance, ground, legal_basis, size, phase, office, person ...
    """

    kind: str
    org: str | None = None
    actors: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    place: str | None = None
    date: Day | None = None
    date_end: Day | None = None
    modality: Modality = Modality.REPORTED
    more: Mapping[str, str] = field(default_factory=dict)

    def role(self, name: str) -> str | None:
        """A role of `more`, None where the doing does not have it."""
        return self.more.get(name)

    @property
    def parties(self) -> tuple[str, ...]:
        """Actors and bodies, each once, in order: who does it."""
        return tuple(dict.fromkeys((*self.actors, *self.body)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Doing):
    """What one article says about one doing, standing fact, situation or rule.

    `attributed_to` names who says so, nearest speaker first. `rule` names the reader's rule that found it.
    For kind `fact`: `more` holds fact, value and as_of.
    """

    page: str
    evidence: Evidence
    language: str = ""
    retold: bool = False
    attributed_to: tuple[str, ...] = ()
    confidence: Confidence = Confidence.EXPLICIT
    rule: str = ""
    id: str = ""

    def to_json(self) -> dict[str, Any]:
        """The claim as one line of JSON; body is a string, a list or null."""
        row: dict[str, Any] = {"page": self.page, **doing_to_json(self)}
        row |= {
            "retold": self.retold,
            "attributed_to": list(self.attributed_to),
            "confidence": self.confidence.value,
            "language": self.language,
            "evidence": {"start": self.evidence.start, "end": self.evidence.end, "text": self.evidence.text},
            "rule": self.rule,
            "id": self.id,
        }
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Claim:
        """The claim of a line of JSON.

        Raises:
            ValueError, KeyError: a role of the wrong shape, an unknown kind, or no page or evidence.
        """
        words = row["evidence"]
        return cls(
            **doing_from_json(row),
            page=row["page"],
            evidence=Evidence(words["start"], words["end"], words["text"]),
            language=row.get("language", ""),
            retold=bool(row.get("retold")),
            attributed_to=tuple(row.get("attributed_to") or ()),
            confidence=Confidence(row.get("confidence", "explicit")),
            rule=row.get("rule", ""),
            id=row.get("id", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Doing):
    """What was done, with every claim and source that says so.

    `published` is when a source first said so: None is *cannot be told whether known by then*.
    `recorded` is when the ledger learnt it, an RFC 3339 instant in UTC; empty for a shipped record.
    `forced` marks an act a person performed although it was out of order.
    """

    id: str
    origin: Origin
    sources: tuple[Source, ...] = ()
    claims: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    mark: Mark = Mark.SOURCED
    note: str = ""
    published: Day | None = None
    recorded: str = ""
    forced: bool = False

    def to_json(self) -> dict[str, Any]:
        """The act as plain JSON; `Act.from_json` reads it back equal."""
        return {
            "id": self.id,
            **doing_to_json(self),
            "origin": self.origin.value,
            "sources": [
                {"where": s.where, "published": s.published and s.published.edtf, "words": s.words}
                for s in self.sources
            ],
            "claims": list(self.claims),
            "conflicts": [{"field": c.field, "says": c.says, "source": c.source} for c in self.conflicts],
            "mark": self.mark.value,
            "note": self.note,
            "published": self.published and self.published.edtf,
            "recorded": self.recorded,
            "forced": self.forced,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Act:
        """The act of plain JSON.

        Raises:
            ValueError, KeyError: a role of the wrong shape, an unknown kind, or no id or origin.
        """
        return cls(
            **doing_from_json(row),
            id=row["id"],
            origin=Origin(row["origin"]),
            sources=tuple(
                Source(s["where"], _day(s.get("published")), s.get("words", "")) for s in row.get("sources") or ()
            ),
            claims=tuple(row.get("claims") or ()),
            conflicts=tuple(Conflict(c["field"], c["says"], c["source"]) for c in row.get("conflicts") or ()),
            mark=Mark(row.get("mark", "sourced")),
            note=row.get("note", ""),
            published=_day(row.get("published")),
            recorded=row.get("recorded", ""),
            forced=bool(row.get("forced")),
        )


_DOING_FIELDS = tuple(f.name for f in fields(Doing))


def doing_to_json(doing: Doing) -> dict[str, Any]:
    """The roles of a doing as plain JSON: always kind to modality, then the further roles it has."""
    body: object = None if not doing.body else doing.body[0] if len(doing.body) == 1 else list(doing.body)
    return {
        "kind": doing.kind,
        "org": doing.org,
        "actors": list(doing.actors),
        "body": body,
        "targets": list(doing.targets),
        "place": doing.place,
        "date": doing.date and doing.date.edtf,
        "date_end": doing.date_end and doing.date_end.edtf,
        "date_precision": doing.date and doing.date.precision.value,
        "modality": doing.modality.value,
        **doing.more,
    }


def doing_from_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of a doing out of plain JSON, checked against the vocabulary.

    Raises:
        ValueError: an unknown kind, a role with a value outside its closed list, or a date that is no EDTF.
        KeyError: no kind.
    """
    kind = row["kind"]
    if kind not in kinds():
        raise ValueError(f"{kind!r} is no kind of the vocabulary")
    more = {}
    further = _further()
    for name in sorted((name for name in row if name in further and row[name] is not None), key=further.__getitem__):
        value, role = row[name], roles()[name]
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        if role.choices and text not in role.choices:
            raise ValueError(f"{name} is {text!r}, expected one of {', '.join(role.choices)}")
        more[name] = text
    return {
        "kind": kind,
        "org": row.get("org"),
        "actors": listed(row.get("actors")),
        "body": listed(row.get("body")),
        "targets": listed(row.get("targets")),
        "place": row.get("place"),
        "date": _day(row.get("date")),
        "date_end": _day(row.get("date_end")),
        "modality": Modality(row.get("modality") or "reported"),
        "more": more,
    }


@cache
def _further() -> Mapping[str, int]:
    """The roles that only some kinds use, each with its place in the vocabulary."""
    return {name: place for place, name in enumerate(roles()) if name not in _DOING_FIELDS}


def listed(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """None, one or several values as a tuple."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def fingerprint(*parts: object) -> str:
    """Twelve hex digits of SHA-256 over the parts as canonical JSON: same parts, same id, on any run."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Half a character, which a damaged page can hold, counts as itself.
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()[:12]


def _day(text: str | None) -> Day | None:
    return None if not text else Day.parse(text)
