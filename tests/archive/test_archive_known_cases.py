"""Panels and frames against what is known of the world: counts published elsewhere, hard cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import foedus
from foedus.rules import MOMENTS
from foedus.terms import Act, Day, Origin
from foedus.terms.verdicts import Due

ARCHIVE = foedus.open()
YEARS = ARCHIVE.panel("org-year")
# Members at the end of a year as the United Nations tell them ("Growth in United Nations membership"): Yugoslavia is
# counted throughout, Indonesia not while it stayed away in 1965.
PUBLISHED = """
1945 51 1946 55 1947 57 1948 58 1949 59 1950 60 1954 60 1955 76 1956 80 1957 82 1960 99 1961 104 1962 110 1963 113
1964 115 1965 117 1966 122 1967 123 1968 126 1970 127 1971 132 1973 135 1974 138 1975 144 1976 147 1977 149 1978 151
1979 152 1980 154 1981 157 1983 158 1984 159 1989 159 1991 166 1992 179 1993 184 1994 185 1999 188 2000 189 2002 191
2006 192 2011 193 2024 193
"""
_NUMBERS = [int(word) for word in PUBLISHED.split()]
UNITED_NATIONS = dict(zip(_NUMBERS[::2], _NUMBERS[1::2], strict=True))


def counted(org: str, year: int) -> Any:
    return YEARS[(YEARS["org"] == org) & (YEARS["year"] == year)].iloc[0]


@pytest.mark.parametrize(("year", "number"), UNITED_NATIONS.items())
def test_the_united_nations_are_as_many_as_they_say(year: int, number: int) -> None:
    row = counted("un", year)
    assert row["members"] <= number <= row["members"] + row["members_in_doubt"]


def test_a_disputed_seat_is_counted_apart() -> None:
    """Yugoslavia from 1992 to 2000, and Indonesia while it stayed away, are neither counted nor left out in silence."""
    for year in (1965, *range(1992, 2000)):
        assert counted("un", year)["members_in_doubt"] == 1
    for year in (1964, 1966, 1991, 2000):
        assert counted("un", year)["members_in_doubt"] == 0
    assert counted("un", 1992)[["members_any_day", "members_any_day_in_doubt"]].tolist() == [179, 0]
    assert counted("un", 1995)[["members_any_day", "members_any_day_in_doubt"]].tolist() == [184, 1]
    assert counted("oas", 2024)[["members", "members_in_doubt"]].tolist() == [33, 1]  # Venezuela


def test_a_count_is_the_sum_of_the_states() -> None:
    """Who has a row counts the same in both panels; who has none is named."""
    states = ARCHIVE.panel("state-year", since=1995)
    keys: Any
    for keys, rows in states.groupby(["org", "year"], observed=True):
        org, year = keys
        outside = len(states.attrs["left_out"][str(org)])
        told = counted(str(org), int(year))
        if told["members"] is pd.NA:
            assert rows["member_on_dec31"].isna().all()
        else:
            assert 0 <= told["members"] - rows["member_on_dec31"].sum() <= outside, (org, year)


def test_former_states_are_counted_while_they_were() -> None:
    held = ARCHIVE.memberships(orgs=["un", "las"])
    spans = {
        (row["org"], row["party"]): (row["since"], row["until"])
        for row in held[held["is_member"]].to_dict("records")
        if row["party"] in ("YMD", "ZAN")
    }
    assert spans == {
        ("un", "YMD"): ("1967-12-14", pd.Timestamp("1990-05-22")),
        ("un", "ZAN"): ("1963-12-16", pd.Timestamp("1964-04-26")),
        ("las", "YMD"): ("1967-12-12", pd.Timestamp("1990-05-22")),
    }
    years = ARCHIVE.panel("state-year", orgs=["un"], states=["YMD", "RVN"], since=1954, until=1991)
    yemen = years[years["iso3"] == "YMD"].set_index("year")
    assert (yemen.loc[1975, "member_all_year"], yemen.loc[1975, "cow"]) == (True, 680)
    assert (years.loc[years["iso3"] == "RVN", "member"] == False).all()  # noqa: E712


def test_the_league_counts_egypt_while_it_was_suspended() -> None:
    """A suspended member stays one: Egypt from 1979 to 1989."""
    members, suspended = (
        ARCHIVE.panel("state-year", orgs=["las"], states=["EGY"], status=status, since=1961, until=1990).set_index(
            "year"
        )
        for status in (None, "suspended")
    )
    assert members.loc[1961, "member"] is pd.NA
    assert members.loc[1962:, "member"].all()
    assert [suspended.loc[year, "member_on_dec31"] for year in (1979, 1988, 1989)] == [True, True, False]


MOMENT_CASES = [
    ("csto", "UZB", "ratified", {2006: False, 2007: False, 2008: True, 2011: True, 2012: False}),
    ("csto", "UZB", "effective", {2005: False, 2006: True, 2011: True, 2012: False}),
    ("csto", "UZB", "notified", {2011: True, 2012: False}),
    ("sco", "KAZ", "ratified", {2001: False, 2002: False, 2003: True}),
    ("sco", "IND", "signed", {2015: False, 2016: True, 2017: True}),
    ("osce", "FRA", "signed", {1973: False, 1974: False, 1975: True}),
    ("nato", "SWE", "signed", {2021: False, 2022: True}),
    ("nato", "POL", "in_force", {1997: False, 1998: True}),
    ("nato", "POL", "effective", {1998: False, 1999: True}),
    ("eu", "GBR", "notified", {2016: True, 2017: False}),
    ("eu", "GBR", "effective", {2019: True, 2020: False}),
    ("ecowas", "NER", "notified", {2023: True, 2024: False}),
    ("ecowas", "NER", "effective", {2024: True, 2025: False}),
    ("ecowas", "MRT", "effective", {1999: True, 2000: False}),
    ("cis", "GEO", "notified", {2007: True, 2008: False}),
    ("cis", "GEO", "effective", {2008: True, 2009: False}),
    ("au", "MAR", "effective", {2016: False, 2017: True}),
]


@pytest.mark.parametrize(("org", "state", "rule", "held"), MOMENT_CASES)
def test_a_year_is_counted_by_the_moment_asked_for(org: str, state: str, rule: str, held: dict[int, bool]) -> None:
    years = ARCHIVE.panel("state-year", orgs=[org], states=[state], rule=rule, since=min(held), until=max(held))
    on = years.set_index("year")["member_on_dec31"]
    assert {year: on[year] for year in held} == held


@pytest.mark.parametrize("rule", MOMENTS)
def test_panel_and_memberships_say_the_same(rule: str) -> None:
    """On the last day of a year a state is a member by the panel exactly if a stretch of its membership covers it."""
    held = ARCHIVE.memberships(rule=rule)
    held = held[held["is_member"] & held["certain"].fillna(False)]
    years = ARCHIVE.panel("state-year", rule=rule, since=1950)
    on = pd.to_datetime(years["year"].astype("string") + "-12-31").astype("datetime64[s]")
    frame = years[["org", "iso3", "member_on_dec31"]].assign(on=on, row=range(len(years)))
    joined = frame.astype({"org": "object", "iso3": "object"}).merge(
        held[["org", "party", "since_last", "until"]].astype({"org": "object", "party": "object"}),
        left_on=["org", "iso3"],
        right_on=["org", "party"],
    )
    inside = joined[(joined["since_last"] <= joined["on"]) & ~(joined["until"] <= joined["on"])]
    by_spells = set(inside["row"])
    told = frame[frame["member_on_dec31"].notna()]
    assert set(told.loc[told["member_on_dec31"].astype(bool), "row"]) == by_spells & set(told["row"])


def test_the_moment_that_counted_stands_beside() -> None:
    held = ARCHIVE.memberships(rule="ratified", orgs=["csto", "un"])
    moments = {(row["party"], row["since"]): row["moment"] for row in held.to_dict("records")}
    assert moments["KAZ", "1992-12-23"] == "ratified"
    assert moments["UZB", "2008-03-28"] == "ratified"
    assert moments["FRA", "1945-10-24"] == "effective"  # the table does not give the ratifications
    left = ARCHIVE.memberships(rule="notified", orgs=["eu"]).set_index("party")["moment"]
    assert (left["GBR"], left["FRA"]) == ("notified", "effective")


def test_a_status_that_did_not_exist_is_missing() -> None:
    """`founding_state` of the CIS begins with its Charter of January 1993, its coverage with the agreement of 1991."""
    years = ARCHIVE.panel(
        "state-year", status="founding_state", orgs=["cis"], states=["RUS", "UZB"], since=1991, until=1994
    )
    assert years[years["year"] < 1993][["member", "days_member"]].isna().all(axis=None)
    assert years[years["year"] > 1993]["member"].all()


def test_a_vote_told_in_numbers_alone_has_a_row() -> None:
    votes = ARCHIVE.votes()
    case = votes[votes["act"] == "un-2022-03-02-adopt"]  # resolution ES-11/1
    assert case[["n_for", "n_against", "n_abstaining"]].values.tolist() == [[141, 5, 35]]
    assert case[["voter", "position"]].isna().all(axis=None)
    acts = ARCHIVE.acts()
    assert set(votes["act"]) == set(acts.loc[acts["votes"].notna(), "id"])
    assert not votes.duplicated(["act", "voter"]).any()


VETOES = {
    "un-2022-02-25-adopt": {"against": {"RUS"}, "abstaining": {"CHN", "IND", "ARE"}},
    "un-2011-03-17-decision": {"abstaining": {"BRA", "CHN", "DEU", "IND", "RUS"}},
    "un-1990-11-29-decision": {"against": {"CUB", "YEM"}, "abstaining": {"CHN"}},
    "un-2017-12-18-adopt": {"against": {"USA"}},
    "un-2024-04-18-recommend": {"against": {"USA"}, "abstaining": {"GBR", "CHE"}},
}


@pytest.mark.parametrize(("act", "sides"), VETOES.items())
def test_who_voted_how_is_as_it_was(act: str, sides: dict[str, set[str]]) -> None:
    case = ARCHIVE.votes().query("act == @act")
    assert {side: set(case.loc[case["position"] == side, "voter"]) for side in sides} == sides


def test_a_request_made_together_is_one() -> None:
    """Seventeen states invoked the Moscow Mechanism on 17 September 2020 by one letter."""
    requests = ARCHIVE.requests(["osce"])
    assert not requests.duplicated(["acts"]).any()
    case = requests[requests["date"] == "2020-09-17"]
    assert len(case) == 1
    assert len(case.iloc[0]["by"].split("; ")) == 17
    assert counted("osce", 2020)["requests"] == (requests["date"].str[:4] == "2020").sum()


def test_a_stay_is_counted_in_days_only_between_exact_days() -> None:
    stays = ARCHIVE.deployments()
    ends = {act.id: act.date for act in ARCHIVE.records}
    for row in stays[stays["days"].notna()].to_dict("records"):
        assert len(row["since"]) == 10
        assert row["days"] == (row["until"] - pd.Timestamp(row["since"])).days
        closing = [day for name in row["ended_by"].split("; ") if (day := ends[name])]
        assert closing
        assert all(day.is_exact for day in closing)
    # The last day anything was told of them: a stay without an end is not one that goes on.
    assert (stays["last_told"] >= stays["since_first"]).all()
    comoros = stays[stays["where"] == "COM"].iloc[0]
    assert comoros["until"] is pd.NaT
    assert comoros["last_told"] == pd.Timestamp("2008-03-25")


def deed(kind: str, day: str, actors: tuple[str, ...], targets: tuple[str, ...], name: str, **more: str) -> Act:
    place = more.pop("place", None)
    return Act(
        kind=kind,
        org="csto",
        actors=actors,
        targets=targets,
        place=place,
        date=Day.parse(day),
        more=more,
        id=name,
        origin=Origin.PERSON,
    )


def test_what_ended_a_stay_is_what_withdrew_from_there() -> None:
    records = (
        deed("deploy", "2001-01-01", ("RUS",), ("TJK",), "in-tjk"),
        deed("deploy", "2001-01-01", ("RUS",), ("KGZ",), "in-kgz"),
        deed("withdraw_forces", "2001-03", ("RUS",), ("TJK",), "out-of-tjk", phase="complete"),
        deed("withdraw_forces", "2001-03-31", ("RUS",), ("KGZ",), "out-of-kgz", phase="complete"),
    )
    stays = foedus.Archive(ARCHIVE.charters, records).deployments(["csto"]).set_index("where")
    assert stays.loc["TJK", "ended_by"] == "out-of-tjk"
    assert stays.loc["KGZ", "ended_by"] == "out-of-kgz"
    assert (stays.loc["KGZ", "days"], stays.loc["TJK", "days"]) == (89, pd.NA)  # of the other only the month is known


class Clock:
    """A clock that goes on by a day at each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now


