"""The audit: a record that fits its charter has no findings, and every one thing put wrong is found as what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from foedus.charters import Charter, Status, load_charter, read_charter
from foedus.records import coverage, explained, load_records, shipped
from foedus.records.load import TROUBLES
from foedus.rules.audit import AuditFinding, Explanation, Trouble, audit, holes, unexplained
from foedus.rules.membership import MOVERS
from foedus.terms import Act, Conflict, Day, Interval, Modality, Origin

HERE = Path(__file__).parent
YEARS = Interval(date(2001, 1, 1), date(2004, 1, 1))
COMPLETE = {"memberships": YEARS, "chair": YEARS, "secretary_general": YEARS}


@cache
def league() -> Charter:
    return read_charter(HERE / "audited.yaml")


def told(name: str, kind: str, day: str, **roles: str | tuple[str, ...]) -> Act:
    """An act of the League's record."""
    fields = {key: roles.pop(key) for key in ("actors", "body", "targets") if key in roles}
    return Act(
        id=f"league-{name}",
        kind=kind,
        org="league",
        date=Day.parse(day),
        more={key: str(value) for key, value in roles.items()},
        origin=Origin.RECORD,
        **fields,  # type: ignore[arg-type]
    )


C = ("league:C",)
RECORD = (
    told("founding", "establish", "2001-01-01", actors=("ARM", "BLR", "KAZ"), status="member"),
    told("chair-1", "take_chair", "2001-01-01", actors=("KAZ",)),
    told("chair-2", "take_chair", "2002-01-01", actors=("ARM",)),
    told("chair-3", "take_chair", "2003-01-01", actors=("BLR",)),
    told("first", "appoint", "2001-01-01", body=C, office="secretary_general", person="Anna First"),
    told("second", "appoint", "2002-05-01", body=C, office="secretary_general", person="Boris Second"),
    told("tjk", "grant_status", "2002-02-01", body=C, targets=("TJK",), status="member"),
    told("tjk-leaves", "withdraw", "2003-01-01", actors=("TJK",), status="member"),
    told("tjk-end", "end_status", "2003-02-01", targets=("TJK",), status="member"),
    told("kgz", "grant_status", "2002-03-01", body=C, targets=("KGZ",), status="member"),
    told("kgz-out", "suspend", "2002-09-01", body=C, targets=("KGZ",)),
    told("kgz-back", "end_status", "2003-03-01", body=C, targets=("KGZ",), status="suspended"),
    told("request", "request_assistance", "2002-04-01", actors=("ARM",), targets=C),
    told("vote", "adopt", "2003-06-01", body=C, votes="for 3 (ARM, BLR, KAZ), against 1 (KGZ)"),
)


def without(name: str) -> tuple[Act, ...]:
    assert any(act.id == f"league-{name}" for act in RECORD)
    return tuple(act for act in RECORD if act.id != f"league-{name}")


def changed(name: str, change: Callable[[Act], Act]) -> tuple[Act, ...]:
    return tuple(change(act) if act.id == f"league-{name}" else act for act in RECORD)


def found(acts: Iterable[Act], **complete: Interval) -> list[tuple[str, str]]:
    return [(one.trouble.value, one.place) for one in audit(league(), acts, {**COMPLETE, **complete})]


def test_a_record_that_fits_has_no_findings() -> None:
    assert found(RECORD) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tjk", ("gap", "member TJK 2002-02-01")),
        ("tjk-end", ("gap", "member TJK 2003-02-01")),
        ("kgz-out", ("gap", "suspended KGZ 2002-09-01")),
        ("kgz-back", ("gap", "suspended KGZ 2003-03-01")),
        ("chair-2", ("gap", "chair league:C ARM 2002-01-01")),
        ("second", ("gap", "league:secretary_general Boris Second 2002-06-01")),
        ("founding", ("gap", "member KAZ 2001-01-01")),
    ],
)
def test_an_act_left_out_leaves_a_gap(name: str, expected: tuple[str, str]) -> None:
    assert expected in found(without(name))


def test_a_gap_outside_coverage_is_none() -> None:
    late = Interval(date(2002, 12, 1), date(2004, 1, 1))
    assert found(without("tjk"), memberships=late) == []


