"""Who held which status and chair, by days, counted by hand from public sources; and the table against the record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from case_acts import an_act

from foedus.charters import load_charter
from foedus.records import load_records
from foedus.rules import state_on
from foedus.terms import Act, Day, Origin


@pytest.mark.parametrize(
    ("org", "day", "members"),
    [
        ("csto", "1994-04-20", "ARM AZE BLR GEO KAZ KGZ RUS TJK UZB"),
        ("csto", "1999-04-19", "ARM AZE BLR GEO KAZ KGZ RUS TJK UZB"),
        ("csto", "1999-04-20", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2006-08-15", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2006-08-16", "ARM BLR KAZ KGZ RUS TJK UZB"),
        ("csto", "2012-12-18", "ARM BLR KAZ KGZ RUS TJK UZB"),
        ("csto", "2012-12-19", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2025-12-31", "ARM BLR KAZ KGZ RUS TJK"),
        ("sco", "2001-06-15", "CHN KAZ KGZ RUS TJK UZB"),
        ("sco", "2017-06-09", "CHN IND KAZ KGZ PAK RUS TJK UZB"),
        ("sco", "2023-07-04", "CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
        ("sco", "2025-06-25", "BLR CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
    ],
)
def test_members(org: str, day: str, members: str) -> None:
    state = state_on(load_charter(org), load_records(org), Day.parse(day))
    assert state.rosters["member"].covered
    assert [row.party for row in state.members] == members.split()


def test_observers_and_dialogue_partners_of_june_2025() -> None:
    state = state_on(load_charter("sco"), load_records("sco"), Day.parse("2025-06-25"))
    assert state.rosters["observer"].parties == ("AFG", "MNG")
    partners = "ARE ARM AZE BHR EGY KHM KWT LKA MDV MMR NPL QAT SAU TUR"
    assert state.rosters["dialogue_partner"].parties == tuple(partners.split())
    assert state.chair and (state.chair.state, str(state.chair.since)) == ("CHN", "2024-07-04")


@pytest.mark.parametrize(
    ("org", "day", "chair"),
    [
        ("csto", "2018-11-07", "KAZ"),
        ("csto", "2018-11-08", "KGZ"),
        ("csto", "2019-11-27", "KGZ"),
        ("csto", "2019-11-28", "RUS"),
        ("csto", "2022-12-31", "ARM"),
        ("csto", "2023-01-01", "BLR"),
        ("csto", "2026-01-01", "RUS"),
        ("sco", "2025-08-31", "CHN"),
        ("sco", "2025-09-01", "KGZ"),
    ],
)
def test_chairs(org: str, day: str, chair: str) -> None:
    state = state_on(load_charter(org), load_records(org), Day.parse(day))
    assert state.chair and state.chair.state == chair and state.chair.acts


def test_beyond_coverage_is_not_covered_and_not_empty() -> None:
    late = state_on(load_charter("csto"), load_records("csto"), Day.parse("2031-01-01"))
    assert not late.rosters["member"].covered and "not covered" in late.rosters["member"].note
    early = state_on(load_charter("csto"), (), Day.parse("1990-01-01"))
    assert not early.rosters["member"].covered and early.chairs_not_covered == ("csto:CSC",)
    merged = state_on(load_charter("sco"), load_records("sco"), Day.parse("2025-10-01"))
    # Observers and dialogue partners became partners on 1 September 2025: two and fifteen.
    assert "observer" not in merged.rosters and len(merged.rosters["partner"].parties) == 17


@pytest.mark.parametrize("org", ["csto", "sco"])
def test_the_table_and_the_record_agree_day_by_day(org: str) -> None:
    """Every beginning and end of a status in the record stands in the charter's table on that very day."""
    charter, record = load_charter(org), load_records(org)
    missing = []
    for act in record:
        begins = act.kind in ("grant_status", "accede", "establish") and act.role("status")
        if (
            act.org != org
            or not act.date
            or act.modality.value != "reported"
            or not (begins or act.kind == "end_status")
        ):
            continue
        status = charter.status_named(act.role("status") or "")
        if status is None or not status.holders:
            continue
        parties = act.targets if act.kind in ("grant_status", "end_status") else act.actors
        for party in parties:
            edges = [
                row.interval.since if begins else row.interval.until for row in status.holders if row.party == party
            ]
            days = [edge for edge in edges if edge and act.date.may_be(Day.of(edge))]
            if not days:
                missing.append((act.id, party))
    assert missing == []


@pytest.mark.parametrize("org", ["csto", "sco"])
def test_the_chairs_of_table_and_record_agree(org: str) -> None:
    charter, record = load_charter(org), load_records(org)
    terms = [term for body in charter.chaired() for term in body.chair_terms]
    taken = {(act.actors[0], str(act.date)) for act in record if act.kind == "take_chair" and act.org == org}
    assert taken == {(term.state, str(term.interval.since)) for term in terms}


def _played(kind: str, day: str, **roles: str) -> Act:
    """An act of an exercise; parties are written with blanks between."""
    parties = {key: value.split() for key, value in roles.items() if key in ("actors", "body", "targets")}
    return an_act("csto", {"act": kind, "on": day, "id": f"{kind}-{day}", **roles, **parties}, played=True)