def test_counts_of_years_hold_apart_what_was_played(tmp_path: Path) -> None:
    """A meeting told by the record and by a page counts once; one that was played does not count at all."""
    before = counted("csto", 2022)["meetings"]
    played = deed("convene", "2022-03-03", ("RUS",), (), "")
    with foedus.Ledger.open(tmp_path / "played.db") as ledger:
        ledger.perform(played, "a player")
    with foedus.open(tmp_path / "played.db") as archive:
        year = archive.panel("org-year", orgs=["csto"], since=2022, until=2022).iloc[0]
        assert year["meetings"] == before
        assert (archive.meetings()["origin"] == "person").sum() == 1
        assert archive.acts().attrs["origins"] == {"person": 1, "record": len(ARCHIVE.records)}


def test_meetings_told_twice_count_once() -> None:
    records = ARCHIVE.records
    own = [act for act in records if act.org == "csto" and act.kind == "convene" and str(act.date).startswith("2022")]
    told = [replace(act, id=f"page-{act.id}", origin=Origin.PAGE) for act in own]
    both = foedus.Archive(ARCHIVE.charters, (*records, *told)).panel("org-year", orgs=["csto"], since=2022, until=2022)
    assert both["meetings"].tolist() == [counted("csto", 2022)["meetings"]] == [len(own)]


