"""What one looks over to see what falls due: two days, the day one stands on, and the acts known by then.

Start at `Outlook`. The charter's own tables stand as written, whatever the day one stands on, as they do in a state;
what the rules reckon from acts counts those done by that day, and announcements made by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from foedus.charters import Charter
from foedus.rules.docket import Docket, is_played
from foedus.terms import Act, Day, Mark, Modality, Order, Precision, Verified
from foedus.terms import Due as Standing


class Matter(StrEnum):
    """What sort of thing falls due."""

    EXIT = "exit"
    CHAIR = "chair"
    TERM = "term"
    MANDATE = "mandate"
    OBLIGATION = "obligation"
    SILENCE = "silence"
    ENTRY = "entry"
    MEETING = "meeting"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that must happen, or changes by itself, on a day.

    `about` names what it is about whatever the language: a status, a body, an office, a document, a kind of act.
    `day` is the first day of what is new (an exit, a chair, an entry into force), the last day of what runs out (a
    term, a mandate, a time for silence, a time for an obligation), and the day of the act for what is due `at_once`.
    `who` owes it or is concerned; of a chair, those who take it, nobody where that cannot be told. `acts` are those
    it follows from and those that answer it; `source` is that of the charter's table. `stands`: open ahead of the
    day, met where it has come about, unknown where the record is silent, overdue in an exercise. `sure` is reckoned
    from charter and record or told by them; what is not sure is expected, if nothing changes. `verified` is None where
    no rule of the charter speaks of it. `covered` is false on days that the record does not reach.
    """

    org: str
    matter: Matter
    day: Day
    what: str
    about: str
    who: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    rule: str = ""
    acts: tuple[str, ...] = ()
    source: str = ""
    stands: Standing = Standing.OPEN
    at_once: bool = False
    sure: bool = True
    covered: bool = True
    verified: Verified | None = None
    mark: Mark = Mark.SOURCED
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON, keys in a fixed order."""
        return {
            "org": self.org,
            "matter": self.matter.value,
            "day": self.day.edtf,
            "precision": self.day.precision.value,
            "at_once": self.at_once,
            "what": self.what,
            "about": self.about,
            "who": list(self.who),
            "stands": self.stands.value,
            "sure": self.sure,
            "covered": self.covered,
            "articles": list(self.articles),
            "instruments": list(self.instruments),
            "rule": self.rule,
            "verified": self.verified and self.verified.value,
            "mark": self.mark.value,
            "acts": list(self.acts),
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """The span looked over, from `since` to `until`, both included, as seen on a day.

    `whole` holds all acts, as a state does; `told` only those that had begun by the day `on`, and what had been
    announced by then. Without `on` both are the same, and `now` is the last day the record tells of.
    """

    charter: Charter
    whole: Docket
    told: Docket
    since: date
    until: date
    on: date | None

    @classmethod
    def over(cls, charter: Charter, acts: Iterable[Act], since: Day, until: Day, on: Day | None) -> Outlook:
        """The outlook over a span on a day; the end of that day counts."""
        whole = Docket.of(charter, acts)
        if on is None:
            return cls(charter, whole, whole, since.first, until.last, None)
        abroad = (act for rows in whole.abroad.values() for act in rows)
        told = Docket.of(charter, (act for act in (*whole.acts, *abroad) if _is_told(act, on)))
        return cls(charter, whole, told, since.first, until.last, on.last)

    @property
    def now(self) -> date | None:
        """The day by which it is seen how things stand; None where neither acts nor the table of members tell of any.

        Without `on` it is the last day that either tells of.
        """
        if self.on is not None:
            return self.on
        return max(filter(None, (self.whole.horizon, self._table_ends)), default=None)

    @property
    def _table_ends(self) -> date | None:
        """The last day that the table of members covers; None where nobody has said."""
        status = next(iter(self.charter.statuses.values()), None)
        ends = status.covered.until if status is not None and status.covered is not None else None
        return ends - timedelta(1) if ends is not None else None

    @property
    def seen(self) -> date:
        """The last day of which the charter's tables are asked as of something that is so: later days are ahead."""
        return self.until if self.on is None else min(self.until, self.on)

    @property
    def is_within(self) -> bool:
        """Whether the day one stands on lies in the span."""
        return self.on is not None and self.since <= self.on <= self.until

    def spans(self, day: Day) -> bool:
        """Whether a day can fall in the span."""
        return day.precision is not Precision.OPEN_YEAR and day.first <= self.until and self.since <= day.last

    def stands(self, day: Day) -> Standing:
        """How a change on a day stands: come about, or ahead."""
        return Standing.MET if self.now is not None and day.last <= self.now else Standing.OPEN

    def covers(self, day: Day) -> bool:
        """Whether the record reaches a day: the table of members does, or an act is told of it or of a later one."""
        status = next(iter(self.charter.statuses.values()), None)
        if status is not None and status.covered is not None and day.last in status.covered:
            return True
        horizon = self.whole.horizon
        return horizon is not None and day.compare(Day.of(horizon)) in (Order.BEFORE, Order.SAME)

    def titles(self, articles: Iterable[str]) -> tuple[str, ...]:
        """The instruments that articles are of, by title, each once."""
        known: Mapping[str, str] = {key: row.title for key, row in self.charter.instruments.items()}
        return tuple(dict.fromkeys(known[word] for word in (a.split()[0] for a in articles if a) if word in known))


def _is_told(act: Act, on: Day) -> bool:
    """Whether an act had begun by a day, or had been announced where it still lay ahead.

    Of what lies ahead and nobody knows when it was announced it cannot be told that it was; what somebody plays has
    been said by whoever asks.
    """
    if act.modality in (Modality.REPORTED, Modality.DENIED):
        return act.date is None or act.date.first <= on.last
    if act.published is None:
        return is_played(act) or act.date is None or act.date.first <= on.last
    return act.published.first <= on.last
