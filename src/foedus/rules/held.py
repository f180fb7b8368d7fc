"""What is held on a day: a status, the chair of a body, an office; each with what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from foedus.terms import Day, Mark

EFFECTIVE = "effective"
MOMENTS = ("signed", "ratified", "in_force", "notified", EFFECTIVE)
"""The legal moments at which a status may be taken to begin or end; `effective` is the legal effect."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One party holding a status, since a day, with what shows it: acts, or the charter's table (`source`)."""

    party: str
    status: str
    since: Day | None
    acts: tuple[str, ...]
    source: str
    mark: Mark
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """Who holds a status on a day, by party. Where `covered` is false others may hold it, and these may not.

    `untold` names the parties of which it cannot be told: disputed, or the legal moment asked for is not known.
    """

    status: str
    covered: bool
    holdings: tuple[Holding, ...]
    articles: tuple[str, ...]
    note: str
    untold: tuple[str, ...] = ()

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The ids of the holders, in alphabetical order."""
        return tuple(holding.party for holding in self.holdings)

    @cached_property
    def held_by(self) -> frozenset[str]:
        """The ids of the holders, to ask whether one is among them."""
        return frozenset(self.parties)


@dataclass(frozen=True, slots=True)
class Chair:
    """The state in the chair of a body since a day, with what shows it: acts, or the charter's table (`source`)."""

    body: str
    state: str
    person: str
    since: Day | None
    acts: tuple[str, ...]
    source: str
    mark: Mark
    note: str


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """A person in an office since a day, with what shows it."""

    office: str
    person: str
    state: str
    since: Day | None
    acting: bool
    acts: tuple[str, ...]
    source: str
    mark: Mark
    note: str