def test_the_ledger_of_an_earlier_day(tmp_path: Path) -> None:
    """Corrected on one day, taken back on the next: each frame is as the ledger was."""
    clock = Clock()
    with foedus.Ledger.open(tmp_path / "l.db", clock=clock) as ledger:
        act = ledger.perform(deed("convene", "2020-05-05", ("KAZ",), (), "", place="Minsk"), "me")
        first = clock.now
        ledger.correct(act.id, {"place": "Moscow"}, "me")
        second = clock.now
        ledger.retract(act.id, "me")
    with foedus.open(tmp_path / "l.db", records=False) as archive:
        places = [archive.as_of(recorded=day.isoformat()).meetings()["place"].tolist() for day in (first, second)]
        assert places == [["Minsk"], ["Moscow"]]
        assert archive.meetings().empty
        assert archive.as_of(recorded=(first - timedelta(1)).date()).meetings().empty
        assert archive.as_of(recorded=first.date()).meetings()["place"].tolist() == ["Minsk"]


MISTAKES: list[tuple[Any, str]] = [
    (lambda a: a.memberships(rule="sign"), "Did you mean 'signed'"),
    (lambda a: a.panel("state_year"), "Did you mean 'state-year'"),
    (lambda a: a.panel(["state-year"]), "is no unit"),
    (lambda a: a.panel(status="obsever"), "Did you mean 'observer'"),
    (lambda a: a.cite(style="bibtx"), "Did you mean 'bibtex'"),
    (lambda a: a.panel(states=["Kazakhstan"]), "Did you mean KAZ"),
    (lambda a: a.panel(states=[705]), "Did you mean KAZ"),
    (lambda a: a.panel(states=["KAX"]), "Did you mean"),
    (lambda a: a.panel(orgs=[]), "no organisation"),
    (lambda a: a.panel(orgs=[1]), "no charter of that name"),
    (lambda a: a.memberships(orgs=["warsaw pact"]), "Known are"),
    (lambda a: a.panel(since="1990"), "is no year"),
    (lambda a: a.panel(until=1990.5), "is no year"),
    (lambda a: a.cite("acts"), "is no frame"),
    (lambda a: a.as_of(on=2014), "is no day. Write a day such as 2022-01-06"),
    (lambda a: foedus.open(a), "is no ledger"),
    (lambda a: a.panel("org-year", states=["KAZ"]), "org-year has no states"),
    (lambda a: a.panel("state-year", directed=True), "no pairs"),
    (lambda a: a.act(5), "no act goes by that id"),
    (lambda a: a.panel(orgs=3), "orgs=3: is neither a code nor a list of codes"),
    (lambda a: a.memberships(orgs=3), "orgs=3: is neither a code nor a list of codes"),
    (lambda a: a.panel(states=3.5), "states=3.5: is neither a code nor a list of codes"),
    (lambda a: a.panel(states=705), "Did you mean KAZ"),
    (lambda a: a.as_of(on="9999").panel(orgs="csto"), "on=9999: ends in no year that a panel can have. Say where"),
    (lambda a: a.as_of(on="9998-12-31").panel(orgs="csto"), "on=9998-12-31: ends in no year that a panel can have"),
    (lambda a: a.as_of(on="2022/..").panel(orgs="csto"), "ends in no year that a panel can have"),
    (lambda a: a.panel(since=1944), "since=1944: is a year of which state-year would lack states"),
    (lambda a: a.panel("dyad-year", since=1900), "org-year, which has no states, goes back to 1816"),
    (lambda a: a.panel("state-month", since=1815), "is no year of a panel"),
]


