"""An archive: the shipped records, a ledger where one is named, and the charters, looked at up to some moment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.archive.asking import see_rule, see_states, see_year
from foedus.archive.material import Material
from foedus.charters import load_charters
from foedus.ledger import Ledger
from foedus.records import coverage, load_records
from foedus.rules import state_on
from foedus.rules.docket import Docket
from foedus.rules.verdict import judged
from foedus.terms import Act, Day, FoedusError

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
class Archive(Material):
    """Acts, claims and charters up to a moment. Use it as a context manager where it holds a ledger.

    Every method honours the three moments of `as_of`. Frames carry their coverage, moments, version and citation in
    `attrs`. `docs/frames.md` has every frame's columns.
    """

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
            since: the first calendar year; for units of states not before 1945, when their table begins.
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
        from foedus.archive import behind, citations

        day = accessed or date.today()
        citations.see_style(style)
        cited: list[Cited] = [citations.data_set(self.moments, day, behind.frame_in(view))]
        if sources:
            cited += behind.sources_of(self, view)
        return citations.written(cited, style, day)

    # In a notebook

    def __repr__(self) -> str:
        from foedus.archive.cards import archive_text

        return archive_text(self)

    def _repr_html_(self) -> str:
        from foedus.archive.cards import archive_html

        return archive_html(self)
