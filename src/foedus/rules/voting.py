"""Votes: what a record tells of them, and whether they carry a decision. No acts, no days: only who stands where.

Start at `carried`. Three values throughout: what nobody has told is not a vote against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from foedus.charters import Abstaining, DecisionRule, How, ShareOf


class Position(StrEnum):
    """Where one voice stands in a decision."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINING = "abstaining"
    ABSENT = "absent"


_PART = re.compile(
    r"(?P<side>for|against|abstaining|absent|vetoes)\W{0,3}(?P<number>\d{1,4})?\s*(?:\((?P<parties>[^()]*)\))?", re.I
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a vote: how many, None where untold, and the parties that are named."""

    number: int | None = None
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Votes:
    """A vote as told, by position; a position nobody tells of has neither number nor parties."""

    sides: Mapping[Position, Side]

    def __getitem__(self, position: Position) -> Side:
        return self.sides.get(position, Side())

    @property
    def total(self) -> int:
        """How many voices are told of in all."""
        return sum(side.number or len(side.parties) for side in self.sides.values())

    @property
    def counted(self) -> bool:
        """Whether the numbers for and against are both told, none against counting as told once others are."""
        return self[Position.FOR].number is not None

    def positions(self) -> dict[str, Position]:
        """Where each party stands that is named."""
        return {party: position for position, side in self.sides.items() for party in side.parties}


def parse_votes(text: str) -> Votes | None:
    """The vote told in words such as `for 11, against 1 (RUS), abstaining 3 (CHN, IND, ARE)`; None for other words.

    A number smaller than the parties named beside it is raised to theirs.
    """
    found: dict[Position, Side] = {}
    for part in _PART.finditer(text):
        parties = tuple(name for name in re.split(r"[\s,;]+", part["parties"] or "") if name)
        number = int(part["number"]) if part["number"] else None
        if number is None and not parties:
            continue
        number = None if number is None else max(number, len(parties))
        # A veto is a vote against; a record that counts it apart has counted it among those against already.
        if part["side"].lower() == "vetoes":
            known = found.get(Position.AGAINST, Side())
            told = tuple(dict.fromkeys((*known.parties, *parties)))
            found[Position.AGAINST] = Side(max(known.number or 0, number or 0, len(told)), told)
        else:
            found[Position(part["side"].lower())] = Side(len(parties) if number is None else number, parties)
    return Votes(found) if found else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Voices counted by position, those untold, and whether a holder of a veto voted against (None: untold)."""

    for_: int
    against: int
    abstaining: int
    absent: int
    untold: int = 0
    vetoed: bool | None = False

    @property
    def seats(self) -> int:
        """All whose voice counts."""
        return self.for_ + self.against + self.abstaining + self.absent + self.untold


def tally(positions: Mapping[str, Position], voters: Iterable[str], vetoers: Iterable[str] = ()) -> Tally:
    """The voices of the voters by where each stands; a voter without a position is untold."""
    numbers = dict.fromkeys(Position, 0)
    listed = tuple(voters)
    for voter in listed:
        if voter in positions:
            numbers[positions[voter]] += 1
    untold = len(listed) - sum(numbers.values())
    against = {voter for voter in listed if positions.get(voter) is Position.AGAINST}
    open_veto = any(voter not in positions for voter in vetoers)
    vetoed = True if against & set(vetoers) else None if open_veto else False
    return Tally(
        numbers[Position.FOR],
        numbers[Position.AGAINST],
        numbers[Position.ABSTAINING],
        numbers[Position.ABSENT],
        untold,
        vetoed,
    )


def carried(rule: DecisionRule, votes: Tally) -> bool | None:
    """Whether a decision is carried under a rule: None where the voices that are untold could turn it.

    Each completion of what is untold lies between all for it and all against, abstaining or absent: passing never
    gets likelier when a voice leaves it. Source: the deciding rules of a charter.
    """
    worlds = {
        _passes(rule, votes, position, vetoed)
        for position in (Position if votes.untold else (Position.FOR,))
        for vetoed in ((votes.vetoed,) if votes.vetoed is not None else (False, True))
        # Only a voice against can be a veto.
        if not (vetoed and votes.vetoed is None and position is not Position.AGAINST and votes.untold)
    }
    return worlds.pop() if len(worlds) == 1 else None


def _passes(rule: DecisionRule, votes: Tally, untold: Position, vetoed: bool) -> bool:
    """Whether it is carried with every untold voice at one position."""
    more = {position: votes.untold if position is untold else 0 for position in Position}
    for_, against = votes.for_ + more[Position.FOR], votes.against + more[Position.AGAINST]
    abstaining = votes.abstaining + more[Position.ABSTAINING]
    seats, present = votes.seats, for_ + against + abstaining
    if vetoed or (rule.quorum is not None and present < rule.quorum * seats):
        return False
    if rule.blocked_if_opting_out is not None and seats and abstaining >= rule.blocked_if_opting_out * seats:
        return False
    if rule.abstaining is Abstaining.AGAINST:
        against, abstaining = against + abstaining, 0
    if rule.how in (How.CONSENSUS, How.SILENCE):
        return against == 0
    if rule.how is How.UNANIMITY:
        return against == 0 and for_ > 0 and (rule.share_of is not ShareOf.SEATS or present == seats)
    if isinstance(rule.at_least, int):
        return for_ >= rule.at_least
    whole = {ShareOf.SEATS: seats, ShareOf.PRESENT: present, ShareOf.VOTING: for_ + against}[rule.share_of]
    if rule.at_least is not None:
        return for_ > 0 and for_ >= rule.at_least * whole
    return for_ > (rule.more_than or Fraction(1, 2)) * whole
