"""Stays and operations: what pages tell of an operation in the record neither ends it early nor counts it again."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import foedus
from foedus.archive import Archive
from foedus.cli.read import seen_page
from foedus.pages import Reading, read_pages
from foedus.pages.manifest import read_manifest
from foedus.terms import Act, Day, Modality, Origin

SAMPLE = Path(__file__).parents[2] / "src/foedus/sample"
RECORD = foedus.open()


@pytest.fixture(scope="module")
def read_sample(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The archive over a ledger into which the sample pages were read."""
    file = tmp_path_factory.mktemp("sample") / "acts.db"
    with foedus.Ledger.open(file) as ledger:
        for reading in read_pages(SAMPLE / "pages", read_manifest(SAMPLE / "manifest.jsonl")):
            assert isinstance(reading, Reading)
            ledger.add_page(seen_page(reading), reading.claims, "test")
    return foedus.open(file)


def act(name: str, kind: str, on: str, who: str, host: str = "KAZ", origin: Origin = Origin.PAGE, **more: str) -> Act:
    return Act(
        id=name,
        kind=kind,
        org="csto",
        actors=tuple(who.split()),
        targets=tuple(host.split()),
        date=Day.parse(on),
        modality=Modality.REPORTED,
        origin=origin,
        more=more,
    )


def count(*acts: Act) -> dict[int, int]:
    """How many operations of the CSTO began, by year."""
    panel = Archive(RECORD.charters, acts).panel("org-year", orgs=["csto"], since=1995)
    told = panel[panel["deployments"].notna()]
    return dict(zip(told["year"].tolist(), told["deployments"].tolist(), strict=True))


SENT = act("sent", "deploy", "2022-01-06", "RUS ARM", origin=Origin.RECORD)
GONE = act("gone", "withdraw_forces", "2022-01-19", "RUS ARM", origin=Origin.RECORD, phase="complete")


def test_pages_that_tell_of_the_beginning_of_a_withdrawal_end_no_stay_of_the_record(read_sample: Archive) -> None:
    stays = read_sample.deployments(["csto"])
    there = stays[stays["where"] == "KAZ"].set_index("by")
    assert set(there["leaving"]) == {pd.Timestamp("2022-01-13")}
    assert {by: day.day for by, day in there["until"].items()} == {
        **dict.fromkeys(("ARM", "BLR", "KGZ", "TJK"), 14),
        **dict.fromkeys(("RUS", "csto"), 19),
    }
    assert set(there["operation"]) == {"csto-2022-01-06-deploy KAZ"}
    assert not stays["ended_by"].str.contains("csto-2022-01-13", na=False).any()


def test_reading_pages_adds_no_operation_to_those_of_the_record(read_sample: Archive) -> None:
    one, two = (archive.panel("org-year", orgs=["csto"])["deployments"] for archive in (RECORD, read_sample))
    pd.testing.assert_series_equal(one, two)


@pytest.mark.parametrize(
    "pages",
    [
        [("csto", "2022-01-06")],
        [("csto csto:force:CPF", "2022-01-06"), ("csto:force:KSOR", "2022-01")],
        [("RUS", "2022-01-07"), ("BLR KGZ TJK", "2022-01-10")],
        [("csto", "2021-12-31")],
    ],
)
def test_no_page_raises_the_number_for_an_operation_of_the_record(pages: list[tuple[str, str]]) -> None:
    told = [act(f"told-{place}", "deploy", on, who) for place, (who, on) in enumerate(pages)]
    assert count(SENT, GONE) == {2022: 1}
    for order in permutations([SENT, GONE, *told]):
        assert count(*order) == {2022: 1}


def test_a_record_that_names_the_organisation_alone_is_not_raised_by_contingents_on_a_page() -> None:
    whole = act("whole", "deploy", "2022-01-06", "csto", origin=Origin.RECORD)
    assert count(whole, act("parts", "deploy", "2022-01-07", "RUS ARM BLR")) == {2022: 1}


def test_a_page_that_tells_no_place_adds_none() -> None:
    assert count(SENT, GONE, act("told", "deploy", "2022-01-08", "csto", host="")) == {2022: 1}


def test_another_place_another_time_or_another_named_force_is_another_operation() -> None:
    elsewhere = act("elsewhere", "deploy", "2022-01-10", "RUS", host="TJK")
    again = act("again", "deploy", "2023-03-01", "csto")
    assert count(SENT, GONE, elsewhere, again) == {2022: 2, 2023: 1}
    first = act("first", "deploy", "2022-01-06", "csto:force:CPF", origin=Origin.RECORD)
    second = act("second", "deploy", "2022-01-10", "csto:force:KSOR", origin=Origin.RECORD)
    assert count(first, second) == {2022: 2}


def test_what_was_played_is_no_operation() -> None:
    played = act("played", "deploy", "2022-01-10", "csto", origin=Origin.PERSON)
    assert count(SENT, GONE, played) == {2022: 1}
    stays = Archive(RECORD.charters, (SENT, GONE, played)).deployments(["csto"]).set_index("by")["operation"]
    assert (stays["csto"], stays["RUS"]) == ("played KAZ", "sent KAZ")


PARTIES = st.sampled_from(["RUS", "ARM", "csto", "csto:force:CPF", "csto:force:KSOR", "RUS csto", "RUS ARM"])
HOSTS = st.sampled_from(["KAZ", "TJK"])


def day(number: int) -> str:
    return f"2022-01-{number:02}"


@given(
    st.lists(st.tuples(st.integers(1, 14), st.none() | st.integers(15, 28), PARTIES, HOSTS), max_size=4),
    st.lists(st.tuples(st.integers(1, 28), PARTIES, HOSTS), max_size=4),
)
def test_forces_sent_that_pages_tell_of_during_an_operation_of_the_record_add_none(
    record: list[tuple[int, int | None, str, str]], pages: list[tuple[int, str, str]]
) -> None:
    known = [act(f"r{n}", "deploy", day(row[0]), row[2], row[3], Origin.RECORD) for n, row in enumerate(record)]
    known += [
        act(f"w{n}", "withdraw_forces", day(row[1]), row[2], row[3], Origin.RECORD, phase="complete")
        for n, row in enumerate(record)
        if row[1]
    ]
    stays = Archive(RECORD.charters, tuple(known)).deployments(["csto"]).to_dict("records")
    told = [
        act(f"p{n}", "deploy", day(on), who, host)
        for n, (on, who, host) in enumerate(pages)
        if any(
            stay["where"] == host
            and stay["since_first"].day <= on
            and (pd.isna(stay["until"]) or on <= stay["until"].day)
            for stay in stays
        )
    ]
    assert count(*known, *told) == count(*known)