@pytest.mark.parametrize(("ask", "words"), MISTAKES)
def test_a_mistake_names_the_nearest(ask: Any, words: str) -> None:
    with pytest.raises(foedus.FoedusError) as told:
        ask(ARCHIVE)
    assert words in str(told.value)


def test_what_needs_no_table_of_states_goes_back_before_it() -> None:
    panel: Any = ARCHIVE.panel("org-year", orgs="nato", since=1900)
    assert panel["year"].tolist()[:2] == [1900, 1901]
    far = ARCHIVE.as_of(on="9999").panel(orgs="csto", states="KAZ", since=2000, until=2001)
    assert far["year"].tolist() == [2000, 2001]


def test_codes_of_states_may_be_written_small() -> None:
    assert ARCHIVE.panel(states="kaz", orgs="csto").equals(ARCHIVE.panel(states="KAZ", orgs="csto"))


def test_a_month_is_held_if_any_day_of_it_was() -> None:
    """Finland joined NATO on 4 April 2023; the last day of the United Kingdom in the Union was 31 January 2020."""
    months: Any = ARCHIVE.panel("state-month", orgs=["nato"], states=["FIN"], since=2023, until=2023).set_index("month")
    assert [months.loc[m, "member"] for m in (3, 4, 5)] == [False, True, True]
    assert [months.loc[m, "member_all_month"] for m in (3, 4, 5)] == [False, False, True]
    assert months.loc[4, "days_member"] == 27
    left: Any = ARCHIVE.panel("state-month", orgs=["eu"], states=["GBR"], since=2020, until=2020).set_index("month")
    whole = ["member", "member_all_month", "member_on_last_day", "days_member"]
    assert left.loc[1, whole].tolist() == [True, True, True, 31]
    assert left.loc[2, ["member", "days_member"]].tolist() == [False, 0]


