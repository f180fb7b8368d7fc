"""Answers of the rules: whether an act was in order, by which article, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from foedus.terms.day import Day


class Outcome(StrEnum):
    """The four verdicts."""

    IN_ORDER = "in_order"
    OUT_OF_ORDER = "out_of_order"
    UNDETERMINED = "undetermined"
    NOT_GOVERNED = "not_governed"


class Met(StrEnum):
    """How a requirement stands in the record: silence proves nothing, so it has a value of its own."""

    MET = "met"
    BROKEN = "broken"
    NOT_IN_RECORD = "not in the record"


class Verified(StrEnum):
    """Whether somebody has read the article's own words."""

    TEXT = "text"
    SECONDARY = "secondary"
    RECALLED = "recalled"


class Due(StrEnum):
    """How an obligation stands on a day."""

    MET = "met"
    OPEN = "open"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a rule asks for: in words, how it stands, and the ids of the acts that show it."""

    text: str
    met: Met
    acts: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """An act that a rule requires after another, within a time; `by` is the last day, None for *at once*.

    `note` says in words when it was met, where that was after its last day, or some days after what is due at once.
    """

    text: str
    due: Due
    by: Day | None = None
    acts: tuple[str, ...] = ()
    article: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one act was in order under one charter.

    `challenges` are ids of acts that contest it: shown beside the verdict, never part of it.
    `cautions` say what the verdict rests on that nobody has verified.
    """

    act: str
    org: str
    outcome: Outcome
    rule: str = ""
    articles: tuple[str, ...] = ()
    verified: Verified | None = None
    requirements: tuple[Requirement, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    challenges: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """The requirements that the record is silent on."""
        return tuple(r for r in self.requirements if r.met is Met.NOT_IN_RECORD)

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON."""
        return {
            "act": self.act,
            "org": self.org,
            "outcome": self.outcome.value,
            "rule": self.rule,
            "articles": list(self.articles),
            "verified": self.verified and self.verified.value,
            "requirements": [
                {"text": r.text, "met": r.met.value, "acts": list(r.acts), "article": r.article}
                for r in self.requirements
            ],
            "obligations": [
                {
                    "text": o.text,
                    "due": o.due.value,
                    "by": o.by and o.by.edtf,
                    "acts": list(o.acts),
                    "article": o.article,
                    "note": o.note,
                }
                for o in self.obligations
            ],
            "challenges": list(self.challenges),
            "cautions": list(self.cautions),
            "reason": self.reason,
            **({"details": dict(self.details)} if self.details else {}),
        }
