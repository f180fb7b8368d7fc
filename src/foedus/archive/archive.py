"""An archive: the shipped records, a ledger where one is named, and the charters, looked at up to some moment."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from foedus.archive.asking import see_rule, see_states, see_year
from foedus.archive.moments import Moments
from foedus.charters import Charter, Charters, as_known, load_charters
from foedus.ledger import Ledger, SeenPage
from foedus.records import coverage, load_records
from foedus.rules import state_on
from foedus.rules.docket import Docket
from foedus.rules.verdict import judged
from foedus.terms import Act, Claim, Day, FoedusError, OrgCode

if TYPE_CHECKING:
    import pandas as pd

    from foedus.archive.cards import ActCard, StateTable, VerdictCard
    from foedus.archive.citations import Cited
    from foedus.rules.at_hand.standing import Standing


def open(  # noqa: A001
    url: str | os.PathLike[str] | None = None,
    *,
    records: bool = True,
    charters: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
) -> Archive:
    """The archive of a ledger laid over the shipped records, open for reading alone.

        archive = foedus.open("acts.db")                    # a ledger; foedus.open() for the shipped records alone
        archive.acts()                                      # also claims pages facts meetings documents votes
        archive.memberships(rule="in_force", orgs="nato")   # also requests deployments
        archive.panel("state-year", orgs=["csto", "cis"], since=1992)
        archive.as_of(on="2014-12-31", known="2015-06-30")  # the same, as it was and as it was known
        archive.state("csto"); archive.act(id); archive.verdict(id)
        archive.cite(frame, style="bibtex", sources=True)

    Frames are pandas'; docs/frames.md has the columns of each, `help(foedus.Archive)` every method.

    Args:
        url: a path, `sqlite:PATH` or `postgresql://...`; None for the shipped records alone.
        records: whether the shipped records are seen.
        charters: a folder with further charters, or several.
    Raises:
        FoedusError: no such ledger, or a charter that cannot be read.
    """
    if url is not None and not isinstance(url, str | os.PathLike):
        raise FoedusError(repr(url), "is no ledger", "Give a path, sqlite:PATH or postgresql://...")
    ledger = None if url is None else Ledger.open(os.fspath(url), create=False, read_only=True)
    ground = load_records() if records else ()
    folders = (charters,) if isinstance(charters, str | os.PathLike) else charters
    return Archive(load_charters([Path(folder) for folder in folders]), ground, ledger)


@dataclass(frozen=True)
class Archive:
    """Acts, claims and charters up to a moment. Use it as a context manager where it holds a ledger.

    Every method honours the three moments of `as_of`. Frames carry their coverage, moments, version and citation in
    `attrs`. `docs/frames.md` has every frame's columns.
    """

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
    ) -> Archive:
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
        """Every charter; in the place of shipped ones those that the ledger kept by `as_of(recorded=...)`."""
        if self.ledger is None:
            return self.charters_given
        return self.charters_given.over_shipped(self.ledger.charters(self.moments.recorded).values())

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
        """The charter of an organisation, as it stood on the day of `as_of(known=...)`.

        Raises:
            FoedusError: no such organisation, with the nearest known.
        """
        code = str(org).lower()
        found = self.charters.get(OrgCode(code))
        if found is None:
            near = get_close_matches(code, self.charters, 1, 0.5)
            do = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(self.charters))}"
            raise FoedusError(str(org), "no charter of that name", do)
        if self.moments.known is None:
            return found
        if code not in self._known:
            self._known[code] = as_known(found, self.moments.known.last)
        return self._known[code]

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

    @cached_property
    def _known(self) -> dict[str, Charter]:
        return {}

    # One thing at a time

    def act(self, id: str) -> ActCard:  # noqa: A002
        """One act with its claims and pages, shown as a card.

        Raises:
            FoedusError: no act by that id; the nearest are named. Or one done after the day of `as_of`.
        """
        from foedus.archive.cards import ActCard

        act = self._act(id)
        claims = tuple(claim for claim in self.claims_read if claim.id in act.claims)
        return ActCard(act, claims, self.pages_seen, self.charters)

    def verdict(self, act_id: str, org: str | None = None) -> VerdictCard:
        """The verdict on an act under a charter, shown as a card; `explain()` tells articles and missing facts.

        Args:
            org: whose charter; by default that of the act's own organisation.
        Raises:
            FoedusError: no act by that id, or no charter of that organisation.
        """
        from foedus.archive.cards import VerdictCard

        act = self._act(act_id)
        charter = self.charter(org or act.org or "")
        # What came after the day of `as_of` neither fulfils a duty nor contests an act on it.
        docket = self.docket(charter.org) if self.moments.on is None else Docket.of(charter, self.happened)
        return VerdictCard(judged(docket, act), self.act_by_id, self.charters)

    def state(self, org: str, rule: str = "effective") -> StateTable:
        """The organisation at the end of the day of `as_of`, or of today, shown as a table.

        Args:
            rule: the legal moment by which statuses count: signed, ratified, in_force, notified or effective.
        Raises:
            FoedusError: no such organisation, or no such moment.
        """
        from foedus.archive.cards import StateTable

        see_rule(rule)
        charter, day = self.charter(org), self.moments.on or Day.of(self.last_day)
        state = state_on(charter, self.acts_of(charter.org), day, self.moments.known, rule=rule)
        return StateTable(state, self.charters, coverage(charter.org) if self.records else None)

    def _act(self, name: str) -> Act:
        found = self.act_by_id.get(name)
        if found is not None and not self.moments.let_pass(found):
            raise FoedusError(str(name), f"was not done by {self.moments.on}", "Ask on a later day")
        if found is not None:
            return found
        near = get_close_matches(str(name), self.act_by_id, 3, 0.5)
        raise FoedusError(str(name), "no act goes by that id", f"Near it: {', '.join(near)}" if near else "")

    # Frames

    def acts(self) -> pd.DataFrame:
        """One row for each act; roles that only some kinds have are missing for the others."""
        from foedus.archive import happenings

        return happenings.acts(self)

    def claims(self) -> pd.DataFrame:
        """One row for each claim that stands, of every kind and confidence, with its evidence."""
        from foedus.archive import happenings

        return happenings.claims(self)

    def pages(self) -> pd.DataFrame:
        """One row for each page of the ledger, in the order they were first seen."""
        from foedus.archive import happenings

        return happenings.pages(self)

    def facts(self) -> pd.DataFrame:
        """One row for each claim of a standing fact: members counted, who is in the chair, when founded."""
        from foedus.archive import happenings

        return happenings.facts(self)

    def meetings(self) -> pd.DataFrame:
        """One row for each meeting of a body or of parties."""
        from foedus.archive import happenings

        return happenings.meetings(self)

    def documents(self) -> pd.DataFrame:
        """One row for each paper adopted, signed, submitted, proposed or agreed upon in an act."""
        from foedus.archive import happenings

        return happenings.documents(self)

    def votes(self) -> pd.DataFrame:
        """One row for each act and voter that the record names; numbers without names are in `n_for` and so on."""
        from foedus.archive import happenings

        return happenings.votes(self)

    def memberships(self, rule: str = "effective", orgs: str | Iterable[str] | None = None) -> pd.DataFrame:
        """One row for each stretch over which a party held a status, by one legal moment.

        Args:
            rule: signed, ratified, in_force, notified or effective.
            orgs: which organisations; all with a charter by default.
        Raises:
            FoedusError: no such organisation, or no such moment.
        """
        from foedus.archive import spells

        return spells.memberships(self, see_rule(rule), self.orgs(orgs))

    def history(self, rule: str = "effective", orgs: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Memberships in two times: one row for each version of each stretch, from when to when the ledger held it so.

        Args:
            rule: signed, ratified, in_force, notified or effective.
            orgs: which organisations; all with a charter by default.
        Raises:
            FoedusError: no such organisation, or no such moment.
        """
        from foedus.archive import history

        return history.history(self, see_rule(rule), self.orgs(orgs))

    def index(self, rule: str = "effective", orgs: str | Iterable[str] | None = None) -> Standing:
        """The same versions in memory, for many questions: who held what on a day, as the ledger had it on another.

            held = archive.index(orgs="csto")
            held.standing("csto", date(2006, 7, 1), recorded=date(2026, 3, 1))        # every party and its status
            held.holds("csto", "UZB", "member", date(2006, 7, 1))                     # true, false or None

        Args:
            rule: signed, ratified, in_force, notified or effective.
            orgs: which organisations; all with a charter by default.
        Raises:
            FoedusError: no such organisation, or no such moment.
        """
        from foedus.archive import history

        return history.index(self, see_rule(rule), self.orgs(orgs))

    def requests(self, orgs: str | Iterable[str] | None = None) -> pd.DataFrame:
        """One row for each request for assistance, with what answered it and after how many days."""
        from foedus.archive import spells

        return spells.requests(self, self.orgs(orgs))

    def deployments(self, orgs: str | Iterable[str] | None = None) -> pd.DataFrame:
        """One row for each stretch over which one party had forces in one place, arrival and departure paired."""
        from foedus.archive import spells

        return spells.deployments(self, self.orgs(orgs))

    def panel(
        self,
        unit: str = "state-year",
        *,
        rule: str = "effective",
        status: str | None = None,
        orgs: str | Iterable[str] | None = None,
        states: str | Iterable[str] | None = None,
        since: int = 1945,
        until: int | None = None,
        directed: bool = False,
    ) -> pd.DataFrame:
        """Units by time in long form: one row for each unit, period and organisation.

        A state has rows for the periods in which it was in the state system. Beyond an organisation's coverage all is
        missing, never zero; in a period partly covered, a membership seen is true, and absence is missing.
        `state-month` of all organisations since 1945 is some 1.5 million rows, `dyad-year` of the United Nations some
        900,000: narrow them with `orgs`, `states`, `since` and `until`.

        Args:
            unit: state-year, state-month, dyad-year or org-year.
            rule: the legal moment by which statuses count: signed, ratified, in_force, notified or effective.
            status: which status counts as membership, by name; by default the charter's first. Organisations that do
                not have it are left out.
            orgs: which organisations; all with a charter by default.
            states: which states, by ISO alpha-3; for dyads by default those that ever held the status.
            since: the first calendar year.
            until: the last calendar year; by default that of `as_of(on=...)`, else the last that any of them covers.
            directed: for dyads alone, both orders of each pair instead of one.
        Raises:
            FoedusError: no such unit, organisation, state, status or moment, or an argument the unit does not have.
        Source: unit-by-time conventions of the Correlates of War project and of peacesciencer (Miller 2022).
        """
        from foedus.archive import panels

        years = see_year("since", since), None if until is None else see_year("until", until)
        asked = panels.Asked(see_rule(rule), status, self.orgs(orgs), see_states(states), *years, directed)
        return panels.panel(self, unit, asked)

    def orgs(self, wanted: str | Iterable[str] | None) -> tuple[OrgCode, ...]:
        """The organisations asked for, all with a charter by default, in alphabetical order.

        Raises:
            FoedusError: no such organisation, or none at all.
        """
        if isinstance(wanted, str):
            wanted = (wanted,)
        found = tuple(sorted(self.charters if wanted is None else {self.charter(org).org for org in wanted}))
        if not found:
            raise FoedusError("orgs=[]", "names no organisation", f"Known are {', '.join(sorted(self.charters))}")
        return found

    # What to cite

    def cite(
        self,
        view: pd.DataFrame | ActCard | VerdictCard | None = None,
        style: str = "bibtex",
        *,
        sources: bool = False,
        accessed: date | None = None,
    ) -> str:
        """What to cite for this archive, or for one view of it: the data set, its version and the moments.

        Args:
            view: a frame of this archive, or a selection of its rows; or the card of an act or a verdict.
            style: bibtex, ris or csl (CSL-JSON).
            sources: whether the sources behind the rows follow.
            accessed: the day of access, today by default.
        Raises:
            FoedusError: no such style, or nothing that can be cited.
        """
        from foedus.archive import citations

        day = accessed or date.today()
        citations.see_style(style)
        cited: list[Cited] = [citations.data_set(self.moments, day, citations.frame_in(view))]
        if sources:
            cited += citations.sources_of(self, view)
        return citations.written(cited, style, day)

    def attrs(self, **further: Any) -> dict[str, Any]:
        """What a frame carries beside its rows, as plain JSON."""
        from foedus.archive.citations import data_set, in_words

        cited = data_set(self.moments)
        own = {
            "citation": in_words(cited),
            "as_of": self.moments.to_json(),
            "origins": self.origins,
            "foedus_version": cited.version,
        }
        return {**own, **further}

    # In a notebook

    def __repr__(self) -> str:
        from foedus.archive.cards import archive_text

        return archive_text(self)

    def _repr_html_(self) -> str:
        from foedus.archive.cards import archive_html

        return archive_html(self)