def test_days_without_a_chair_or_an_officer_are_holes() -> None:
    longer = Interval(date(2000, 12, 1), date(2004, 2, 1))
    assert found(RECORD, chair=longer) == [
        ("hole", "chair league:C 2000-12-01/2001-01-01"),
        ("hole", "chair league:C 2004-01-01/2004-02-01"),
    ]
    assert found(RECORD, secretary_general=longer) == [("hole", "league:secretary_general 2000-12-01/2001-01-01")]


def test_a_promise_wider_than_the_table_is_found() -> None:
    assert found(RECORD, memberships=Interval(date(2000, 1, 1), date(2004, 1, 1))) == [
        ("coverage", "coverage memberships")
    ]


@pytest.mark.parametrize(
    ("acts", "place"),
    [
        (changed("tjk", lambda act: replace(act, date=Day.parse("2002-02-02"))), "league-tjk"),
        (changed("tjk", lambda act: replace(act, targets=("TJK", "UZB"))), "league-tjk"),
        (changed("tjk-end", lambda act: replace(act, targets=("TJK", "ARM"))), "league-tjk-end"),
        (changed("chair-2", lambda act: replace(act, actors=("KAZ",))), "league-chair-2"),
        (changed("vote", lambda act: replace(act, date=Day.parse("2000-06-01"))), "league-vote"),
        (changed("second", lambda act: replace(act, more={**act.more, "person": "Other"})), "league-second"),
        (changed("second", lambda act: replace(act, more={**act.more, "duration": "2001-06-01/2004-05-31"})),
         "league-second"),
    ],
)  # fmt: skip
def test_record_and_charter_disagree(acts: tuple[Act, ...], place: str) -> None:
    assert ("differs", place) in found(acts)


@pytest.mark.parametrize(
    ("extra", "place"),
    [
        (told("again", "grant_status", "2002-06-01", body=C, targets=("TJK",), status="member"), "league-again"),
        (told("stranger", "withdraw", "2002-06-01", actors=("UZB",), status="member"), "league-stranger"),
        (told("two", "take_chair", "2002-01-01", actors=("TJK",)), "league-two"),
    ],
)
def test_two_acts_that_cannot_both_be(extra: Act, place: str) -> None:
    assert ("twice", place) in found((*RECORD, extra))


@pytest.mark.parametrize(
    "votes", ["for 4, against 1", "for 3 (ARM, BLR, TJK)", "for 3 (ARM, BLR, KAZ), abstaining 1 (USA)"]
)
def test_votes_that_nobody_had(votes: str) -> None:
    acts = changed("vote", lambda act: replace(act, more={"votes": votes}))
    assert ("votes", "league-vote") in found(acts)


def test_votes_of_another_source_are_counted_too_and_the_source_is_named() -> None:
    told_so = Conflict("votes", "for 13, abstaining 3", "https://example.org/votes")
    acts = changed("vote", lambda act: replace(act, conflicts=(told_so,)))
    (one,) = audit(league(), acts, COMPLETE)
    assert one.trouble is Trouble.VOTES and "https://example.org/votes, 16 votes" in one.words


@pytest.mark.parametrize(("votes", "fits"), [("for 3, against 1", False), ("for 1, against 3", True)])
def test_a_draft_told_as_failed_that_its_votes_carried(votes: str, fits: bool) -> None:
    acts = changed("vote", lambda act: replace(act, modality=Modality.DENIED, more={"votes": votes}))
    assert found(acts) == ([] if fits else [("votes", "league-vote")])


def test_an_act_out_of_order_is_found_with_its_rule() -> None:
    acts = changed("request", lambda act: replace(act, actors=("UZB",)))
    (one,) = audit(league(), acts, COMPLETE)
    assert (one.trouble, one.place) == (Trouble.OUT_OF_ORDER, "league-request")
    assert one.words.startswith("ask, not met")