def test_a_played_act_changes_the_world_and_a_page_inside_coverage_does_not() -> None:
    charter, record = load_charter("csto"), load_records("csto")
    granted = _played("grant_status", "2022-03-01", body="csto:CSC", targets="SRB", status="observer")
    day = Day.parse("2022-03-02")
    assert state_on(charter, [*record, granted], day).rosters["observer"].parties == ("SRB",)
    told = replace(granted, origin=Origin.PAGE)
    assert state_on(charter, [*record, told], day).rosters["observer"].parties == ()
    forced = replace(granted, forced=True)
    assert state_on(charter, [*record, forced], day).rosters["observer"].parties == ()


def test_a_played_hand_over_of_the_chair() -> None:
    charter, record = load_charter("csto"), load_records("csto")
    taken = _played("take_chair", "2022-11-23", actors="BLR", body="csto:CSC")
    state = state_on(charter, [*record, taken], Day.parse("2022-11-23"))
    assert state.chair and (state.chair.state, state.chair.acts) == ("BLR", (taken.id,))


def test_a_freeze_is_noted_and_changes_no_roster() -> None:
    state = state_on(load_charter("csto"), load_records("csto"), Day.parse("2024-06-01"))
    (armenia,) = [row for row in state.members if row.party == "ARM"]
    assert any("frozen" in note for note in armenia.notes) and "csto-2024-02-22-freeze" in armenia.acts


def test_notice_of_withdrawal_takes_effect_after_six_months() -> None:
    charter, record = load_charter("csto"), load_records("csto")
    notice = _played("withdraw", "2024-12-04", actors="ARM")
    before = state_on(charter, [*record, notice], Day.parse("2025-06-03"))
    (armenia,) = [row for row in before.members if row.party == "ARM"]
    assert any("2025-06-04" in note for note in armenia.notes)
    after = state_on(charter, [*record, notice], Day.parse("2025-06-04"))
    assert "ARM" not in after.rosters["member"].parties


def test_suspension_by_the_council_takes_the_seat() -> None:
    charter, record = load_charter("csto"), load_records("csto")
    act = _played("suspend", "2025-03-07", body="csto:CSC", targets="ARM")
    state = state_on(charter, [*record, act], Day.parse("2025-03-08"))
    assert "ARM" not in state.rosters["member"].parties and "ARM" in state.rosters["suspended"].parties


def test_pending_and_planned() -> None:
    sco = state_on(load_charter("sco"), load_records("sco"), Day.parse("2023-01-01"))
    assert ("BLR", "member") in {(row.party, row.status) for row in sco.pending}
    csto = state_on(load_charter("csto"), load_records("csto"), Day.parse("2019-11-27"))
    assert [row.act for row in csto.planned] == ["csto-2019-11-28-submit"]


def test_a_state_says_the_same_in_json_on_every_run() -> None:
    charter, record = load_charter("csto"), load_records("csto")
    day = Day.parse("2022-01-06")
    assert state_on(charter, record, day).to_json() == state_on(charter, record[::-1], day).to_json()


def members(org: str, day: str, rule: str = "effective") -> set[str]:
    return set(state_on(load_charter(org), load_records(org), Day.parse(day), rule=rule).rosters["member"].parties)


def test_one_change_has_several_legal_moments() -> None:
    # Finland: the protocol was signed on 5 July 2022, the instrument deposited and in effect on 4 April 2023.
    assert "FIN" in members("nato", "2022-08-01", "signed") and "FIN" not in members("nato", "2022-08-01")
    assert "FIN" in members("nato", "2023-04-04")
    # Uzbekistan: the note came on 28 June 2012, the Council decided on 19 December.
    assert "UZB" in members("csto", "2012-08-01") and "UZB" not in members("csto", "2012-08-01", "notified")
    # Georgia: notice on 18 August 2008, out a year later.
    assert "GEO" in members("cis", "2009-08-17") and "GEO" not in members("cis", "2009-08-18")
    assert "GEO" not in members("cis", "2008-09-01", "notified")


def test_a_moment_nobody_told_cannot_be_told() -> None:
    charter = load_charter("oas")
    member = charter.statuses["member"]
    assert any(row.disputed for row in member.holders)
    roster = state_on(charter, (), Day.parse("2021-06-01")).rosters["member"]
    assert "VEN" in roster.untold and "VEN" not in roster.parties


def test_a_legal_moment_is_one_of_five() -> None:
    with pytest.raises(ValueError, match="signed, ratified, in_force, notified, effective"):
        state_on(load_charter("csto"), (), Day.parse("2020-01-01"), rule="deposited")


def test_what_the_ledger_had_not_learnt_yet_is_left_out() -> None:
    row = {"act": "take_chair", "on": "2031-01-01", "actors": ["KAZ"], "body": ["csto:CSC"]}
    late = replace(an_act("csto", row, played=True), recorded="2031-02-01T00:00:00Z")
    day = Day.parse("2031-03-01")
    assert (chair := state_on(load_charter("csto"), [late], day).chair) and chair.state == "KAZ"
    assert state_on(load_charter("csto"), [late], day, recorded="2031-01-15").chair is None
    assert state_on(load_charter("csto"), [late], day, recorded="2031-02").chair is not None
