"""One requirement looked into: how it stands, what shows it, why, and what it rests on that nobody has verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from foedus.terms import Met, Requirement


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement as it stands, with the reason in words where it is not met.

    `scope` marks one that leaves open whether the rule speaks of the act at all.
    """

    requirement: Requirement
    why: str = ""
    cautions: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    scope: bool = False


def met(
    text: str,
    acts: Iterable[str] = (),
    *,
    article: str = "",
    cautions: Iterable[str] = (),
    details: Mapping[str, str] | None = None,
) -> Finding:
    """A requirement that the record shows to be met; `details` tell more of how."""
    return Finding(Requirement(text, Met.MET, tuple(acts), article), "", tuple(cautions), details or {})


def broken(text: str, why: str, acts: Iterable[str] = (), *, article: str = "") -> Finding:
    """A requirement that the record shows not to be met."""
    return Finding(Requirement(text, Met.BROKEN, tuple(acts), article), why)


def open_(text: str, why: str, acts: Iterable[str] = (), *, article: str = "") -> Finding:
    """A requirement on which the record is silent."""
    return Finding(Requirement(text, Met.NOT_IN_RECORD, tuple(acts), article), why)