def test_pairs_are_of_two_states_that_both_were() -> None:
    pairs = ARCHIVE.panel("dyad-year", orgs=["un", "osce"], directed=True, since=1985, until=1995)
    assert (pairs["iso3_a"].astype("string") != pairs["iso3_b"].astype("string")).all()
    keys = ["org", "year"]
    turned = pairs.rename(columns={"iso3_a": "iso3_b", "iso3_b": "iso3_a"})
    both = pairs.astype({"iso3_a": "object", "iso3_b": "object"}).merge(
        turned.astype({"iso3_a": "object", "iso3_b": "object"}), on=[*keys, "iso3_a", "iso3_b"]
    )
    assert len(both) == len(pairs)
    for name in ("joint_member", "joint_all_year", "joint_on_dec31"):
        assert both[f"{name}_x"].equals(both[f"{name}_y"])
    there = set(zip(*(ARCHIVE.panel(since=1985, until=1995, orgs="un")[c] for c in ("iso3", "year")), strict=True))
    assert {(a, y) for a, y in zip(pairs["iso3_a"], pairs["year"], strict=True)} <= there


@pytest.mark.parametrize("change", ["query", "merge", "concat", "reset"])
def test_a_frame_worked_upon_can_still_be_cited(change: str) -> None:
    panel = ARCHIVE.panel(orgs=["csto"], since=1990)
    done = {
        "query": lambda: panel[panel["year"] > 2000],
        "merge": lambda: panel.merge(pd.DataFrame({"iso3": ["KAZ"], "gdp": [1.0]}), on="iso3"),
        "concat": lambda: pd.concat([panel, ARCHIVE.panel(orgs=["sco"], since=1990)]),
        "reset": lambda: panel.reset_index(drop=True),
    }[change]()
    told = ARCHIVE.cite(done, sources=True, accessed=date(2026, 1, 1))
    assert "@misc{foedus-" in told
    assert "tass.com" in told  # the source behind one of the memberships, whatever became of `attrs`
    if change in ("query", "reset"):
        assert "frame state-year" in told


