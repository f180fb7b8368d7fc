"""The three moments an archive is narrowed to: valid, publication and transaction time. The terms of SQL:2011."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foedus.ledger.entries import moment_of
from foedus.rules.state import may_be_known
from foedus.terms import Act, Claim, Day, FoedusError


@dataclass(frozen=True, slots=True)
class Moments:
    """Up to when the world, its sources and the ledger are looked at; None where up to now.

    `on`: what was so by the end of that day. `known`: what a source had said by the end of that day; unknown days of
    publication stay in. `recorded`: what the ledger had learnt by that day or instant.
    """

    on: Day | None = None
    known: Day | None = None
    recorded: str | None = None

    @classmethod
    def of(cls, on: Day | date | str | None, known: Day | date | str | None, recorded: object) -> Moments:
        """The moments a person writes.

        Raises:
            FoedusError: `on` or `known` is no day, or `recorded` no moment.
        """
        return cls(_day("on", on), _day("known", known), None if recorded is None else _instant(recorded))

    def over(self, earlier: Moments) -> Moments:
        """These moments, and where they are silent the earlier ones."""
        return Moments(self.on or earlier.on, self.known or earlier.known, self.recorded or earlier.recorded)

    def let_pass(self, act: Act) -> bool:
        """Whether an act may have been done by `on` and told of by `known`."""
        if self.known is not None and not may_be_known(act, self.known):
            return False
        return self.had_begun(act.date)

    def had_begun(self, day: Day | None) -> bool:
        """Whether something of a day may have begun by `on`; what has no day, or an open year, stays in."""
        return self.on is None or day is None or day.first <= self.on.last

    def knew(self, published: Day | None) -> bool:
        """Whether something published on a day may have been known by `known`."""
        return self.known is None or published is None or published.first <= self.known.last

    def hear(self, claim: Claim, published: Day | None) -> bool:
        """Whether a claim was published by `known` and tells of something begun by `on`."""
        return self.knew(published) and self.had_begun(claim.date)

    def to_json(self) -> dict[str, str | None]:
        """The moments as plain JSON."""
        on, known = (day.edtf if day else None for day in (self.on, self.known))
        return {"on": on, "known": known, "recorded": self.recorded}

    def __str__(self) -> str:
        told = (f"{name} {value}" for name, value in self.to_json().items() if value)
        return ", ".join(told) or "now"


def _day(name: str, value: Day | date | str | None) -> Day | None:
    if value is None or isinstance(value, Day):
        return value
    if isinstance(value, date):
        return Day.of(date(value.year, value.month, value.day))
    if not isinstance(value, str):
        raise FoedusError(f"{name}={value}", "is no day", "Write a day such as 2022-01-06")
    try:
        return Day.parse(value)
    except ValueError as wrong:
        raise FoedusError(f"{name}={value}", str(wrong), "Write a day such as 2022-01-06") from None


def _instant(value: object) -> str:
    """A day or an instant as a text, seen to be one."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    moment_of(text)
    return text
