"""`--known` at every command: what had been said by a day, and the charters as they stood then."""

from __future__ import annotations

from pathlib import Path

import pytest
from doors import SAMPLE, foedus

import foedus as package

KNOWN = "2022-01-12"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of the sample pages."""
    path = tmp_path / "l.db"
    assert foedus("read", SAMPLE / "pages", "--manifest", SAMPLE / "manifest.jsonl", "--ledger", path).code == 0
    return path


@pytest.mark.parametrize("records", [(), ("--no-records",)])
def test_acts_are_those_of_the_archive_as_known_then(ledger: Path, records: tuple[str, ...]) -> None:
    ran = foedus("acts", "csto", *records, "--known", KNOWN, "--json", "--ledger", ledger)
    with package.open(ledger, records=not records) as archive:
        now = {act.id for act in archive.acts_of("csto")}
        then = archive.as_of(known=KNOWN)
        acts = {act.id: act for act in then.acts_of("csto")}
        assert {row["id"] for row in ran.lines} == set(acts) < now
        assert {row["id"]: row["claims"] for row in ran.lines} == {name: list(a.claims) for name, a in acts.items()}


def test_verdicts_and_next_acts_go_by_what_was_known(ledger: Path) -> None:
    given = ("--from", "2022-01-01", "--to", "2022-01-31", "--json", "--ledger", ledger)
    now = {row["act"] for row in foedus("judge", "csto", *given).lines}
    then = {row["act"] for row in foedus("judge", "csto", *given, "--known", KNOWN).lines}
    assert set() < then < now
    assert (
        foedus("state", "csto", "--on", "2013-01-01", "--known", "2012-01-01", "--json").json["known"] == "2012-01-01"
    )
    # That Uzbekistan would leave was told in June 2012.
    due = ("due", "csto", "--from", "2012-01-01", "--to", "2013-01-31", "--json")
    assert "UZB" in foedus(*due).out
    assert "UZB" not in foedus(*due, "--known", "2012-01-01").out


def test_an_act_is_shown_with_what_had_been_said_of_it(ledger: Path) -> None:
    given = ("--no-records", "--json", "--ledger", ledger)
    act = next(a for a in foedus("acts", "csto", *given).lines if len(a["claims"]) > 1 and a["kind"] == "deploy")
    now = foedus("show", act["id"], *given).json
    pages = {claim["page"] for claim in now["claims"]}
    then = foedus("show", act["id"], *given, "--known", KNOWN).json
    assert {claim["page"] for claim in then["claims"]} < pages
    gone = {claim["id"] for claim in now["claims"]} - {claim["id"] for claim in then["claims"]}
    assert not [reason for reason in then["joined"] if any(claim in reason for claim in gone)]
    assert [reason for reason in now["joined"] if any(claim in reason for claim in gone)]


def test_rules_are_those_that_had_begun() -> None:
    then = foedus("charter", "show", "sco", "--on", "2024-07-05", "--known", "2015-01-01", "--json").json
    now = foedus("charter", "show", "sco", "--on", "2024-07-05", "--json").json
    assert len(then["rules"]) <= len(now["rules"])
    assert then != now


@pytest.mark.parametrize(
    "given", [("diff", "--recorded", "2020-01-01"), ("charter", "kept"), ("verify",), ("read", SAMPLE / "pages")]
)
def test_where_it_would_change_nothing_it_is_refused(given: tuple[str, ...], ledger: Path) -> None:
    ran = foedus(*given, "--known", KNOWN, "--ledger", ledger)
    assert (ran.code, "--known" in ran.err, ran.out) == (2, True, "")


def test_a_known_that_is_no_day_is_refused() -> None:
    for wrong in ("soon", "2022", "2022-13-01"):
        ran = foedus("acts", "csto", "--known", wrong)
        assert (ran.code, f"--known {wrong}" in ran.err) == (2, True)