def test_the_data_set_is_cited_with_the_day_of_access() -> None:
    told = ARCHIVE.cite(style="ris", accessed=date(2026, 1, 2))
    assert "Y2  - 2026/01/02" in told
    assert '"accessed"' in ARCHIVE.cite(style="csl", accessed=date(2026, 1, 2))


def test_a_card_is_cited_by_what_it_rests_on() -> None:
    act = "csto-2022-01-06-decision"
    of_act, of_verdict = (ARCHIVE.cite(card, sources=True) for card in (ARCHIVE.act(act), ARCHIVE.verdict(act)))
    assert act in of_act
    assert "csto-2022-01-05-request" not in of_act
    assert {name for name in (act, "csto-2022-01-05-request") if name in of_verdict} == {act, "csto-2022-01-05-request"}


def test_an_earlier_day_knows_no_later_act() -> None:
    """On 6 January 2022 the Security Council had not been told yet: the duty was open."""
    act = "csto-2022-01-06-decision"
    duties = [ARCHIVE.as_of(on=day).verdict(act).verdict.obligations for day in ("2022-01-06", "2022-01-07")]
    assert [[duty.due for duty in own] for own in duties] == [[Due.OPEN], [Due.MET]]
    assert ARCHIVE.as_of(on="2022-01-06").verdict(act).verdict.challenges == ()
    with pytest.raises(foedus.FoedusError, match="was not done by 2022-01-05"):
        ARCHIVE.as_of(on="2022-01-05").act(act)


def test_frames_are_as_known() -> None:
    """In June 2010 nobody knew that Uzbekistan would leave the CSTO in 2012; of later years nothing was known."""
    then = ARCHIVE.as_of(known="2010-06-30")
    held = then.memberships(orgs=["csto"])
    uzbekistan = held[(held["party"] == "UZB") & held["is_member"]]
    assert uzbekistan["since"].tolist() == ["1994-04-20", "2006-08-16"]
    assert uzbekistan["until"].isna().tolist() == [False, True]
    assert "pa_observer" not in set(held["status"])
    assert held["seen_until"].dropna().unique().tolist() == [pd.Timestamp("2010-07-01")]
    years = then.panel(orgs=["csto"], states=["UZB"], until=2013).set_index("year")["member"]
    assert bool(years[2009])
    assert years[2011:].isna().all()
    assert then.panel(orgs=["csto"])["year"].max() == 2010
    assert then.state("csto").state.rosters["member"].parties == tuple(
        held.loc[held["is_member"] & held["until"].isna(), "party"]
    )


def test_who_had_signed_is_known_before_it_joins() -> None:
    """Finland signed on 5 July 2022 and joined on 4 April 2023."""
    then = ARCHIVE.as_of(known="2022-12-31")
    for rule, member in (("signed", True), ("effective", False)):
        years = then.panel(orgs=["nato"], states=["FIN"], rule=rule, since=2022, until=2024).set_index("year")["member"]
        assert bool(years[2022]) is member
        assert years[2023:].isna().all()
    held = then.memberships(rule="signed", orgs=["nato"])
    assert held.loc[(held["party"] == "FIN") & held["is_member"], "since"].tolist() == ["2022-07-05"]
    effective = then.memberships(orgs=["nato"])
    assert not (effective["is_member"] & effective["party"].isin(["FIN", "SWE"])).any()
