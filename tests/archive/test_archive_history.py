"""Memberships in two times: every version of every stretch, and the index in memory that is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import foedus
from foedus.archive import Archive
from foedus.ledger import SeenPage
from foedus.ledger.entries import text_hash
from foedus.rules.at_hand.standing import Standing
from foedus.terms import Act, Claim, Day, Evidence, Origin

DAYS = [date(1995, 1, 1), date(2006, 6, 22), date(2006, 6, 23), *(date(2026, month, 15) for month in range(1, 13))]
RECORDED = [date(2026, 1, 1) + timedelta(n) for n in range(12)]


def moved(kind: str, party: str, on: str) -> Act:
    """A party enters or leaves, played at a desk."""
    return Act(
        id="",
        kind=kind,
        org="csto",
        actors=(party,),
        date=Day.parse(on),
        more={"status": "member"},
        origin=Origin.PERSON,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A ledger in which memberships are performed, corrected, taken back and brought back, a day each."""
    day = [2]
    place = tmp_path_factory.mktemp("history") / "l.db"
    with foedus.Ledger.open(place, clock=lambda: datetime(2026, 1, day[0], 10, tzinfo=UTC)) as ledger:
        entered = ledger.perform(moved("accede", "SRB", "2026-02-10"), "desk")
        day[0] = 4
        ledger.correct(entered.id, {"date": "2026-04-10"}, "desk")
        day[0] = 6
        ledger.perform(moved("withdraw", "ARM", "2026-03-01"), "desk")
        day[0] = 8
        ledger.retract(entered.id, "desk")
        ledger.perform(moved("accede", "MNG", "2026-05-01"), "desk")
        ledger.perform(Act(id="", kind="consult", org="csto", actors=("KAZ",), origin=Origin.PERSON), "desk")
        day[0] = 10
        ledger.restore(entered.id, "desk")
    with foedus.open(place) as archive:
        yield archive


@pytest.fixture(scope="module")
def index(told: Archive) -> Standing:
    return told.index(orgs="csto")


def test_each_version_says_when_the_ledger_held_it_so(told: Archive) -> None:
    frame = told.history(orgs="csto")
    serbia = frame[frame["party"] == "SRB"]
    shown = [
        tuple(None if value is None else str(value)[:10] for value in row)
        for row in zip(
            serbia["status"].astype(object),
            serbia["since"].astype(object),
            serbia["recorded"].astype(object),
            serbia["withdrawn"].astype(object).where(serbia["withdrawn"].notna(), None),
            strict=True,
        )
    ]
    members = [row[1:] for row in shown if row[0] == "member"]
    assert members == [
        ("2026-02-10", "2026-01-02", "2026-01-04"),
        ("2026-04-10", "2026-01-04", "2026-01-08"),
        ("2026-04-10", "2026-01-10", None),
    ]


def test_what_the_ledger_never_touched_has_one_version(told: Archive) -> None:
    frame = told.history(orgs="csto")
    kazakhstan = frame[(frame["party"] == "KAZ") & (frame["status"] == "member")]
    assert len(kazakhstan) == 1
    assert kazakhstan["recorded"].isna().all()
    assert kazakhstan["withdrawn"].isna().all()


def test_what_still_stands_is_the_memberships_of_now(told: Archive) -> None:
    now = told.memberships(orgs="csto")
    history = told.history(orgs="csto")
    standing = history[history["withdrawn"].isna()][list(now.columns)]
    keys = ["status", "party", "since"]
    assert standing.sort_values(keys).astype(str).to_numpy().tolist() == (
        now.sort_values(keys).astype(str).to_numpy().tolist()
    )


@given(st.sampled_from(DAYS), st.sampled_from(RECORDED))
def test_the_index_answers_as_the_archive_of_that_moment(
    told: Archive, index: Standing, on: date, recorded: date
) -> None:
    """Law: who holds what on a day, as recorded by another, is the same from the index and derived anew."""
    state = told.as_of(on=on, recorded=recorded).state("csto").state
    held = {(row.party, row.status) for roster in state.rosters.values() for row in roster.holdings}
    assert {(one.party, one.status) for one in index.standing("csto", on, recorded)} == held


def test_without_a_ledger_there_is_one_version_of_all() -> None:
    archive = foedus.open()
    frame = archive.history(orgs=["csto", "sco"])
    assert len(frame) == len(archive.memberships(orgs=["csto", "sco"]))
    assert frame["recorded"].isna().all()


def test_a_charter_the_ledger_takes_up_brings_its_own_holders(tmp_path: Path) -> None:
    clock = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(9))
    towns = (
        "org: towns\nnature: compact\nnames: {en: [Towns]}\nstatuses: {member: {names: {en: [member]}, holders: [ROW]}}"
    )
    with foedus.Ledger.open(tmp_path / "l.db", clock=lambda: next(clock)) as ledger:
        for since in ("2001-01-01", "2002-01-01"):
            ledger.keep_charter("towns", towns.replace("ROW", f"{{party: KAZ, since: {since}}}"), "desk")
        first, second = (entry.recorded for entry in ledger.entries())
    with foedus.open(tmp_path / "l.db") as archive:
        rows = archive.history(orgs="towns")
        assert list(zip(rows["since"], rows["recorded"], rows["withdrawn"].fillna(""), strict=True)) == [
            ("2001-01-01", first, second),
            ("2002-01-01", second, ""),
        ]
        index = archive.index(orgs="towns")
        for recorded, holds in ((first, True), (second, False)):
            day = date.fromisoformat(recorded[:10])
            assert index.holds("towns", "KAZ", "member", date(2001, 6, 1), recorded=day) is (holds or None)


def test_what_is_told_of_no_organisation_moves_an_act_that_was_given_to_one(tmp_path: Path) -> None:
    """A page that names none makes the day of an act sharper which an analyst gave to the CSTO before."""
    day = [2]
    text = "Serbia joined."

    def told(ledger: foedus.Ledger, name: str, on: str) -> None:
        words = Evidence(0, len(text), text)
        claim = Claim(
            kind="accede",
            org=None,
            actors=("SRB",),
            date=Day.parse(on),
            page=name,
            evidence=words,
            more={"status": "member"},
        )
        ledger.add_page(SeenPage(name=name, sha256=text_hash(name), text=text), [claim], "reader")

    with foedus.Ledger.open(tmp_path / "l.db", clock=lambda: datetime(2026, 3, day[0], tzinfo=UTC)) as ledger:
        told(ledger, "a", "2026-02")
        day[0] = 4
        ledger.correct(ledger.acts()[0].id, {"org": "csto"}, "desk")
        day[0] = 6
        told(ledger, "b", "2026-02-10")
    with foedus.open(tmp_path / "l.db") as archive:
        rows = archive.history(orgs="csto")
        rows = rows[rows["party"] == "SRB"]
        rows = rows[rows["status"] == "member"]
        assert [(since, at[:10]) for since, at in zip(rows["since"], rows["recorded"], strict=True)] == [
            ("2026-02", "2026-03-04"),
            ("2026-02-10", "2026-03-06"),
        ]
