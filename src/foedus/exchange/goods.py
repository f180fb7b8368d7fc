"""What goes out and what comes in: the values that forms write and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from foedus.ledger import Entry, SeenPage
from foedus.ledger.chain import Row
from foedus.rules import Due
from foedus.terms import Act, Claim


@dataclass(frozen=True, slots=True)
class WholeLedger:
    """A ledger: what it says of itself, its entries as linked rows in the order of writing, and texts by their hash."""

    identity: Mapping[str, str]
    rows: tuple[Row, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What goes out: n acts, and what is known beside them.

    `claims` are those the acts rest on, keyed by id, and `pages` those the claims stand on, keyed by name: both empty
    where no ledger is named. `entries` tell who wrote them and when. `dues` is what falls due, for forms that carry it.
    `ledger` is a whole one, for the form that carries it. `org` is the organisation asked about, empty for all.
    `names` are English names of organisations, bodies and offices by id. `coverage` says in words, by organisation,
    what the shipped records hold. `version` is that of foedus.
    """

    acts: tuple[Act, ...]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    pages: Mapping[str, SeenPage] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    dues: tuple[Due, ...] = ()
    ledger: WholeLedger | None = None
    org: str = ""
    coverage: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    @property
    def citation(self) -> str:
        """How to cite what goes out."""
        return f"foedus {self.version}; shipped records CC BY 4.0; cite the sources each act names"

    def claims_of(self, act: Act) -> tuple[Claim, ...]:
        """The claims of an act that are at hand, in the act's order."""
        return tuple(self.claims[name] for name in act.claims if name in self.claims)


@dataclass(frozen=True, slots=True)
class ReadActs:
    """Acts that came in, and in words what of the file was left out."""

    acts: tuple[Act, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadClaims:
    """A data set that came in: the file as a page, the claims its rows make, and what was left out.

    `why` says what to keep in mind when a claim of it is read.
    """

    page: SeenPage
    claims: tuple[Claim, ...]
    why: str
    left_out: tuple[str, ...] = ()


Read = ReadActs | ReadClaims | WholeLedger


def tell(number: int, thing: str, why: str) -> Iterable[str]:
    """What was left out as a list of none or one: `12 acts without a date left out`."""
    if number:
        yield f"{number:,} {thing}{'' if number == 1 else 's'} {why}"


def beyond_reading(acts: Sequence[str], limit: str) -> Iterable[str]:
    """In words, which acts were written and are too long to come back: a list of none or one."""
    return tell(len(acts), "act", f"too long to come back, as a line is read up to {limit}: {listed(acts)}")


def listed(names: Sequence[str], join: str = ", ", most: int = 20) -> str:
    """Some names in words; of more than `most` the first, and how many there are beyond."""
    beyond = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{join.join(name[:200] for name in names[:most])}{beyond}"
