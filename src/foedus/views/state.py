"""An organisation on a day: who held which status, the chair, offices, what was open, and the acts that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from foedus.terms import Day
from foedus.views.labels import Labels


class StateLike(Protocol):
    """What a view needs of a state."""

    @property
    def org(self) -> str: ...
    @property
    def day(self) -> Day: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a state: what, who, a remark, and the ids of the acts that show it."""

    title: str
    text: str
    note: str = ""
    acts: tuple[str, ...] = ()


def lines_of_state(state: StateLike, labels: Labels) -> tuple[Line, ...]:
    """The state line by line."""
    return ()
