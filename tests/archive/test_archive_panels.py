"""Panels: never a zero beyond coverage, in agreement with the state of any day, pairs as products of their states."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus
from foedus.archive import Archive
from foedus.rules import MOMENTS, state_on
from foedus.terms import Day, Modality, state_spells, states

ARCHIVE = foedus.open()
ORGS = tuple(sorted(ARCHIVE.charters))
MEMBER = ("member", "member_all_year", "member_on_dec31")


@cache
def years(rule: str = "effective", on: str | None = None) -> pd.DataFrame:
    return (ARCHIVE.as_of(on=on) if on else ARCHIVE).panel("state-year", rule=rule)


@cache
def by_key(rule: str = "effective") -> dict[tuple[str, str, int], dict[str, Any]]:
    rows: list[Any] = years(rule).to_dict("records")
    return {(row["org"], row["iso3"], row["year"]): row for row in rows}


days = st.dates(date(1945, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("rule", MOMENTS)
def test_no_zero_beyond_coverage(rule: str) -> None:
    panel = years(rule)
    for org, span in panel.attrs["coverage"].items():
        since, until = date.fromisoformat(span["since"]), date.fromisoformat(span["until"])
        rows = panel[panel["org"] == org]
        outside = rows[(rows["year"] < since.year) | (rows["year"] > (until - timedelta(1)).year)]
        assert outside[[*MEMBER, "days_member"]].isna().all(axis=None), org
        first = rows[rows["year"] == since.year]
        if since > date(since.year, 1, 1):
            assert not (first["member"] == False).any(), org  # noqa: E712
            assert first["days_member"].isna().all(), org
        inside = rows[(rows["year"] > since.year) & (rows["year"] < until.year)]
        assert inside["member"].notna().mean() > 0.95, org


def test_the_years_after_the_record_are_missing() -> None:
    panel = ARCHIVE.panel("state-year", orgs=["nato"], since=2024, until=2028)
    assert panel.groupby("year")["member"].count().tolist() == [panel["iso3"].nunique()] * 2 + [0, 0, 0]


@settings(max_examples=60, deadline=None)
@given(on=days, org=st.sampled_from(ORGS), rule=st.sampled_from(MOMENTS))
def test_a_panel_agrees_with_the_state_of_any_day(on: date, org: str, rule: str) -> None:
    charter = ARCHIVE.charter(org)
    roster = next(iter(state_on(charter, ARCHIVE.records, Day.of(on), rule=rule).rosters.values()), None)
    table = by_key(rule)
    for spell in state_spells():
        row = table.get((org, spell.iso3, on.year))
        if row is None:
            continue
        if roster is None or not roster.covered:
            continue
        holds = spell.iso3 in roster.held_by
        if holds:
            assert row["member"] is True
        elif spell.iso3 not in roster.untold:
            assert row["member_all_year"] is not True
        if row["member"] is False:
            assert not holds
            assert spell.iso3 not in roster.untold
        if row["member_all_year"] is True:
            assert holds


@settings(max_examples=25, deadline=None)
@given(on=days, org=st.sampled_from(ORGS))
def test_the_last_day_of_a_year_is_its_state(on: date, org: str) -> None:
    last = date(on.year, 12, 31)
    state = state_on(ARCHIVE.charter(org), ARCHIVE.records, Day.of(last))
    roster = next(iter(state.rosters.values()), None)
    for spell in state_spells():
        row = by_key().get((org, spell.iso3, on.year))
        if row is None:
            continue
        if roster is None or not roster.covered or spell.iso3 in roster.untold or spell.iso3 not in states():
            assert row["member_on_dec31"] is None
        else:
            assert row["member_on_dec31"] is (spell.iso3 in roster.held_by)


@settings(max_examples=15, deadline=None)
@given(on=st.dates(date(1950, 1, 1), date(2025, 12, 31)))
def test_an_earlier_day_only_takes_away(on: date) -> None:
    earlier = ARCHIVE.as_of(on=on).panel("state-year", orgs=["csto", "nato", "un"])
    whole = years()[years()["org"].isin(["csto", "nato", "un"]) & (years()["year"] <= on.year)].reset_index(drop=True)
    keys = ["iso3", "year", "org"]
    joined = earlier.astype(dict.fromkeys(keys, "object")).merge(whole.astype(dict.fromkeys(keys, "object")), on=keys)
    assert len(joined) == len(earlier)
    for column in (*MEMBER, "days_member"):
        told = joined[joined[f"{column}_x"].notna()]
        assert (told[f"{column}_x"] == told[f"{column}_y"]).all(), column


@pytest.mark.parametrize("org", ["csto", "sco", "oas"])
@pytest.mark.parametrize("directed", [False, True])
def test_a_dyad_is_the_product_of_its_states(org: str, directed: bool) -> None:
    dyads = ARCHIVE.panel("dyad-year", orgs=[org], directed=directed)
    assert len(dyads)
    if not directed:
        assert (dyads["iso3_a"].astype("string") < dyads["iso3_b"].astype("string")).all()
    assert not dyads.duplicated(["iso3_a", "iso3_b", "year"]).any()
    table = by_key()
    for row in dyads.sample(min(len(dyads), 2000), random_state=1).to_dict("records"):
        a, b = (table[org, row[f"iso3_{side}"], row["year"]] for side in "ab")
        for joint, single in zip(("joint_member", "joint_all_year", "joint_on_dec31"), MEMBER, strict=True):
            one, other = a[single], b[single]
            wanted = False if False in (one, other) else True if (one, other) == (True, True) else None
            assert row[joint] is wanted


def test_both_directions_are_twice_as_many() -> None:
    one, two = (ARCHIVE.panel("dyad-year", orgs=["csto"], directed=directed) for directed in (False, True))
    assert len(two) == 2 * len(one)


@settings(max_examples=30, deadline=None)
@given(state=st.sampled_from(["KAZ", "UZB", "GEO", "FRA", "DEU", "SUN", "VEN"]), year=st.integers(1946, 2025))
def test_twelve_months_are_a_year(state: str, year: int) -> None:
    months = ARCHIVE.panel("state-month", states=[state], since=year, until=year)
    if months.empty:
        return
    by_org = months.groupby("org", observed=True)
    for org in ORGS:
        row = by_key()[org, state, year]
        own = by_org.get_group(org)
        if len(own) < 12:  # the state came or went within the year
            continue
        if row["days_member"] is not None:
            assert own["days_member"].sum() == row["days_member"]
        told = set(own["member"].astype("object").where(own["member"].notna(), None))
        assert row["member"] is (True if True in told else None if None in told else False)
        assert own.sort_values("month").to_dict("records")[-1]["member_on_last_day"] is row["member_on_dec31"]


def test_days_and_their_flags_hold_together() -> None:
    panel = years()
    length = np.where(panel["year"] % 4 == 0, 366, 365) - ((panel["year"] % 400 == 100) | (panel["year"] == 1900))
    told = panel[panel["days_member"].notna()]
    assert (told["member"] == (told["days_member"] > 0)).all()
    assert (told["member_all_year"] == (told["days_member"] == pd.Series(length)[told.index])).all()
    assert (panel.loc[panel["member_on_dec31"].fillna(False), "member"]).all()
    assert (panel.loc[panel["member_all_year"].fillna(False), "member_on_dec31"]).all()


def test_uzbekistan_left_and_came_back() -> None:
    """Effective membership of the CSTO: to 20 April 1999, and from 16 August 2006 to 19 December 2012."""
    case = {year: by_key()["csto", "UZB", year] for year in (1998, 1999, 2000, 2006, 2012, 2013)}
    assert [case[year]["member"] for year in case] == [True, True, False, True, True, False]
    assert [case[year]["member_on_dec31"] for year in case] == [True, False, False, True, False, False]
    assert [case[year]["days_member"] for year in case] == [365, 109, 0, 138, 353, 0]


def test_a_legal_moment_moves_the_years() -> None:
    """Sweden signed on 5 July 2022 as an invitee, and became a party to the treaty on 7 March 2024."""
    held = {rule: years(rule) for rule in ("signed", "effective")}
    first = {}
    for rule, panel in held.items():
        own = panel[(panel["org"] == "nato") & (panel["iso3"] == "SWE") & panel["member"].fillna(False)]
        first[rule] = own["year"].min()
    assert first["signed"] < first["effective"] == 2024


def test_states_have_rows_only_while_they_exist() -> None:
    panel = years()
    spans = panel.groupby("iso3", observed=True)["year"].agg(["min", "max"])
    assert tuple(spans.loc["SUN"]) == (1945, 1991)
    assert tuple(spans.loc["RUS"]) == (1991, panel["year"].max())
    assert tuple(spans.loc["SSD"]) == (2011, panel["year"].max())
    assert tuple(spans.loc["DDR"]) == (1949, 1990)
    germany = panel[(panel["iso3"] == "DEU") & (panel["org"] == "nato")].set_index("year")
    assert (germany.loc[1989, "cow"], germany.loc[1991, "cow"], germany.loc[1991, "gw"]) == (260, 255, 260)


def test_a_state_without_a_code_in_the_records_is_missing() -> None:
    tibet = years()[(years()["iso3"] == "TIB") & (years()["org"] == "un")]
    assert len(tibet) == 6
    assert tibet["member"].isna().all()


def test_who_has_no_row_is_named() -> None:
    assert "UKR" in years().attrs["left_out"]["un"]  # a member since 1945, in the state system since 1991
    assert years().attrs["left_out"]["csto"] == []


def test_another_status_can_be_counted() -> None:
    panel = ARCHIVE.panel("state-year", status="observer", orgs=["csto", "nato", "sco"])
    assert set(panel["org"].cat.categories) == {"csto", "sco"}
    own = panel[(panel["org"] == "sco") & (panel["iso3"] == "IRN")].set_index("year")["member"]
    assert own[2004] is pd.NA  # observers are covered from 17 June 2004, and Iran came in 2005
    assert (own[2010], own[2022], own[2024]) == (True, True, False)


def test_organisations_are_counted_by_year() -> None:
    panel: Any = ARCHIVE.panel("org-year").set_index(["org", "year"])
    assert [panel.loc[("nato", year), "members"] for year in (1949, 1955, 1982, 2004, 2024)] == [12, 15, 16, 26, 32]
    assert panel.loc[("nato", 1949), "members_any_day"] is pd.NA
    assert panel.loc[("csto", 1999), ["members", "members_any_day"]].tolist() == [6, 9]
    assert panel.loc[("csto", 2012), "n_suspended"] == 1
    assert panel.loc[("csto", 2021), "chair"] == "ARM"
    assert panel.loc[("csto", 1990)].isna().all()
    counts = panel[["meetings", "documents", "requests", "deployments"]]
    assert not (counts == 0).any(axis=None)
    meetings = [
        act
        for act in ARCHIVE.records
        if act.org == "csto" and act.kind == "convene" and act.modality is Modality.REPORTED and act.date
    ]
    assert panel.loc[("csto", 2022), "meetings"] == sum(
        a.date is not None and a.date.first.year == 2022 for a in meetings
    )


def test_big_panels_are_whole() -> None:
    """Every state and organisation since 1945, and every pair of a large one, at once."""
    archive = Archive(ARCHIVE.charters, ARCHIVE.records)
    assert len(archive.panel("state-year", since=1945)) > 100_000
    assert len(archive.panel("dyad-year", orgs=["un"])) > 800_000
