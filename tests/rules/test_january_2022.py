"""January 2022 worked by hand from the treaty: six members, Armenia in the chair, from request to withdrawal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foedus.charters import load_charter, with_variant
from foedus.records import load_records
from foedus.rules import State, admissible, compare_moves, compare_variants, judge, judge_all, state_on
from foedus.terms import Act, Day, Due, Met, Origin, Outcome, Verdict, Verified

CSTO = load_charter("csto")
RECORD = load_records("csto")
JANUARY = Day.parse("2022-01")


def on(day: str) -> State:
    return state_on(CSTO, RECORD, Day.parse(day))


def by_kind(kind: str) -> list[tuple[Act, Verdict]]:
    acts = {act.id: act for act in RECORD}
    return [(acts[v.act], v) for v in judge_all(CSTO, RECORD, JANUARY, JANUARY) if acts[v.act].kind == kind]


def without(*kinds: str) -> list[Act]:
    return [act for act in RECORD if not (act.kind in kinds and act.date and act.date.edtf.startswith("2022-01"))]


@pytest.mark.parametrize("day", ["2022-01-05", "2022-01-06"])
def test_six_members_and_armenia_in_the_chair(day: str) -> None:
    state = on(day)
    assert [row.party for row in state.members] == ["ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"]
    assert all(row.acts and row.source for row in state.members)
    assert state.chair and state.chair.state == "ARM" and state.chair.acts == ("csto-2021-09-16-chair",)
    assert [h.person for h in state.offices if h.office == "csto:secretary_general"] == ["Stanislav Zas"]


def test_the_request_is_open_on_the_fifth_and_decided_on_the_sixth() -> None:
    (asked,) = [row for row in on("2022-01-05").requests if row.by == "KAZ"]
    assert asked.is_open and asked.age == 0 and asked.acts == ("csto-2022-01-05-request",)
    (answered,) = [row for row in on("2022-01-06").requests if row.by == "KAZ"]
    assert not answered.is_open and answered.decided == ("csto-2022-01-06-decision",)
    assert answered.consulted == ("csto-2022-01-06-consult",)


def test_a_page_that_dates_the_request_a_day_later_tells_of_the_same_request() -> None:
    told = replace(
        next(act for act in RECORD if act.id == "csto-2022-01-05-request"),
        id="from-a-page",
        origin=Origin.PAGE,
        actors=("KAZ", "Kassym-Jomart Tokayev"),
        date=Day.parse("2022-01-06"),
    )
    state = state_on(CSTO, [*RECORD, told], Day.parse("2022-01-06"))
    (answered,) = [row for row in state.requests if row.on.first.year == 2022]
    assert answered.acts == ("csto-2022-01-05-request", "from-a-page") and not answered.is_open
    assert str(answered.on) == "2022-01-05"


def test_who_was_deployed_when() -> None:
    def there(day: str) -> list[str]:
        return [row.by for row in on(day).deployments if row.where == "KAZ"]

    assert there("2022-01-05") == []
    assert there("2022-01-06") == ["ARM", "BLR", "KGZ", "RUS", "TJK"]
    assert [row.leaving for row in on("2022-01-13").deployments if row.by == "RUS"] == [True]
    assert there("2022-01-14") == ["RUS"]
    assert there("2022-01-19") == []
    assert "KAZ" not in {host for row in on("2022-01-19").decisions for host in row.for_}


def test_every_act_of_january_is_judged() -> None:
    verdicts = judge_all(CSTO, RECORD, JANUARY, JANUARY)
    acts = [act for act in RECORD if act.org == "csto" and act.date and act.date.edtf.startswith("2022-01")]
    assert {verdict.act for verdict in verdicts} == {act.id for act in acts}
    for verdict in verdicts:
        assert verdict.outcome is Outcome.NOT_GOVERNED or (verdict.articles and verdict.verified)
        assert verdict.cautions or verdict.verified in (None, Verified.TEXT)
        assert verdict.outcome is not Outcome.NOT_GOVERNED or verdict.reason


def test_the_decision_is_in_order_and_its_notice_was_given() -> None:
    ((_, verdict),) = by_kind("decide_assistance")
    assert verdict.outcome is Outcome.IN_ORDER and "treaty 4" in verdict.articles
    assert all(need.met is Met.MET for need in verdict.requirements)
    (notice,) = verdict.obligations
    assert notice.due is Due.MET and notice.acts == ("csto-2022-01-07-notify",)


@pytest.mark.parametrize(
    "kind",
    ["request_assistance", "consult", "decide_assistance", "contribute", "deploy", "notify", "convene"],
)
def test_the_steps_are_in_order(kind: str) -> None:
    done = [verdict for act, verdict in by_kind(kind) if act.modality.value == "reported"]
    assert done and all(verdict.outcome is Outcome.IN_ORDER for verdict in done)


def test_positions_are_not_governed_and_the_commander_is_undetermined() -> None:
    for kind in ("state", "challenge", "meet"):
        assert {verdict.outcome for _, verdict in by_kind(kind)} == {Outcome.NOT_GOVERNED}
    ((_, commander),) = by_kind("appoint")
    assert commander.outcome is Outcome.UNDETERMINED and commander.missing


def test_the_doubts_stand_beside_the_acts_they_contest() -> None:
    ((_, deployment),) = by_kind("deploy")
    assert deployment.challenges == ("csto-2022-01-06-challenge", "csto-2022-01-07-challenge")
    unchallenged = [act for act in RECORD if act.kind != "challenge"]
    (plain,) = [v for v in judge_all(CSTO, unchallenged, JANUARY, JANUARY) if v.act == deployment.act]
    assert (plain.outcome, plain.requirements) == (deployment.outcome, deployment.requirements)


@pytest.mark.parametrize(
    ("gone", "judged"),
    [
        ("decide_assistance", "deploy"),
        ("decide_assistance", "contribute"),
        ("request_assistance", "decide_assistance"),
        ("request_assistance", "deploy"),
        ("consult", "decide_assistance"),
        ("deploy", "withdraw_forces"),
        ("decide_assistance", "notify"),
    ],
)
def test_deleting_a_step_changes_what_rests_on_it(gone: str, judged: str) -> None:
    act = next(act for act in RECORD if act.kind == judged and str(act.date) >= "2022-01-06" and act.org == "csto")
    assert judge(CSTO, RECORD, act).outcome is Outcome.IN_ORDER
    assert judge(CSTO, without(gone), act).outcome is Outcome.UNDETERMINED


def test_what_may_be_done_next() -> None:
    def moves(day: str, kind: str) -> set[tuple[str, ...]]:
        return {(*m.actor, *m.body, *m.target) for m in admissible(CSTO, RECORD, Day.parse(day)) if m.kind == kind}

    # On the 5th the Council may consult or decline; it may not grant before it has consulted on this request.
    assert ("ARM",) in moves("2022-01-05", "consult") and ("csto:CSC",) in moves("2022-01-05", "consult")
    assert ("csto:CSC", "KAZ") not in {
        (*m.body, *m.target)
        for m in admissible(CSTO, RECORD, Day.parse("2022-01-05"))
        if dict(m.more).get("outcome") == "grant"
    }
    assert moves("2022-01-05", "deploy") == set()
    # On the 6th each of the other five may send forces; six by six members less the host itself.
    assert moves("2022-01-06", "deploy") - {("csto:JS", "KAZ")} == {
        (s, "KAZ") for s in ["ARM", "BLR", "KGZ", "RUS", "TJK"]
    }
    # The treaty lays the notice on the states parties; the secretary general may give it for them.
    assert {actor for actor, _ in moves("2022-01-06", "notify")} == {
        *("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"),
        "csto:secretary_general",
    }
    (first,) = [
        m for m in admissible(CSTO, RECORD, Day.parse("2022-01-06")) if m.kind == "notify" and m.actor[0] == "ARM"
    ]
    assert first.due and first.deadline is None
    # Six members may ask; notice of withdrawal may also come from Uzbekistan, suspended but still a party.
    assert len(moves("2022-01-05", "request_assistance")) == 6
    assert len(moves("2022-01-05", "withdraw")) == 7


def test_the_emergency_variant_lets_ministers_decide() -> None:
    variant = with_variant(CSTO, "emergency-2023")
    changes = compare_variants(CSTO, variant, RECORD, JANUARY, JANUARY)
    assert [change.act for change in changes] == ["csto-2022-01-06-decision"]
    assert changes[0].after.outcome is Outcome.IN_ORDER and "proposal-2023" in changes[0].after.articles
    opened = compare_moves(CSTO, variant, RECORD, Day.parse("2022-01-06")).opened
    assert {move.body for move in opened} == {("csto:CDM", "csto:CSSC")}


def test_what_was_known_on_a_day() -> None:
    early = state_on(CSTO, RECORD, Day.parse("2022-01-06"), known=Day.parse("2022-01-04"))
    late = state_on(CSTO, RECORD, Day.parse("2022-01-06"), known=Day.parse("2022-12-31"))
    assert set(early.untold) <= {act.id for act in RECORD if act.published is None}
    assert [row.party for row in early.members] == [row.party for row in late.members]