def test_an_explanation_explains_its_finding_and_no_other() -> None:
    why = Explanation("league-request", "out of order", "it was so", "https://example.org/")
    acts = tuple(act for act in changed("request", lambda act: replace(act, actors=("UZB",))) if act.id != "league-tjk")
    rows = audit(league(), acts, COMPLETE, [why])
    assert [(row.trouble.value, row.explained, row.source) for row in rows if row.explained] == [
        ("out of order", "it was so", "https://example.org/")
    ]
    assert unexplained(rows) and all(row.trouble is Trouble.GAP for row in unexplained(rows))


@pytest.mark.parametrize(("place", "trouble"), [("league-request", "gap"), ("league-vote", "out of order")])
def test_an_explanation_that_explains_nothing_is_a_finding(place: str, trouble: str) -> None:
    (one,) = audit(league(), RECORD, COMPLETE, [Explanation(place, trouble, "it was so")])
    assert (one.trouble, one.place) == (Trouble.IDLE, place)
    assert unexplained([one])


def test_what_a_record_promises_nothing_of_is_not_audited() -> None:
    assert audit(league(), without("tjk"), {}) == ()


def test_the_order_of_reading_changes_nothing() -> None:
    acts = (*without("tjk"), told("two", "take_chair", "2002-01-01", actors=("TJK",)))
    assert audit(league(), acts, COMPLETE) == audit(league(), tuple(reversed(acts)), COMPLETE)


def test_holes_of_nothing_are_everything() -> None:
    assert holes([], YEARS) == (YEARS,)
    assert holes([Interval(None, None)], YEARS) == ()
    assert holes([YEARS, Interval(date(2003, 1, 1), date(2005, 1, 1))], YEARS) == ()


def test_the_records_know_the_same_troubles() -> None:
    assert set(TROUBLES) == {trouble.value for trouble in Trouble} - {"idle"}


# -- the records shipped ---------------------------------------------------------------------------------------------


def of_shipped(org: str, acts: Iterable[Act]) -> tuple[AuditFinding, ...]:
    whys = [Explanation(one.place, one.finding, one.why, one.source) for one in explained(org)]
    return audit(load_charter(org), acts, coverage(org).complete, whys)


@pytest.mark.parametrize("org", shipped())
def test_the_shipped_record_has_nothing_unexplained(org: str) -> None:
    assert unexplained(of_shipped(org, load_records())) == ()


@pytest.mark.parametrize("org", shipped())
def test_an_act_taken_out_of_a_shipped_record_is_missed(org: str) -> None:
    """Acts that tables rest on, spread over the record: taken out one by one, each leaves a finding more."""
    charter, promised = load_charter(org), coverage(org).complete["memberships"]
    moves = [act for act in load_records() if act.org == org and act.kind in MOVERS]
    resting = [act for act in moves if rests_on(charter, act, promised) and not twins(charter, act, moves)]
    assert len(resting) >= 3
    before = set(audit(charter, moves, {"memberships": promised}))
    for act in resting[:: max(1, len(resting) // 8)]:
        rest = [other for other in moves if other is not act]
        assert set(audit(charter, rest, {"memberships": promised})) - before, act.id


def status_of(charter: Charter, act: Act) -> Status | None:
    return charter.status_named(act.role("status") or "")


def rests_on(charter: Charter, act: Act, promised: Interval) -> bool:
    """Whether a line of a covered status begins or ends with an act."""
    status = status_of(charter, act)
    if status is None or status.covered is None or not act.date or act.kind in ("withdraw", "lapse"):
        return False
    on = act.date.first
    return on in status.covered and on in promised and any(
        row.party in (*act.actors, *act.targets) and on in (row.interval.since, row.interval.until)
        for row in status.holders
        if not row.disputed
    )  # fmt: skip


def twins(charter: Charter, act: Act, others: Iterable[Act]) -> bool:
    """Whether another act tells the same change: a notice with its last day, or the end of a suspension."""
    mine = status_of(charter, act)
    return any(
        other is not act
        and {*act.actors, *act.targets} & {*other.actors, *other.targets}
        and (theirs := status_of(charter, other)) is not None
        and mine is not None
        and mine.id in (theirs.id, theirs.in_place_of)
        and act.date in (other.date, other.date_end)
        for other in others
    )
