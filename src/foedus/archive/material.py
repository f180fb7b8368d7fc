"""What an archive is made of: records, the entries of a ledger and charters, looked at up to some moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from types import TracebackType
from typing import Self

from foedus.archive.asking import several
from foedus.archive.moments import Moments
from foedus.charters import Charter, Charters
from foedus.ledger import Ledger, SeenPage
from foedus.rules.docket import Docket
from foedus.terms import Act, Claim, Day, FoedusError, OrgCode


@dataclass(frozen=True)
class Material:
    """Acts, claims and charters up to a moment; every answer honours the three moments of `as_of`."""

    charters_given: Charters
    records: tuple[Act, ...] = ()
    ledger: Ledger | None = None
    moments: Moments = field(default_factory=Moments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the ledger; archives narrowed from this one are closed with it."""
        if self.ledger is not None:
            self.ledger.close()

    def as_of(
        self,
        on: Day | date | str | None = None,
        known: Day | date | str | None = None,
        recorded: date | str | None = None,
    ) -> Self:
        """This archive up to a moment of the world, of publication, of the ledger; what is left out stays as it was.

        Args:
            on: what was so by the end of that day (valid time).
            known: what some source had said by the end of that day, and the charters as they stood then; what has no
                day of publication stays in.
            recorded: what the ledger had learnt by the end of that day, or that instant. Records always were there.
        Raises:
            FoedusError: not a day, or no moment.
        """
        return replace(self, moments=Moments.of(on, known, recorded).over(self.moments))

    # What it holds

    @cached_property
    def charters(self) -> Charters:
        """Every charter as it stood on the day of `known`; in the place of shipped ones those kept by `recorded`."""
        charters = self.charters_given
        if self.ledger is not None:
            charters = charters.over_shipped(self.ledger.charters(self.moments.recorded).values())
        return charters if self.moments.known is None else charters.as_known(self.moments.known.last)

    @cached_property
    def every_act(self) -> tuple[Act, ...]:
        """Acts as known and recorded, whenever they were done: records as the ledger corrects them, then its own."""
        known, recorded = self.moments.known, self.moments.recorded
        acts = self.records if self.ledger is None else self.ledger.over(self.records, known, recorded)
        return tuple(act for act in acts if replace(self.moments, on=None).let_pass(act))

    def acts_of(self, org: str) -> tuple[Act, ...]:
        """The acts of one organisation among them; in a large ledger they are found without reading the rest."""
        if self.ledger is None:
            return tuple(act for act in self.every_act if act.org == org)
        acts = self.ledger.over(self.records, self.moments.known, self.moments.recorded, org)
        return tuple(act for act in acts if replace(self.moments, on=None).let_pass(act))

    @cached_property
    def act_by_id(self) -> Mapping[str, Act]:
        """The same, keyed by id."""
        return {act.id: act for act in self.every_act}

    @cached_property
    def happened(self) -> tuple[Act, ...]:
        """The acts that may have been done by the end of `on`."""
        return tuple(act for act in self.every_act if self.moments.let_pass(act))

    @cached_property
    def origins(self) -> dict[str, int]:
        """How many of them came from which side, by its name: what was played in an exercise shows here."""
        return dict(sorted(Counter(act.origin.value for act in self.happened).items()))

    @cached_property
    def pages_seen(self) -> Mapping[str, SeenPage]:
        """The pages of the ledger published by `known`, with their text, by name."""
        if self.ledger is None:
            return {}
        pages = self.ledger.pages(self.moments.recorded)
        return {page.name: page for page in pages if self.moments.knew(page.published)}

    @cached_property
    def claims_read(self) -> tuple[Claim, ...]:
        """The claims that stand of the pages seen, and tell of what may have begun by `on`."""
        if self.ledger is None:
            return ()
        pages = self.pages_seen
        claims = self.ledger.claims(self.moments.recorded)
        return tuple(c for c in claims if c.page in pages and self.moments.hear(c, pages[c.page].published))

    @cached_property
    def last_day(self) -> date:
        """The last day looked at: that of `on`, else today."""
        return self.moments.on.last if self.moments.on else date.today()

    def charter(self, org: str) -> Charter:
        """The charter of an organisation.

        Raises:
            FoedusError: no such organisation, with the nearest known.
        """
        code = str(org).lower()
        found = self.charters.get(OrgCode(code))
        if found is None:
            near = get_close_matches(code, self.charters, 1, 0.5)
            do = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(self.charters))}"
            raise FoedusError(str(org), "no charter of that name", do)
        return found

    def docket(self, org: str) -> Docket:
        """The acts of one organisation as its rules look at them, put in order once."""
        if org not in self._dockets:
            charter = self.charter(org)
            acts = self.every_act if charter.looks_abroad else self.acts_of(org)
            self._dockets[org] = Docket.of(charter, acts)
        return self._dockets[org]

    @cached_property
    def _dockets(self) -> dict[str, Docket]:
        return {}

    def orgs(self, wanted: str | Iterable[str] | None) -> tuple[OrgCode, ...]:
        """The organisations asked for, all with a charter by default, in alphabetical order.

        Raises:
            FoedusError: no such organisation, none at all, or neither a word nor a list of words.
        """
        named = self.charters if wanted is None else {self.charter(org).org for org in several("orgs", wanted)}
        found = tuple(sorted(named))
        if not found:
            raise FoedusError("orgs=[]", "names no organisation", f"Known are {', '.join(sorted(self.charters))}")
        return found
